"""The blueprint of the audits' pages."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("audits", __name__, template_folder="templates")
