"""The blueprint of the window desk's pages."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("window", __name__, template_folder="templates")
