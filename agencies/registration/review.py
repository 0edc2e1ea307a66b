"""Use cases of registration on the operator's side: verdicts, one correction list, acceptance, and leaving the shelf.

Other rooms call these through ``service``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from accounts import messages
from accounts import reference as places
from agencies.registration import editing, queries, rules
from agencies.registration.commands import MaterialVerdict
from agencies.registration.lifecycle import REGISTRATION, QualificationState, RegistrationState, Verdict
from agencies.registration.models import Agency, CorrectionNotice, Material
from agencies.registration.permissions import POLICY
from agencies.registration.qualifying import count_valid
from core import corrections, deadlines
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.work import Work
from core.workdays import add_workdays, close_of

REVIEW: Final = "registration.review"
GAPS: Final = "registration.gaps"
LONGEST_PROMISE: Final = timedelta(days=90)


def judge(work: Work, agency_id: int, verdicts: Iterable[MaterialVerdict]) -> Agency:
    """Keep verdicts on materials; they may come in several goes, and nothing is sent yet.

    Raises Invalid("reason-missing") for a correction without a reason, ("promise-key") for a gap in a key material,
    ("promise-day") for a day not within 90 days from tomorrow.
    """
    agency = editing.locked(work, agency_id)
    work.require(POLICY, "registration:review", agency)
    if agency.state is not RegistrationState.SUBMITTED:
        raise Conflict("wrong-state", kind="registration", state=str(agency.state), verb="judge")
    rows = asked_rows(work, agency)
    for given in verdicts:
        row = rows.get(given.key)
        if row is None:
            raise NotFound("material-not-found", key=given.key)
        _check_verdict(given, beijing_day(work.clock.now()))
        row.verdict, row.note = given.verdict, given.note.strip()
        row.reasons = list(given.reasons) if given.verdict is Verdict.TO_CORRECT else []
        row.promised_on = given.promised_on if given.verdict is Verdict.PROMISED else None
        row.judged_at = work.clock.now()
        work.record(row, "material.judged", agency=agency_id, verdict=str(given.verdict))
    return agency


def asked_rows(work: Work, agency: Agency) -> dict[str, Material]:
    """Return the rows of the materials asked for now; what is no longer asked for needs no verdict."""
    asked = {material.code for material in queries.asked_for(work.session, agency.id)}
    return {key: row for key, row in queries.materials_of(work.session, agency.id).items() if key in asked}


def _check_verdict(given: MaterialVerdict, today: date) -> None:
    if given.verdict is Verdict.TO_CORRECT:
        fitting = {reason.code for reason in places.reasons_for(given.key)}
        if not set(given.reasons) <= fitting:
            raise Invalid("reason-unknown", field=given.key)
        if not given.reasons and not given.note.strip():
            raise Invalid("reason-missing", field=given.key)
    if given.verdict is Verdict.PROMISED:
        material = next(one for one in places.materials() if one.code == given.key)
        if not rules.may_be_promised(material):
            raise Invalid("promise-key", field=given.key, material=material.name)
        if given.promised_on is None or not today < given.promised_on <= today + LONGEST_PROMISE:
            raise Invalid("promise-day", field=given.key, material=material.name)


def send_back(work: Work, agency_id: int, supervisor_reason: str = "") -> CorrectionNotice:
    """Send one correction list that says everything at once; the applicant answers only what it lists.

    A second list names only what the first one named, needs a supervisor and a written reason, and is counted. Raises
    Conflict("verdicts-missing") with the count, Conflict("nothing-to-correct" | "said-before"), Forbidden,
    Invalid("supervisor-reason").
    Source: 行政许可法 (2019) 第三十二条第一款第四项: 一次告知.
    """
    agency = _judged(work, agency_id)
    rows = asked_rows(work, agency)
    wrong = [row for row in rows.values() if row.verdict is Verdict.TO_CORRECT]
    sent = queries.notices_of(work.session, agency_id)
    before = {one["material"] for one in sent[-1].items} if sent else None
    code = corrections.judge_list([row.key for row in wrong], rows, before)
    if code:
        raise Conflict(code)
    reason = supervisor_reason.strip()
    if agency.corrections_n:
        work.require(POLICY, "registration:send_back_again", agency)
        if not reason:
            raise Invalid("supervisor-reason", field="supervisor_reason")
    agency.corrections_n += 1
    notice = CorrectionNotice(
        agency_id=agency_id,
        number=agency.corrections_n,
        sent_at=work.clock.now(),
        sent_by=work.actor.user_id,
        items=[{"material": row.key, "reasons": row.reasons, "note": row.note} for row in wrong],
        supervisor_reason=reason,
    )
    work.add(notice, "correction.sent", agency=agency_id, number=notice.number)
    work.move(REGISTRATION, POLICY, agency, "send_back", number=notice.number)
    deadlines.drop(work, REVIEW, agency_id)
    _settle_office(work, agency)
    messages.tell(work, agency.org_id, "registration-returned", "/join", is_todo=True, count=len(wrong))
    return notice


def accept(work: Work, agency_id: int) -> Agency:
    """Accept a registration whose every material passed; the agency is on the shelf at once.

    Raises NotFound, Forbidden, Conflict when a material is not judged or did not pass.
    """
    agency = _judged(work, agency_id)
    if any(row.verdict is not Verdict.PASSED for row in asked_rows(work, agency).values()):
        raise Conflict("not-all-passed")
    work.move(REGISTRATION, POLICY, agency, "accept", deemed=False)
    _list(work, agency, "registration-accepted")
    return agency


def accept_with_gaps(work: Work, agency_id: int) -> Agency:
    """Accept while secondary materials follow on the days promised (容缺受理); the first day goes on the clock.

    Raises NotFound, Forbidden, Conflict when nothing is promised or another material did not pass.
    """
    agency = _judged(work, agency_id)
    rows = asked_rows(work, agency).values()
    promised = [row.promised_on for row in rows if row.verdict is Verdict.PROMISED and row.promised_on is not None]
    if not promised or any(row.verdict not in {Verdict.PASSED, Verdict.PROMISED} for row in rows):
        raise Conflict("no-gap-promised" if not promised else "not-all-passed")
    work.move(REGISTRATION, POLICY, agency, "accept_with_gaps")
    _list(work, agency, "registration-accepted-with-gaps")
    deadlines.put(work, GAPS, agency_id, corrections.next_call(promised, work.clock.now()) or close_of(min(promised)))
    return agency


def deem_accepted(work: Work, agency_id: int) -> None:
    """Accept a registration nobody judged in time; the handler of the deadline. Does nothing when it was judged.

    Source: 行政许可法 (2019) 第三十二条第一款第四项: 逾期不告知的，自收到申请材料之日起即为受理.
    """
    agency = editing.locked(work, agency_id)
    late = agency.due_at is not None and agency.due_at <= work.clock.now()
    if agency.state is not RegistrationState.SUBMITTED or not late:
        return
    work.move(REGISTRATION, POLICY, agency, "accept", deemed=True)
    agency.deemed = True
    _list(work, agency, "registration-deemed-accepted")


def _list(work: Work, agency: Agency, message: str) -> None:
    """Put an agency on the shelf: its certificates count as checked, its reviewers' clock stops."""
    now = work.clock.now()
    agency.listed_at = agency.listed_at or now
    deadlines.drop(work, REVIEW, agency.id)
    for row in queries.qualifications_of(work.session, agency.id):
        if row.state is QualificationState.ENTERED:
            count_valid(work, row, "verify")
    _settle_office(work, agency)
    messages.tell(work, agency.org_id, message, f"/agencies/{agency.id}")


