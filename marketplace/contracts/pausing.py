"""Use cases of pauses: ask, agree or refuse, take back, resume; silence until the day of answer agrees.

A pause counts from when it was asked. Those that are not the agency's doing put the due date off when they end.
Every use case locks the need, then the contract, then the pause.
"""

from __future__ import annotations

from sqlalchemy import select

from accounts import messages
from core import deadlines
from core.errors import Conflict, NotFound
from core.work import Work
from marketplace.contracts import queries, timing
from marketplace.contracts.commands import Answer, AskPause
from marketplace.contracts.lifecycle import PAUSE, PAUSE_ANSWER, ContractState, PauseState
from marketplace.contracts.loading import (
    answer_by,
    due_of,
    load,
    other_side,
    reason_of,
    tell_both,
    tell_due,
    url_of,
    watch_due,
)
from marketplace.contracts.models import Contract, Pause
from marketplace.contracts.permissions import POLICY
from marketplace.selection.publicity import as_system


def ask(work: Work, contract_id: int, command: AskPause) -> Pause:
    """Ask for the clock to stop, for a cause and a reason; it stops from now once the other side agrees.

    Raises NotFound, Forbidden, Conflict where the service does not run or a pause is open already, Invalid.
    """
    contract, need = load(work, contract_id)
    work.require(POLICY, "contract:pause", contract)
    if contract.state is not ContractState.IN_SERVICE:
        raise Conflict("wrong-state", kind="contract", state=str(contract.state), verb="pause")
    known = queries.pauses_of(work.session, contract_id)
    if any(one.state in {PauseState.ASKED, PauseState.RUNNING} for one in known):
        raise Conflict("pause-open-already")
    now, by = work.clock.now(), work.actor.org_id or 0
    pause = Pause(
        contract_id=contract.id, no=len(known) + 1, enterprise_org_id=contract.enterprise_org_id,
        agency_org_id=contract.agency_org_id, cause=command.cause, reason=reason_of(command.reason),
        asked_by_org_id=by, asked_at=now, answer_by=answer_by(work, need, "pause-answer-days"),
    )  # fmt: skip
    work.add(pause, "pause.asked", contract_id=contract.id, cause=str(command.cause), by_org=by)
    deadlines.put(work, PAUSE_ANSWER, pause.id, pause.answer_by)
    url, other = url_of(contract.id), other_side(contract, by)
    messages.tell(work, other, "pause-asked", url, due_at=pause.answer_by, need=contract.title, no=pause.no)
    return pause


def answer(work: Work, contract_id: int, no: int, command: Answer) -> Pause:
    """Agree to a pause or refuse it with a reason, for the side that did not ask.

    Raises NotFound, Forbidden, Conflict when it was answered already, Invalid for a refusal without a reason.
    """
    contract, pause = _load(work, contract_id, no)
    work.require(POLICY, "pause:agree" if command.agrees else "pause:refuse", pause)
    if command.agrees:
        _run(work, contract, pause, "agree")
        told = "pause-agreed"
    else:
        pause.answer, pause.ended_at = reason_of(command.reason), work.clock.now()
        work.move(PAUSE, POLICY, pause, "refuse", contract_id=contract.id)
        deadlines.drop(work, PAUSE_ANSWER, pause.id)
        told = "pause-refused"
    tell_due(work, contract)
    messages.tell(work, pause.asked_by_org_id, told, url_of(contract.id), need=contract.title, no=pause.no)
    return pause


def end(work: Work, contract_id: int, no: int) -> Pause:
    """Let the clock run again, or take back what was only asked; either side may resume, the asker takes back.

    Raises NotFound, Forbidden, Conflict.
    """
    contract, pause = _load(work, contract_id, no)
    is_asked = pause.state is PauseState.ASKED
    work.require(POLICY, "pause:withdraw" if is_asked else "pause:resume", pause)
    PAUSE.follow("withdraw" if is_asked else "resume", pause.state)
    _end(work, contract, pause)
    tell_due(work, contract)
    other, told = other_side(contract, work.actor.org_id), "pause-withdrawn" if is_asked else "pause-ended"
    messages.tell(work, other, told, url_of(contract.id), need=contract.title, no=pause.no)
    return pause


def lapse(work: Work, pause_id: int) -> None:
    """Let a pause nobody answered take effect. Handles the deadline ``pause.answer``; may run twice."""
    pause = work.session.get_one(Pause, pause_id)
    contract, _need = load(work, pause.contract_id)
    work.session.refresh(pause)
    if pause.state is not PauseState.ASKED:
        return
    pause.was_deemed = True
    _run(work, contract, pause, "lapse")
    tell_due(work, contract)
    tell_both(work, contract, "pause-deemed-agreed", no=pause.no)


def end_open(work: Work, contract: Contract) -> None:
    """End whatever pause is open, as delivery and an early end do: the service itself has gone on or is over."""
    for pause in queries.pauses_of(work.session, contract.id):
        if pause.state in {PauseState.ASKED, PauseState.RUNNING}:
            _end(as_system(work), contract, pause)


def lapse_if_due(work: Work, contract: Contract) -> None:
    """Let an unanswered pause take effect when its day has passed and the deadline's handler has not come yet."""
    for pause in queries.pauses_of(work.session, contract.id):
        if pause.state is PauseState.ASKED and pause.answer_by <= work.clock.now():
            lapse(as_system(work), pause.id)


def _run(work: Work, contract: Contract, pause: Pause, verb: str) -> None:
    pause.running_at = work.clock.now()
    work.move(PAUSE, POLICY, pause, verb, contract_id=contract.id, cause=str(pause.cause))
    deadlines.drop(work, PAUSE_ANSWER, pause.id)
    work.session.flush()
    watch_due(work, contract)


def _end(work: Work, contract: Contract, pause: Pause) -> None:
    was_running, now = pause.state is PauseState.RUNNING, work.clock.now()
    days = _added_days(work, contract, pause) if was_running else 0
    pause.ended_at, pause.ended_by_org_id, pause.put_off_days = now, work.actor.org_id, days
    verb = "resume" if was_running else "withdraw"
    work.move(PAUSE, POLICY, pause, verb, contract_id=contract.id, put_off_days=days)
    contract.due_at = timing.put_off(due_of(contract), days, contract.day_kind)
    deadlines.drop(work, PAUSE_ANSWER, pause.id)
    work.session.flush()
    watch_due(work, contract)


def _added_days(work: Work, contract: Contract, pause: Pause) -> int:
    """Count the days by which this pause, ending now, puts the due date off beyond those before it."""
    others = [one for one in queries.pauses_of(work.session, contract.id) if one.no != pause.no]
    before = queries.stretches_of(others, work.clock.now())
    mine = timing.Stretch(pause.cause, pause.asked_at, work.clock.now())
    kind = contract.day_kind
    return timing.stopped_days([*before, mine], kind) - timing.stopped_days(before, kind)


def _load(work: Work, contract_id: int, no: int) -> tuple[Contract, Pause]:
    contract, _need = load(work, contract_id)
    lapse_if_due(work, contract)
    query = select(Pause).where(Pause.contract_id == contract_id, Pause.no == no)
    pause = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if pause is None:
        raise NotFound("pause-not-found", no=no)
    return contract, pause
