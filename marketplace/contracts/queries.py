"""Reads of contracts: one with its versions and settlement, lists by party, the cap that binds it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, false, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from accounts.models import Organisation
from agencies.catalogue.models import ServiceItem
from agencies.fees.service import benchmark
from core.access import Actor, OrgKind
from core.clock import beijing_day
from core.errors import NotFound
from core.money import Money
from core.paging import Page, newest
from marketplace.contracts.lifecycle import (
    AMENDMENT_ANSWER,
    PAUSE_ANSWER,
    SETTLEMENT_ANSWER,
    TERMINATION_VIEW,
    AmendmentState,
    ContractState,
    PauseState,
    TerminationState,
)
from marketplace.contracts.models import Amendment, Contract, Deliverable, Outcome, Pause, Settlement, Termination
from marketplace.contracts.timing import Cause, Stretch
from marketplace.contracts.turns import Finding, FirstPass
from marketplace.needs.models import Need

SEE_ALL = (OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION)
PUBLIC_STATES = (
    ContractState.IN_SERVICE,
    ContractState.DELIVERED,
    ContractState.ACCEPTED,
    ContractState.SETTLED,
    ContractState.TERMINATED,
)


def contract_by_id(session: Session, contract_id: int) -> Contract:
    """Return one contract. Raises NotFound."""
    contract = session.get(Contract, contract_id)
    if contract is None:
        raise NotFound("contract-not-found", id=contract_id)
    return contract


def contract_of_award(session: Session, award_id: int) -> Contract | None:
    """Return the contract drafted from an award."""
    return session.scalars(select(Contract).where(Contract.award_id == award_id)).one_or_none()


def live_contract(session: Session, need_id: int) -> Contract | None:
    """Return the contract of a need that was not terminated."""
    query = select(Contract).where(Contract.need_id == need_id, Contract.state != ContractState.TERMINATED)
    return session.scalars(query).one_or_none()


def deliverables_of(session: Session, contract_id: int) -> Sequence[Deliverable]:
    """Return the versions of a result, newest first."""
    query = select(Deliverable).where(Deliverable.contract_id == contract_id).order_by(Deliverable.no.desc())
    return session.scalars(query).all()


def settlement_of(session: Session, contract_id: int) -> Settlement | None:
    """Return what was paid, once it was recorded."""
    return session.scalars(select(Settlement).where(Settlement.contract_id == contract_id)).one_or_none()


def pauses_of(session: Session, contract_id: int) -> Sequence[Pause]:
    """Return every pause of a contract, oldest first."""
    return session.scalars(select(Pause).where(Pause.contract_id == contract_id).order_by(Pause.no)).all()


def amendments_of(session: Session, contract_id: int) -> Sequence[Amendment]:
    """Return every amendment of a contract, oldest first."""
    return session.scalars(select(Amendment).where(Amendment.contract_id == contract_id).order_by(Amendment.no)).all()


def termination_of(session: Session, contract_id: int) -> Termination | None:
    """Return how a contract ended early, if it did by one of its parties."""
    return session.scalars(select(Termination).where(Termination.contract_id == contract_id)).one_or_none()


def outcomes_of(session: Session, contract_id: int) -> Sequence[Outcome]:
    """Return what departments found of a contract's result, oldest first."""
    return session.scalars(select(Outcome).where(Outcome.contract_id == contract_id).order_by(Outcome.no)).all()


def stretches_of(pauses: Sequence[Pause], now: datetime) -> list[Stretch]:
    """Return the pauses that ran as stretches of time; one that still runs goes on until now."""
    return [Stretch(one.cause, one.asked_at, one.ended_at or now) for one in pauses if one.running_at is not None]


def looking(versions: Sequence[Deliverable], now: datetime) -> list[Stretch]:
    """Return the times in which the enterprise held a version; one that still waits goes on until now."""
    return [Stretch(Cause.ENTERPRISE, one.submitted_at, one.decided_at or now) for one in versions]


def late_turns(session: Session, contract_id: int, now: datetime) -> Sequence[tuple[str, int]]:
    """Return what of a contract waits for an answer although its day has passed: the deadline's kind, and the row."""
    parts = (
        (PAUSE_ANSWER, Pause, Pause.state == PauseState.ASKED),
        (AMENDMENT_ANSWER, Amendment, Amendment.state == AmendmentState.PROPOSED),
        (TERMINATION_VIEW, Termination, Termination.state == TerminationState.NOTIFIED),
        (SETTLEMENT_ANSWER, Settlement, Settlement.answer_by.is_not(None)),
    )
    wanted = [
        select(literal(kind), model.id).where(model.contract_id == contract_id, waits, model.answer_by <= now)
        for kind, model, waits in parts
    ]
    return [(str(kind), int(row_id)) for kind, row_id in session.execute(union_all(*wanted))]


