"""Reads of fees: posted prices in force, fee cases as each reader may see them, and what happened around a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, and_, case, false, func, or_, select, true, type_coerce
from sqlalchemy.orm import Session

from accounts.models import Organisation
from agencies.catalogue.models import ServiceItem
from agencies.fees import register
from agencies.fees.lifecycle import UNDECIDED, CaseKind, CaseState
from agencies.fees.models import FeeCase, PostedPrice
from agencies.registration.models import Agency
from core.access import Actor, OrgKind
from core.audit import AuditLeaf
from core.errors import NotFound
from core.paging import Page, newest

SEE_ALL: Final = (OrgKind.PRICE_REGULATOR, OrgKind.CITY_OPERATOR, OrgKind.ADMINISTRATION)
MOST_LEAVES: Final = 60
QUEUE_PAGE: Final = 50
WAITING: Final = (*UNDECIDED, CaseState.APPEALED)


def in_force(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a posted price stands at an instant."""
    ends = or_(PostedPrice.superseded_at.is_(None), PostedPrice.superseded_at > at)
    return and_(PostedPrice.valid_from <= at, ends)


def posted_price(session: Session, agency_id: int, item_code: str, at: datetime) -> PostedPrice | None:
    """Return the price an agency had posted for an item at an instant."""
    query = select(PostedPrice).where(
        PostedPrice.agency_id == agency_id, PostedPrice.item_code == item_code, in_force(at)
    )
    return session.scalars(query.order_by(PostedPrice.valid_from.desc(), PostedPrice.id.desc()).limit(1)).first()


def posted_prices(session: Session, agency_id: int, at: datetime) -> Mapping[str, PostedPrice]:
    """Return every price of an agency in force at an instant, by item code."""
    query = select(PostedPrice).where(PostedPrice.agency_id == agency_id, in_force(at))
    return {row.item_code: row for row in session.scalars(query.order_by(PostedPrice.item_code, PostedPrice.id))}


def coming_prices(session: Session, agency_id: int, at: datetime) -> Mapping[str, PostedPrice]:
    """Return the next version of each price of an agency that is posted for later than an instant, by item code."""
    ends = or_(PostedPrice.superseded_at.is_(None), PostedPrice.superseded_at > PostedPrice.valid_from)
    query = select(PostedPrice).where(PostedPrice.agency_id == agency_id, PostedPrice.valid_from > at, ends)
    return {row.item_code: row for row in session.scalars(query.order_by(PostedPrice.valid_from.desc()))}


def prices_of_item(
    session: Session, item_code: str, agency_ids: Sequence[int], at: datetime
) -> Mapping[int, PostedPrice]:
    """Return the prices of several agencies for one item in force at an instant, by agency."""
    query = select(PostedPrice).where(
        PostedPrice.item_code == item_code, PostedPrice.agency_id.in_(agency_ids), in_force(at)
    )
    return {row.agency_id: row for row in session.scalars(query.order_by(PostedPrice.id))}


def price_versions(session: Session, agency_id: int, item_code: str) -> Sequence[PostedPrice]:
    """Return every version of an agency's price for an item that was or will be in force, newest first."""
    query = select(PostedPrice).where(PostedPrice.agency_id == agency_id, PostedPrice.item_code == item_code)
    lived = or_(PostedPrice.superseded_at.is_(None), PostedPrice.superseded_at > PostedPrice.valid_from)
    return session.scalars(query.where(lived).order_by(PostedPrice.valid_from.desc(), PostedPrice.id.desc())).all()


def schedules_of(item: ServiceItem) -> tuple[str, ...]:
    """Return the ids of the fee schedules kept here that fit an item; other documents are passed over."""
    found: list[str] = []
    for document in item.schedules:
        try:
            found.append(register.find(document).id)
        except NotFound:
            continue
    return tuple(dict.fromkeys(found))


def case_by_id(session: Session, case_id: int) -> FeeCase:
    """Return one fee case. Raises NotFound("fee-case-not-found")."""
    row = session.get(FeeCase, case_id)
    if row is None:
        raise NotFound("fee-case-not-found", id=case_id)
    return row


