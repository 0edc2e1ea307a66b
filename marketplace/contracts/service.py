"""Use cases of contracts: revise, sign, deliver, send back, accept.

Pauses, amendments, an early end, the settlement and departments' findings have files of their own: ``pausing``,
``amending``, ``ending``, ``settling``, ``outcomes``.

Every use case locks the contract's row first. Time comes from the unit of work.
"""

from __future__ import annotations

from typing import BinaryIO, Final, cast

from accounts import messages
from core import deadlines, files
from core.errors import Conflict
from core.money import Money
from core.work import Work
from marketplace.contracts import documents, findings, pausing, queries, rules
from marketplace.contracts.commands import Deliver, Reason, ReviseContract, SignContract, Upload
from marketplace.contracts.drafting import (
    contract_for_need,
    draft_from_award,
    on_award,
    on_award_annulled,
    on_award_confirmed,
    on_award_declined,
    on_award_suspended,
)
from marketplace.contracts.ending import terminate
from marketplace.contracts.lifecycle import CONTRACT, DELIVERABLE, DUE, SIGN, ContractState
from marketplace.contracts.loading import due_of, load, reason_of, url_of
from marketplace.contracts.models import Contract, Deliverable
from marketplace.contracts.permissions import POLICY, is_buyer
from marketplace.contracts.rules import AmountVerdict
from marketplace.contracts.settling import settle
from marketplace.needs.lifecycle import NEED
from marketplace.needs.models import Need
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.needs.queries import frozen_rule
from marketplace.quotes.eligibility import Stage, require_fit
from marketplace.selection.letters import moment
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.publicity import as_system, settle_due
from marketplace.selection.queries import award_by_id

__all__ = [
    "accept",
    "contract_for_need",
    "deliver",
    "draft_from_award",
    "on_award",
    "on_award_annulled",
    "on_award_confirmed",
    "on_award_declined",
    "on_award_suspended",
    "remind_due",
    "remind_to_sign",
    "revise",
    "send_back",
    "settle",
    "sign",
    "terminate",
    "url_of",
]

DELIVERABLE_KIND: Final = "deliverable"


def revise(work: Work, contract_id: int, command: ReviseContract) -> Contract:
    """Change the amount of a draft; both sides' signatures start anew.

    Raises NotFound, Forbidden, Conflict when signed, Invalid above the quote without a reason, where deviations are
    barred, or above a binding cap.
    """
    contract, need = load(work, contract_id)
    work.require(POLICY, "contract:revise", contract)
    _want_draft(contract, "revise")
    _judge(work, contract, need, command.amount, command.reason)
    contract.amount, contract.amount_reason = command.amount, command.reason.strip()
    contract.enterprise_signed_at = contract.enterprise_signed_by = None
    contract.agency_signed_at = contract.agency_signed_by = None
    documents.write_text(work.session, contract, need)
    work.record(contract, "contract.revised", amount_fen=contract.amount.fen)
    messages.tell(work, contract.agency_org_id, "contract-revised", url_of(contract.id), need=contract.title)
    return contract


def sign(work: Work, contract_id: int, command: SignContract) -> Contract:
    """Sign for one's own side the text that was read; the second signature starts the clock.

    Raises NotFound, Forbidden, Conflict when the text changed meanwhile, was signed by this side before, or the deal
    is not a draft; Invalid when the amount passes a cap.
    """
    contract, need = load(work, contract_id)
    work.require(POLICY, "contract:sign", contract)
    _want_draft(contract, "sign")
    _want_final_award(work, contract)
    if command.content_hash != contract.content_hash:
        raise Conflict("contract-text-changed")
    require_fit(work, need, contract.agency_id, Stage.SIGN)
    verdict = _judge(work, contract, need, contract.amount, contract.amount_reason)
    now, buyer = work.clock.now(), is_buyer(work.actor, contract)
    if (contract.enterprise_signed_at if buyer else contract.agency_signed_at) is not None:
        raise Conflict("contract-signed-already")
    if buyer:
        contract.enterprise_signed_at, contract.enterprise_signed_by = now, work.actor.user_id
    else:
        contract.agency_signed_at, contract.agency_signed_by = now, work.actor.user_id
    side = "enterprise" if buyer else "agency"
    messages.settle(work, contract.enterprise_org_id if buyer else contract.agency_org_id, url_of(contract.id))
    if contract.enterprise_signed_at is None or contract.agency_signed_at is None:
        work.record(contract, "contract.signed-by-one", side=side, sha256=contract.content_hash)
        other = contract.agency_org_id if buyer else contract.enterprise_org_id
        messages.tell(work, other, "contract-signed-by-other", url_of(contract.id), need=contract.title)
        return contract
    _start(work, contract, need, side, verdict)
    return contract


