"""Judging a qualification entered on the shelf: verdicts, one correction list, acceptance, promises, what falls due.

It follows the registration itself and complaints (``core.corrections``). Other rooms call these through ``service``.
"""

from __future__ import annotations

from collections.abc import Iterable

from accounts import messages
from agencies.registration import editing, queries, rules
from agencies.registration.commands import ItemJudged
from agencies.registration.lifecycle import (
    COUNTS,
    QUALIFICATION,
    QUALIFICATION_CORRECT,
    QUALIFICATION_PROMISE,
    QUALIFICATION_REVIEW,
    QualificationState,
)
from agencies.registration.models import Qualification, QualificationItem, QualificationNotice
from agencies.registration.permissions import POLICY
from agencies.registration.qualifying import (
    count_valid,
    locked,
    over_at,
    owed,
    put_promise,
    stop_clocks,
    url_of,
)
from core import corrections, deadlines
from core.clock import beijing_day
from core.corrections import SAYABLE, ItemVerdict
from core.errors import Conflict, Invalid, NotFound
from core.work import Work, Works
from core.workdays import close_of


def judge_change(work: Work, qualification_id: int, verdicts: Iterable[ItemJudged]) -> Qualification:
    """Keep verdicts on the items of a change; they may come in several goes, and nothing is sent yet.

    Raises NotFound, Forbidden, Conflict, Invalid for a correction without words or a promise that does not fit.
    """
    row = locked(work, qualification_id)
    work.require(POLICY, "qualification:judge", row)
    QUALIFICATION.follow("send_back", row.state)
    items, today = queries.change_items(work.session, row.id), beijing_day(work.clock.now())
    most = row.clocks["qualification-promise-days"]
    for given in verdicts:
        item = items.get(given.key)
        if item is None or given.verdict not in SAYABLE:
            raise NotFound("change-item-not-found", key=given.key)
        if given.verdict is ItemVerdict.TO_CORRECT and not given.note.strip():
            raise Invalid("reason-missing", field=f"note-{given.key}")
        if given.verdict is ItemVerdict.PROMISED:
            day = given.promised_on
            if given.key not in rules.MINOR or day is None or not corrections.promise_fits(day, today, most):
                raise Invalid("change-promise-day", field=f"promised-{given.key}", most=most)
        item.verdict, item.note, item.judged_at = given.verdict, given.note.strip(), work.clock.now()
        item.promised_on = given.promised_on if given.verdict is ItemVerdict.PROMISED else None
    work.record(row, "qualification.judged", agency=row.agency_id)
    return row


def send_change_back(work: Work, qualification_id: int, supervisor_reason: str = "") -> QualificationNotice:
    """Send the one correction list; a second names only what the answers to the first got wrong, and is the last.

    The second needs a supervisor and a written reason, and is counted. Raises NotFound, Forbidden, Invalid, Conflict
    while items wait, nothing is wrong, or something new is asked.
    Source: after 行政许可法 (2019) 第三十二条第一款第四项: 一次告知.
    """
    row = locked(work, qualification_id)
    work.require(POLICY, "qualification:send_back", row)
    items, sent = queries.change_items(work.session, row.id), queries.change_notices(work.session, row.id)
    _all_judged(items.values())
    wrong = [one for one in items.values() if one.verdict is ItemVerdict.TO_CORRECT]
    before = {one["key"] for one in sent[0].items} if sent else None
    code = corrections.judge_list([one.key for one in wrong], rules.ITEMS, before)
    if code or len(sent) > 1:
        raise Conflict(code or "corrected-twice")
    reason = supervisor_reason.strip()
    if sent:
        work.require(POLICY, "qualification:send_back_again", row)
        if not reason:
            raise Invalid("supervisor-reason", field="supervisor_reason")
    now = work.clock.now()
    row.corrections_n, row.review_by = len(sent) + 1, None
    row.correct_by = corrections.days_after(now, row.clocks["qualification-correct-days"])
    notice = QualificationNotice(
        qualification_id=row.id, number=row.corrections_n, sent_at=now, sent_by=work.actor.user_id,
        items=[{"key": one.key, "note": one.note} for one in wrong], supervisor_reason=reason,
    )  # fmt: skip
    work.session.add(notice)
    work.move(QUALIFICATION, POLICY, row, "send_back", number=notice.number, items=len(wrong), agency=row.agency_id)
    deadlines.drop(work, QUALIFICATION_REVIEW, row.id)
    deadlines.put(work, QUALIFICATION_CORRECT, row.id, row.correct_by)
    _settle_office(work, row)
    messages.tell(
        work, row.org_id, "qualification-returned", url_of(row.id), due_at=row.correct_by, count=len(wrong),
        number=row.number[-rules.TAIL:],
    )  # fmt: skip
    return notice


