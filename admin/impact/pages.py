"""The blueprint of the impact page."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("impact", __name__, template_folder="templates")
