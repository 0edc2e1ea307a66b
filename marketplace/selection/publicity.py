"""From the choice to its being final: the publicity, what holds it up, a suspension with its end, the letter.

Whoever reads an award that is late moves it: ``settle_due`` does what the deadline would have done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from accounts import messages
from core import deadlines
from core.access import SYSTEM
from core.audit import AuditLeaf
from core.clock import beijing_day
from core.work import Work, Works
from core.workdays import add_workdays, close_of
from marketplace.needs.models import Need
from marketplace.needs.queries import frozen_rule
from marketplace.needs.service import locked
from marketplace.selection import letters, queries
from marketplace.selection.lifecycle import AWARD, PUBLICITY, SUSPENSION, AwardState
from marketplace.selection.models import Award
from marketplace.selection.permissions import POLICY

SIGN_DAYS: Final = 10
PUBLICITY_DAYS: Final = 1
SUSPENSION_DAYS: Final = 20


def as_system(work: Work) -> Work:
    """Return the same unit of work acting for the house: for what follows from an act that was already allowed.

    The leaves still name the person who acted.
    """
    return replace(work, actor=SYSTEM)


def result_url(need_id: int) -> str:
    """Return the address of a need's result."""
    return f"/needs/{need_id}/result"


def after(work: Work, need: Need, key: str, usual: int, since: datetime | None = None) -> datetime:
    """Return the close of the day that lies as many working days after an instant, or now, as the need's rules say."""
    days = int(frozen_rule(work.session, need, key, usual))
    return close_of(add_workdays(beijing_day(since or work.clock.now()), days))


def publicity_end(work: Work, need: Need) -> datetime:
    """Return when the time to object ends that begins now; a rule of no days ends it at once."""
    days = int(frozen_rule(work.session, need, "publicity-days", PUBLICITY_DAYS))
    return after(work, need, "publicity-days", PUBLICITY_DAYS) if days else work.clock.now()


def begin(work: Work, award: Award, need: Need) -> None:
    """Put the end of a new award's publicity on the clock, or confirm it at once where the rules give none."""
    if award.confirm_at <= work.clock.now():
        _confirm(as_system(work), award, need)
    else:
        deadlines.put(work, PUBLICITY, award.id, award.confirm_at)


def confirm_due(work: Work, award_id: int) -> None:
    """Make an award final whose publicity is over. Handles the deadline ``award.publicity``; may run twice."""
    settle_due(work, queries.award_by_id(work.session, award_id).need_id)


def suspension_over(work: Work, award_id: int) -> None:
    """Let an award go on whose suspension has lasted its time. Handles ``award.suspension``; may run twice."""
    settle_due(work, queries.award_by_id(work.session, award_id).need_id)


def settle_due(work: Work, need_id: int) -> Award | None:
    """Do what is due to the award of a need, whoever asks; return the award that holds, if there is one."""
    need = locked(work, need_id)
    award, inside, now = queries.award_of(work.session, need_id), as_system(work), work.clock.now()
    if award is None:
        return None
    if award.state is AwardState.SUSPENDED and award.suspended_until is not None and award.suspended_until <= now:
        _resume(inside, award, need)
    if award.state is AwardState.PROVISIONAL and award.confirm_at <= now:
        _confirm(inside, award, need)
    return award


def is_due(award: Award | None, now: datetime) -> bool:
    """Say whether something is due to an award that reading it should do first."""
    if award is None:
        return False
    if award.state is AwardState.SUSPENDED:
        return award.suspended_until is not None and award.suspended_until <= now
    return award.state is AwardState.PROVISIONAL and award.confirm_at <= now


def settle_if_due(works: Works, need_id: int) -> None:
    """Confirm or resume the award of a need now when the worker has not done it yet."""
    with works.reading() as work:
        due = is_due(queries.award_of(work.session, need_id), work.clock.now())
    if due:
        with works.system() as work:
            settle_due(work, need_id)