def _settle_office(work: Work, agency: Agency) -> None:
    """Take the registration off its operator's list of things to do."""
    office = queries.reviewing_org(work.session, agency)
    if office is not None:
        messages.settle(work, office, f"/registrations/{agency.id}/review")


def close_gaps(work: Work, agency_id: int) -> Agency:
    """Record that every promised paper came. Raises Conflict("gap-open") with the count while one was not handed in."""
    agency = editing.locked(work, agency_id)
    work.require(POLICY, "registration:close_gaps", agency)
    promised = [row for row in asked_rows(work, agency).values() if row.verdict is Verdict.PROMISED]
    empty = [row for row in promised if not _came(row)]
    if empty:
        raise Conflict("gap-open", count=len(empty))
    for row in promised:
        row.verdict, row.judged_at = Verdict.PASSED, work.clock.now()
        work.record(row, "material.judged", agency=agency_id, verdict=str(Verdict.PASSED))
    work.move(REGISTRATION, POLICY, agency, "close_gaps")
    deadlines.drop(work, GAPS, agency_id)
    return agency


def gaps_due(work: Work, agency_id: int) -> None:
    """Remind of a promised paper, and suspend an agency whose paper did not come; the handler of the deadline.

    What came and waits for the operator costs the agency nothing: the clock is set to the next working day.
    """
    agency = editing.locked(work, agency_id)
    if agency.state is not RegistrationState.LISTED_WITH_GAPS:
        return
    today = beijing_day(work.clock.now())
    promised = [row for row in asked_rows(work, agency).values() if row.verdict is Verdict.PROMISED]
    open_rows = [row for row in promised if not _came(row) and row.promised_on is not None]
    now = work.clock.now()
    late = [row for row in open_rows if row.promised_on is not None and close_of(row.promised_on) <= now]
    if late:
        _leave(work, agency, "suspend", "承诺后补的材料到期未补", "registration-suspended")
        return
    days = [row.promised_on for row in open_rows if row.promised_on is not None]
    call = corrections.next_call(days, now)
    if call is None:
        deadlines.put(work, GAPS, agency_id, close_of(add_workdays(today, 1)))
        return
    messages.tell(work, agency.org_id, "registration-promise-near", "/join/materials", due_at=close_of(min(days)))
    work.record(agency, "registration.reminded", items=len(open_rows))
    deadlines.put(work, GAPS, agency_id, call)


