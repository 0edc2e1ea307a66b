"""Reads of the record, of organisations, and of the towns' handling of registrations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from agencies.registration.lifecycle import RegistrationState
from agencies.registration.models import Agency
from core.access import OrgKind
from core.audit import AuditLeaf
from core.paging import Page, newest
from marketplace.quotes.models import Quote
from marketplace.quotes.queries import sealed_until_opening

WAITING: Final = (RegistrationState.SUBMITTED,)


@dataclass(frozen=True, slots=True)
class LeafFilter:
    """What the record is narrowed by: the kind of object, one object, a verb."""

    kind: str = ""
    object_id: int | None = None
    verb: str = ""


def leaves(session: Session, asked: LeafFilter, *, after: int | None, limit: int | None) -> Page[AuditLeaf]:
    """Return leaves, newest first; those of quotes to a need still open stay out, so that nobody counts them."""
    query = select(AuditLeaf).where(
        or_(AuditLeaf.kind != Quote.__tablename__, AuditLeaf.object_id.not_in(sealed_until_opening()))
    )
    if asked.kind:
        query = query.where(AuditLeaf.kind == asked.kind)
    if asked.object_id is not None:
        query = query.where(AuditLeaf.object_id == asked.object_id)
    if asked.verb:
        query = query.where(AuditLeaf.verb == asked.verb)
    return newest(session, query, AuditLeaf.seq, after=after, limit=limit)


def leaf_kinds(session: Session) -> list[str]:
    """Return the kinds of objects the record knows."""
    return list(session.scalars(select(AuditLeaf.kind).distinct().order_by(AuditLeaf.kind)))


def head(session: Session) -> AuditLeaf | None:
    """Return the newest leaf, whose chain hash covers all before it."""
    return session.scalars(select(AuditLeaf).order_by(AuditLeaf.seq.desc()).limit(1)).first()


def organisation_names(session: Session, org_ids: set[int]) -> dict[int, str]:
    """Return the names of organisations by id; a leaf names organisations, never people."""
    if not org_ids:
        return {}
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(org_ids))
    return {row[0]: row[1] for row in session.execute(query)}


def organisations(
    session: Session, *, kind: OrgKind | None, name: str, suspended: bool, after: int | None, limit: int | None
) -> Page[Organisation]:
    """Return organisations, newest first, narrowed by kind, part of the name, or suspended ones alone."""
    query = select(Organisation)
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    if name:
        query = query.where(Organisation.name.contains(name, autoescape=True))
    if suspended:
        query = query.where(Organisation.suspended_at.is_not(None))
    return newest(session, query, Organisation.id, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class TownWork:
    """How a town's operator handles registrations: listed, waiting, overdue, deemed accepted, second lists."""

    town_code: str
    submitted: int
    waiting: int
    overdue: int
    deemed: int
    second_lists: int


def towns_at_work(session: Session, now: datetime) -> Sequence[TownWork]:
    """Return every town's registrations with their clocks; one statement."""

    def count(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    waiting = Agency.state.in_(WAITING)
    query = (
        select(
            Agency.town_code,
            count(Agency.submitted_at.is_not(None)),
            count(waiting),
            count(waiting & (Agency.due_at < now)),
            count(Agency.deemed),
            count(Agency.corrections_n > 1),
        )
        .where(Agency.town_code.is_not(None))
        .group_by(Agency.town_code)
        .order_by(Agency.town_code)
    )
    return [TownWork(row[0], *(int(figure or 0) for figure in row[1:])) for row in session.execute(query)]
