"""The room's blueprint; every request learns here how to look for newer texts, and looks only when it needs fees."""

from __future__ import annotations

from flask import Blueprint, current_app

from accounts.gate import works
from agencies.fees import texts
from agencies.revisions import overlay

pages = Blueprint("revisions", __name__, template_folder="templates")


@pages.before_app_request
def _watch() -> None:
    """Say how to look; the look is one short query, made when a schedule is first asked for."""
    if "works" in current_app.extensions:
        opener = works()
        texts.newer.watch(lambda: overlay.look(opener))


@pages.teardown_app_request
def _stop(_error: BaseException | None) -> None:
    texts.newer.watch(None)
