"""The blueprint of registration's API; ``api`` gathers what hangs on it."""

from __future__ import annotations

from flask_smorest import Blueprint

api = Blueprint(
    "registration-api", __name__, url_prefix="/api/v1", description="中介机构与入驻 · Agencies and their registration"
)
