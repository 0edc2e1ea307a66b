"""The room's blueprint; ``views`` gathers the pages that hang on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from agencies.fees.pricebook import Book
from agencies.registration.hooks import PRICES

pages = Blueprint("fees", __name__, template_folder="templates")


@pages.record
def _lend_prices(state: Any) -> None:
    """Lend the shelf and the agencies' pages what prices are posted, which they cannot know."""
    state.app.extensions.setdefault(PRICES, Book())