def _came(row: Material) -> bool:
    return row.file_id is not None or bool(row.statement)


def suspend(work: Work, agency_id: int, reason: str) -> Agency:
    """Take an agency off the shelf for a time, with a reason it is shown."""
    return _leave(work, editing.locked(work, agency_id), "suspend", reason, "registration-suspended")


def remove(work: Work, agency_id: int, reason: str) -> Agency:
    """Take an agency off the shelf for good (清退); its record stays public."""
    return _leave(work, editing.locked(work, agency_id), "remove", reason, "registration-removed")


def resume(work: Work, agency_id: int, reason: str) -> Agency:
    """Put a suspended agency back on the shelf."""
    return _leave(work, editing.locked(work, agency_id), "resume", reason, "registration-resumed")


def _leave(work: Work, agency: Agency, verb: str, reason: str, message: str) -> Agency:
    work.require(POLICY, f"registration:{verb}", agency)
    if not reason.strip():
        raise Invalid("closing-reason", field="reason")
    work.move(REGISTRATION, POLICY, agency, verb)
    agency.closing_reason = reason.strip()
    messages.tell(work, agency.org_id, message, f"/agencies/{agency.id}")
    return agency


def _judged(work: Work, agency_id: int) -> Agency:
    """Return an agency every material of which has a verdict. Raises Conflict("verdicts-missing")."""
    agency = editing.locked(work, agency_id)
    work.require(POLICY, "registration:review", agency)
    pending = [row for row in asked_rows(work, agency).values() if row.verdict is Verdict.PENDING]
    if pending and agency.state is RegistrationState.SUBMITTED:
        raise Conflict("verdicts-missing", count=len(pending))
    return agency
