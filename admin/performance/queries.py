"""Aggregates for the performance pages: each figure one statement, never a loop over rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, literal, select, true, type_coerce
from sqlalchemy.orm import Session

from admin.performance.dialects import beijing_month, epoch
from admin.performance.rules import BIN_PERCENT, Five, RowSet, Slice
from agencies.catalogue.models import ServiceItem
from agencies.fees.models import FeeCase
from agencies.registration.models import Agency
from core.paging import Page, keyset
from marketplace.contracts.models import Contract
from marketplace.needs.models import Need
from marketplace.quotes.models import Quote
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award
from ratings.lifecycle import RatingState, Side
from ratings.models import Rating

OPEN_CASES: Final = ("open", "replied")
DAY_SECONDS: Final = 86_400
RANK_STEP: Final = 1_000_000_000

amount_fen = type_coerce(Contract.amount, BigInteger)
benchmark_fen = func.nullif(type_coerce(Need.benchmark_base, BigInteger), 0, type_=BigInteger())
# Thousandths first, so that the largest amount a form takes does not overflow a BIGINT.
ratio_points = amount_fen * 1000 // benchmark_fen * 10
ratio_bin = amount_fen * (100 // BIN_PERCENT) // benchmark_fen
has_benchmark = benchmark_fen.is_not(None)


def of_contracts(chosen: RowSet, part: Slice) -> ColumnElement[bool]:
    """Return the condition of a set of contracts; a bin of the ratio needs the contract's need joined."""
    at = Contract.starts_at if chosen in {RowSet.SIGNED, RowSet.PRICED} else Contract.accepted_at
    wanted = [at.is_not(None), at >= part.since, at <= part.until]
    if chosen is RowSet.ON_TIME:
        wanted.append(Contract.late_days == 0)
    if chosen is RowSet.LATE:
        wanted.append(Contract.late_days > 0)
    if chosen is RowSet.PRICED:
        wanted.append(has_benchmark)
    if part.month is not None:
        wanted.append(beijing_month(at) == part.month)
    if part.ratio_bin is not None:
        wanted.append(ratio_bin == part.ratio_bin)
    return and_(*wanted, _within(Contract, part))


def of_needs(chosen: RowSet, part: Slice) -> ColumnElement[bool]:
    """Return the condition of a step of the way from published to rated; only opened quotes are known of.

    A notice that asks for a framework's panel buys nothing and is left out; what is called off from it counts.
    """
    wanted = [Need.published_at.is_not(None), Need.published_at >= part.since, Need.published_at <= part.until]
    wanted.append(Need.method != "framework")
    signed = and_(Contract.need_id == Need.id, Contract.starts_at.is_not(None))
    reached: dict[RowSet, Any] = {
        RowSet.QUOTED: select(Quote.id).where(Quote.need_id == Need.id, Quote.opened_at.is_not(None)),
        RowSet.AWARDED: select(Award.id).where(Award.need_id == Need.id, Award.state.in_(HOLDING)),
        RowSet.CONTRACTED: select(Contract.id).where(signed),
        RowSet.DELIVERED: select(Contract.id).where(signed, Contract.accepted_at.is_not(None)),
        RowSet.RATED: select(Rating.id)
        .join(Contract, Contract.id == Rating.contract_id)
        .where(signed, Rating.side == Side.ENTERPRISE, Rating.state != RatingState.HIDDEN),
    }
    if chosen in reached:
        wanted.append(reached[chosen].exists())
    return and_(*wanted, _within(Need, part))


