"""The blueprint of the rulebook's pages."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("rulebook", __name__, template_folder="templates")
