"""What complaints do to an award: hold it while they are judged, suspend it once accepted, let it go, or end it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import corrections
from core.errors import Conflict
from core.work import Work
from marketplace.complaints import queries
from marketplace.complaints.lifecycle import DECIDED, UNDECIDED, UNJUDGED, ComplaintState, Remedy
from marketplace.complaints.models import Complaint
from marketplace.frameworks import publicity as panels
from marketplace.needs.service import locked
from marketplace.selection import publicity, remedies
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.queries import award_of
from marketplace.selection.remedies import Afterwards

AFTERWARDS = {
    Remedy.ANNUL: Afterwards.CHOOSE,
    Remedy.NEXT: Afterwards.NEXT,
    Remedy.RERUN: Afterwards.RERUN,
    Remedy.CORRECT_NOTICE: Afterwards.RERUN,
}


def on_award(work: Work, facts: Mapping[str, Any]) -> None:
    """Bring a new award, or a new panel, in line with what is already complained of; may run twice.

    Handles ``award.given`` and ``framework.admitted``.
    """
    align(work, int(facts["need_id"]))


def align(work: Work, need_id: int) -> None:
    """Bring the award of a need in line with the complaints open about it, whatever happened to them.

    Held while one filed in time waits to be judged, suspended while one is accepted and undecided, kept suspended
    while one upheld against it is not final yet, and let go when none of this is so. A framework's panel likewise.
    """
    panel = panels.in_publicity(work, need_id)
    locked(work, need_id)
    award = award_of(work.session, need_id)
    if panel is not None and panel.publicity_until is not None:
        _align(work, panels, panel, need_id)
    elif award is not None and award.state is not AwardState.CONFIRMED:
        _align(work, publicity, award, need_id)


def _align(work: Work, ways: Any, chosen: Any, need_id: int) -> None:
    """Hold, suspend, detain or release what was chosen; ways: the module that does so for an award or for a panel."""
    about = [one for one in queries.open_of_need(work.session, need_id) if one.filed_at < chosen.publicity_until]
    against = [row for row in about if _stands_against(row)]
    if against:
        ways.suspend(work, chosen)
        ways.detain(work, chosen, max(_until_final(row) for row in against))
    elif any(row.state in UNDECIDED for row in about):
        ways.suspend(work, chosen)
        ways.detain_no_longer(work, chosen)
    elif any(row.state in UNJUDGED for row in about):
        ways.hold(work, chosen, max(_until_judged(row) for row in about if row.state in UNJUDGED))
    else:
        ways.release(work, chosen)


def _stands_against(row: Complaint) -> bool:
    upheld = row.state in DECIDED or row.state is ComplaintState.APPEALED
    return upheld and row.stands and row.remedy in AFTERWARDS


def _until_judged(row: Complaint) -> datetime:
    return _past(row.correct_by if row.state is ComplaintState.RETURNED else row.judge_by, row)


def _until_final(row: Complaint) -> datetime:
    return _past(row.review_by if row.state is ComplaintState.APPEALED else row.appeal_by, row)


def _past(own: datetime | None, row: Complaint) -> datetime:
    """Return a working day after a complaint's own time, so that its own deadline always comes first."""
    return corrections.days_after(own or row.judge_by, 1)


def carry_out(work: Work, row: Complaint) -> None:
    """Do what a final decision says; what can no longer be done is noted, so that the case tells it."""
    if not row.stands or row.remedy in {None, Remedy.NONE} or row.need_id is None:
        return
    reason = f"{row.number} 投诉成立"
    panel = panels.in_publicity(work, row.need_id)
    try:
        if panel is not None:
            panels.annul(work, panel, reason)
        elif row.remedy is Remedy.CORRECT_NOTICE and award_of(work.session, row.need_id) is None:
            remedies.end_unfinished(work, row.need_id, "notice-to-correct", reason)
        else:
            _end_award(work, row, reason)
    except Conflict as too_late:
        row.remedy_note = too_late.code
        work.record(row, "complaint.remedy_too_late", code=too_late.code)
        return
    row.remedy_note = "done"
    work.record(row, "complaint.remedy_done", remedy=str(row.remedy))


def _end_award(work: Work, row: Complaint, reason: str) -> None:
    award = award_of(work.session, row.need_id or 0)
    is_another = award is not None and row.award_id is not None and award.id != row.award_id
    if award is None or (is_another and row.remedy is not Remedy.CORRECT_NOTICE):
        raise Conflict("award-ended-already")
    remedies.annul(work, award.id, reason, AFTERWARDS[row.remedy or Remedy.RERUN])
