"""The room's blueprint; ``views`` and ``bidding_pages`` hang their pages on it."""

from flask import Blueprint

pages = Blueprint("selection", __name__, template_folder="templates")
