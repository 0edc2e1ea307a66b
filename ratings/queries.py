"""Reads of ratings: what is public, what an agency's standing is made of, what its contracts say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from accounts.models import Organisation
from agencies.registration.models import Agency
from core.clock import beijing_day
from core.errors import NotFound
from core.paging import Page, keyset
from marketplace.contracts.lifecycle import ContractState
from marketplace.contracts.models import Contract
from ratings.lifecycle import RatingState, Side
from ratings.models import Rating
from ratings.rules import Facts, Given

DONE: Final = (ContractState.ACCEPTED, ContractState.SETTLED)


def visible_ratings() -> ColumnElement[bool]:
    """Return the condition that is the twin of ``rating:read``: for every reader, staff included, the same."""
    return Rating.state == RatingState.PUBLISHED


def rating_by_id(session: Session, rating_id: int) -> Rating:
    """Return one rating. Raises NotFound."""
    rating = session.get(Rating, rating_id)
    if rating is None:
        raise NotFound("rating-not-found", id=rating_id)
    return rating


def ratings_of_contract(session: Session, contract_id: int) -> dict[Side, Rating]:
    """Return a contract's ratings by side, hidden ones among them."""
    rows = session.scalars(select(Rating).where(Rating.contract_id == contract_id))
    return {row.side: row for row in rows}


def listed_agency(session: Session, agency_id: int) -> Agency:
    """Return an agency whose record is public. Raises NotFound."""
    agency = session.get(Agency, agency_id)
    if agency is None or agency.listed_at is None:
        raise NotFound("agency-not-found", id=agency_id)
    return agency


@dataclass(frozen=True, slots=True)
class Shown:
    """A rating with what stands around it on a page; ``counterpart`` is the other side's, once public."""

    rating: Rating
    contract_number: str
    rater: str
    accepted_at: datetime | None
    late_days: int | None
    counterpart: Rating | None


_other: Final = aliased(Rating)  # made once: an alias of a table costs a millisecond
_rater: Final = aliased(Organisation)


def _shown_rows() -> Any:
    other, rater = _other, _rater
    return (
        select(Rating, Contract.number, rater.name, Contract.accepted_at, Contract.late_days, other)
        .join(Contract, Contract.id == Rating.contract_id)
        .join(rater, rater.id == Rating.rater_org_id)
        .outerjoin(
            other,
            and_(
                other.contract_id == Rating.contract_id,
                other.side != Rating.side,
                other.state == RatingState.PUBLISHED,
            ),
        )
    )


def _shown(row: Any) -> Shown:
    return Shown(*row)


def shown_ratings(session: Session, agency_id: int, *, after: int | None, limit: int | None) -> Page[Shown]:
    """Return what enterprises said of an agency, newest first; a removed rating stays in its place as a stub."""
    query = _shown_rows().where(
        Rating.agency_id == agency_id,
        Rating.side == Side.ENTERPRISE,
        or_(visible_ratings(), Rating.state == RatingState.REMOVED),
    )
    return keyset(
        lambda wanted: [_shown(row) for row in session.execute(wanted)],
        query,
        Rating.id,
        after=after,
        limit=limit,
        key=lambda one: one.rating.id,
    )


def shown_of_contract(session: Session, contract_id: int) -> list[Shown]:
    """Return both sides' ratings of a contract that are public or were, the enterprise's first."""
    query = _shown_rows().where(Rating.contract_id == contract_id, Rating.state != RatingState.HIDDEN)
    return [_shown(row) for row in session.execute(query.order_by(Rating.side.desc()))]


@dataclass(frozen=True, slots=True)
class Counted:
    """A rating that counts towards a standing, with what names it on the why page."""

    given: Given
    contract_id: int
    contract_number: str
    rater: str
    submitted_at: datetime


def counted(session: Session, agency_id: int, now: datetime) -> list[Counted]:
    """Return the published ratings of an agency by enterprises, oldest first, as the aggregate reads them."""
    rows = session.execute(
        select(Rating, Contract.amount, Contract.number, Organisation.name)
        .join(Contract, Contract.id == Rating.contract_id)
        .join(Organisation, Organisation.id == Rating.rater_org_id)
        .where(Rating.agency_id == agency_id, Rating.side == Side.ENTERPRISE, visible_ratings())
        .order_by(Rating.id)
    )
    today = beijing_day(now)
    return [
        Counted(
            Given(
                rating.id,
                rating.rater_org_id,
                rating.scores,
                amount,
                max((today - beijing_day(rating.submitted_at)).days, 0),
            ),
            rating.contract_id,
            number,
            rater,
            rating.submitted_at,
        )
        for rating, amount, number, rater in rows
    ]


def facts_of(session: Session, agency_id: int) -> Facts:
    """Return what an agency's accepted contracts say: how many, passed at once, in time, at the price agreed."""
    signed = func.coalesce(Contract.signed_amount, Contract.amount)  # an amendment both signed breaks no promise
    kept = and_(signed <= Contract.quote_amount, or_(Contract.paid.is_(None), Contract.paid <= Contract.amount))
    row = session.execute(
        select(
            func.count(),
            _count(Contract.rounds == 0),
            _count(Contract.late_days == 0),
            _count(kept),
        ).where(Contract.agency_id == agency_id, Contract.state.in_(DONE))
    ).one()
    return Facts(*(int(figure) for figure in row))


def signed_count(session: Session, agency_id: int) -> int:
    """Return how many contracts an agency has signed, those ended early among them."""
    query = select(func.count()).where(Contract.agency_id == agency_id, Contract.starts_at.is_not(None))
    return int(session.scalar(query) or 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """One accepted contract and which promises it kept: first pass, in time, price."""

    contract_id: int
    number: str
    accepted_at: datetime
    rounds: int
    late_days: int
    price_kept: bool


def accepted_contracts(session: Session, agency_id: int) -> list[Kept]:
    """Return an agency's accepted contracts, oldest first, as the why page lists them."""
    query = (
        select(Contract).where(Contract.agency_id == agency_id, Contract.state.in_(DONE)).order_by(Contract.accepted_at)
    )
    return [
        Kept(
            row.id,
            row.number,
            row.accepted_at,
            row.rounds,
            row.late_days or 0,
            (row.signed_amount or row.amount) <= row.quote_amount and (row.paid is None or row.paid <= row.amount),
        )
        for row in session.scalars(query)
        if row.accepted_at is not None
    ]


def rateable(session: Session, org_id: int, accepted_since: datetime) -> Sequence[Contract]:
    """Return the accepted contracts of an organisation, since a moment, that it has not rated."""
    own = or_(Contract.enterprise_org_id == org_id, Contract.agency_org_id == org_id)
    rated = select(Rating.id).where(Rating.contract_id == Contract.id, Rating.rater_org_id == org_id).exists()
    query = select(Contract).where(own, Contract.state.in_(DONE), Contract.accepted_at >= accepted_since, ~rated)
    return session.scalars(query.order_by(Contract.accepted_at)).all()


def agencies_rated(session: Session) -> Sequence[int]:
    """Return the ids of agencies with a published rating, whose standing fades with time."""
    query = select(Rating.agency_id).where(visible_ratings(), Rating.side == Side.ENTERPRISE).distinct()
    return session.scalars(query.order_by(Rating.agency_id)).all()


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
