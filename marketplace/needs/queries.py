"""Reads of needs: one, many, and the history everybody may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from accounts.models import Division, Organisation
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.queries import rule as catalogue_rule
from agencies.registration.lifecycle import ON_SHELF
from agencies.registration.models import Agency, Offering
from core.access import Actor
from core.audit import AuditLeaf
from core.clock import beijing_day
from core.errors import NotFound
from core.money import Money
from core.paging import Page, keyset
from core.work import Work
from marketplace.needs.lifecycle import NeedState, QuestionState
from marketplace.needs.models import Admission, Avoidance, Invitation, Need, NeedAmendment, Question

SOON: Final = timedelta(days=3)
MOST_WORDS: Final = 8
MOST_CODES: Final = 40


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One line of a list."""

    id: int
    number: str | None
    title: str
    state: NeedState
    town_code: str
    town_name: str
    item_code: str
    item_name: str
    org_name: str
    method: str
    fund: str
    ceiling: Money | None
    published_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty texts narrow nothing.

    town, item: one code, or several with commas between. words: each must stand somewhere in the notice. least, most:
    bounds of the ceiling, both included; a notice without a ceiling is left out by either.
    """

    state: str = ""
    town: str = ""
    item: str = ""
    closing_soon: bool = False
    org_id: int | None = None
    words: str = ""
    method: str = ""
    least: Money | None = None
    most: Money | None = None


def visible_needs(actor: Actor) -> ColumnElement[bool]:
    """Return the query twin of ``need:read``: what was published, and one's own drafts."""
    if actor.is_system:
        return true()
    published = Need.published_at.is_not(None)
    return published if actor.org_id is None else or_(published, Need.org_id == actor.org_id)


def need_by_id(work: Work, need_id: int) -> Need:
    """Return a need the actor may read. Raises NotFound, for a stranger's draft too."""
    need = work.session.scalars(select(Need).where(Need.id == need_id, visible_needs(work.actor))).one_or_none()
    if need is None:
        raise NotFound("need-not-found", id=need_id)
    return need


def lines() -> Any:
    """Select what a line shows of a need, with the names of its item, enterprise and town, in the order of NeedRow."""
    return (
        select(
            Need.id, Need.number, Need.title, Need.state, Need.town_code,
            func.coalesce(Division.name, Need.town_code), Need.item_code, ServiceItem.name, Organisation.name,
            Need.method, Need.fund, Need.ceiling, Need.published_at, Need.closes_at,
        )
        .join(ServiceItem, ServiceItem.code == Need.item_code)
        .join(Organisation, Organisation.id == Need.org_id)
        .outerjoin(Division, Division.code == Need.town_code)
    )  # fmt: skip


def list_needs(
    session: Session,
    actor: Actor,
    filters: Filters,
    now: datetime,
    *,
    after: int | None = None,
    limit: int | None = None,
) -> Page[NeedRow]:
    """Return one page of needs the actor may read, newest first."""
    query = lines().where(visible_needs(actor), *conditions(filters, now))
    return keyset(
        lambda select_: _rows(session, select_), query, Need.id, after=after, limit=limit, key=lambda row: row.id
    )


