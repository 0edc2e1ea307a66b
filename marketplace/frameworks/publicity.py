"""From the panel to its being in force and its end: the publicity, what holds it up, the term, closing.

The same ways as an award's: whoever reads a framework that is late moves it.
"""

from __future__ import annotations

from datetime import datetime

from accounts import messages
from core import deadlines
from core.work import Work, Works
from marketplace.frameworks import letters, queries, rules
from marketplace.frameworks.commands import Ending
from marketplace.frameworks.lifecycle import (
    END,
    FRAMEWORK,
    IN_PUBLICITY,
    NOBODY_LEFT,
    PUBLICITY,
    SUSPENSION,
    FrameworkState,
)
from marketplace.frameworks.models import Framework
from marketplace.frameworks.permissions import POLICY
from marketplace.frameworks.service import locked
from marketplace.needs.lifecycle import NEED, NeedState
from marketplace.needs.models import Need
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.needs.service import locked as locked_need
from marketplace.selection.publicity import SUSPENSION_DAYS, after, as_system, suspended_first


def url_of(framework_id: int) -> str:
    """Return the address of a framework."""
    return f"/frameworks/{framework_id}"


def confirm_due(work: Work, framework_id: int) -> None:
    """Bring a framework into force whose publicity is over. Handles ``framework.publicity``; may run twice."""
    settle_due(work, framework_id)


def suspension_over(work: Work, framework_id: int) -> None:
    """Let a panel go on whose suspension has lasted its time. Handles ``framework.suspension``; may run twice."""
    settle_due(work, framework_id)


def term_over(work: Work, framework_id: int) -> None:
    """End a framework whose term is over. Handles the deadline ``framework.end``; may run twice."""
    settle_due(work, framework_id)


def settle_due(work: Work, framework_id: int) -> Framework:
    """Do what is due to a framework, whoever asks. Raises NotFound."""
    row, now = locked(work, framework_id), work.clock.now()
    if row.state is FrameworkState.SUSPENDED and row.suspended_until is not None and row.suspended_until <= now:
        _resume(work, row)
    if row.state is FrameworkState.PROVISIONAL and row.confirm_at is not None and row.confirm_at <= now:
        confirm(work, row)
    if row.state is FrameworkState.IN_FORCE and row.ends_at is not None and row.ends_at <= now:
        _end(work, row, "expire", "")
    return row


def is_due(row: Framework, now: datetime) -> bool:
    """Say whether something is due to a framework that reading it should do first."""
    times = {
        FrameworkState.SUSPENDED: row.suspended_until, FrameworkState.PROVISIONAL: row.confirm_at,
        FrameworkState.IN_FORCE: row.ends_at,
    }  # fmt: skip
    at = times.get(row.state)
    return at is not None and at <= now


def settle_if_due(works: Works, framework_id: int) -> None:
    """Do what is due to a framework now when the worker has not done it yet."""
    with works.reading() as work:
        row = work.session.get(Framework, framework_id)
        due = row is not None and is_due(row, work.clock.now())
    if due:
        with works.system() as work:
            settle_due(work, framework_id)


def confirm(work: Work, row: Framework) -> None:
    """Bring a framework into force: its term begins now."""
    house, now = as_system(work), work.clock.now()
    row.starts_at, row.ends_at = now, rules.end_of_term(now, row.months)
    house.move(FRAMEWORK, POLICY, row, "confirm", need_id=row.need_id, ends_at=row.ends_at.isoformat())
    deadlines.drop(work, PUBLICITY, row.id)
    deadlines.put(work, END, row.id, row.ends_at)
    need = _need(work, row)
    house.move(NEED, NEEDS, need, "contract")
    letters.issue_letters(work, row, need, (row.starts_at, row.ends_at))
    tell_all(work, row, "framework-in-force")


def close(work: Work, framework_id: int, command: Ending) -> Framework:
    """End a framework before its term, with a reason everybody may read; what was called off goes on.

    Raises NotFound, Forbidden, Conflict, Invalid for a bare reason.
    """
    row = locked(work, framework_id)
    work.require(POLICY, "framework:close", row)
    FRAMEWORK.follow("close", row.state)
    _end(work, row, "close", rules.reason(command.reason), by_hand=True)
    return row


def close_empty(work: Work, row: Framework) -> None:
    """End a framework that has no members left."""
    if row.state is FrameworkState.IN_FORCE and not queries.living(work.session, row.id):
        _end(work, row, "close", NOBODY_LEFT)


