"""The room's blueprint; every request learns here how to look for newer texts, and looks only when it needs fees."""

from __future__ import annotations

from flask import Blueprint

from accounts.looking import look_each_request
from agencies.fees import texts
from agencies.revisions import overlay

pages = Blueprint("revisions", __name__, template_folder="templates")
look_each_request(pages, texts.newer, overlay.look)