def conditions(filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """Turn filters into conditions; a list of everyone shows no drafts."""
    found: list[ColumnElement[bool]] = []
    found.append(Need.org_id == filters.org_id if filters.org_id is not None else Need.published_at.is_not(None))
    if filters.state in set(NeedState):
        found.append(Need.state == NeedState(filters.state))
    if filters.town:
        found.append(Need.town_code.in_(codes_of(filters.town)))
    if filters.item:
        found.append(Need.item_code.in_(codes_of(filters.item)))
    if filters.closing_soon:
        found.append(and_(Need.state == NeedState.OPEN, Need.closes_at > now, Need.closes_at <= now + SOON))
    if filters.method:
        found.append(Need.method == filters.method)
    if filters.least is not None:
        found.append(Need.ceiling >= filters.least)
    if filters.most is not None:
        found.append(Need.ceiling <= filters.most)
    return found + [_holds(word) for word in filters.words.split()[:MOST_WORDS]]


def codes_of(written: str) -> list[str]:
    """Return the codes of one filter, written with commas between."""
    return [code for code in (part.strip() for part in written.split(",")) if code][:MOST_CODES]


def _holds(word: str) -> ColumnElement[bool]:
    """Hold for the notices that name a word: in title, project, scale, demands, number, or the item's name."""
    texts = (Need.title, Need.project_name, Need.scale, Need.requirements, func.coalesce(Need.number, ""))
    named = Need.item_code.in_(select(ServiceItem.code).where(ServiceItem.name.icontains(word, autoescape=True)))
    return or_(named, *(text.icontains(word, autoescape=True) for text in texts))


def _rows(session: Session, query: Any) -> list[NeedRow]:
    return [NeedRow(*row) for row in session.execute(query)]


def closing_soon(session: Session, now: datetime, limit: int = 6) -> list[NeedRow]:
    """Return open notices in the order they close."""
    query = lines().where(Need.state == NeedState.OPEN, Need.closes_at > now).order_by(Need.closes_at).limit(limit)
    return _rows(session, query)


def needs_of(session: Session, org_id: int, limit: int = 50) -> list[NeedRow]:
    """Return an enterprise's own needs, newest first."""
    return _rows(session, lines().where(Need.org_id == org_id).order_by(Need.id.desc()).limit(limit))


def questions_of(session: Session, need_id: int) -> Sequence[Question]:
    """Return a notice's questions in the order asked."""
    return session.scalars(select(Question).where(Question.need_id == need_id).order_by(Question.id)).all()


def unanswered(session: Session, org_id: int) -> Sequence[tuple[Question, Need]]:
    """Return the questions an enterprise has not answered yet."""
    query = select(Question, Need).join(Need, Need.id == Question.need_id)
    rows = session.execute(
        query.where(Need.org_id == org_id, Question.state == QuestionState.ASKED).order_by(Question.id)
    )
    return [(row[0], row[1]) for row in rows]


def avoided(session: Session, need_id: int) -> dict[int, str]:
    """Return the agencies declared out, with reasons."""
    rows = session.scalars(select(Avoidance).where(Avoidance.need_id == need_id))
    return {row.agency_id: row.reason for row in rows}


def amendments_of(session: Session, need_id: int) -> Sequence[NeedAmendment]:
    """Return a notice's amendments in the order of their numbers."""
    query = select(NeedAmendment).where(NeedAmendment.need_id == need_id)
    return session.scalars(query.order_by(NeedAmendment.number)).all()


def invitations_of(session: Session, need_id: int) -> Sequence[Invitation]:
    """Return the agencies invited to a need, in the order they were."""
    return session.scalars(select(Invitation).where(Invitation.need_id == need_id).order_by(Invitation.id)).all()


def frozen_rule(session: Session, need: Need, key: str, usual: Any) -> Any:
    """Return a parameter as it stood when the need was published: frozen into it, or by the dated row of that day."""
    if key in need.rules:
        return need.rules[key]
    on = beijing_day(need.published_at or need.created_at)
    try:
        return catalogue_rule(session, key, fund=need.fund, on=on, item_code=need.item_code, town_code=need.town_code)
    except NotFound:
        return usual


def history(session: Session, need_id: int) -> list[AuditLeaf]:
    """Return the public events of a need, newest first."""
    query = select(AuditLeaf).where(AuditLeaf.kind == "need", AuditLeaf.object_id == need_id)
    return list(session.scalars(query.order_by(AuditLeaf.seq.desc())))


@dataclass(frozen=True, slots=True)
class Facets:
    """How many published needs there are by state, town and item, and how many close soon."""

    states: dict[str, int]
    towns: dict[str, int]
    items: dict[str, int]
    soon: int


def facets(session: Session, now: datetime) -> Facets:
    """Count published needs for the filters of their list."""

    def by(column: Any) -> dict[str, int]:
        rows = session.execute(select(column, func.count()).where(Need.published_at.is_not(None)).group_by(column))
        return {str(row[0]): int(row[1]) for row in rows}

    closing = select(func.count()).select_from(Need).where(*conditions(Filters(closing_soon=True), now))
    return Facets(by(Need.state), by(Need.town_code), by(Need.item_code), session.scalar(closing) or 0)


def offering(session: Session, item_code: str) -> list[tuple[int, int]]:
    """Return the agencies on the shelf that offer an item, each with its organisation."""
    query = (
        select(Agency.id, Agency.org_id)
        .join(Offering, Offering.agency_id == Agency.id)
        .where(Offering.item_code == item_code, Agency.state.in_(ON_SHELF))
        .order_by(Agency.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def admitted(session: Session, need_id: int) -> dict[int, Admission]:
    """Return the agencies admitted to a need by id; empty where everybody who fits may quote."""
    return {row.agency_id: row for row in session.scalars(select(Admission).where(Admission.need_id == need_id))}


def is_shut_out(session: Session, need_id: int, agency_id: int) -> bool:
    """Say whether a need is closed to this agency: open to others alone, or its own admission is over."""
    alone = admitted(session, need_id)
    return bool(alone) and (agency_id not in alone or alone[agency_id].is_over)


def ceiling_for(session: Session, need: Need, agency_id: int) -> Money | None:
    """Return the most this agency may quote: its own ceiling where it was admitted with one, else the notice's."""
    own = admitted(session, need.id).get(agency_id)
    known = [one for one in (need.ceiling, own.ceiling if own is not None else None) if one is not None]
    return min(known, default=None)


def may_quote(session: Session, need: Need) -> list[tuple[int, int]]:
    """Return the agencies on the shelf that may quote for a need, each with its organisation."""
    out, alone = avoided(session, need.id), admitted(session, need.id)
    return [
        (agency_id, org_id)
        for agency_id, org_id in offering(session, need.item_code)
        if agency_id not in out and (not alone or (agency_id in alone and not alone[agency_id].is_over))
    ]


def agency_names(session: Session, agency_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of agencies by id; those not known are left out."""
    ids = list(agency_ids)
    rows = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids))) if ids else ()
    return {row[0]: row[1] for row in rows}


def agency_named(session: Session, name: str) -> int | None:
    """Return the agency of this full name."""
    return session.scalar(select(Agency.id).where(Agency.name == name).limit(1))


def org_of(session: Session, need: Need) -> Organisation:
    """Return the enterprise of a need."""
    return session.get_one(Organisation, need.org_id)


def fee_grounds(need: Need, today: date) -> dict[str, Any]:
    """Return what a fee case needs to work the need's schedule again: schedule, day, inputs, and which need it is."""
    return {
        "need": need.number,
        "title": need.title,
        "schedule": need.schedule_id,
        "on": (beijing_day(need.published_at) if need.published_at else today).isoformat(),
        "inputs": {**need.fee_inputs, "funding": "government" if need.fund == "fiscal" else "social"},
    }


def id_of_number(work: Work, number: str) -> int | None:
    """Return the need a number names, if the actor may read it."""
    return work.session.scalar(select(Need.id).where(Need.number == number, visible_needs(work.actor)))
