"""Use cases of an early end: the notice that ends a signed contract, the other side's view, and what follows.

The contract ends when the other side is told (民法典 第五百六十五条). That side may say its view within a clock, and
both views stand on the deal's page. Whoever still needs the service asks for it anew from the need.
"""

from __future__ import annotations

from sqlalchemy import select

from accounts import messages
from core import deadlines
from core.errors import NotFound
from core.work import Work
from marketplace.contracts import amending, documents, pausing, queries, turns
from marketplace.contracts.commands import Terminate, View
from marketplace.contracts.lifecycle import CONTRACT, DUE, TERMINATION, TERMINATION_VIEW, TerminationState
from marketplace.contracts.loading import answer_by, load, other_side, parties, reason_of, tell_both, url_of
from marketplace.contracts.models import Contract, Termination
from marketplace.contracts.permissions import POLICY
from marketplace.needs.lifecycle import NEED
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.selection.publicity import as_system


def terminate(work: Work, contract_id: int, command: Terminate) -> Contract:
    """End a signed contract before acceptance, for a cause, saying what was delivered and what is payable.

    Either side may. The other is told and may say its view; the need fails, and may be repeated.
    Raises NotFound, Forbidden, Conflict, Invalid without a reason or for more payable than the contract.
    """
    contract, need = load(work, contract_id)
    work.require(POLICY, "contract:terminate", contract)
    CONTRACT.follow("terminate", contract.state)
    reason = reason_of(command.reason)
    turns.judge_payable(command.payable, contract.amount, queries.binding_cap(need))
    pausing.end_open(work, contract)
    amending.end_open(work, contract)
    now, by = work.clock.now(), work.actor.org_id or 0
    contract.termination_reason = reason
    contract.terminated_at, contract.terminated_by_org_id = now, by
    work.move(CONTRACT, POLICY, contract, "terminate", by_org=by, cause=str(command.cause))
    deadlines.drop(work, DUE, contract.id)
    termination = Termination(
        contract_id=contract.id, enterprise_org_id=contract.enterprise_org_id, agency_org_id=contract.agency_org_id,
        state=TerminationState.NOTIFIED, cause=command.cause, reason=reason, delivered=command.delivered.strip(),
        versions=len(queries.deliverables_of(work.session, contract.id)), payable=command.payable,
        asked_by_org_id=by, asked_at=now, answer_by=answer_by(work, need, "termination-view-days"),
    )  # fmt: skip
    work.add(
        termination, "termination.notified", contract_id=contract.id, cause=str(command.cause),
        payable_fen=command.payable.fen,
    )  # fmt: skip
    deadlines.put(work, TERMINATION_VIEW, termination.id, termination.answer_by)
    documents.issue_termination(work, contract, termination)
    need.failed_reason = "contract-terminated"
    as_system(work).move(NEED, NEEDS, need, "fail", code="contract-terminated")
    _tell(work, contract, termination)
    return contract


def _tell(work: Work, contract: Contract, termination: Termination) -> None:
    for org_id in parties(contract):
        messages.settle(work, org_id, url_of(contract.id))
    messages.tell(
        work, other_side(contract, termination.asked_by_org_id), "contract-terminated", url_of(contract.id),
        due_at=termination.answer_by, need=contract.title,
    )  # fmt: skip
    messages.tell(work, contract.enterprise_org_id, "need-to-repeat", f"/needs/{contract.need_id}", need=contract.title)


def answer(work: Work, contract_id: int, command: View) -> Termination:
    """Say the other side's view of an early end: whether it agrees, and its words.

    Raises NotFound, Forbidden, Conflict when it was said or is late, Invalid for an objection without a reason.
    """
    contract, _need = load(work, contract_id)
    found = queries.termination_of(work.session, contract_id)
    if found is None:
        raise NotFound("termination-not-found", id=contract_id)
    work.require(POLICY, "termination:answer", found)
    if found.answer_by <= work.clock.now():
        lapse(as_system(work), found.id)
    TERMINATION.follow("answer", found.state)
    found.agrees, found.answered_at = command.agrees, work.clock.now()
    found.answer = command.text.strip() if command.agrees else reason_of(command.text)
    work.move(TERMINATION, POLICY, found, "answer", contract_id=contract.id, agrees=command.agrees)
    deadlines.drop(work, TERMINATION_VIEW, found.id)
    messages.settle(work, work.actor.org_id or 0, url_of(contract.id))
    messages.tell(work, found.asked_by_org_id, "termination-answered", url_of(contract.id), need=contract.title)
    return found


def lapse(work: Work, termination_id: int) -> None:
    """Close the time for the other side's view. Handles the deadline ``termination.view``; may run twice."""
    contract, _need = load(work, work.session.get_one(Termination, termination_id).contract_id)
    query = select(Termination).where(Termination.id == termination_id)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one()
    if found.state is not TerminationState.NOTIFIED:
        return
    work.move(TERMINATION, POLICY, found, "lapse", contract_id=contract.id)
    deadlines.drop(work, TERMINATION_VIEW, found.id)
    for org_id in parties(contract):
        messages.settle(work, org_id, url_of(contract.id))
    tell_both(work, contract, "termination-unanswered")
