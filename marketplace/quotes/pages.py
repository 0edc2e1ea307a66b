"""The room's blueprint; ``views`` and ``explanation_pages`` hang on it."""

from flask import Blueprint

pages = Blueprint("quotes", __name__, template_folder="templates")
