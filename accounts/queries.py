"""Reads of people, memberships, sign-ins and messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import ApiToken, Division, Membership, Message, Organisation, SignIn, User
from accounts.rules import normal_identifier
from core.access import Actor, MemberRole, OrgKind
from core.clock import beijing_day
from core.errors import NotFound
from core.paging import Page, newest
from core.secrets import keyed_hash
from core.work import Work


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's place in one organisation."""

    membership: Membership
    user: User
    org: Organisation


def find_person(session: Session, identifier: str) -> User | None:
    """Find a person by what they sign in with."""
    kind, value = normal_identifier(identifier)
    if not value:
        return None
    column = User.email_hash if kind == "email" else User.mobile_hash
    return session.scalars(select(User).where(column == keyed_hash(kind, value))).one_or_none()


def person(session: Session, user_id: int | None) -> User:
    """Return a person. Raises NotFound."""
    row = session.get(User, user_id) if user_id is not None else None
    if row is None:
        raise NotFound("person-not-found")
    return row


def organisation(session: Session, org_id: int | None) -> Organisation:
    """Return an organisation. Raises NotFound."""
    row = session.get(Organisation, org_id) if org_id is not None else None
    if row is None:
        raise NotFound("organisation-not-found")
    return row


def offices(session: Session, kind: OrgKind, town_code: str | None = None) -> Sequence[int]:
    """Return the organisations of a kind, of a town where one is named, the first founded first."""
    query = select(Organisation.id).where(Organisation.kind == kind)
    if town_code is not None:
        query = query.where(Organisation.town_code == town_code)
    return session.scalars(query.order_by(Organisation.id)).all()


def standing(today: date) -> ColumnElement[bool]:
    """Select the memberships that hold on a day."""
    open_end = or_(Membership.valid_to.is_(None), Membership.valid_to >= today)
    return and_(Membership.ended_at.is_(None), Membership.valid_from <= today, open_end)


def visible_organisations(actor: Actor) -> ColumnElement[bool]:
    """Select the organisations whose own page an actor may read; the twin of ``organisation:read``."""
    if actor.is_system or str(actor.org_kind or "") in {"administration", "city_operator"}:
        return Organisation.id.is_not(None)
    return Organisation.id == (actor.org_id or -1)


def seats_of_person(work: Work, user_id: int) -> Sequence[Seat]:
    """Return where a person may act today, oldest first."""
    query = (
        select(Membership, User, Organisation)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.org_id)
        .where(Membership.user_id == user_id, standing(beijing_day(work.clock.now())))
        .where(Organisation.suspended_at.is_(None))
        .order_by(Membership.id)
    )
    return [Seat(*row) for row in work.session.execute(query)]


def seats_of_organisation(session: Session, org_id: int) -> Sequence[Seat]:
    """Return who may act for an organisation, and who could: those ended come last."""
    query = (
        select(Membership, User, Organisation)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.org_id)
        .where(Membership.org_id == org_id)
        .order_by(Membership.ended_at.is_not(None), Membership.id)
    )
    return [Seat(*row) for row in session.execute(query)]


def managers_n(work: Work, org_id: int) -> int:
    """Count who manages an organisation today."""
    query = select(func.count()).select_from(Membership)
    query = query.where(Membership.org_id == org_id, Membership.role == MemberRole.MANAGER)
    return int(work.session.scalar(query.where(standing(beijing_day(work.clock.now())))) or 0)


def sign_ins(work: Work, user_id: int) -> Sequence[SignIn]:
    """Return a person's sign-ins that have not ended, the latest seen first."""
    query = select(SignIn).where(SignIn.user_id == user_id, SignIn.revoked_at.is_(None))
    query = query.where(SignIn.ends_at > work.clock.now()).order_by(SignIn.seen_at.desc())
    return work.session.scalars(query.limit(50)).all()


def tokens_of(session: Session, user_id: int | None) -> Sequence[tuple[ApiToken, str]]:
    """Return a person's tokens with the name of the organisation each acts for, newest first."""
    query = select(ApiToken, Organisation.name).outerjoin(Organisation, Organisation.id == ApiToken.org_id)
    query = query.where(ApiToken.user_id == (user_id or -1)).order_by(ApiToken.id.desc()).limit(100)
    return [(row, name or "") for row, name in session.execute(query)]


def towns(session: Session) -> Sequence[tuple[str, str, str]]:
    """Return the divisions as (code, name, English name), by code."""
    rows = session.execute(select(Division.code, Division.name, Division.name_en).order_by(Division.code))
    return [(code, name, name_en) for code, name, name_en in rows]


def message(session: Session, message_id: int) -> Message:
    """Return a message. Raises NotFound."""
    row = session.get(Message, message_id)
    if row is None:
        raise NotFound("message-not-found")
    return row


def inbox(org_id: int, user_id: int | None) -> ColumnElement[bool]:
    """Select what one of an organisation's people is told: what all are, and what is for this person alone."""
    return and_(Message.org_id == org_id, or_(Message.user_id.is_(None), Message.user_id == user_id))


def todo_of(session: Session, org_id: int, *, user_id: int | None = None, limit: int = 50) -> Sequence[Message]:
    """Return what an organisation has to do, the one due first on top."""
    query = select(Message).where(inbox(org_id, user_id), Message.is_todo.is_(True), Message.done_at.is_(None))
    return session.scalars(query.order_by(Message.due_at.is_(None), Message.due_at, Message.id).limit(limit)).all()


def notices_of(
    session: Session, org_id: int, *, user_id: int | None = None, after: int | None = None, limit: int | None = None
) -> Page[Message]:
    """Return a page of what an organisation was told, newest first: notices, and things to do that are done."""
    query = select(Message).where(inbox(org_id, user_id))
    query = query.where(or_(Message.is_todo.is_(False), Message.done_at.is_not(None)))
    return newest(session, query, Message.id, after=after, limit=limit)


def open_counts(session: Session, org_id: int, *, user_id: int | None = None) -> tuple[int, int]:
    """Count what an organisation has to do, and what it was told and has not read."""
    query = select(Message.is_todo, func.count()).where(inbox(org_id, user_id), Message.done_at.is_(None))
    found = {bool(is_todo): int(count) for is_todo, count in session.execute(query.group_by(Message.is_todo))}
    return found.get(True, 0), found.get(False, 0)


def readers_of(work: Work, org_id: int, user_id: int | None = None) -> Sequence[User]:
    """Return who may read an organisation's messages today: its people, or the one named if still among them."""
    query = select(User).join(Membership, Membership.user_id == User.id).where(Membership.org_id == org_id)
    query = query.where(standing(beijing_day(work.clock.now())), User.suspended_at.is_(None))
    if user_id is not None:
        query = query.where(User.id == user_id)
    return work.session.scalars(query.order_by(User.id)).all()


def who(session: Session, user_id: int | None, org_id: int | None) -> str:
    """Return a person's name with the office; empty for nobody."""
    if user_id is None:
        return ""
    user, office = session.get(User, user_id), session.get(Organisation, org_id) if org_id is not None else None
    return " ".join(one for one in (office.name if office else "", user.display_name if user else "") if one)
