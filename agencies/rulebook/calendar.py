"""Use cases of the calendar: propose days by a document, approve as a second person, reject, withdraw; and look.

A deadline computed after an approval uses it; deadlines that stand already keep their instants and are listed with the
notice. Other rooms ask ``core.workdays``, which learns of notices by ``look``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select

from accounts import messages
from accounts.queries import offices
from agencies.rulebook import queries, rules, two_persons
from agencies.rulebook.commands import NoticedDay, ProposeNotice
from agencies.rulebook.lifecycle import CALENDAR_NOTICE, NoticeState
from agencies.rulebook.models import CalendarNotice
from agencies.rulebook.permissions import POLICY
from core import workdays
from core.access import OrgKind
from core.clock import beijing_day
from core.deadlines import Deadline
from core.errors import Conflict, Forbidden, Invalid
from core.work import Work, Works
from core.workdays import is_workday

LISTED: Final = 500
"""How many deadlines a notice lists one by one; the count is of all."""


def look(works: Works) -> None:
    """Ask what notices there are, and read them again if this process knows others: one short query, most often."""
    with works.reading() as work:
        refresh(work)


def refresh(work: Work) -> None:
    """Bring this process up to the notices the database holds."""
    stamp = queries.calendar_stamp(work.session)
    if stamp != workdays.stamp():
        workdays.install(stamp, days_of(queries.approved_notices(work.session)))


def days_of(notices: Sequence[CalendarNotice]) -> dict[date, bool]:
    """Return whether each day of these notices is worked; a later notice goes before an earlier."""
    return {date.fromisoformat(one["day"]): bool(one["working"]) for row in notices for one in row.days}


def propose(work: Work, command: ProposeNotice) -> CalendarNotice:
    """Propose days that a document makes worked or free.

    Raises Forbidden, Invalid naming the field for a day that has come, is said twice or changes nothing.
    """
    work.require(POLICY, "calendar_notice:propose")
    if work.actor.user_id is None or work.actor.org_id is None:
        raise Forbidden("not-allowed", permission="calendar_notice:propose")
    document = command.document.strip()
    if len(document) < rules.SHORTEST_REASON:
        raise Invalid("calendar-document-short", field="document", least=rules.SHORTEST_REASON, given=len(document))
    _judge(command.days, beijing_day(work.clock.now()))
    row = CalendarNotice(
        document=document, source=command.source.strip(), reason=rules.worded(command.reason, "reason"),
        days=[{"day": one.day.isoformat(), "working": one.working, "name": one.name.strip()} for one in command.days],
        state=NoticeState.PROPOSED, author_id=work.actor.user_id, author_org_id=work.actor.org_id,
        proposed_at=work.clock.now(), affected=[], affected_n=0,
    )  # fmt: skip
    work.add(row, "calendar_notice.proposed", days=row.days)
    for org_id in offices(work.session, OrgKind.ADMINISTRATION):
        messages.tell(work, org_id, "calendar-notice-proposed", url_of(row.id), is_todo=True)
    return row


def _judge(days: Sequence[NoticedDay], today: date) -> None:
    rules.judge_calendar([one.day for one in days], today)
    for one in days:
        if is_workday(one.day) is one.working:
            raise Invalid("calendar-day-unchanged", field="days", day=one.day.isoformat())


def approve(work: Work, notice_id: int, reason: str) -> CalendarNotice:
    """Let a notice hold, as the second person; the open deadlines from its first day on are listed with it, unmoved.

    Raises NotFound, Forbidden for the author, Conflict when one of its days came while it waited, Invalid.
    """
    row = locked(work, notice_id)
    work.require(POLICY, "calendar_notice:approve", row)
    CALENDAR_NOTICE.follow("approve", row.state)
    days = sorted(date.fromisoformat(one["day"]) for one in row.days)
    if days[0] <= beijing_day(work.clock.now()):
        raise Conflict("calendar-days-passed-waiting", day=days[0].isoformat())
    two_persons.decide(work, row, reason)
    row.affected, row.affected_n = _affected(work, row, days[0])
    work.move(CALENDAR_NOTICE, POLICY, row, "approve", days=row.days, deadlines=row.affected_n)
    work.session.flush()
    refresh(work)
    two_persons.tell_author(work, row, "calendar-notice-approved", url_of(row.id))
    return row


def reject(work: Work, notice_id: int, reason: str) -> CalendarNotice:
    """Refuse a proposed notice with a reason. Raises NotFound, Forbidden, Conflict("wrong-state"), Invalid."""
    row = locked(work, notice_id)
    work.require(POLICY, "calendar_notice:reject", row)
    CALENDAR_NOTICE.follow("reject", row.state)
    two_persons.decide(work, row, reason)
    work.move(CALENDAR_NOTICE, POLICY, row, "reject", days=row.days)
    two_persons.tell_author(work, row, "calendar-notice-rejected", url_of(row.id))
    return row


def withdraw(work: Work, notice_id: int) -> CalendarNotice:
    """Take a proposal back. Raises NotFound, Forbidden, Conflict("wrong-state")."""
    row = locked(work, notice_id)
    work.move(CALENDAR_NOTICE, POLICY, row, "withdraw", days=row.days)
    two_persons.settle(work, url_of(row.id))
    return row


def locked(work: Work, notice_id: int) -> CalendarNotice:
    """Lock and return one notice. Raises NotFound."""
    return work.locked(CalendarNotice, notice_id, "calendar-notice-not-found")


def url_of(notice_id: int) -> str:
    """Return the address of a notice."""
    return f"/calendar/notices/{notice_id}"


def _affected(work: Work, row: CalendarNotice, first: date) -> tuple[list[dict[str, Any]], int]:
    """Return the open deadlines from the first day of a notice on, those on its days marked, and how many there are."""
    freed = {one["day"] for one in row.days if not one["working"]}
    since = workdays.start_of(first)
    still = (Deadline.done_at.is_(None), Deadline.due_at >= since)
    count = work.session.scalar(select(func.count()).select_from(Deadline).where(*still)) or 0
    query = select(Deadline).where(*still).order_by(Deadline.due_at, Deadline.id).limit(LISTED)
    listed = [
        {
            "kind": one.kind, "object": one.object_id, "due_at": one.due_at.isoformat(),
            "on_day": beijing_day(one.due_at).isoformat() in freed,
        }
        for one in work.session.scalars(query)
    ]  # fmt: skip
    return listed, count
