"""Use cases of complaints up to the hearing: file, judge, send back once, answer, accept or refuse, withdraw.

Every use case locks the complaint's row first; what happens to an award follows in ``awards``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from accounts import messages
from core import corrections, deadlines, files
from core.clock import beijing_day
from core.corrections import SAYABLE, ItemVerdict
from core.errors import Conflict, Invalid, NotFound
from core.work import Work
from marketplace.complaints import awards, grounds, queries, rules
from marketplace.complaints.commands import AnswerItem, FileComplaint, JudgeItem, Upload
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import (
    ACCEPT,
    CLOCKS,
    COMPLAINT,
    CORRECT,
    DECIDE,
    PROMISE,
    REPLY,
    ComplaintState,
    Subject,
)
from marketplace.complaints.models import Complaint, ComplaintFile, ComplaintItem, ComplaintNotice
from marketplace.complaints.permissions import POLICY
from marketplace.needs.service import locked as locked_need
from marketplace.selection.publicity import as_system, settle_due


def file(work: Work, about: About, command: FileComplaint, evidence: Sequence[Upload] = ()) -> Complaint:
    """File a complaint that has everything it needs; what is missing is said at once.

    Raises Forbidden, NotFound, Conflict without an office, Invalid("complaint-incomplete") whose ``faults`` list every
    code with its field.
    """
    work.require(POLICY, "complaint:file")
    if about.need_id is not None:
        settle_due(as_system(work), about.need_id)
    found = grounds.grounds(work, about, command.aspect)
    now = work.clock.now()
    faults = judge(work, about, command, found, len(evidence))
    if faults:
        told = [{"code": code, "field": field, **facts} for code, field, facts in faults]
        raise Invalid("complaint-incomplete", count=len(faults), faults=told)
    clocks = {key: grounds.days_of(work, key, found.need) for key in rules.USUAL_DAYS}
    respondent = grounds.respondent_of(found, command.aspect, command.against)
    row = Complaint(
        subject=about.subject, aspect=command.aspect, state=ComplaintState.FILED, org_id=work.actor.org_id,
        respondent_org_id=respondent,
        office_org_id=grounds.office_for(work.session, about.subject, command.aspect, found, respondent),
        interested_org_id=found.winner_org_id, need_id=about.need_id, award_id=found.award_id,
        agency_id=command.against or about.agency_id, earlier_id=about.earlier_id, handled_by=found.handled_by,
        involved=list(found.involved), matter=command.matter.strip(), clause=command.clause.strip(),
        wish=command.wish.strip(), contact_name=command.contact_name.strip(),
        contact_phone=command.contact_phone.strip(), clocks=clocks, window_closes_at=found.window.closes_at,
        filed_at=now, judge_by=corrections.days_after(now, clocks["complaint-accept-days"]),
    )  # fmt: skip
    work.add(row, "complaint.filed", subject=str(row.subject), aspect=str(row.aspect), need_id=row.need_id)
    row.number = f"TS-{beijing_day(now).year}-{row.id:06d}"
    for key in rules.ITEMS:
        promised = command.promised_on if key == "evidence" and not evidence else None
        work.session.add(ComplaintItem(complaint_id=row.id, key=key, verdict=ItemVerdict.PENDING, promised_on=promised))
    keep_files(work, row, "evidence", evidence)
    deadlines.put(work, ACCEPT, row.id, row.judge_by)
    tell_office(work, row, "complaint-to-judge", row.judge_by)
    follow(work, row)
    return row


def judge(
    work: Work, about: About, command: FileComplaint, found: grounds.Grounds, files_n: int
) -> tuple[rules.Fault, ...]:  # fmt: skip
    """Return everything that keeps a complaint from being filed now, empty when nothing does.

    files_n: how many files come with it.
    """
    own = grounds.own_agency(work.session, work.actor)
    ground = rules.Ground(
        found.window, found.standing, frozenset(found.participants), None if own is None else own.id,
        grounds.decided_before(work.session, about, command.aspect, work.actor.org_id or 0, command.against),
        grounds.days_of(work, "complaint-promise-days", found.need),
    )  # fmt: skip
    filing = rules.Filing(
        about.subject, command.aspect, command.matter, command.clause, command.contact_name, command.contact_phone,
        command.sealed, files_n, command.promised_on, command.against,
    )  # fmt: skip
    return rules.judge_filing(filing, ground, work.clock.now())


def judge_items(work: Work, complaint_id: int, verdicts: Iterable[JudgeItem]) -> Complaint:
    """Keep an officer's verdicts on what a complaint needs; nothing is sent yet.

    Raises NotFound, Forbidden, Conflict, Invalid for a correction without words or a promise that does not fit.
    """
    row = locked(work, complaint_id)
    work.require(POLICY, "complaint:judge", row)
    COMPLAINT.follow("accept", row.state)
    items, today = queries.items_of(work.session, row.id), beijing_day(work.clock.now())
    for given in verdicts:
        item = items.get(given.key)
        if item is None:
            raise NotFound("complaint-item-not-found", key=given.key)
        if given.verdict not in SAYABLE:
            raise Invalid("complaint-item-not-found", field=f"verdict-{given.key}")
        if given.verdict is ItemVerdict.TO_CORRECT and not given.note.strip():
            raise Invalid("complaint-note-missing", field=f"note-{given.key}")
        if given.verdict is ItemVerdict.PROMISED:
            most = row.clocks["complaint-promise-days"]
            fits = given.promised_on is not None and corrections.promise_fits(given.promised_on, today, most)
            if given.key not in rules.MINOR or not fits:
                raise Invalid("complaint-promise-day", field=f"promised-{given.key}", most=most)
        item.verdict, item.note, item.judged_at = given.verdict, given.note.strip(), work.clock.now()
        item.promised_on = given.promised_on if given.verdict is ItemVerdict.PROMISED else None
    work.record(row, "complaint.judged")
    return row


def send_back(work: Work, complaint_id: int) -> ComplaintNotice:
    """Send the one correction list; a second may only name what the answers to the first got wrong, and is the last.

    Raises NotFound, Forbidden, Conflict while items wait, nothing is wrong, or something new is asked.
    Source: after 行政许可法 (2019) 第三十二条第一款第四项: 一次告知.
    """
    row = locked(work, complaint_id)
    work.require(POLICY, "complaint:send_back", row)
    items, sent = queries.items_of(work.session, row.id), queries.notices_of(work.session, row.id)
    wrong = [item for item in items.values() if item.verdict is ItemVerdict.TO_CORRECT]
    if any(item.verdict is ItemVerdict.PENDING for item in items.values()):
        raise Conflict("complaint-verdicts-missing")
    before = {one["key"] for one in sent[0].items} if sent else None
    code = rules.judge_list([item.key for item in wrong], before)
    if code or len(sent) > 1:
        raise Conflict(code or "complaint-corrected-twice")
    now = work.clock.now()
    row.corrections_n, row.correct_by = len(sent) + 1, corrections.days_after(now, row.clocks["complaint-correct-days"])
    notice = ComplaintNotice(
        complaint_id=row.id, number=row.corrections_n, sent_at=now, sent_by=work.actor.user_id,
        items=[{"key": item.key, "note": item.note} for item in wrong],
    )  # fmt: skip
    work.session.add(notice)
    work.move(COMPLAINT, POLICY, row, "send_back", number=notice.number, items=len(wrong))
    deadlines.drop(work, ACCEPT, row.id)
    deadlines.put(work, CORRECT, row.id, row.correct_by)
    messages.settle(work, row.office_org_id, url_of(row.id))
    messages.tell(
        work, row.org_id, "complaint-to-correct", url_of(row.id), due_at=row.correct_by, count=len(wrong),
        number=row.number,
    )  # fmt: skip
    follow(work, row)
    return notice


def answer(
    work: Work, complaint_id: int, answers: Sequence[AnswerItem], sent: Sequence[tuple[str, Upload]] = ()
) -> Complaint:  # fmt: skip
    """Answer the correction list, all of it; the officer judges what it named again, and nothing else.

    Raises NotFound, Forbidden, Conflict, Invalid("complaint-answer-missing") with the items left open.
    """
    row = locked(work, complaint_id)
    work.require(POLICY, "complaint:answer", row)
    COMPLAINT.follow("answer", row.state)
    notice, items = queries.notices_of(work.session, row.id)[-1], queries.items_of(work.session, row.id)
    words, named = {one.key: one.text.strip() for one in answers}, [one["key"] for one in notice.items]
    brought = {key for key, _upload in sent}
    missing = [key for key in named if not words.get(key) and key not in brought]
    if missing:
        raise Invalid("complaint-answer-missing", field=f"answer-{missing[0]}", count=len(missing), items=missing)
    now = work.clock.now()
    for key in named:
        items[key].answer, items[key].verdict = words.get(key, ""), ItemVerdict.PENDING
    for key, upload in sent:
        if key in named:
            keep_files(work, row, key, (upload,))
    notice.answered_at, row.judge_by = now, corrections.days_after(now, row.clocks["complaint-accept-days"])
    work.move(COMPLAINT, POLICY, row, "answer", number=notice.number)
    deadlines.drop(work, CORRECT, row.id)
    deadlines.put(work, ACCEPT, row.id, row.judge_by)
    messages.settle(work, row.org_id, url_of(row.id))
    tell_office(work, row, "complaint-to-judge", row.judge_by)
    follow(work, row)
    return row


def accept(work: Work, complaint_id: int) -> Complaint:
    """Find a complaint receivable: the other side is heard, and an award it is about stands still.

    Raises NotFound, Forbidden, Conflict while an item waits or was found wrong.
    """
    row = locked(work, complaint_id)
    work.require(POLICY, "complaint:accept", row)
    COMPLAINT.follow("accept", row.state)
    code = rules.judge_acceptance(item.verdict for item in queries.items_of(work.session, row.id).values())
    if code:
        raise Conflict(code)
    row.accepted_by = work.actor.user_id
    _accept(work, row)
    return row


def deem_accepted(work: Work, complaint_id: int) -> None:
    """Accept a complaint nobody judged in time. Handles the deadline ``complaint.accept``; may run twice.

    Source: after 行政许可法 (2019) 第三十二条第一款第四项: 逾期不告知的，自收到之日起即为受理.
    """
    row = locked(work, complaint_id)
    if row.state is not ComplaintState.FILED or work.clock.now() < row.judge_by:
        return
    row.deemed = True
    for item in queries.items_of(work.session, row.id).values():
        if item.verdict is not ItemVerdict.PROMISED:
            item.verdict = ItemVerdict.PROMISED if item.promised_on is not None else ItemVerdict.PASSED
    _accept(as_system(work), row)


def _accept(work: Work, row: Complaint) -> None:
    now = work.clock.now()
    row.accepted_at = now
    row.reply_by = corrections.days_after(now, row.clocks["complaint-reply-days"])
    row.decide_by = corrections.days_after(now, row.clocks["complaint-decide-days"])
    work.move(COMPLAINT, POLICY, row, "accept", deemed=row.deemed)
    deadlines.drop(work, ACCEPT, row.id)
    deadlines.put(work, REPLY, row.id, row.reply_by)
    deadlines.put(work, DECIDE, row.id, row.decide_by)
    put_promise(work, row)
    messages.settle(work, row.office_org_id, url_of(row.id))
    messages.tell(work, row.org_id, "complaint-accepted", url_of(row.id), number=row.number)
    messages.tell(
        work, row.respondent_org_id, "complaint-to-reply", url_of(row.id), due_at=row.reply_by, number=row.number
    )
    follow(work, row)


def put_promise(work: Work, row: Complaint) -> None:
    """Put the next promised paper on the clock: its reminders, then its end."""
    items = queries.items_of(work.session, row.id).values()
    days = [item.promised_on for item in items if item.verdict is ItemVerdict.PROMISED and item.promised_on]
    call = corrections.next_call(days, work.clock.now())
    if call is None:
        deadlines.drop(work, PROMISE, row.id)
    else:
        deadlines.put(work, PROMISE, row.id, call)


def refuse(work: Work, complaint_id: int, reason: str) -> Complaint:
    """Find a complaint not receivable, with a reason: late, without standing, or decided before.

    Raises NotFound, Forbidden, Conflict, Invalid without a reason.
    """
    return _end(work, locked(work, complaint_id), "refuse", reason, "complaint-refused")


def withdraw(work: Work, complaint_id: int, reason: str) -> Complaint:
    """Take a complaint back before it is decided. Raises NotFound, Forbidden, Conflict, Invalid without a reason."""
    return _end(work, locked(work, complaint_id), "withdraw", reason, "complaint-withdrawn")


def lapse(work: Work, row: Complaint, code: str) -> Complaint:
    """End a complaint whose correction or promised paper did not come."""
    return _end(as_system(work), row, "lapse", code, "complaint-lapsed")


def _end(work: Work, row: Complaint, verb: str, reason: str, message: str) -> Complaint:
    work.require(POLICY, f"complaint:{verb}", row)
    row.ended_reason = worded(reason, "text") if verb != "lapse" else reason
    row.ended_at, row.ended_by = work.clock.now(), work.actor.user_id
    told = [row.org_id] if verb != "withdraw" else [row.office_org_id]
    if row.accepted_at is not None:
        told += [row.respondent_org_id]
    work.move(COMPLAINT, POLICY, row, verb)
    for kind in CLOCKS:
        deadlines.drop(work, kind, row.id)
    for org_id in {row.org_id, row.office_org_id, row.respondent_org_id}:
        messages.settle(work, org_id, url_of(row.id))
    for org_id in told:
        messages.tell(work, org_id, message, url_of(row.id), number=row.number)
    follow(work, row)
    return row


def keep_files(work: Work, row: Complaint, key: str, uploads: Iterable[Upload]) -> None:
    """Store what a side handed in for one item of a complaint. Raises Invalid for a file that is refused."""
    for upload in uploads:
        stored = files.store(work, upload.stream, upload.filename, "complaint")
        work.session.add(
            ComplaintFile(
                complaint_id=row.id, file_id=stored.id, org_id=work.actor.org_id, key=key, at=work.clock.now()
            )
        )


def locked(work: Work, complaint_id: int) -> Complaint:
    """Lock the need a complaint is about and then the complaint, and read it. Raises NotFound."""
    need_id = queries.complaint_by_id(work.session, complaint_id).need_id
    if need_id is not None:
        locked_need(work, need_id)
    return work.locked(Complaint, complaint_id, "complaint-not-found")


def follow(work: Work, row: Complaint) -> None:
    """Let the award a complaint is about follow what has just happened to it."""
    work.session.flush()
    if row.subject is Subject.SELECTION and row.need_id is not None:
        awards.align(as_system(work), row.need_id)


def tell_office(work: Work, row: Complaint, code: str, due_at: Any) -> None:
    """Tell the office that decides a complaint what it has to do, and by when."""
    messages.tell(work, row.office_org_id, code, url_of(row.id), due_at=due_at, number=row.number)


def worded(text: str, field: str) -> str:
    """Return a text without its ends' blanks. Raises Invalid when it is too short or too long."""
    given = text.strip()
    if len(given) < rules.SHORTEST_TEXT:
        raise Invalid("complaint-text-short", field=field, least=rules.SHORTEST_TEXT, given=len(given))
    if len(given) > rules.LONGEST_TEXT:
        raise Invalid("complaint-text-long", field=field, most=rules.LONGEST_TEXT, given=len(given))
    return given


def url_of(complaint_id: int) -> str:
    """Return the address of a complaint's case."""
    return f"/complaints/{complaint_id}"
