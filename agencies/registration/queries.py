"""Reads of registration: agencies one by one, on the shelf, and in an operator's queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from accounts import reference as places
from accounts.queries import offices
from agencies.catalogue import reference
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.queries import all_items, item_by_code
from agencies.catalogue.reference_types import Match
from agencies.registration import rules
from agencies.registration.lifecycle import COUNTS, ON_SHELF, QualificationState, RegistrationState, Verdict
from agencies.registration.models import (
    Agency,
    CorrectionNotice,
    Material,
    Offering,
    Practitioner,
    Qualification,
    QualificationItem,
    QualificationNotice,
)
from agencies.registration.rules import Demand, Eligibility, Held, Missing
from core.access import Actor, OrgKind
from core.audit import AuditLeaf
from core.errors import NotFound
from core.paging import clamp

OUTSIDE: Final = "outside"
NO_GRADE: Final = "none"
SORTS: Final = ("rank", "on_time", "rating")
SEE_ALL: Final = (OrgKind.CITY_OPERATOR, OrgKind.ADMINISTRATION, OrgKind.PRICE_REGULATOR)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a reader asked of the shelf; empty means any.

    towns may hold OUTSIDE for agencies from other cities, grades NO_GRADE; ``on_time_percent`` is a lower limit.
    """

    item_code: str | None = None
    towns: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    on_time_percent: int | None = None
    sort: str = "rank"


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """Some agencies in the order asked for, and the mark after which the next page begins."""

    items: Sequence[Agency]
    after: str | None


def agency_by_id(session: Session, agency_id: int) -> Agency:
    """Return one agency. Raises NotFound("agency-not-found")."""
    row = session.get(Agency, agency_id)
    if row is None:
        raise NotFound("agency-not-found", id=agency_id)
    return row


def visible_agency(session: Session, actor: Actor, agency_id: int) -> Agency:
    """Return one agency this reader may see. Raises NotFound("agency-not-found") for one not yet public."""
    row = session.scalars(select(Agency).where(Agency.id == agency_id, visible_agencies(actor))).one_or_none()
    if row is None:
        raise NotFound("agency-not-found", id=agency_id)
    return row


def agency_of_org(session: Session, org_id: int | None) -> Agency | None:
    """Return the agency an organisation registered, if it did."""
    if org_id is None:
        return None
    return session.scalars(select(Agency).where(Agency.org_id == org_id)).one_or_none()