def _end(work: Work, row: Framework, verb: str, reason: str, *, by_hand: bool = False) -> None:
    row.ended_at, row.end_reason = work.clock.now(), reason
    (work if by_hand else as_system(work)).move(FRAMEWORK, POLICY, row, verb, need_id=row.need_id)
    deadlines.drop(work, END, row.id)
    as_system(work).move(NEED, NEEDS, _need(work, row), "complete")
    tell_all(work, row, "framework-expired" if verb == "expire" else "framework-closed")


def in_publicity(work: Work, need_id: int) -> Framework | None:
    """Return the framework whose panel, chosen in this need, is public and not final, its row held."""
    row = queries.of_need(work.session, need_id)
    if row is None or row.state not in IN_PUBLICITY:
        return None
    return locked(as_system(work), row.id)


def hold(work: Work, row: Framework, until: datetime) -> None:
    """Put the coming into force off until an instant; never before the publicity ends.

    A panel that is suspended stays so to its cap.
    """
    if row.state is FrameworkState.SUSPENDED:
        detain_no_longer(work, row)
    if row.state is not FrameworkState.PROVISIONAL or row.publicity_until is None:
        return
    confirm_at = max(row.publicity_until, until)
    if confirm_at != row.confirm_at:
        row.confirm_at = confirm_at
        deadlines.put(work, PUBLICITY, row.id, confirm_at)
        work.record(row, "framework.held", confirm_at=confirm_at.isoformat())


def suspend(work: Work, row: Framework) -> None:
    """Stop the way of a panel into force, once, for as many working days as its rules cap."""
    if row.state is not FrameworkState.PROVISIONAL:
        return
    row.suspended_until = _cap(work, row)
    if row.suspended_until <= work.clock.now():
        return
    as_system(work).move(FRAMEWORK, POLICY, row, "suspend", need_id=row.need_id)
    deadlines.drop(work, PUBLICITY, row.id)
    deadlines.put(work, SUSPENSION, row.id, row.suspended_until)
    tell_all(work, row, "framework-suspended")


def detain(work: Work, row: Framework, until: datetime) -> None:
    """Keep a suspended panel suspended until an instant: what is decided against it waits to become final."""
    if row.state is FrameworkState.SUSPENDED and row.suspended_until != until:
        row.suspended_until = until
        deadlines.put(work, SUSPENSION, row.id, until)
        work.record(row, "framework.detained", until=until.isoformat())


def detain_no_longer(work: Work, row: Framework) -> None:
    """Let a suspension end at its cap again: nothing decided stands against the panel, something is undecided still.

    Past the cap that is undecided does not hold it either.
    """
    if row.state is FrameworkState.SUSPENDED:
        detain(work, row, _cap(work, row))
        settle_due(as_system(work), row.id)
    elif row.state is FrameworkState.PROVISIONAL:
        release(work, row)


def _cap(work: Work, row: Framework) -> datetime:
    since = suspended_first(work, "framework", row.id)
    return after(work, _need(work, row), "complaint-suspension-days", SUSPENSION_DAYS, since)


def release(work: Work, row: Framework) -> None:
    """Let a panel go on that nothing stands against any more."""
    if row.state is FrameworkState.SUSPENDED:
        _resume(work, row)
    hold(work, row, row.publicity_until or work.clock.now())
    settle_due(as_system(work), row.id)


def annul(work: Work, row: Framework, reason: str) -> None:
    """End a panel that a complaint was upheld against; the enterprise may ask anew."""
    house, need = as_system(work), _need(work, row)
    row.ended_at, row.end_reason = work.clock.now(), reason
    house.move(FRAMEWORK, POLICY, row, "annul", need_id=row.need_id)
    for kind in (PUBLICITY, SUSPENSION):
        deadlines.drop(work, kind, row.id)
    need.failed_reason = "complaint-upheld"
    if need.state is NeedState.AWARDED:
        house.move(NEED, NEEDS, need, "fail", code=need.failed_reason)
    tell_all(work, row, "framework-annulled")


def _resume(work: Work, row: Framework) -> None:
    as_system(work).move(FRAMEWORK, POLICY, row, "resume", need_id=row.need_id)
    deadlines.drop(work, SUSPENSION, row.id)
    row.confirm_at = max(row.publicity_until or work.clock.now(), work.clock.now())
    deadlines.put(work, PUBLICITY, row.id, row.confirm_at)
    if row.confirm_at > work.clock.now():
        tell_all(work, row, "framework-resumed")


def _need(work: Work, row: Framework) -> Need:
    return locked_need(as_system(work), row.need_id or 0)


def tell_all(work: Work, row: Framework, code: str) -> None:
    """Tell the enterprise and every member."""
    for org_id in (row.org_id, *(one.agency_org_id for one in queries.living(work.session, row.id))):
        messages.tell(work, org_id, code, url_of(row.id), framework=row.title)
