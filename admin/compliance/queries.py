"""Figures of a bulletin, each group one statement; numbers are counted in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from admin.compliance.rules import Month
from agencies.fees.lifecycle import CaseState
from agencies.fees.models import FeeCase
from core import papers
from core.errors import NotFound
from core.papers import IssuedPaper
from marketplace.contracts.models import Contract

PAPER: Final = "fee_bulletin"
MOST_MONTHS: Final = 240
GROUPS: Final = {
    "town": (Contract.town_code, FeeCase.town_code),
    "item": (Contract.item_code, FeeCase.item_code),
    "agency": (Contract.agency_id, FeeCase.agency_id),
}

stake = func.abs(type_coerce(FeeCase.found, BigInteger) - type_coerce(FeeCase.compared, BigInteger))
stands = or_(
    and_(FeeCase.was_upheld.is_(True), FeeCase.state != CaseState.OVERTURNED),
    and_(FeeCase.was_upheld.is_(False), FeeCase.state == CaseState.OVERTURNED),
)


def signed_by(session: Session, month: Month, group: str) -> dict[Any, int]:
    """Return how many contracts were signed in a month, by town, item or agency."""
    column = GROUPS[group][0]
    within = and_(Contract.starts_at >= month.since, Contract.starts_at < month.until)
    return {row[0]: int(row[1]) for row in session.execute(select(column, func.count()).where(within).group_by(column))}


def findings_by(session: Session, month: Month, group: str) -> list[tuple[Any, str, int, int, int, int]]:
    """Return the findings opened in a month as (group, kind, count, upheld, fen at stake, fen returned)."""
    column = GROUPS[group][1]
    query = (
        select(
            column,
            FeeCase.kind,
            func.count(),
            func.sum(case((stands, 1), else_=0)),
            func.sum(stake),
            func.sum(func.coalesce(type_coerce(FeeCase.returned, BigInteger), 0)),
        )
        .where(FeeCase.opened_at >= month.since, FeeCase.opened_at < month.until)
        .group_by(column, FeeCase.kind)
    )
    return [
        (row[0], str(row[1]), int(row[2]), int(row[3] or 0), int(row[4] or 0), int(row[5] or 0))
        for row in session.execute(query)
    ]


def issued(session: Session) -> Sequence[IssuedPaper]:
    """Return the issued bulletins, newest month first; of one issued again the newest first."""
    query = select(IssuedPaper).where(IssuedPaper.kind == PAPER)
    return session.scalars(query.order_by(IssuedPaper.object_id.desc(), IssuedPaper.id.desc()).limit(MOST_MONTHS)).all()


def issued_of(session: Session, month: Month) -> IssuedPaper:
    """Return the newest issued bulletin of a month. Raises NotFound("bulletin-not-found")."""
    paper = papers.latest(session, PAPER, month.key)
    if paper is None:
        raise NotFound("bulletin-not-found", month=month.text)
    return paper