def first_pass(session: Session, agency_id: int) -> FirstPass:
    """Return how many of an agency's contracts departments looked at, and accepted at once."""
    passed = func.sum(case((Outcome.finding == Finding.ACCEPTED, 1), else_=0))
    query = select(func.coalesce(passed, 0), func.count()).where(Outcome.agency_id == agency_id, Outcome.no == 1)
    row = session.execute(query).one()
    return FirstPass(int(row[0]), int(row[1]))


def first_findings(session: Session, since: datetime, until: datetime) -> dict[int, str]:
    """Return what departments found first of the contracts signed in a period, by contract."""
    query = (
        select(Outcome.contract_id, Outcome.finding)
        .join(Contract, Contract.id == Outcome.contract_id)
        .where(Outcome.no == 1, Contract.starts_at >= since, Contract.starts_at < until)
    )
    return {int(contract_id): str(finding) for contract_id, finding in session.execute(query)}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A contract as a department's object; offices: the organisations of the departments its item names."""

    contract: Contract
    offices: frozenset[int]


def offices_of(session: Session, department_codes: Collection[str]) -> frozenset[int]:
    """Return the departments' organisations of these codes."""
    query = select(Organisation.id).where(
        Organisation.kind == OrgKind.DEPARTMENT, Organisation.department_code.in_(list(department_codes))
    )
    return frozenset(session.scalars(query))


def items_of_office(session: Session, org_id: int | None) -> list[str]:
    """Return the items whose approval this department gives; all of them for whoever is no department."""
    org = session.get(Organisation, org_id or 0)
    rows = session.execute(select(ServiceItem.code, ServiceItem.departments)).all()
    if org is None or org.kind is not OrgKind.DEPARTMENT:
        return [code for code, _departments in rows]
    return [code for code, departments in rows if org.department_code in departments]


def to_review(session: Session, item_codes: Sequence[str], *, after: int | None, limit: int | None) -> Page[Contract]:
    """Return the contracts of these items with a result handed in, newest first."""
    handed_in = (ContractState.DELIVERED, ContractState.ACCEPTED, ContractState.SETTLED)
    query = select(Contract).where(Contract.item_code.in_(item_codes), Contract.state.in_(handed_in))
    return newest(session, query, Contract.id, after=after, limit=limit)


def visible_contracts(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is the twin of ``contract:read``."""
    if actor.is_system or actor.org_kind in SEE_ALL:
        return true()
    seen: list[ColumnElement[bool]] = []
    if actor.org_kind is OrgKind.ENTERPRISE and actor.org_id is not None:
        seen.append(Contract.enterprise_org_id == actor.org_id)
    if actor.org_kind is OrgKind.AGENCY and actor.org_id is not None:
        seen.append(Contract.agency_org_id == actor.org_id)
    if actor.org_kind is OrgKind.TOWN_OPERATOR and actor.town_code is not None:
        seen.append(Contract.town_code == actor.town_code)
    return or_(*seen) if seen else false()


def contracts_page(session: Session, actor: Actor, *, after: int | None, limit: int | None) -> Page[Contract]:
    """Return the contracts this reader may read, newest first."""
    query = select(Contract).where(visible_contracts(actor))
    return newest(session, query, Contract.id, after=after, limit=limit)


def public_contracts(session: Session, *, after: int | None, limit: int | None) -> Page[Contract]:
    """Return the signed contracts for the public list, newest first."""
    query = select(Contract).where(Contract.state.in_(PUBLIC_STATES), Contract.starts_at.is_not(None))
    return newest(session, query, Contract.id, after=after, limit=limit)


def binding_cap(need: Need) -> Money | None:
    """Return the price nobody may exceed for a need, by its schedule as of its publication; None where none binds."""
    if need.schedule_id is None or need.published_at is None:
        return None
    funding = "government" if need.fund == "fiscal" else "social"
    inputs = {**need.fee_inputs, "funding": funding}
    calculation = benchmark(need.item_code, [need.schedule_id], beijing_day(need.published_at), inputs)
    return None if calculation is None else calculation.binding_cap()


def latest_of_agency(session: Session, agency_id: int, limit: int) -> Sequence[Contract]:
    """Return an agency's newest signed contracts."""
    query = select(Contract).where(Contract.agency_id == agency_id, Contract.starts_at.is_not(None))
    return session.scalars(query.order_by(Contract.id.desc()).limit(limit)).all()


def running(session: Session, actor: Actor, limit: int) -> Sequence[Contract]:
    """Return the deals of this reader that are neither settled nor ended, the one due first on top."""
    over = (ContractState.SETTLED, ContractState.TERMINATED)
    query = select(Contract).where(visible_contracts(actor), Contract.state.not_in(over))
    return session.scalars(
        query.order_by(Contract.due_at.is_(None).desc(), Contract.due_at, Contract.id).limit(limit)
    ).all()