def _within(table: Any, part: Slice) -> ColumnElement[bool]:
    wanted = []
    if part.town_code is not None:
        wanted.append(table.town_code == part.town_code)
    if part.item_code is not None:
        wanted.append(table.item_code == part.item_code)
    if part.agency_id is not None and table is Contract:
        wanted.append(Contract.agency_id == part.agency_id)
    return and_(true(), *wanted)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How contracts were delivered: accepted ones, those in time among them; signed ones of the same slice."""

    key: Any
    accepted: int
    on_time: int
    signed: int = 0


def delivered_by(session: Session, part: Slice, key: Any) -> dict[Any, Delivered]:
    """Return acceptances and those in time by a column; one statement."""
    on_time = func.sum(case((Contract.late_days == 0, 1), else_=0))
    query = select(key, func.count(), on_time).where(of_contracts(RowSet.ACCEPTED, part)).group_by(key)
    return {row[0]: Delivered(row[0], int(row[1]), int(row[2] or 0)) for row in session.execute(query)}


def delivered_total(session: Session, part: Slice) -> Delivered:
    """Return all acceptances of a slice and those in time."""
    on_time = func.sum(case((Contract.late_days == 0, 1), else_=0))
    row = session.execute(select(func.count(), on_time).where(of_contracts(RowSet.ACCEPTED, part))).one()
    return Delivered(None, int(row[0]), int(row[1] or 0))


def delivered_by_month(session: Session, part: Slice) -> dict[str, Delivered]:
    """Return acceptances and those in time by month of acceptance."""
    return delivered_by(session, part, beijing_month(Contract.accepted_at))


def signed_by(session: Session, part: Slice, key: Any) -> dict[Any, int]:
    """Return how many contracts were signed, by a column."""
    query = select(key, func.count()).where(of_contracts(RowSet.SIGNED, part)).group_by(key)
    return {row[0]: int(row[1]) for row in session.execute(query)}


def signed_total(session: Session, part: Slice) -> int:
    """Return how many contracts were signed."""
    query = select(func.count()).select_from(Contract).where(of_contracts(RowSet.SIGNED, part))
    return int(session.scalar(query) or 0)


def ratio_counts(session: Session, part: Slice) -> dict[int, int]:
    """Return how many contracts fall in each bin of price ÷ benchmark."""
    query = (
        select(ratio_bin.label("bin"), func.count())
        .select_from(Contract)
        .join(Need, Need.id == Contract.need_id)
        .where(of_contracts(RowSet.PRICED, part))
        .group_by("bin")
    )
    return {int(row[0]): int(row[1]) for row in session.execute(query)}


def funnel(session: Session, part: Slice, steps: tuple[RowSet, ...]) -> list[int]:
    """Return how many of the needs published in the period reached each step."""
    counts = [func.sum(case((of_needs(step, part), 1), else_=0)) for step in steps]
    row = session.execute(select(*counts).where(of_needs(RowSet.PUBLISHED, part))).one()
    return [int(count or 0) for count in row]


def fives(session: Session, values: Any) -> dict[Any, Five]:
    """Return five-number summaries by key of a select of ``key`` and ``value``; whole numbers, one statement.

    A quartile is the value at place (n - 1) · q ÷ 4 rounded down, counted from nought.
    """
    base = values.subquery()
    ranked = select(
        base.c.key,
        base.c.value,
        func.row_number().over(partition_by=base.c.key, order_by=base.c.value).label("place"),
        func.count().over(partition_by=base.c.key).label("n"),
    ).subquery()

    def at(quarter: int) -> Any:
        wanted = 1 + (ranked.c.n - 1) * quarter // 4
        return func.max(case((ranked.c.place == wanted, ranked.c.value)))

    query = select(ranked.c.key, func.max(ranked.c.n), *(at(quarter) for quarter in range(5))).group_by(ranked.c.key)
    return {row[0]: Five(*(int(figure) for figure in row[1:])) for row in session.execute(query)}


def amounts_by_item(session: Session, part: Slice) -> dict[str, Five]:
    """Return the spread of contract amounts, in fen, by item."""
    values = select(Contract.item_code.label("key"), amount_fen.label("value")).where(of_contracts(RowSet.SIGNED, part))
    return fives(session, values)


def ratios_by(session: Session, part: Slice, key: Any = None) -> dict[Any, Five]:
    """Return the spread of price ÷ benchmark, in ten-thousandths, by a column, or under the key 0 of all."""
    values = (
        select((literal(0) if key is None else key).label("key"), ratio_points.label("value"))
        .select_from(Contract)
        .join(Need, Need.id == Contract.need_id)
        .where(of_contracts(RowSet.PRICED, part))
    )
    return fives(session, values)


def days_to_award(session: Session, part: Slice, key: Any = None) -> dict[Any, Five]:
    """Return the spread of whole days from publishing to award, by a column of Need, or under the key 0 of all."""
    days = (epoch(Award.awarded_at) - epoch(Need.published_at)) // DAY_SECONDS
    values = (
        select((literal(0) if key is None else key).label("key"), days.label("value"))
        .select_from(Award)
        .join(Need, Need.id == Award.need_id)
        .where(Award.state.in_(HOLDING), of_needs(RowSet.PUBLISHED, part))
    )
    return fives(session, values)


def open_cases(session: Session, town_code: str | None, limit: int | None = None) -> list[Any]:
    """Return the open cases with their item and agency, the most urgent first."""
    query = (
        select(FeeCase, ServiceItem.name, Agency.name)
        .outerjoin(ServiceItem, ServiceItem.code == FeeCase.item_code)
        .outerjoin(Agency, Agency.id == FeeCase.agency_id)
        .where(FeeCase.state.in_(OPEN_CASES))
    )
    if town_code is not None:
        query = query.where(FeeCase.town_code == town_code)
    return list(session.execute(query.order_by(FeeCase.due_at, FeeCase.id).limit(limit)))


def open_cases_by_town(session: Session) -> dict[str, int]:
    """Return how many cases are open, by town."""
    query = select(FeeCase.town_code, func.count()).where(FeeCase.state.in_(OPEN_CASES)).group_by(FeeCase.town_code)
    return {row[0]: int(row[1]) for row in session.execute(query)}


def open_case_count(session: Session, town_code: str | None) -> int:
    """Return how many cases are open, in one town or all."""
    query = select(func.count()).select_from(FeeCase).where(FeeCase.state.in_(OPEN_CASES))
    if town_code is not None:
        query = query.where(FeeCase.town_code == town_code)
    return int(session.scalar(query) or 0)


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency with what it did in a slice; ``ratio`` is the spread of its price ÷ benchmark."""

    agency: Agency
    signed: int
    accepted: int
    on_time: int
    ratio: Five | None
    key: int


