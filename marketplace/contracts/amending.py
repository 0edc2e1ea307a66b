"""Use cases of amendments: propose (signing for one's own side), sign, refuse, take back; silence lets them lapse.

Every use case locks the need, then the contract, then the amendment.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from accounts import messages
from core import deadlines, papers
from core.errors import Conflict, Invalid, NotFound
from core.work import Work
from marketplace.contracts import clauses, documents, queries, timing, turns
from marketplace.contracts.commands import Answer, ProposeAmendment
from marketplace.contracts.lifecycle import AMENDMENT, AMENDMENT_ANSWER, AmendmentState, ContractState
from marketplace.contracts.loading import (
    answer_by,
    due_of,
    load,
    other_side,
    parties,
    reason_of,
    tell_both,
    tell_due,
    url_of,
    watch_due,
)
from marketplace.contracts.models import Amendment, Contract
from marketplace.contracts.permissions import POLICY
from marketplace.contracts.rules import due_from
from marketplace.contracts.turns import Limits, Terms
from marketplace.needs.models import Need
from marketplace.needs.queries import frozen_rule
from marketplace.selection.publicity import as_system

OPEN_TO_CHANGE = (ContractState.IN_SERVICE, ContractState.DELIVERED, ContractState.ACCEPTED)


def propose(work: Work, contract_id: int, command: ProposeAmendment) -> Amendment:
    """Propose a change of amount, time limit or one clause, signing it for one's own side.

    Raises NotFound, Forbidden, Conflict before signature, after settlement or while another is open; Invalid for a
    change of nothing, beyond the cap or the share that the rules allow, or with a due date that has passed.
    """
    contract, need = load(work, contract_id)
    work.require(POLICY, "contract:amend", contract)
    if contract.state not in OPEN_TO_CHANGE:
        raise Conflict("wrong-state", kind="contract", state=str(contract.state), verb="amend")
    known = queries.amendments_of(work.session, contract_id)
    if any(one.state is AmendmentState.PROPOSED for one in known):
        raise Conflict("amendment-open-already")
    amendment = _written(work, contract, need, command, len(known) + 1)
    work.add(
        amendment, "amendment.proposed", contract_id=contract.id, kind=str(command.kind), sha256=amendment.content_hash
    )
    deadlines.put(work, AMENDMENT_ANSWER, amendment.id, amendment.answer_by)
    messages.tell(
        work, other_side(contract, work.actor.org_id), "amendment-proposed", url_of(contract.id),
        due_at=amendment.answer_by, need=contract.title, number=amendment.number,
    )  # fmt: skip
    return amendment


def answer(work: Work, contract_id: int, no: int, command: Answer) -> Amendment:
    """Sign an amendment, which puts it in force, or refuse it with a reason, for the side that did not propose it.

    Raises NotFound, Forbidden, Conflict when it was answered or is too late, Invalid where a limit is passed by now or
    a refusal has no reason.
    """
    contract, need, amendment = _load(work, contract_id, no)
    work.require(POLICY, "amendment:sign" if command.agrees else "amendment:refuse", amendment)
    now = work.clock.now()
    AMENDMENT.follow("sign" if command.agrees else "refuse", amendment.state)
    if now >= amendment.answer_by:
        raise Conflict("amendment-too-late", answer_by=amendment.answer_by)
    if command.agrees:
        _judge(work, contract, need, amendment)
        amendment.signed_at, amendment.signed_by, amendment.ended_at = now, work.actor.user_id, now
        work.move(
            AMENDMENT, POLICY, amendment, "sign", contract_id=contract.id, amount_fen=amendment.amount_after.fen,
            sha256=amendment.content_hash,
        )  # fmt: skip
        _apply(work, contract, amendment)
    else:
        amendment.answer, amendment.ended_at = reason_of(command.reason), now
        work.move(AMENDMENT, POLICY, amendment, "refuse", contract_id=contract.id)
    deadlines.drop(work, AMENDMENT_ANSWER, amendment.id)
    _settle(work, contract)
    told = "amendment-in-force" if command.agrees else "amendment-refused"
    messages.tell(
        work, amendment.asked_by_org_id, told, url_of(contract.id), need=contract.title, number=amendment.number
    )
    return amendment


def withdraw(work: Work, contract_id: int, no: int) -> Amendment:
    """Take back what nobody has signed yet. Raises NotFound, Forbidden, Conflict."""
    contract, _need, amendment = _load(work, contract_id, no)
    work.require(POLICY, "amendment:withdraw", amendment)
    _close(work, contract, amendment, "withdraw")
    other = other_side(contract, work.actor.org_id)
    messages.tell(work, other, "amendment-withdrawn", url_of(contract.id), need=contract.title, number=amendment.number)
    return amendment


def lapse(work: Work, amendment_id: int) -> None:
    """Let an amendment nobody answered fall. Handles the deadline ``amendment.answer``; may run twice."""
    contract, _need = load(work, work.session.get_one(Amendment, amendment_id).contract_id)
    amendment = work.session.get_one(Amendment, amendment_id, populate_existing=True)
    if amendment.state is not AmendmentState.PROPOSED:
        return
    _close(work, contract, amendment, "lapse")
    tell_both(work, contract, "amendment-lapsed", number=amendment.number)


def end_open(work: Work, contract: Contract) -> None:
    """Take back what is still proposed, as settlement and an early end do."""
    for amendment in queries.amendments_of(work.session, contract.id):
        if amendment.state is AmendmentState.PROPOSED:
            _close(as_system(work), contract, amendment, "withdraw")


def _close(work: Work, contract: Contract, amendment: Amendment, verb: str) -> None:
    amendment.ended_at = work.clock.now()
    work.move(AMENDMENT, POLICY, amendment, verb, contract_id=contract.id)
    deadlines.drop(work, AMENDMENT_ANSWER, amendment.id)
    _settle(work, contract)


def _settle(work: Work, contract: Contract) -> None:
    """Take the question off both desks; whoever has something else to do there keeps it."""
    if contract.state is ContractState.IN_SERVICE:
        tell_due(work, contract)
        return
    for org_id in parties(contract):
        messages.settle(work, org_id, url_of(contract.id))
    again = {ContractState.DELIVERED: "contract-to-accept", ContractState.ACCEPTED: "contract-to-settle"}
    code = again.get(contract.state)
    if code is not None:
        messages.tell(work, contract.enterprise_org_id, code, url_of(contract.id), is_todo=True, need=contract.title)


def _written(work: Work, contract: Contract, need: Need, command: ProposeAmendment, no: int) -> Amendment:
    now = work.clock.now()
    clause = _clause(work, contract, command)
    amendment = Amendment(
        contract_id=contract.id, no=no, number=f"{contract.number}-BG{no}",
        enterprise_org_id=contract.enterprise_org_id, agency_org_id=contract.agency_org_id,
        state=AmendmentState.PROPOSED, kind=command.kind, reason=reason_of(command.reason),
        amount_before=contract.amount, amount_after=command.amount or contract.amount,
        days_before=contract.days, days_after=command.days or contract.days,
        clause_heading="" if clause is None else clause.heading,
        clause_before="" if clause is None else "\n".join(clause.paragraphs),
        clause_after="" if clause is None else command.clause_text.strip(),
        asked_by_org_id=work.actor.org_id, asked_by=work.actor.user_id, asked_at=now,
        answer_by=answer_by(work, need, "amendment-answer-days"),
    )  # fmt: skip
    _judge(work, contract, need, amendment)
    amendment.content_hash = papers.fingerprint(_content(contract, amendment))
    return amendment


def _clause(work: Work, contract: Contract, command: ProposeAmendment) -> clauses.Clause | None:
    number = command.clause_no
    if number is None:
        return None
    current = documents.current_clauses(contract, queries.amendments_of(work.session, contract.id))
    if not 1 <= number <= len(current):
        raise Invalid("amendment-clause-unknown", field="clause_no", number=number)
    if not command.clause_text.strip():
        raise Invalid("amendment-clause-empty", field="clause_text")
    return current[number - 1]


def _content(contract: Contract, amendment: Amendment) -> dict[str, Any]:
    return {
        "number": amendment.number,
        "contract": contract.number,
        "contract_sha256": contract.content_hash,
        "kind": str(amendment.kind),
        "reason": amendment.reason,
        "amount_fen": [amendment.amount_before.fen, amendment.amount_after.fen],
        "days": [amendment.days_before, amendment.days_after],
        "clause": [amendment.clause_heading, amendment.clause_before, amendment.clause_after],
    }


def _judge(work: Work, contract: Contract, need: Need, amendment: Amendment) -> None:
    share = frozen_rule(work.session, need, "amendment-share-max", usual=None)
    limits = Limits(contract.signed_amount or contract.amount, queries.binding_cap(need), turns.share_of(share))
    before = Terms(amendment.amount_before, amendment.days_before, amendment.clause_before)
    after = Terms(amendment.amount_after, amendment.days_after, amendment.clause_after)
    turns.judge_amendment(amendment.kind, before, after, limits, amendment.reason)
    if after.days != before.days and contract.state is not ContractState.IN_SERVICE:
        raise Invalid("amendment-days-over", field="days")
    if after.days != before.days and _new_due(contract, after.days)[1] <= work.clock.now():
        raise Invalid("amendment-due-past", field="days")


def _new_due(contract: Contract, days: int) -> tuple[datetime, datetime]:
    """Return the agreed due date for another limit, and the due date with what it was put off by before."""
    agreed = due_from(contract.starts_at or contract.drafted_at, days, contract.day_kind)
    put_off = timing.days_put_off(contract.agreed_due_at or agreed, due_of(contract), contract.day_kind)
    return agreed, timing.put_off(agreed, put_off, contract.day_kind)


def _apply(work: Work, contract: Contract, amendment: Amendment) -> None:
    """Let the contract say what was signed, and issue the paper."""
    if amendment.days_after != contract.days:
        contract.agreed_due_at, contract.due_at = _new_due(contract, amendment.days_after)
        contract.days = amendment.days_after
        watch_due(work, contract)
    contract.amount = amendment.amount_after
    work.record(
        contract, "contract.amended", amendment_id=amendment.id, amount_fen=contract.amount.fen, days=contract.days
    )
    documents.issue_amendment(work, contract, amendment)


def _load(work: Work, contract_id: int, no: int) -> tuple[Contract, Need, Amendment]:
    contract, need = load(work, contract_id)
    query = select(Amendment).where(Amendment.contract_id == contract_id, Amendment.no == no)
    amendment = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if amendment is None:
        raise NotFound("amendment-not-found", no=no)
    return contract, need, amendment
