"""Reads of contracts: one with its versions and settlement, lists by party, the cap that binds it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from agencies.fees.service import benchmark
from core.access import Actor, OrgKind
from core.clock import beijing_day
from core.errors import NotFound
from core.money import Money
from core.paging import Page, keyset
from marketplace.contracts.lifecycle import ContractState
from marketplace.contracts.models import Contract, Deliverable, Settlement
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
    return keyset(
        lambda wanted: session.scalars(wanted).all(),
        query,
        Contract.id,
        after=after,
        limit=limit,
        key=lambda row: row.id,
    )


def public_contracts(session: Session, *, after: int | None, limit: int | None) -> Page[Contract]:
    """Return the signed contracts for the public list, newest first."""
    query = select(Contract).where(Contract.state.in_(PUBLIC_STATES), Contract.starts_at.is_not(None))
    return keyset(
        lambda wanted: session.scalars(wanted).all(),
        query,
        Contract.id,
        after=after,
        limit=limit,
        key=lambda row: row.id,
    )


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