def agencies(session: Session, part: Slice, *, after: int | None, limit: int | None) -> Page[AgencyLine]:
    """Return the agencies that signed contracts in a slice, those standing highest on the shelf first."""
    place = cast(Agency.rank, BigInteger) * RANK_STEP + Agency.id
    active = select(Contract.agency_id).where(of_contracts(RowSet.SIGNED, part))
    query: Any = select(Agency, place.label("place")).where(Agency.id.in_(active))

    def fetch(wanted: Any) -> list[AgencyLine]:
        found = [(row[0], int(row[1])) for row in session.execute(wanted)]
        ids = [agency.id for agency, _place in found]
        own = Contract.agency_id.in_(ids)
        signed = _figures(session, part, own)
        ratios = fives(
            session,
            select(Contract.agency_id.label("key"), ratio_points.label("value"))
            .join(Need, Need.id == Contract.need_id)
            .where(of_contracts(RowSet.PRICED, part), own),
        )
        return [
            AgencyLine(agency, *signed.get(agency.id, (0, 0, 0)), ratios.get(agency.id), key) for agency, key in found
        ]

    return keyset(fetch, query, place, after=after, limit=limit, key=lambda line: line.key)


def _figures(session: Session, part: Slice, own: ColumnElement[bool]) -> dict[int, tuple[int, int, int]]:
    """Return signed, accepted and in-time contracts by agency."""
    signed, accepted = of_contracts(RowSet.SIGNED, part), of_contracts(RowSet.ACCEPTED, part)
    on_time = of_contracts(RowSet.ON_TIME, part)
    sums = [func.sum(case((condition, 1), else_=0)) for condition in (signed, accepted, on_time)]
    query = select(Contract.agency_id, *sums).where(own).group_by(Contract.agency_id)
    return {int(row[0]): (int(row[1]), int(row[2]), int(row[3])) for row in session.execute(query)}
