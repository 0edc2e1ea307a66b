"""The blueprint of the rulebook's API; ``api`` gathers what hangs on it."""

from __future__ import annotations

from flask_smorest import Blueprint

api = Blueprint("rulebook-api", __name__, url_prefix="/api/v1", description="规则和工作日历 · Rules and the calendar")
