"""The room's blueprint; ``views`` gathers the pages that hang on it."""

from flask import Blueprint

pages = Blueprint("projects", __name__, template_folder="templates")
