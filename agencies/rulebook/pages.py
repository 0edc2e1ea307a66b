"""The blueprint of the rulebook's pages; every request learns here how to look for newer notices of the calendar."""

from __future__ import annotations

from flask import Blueprint, current_app

from accounts.gate import works
from agencies.rulebook import calendar
from core import workdays

pages = Blueprint("rulebook", __name__, template_folder="templates")


@pages.before_app_request
def _watch() -> None:
    """Say how to look; the look is one short query, made when a working day is first asked for."""
    if "works" in current_app.extensions:
        opener = works()
        workdays.newer.watch(lambda: calendar.look(opener))


@pages.teardown_app_request
def _stop(_error: BaseException | None) -> None:
    workdays.newer.watch(None)