def _start(work: Work, contract: Contract, need: Need, side: str, verdict: AmountVerdict) -> None:
    """Start the service after the second signature."""
    now = work.clock.now()
    contract.starts_at, contract.signed_amount = now, contract.amount
    contract.due_at = contract.agreed_due_at = rules.due_from(now, contract.days, contract.day_kind)
    work.move(CONTRACT, POLICY, contract, "sign", need_id=need.id, side=side, sha256=contract.content_hash)
    as_system(work).move(NEED, NEEDS, need, "contract", contract_id=contract.id)
    deadlines.drop(work, SIGN, contract.id)
    deadlines.put(work, DUE, contract.id, contract.due_at)
    documents.issue_contract(work, contract)
    if verdict is AmountVerdict.ABOVE_QUOTE:
        findings.open_case(
            work, contract, "contract_above_quote", found=contract.amount, compared=contract.quote_amount,
            reason=contract.amount_reason,
        )  # fmt: skip
    findings.on_signed(work, contract, need)
    url, title = url_of(contract.id), contract.title
    messages.tell(work, contract.enterprise_org_id, "contract-in-service", url, need=title)
    messages.tell(work, contract.agency_org_id, "contract-in-service", url, due_at=contract.due_at, need=title)


def deliver(work: Work, contract_id: int, upload: Upload, command: Deliver) -> Deliverable:
    """Hand in the next version of the result; a pause that runs ends with it, one only asked for falls.

    Raises NotFound, Forbidden, Conflict, Invalid for a file that is refused.
    """
    contract, need = load(work, contract_id)
    work.require(POLICY, "contract:deliver", contract)
    CONTRACT.follow("deliver", contract.state)
    require_fit(work, need, contract.agency_id, Stage.DELIVER)
    pausing.lapse_if_due(work, contract)
    stored = files.store(work, cast("BinaryIO", upload.stream), upload.filename, DELIVERABLE_KIND)
    now = work.clock.now()
    version = Deliverable(
        contract_id=contract.id,
        no=len(queries.deliverables_of(work.session, contract.id)) + 1,
        file_id=stored.id,
        sha256=stored.sha256,
        note=command.note.strip(),
        submitted_at=now,
    )
    work.add(version, "deliverable.submitted", contract_id=contract.id, no=version.no, sha256=version.sha256)
    contract.delivered_at = now
    work.move(CONTRACT, POLICY, contract, "deliver", no=version.no)
    pausing.end_open(work, contract)
    deadlines.drop(work, DUE, contract.id)
    url, buyer = url_of(contract.id), contract.enterprise_org_id
    messages.settle(work, contract.agency_org_id, url)
    messages.tell(work, buyer, "result-delivered", url, is_todo=True, need=contract.title, no=version.no)
    return version