def accept_change(work: Work, qualification_id: int) -> Qualification:
    """Let a change whose every item passed count. Raises NotFound, Forbidden, Conflict."""
    row = locked(work, qualification_id)
    work.require(POLICY, "qualification:verify", row)
    items = queries.change_items(work.session, row.id).values()
    if any(one.verdict is ItemVerdict.PROMISED for one in items):
        raise Conflict("not-all-passed")
    _acceptable(items)
    _count(work, row, "verify")
    return row


def accept_change_with_gaps(work: Work, qualification_id: int) -> Qualification:
    """Let a change count while minor papers follow on the days promised (容缺受理). Raises as ``accept_change``."""
    row = locked(work, qualification_id)
    work.require(POLICY, "qualification:verify_with_gaps", row)
    items = queries.change_items(work.session, row.id).values()
    _acceptable(items)
    if not any(one.verdict is ItemVerdict.PROMISED for one in items):
        raise Conflict("no-gap-promised")
    _count(work, row, "verify_with_gaps")
    put_promise(work, row)
    return row


def verify_qualification(work: Work, qualification_id: int) -> Qualification:
    """Find every item of a change that waits in order at once, and let it count.

    Raises NotFound, Forbidden, Conflict while an item is to be corrected or a paper was promised.
    """
    row = locked(work, qualification_id)
    work.require(POLICY, "qualification:judge", row)
    if row.state in COUNTS:
        return row
    items = queries.change_items(work.session, row.id).values()
    if any(one.verdict is ItemVerdict.PROMISED for one in items):
        raise Conflict("not-all-passed")
    for one in items:
        if one.verdict is ItemVerdict.PENDING:
            one.verdict, one.judged_at = ItemVerdict.PASSED, work.clock.now()
    _acceptable(items)
    _count(work, row, "verify")
    return row


def close_change_gaps(work: Work, qualification_id: int) -> Qualification:
    """Record that every promised paper came and does. Raises Conflict("gap-open") with the count while one did not."""
    row = locked(work, qualification_id)
    work.require(POLICY, "qualification:close_gaps", row)
    QUALIFICATION.follow("close_gaps", row.state)
    open_n = len(owed(work, row))
    if open_n:
        raise Conflict("gap-open", count=open_n)
    for one in queries.change_items(work.session, row.id).values():
        if one.verdict is ItemVerdict.PROMISED:
            one.verdict, one.judged_at = ItemVerdict.PASSED, work.clock.now()
    work.move(QUALIFICATION, POLICY, row, "close_gaps", agency=row.agency_id)
    deadlines.drop(work, QUALIFICATION_PROMISE, row.id)
    _settle_office(work, row)
    return row


def review_due(work: Work, qualification_id: int) -> None:
    """Let a change count that nobody judged in time. Handles ``qualification.review``; may run twice.

    Source: after 行政许可法 (2019) 第三十二条第一款第四项: 逾期不告知的，自收到申请材料之日起即为受理.
    """
    row = locked(work, qualification_id)
    late = row.review_by is not None and row.review_by <= work.clock.now()
    if row.state is not QualificationState.SUBMITTED or not late:
        return
    row.deemed = True
    for one in queries.change_items(work.session, row.id).values():
        one.verdict, one.judged_at = ItemVerdict.PASSED, work.clock.now()
    _count(work, row, "verify", deemed=True)


