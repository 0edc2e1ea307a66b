"""The blueprint of consultation's pages."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("consultation", __name__, template_folder="templates")
