"""The room's blueprint; ``views`` gathers the pages that hang on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from agencies.fees.evidence import SIMILAR
from marketplace.contracts.comparison import similar_to

pages = Blueprint("contracts", __name__, template_folder="templates")


@pages.record
def _lend_similar(state: Any) -> None:
    """Lend the page of a fee case the finished contracts like its own, which it cannot know."""
    state.app.extensions.setdefault(SIMILAR, similar_to)