def visible_agencies(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is the twin of ``registration:see``."""
    if actor.is_system or actor.org_kind in SEE_ALL:
        return true()
    seen: list[ColumnElement[bool]] = [Agency.listed_at.is_not(None)]
    if actor.org_id is not None:
        seen.append(Agency.org_id == actor.org_id)
    if actor.org_kind is OrgKind.TOWN_OPERATOR and actor.town_code is not None:
        seen.append(Agency.town_code == actor.town_code)
    return or_(*seen)


def reviewable_agencies(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is the twin of the operators' clauses of ``registration:review``, whoever acts."""
    if actor.org_kind is OrgKind.CITY_OPERATOR:
        return true()
    if actor.org_kind is OrgKind.TOWN_OPERATOR and actor.town_code is not None:
        return Agency.town_code == actor.town_code
    return false()


def review_queue(session: Session, actor: Actor) -> Sequence[Agency]:
    """Return what waits for this operator's verdict, the one due first on top."""
    waiting = and_(Agency.state == RegistrationState.SUBMITTED, reviewable_agencies(actor))
    return session.scalars(select(Agency).where(waiting).order_by(Agency.due_at, Agency.id).limit(200)).all()


def gap_queue(session: Session, actor: Actor) -> Sequence[Agency]:
    """Return agencies of this operator that still owe a promised paper."""
    owing = and_(Agency.state == RegistrationState.LISTED_WITH_GAPS, reviewable_agencies(actor))
    return session.scalars(select(Agency).where(owing).order_by(Agency.id).limit(200)).all()


def unverified_qualifications(session: Session, actor: Actor) -> Sequence[tuple[Qualification, Agency]]:
    """Return qualifications entered on the shelf that wait to be judged or owe a paper, the one due first on top."""
    query = (
        select(Qualification, Agency)
        .join(Agency, Agency.id == Qualification.agency_id)
        .where(Qualification.state.in_((QualificationState.SUBMITTED, QualificationState.VALID_WITH_GAPS)))
        .where(reviewable_agencies(actor))
    )
    order = (Qualification.review_by.is_(None), Qualification.review_by, Qualification.id)
    return [(row[0], row[1]) for row in session.execute(query.order_by(*order).limit(200))]


def twice_returned(session: Session, actor: Actor) -> tuple[int, int]:
    """Count the changes of this operator that needed a second correction list, and those that needed any."""
    query = select(Qualification.corrections_n, func.count()).join(Agency, Agency.id == Qualification.agency_id)
    query = query.where(Qualification.corrections_n > 0, reviewable_agencies(actor)).group_by(
        Qualification.corrections_n
    )
    counts: dict[int, int] = {row[0]: row[1] for row in session.execute(query)}
    return counts.get(2, 0), sum(counts.values())


def change_items(session: Session, qualification_id: int) -> dict[str, QualificationItem]:
    """Return what is judged of a changed qualification, by key, in the order it is judged."""
    query = select(QualificationItem).where(QualificationItem.qualification_id == qualification_id)
    return {row.key: row for row in session.scalars(query.order_by(QualificationItem.id))}


def change_notices(session: Session, qualification_id: int) -> Sequence[QualificationNotice]:
    """Return the correction lists of a changed qualification, the first one first."""
    query = select(QualificationNotice).where(QualificationNotice.qualification_id == qualification_id)
    return session.scalars(query.order_by(QualificationNotice.number)).all()


def change_leaves(session: Session, qualification_id: int) -> Sequence[AuditLeaf]:
    """Return what happened to a qualification, newest first."""
    query = select(AuditLeaf).where(AuditLeaf.kind == "qualification", AuditLeaf.object_id == qualification_id)
    return session.scalars(query.order_by(AuditLeaf.seq.desc())).all()


def on_shelf(shelf: Shelf) -> ColumnElement[bool]:
    """Return the condition of the shelf a reader asked for."""
    wanted: list[ColumnElement[bool]] = [Agency.state.in_(ON_SHELF)]
    if shelf.item_code:
        wanted.append(Agency.id.in_(select(Offering.agency_id).where(Offering.item_code == shelf.item_code)))
    if shelf.towns:
        wanted.append(_one_of(Agency.town_code, shelf.towns, OUTSIDE))
    if shelf.grades:
        wanted.append(_one_of(Agency.grade, shelf.grades, NO_GRADE))
    if shelf.on_time_percent is not None:
        wanted.append(Agency.on_time_milli >= shelf.on_time_percent * 10)
    return and_(*wanted)


def _one_of(column: InstrumentedAttribute[str | None], words: Sequence[str], word_for_none: str) -> ColumnElement[bool]:
    among = column.in_([word for word in words if word != word_for_none])
    return or_(among, column.is_(None)) if word_for_none in words else among


def listed_agencies(session: Session, shelf: Shelf, *, after: str | None = None, limit: int | None = None) -> ShelfPage:
    """Return one page of the shelf, best first, by keyset; ``after`` is the mark the page before ended with."""
    size, key = clamp(limit), _sort_key(shelf.sort)
    query = select(Agency, key.label("key")).where(on_shelf(shelf))
    mark = _read_mark(after)
    if mark is not None:
        query = query.where(or_(key < mark[0], and_(key == mark[0], Agency.id < mark[1])))
    rows = session.execute(query.order_by(key.desc(), Agency.id.desc()).limit(size + 1)).all()
    last = rows[size - 1] if len(rows) > size else None
    return ShelfPage([row[0] for row in rows[:size]], f"{last[1]}.{last[0].id}" if last is not None else None)


def shelf_ids(session: Session, shelf: Shelf) -> Sequence[int]:
    """Return the ids of every agency on the shelf asked for."""
    return session.scalars(
        select(Agency.id).where(on_shelf(shelf)).order_by(Agency.rank.desc(), Agency.id.desc())
    ).all()


def shelf_size(session: Session, shelf: Shelf) -> int:
    """Count the agencies on the shelf asked for."""
    return session.scalar(select(func.count()).select_from(Agency).where(on_shelf(shelf))) or 0


def agencies_by_ids(session: Session, ids: Iterable[int]) -> list[Agency]:
    """Return agencies in the order of the ids given; unknown ids are left out."""
    wanted = list(dict.fromkeys(ids))
    found = {row.id: row for row in session.scalars(select(Agency).where(Agency.id.in_(wanted)))}
    return [found[one] for one in wanted if one in found]


def shelf_counts(session: Session, item_code: str | None) -> Mapping[str, Counter[str]]:
    """Count the agencies of an item by town and by grade, for the filters."""
    query = select(Agency.town_code, Agency.grade, func.count()).where(on_shelf(Shelf(item_code=item_code)))
    towns: Counter[str] = Counter()
    grades: Counter[str] = Counter()
    for town, grade, count in session.execute(query.group_by(Agency.town_code, Agency.grade)):
        towns[town or OUTSIDE] += count
        grades[grade or NO_GRADE] += count
    return {"town": towns, "grade": grades}


def offered_counts(session: Session) -> dict[str, int]:
    """Count the agencies on the shelf by the item they offer."""
    query = select(Offering.item_code, func.count()).join(Agency, Agency.id == Offering.agency_id)
    query = query.where(Agency.state.in_(ON_SHELF)).group_by(Offering.item_code)
    return {row[0]: row[1] for row in session.execute(query)}


def _sort_key(sort: str) -> ColumnElement[int]:
    if sort == "on_time":
        return func.coalesce(Agency.on_time_milli, -1)
    if sort == "rating":
        return func.coalesce(Agency.standing_low_milli, -1)
    return Agency.rank.expression


def _read_mark(after: str | None) -> tuple[int, int] | None:
    try:
        key, _, number = (after or "").rpartition(".")
        return int(key), int(number)
    except ValueError:
        return None


def qualifications_of(session: Session, agency_id: int) -> Sequence[Qualification]:
    """Return the qualifications an agency holds, withdrawn ones left out."""
    query = select(Qualification).where(Qualification.agency_id == agency_id, Qualification.withdrawn_at.is_(None))
    return session.scalars(query.order_by(Qualification.id)).all()


def practitioners_of(session: Session, agency_id: int) -> Sequence[Practitioner]:
    """Return the people who work for an agency now."""
    query = select(Practitioner).where(Practitioner.agency_id == agency_id, Practitioner.left_at.is_(None))
    return session.scalars(query.order_by(Practitioner.id)).all()


def practitioner_counts(session: Session, agency_ids: Iterable[int]) -> dict[int, int]:
    """Count the people of several agencies."""
    query = select(Practitioner.agency_id, func.count()).where(Practitioner.agency_id.in_(list(agency_ids)))
    query = query.where(Practitioner.left_at.is_(None)).group_by(Practitioner.agency_id)
    return {row[0]: row[1] for row in session.execute(query)}


def offered_items(session: Session, agency_id: int) -> Sequence[ServiceItem]:
    """Return the items an agency offers, by number."""
    query = select(ServiceItem).join(Offering, Offering.item_code == ServiceItem.code)
    return session.scalars(query.where(Offering.agency_id == agency_id).order_by(ServiceItem.number)).all()


def materials_of(session: Session, agency_id: int) -> dict[str, Material]:
    """Return what was given and judged, by the material's key."""
    return {row.key: row for row in session.scalars(select(Material).where(Material.agency_id == agency_id))}


def notices_of(session: Session, agency_id: int) -> Sequence[CorrectionNotice]:
    """Return the correction lists sent to an agency, the newest first."""
    query = select(CorrectionNotice).where(CorrectionNotice.agency_id == agency_id)
    return session.scalars(query.order_by(CorrectionNotice.number.desc())).all()


def asked_for(session: Session, agency_id: int) -> tuple[places.MaterialData, ...]:
    """Return the papers this agency has to hand in, from what it offers and whom it names."""
    items = offered_items(session, agency_id)
    return rules.asked_for(
        places.materials(),
        with_qualification=any(item.qualifications for item in items),
        without_qualification=any(item.commitment_only for item in items),
        with_practitioners=bool(practitioners_of(session, agency_id)),
    )


@cache
def ladders() -> Mapping[str, tuple[str, ...]]:
    """Return the grades of each qualification category, from the highest down."""
    return {one.code: one.grades for one in reference.qualifications()}


def demand_of(item: ServiceItem) -> Demand:
    """Return what an item asks an agency to hold."""
    wanted = tuple((one["category"], one["grade"]) for one in item.qualifications)
    return Demand(wanted, item.qualification_match is Match.ALL, item.qualification_confidence)


def held_by(session: Session, agency: Agency) -> tuple[Held, ...]:
    """Return an agency's qualifications as the rules judge them; before listing none needs to be checked yet."""
    listed = agency.listed_at is not None
    return tuple(
        Held(row.category, row.grade, row.valid_from, row.valid_to, verified=not listed or row.state in COUNTS)
        for row in qualifications_of(session, agency.id)
    )


def eligible(
    session: Session, agency_id: int, item_code: str, on: date, *, project_items: Iterable[str] = ()
) -> Eligibility:
    """Say whether an agency may quote for an item on a day, and what is missing or has run out.

    project_items: codes of the items the same agency already holds in the same project; a conflict pair refuses.
    """
    agency, item = agency_by_id(session, agency_id), item_by_code(session, item_code)
    missing: list[Missing] = []
    if agency.state not in ON_SHELF:
        missing.append(Missing("agency-not-listed", {"state": str(agency.state)}))
    offers = select(Offering.id).where(Offering.agency_id == agency_id, Offering.item_code == item_code)
    if session.scalar(offers) is None:
        missing.append(Missing("item-not-offered", {"item": item.name}))
    binding, advice = rules.qualification_gaps(demand_of(item), held_by(session, agency), on, ladders())
    missing.extend(binding)
    names = {one.code: one.name for one in all_items(session)} if project_items else {}
    missing.extend(
        Missing("conflicting-item", {"item": item.name, "other": names.get(other, other)})
        for other in project_items
        if other in item.conflicts
    )
    people = [rules.Certified(one.kind, one.valid_to) for one in practitioners_of(session, agency_id)]
    return Eligibility(tuple(missing), (*advice, *rules.practitioner_gaps(item.practitioners, people, on)))


def readiness(session: Session, agency: Agency, on: date) -> tuple[Missing, ...]:
    """Return what an agency still has to do before it hands its registration in, in the order of the task list."""
    missing: list[Missing] = []
    if not agency.contact_name or not agency.contact_mobile:
        missing.append(Missing("details-missing"))
    items = offered_items(session, agency.id)
    if not items:
        missing.append(Missing("items-missing"))
    held = held_by(session, agency)
    for item in items:
        binding, _advice = rules.qualification_gaps(demand_of(item), held, on, ladders())
        missing.extend(Missing(gap.code, {**gap.facts, "item": item.name}) for gap in binding)
    given = materials_of(session, agency.id)
    for material in asked_for(session, agency.id):
        row = given.get(material.code)
        if row is not None and row.verdict is Verdict.TO_CORRECT:
            missing.append(Missing("correction-unanswered", {"material": material.name}))
        elif not rules.is_given(
            material, has_file=row is not None and row.file_id is not None, committed=agency.committed_at is not None
        ):
            missing.append(Missing("material-missing", {"material": material.name}))
    if agency.committed_at is None:
        missing.append(Missing("commitment-missing"))
    return tuple(missing)


def reviewing_org(session: Session, agency: Agency) -> int | None:
    """Return the operator that judges an agency: its town's, or the city's; None when neither is set up."""
    towns = offices(session, OrgKind.TOWN_OPERATOR, agency.town_code) if agency.town_code else ()
    return next(iter(towns or offices(session, OrgKind.CITY_OPERATOR)), None)
