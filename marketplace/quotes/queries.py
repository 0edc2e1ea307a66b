"""Reads of quotes. A sealed quote gives its receipt to its own agency and nothing to anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from agencies.registration.models import Agency, Offering
from core.access import Actor, OrgKind
from core.errors import NotFound
from core.money import Money
from core.paging import Page, keyset
from core.work import Work
from marketplace.needs.family import lots_of
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Admission, Avoidance, Lot, Need
from marketplace.quotes.lifecycle import READABLE, QuoteState
from marketplace.quotes.models import Explanation, Quote, QuoteFile
from marketplace.quotes.permissions import DECIDED

GONE: Final = (QuoteState.REPLACED, QuoteState.WITHDRAWN)
CITY: Final = frozenset({OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION})


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One opened quote in a list."""

    id: int
    agency_id: int
    agency_name: str
    state: QuoteState
    amount: Money | None
    discount_rate: Decimal | None
    days: int | None
    plan: str | None
    received_at: datetime
    invalid_reason: str
    flags: str
    lines: list[dict[str, Any]] | None
    files: list[dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version replaced before the deadline; what it held stays sealed for good."""

    agency_id: int
    agency_name: str
    received_at: datetime
    commitment: str


def visible_quotes(actor: Actor) -> ColumnElement[bool]:
    """Return the query twin of ``quote:list`` and ``quote:read-own``: never a sealed one; all after the award."""
    readable = Quote.state.in_(READABLE)
    if actor.is_system:
        return readable
    decided = Need.state.in_(DECIDED)
    own = or_(Quote.org_id == actor.org_id, Need.org_id == actor.org_id) if actor.org_id is not None else false()
    staff: ColumnElement[bool] = true() if actor.org_kind in CITY else false()
    if actor.org_kind is OrgKind.TOWN_OPERATOR:
        staff = Need.town_code == actor.town_code
    return and_(readable, Need.opened_at.is_not(None), or_(decided, own, staff))


def opened_quotes(session: Session, actor: Actor, need_id: int) -> Sequence[QuoteRow]:
    """Return the opened quotes of a need that the actor may read, cheapest first."""
    query = (
        select(
            Quote.id, Quote.agency_id, Agency.name, Quote.state, Quote.amount, Quote.discount_rate, Quote.days,
            Quote.plan, Quote.received_at, Quote.invalid_reason, Quote.flags, Quote.lines, Quote.files,
        )
        .join(Agency, Agency.id == Quote.agency_id)
        .join(Need, Need.id == Quote.need_id)
        .where(Quote.need_id == need_id, visible_quotes(actor))
        .order_by(Quote.amount, Quote.id)
    )  # fmt: skip
    return [QuoteRow(*tuple(row)) for row in session.execute(query)]


def earlier_versions(session: Session, actor: Actor, need_id: int) -> Sequence[Version]:
    """Return the replaced versions of the opened quotes the actor may read, in the order they came."""
    seen = select(Quote.agency_id).join(Need, Need.id == Quote.need_id)
    seen = seen.where(Quote.need_id == need_id, visible_quotes(actor))
    query = (
        select(Quote.agency_id, Agency.name, Quote.received_at, Quote.commitment)
        .join(Agency, Agency.id == Quote.agency_id)
        .where(Quote.need_id == need_id, Quote.state == QuoteState.REPLACED, Quote.agency_id.in_(seen))
        .order_by(Quote.received_at, Quote.id)
    )
    return [Version(*row) for row in session.execute(query)]


def own_versions(session: Session, quote: Quote) -> Sequence[Quote]:
    """Return the earlier versions of an agency's own quote for the same need, the newest first."""
    query = select(Quote).where(Quote.need_id == quote.need_id, Quote.org_id == quote.org_id, Quote.id != quote.id)
    return session.scalars(query.where(Quote.state.in_(GONE)).order_by(Quote.id.desc())).all()


def file_of(session: Session, actor: Actor, quote_id: int, number: int) -> tuple[Quote, QuoteFile]:
    """Return an opened quote's attachment the actor may read. Raises NotFound, for everybody before the opening."""
    query = (
        select(Quote, QuoteFile)
        .join(QuoteFile, QuoteFile.quote_id == Quote.id)
        .join(Need, Need.id == Quote.need_id)
        .where(Quote.id == quote_id, QuoteFile.number == number, visible_quotes(actor))
    )
    row = session.execute(query).one_or_none()
    if row is None or not row[0].files or number > len(row[0].files):
        raise NotFound("quote-file-not-found", id=quote_id, number=number)
    return row[0], row[1]


def explanations_of(session: Session, need_id: int) -> Sequence[Explanation]:
    """Return the explanations asked for under a need."""
    return session.scalars(select(Explanation).where(Explanation.need_id == need_id).order_by(Explanation.id)).all()


def sealed_until_opening() -> Any:
    """Select the ids of quotes to needs still open, which nobody may count."""
    return select(Quote.id).join(Need, Need.id == Quote.need_id).where(Need.state == NeedState.OPEN)


def own_quote(session: Session, org_id: int | None, need_id: int) -> Quote | None:
    """Return the live quote of an agency's organisation for a need."""
    if org_id is None:
        return None
    query = select(Quote).where(Quote.need_id == need_id, Quote.org_id == org_id, Quote.state.not_in(GONE))
    return session.scalars(query).one_or_none()


def other_lots(session: Session, org_id: int | None, need: Need) -> list[tuple[Lot, Need, Quote | None]]:
    """Return the notice's other lots, each with the reader's own live quote for it."""
    return [
        (lot, one, own_quote(session, org_id, one.id)) for lot, one in lots_of(session, need.id) if one.id != need.id
    ]


def own_quotes(
    session: Session, org_id: int | None, *, after: int | None = None, limit: int | None = None
) -> Page[tuple[Quote, Need]]:
    """Return one page of an agency's live quotes with their needs, newest need first.

    Keyed by the need, of which there is one live quote; a quote's own number would tell how many others there are.
    """
    query: Any = select(Quote, Need).join(Need, Need.id == Quote.need_id)
    query = query.where(Quote.org_id == org_id, Quote.state.not_in(GONE))

    def fetch(page: Select[Any]) -> Sequence[tuple[Quote, Need]]:
        return [(row[0], row[1]) for row in session.execute(page)]

    return keyset(fetch, query, Need.id, after=after, limit=limit, key=lambda row: row[1].id)


def quote_by_id(work: Work, quote_id: int) -> Quote:
    """Return a quote of the actor's own organisation. Raises NotFound for anybody else's."""
    quote = work.session.get(Quote, quote_id)
    if quote is None or (quote.org_id != work.actor.org_id and not work.actor.is_system):
        raise NotFound("quote-not-found", id=quote_id)
    return quote


def fitting_needs(session: Session, org_id: int, now: datetime, limit: int) -> Sequence[Need]:
    """Return the open needs an agency offers the item of and has not quoted for, in the order they close.

    Those that declare it out are left away.
    """
    agency = select(Agency.id).where(Agency.org_id == org_id).scalar_subquery()
    quoted = select(Quote.need_id).where(Quote.org_id == org_id, Quote.state.not_in(GONE))
    query = (
        select(Need)
        .join(Offering, and_(Offering.item_code == Need.item_code, Offering.agency_id == agency))
        .where(Need.state == NeedState.OPEN, Need.closes_at > now, Need.id.not_in(quoted))
        .where(Need.id.not_in(select(Avoidance.need_id).where(Avoidance.agency_id == agency)))
        .where(
            or_(
                Need.id.not_in(select(Admission.need_id)),
                Need.id.in_(
                    select(Admission.need_id).where(Admission.agency_id == agency, Admission.is_over.is_(False))
                ),
            )
        )
    )
    return session.scalars(query.order_by(Need.closes_at, Need.id).limit(limit)).all()
