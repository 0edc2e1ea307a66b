"""The working-day calendar in JSON: a year with its sources, and the notices behind it."""

from __future__ import annotations

from typing import Any

from accounts.gate import may, public, reading, writing
from accounts.listing import listed
from agencies.rulebook import calendar, queries
from agencies.rulebook.api_base import api
from agencies.rulebook.calendar_pages import asked_year, loaded_notice, special_days
from agencies.rulebook.commands import JudgeChange, ProposeNotice
from agencies.rulebook.models import CalendarNotice
from agencies.rulebook.schemas import (
    CalendarNoticePageSchema,
    CalendarNoticeSchema,
    CalendarQuerySchema,
    CalendarSchema,
    JudgeChangeSchema,
    ProposeNoticeSchema,
    RuleChangeQuerySchema,
)
from core.clock import beijing_day


@api.get("/calendar")
@public
@api.arguments(CalendarQuerySchema, location="query")
@api.response(200, CalendarSchema)
def year(query: dict[str, Any]) -> dict[str, Any]:
    """Return a year's holidays and make-up days, each with what says so; every other day follows the week."""
    with reading() as work:
        asked = asked_year(query["year"], beijing_day(work.clock.now()))
        days = special_days(asked, queries.approved_notices(work.session))
    told = [
        {**one, "document": one["notice"].document if one["notice"] is not None else "",
         "notice_id": one["notice"].id if one["notice"] is not None else None}
        for one in days
    ]  # fmt: skip
    return {"year": asked, "days": told}


@api.get("/calendar-notices")
@public
@api.arguments(RuleChangeQuerySchema, location="query")
@api.response(200, CalendarNoticePageSchema)
def notices(query: dict[str, Any]) -> dict[str, Any]:
    """List the notices that hold, newest first; staff see proposals too."""
    with reading() as work:
        page = queries.notices_page(work.session, work.actor, **query)
    return listed(page)


@api.post("/calendar-notices")
@may("calendar_notice:propose")
@api.arguments(ProposeNoticeSchema)
@api.response(201, CalendarNoticeSchema)
def propose_notice(command: ProposeNotice) -> CalendarNotice:
    """Propose days by a document."""
    with writing() as work:
        return calendar.propose(work, command)


@api.get("/calendar-notices/<int:notice_id>")
@public
@api.response(200, CalendarNoticeSchema)
def notice(notice_id: int) -> CalendarNotice:
    """Return one notice with the deadlines it left as they were."""
    with reading() as work:
        return queries.visible_notice(work.session, work.actor, notice_id)


@api.post("/calendar-notices/<int:notice_id>/approval")
@may("calendar_notice:approve", subject=loaded_notice)
@api.arguments(JudgeChangeSchema)
@api.response(200, CalendarNoticeSchema)
def approve_notice(command: JudgeChange, notice_id: int) -> CalendarNotice:
    """Let a notice hold, as the second person."""
    with writing() as work:
        return calendar.approve(work, notice_id, command.reason)


@api.post("/calendar-notices/<int:notice_id>/rejection")
@may("calendar_notice:reject", subject=loaded_notice)
@api.arguments(JudgeChangeSchema)
@api.response(200, CalendarNoticeSchema)
def reject_notice(command: JudgeChange, notice_id: int) -> CalendarNotice:
    """Refuse a notice, as the second person."""
    with writing() as work:
        return calendar.reject(work, notice_id, command.reason)


@api.post("/calendar-notices/<int:notice_id>/withdrawal")
@may("calendar_notice:withdraw", subject=loaded_notice)
@api.response(200, CalendarNoticeSchema)
def withdraw_notice(notice_id: int) -> CalendarNotice:
    """Take a proposal back."""
    with writing() as work:
        return calendar.withdraw(work, notice_id)
