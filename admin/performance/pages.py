"""The room's blueprint; ``views`` gathers the pages that hang on it."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("performance", __name__, template_folder="templates")
