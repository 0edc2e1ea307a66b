"""Use cases of the settlement: record what was paid, and the agency's word on it: yes, an objection, or silence.

An objection is answered by corrected lines or by standing by them with a reason; the market keeps both sides' words and
decides nothing. Every use case locks the need, then the contract. Other rooms call these through ``service``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts import messages
from core import deadlines
from core.errors import Conflict, NotFound
from core.work import Work
from marketplace.contracts import amending, findings, queries, rules
from marketplace.contracts.commands import Reason, Settle, View
from marketplace.contracts.lifecycle import CONTRACT, SETTLEMENT, SETTLEMENT_ANSWER, SettlementState
from marketplace.contracts.loading import answer_by, load, reason_of, tell_both, url_of
from marketplace.contracts.models import Contract, Settlement
from marketplace.contracts.permissions import POLICY
from marketplace.needs.lifecycle import NEED
from marketplace.needs.models import Need
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.selection.publicity import as_system

DAYS = "settlement-answer-days"


def settle(work: Work, contract_id: int, command: Settle) -> Settlement:
    """Record what was paid; above the contract, as amended, it opens a case, above a binding cap it is refused.

    The agency then has some working days to say its word. Raises NotFound, Forbidden, Conflict, Invalid.
    """
    contract, need = load(work, contract_id)
    work.require(POLICY, "contract:settle", contract)
    CONTRACT.follow("settle", contract.state)
    cap = queries.binding_cap(need)
    paid = rules.judge_settlement(command.lines, contract.amount, cap, command.reason)
    now = work.clock.now()
    row = Settlement(
        contract_id=contract.id, enterprise_org_id=contract.enterprise_org_id, agency_org_id=contract.agency_org_id,
        state=SETTLEMENT.initial, paid=paid, reason=command.reason.strip(), recorded_at=now,
        lines=_kept_lines(command, contract), answer_by=answer_by(work, need, DAYS),
    )  # fmt: skip
    work.add(row, "settlement.recorded", contract_id=contract.id, paid_fen=paid.fen)
    amending.end_open(work, contract)
    contract.paid, contract.settled_at = paid, now
    work.move(CONTRACT, POLICY, contract, "settle", paid_fen=paid.fen, agency_id=contract.agency_id)
    as_system(work).move(NEED, NEEDS, need, "complete", contract_id=contract.id)
    findings.on_settled(work, contract, row, command.lines)
    messages.settle(work, contract.enterprise_org_id, url_of(contract.id))
    _await_agency(work, contract, row, "contract-settled")
    return row


def answer(work: Work, contract_id: int, command: View) -> Settlement:
    """Say as the agency whether the settlement is right; an objection needs its words.

    Raises NotFound, Forbidden, Conflict when it was said or is late, Invalid.
    """
    contract, need, row = _load(work, contract_id)
    verb = "confirm" if command.agrees else "dispute"
    work.require(POLICY, f"settlement:{verb}", row)
    if row.answer_by is not None and row.answer_by <= work.clock.now():
        lapse(as_system(work), row.id)
    SETTLEMENT.follow(verb, row.state)
    row.answered_at = work.clock.now()
    row.objection = "" if command.agrees else reason_of(command.text)
    work.move(SETTLEMENT, POLICY, row, verb, contract_id=contract.id)
    _off_the_clock(work, contract, row, None if command.agrees else answer_by(work, need, DAYS))
    code = "settlement-confirmed" if command.agrees else "settlement-disputed"
    _tell(work, contract.enterprise_org_id, contract, code, due_at=row.answer_by)
    return row


def correct(work: Work, contract_id: int, command: Settle) -> Settlement:
    """Record corrected lines after an objection; the agency says its word again. Raises as ``settle``."""
    contract, need, row = _load(work, contract_id)
    work.require(POLICY, "settlement:correct", row)
    SETTLEMENT.follow("correct", row.state)
    before = row.paid
    row.paid = rules.judge_settlement(command.lines, contract.amount, queries.binding_cap(need), command.reason)
    row.lines, row.reason, row.recorded_at = _kept_lines(command, contract), command.reason.strip(), work.clock.now()
    row.answered_at, row.answer_by = None, answer_by(work, need, DAYS)
    contract.paid = row.paid
    work.move(SETTLEMENT, POLICY, row, "correct", contract_id=contract.id, before_fen=before.fen, paid_fen=row.paid.fen)
    findings.on_settled(work, contract, row, command.lines)
    messages.settle(work, contract.enterprise_org_id, url_of(contract.id))
    _await_agency(work, contract, row, "settlement-corrected")
    return row


def keep(work: Work, contract_id: int, command: Reason) -> Settlement:
    """Stand by the lines as the enterprise, with a reason the agency reads. Raises NotFound, Forbidden, Invalid."""
    contract, _need, row = _load(work, contract_id)
    work.require(POLICY, "settlement:keep", row)
    SETTLEMENT.follow("keep", row.state)
    row.kept_reason = reason_of(command.reason)
    work.move(SETTLEMENT, POLICY, row, "keep", contract_id=contract.id)
    _off_the_clock(work, contract, row)
    _tell(work, contract.agency_org_id, contract, "settlement-kept")
    return row


def lapse(work: Work, settlement_id: int) -> None:
    """Take silence for what it means: the agency's for yes, the enterprise's for standing by its lines.

    Handles the deadline ``settlement.answer``; may run twice.
    """
    contract, _need = load(work, work.session.get_one(Settlement, settlement_id).contract_id)
    row = work.session.get_one(Settlement, settlement_id, populate_existing=True)
    if row.answer_by is None or row.answer_by > work.clock.now():
        return
    verb = {SettlementState.RECORDED: "deem", SettlementState.DISPUTED: "stand"}.get(row.state)
    if verb is None:
        return
    work.move(SETTLEMENT, POLICY, row, verb, contract_id=contract.id)
    _off_the_clock(work, contract, row)
    tell_both(work, contract, "settlement-deemed" if verb == "deem" else "settlement-unanswered")


def _load(work: Work, contract_id: int) -> tuple[Contract, Need, Settlement]:
    contract, need = load(work, contract_id)
    row = queries.settlement_of(work.session, contract_id)
    if row is None:
        raise NotFound("settlement-not-found", id=contract_id)
    work.session.refresh(row)
    if row.answer_by is None and row.state in {SettlementState.RECORDED, SettlementState.DISPUTED}:
        raise Conflict("wrong-state", kind="settlement", state=str(row.state), verb="answer")
    return contract, need, row


def _await_agency(work: Work, contract: Contract, row: Settlement, code: str) -> None:
    if row.answer_by is not None:
        deadlines.put(work, SETTLEMENT_ANSWER, row.id, row.answer_by)
    _tell(work, contract.agency_org_id, contract, code, due_at=row.answer_by)


def _off_the_clock(work: Work, contract: Contract, row: Settlement, until: datetime | None = None) -> None:
    """Take what was answered off the clock and both desks; until: when the other side's turn ends, if it has one."""
    row.answer_by = until
    if until is None:
        deadlines.drop(work, SETTLEMENT_ANSWER, row.id)
    else:
        deadlines.put(work, SETTLEMENT_ANSWER, row.id, until)
    for org_id in (contract.enterprise_org_id, contract.agency_org_id):
        messages.settle(work, org_id, url_of(contract.id))


def _tell(work: Work, org_id: int, contract: Contract, code: str, **more: Any) -> None:
    messages.tell(work, org_id, code, url_of(contract.id), need=contract.title, **more)


def _kept_lines(command: Settle, contract: Contract) -> list[dict[str, str | int]]:
    """Write the lines as they are kept, each with its difference from the contract."""
    found = rules.differences(command.lines, contract.amount)
    return [
        {
            "name": line.name,
            "amount_fen": line.amount.fen,
            "kind": str(line.kind),
            "quantity": line.quantity,
            "difference_fen": difference,
        }
        for line, difference in zip(command.lines, found, strict=True)
    ]
