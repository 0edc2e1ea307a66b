"""The rows behind each figure, keyset by keyset, and the public data sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from accounts.models import Organisation
from admin.performance.queries import of_contracts, of_needs, ratio_points
from admin.performance.rules import STEPS, RowSet, Slice
from agencies.catalogue.models import ServiceItem
from agencies.registration.models import Agency
from core.paging import Page, keyset
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import PUBLIC_STATES
from marketplace.needs.models import Need
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract as a row: with its item, its agency and its price ÷ benchmark in ten-thousandths."""

    contract: Contract
    item: str
    agency: str
    ratio: int | None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One need as a row."""

    need: Need
    item: str


def is_about_needs(chosen: RowSet) -> bool:
    """Say whether a row set lists needs rather than contracts."""
    return chosen in STEPS


def contract_rows(
    session: Session, chosen: RowSet, part: Slice, *, after: int | None, limit: int | None
) -> Page[ContractRow]:
    """Return the contracts of a row set, newest first."""
    query: Any = (
        select(Contract, ServiceItem.name, Agency.name, ratio_points)
        .join(Need, Need.id == Contract.need_id)
        .join(Agency, Agency.id == Contract.agency_id)
        .outerjoin(ServiceItem, ServiceItem.code == Contract.item_code)
        .where(of_contracts(chosen, part))
    )

    def fetch(wanted: Any) -> list[ContractRow]:
        return [
            ContractRow(row[0], row[1] or row[0].item_code, row[2], None if row[3] is None else int(row[3]))
            for row in session.execute(wanted)
        ]

    return keyset(fetch, query, Contract.id, after=after, limit=limit, key=lambda row: row.contract.id)


def need_rows(session: Session, chosen: RowSet, part: Slice, *, after: int | None, limit: int | None) -> Page[NeedRow]:
    """Return the needs of a row set, newest first."""
    query: Any = (
        select(Need, ServiceItem.name)
        .outerjoin(ServiceItem, ServiceItem.code == Need.item_code)
        .where(of_needs(chosen, part))
    )
    return keyset(
        lambda wanted: [NeedRow(row[0], row[1] or row[0].item_code) for row in session.execute(wanted)],
        query,
        Need.id,
        after=after,
        limit=limit,
        key=lambda row: row.need.id,
    )


def public_notices(session: Session, since: datetime, until: datetime) -> Sequence[Any]:
    """Return the needs published in a period with item and enterprise, oldest first; draft and contact left out."""
    return session.execute(
        select(Need, ServiceItem.name, Organisation.name)
        .join(Organisation, Organisation.id == Need.org_id)
        .outerjoin(ServiceItem, ServiceItem.code == Need.item_code)
        .where(Need.published_at >= since, Need.published_at < until)
        .order_by(Need.id)
    ).all()


def public_awards(session: Session, since: datetime, until: datetime) -> Sequence[Any]:
    """Return the awards that hold, given in a period, with need and agency, oldest first."""
    return session.execute(
        select(Award, Need.number, Agency.name, Agency.credit_code)
        .join(Need, Need.id == Award.need_id)
        .join(Agency, Agency.id == Award.agency_id)
        .where(Award.state.in_(HOLDING), Award.awarded_at >= since, Award.awarded_at < until)
        .order_by(Award.id)
    ).all()


def public_contracts(session: Session, since: datetime, until: datetime) -> Sequence[Any]:
    """Return the contracts signed in a period with need, enterprise and agency, oldest first."""
    buyer = aliased(Organisation)
    return session.execute(
        select(Contract, Need.number, buyer.name, Agency.name)
        .join(Need, Need.id == Contract.need_id)
        .join(buyer, buyer.id == Contract.enterprise_org_id)
        .join(Agency, Agency.id == Contract.agency_id)
        .where(Contract.state.in_(PUBLIC_STATES), Contract.starts_at >= since, Contract.starts_at < until)
        .order_by(Contract.id)
    ).all()
