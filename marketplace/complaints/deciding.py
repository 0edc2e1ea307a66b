"""Use cases of complaints from the hearing to the end: reply, decide, appeal, review, and what falls due meanwhile.

A decision acts when it is final: when nobody appealed in time, or when it was reviewed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from accounts import messages
from accounts.queries import offices
from core import corrections, deadlines
from core.access import OrgKind
from core.clock import beijing_day
from core.corrections import ItemVerdict
from core.errors import Conflict, Invalid
from core.work import Work, Works
from core.workdays import close_of
from marketplace.complaints import awards, queries, rules
from marketplace.complaints.commands import DecideComplaint, Upload
from marketplace.complaints.lifecycle import (
    APPEAL,
    COMPLAINT,
    DECIDE,
    DECIDED,
    PROMISE,
    REPLY,
    REVIEW,
    UNDECIDED,
    ComplaintState,
    Outcome,
    Remedy,
)
from marketplace.complaints.models import Complaint
from marketplace.complaints.permissions import POLICY
from marketplace.complaints.service import (
    deem_accepted,
    follow,
    keep_files,
    lapse,
    locked,
    put_promise,
    tell_office,
    url_of,
    worded,
)
from marketplace.frameworks.queries import has_panel
from marketplace.selection.publicity import as_system
from marketplace.selection.queries import award_of

OUTCOMES: Final = {"uphold": Outcome.UPHELD, "uphold_partly": Outcome.PARTLY, "dismiss": Outcome.DISMISSED}


def reply(work: Work, complaint_id: int, text: str, sent: Sequence[Upload] = ()) -> Complaint:
    """Answer a complaint as the side complained of. Raises NotFound, Forbidden, Conflict, Invalid for a bare text."""
    row = locked(work, complaint_id)
    work.require(POLICY, "complaint:reply", row)
    COMPLAINT.follow("reply", row.state)
    row.reply, row.replied_at = worded(text, "text"), work.clock.now()
    keep_files(work, row, "reply", sent)
    work.move(COMPLAINT, POLICY, row, "reply")
    deadlines.drop(work, REPLY, row.id)
    messages.settle(work, row.respondent_org_id, url_of(row.id))
    tell_office(work, row, "complaint-to-decide", row.decide_by)
    return row


def hearing_over(work: Work, complaint_id: int) -> None:
    """End the hearing of a side that let its time pass. Handles the deadline ``complaint.reply``; may run twice."""
    row = locked(work, complaint_id)
    if row.state is not ComplaintState.ACCEPTED or row.reply_by is None or work.clock.now() < row.reply_by:
        return
    as_system(work).move(COMPLAINT, POLICY, row, "close_hearing")
    messages.settle(work, row.respondent_org_id, url_of(row.id))
    tell_office(work, row, "complaint-to-decide", row.decide_by)


def bring_promised(work: Work, complaint_id: int, key: str, upload: Upload) -> Complaint:
    """Hand in a promised paper before its day ends. Raises NotFound, Forbidden, Conflict when nothing is owed."""
    row = locked(work, complaint_id)
    work.require(POLICY, "complaint:answer", row)
    item = queries.items_of(work.session, row.id).get(key)
    if item is None or item.verdict is not ItemVerdict.PROMISED or row.state not in UNDECIDED:
        raise Conflict("complaint-nothing-promised")
    keep_files(work, row, key, (upload,))
    item.verdict = ItemVerdict.PASSED
    work.record(row, "complaint.promise_kept", item=key)
    work.session.flush()
    messages.settle(work, row.org_id, url_of(row.id))
    put_promise(work, row)
    return row


def promise_due(work: Work, complaint_id: int) -> None:
    """Remind of a promised paper, and end its time. Handles the deadline ``complaint.promise``; may run twice.

    Without evidence the complaint is decided on what there is; without the seal it lapses.
    """
    row = locked(work, complaint_id)
    if row.state not in UNDECIDED:
        return
    now, items = work.clock.now(), queries.items_of(work.session, row.id).values()
    owed = [one for one in items if one.verdict is ItemVerdict.PROMISED and one.promised_on is not None]
    late = [one for one in owed if one.promised_on is not None and close_of(one.promised_on) <= now]
    if not late and owed:
        end = min(close_of(one.promised_on) for one in owed if one.promised_on is not None)
        messages.tell(work, row.org_id, "complaint-promise-near", url_of(row.id), due_at=end, number=row.number)
        work.record(row, "complaint.reminded", items=len(owed))
        put_promise(work, row)
        return
    for one in late:
        one.verdict = ItemVerdict.MISSED
    if late:
        work.record(row, "complaint.promise_missed", items=[one.key for one in late])
        messages.settle(work, row.org_id, url_of(row.id))
    work.session.flush()
    if any(one.key in rules.LAPSES_WITHOUT for one in late):
        lapse(work, row, "promise-missed")
        return
    if late:
        messages.tell(work, row.org_id, "complaint-promise-missed", url_of(row.id), number=row.number)
    put_promise(work, row)


def correction_over(work: Work, complaint_id: int) -> None:
    """End a complaint that was not corrected in time. Handles the deadline ``complaint.correct``; may run twice."""
    row = locked(work, complaint_id)
    if row.state is ComplaintState.RETURNED and row.correct_by is not None and work.clock.now() >= row.correct_by:
        lapse(work, row, "not-corrected")


def decision_overdue(work: Work, complaint_id: int) -> None:
    """Note that a decision is late and remind its office. Handles the deadline ``complaint.decide``."""
    row = locked(work, complaint_id)
    if row.state in UNDECIDED:
        work.record(row, "complaint.decision_overdue")
        messages.tell(work, row.office_org_id, "complaint-decision-late", url_of(row.id), number=row.number)


def decide(work: Work, complaint_id: int, command: DecideComplaint) -> Complaint:
    """Decide a complaint: upheld, partly upheld or dismissed, with reason, clause and what follows when it is final.

    Raises NotFound, Forbidden (also for whoever worked on the business complained of), Conflict, Invalid.
    """
    row = locked(work, complaint_id)
    outcome = OUTCOMES[command.verdict]
    work.require(POLICY, f"complaint:{command.verdict}", row)
    COMPLAINT.follow(command.verdict, row.state)
    _want_remedy(work, row, outcome, command.remedy)
    row.decision, row.decision_clause = worded(command.reason, "reason"), _clause(outcome, command.clause)
    row.outcome, row.remedy = outcome, command.remedy
    now = row.decided_at = work.clock.now()
    row.decided_by, row.appeal_by = work.actor.user_id, corrections.days_after(now, row.clocks["complaint-appeal-days"])
    work.move(COMPLAINT, POLICY, row, command.verdict, remedy=str(row.remedy), need_id=row.need_id)
    for kind in (DECIDE, PROMISE):
        deadlines.drop(work, kind, row.id)
    deadlines.put(work, APPEAL, row.id, row.appeal_by)
    messages.settle(work, row.office_org_id, url_of(row.id))
    _tell_sides(work, row, f"complaint-{outcome}")
    follow(work, row)
    return row


def appeal(work: Work, complaint_id: int, text: str) -> Complaint:
    """Ask for a review by another officer, once and in time; whoever the decision went against may.

    Raises NotFound, Forbidden, Conflict("wrong-state", "complaint-appeal-late"), Invalid for a bare text.
    """
    row = locked(work, complaint_id)
    work.require(POLICY, "complaint:appeal", row)
    COMPLAINT.follow("appeal", row.state)
    now = work.clock.now()
    if row.appeal_by is None or now >= row.appeal_by:
        raise Conflict("complaint-appeal-late")
    row.appeal, row.appealed_at, row.appellant_org_id = worded(text, "text"), now, work.actor.org_id
    row.review_by = corrections.days_after(now, row.clocks["complaint-review-days"])
    work.move(COMPLAINT, POLICY, row, "appeal")
    deadlines.drop(work, APPEAL, row.id)
    deadlines.put(work, REVIEW, row.id, row.review_by)
    messages.tell(
        work, _reviewing_office(work, row), "complaint-to-review", url_of(row.id), due_at=row.review_by,
        number=row.number,
    )  # fmt: skip
    follow(work, row)
    return row


def review(work: Work, complaint_id: int, command: DecideComplaint) -> Complaint:
    """Confirm or overturn a decision as another officer; the result is final and acts at once.

    Overturning a dismissal says what follows now. Raises NotFound, Forbidden (also for who decided first or worked on
    the business), Conflict, Invalid.
    """
    row = locked(work, complaint_id)
    work.require(POLICY, f"complaint:{command.verdict}", row)
    COMPLAINT.follow(command.verdict, row.state)
    if command.verdict == "overturn" and row.outcome is Outcome.DISMISSED:
        _want_remedy(work, row, Outcome.UPHELD, command.remedy)
    row.review, row.reviewed_by = worded(command.reason, "reason"), work.actor.user_id
    row.reviewed_at = work.clock.now()
    if command.verdict == "overturn":
        row.remedy = command.remedy if row.outcome is Outcome.DISMISSED else Remedy.NONE
    work.move(COMPLAINT, POLICY, row, command.verdict, remedy=str(row.remedy), need_id=row.need_id)
    _make_final(work, row)
    return row


def appeal_lapsed(work: Work, complaint_id: int) -> None:
    """Make a decision final that nobody appealed. Handles the deadline ``complaint.appeal``; may run twice."""
    row = locked(work, complaint_id)
    if row.state in DECIDED and row.final_at is None and row.appeal_by is not None and (
        work.clock.now() >= row.appeal_by
    ):  # fmt: skip
        work.record(row, "complaint.final")
        _make_final(work, row)


def review_overdue(work: Work, complaint_id: int) -> None:
    """Let the first decision stand when nobody reviewed it in time. Handles ``complaint.review``; may run twice."""
    row = locked(work, complaint_id)
    if row.state is not ComplaintState.APPEALED or row.review_by is None or work.clock.now() < row.review_by:
        return
    row.reviewed_at = work.clock.now()
    as_system(work).move(COMPLAINT, POLICY, row, "confirm", remedy=str(row.remedy), need_id=row.need_id, lapsed=True)
    _make_final(work, row)


def is_late(row: Complaint, now: datetime) -> bool:
    """Say whether a clock of a complaint has run out that reading it should act on first."""
    ends = {
        ComplaintState.FILED: row.judge_by, ComplaintState.RETURNED: row.correct_by,
        ComplaintState.ACCEPTED: row.reply_by, ComplaintState.APPEALED: row.review_by,
        **dict.fromkeys(DECIDED, row.appeal_by if row.final_at is None else None),
    }  # fmt: skip
    end = ends.get(row.state)
    return end is not None and end <= now


def catch_up(works: Works, complaint_id: int) -> None:
    """Do what is due to a complaint now when the worker has not done it yet. Raises NotFound."""
    with works.reading() as work:
        late = is_late(queries.complaint_by_id(work.session, complaint_id), work.clock.now())
    if late:
        with works.system() as work:
            for handler in (deem_accepted, correction_over, hearing_over, appeal_lapsed, review_overdue):
                handler(work, complaint_id)


def _make_final(work: Work, row: Complaint) -> None:
    row.final_at = work.clock.now()
    for kind in (APPEAL, REVIEW):
        deadlines.drop(work, kind, row.id)
    if row.reviewed_at is not None:
        messages.settle(work, _reviewing_office(work, row), url_of(row.id))
        _tell_sides(work, row, f"complaint-{row.state}")
    awards.carry_out(as_system(work), row)
    follow(work, row)


def _want_remedy(work: Work, row: Complaint, outcome: Outcome, remedy: Remedy) -> None:
    code = rules.judge_remedy(outcome, remedy, remedies_of(work, row))
    if code:
        raise Invalid(code, field="remedy")
    if row.need_id is not None and remedy is not Remedy.NONE:
        award = award_of(work.session, row.need_id)
        row.award_id = award.id if award is not None else row.award_id


def remedies_of(work: Work, row: Complaint) -> tuple[Remedy, ...]:
    """Return what upholding this complaint may do as things are."""
    if row.need_id is not None and has_panel(work.session, row.need_id):
        return (Remedy.NONE, Remedy.RERUN)
    award = award_of(work.session, row.need_id) if row.need_id is not None else None
    return rules.remedies_for(row.subject, has_award=award is not None)


def _clause(outcome: Outcome, text: str) -> str:
    given = text.strip()
    if outcome is not Outcome.DISMISSED and len(given) < rules.SHORTEST_CLAUSE:
        raise Invalid("complaint-clause-missing", field="clause")
    return given


def _tell_sides(work: Work, row: Complaint, code: str) -> None:
    """Tell both sides, and the agency whose award hangs on it where the decision touches that."""
    told = {row.org_id, row.respondent_org_id}
    if row.interested_org_id is not None and row.remedy is not Remedy.NONE:
        told.add(row.interested_org_id)
    for org_id in sorted(told):
        messages.tell(work, org_id, code, url_of(row.id), number=row.number, by=_day(row))


def _day(row: Complaint) -> str:
    return beijing_day(row.appeal_by).isoformat() if row.appeal_by is not None else ""


def _reviewing_office(work: Work, row: Complaint) -> int:
    """Return who is asked to review: the administration above the office, or the office's own second officer."""
    above = next(iter(offices(work.session, OrgKind.ADMINISTRATION)), None)
    return above if above is not None and above != row.respondent_org_id else row.office_org_id
