"""From the award to the draft: one contract is drafted for each award, and ends with it.

Every write locks the need's row first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts import messages
from core import deadlines
from core.errors import NotFound
from core.work import Work, facts_of
from marketplace.contracts import documents, queries
from marketplace.contracts.lifecycle import CONTRACT, SIGN, ContractState
from marketplace.contracts.loading import url_of
from marketplace.contracts.models import Contract
from marketplace.contracts.permissions import POLICY
from marketplace.contracts.rules import DayKind
from marketplace.needs.models import Need
from marketplace.needs.queries import frozen_rule
from marketplace.needs.service import locked
from marketplace.quotes.models import Quote
from marketplace.selection.lifecycle import HOLDING, AwardState
from marketplace.selection.models import Award
from marketplace.selection.publicity import as_system
from marketplace.selection.queries import award_by_id, award_of


def on_award(work: Work, facts: Mapping[str, Any]) -> None:
    """Draft the contract of an award. Handles ``award.given``; may run twice."""
    draft_from_award(work, facts_of(facts))


def on_award_declined(work: Work, facts: Mapping[str, Any]) -> None:
    """End the draft of an award the winner stepped back from. Handles ``award.declined``; may run twice."""
    contract = queries.contract_of_award(work.session, facts_of(facts))
    if contract is not None and contract.state is ContractState.DRAFTED:
        end_draft(work, contract)


def on_award_annulled(work: Work, facts: Mapping[str, Any]) -> None:
    """End the draft of an award that fell with a complaint. Handles ``award.annulled``; may run twice."""
    contract = queries.contract_of_award(work.session, facts_of(facts))
    if contract is not None and contract.state is ContractState.DRAFTED:
        end_draft(work, contract, "award-annulled")


def on_award_suspended(work: Work, facts: Mapping[str, Any]) -> None:
    """Stop the clock of signing while a complaint stands in the way. Handles ``award.suspended``; may run twice."""
    contract = queries.contract_of_award(work.session, facts_of(facts))
    if contract is not None and award_by_id(work.session, contract.award_id).state is AwardState.SUSPENDED:
        deadlines.drop(work, SIGN, contract.id)


def on_award_confirmed(work: Work, facts: Mapping[str, Any]) -> None:
    """Start the clock of signing when the award is final. Handles ``award.confirmed``; may run twice."""
    award = award_by_id(work.session, facts_of(facts))
    contract = draft_from_award(work, award.id)
    if contract is None or contract.state is not ContractState.DRAFTED or award.state is not AwardState.CONFIRMED:
        return
    if contract.sign_by != award.sign_by:
        contract.sign_by = award.sign_by
        work.record(contract, "contract.sign-by-set", award_id=award.id)
    deadlines.put(work, SIGN, contract.id, contract.sign_by)
    _tell_to_sign(work, contract)


def draft_from_award(work: Work, award_id: int) -> Contract | None:
    """Draft the contract of an award from the model text; what was drafted before is returned.

    Returns None when the award no longer holds. Raises NotFound.
    """
    award = award_by_id(work.session, award_id)
    need = locked(work, award.need_id)
    made = queries.contract_of_award(work.session, award_id)
    if made is not None or award.state not in HOLDING:
        return made
    stale = queries.live_contract(work.session, need.id)
    if stale is not None:
        end_draft(as_system(work), stale)
        work.session.flush()
    contract = _draft(work, award, need)
    documents.write_text(work.session, contract, need)
    work.add(contract, "contract.drafted", need_id=need.id, award_id=award.id)
    deadlines.put(work, SIGN, contract.id, contract.sign_by)
    if award.state is AwardState.CONFIRMED:
        _tell_to_sign(work, contract)
    return contract


def contract_for_need(work: Work, need_id: int) -> Contract:
    """Return the live contract of a need, drafting it when the award's event has not been handled yet.

    Raises NotFound when there is no award.
    """
    found = queries.live_contract(work.session, need_id)
    award = award_of(work.session, need_id)
    if found is None or (award is not None and found.award_id != award.id):
        found = draft_from_award(as_system(work), award.id) if award is not None else None
    if found is None:
        raise NotFound("contract-not-found", need_id=need_id)
    return found


def _draft(work: Work, award: Award, need: Need) -> Contract:
    quote = work.session.get_one(Quote, award.quote_id)
    days = quote.days or need.time_limit_days
    kind = frozen_rule(work.session, need, "time-limit-day-kind", DayKind.WORKING)
    return Contract(
        number=f"HT-{award.number}",
        need_id=need.id,
        award_id=award.id,
        enterprise_org_id=award.org_id,
        agency_id=award.agency_id,
        agency_org_id=award.agency_org_id,
        town_code=need.town_code,
        item_code=need.item_code,
        title=need.title,
        amount=award.amount,
        quote_amount=award.amount,
        days=days,
        day_kind=DayKind(kind),
        drafted_at=work.clock.now(),
        sign_by=award.sign_by,
        rounds=0,
    )


def _tell_to_sign(work: Work, contract: Contract) -> None:
    for org_id in (contract.enterprise_org_id, contract.agency_org_id):
        once = f"contract-to-sign:{contract.id}:{org_id}"
        messages.tell(
            work, org_id, "contract-to-sign", url_of(contract.id), due_at=contract.sign_by, unique_key=once,
            need=contract.title,
        )  # fmt: skip


def end_draft(work: Work, contract: Contract, reason: str = "award-declined") -> None:
    """End the draft of an award that no longer holds."""
    contract.terminated_at = work.clock.now()
    contract.termination_reason = reason
    work.move(CONTRACT, POLICY, contract, "terminate")
    deadlines.drop(work, SIGN, contract.id)
    for org_id in (contract.enterprise_org_id, contract.agency_org_id):
        messages.settle(work, org_id, url_of(contract.id))
