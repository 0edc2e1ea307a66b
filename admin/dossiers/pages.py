"""The room's blueprint."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("dossiers", __name__, template_folder="templates")