def send_back(work: Work, contract_id: int, command: Reason) -> Contract:
    """Send the delivered version back with reasons; the agency's clock had stood still meanwhile and runs again.

    Raises NotFound, Forbidden, Conflict, Invalid without a reason.
    """
    contract, _need = load(work, contract_id)
    work.require(POLICY, "contract:send_back", contract)
    reasons = reason_of(command.reason)
    now, version = work.clock.now(), _waiting_version(work, contract)
    version.reasons, version.decided_at = reasons, now
    work.move(CONTRACT, POLICY, contract, "send_back", no=version.no)
    as_system(work).move(DELIVERABLE, POLICY, version, "send_back", contract_id=contract.id)
    contract.rounds += 1
    contract.delivered_at = None
    contract.due_at = rules.due_after_return(due_of(contract), version.submitted_at, now)
    messages.settle(work, contract.enterprise_org_id, url_of(contract.id))
    deadlines.put(work, DUE, contract.id, max(due_of(contract), now))
    messages.tell(
        work,
        contract.agency_org_id,
        "result-returned",
        url_of(contract.id),
        due_at=contract.due_at,
        need=contract.title,
        no=version.no,
    )
    return contract


def accept(work: Work, contract_id: int) -> Contract:
    """Accept the delivered version; how late it was is fixed now. Raises NotFound, Forbidden, Conflict."""
    contract, _need = load(work, contract_id)
    work.require(POLICY, "contract:accept", contract)
    now, version = work.clock.now(), _waiting_version(work, contract)
    version.decided_at = contract.accepted_at = now
    contract.late_days = rules.days_late(due_of(contract), version.submitted_at, contract.day_kind)
    work.move(
        CONTRACT, POLICY, contract, "accept", no=version.no, late_days=contract.late_days, agency_id=contract.agency_id
    )
    as_system(work).move(DELIVERABLE, POLICY, version, "accept", contract_id=contract.id)
    url, title = url_of(contract.id), contract.title
    messages.settle(work, contract.enterprise_org_id, url)
    messages.tell(work, contract.enterprise_org_id, "contract-to-settle", url, is_todo=True, need=title)
    messages.tell(work, contract.agency_org_id, "result-accepted", url, need=title, no=version.no)
    return contract


def remind_to_sign(work: Work, contract_id: int) -> None:
    """Tell both sides that the time to sign has passed. Handles the deadline ``contract.sign``; decides nothing."""
    contract = queries.contract_by_id(work.session, contract_id)
    award = award_by_id(work.session, contract.award_id)
    if contract.state is ContractState.DRAFTED and award.state is AwardState.CONFIRMED:
        _remind(work, contract, "contract-not-signed")


def remind_due(work: Work, contract_id: int) -> None:
    """Tell both sides that the result is late. Handles the deadline ``contract.due``; decides nothing."""
    contract = queries.contract_by_id(work.session, contract_id)
    if contract.state is ContractState.IN_SERVICE:
        _remind(work, contract, "result-late")


def _remind(work: Work, contract: Contract, code: str) -> None:
    for org_id in (contract.enterprise_org_id, contract.agency_org_id):
        messages.tell(work, org_id, code, url_of(contract.id), need=contract.title)
    work.record(contract, f"contract.{code}")


def _want_draft(contract: Contract, verb: str) -> None:
    if contract.state is not ContractState.DRAFTED:
        raise Conflict("wrong-state", kind="contract", state=str(contract.state), verb=verb)


def _want_final_award(work: Work, contract: Contract) -> None:
    """Refuse a signature while the award is still public or suspended. Raises Conflict with the time it may come."""
    settle_due(work, contract.need_id)
    award = award_by_id(work.session, contract.award_id)
    if award.state is AwardState.SUSPENDED:
        raise Conflict("award-suspended", until=moment(award.suspended_until or award.confirm_at))
    if award.state is not AwardState.CONFIRMED:
        raise Conflict("award-in-publicity", until=moment(award.confirm_at))


def _judge(work: Work, contract: Contract, need: Need, amount: Money, reason: str) -> AmountVerdict:
    barred = bool(frozen_rule(work.session, need, "contract-deviation-barred", usual=False))
    cap = queries.binding_cap(need)
    return rules.judge_amount(amount, contract.quote_amount, cap, reason, deviation_barred=barred)


def _waiting_version(work: Work, contract: Contract) -> Deliverable:
    versions = queries.deliverables_of(work.session, contract.id)
    if contract.state is not ContractState.DELIVERED or not versions:
        raise Conflict("wrong-state", kind="contract", state=str(contract.state), verb="accept")
    return versions[0]
