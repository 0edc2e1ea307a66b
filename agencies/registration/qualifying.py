"""Use cases of qualifications on the agency's side: enter, answer a correction list, bring what was promised, withdraw.

One entered while the registration is prepared is judged with it; one entered on the shelf is handed in at once and
judged by itself (``changes``). Other rooms call these through ``service``.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from accounts import messages
from agencies.catalogue import queries as catalogue
from agencies.catalogue import reference
from agencies.registration import editing, queries, rules
from agencies.registration.commands import AddQualification, AnswerList
from agencies.registration.lifecycle import (
    ON_SHELF,
    QUALIFICATION,
    QUALIFICATION_CLOCKS,
    QUALIFICATION_CORRECT,
    QUALIFICATION_END,
    QUALIFICATION_PROMISE,
    QUALIFICATION_REVIEW,
    QualificationState,
)
from agencies.registration.models import Agency, Qualification, QualificationItem
from agencies.registration.permissions import POLICY
from core import corrections, deadlines
from core.clock import BEIJING, beijing_day
from core.corrections import ItemVerdict
from core.errors import Conflict, Invalid, NotFound
from core.files import StoredFile
from core.work import Work

LONGEST_ANSWER = 1000


def add_qualification(work: Work, agency_id: int, command: AddQualification) -> Qualification:
    """Enter a qualification as its certificate reads; on the shelf it is handed in at once, and counts once judged.

    Raises Invalid for an unknown category or grade or a term that is over, Conflict when it is there already.
    """
    agency = editing.to_edit(work, agency_id)
    _check(work, command)
    for held in queries.qualifications_of(work.session, agency_id):
        if (held.category, held.number) == (command.category, command.number):
            raise Conflict("qualification-twice", number=command.number)
    row = Qualification(
        agency_id=agency_id, org_id=agency.org_id, town_code=agency.town_code, state=QUALIFICATION.initial,
        category=command.category, grade=command.grade, number=command.number, issued_by=command.issued_by,
        valid_from=command.valid_from, valid_to=command.valid_to, clocks={},
    )  # fmt: skip
    work.add(row, "qualification.added", agency=agency_id, category=command.category)
    if agency.state in ON_SHELF:
        _submit(work, agency, row)
    editing.changed(work, agency, "registration.qualification_added")
    return row


def _check(work: Work, command: AddQualification) -> None:
    known = {one.code: one for one in reference.qualifications()}
    if command.category not in known:
        raise Invalid("qualification-unknown", field="category")
    grades = known[command.category].grades
    if (grades and command.grade not in grades) or (not grades and command.grade):
        raise Invalid("grade-unknown", field="grade", grades="、".join(grades))
    if command.valid_to is None:
        return
    if command.valid_from is not None and command.valid_to < command.valid_from:
        raise Invalid("term-reversed", field="valid_to")
    if command.valid_to < beijing_day(work.clock.now()):
        raise Invalid("qualification-over", field="valid_to", ended=command.valid_to.isoformat())


def _submit(work: Work, agency: Agency, row: Qualification) -> None:
    """Hand a change in: its items are laid out, the dated rules of its clocks frozen, the operator told."""
    now = work.clock.now()
    row.clocks = {key: _days(work, key, agency) for key in rules.CHANGE_DAYS}
    row.submitted_at = now
    for key in rules.ITEMS:
        work.session.add(QualificationItem(qualification_id=row.id, key=key, verdict=ItemVerdict.PENDING))
    row.review_by = corrections.days_after(now, row.clocks["qualification-review-days"])
    work.move(QUALIFICATION, POLICY, row, "submit", agency=agency.id)
    deadlines.put(work, QUALIFICATION_REVIEW, row.id, row.review_by)
    tell_office(work, agency, row)


def _days(work: Work, key: str, agency: Agency) -> int:
    today, town = beijing_day(work.clock.now()), agency.town_code
    try:  # of every fund: an agency's papers know no fund
        return int(catalogue.rule(work.session, key, fund="social", on=today, town_code=town))
    except NotFound:
        return rules.CHANGE_DAYS[key]


def answer(work: Work, qualification_id: int, command: AnswerList) -> Qualification:
    """Answer the correction list, all of it; the operator judges what it named again, and nothing else.

    Raises NotFound, Forbidden, Conflict, Invalid("change-answer-missing") with the items left open, Invalid for a field
    that does not do.
    """
    row = locked(work, qualification_id)
    work.require(POLICY, "qualification:answer", row)
    QUALIFICATION.follow("answer", row.state)
    notice = queries.change_notices(work.session, row.id)[-1]
    named = [str(one["key"]) for one in notice.items]
    changed = _put_right(work, row, named, command)
    words = {key: command.words.get(key, "").strip()[:LONGEST_ANSWER] for key in named}
    missing = [key for key in named if not (words[key] or key in command.files or key in changed)]
    if missing:
        raise Invalid("change-answer-missing", field=f"answer-{missing[0]}", count=len(missing), items=missing)
    items, now = queries.change_items(work.session, row.id), work.clock.now()
    for key in named:
        items[key].answer, items[key].verdict = words[key], ItemVerdict.PENDING
        if key in command.files:
            items[key].file_id = _own_file(work, row, command.files[key])
    notice.answered_at, row.correct_by = now, None
    row.review_by = corrections.days_after(now, row.clocks["qualification-review-days"])
    work.move(QUALIFICATION, POLICY, row, "answer", number=notice.number, agency=row.agency_id)
    deadlines.drop(work, QUALIFICATION_CORRECT, row.id)
    deadlines.put(work, QUALIFICATION_REVIEW, row.id, row.review_by)
    messages.settle(work, row.org_id, url_of(row.id))
    tell_office(work, editing.locked(work, row.agency_id), row)
    return row


def _put_right(work: Work, row: Qualification, named: list[str], command: AnswerList) -> set[str]:
    """Change the fields that belong to the items named; return the items something of which changed."""
    changed: set[str] = set()
    for key in named:
        for name in rules.FIELDS.get(key, ()):
            if name in command.fields and command.fields[name] != getattr(row, name):
                setattr(row, name, command.fields[name])
                changed.add(key)
    if changed:
        said = AddQualification(row.category, row.number, row.issued_by, row.grade, row.valid_from, row.valid_to)
        _check(work, said)
        work.record(row, "qualification.put_right", items=sorted(changed))
    return changed


def bring_promised(work: Work, qualification_id: int, key: str, file_id: int) -> Qualification:
    """Hand in a promised paper before its day ends. Raises NotFound, Forbidden, Conflict when nothing is owed."""
    row = locked(work, qualification_id)
    work.require(POLICY, "qualification:answer", row)
    item = queries.change_items(work.session, row.id).get(key)
    if row.state is not QualificationState.VALID_WITH_GAPS or item is None or item.verdict is not ItemVerdict.PROMISED:
        raise Conflict("change-nothing-promised", key=key)
    item.file_id = _own_file(work, row, file_id)
    work.record(row, "qualification.promise_kept", item=key)
    work.session.flush()
    put_promise(work, row)
    if not owed(work, row):
        messages.settle(work, row.org_id, url_of(row.id))
    tell_office(work, editing.locked(work, row.agency_id), row)
    return row


def withdraw_qualification(work: Work, agency_id: int, qualification_id: int) -> None:
    """Take a qualification off the list; its row stays. Raises NotFound, Forbidden, Conflict."""
    agency = editing.to_edit(work, agency_id)
    row = locked(work, qualification_id)
    if row.agency_id != agency_id or row.state is QualificationState.WITHDRAWN:
        raise NotFound("qualification-not-found", id=qualification_id)
    row.withdrawn_at = work.clock.now()
    work.move(QUALIFICATION, POLICY, row, "withdraw", agency=agency_id)
    stop_clocks(work, row)
    office = queries.reviewing_org(work.session, agency)
    for org_id in (agency.org_id, office):
        if org_id is not None:
            messages.settle(work, org_id, url_of(row.id))
    editing.changed(work, agency, "registration.qualification_withdrawn")


def locked(work: Work, qualification_id: int) -> Qualification:
    """Lock and return a qualification. Raises NotFound."""
    row = work.session.get(Qualification, qualification_id, with_for_update=True)
    if row is None:
        raise NotFound("qualification-not-found", id=qualification_id)
    return row


def count_valid(work: Work, row: Qualification, verb: str, **facts: Any) -> None:
    """Let a qualification count from now on, and put its last day on the clock."""
    row.verified_at, row.review_by = work.clock.now(), None
    work.move(QUALIFICATION, POLICY, row, verb, agency=row.agency_id, **facts)
    deadlines.drop(work, QUALIFICATION_REVIEW, row.id)
    if row.valid_to is not None:
        deadlines.put(work, QUALIFICATION_END, row.id, over_at(row.valid_to))


def over_at(last: Any) -> datetime:
    """Return the first instant after a last valid day, in Beijing."""
    return datetime.combine(last + timedelta(days=1), time(), BEIJING)


def owed(work: Work, row: Qualification) -> list[QualificationItem]:
    """Return the promised items of which nothing came yet."""
    items = queries.change_items(work.session, row.id).values()
    return [one for one in items if one.verdict is ItemVerdict.PROMISED and one.file_id is None]


def put_promise(work: Work, row: Qualification) -> None:
    """Put the next promised paper on the clock: its reminders, then its end."""
    days = [one.promised_on for one in owed(work, row) if one.promised_on is not None]
    call = corrections.next_call(days, work.clock.now())
    if call is None:
        deadlines.drop(work, QUALIFICATION_PROMISE, row.id)
    else:
        deadlines.put(work, QUALIFICATION_PROMISE, row.id, call)


def stop_clocks(work: Work, row: Qualification) -> None:
    """Take every clock of a qualification away."""
    for kind in QUALIFICATION_CLOCKS:
        deadlines.drop(work, kind, row.id)


def tell_office(work: Work, agency: Agency, row: Qualification) -> None:
    """Tell the operator that judges an agency of a change that waits for it."""
    office = queries.reviewing_org(work.session, agency)
    if office is not None:
        messages.tell(work, office, "qualification-to-review", url_of(row.id), due_at=row.review_by, agency=agency.name)


def url_of(qualification_id: int) -> str:
    """Return the address of a change, for its agency and its operator."""
    return f"/qualifications/{qualification_id}"


def _own_file(work: Work, row: Qualification, file_id: int) -> int:
    file = work.session.get(StoredFile, file_id)
    if file is None or file.org_id != row.org_id:
        raise NotFound("file-not-found", id=file_id)
    return file.id
