"""The blueprint of the guide's pages."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("guide", __name__, template_folder="templates")
