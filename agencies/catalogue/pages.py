"""The room's blueprint; ``views`` and ``necessity`` hang on it."""

from flask import Blueprint

pages = Blueprint("catalogue", __name__, template_folder="templates")
