"""The blueprint of the rulebook's pages; every request learns here how to look for newer notices of the calendar."""

from __future__ import annotations

from flask import Blueprint

from accounts.looking import look_each_request
from agencies.rulebook import calendar
from core import workdays

pages = Blueprint("rulebook", __name__, template_folder="templates")
look_each_request(pages, workdays.newer, calendar.look)
