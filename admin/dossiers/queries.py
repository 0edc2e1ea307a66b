"""Reads of dossiers: every row of a purchase as plain values, without people's names and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core.db import Base
from core.money import Money
from core.papers import IssuedPaper
from marketplace.contracts import queries as contracts
from marketplace.contracts.documents import AMENDMENT_PAPER, CONTRACT_PAPER, TERMINATION_PAPER
from marketplace.contracts.models import Contract
from marketplace.needs.models import Need
from marketplace.selection import letters
from marketplace.selection.queries import awards_of, selection_of
from ratings.models import Rating
from ratings.queries import visible_ratings

PERSONAL: Final = frozenset({
    "contact_name", "contact_phone", "enterprise_signed_by", "agency_signed_by", "asked_by", "signed_by", "sealed",
})  # fmt: skip
WORDING: Final = frozenset({"text", "clause_before", "clause_after"})


def facts(row: Base, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return a row as plain JSON values: money as whole fen, times in UTC; people are left out."""
    left_out = PERSONAL | without | {"version"}
    names = [column.key for column in inspect(type(row)).column_attrs if column.key not in left_out]
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return value.fen
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | list | dict) else str(value)


def data_of(session: Session, contract: Contract, *, with_wording: bool) -> dict[str, Any]:
    """Return everything a purchase left in the tables; the wording of texts for the parties only."""
    without = frozenset() if with_wording else WORDING
    termination = contracts.termination_of(session, contract.id)
    settlement = contracts.settlement_of(session, contract.id)
    return {
        "need": facts(session.get_one(Need, contract.need_id)),
        "awards": _all(awards_of(session, contract.need_id)),
        "contract": facts(contract, without),
        "deliverables": _all(contracts.deliverables_of(session, contract.id)),
        "pauses": _all(contracts.pauses_of(session, contract.id)),
        "amendments": [facts(one, without) for one in contracts.amendments_of(session, contract.id)],
        "termination": None if termination is None else facts(termination),
        "outcomes": _all(contracts.outcomes_of(session, contract.id)),
        "settlement": None if settlement is None else facts(settlement),
        "ratings": _all(ratings_of(session, contract.id)),
    }


def protocol_of(session: Session, need_id: int) -> dict[str, Any] | None:
    """Return the protocol of the selection, with every quote and its place."""
    found = selection_of(session, need_id)
    return None if found is None or found.protocol is None else dict(found.protocol)


def ratings_of(session: Session, contract_id: int) -> Sequence[Rating]:
    """Return the published ratings of a contract, the enterprise's first."""
    query = select(Rating).where(Rating.contract_id == contract_id, visible_ratings())
    return session.scalars(query.order_by(Rating.side.desc())).all()


def papers_of(session: Session, contract: Contract) -> Sequence[IssuedPaper]:
    """Return the papers a purchase left, oldest first: award, contract, amendments, early end."""
    awards = [contract.award_id]
    amendments = [one.id for one in contracts.amendments_of(session, contract.id)]
    end = contracts.termination_of(session, contract.id)
    wanted = (
        (letters.LETTER, awards), (letters.NOTICE, awards), (CONTRACT_PAPER, [contract.id]),
        (AMENDMENT_PAPER, amendments), (TERMINATION_PAPER, [] if end is None else [end.id]),
    )  # fmt: skip
    found: list[IssuedPaper] = []
    for kind, ids in wanted:
        query = select(IssuedPaper).where(IssuedPaper.kind == kind, IssuedPaper.object_id.in_(ids))
        found += session.scalars(query)
    return sorted(found, key=lambda paper: paper.id)


def _all(rows: Iterable[Base]) -> list[dict[str, Any]]:
    return [facts(row) for row in rows]