def case_of(session: Session, kind: CaseKind, object_kind: str, object_id: int) -> FeeCase | None:
    """Return the case of one finding on one thing."""
    query = select(FeeCase).where(
        FeeCase.kind == kind, FeeCase.object_kind == object_kind, FeeCase.object_id == object_id
    )
    return session.scalars(query).one_or_none()


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is the twin of ``fee_case:read``."""
    if actor.is_system or actor.org_kind in SEE_ALL:
        return true()
    if actor.org_kind is OrgKind.TOWN_OPERATOR and actor.town_code is not None:
        return FeeCase.town_code == actor.town_code
    if actor.org_kind is OrgKind.AGENCY and actor.org_id is not None:
        return FeeCase.agency_org_id == actor.org_id
    return false()


def case_queue(session: Session, actor: Actor, *, limit: int = 50) -> Sequence[FeeCase]:
    """Return the undecided cases a reader may see: answered ones first, then by the end of the time to reply."""
    waits = case((FeeCase.state == UNDECIDED[1], 0), else_=1)
    query = select(FeeCase).where(visible_cases(actor), FeeCase.state.in_(UNDECIDED))
    return session.scalars(query.order_by(waits, FeeCase.due_at, FeeCase.id).limit(limit)).all()


@dataclass(frozen=True, slots=True)
class CaseAsk:
    """What a reader of the queue asks for; empty words ask for all. order: ``amount`` at stake, ``age`` or ``due``."""

    town: str = ""
    item: str = ""
    kind: str = ""
    order: str = "amount"

    def narrowed(self) -> list[ColumnElement[bool]]:
        """Return the conditions asked for."""
        pairs = ((FeeCase.town_code, self.town), (FeeCase.item_code, self.item), (FeeCase.kind, self.kind))
        return [column == value for column, value in pairs if value]


def ranked_cases(
    session: Session, actor: Actor, ask: CaseAsk, *, skip: int = 0, limit: int | None = None
) -> Sequence[FeeCase]:
    """Return the cases that wait for the regulator or the agency, the largest amount at stake first.

    Asked so, the oldest come first, or those whose clock ends first. skip: how many are passed over; limit: how many
    are returned, a page of the queue if none.
    """
    clock = case((FeeCase.state == CaseState.APPEALED, FeeCase.review_by), else_=FeeCase.due_at)
    stake = func.abs(type_coerce(FeeCase.found, BigInteger) - type_coerce(FeeCase.compared, BigInteger))
    by = {"age": FeeCase.opened_at.asc(), "due": clock.asc()}.get(ask.order, stake.desc())
    query = select(FeeCase).where(visible_cases(actor), FeeCase.state.in_(WAITING), *ask.narrowed())
    return session.scalars(query.order_by(by, FeeCase.id).offset(skip).limit(limit or QUEUE_PAGE)).all()


def case_places(session: Session, actor: Actor) -> tuple[list[str], list[str]]:
    """Return the towns and the items of the cases a reader may see, to choose among."""
    seen = visible_cases(actor)
    towns = select(FeeCase.town_code).where(seen).distinct().order_by(FeeCase.town_code)
    items = select(FeeCase.item_code).where(seen).distinct().order_by(FeeCase.item_code)
    return list(session.scalars(towns)), list(session.scalars(items))


def workload(session: Session, actor: Actor, ask: CaseAsk, now: datetime) -> dict[str, int]:
    """Count the cases a reader may see by state, and as ``overdue`` those whose clock ran out."""
    wanted = and_(visible_cases(actor), *ask.narrowed())
    query = select(FeeCase.state, func.count()).where(wanted).group_by(FeeCase.state)
    found = {str(row[0]): int(row[1]) for row in session.execute(query)}
    late = or_(
        and_(FeeCase.state.in_(UNDECIDED), FeeCase.due_at <= now),
        and_(FeeCase.state == CaseState.APPEALED, FeeCase.review_by <= now),
    )
    found["overdue"] = session.scalar(select(func.count()).select_from(FeeCase).where(wanted, late)) or 0
    return found


def cases_page(
    session: Session, actor: Actor, *, decided: bool | None = None, after: int | None = None,
    limit: int | None = None, ask: CaseAsk | None = None,
) -> Page[FeeCase]:  # fmt: skip
    """Return the cases a reader may see, newest first; ``decided`` keeps one kind: those closed, or those that wait."""
    query = select(FeeCase).where(visible_cases(actor), *(ask.narrowed() if ask is not None else ()))
    if decided is not None:
        query = query.where(FeeCase.state.not_in(WAITING) if decided else FeeCase.state.in_(WAITING))
    return newest(session, query, FeeCase.id, after=after, limit=limit)


def undecided_count(session: Session, actor: Actor, ask: CaseAsk | None = None) -> int:
    """Count the undecided cases a reader may see."""
    asked = ask.narrowed() if ask is not None else ()
    query = select(func.count()).select_from(FeeCase).where(visible_cases(actor), FeeCase.state.in_(WAITING), *asked)
    return session.scalar(query) or 0


def leaves_around(session: Session, row: FeeCase) -> Sequence[AuditLeaf]:
    """Return the recorded changes of a case, of the thing it is about and of its need, newest first."""
    told = [and_(AuditLeaf.kind == "fee_case", AuditLeaf.object_id == row.id)]
    told.append(and_(AuditLeaf.kind == row.object_kind, AuditLeaf.object_id == row.object_id))
    if row.need_id is not None:
        told.append(and_(AuditLeaf.kind == "need", AuditLeaf.object_id == row.need_id))
    return session.scalars(select(AuditLeaf).where(or_(*told)).order_by(AuditLeaf.seq.desc()).limit(MOST_LEAVES)).all()


def agency_names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the names of several agencies by id."""
    return {row[0]: row[1] for row in session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)))}


def organisation_name(session: Session, org_id: int) -> str:
    """Return an organisation's name, empty when there is none."""
    return session.scalar(select(Organisation.name).where(Organisation.id == org_id)) or ""
