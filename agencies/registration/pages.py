"""The room's blueprint; ``views`` gathers the pages that hang on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from agencies.registration import queries

pages = Blueprint("registration", __name__, template_folder="templates")


@pages.record
def _lend_counts(state: Any) -> None:
    """Lend the catalogue's list the number of agencies an item has, which it cannot know."""
    state.app.extensions.setdefault("offered_counts", queries.offered_counts)