def hold(work: Work, award: Award, until: datetime) -> None:
    """Put the confirmation of a provisional award off until an instant; never before its publicity ends.

    One that is suspended stays so to its cap.
    """
    if award.state is AwardState.SUSPENDED:
        detain_no_longer(work, award)
    if award.state is not AwardState.PROVISIONAL:
        return
    confirm_at = max(award.publicity_until, until)
    if confirm_at != award.confirm_at:
        award.confirm_at = confirm_at
        deadlines.put(work, PUBLICITY, award.id, confirm_at)
        work.record(award, "award.held", confirm_at=confirm_at.isoformat())


def suspend(work: Work, award: Award) -> None:
    """Stop the way of a provisional award to its contract, once, for as many working days as its rules cap.

    A second complaint does not prolong it: the end is set by the first.
    """
    if award.state is not AwardState.PROVISIONAL:
        return
    need, inside = locked(work, award.need_id), as_system(work)
    award.suspended_until = _cap(work, award, need)
    if award.suspended_until <= work.clock.now():
        return
    inside.move(AWARD, POLICY, award, "suspend", need_id=need.id)
    deadlines.drop(work, PUBLICITY, award.id)
    deadlines.put(work, SUSPENSION, award.id, award.suspended_until)
    _tell_both(work, award, need, "award-suspended")


def detain(work: Work, award: Award, until: datetime) -> None:
    """Keep a suspended award suspended until an instant: what is decided against it waits to become final."""
    if award.state is AwardState.SUSPENDED and award.suspended_until != until:
        award.suspended_until = until
        deadlines.put(work, SUSPENSION, award.id, until)
        work.record(award, "award.detained", until=until.isoformat())


def detain_no_longer(work: Work, award: Award) -> None:
    """Let a suspension end at its cap again: nothing decided stands against the award, something is undecided still.

    Past the cap that is undecided does not hold it either.
    """
    if award.state is AwardState.SUSPENDED:
        need = locked(work, award.need_id)
        detain(work, award, _cap(work, award, need))
        settle_due(work, need.id)
    elif award.state is AwardState.PROVISIONAL:
        release(work, award)


def _cap(work: Work, award: Award, need: Need) -> datetime:
    """Return the latest end of a suspension, reckoned from the first."""
    since = suspended_first(work, "award", award.id)
    return after(work, need, "complaint-suspension-days", SUSPENSION_DAYS, since)


def suspended_first(work: Work, kind: str, object_id: int) -> datetime | None:
    """Return when an award or a panel was suspended the first time, as the log has it; None for one just now."""
    query = select(func.min(AuditLeaf.at)).where(AuditLeaf.kind == kind, AuditLeaf.object_id == object_id)
    return work.session.scalar(query.where(AuditLeaf.verb == f"{kind}.suspend"))


def release(work: Work, award: Award) -> None:
    """Let an award go on that nothing stands against any more."""
    need = locked(work, award.need_id)
    if award.state is AwardState.SUSPENDED:
        _resume(as_system(work), award, need)
    hold(work, award, award.publicity_until)
    settle_due(work, need.id)


def stop(work: Work, award: Award) -> None:
    """Take an ended award's times off the clock."""
    for kind in (PUBLICITY, SUSPENSION):
        deadlines.drop(work, kind, award.id)


def _resume(work: Work, award: Award, need: Need) -> None:
    work.move(AWARD, POLICY, award, "resume", need_id=need.id)
    deadlines.drop(work, SUSPENSION, award.id)
    award.confirm_at = max(award.publicity_until, work.clock.now())
    deadlines.put(work, PUBLICITY, award.id, award.confirm_at)
    if award.confirm_at > work.clock.now():
        _tell_both(work, award, need, "award-resumed")


def _confirm(work: Work, award: Award, need: Need) -> None:
    """Make an award final: the letter goes out and the time to sign begins."""
    award.confirmed_at = work.clock.now()
    award.sign_by = after(work, need, "contract-days", SIGN_DAYS)
    work.move(AWARD, POLICY, award, "confirm", need_id=need.id)
    deadlines.drop(work, PUBLICITY, award.id)
    letters.issue_letter(work, award, need)
    _tell_both(work, award, need, "award-confirmed")


def _tell_both(work: Work, award: Award, need: Need, code: str) -> None:
    for org_id in (award.org_id, award.agency_org_id):
        messages.tell(work, org_id, code, result_url(need.id), need=need.title)
