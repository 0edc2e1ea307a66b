"""What the use cases of contracts share: rows locked in one order, reasons, periods by dated rules, who is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from accounts import messages
from core import deadlines
from core.clock import beijing_day
from core.errors import Conflict, Invalid
from core.work import Work
from core.workdays import add_workdays
from marketplace.contracts import queries, rules
from marketplace.contracts.lifecycle import DUE, ContractState, PauseState
from marketplace.contracts.models import Contract
from marketplace.contracts.timing import STOPPING
from marketplace.needs.models import Need
from marketplace.needs.queries import frozen_rule
from marketplace.needs.service import locked

ANSWER_DAYS: Final = {"pause-answer-days": 2, "amendment-answer-days": 5, "termination-view-days": 5,
                      "settlement-answer-days": 5}  # fmt: skip


def url_of(contract_id: int) -> str:
    """Return the address of a contract."""
    return f"/contracts/{contract_id}"


def load(work: Work, contract_id: int) -> tuple[Contract, Need]:
    """Lock the need and the contract, in this order, and read both. Raises NotFound."""
    need = locked(work, queries.contract_by_id(work.session, contract_id).need_id)
    return work.locked(Contract, contract_id, "contract-not-found"), need


def due_of(contract: Contract) -> datetime:
    """Return when a running contract is due. Raises Conflict where it does not run."""
    if contract.due_at is None:
        raise Conflict("wrong-state", kind="contract", state=str(contract.state), verb="deliver")
    return contract.due_at


def reason_of(text: str) -> str:
    """Return a typed reason, trimmed. Raises Invalid when it is too short to say anything."""
    given = text.strip()
    if len(given) < rules.SHORTEST_REASON:
        raise Invalid("reason-too-short", field="reason", least=rules.SHORTEST_REASON, given=len(given))
    return given


def answer_by(work: Work, need: Need, key: str) -> datetime:
    """Return the end of the working day by which the other side must say its word, by the need's frozen rule."""
    days = int(frozen_rule(work.session, need, key, ANSWER_DAYS[key]))
    return rules.end_of(add_workdays(beijing_day(work.clock.now()), days))


def other_side(contract: Contract, org_id: int | None) -> int:
    """Return the party that is not this one."""
    return contract.agency_org_id if org_id == contract.enterprise_org_id else contract.enterprise_org_id


def parties(contract: Contract) -> tuple[int, int]:
    """Return both parties, the enterprise first."""
    return contract.enterprise_org_id, contract.agency_org_id


def tell_both(work: Work, contract: Contract, code: str, **facts: Any) -> None:
    """Leave the same message with both parties."""
    for org_id in parties(contract):
        messages.tell(work, org_id, code, url_of(contract.id), need=contract.title, **facts)


def tell_due(work: Work, contract: Contract) -> None:
    """Take what is answered off both desks, and leave the agency its due date as it is now, while its clock runs."""
    for org_id in parties(contract):
        messages.settle(work, org_id, url_of(contract.id))
    if contract.state is ContractState.IN_SERVICE and not is_stopped(work, contract):
        messages.tell(
            work, contract.agency_org_id, "contract-runs", url_of(contract.id),
            due_at=contract.due_at, need=contract.title,
        )  # fmt: skip


def is_stopped(work: Work, contract: Contract) -> bool:
    """Say whether a pause runs that stops the agency's clock."""
    return any(
        one.state is PauseState.RUNNING and one.cause in STOPPING
        for one in queries.pauses_of(work.session, contract.id)
    )


def watch_due(work: Work, contract: Contract) -> None:
    """Put the due date on the clock while the agency works and its clock runs; take it off otherwise.

    A due date that has passed is left alone: both sides were told.
    """
    if contract.state is not ContractState.IN_SERVICE or is_stopped(work, contract):
        deadlines.drop(work, DUE, contract.id)
    elif due_of(contract) > work.clock.now():
        deadlines.put(work, DUE, contract.id, due_of(contract))