def correction_due(work: Work, qualification_id: int) -> None:
    """End a change that was not corrected in time. Handles ``qualification.correct``; may run twice."""
    row = locked(work, qualification_id)
    late = row.correct_by is not None and row.correct_by <= work.clock.now()
    if row.state is QualificationState.RETURNED and late:
        _lapse(work, row, "not-corrected")


def promise_due(work: Work, qualification_id: int) -> None:
    """Remind of a promised paper, and end its time: the qualification then no longer counts.

    Handles ``qualification.promise``; may run twice.
    """
    row = locked(work, qualification_id)
    if row.state is not QualificationState.VALID_WITH_GAPS:
        return
    now, open_items = work.clock.now(), owed(work, row)
    late = [one for one in open_items if one.promised_on is not None and close_of(one.promised_on) <= now]
    if late:
        for one in late:
            one.verdict = ItemVerdict.MISSED
        _lapse(work, row, "promise-missed")
        return
    days = [one.promised_on for one in open_items if one.promised_on is not None]
    if days:
        end = close_of(min(days))
        messages.tell(
            work, row.org_id, "qualification-promise-near", url_of(row.id), due_at=end, number=row.number[-rules.TAIL :]
        )
        work.record(row, "qualification.reminded", items=len(open_items))
    put_promise(work, row)


def end_due(work: Work, qualification_id: int) -> None:
    """Note that a qualification's last day is over. Handles ``qualification.end``; may run twice."""
    row = locked(work, qualification_id)
    if row.state not in COUNTS or row.valid_to is None or over_at(row.valid_to) > work.clock.now():
        return
    work.move(QUALIFICATION, POLICY, row, "expire", agency=row.agency_id)
    stop_clocks(work, row)
    _no_longer(work, row, "qualification-expired-now")


def catch_up(works: Works, qualification_id: int) -> None:
    """Do what is late on a change when somebody looks at it: whoever comes first, the reader or the worker."""
    with works.reading() as work:
        row, now = work.session.get(Qualification, qualification_id), work.clock.now()
        due = row is not None and (
            (row.review_by is not None and row.review_by <= now)
            or (row.correct_by is not None and row.correct_by <= now)
            or (row.state in COUNTS and row.valid_to is not None and over_at(row.valid_to) <= now)
        )
    if due:
        with works.system() as work:
            for handle in (review_due, correction_due, end_due):
                handle(work, qualification_id)


def _lapse(work: Work, row: Qualification, reason: str) -> None:
    row.lapsed_reason, row.correct_by = reason, None
    work.move(QUALIFICATION, POLICY, row, "lapse", reason=reason, agency=row.agency_id)
    stop_clocks(work, row)
    _settle_office(work, row)
    _no_longer(work, row, f"qualification-{reason}")


def _no_longer(work: Work, row: Qualification, code: str) -> None:
    messages.settle(work, row.org_id, url_of(row.id))
    messages.tell(work, row.org_id, code, "/join/qualifications", number=row.number[-rules.TAIL :])
    work.emit("agency.changed", id=row.agency_id)


def _count(work: Work, row: Qualification, verb: str, *, deemed: bool = False) -> None:
    count_valid(work, row, verb, deemed=deemed)
    _settle_office(work, row)
    code = "qualification-deemed-accepted" if deemed else f"qualification-{verb.replace('_', '-')}"
    messages.tell(work, row.org_id, code, url_of(row.id), number=row.number[-rules.TAIL :])
    work.emit("agency.changed", id=row.agency_id)


def _settle_office(work: Work, row: Qualification) -> None:
    office = queries.reviewing_org(work.session, editing.locked(work, row.agency_id))
    if office is not None:
        messages.settle(work, office, url_of(row.id))


def _all_judged(items: Iterable[QualificationItem]) -> None:
    pending = sum(one.verdict is ItemVerdict.PENDING for one in items)
    if pending:
        raise Conflict("verdicts-missing", count=pending)


def _acceptable(items: Iterable[QualificationItem]) -> None:
    rows = list(items)
    _all_judged(rows)
    code = corrections.judge_acceptance(one.verdict for one in rows)
    if code:
        raise Conflict(code)
