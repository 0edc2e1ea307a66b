"""An organisation's deadlines as a calendar that a person's own program reads at a secret address."""

from __future__ import annotations

import secrets as random_source
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import queries, telling
from accounts.models import CalendarAddress, User
from accounts.permissions import POLICY
from accounts.viewer import standing_membership
from core.access import Actor
from core.errors import Conflict, NotFound
from core.icalendar import Entry
from core.secrets import token_hash
from core.work import Work

MOST: Final = 200
TOKEN_BYTES: Final = 24


def live(session: Session, user_id: int, org_id: int | None) -> CalendarAddress | None:
    """Return the address a person has for an organisation, if one works."""
    query = select(CalendarAddress).where(CalendarAddress.user_id == user_id, CalendarAddress.org_id == (org_id or -1))
    return session.scalars(query.where(CalendarAddress.revoked_at.is_(None)).limit(1)).first()


def make(work: Work) -> str:
    """Make a new address for the actor's organisation; the former one stops. The token is shown this once.

    Raises Forbidden, Conflict for somebody who acts for no organisation.
    """
    work.require(POLICY, "account:secure")
    if work.actor.org_id is None or work.actor.user_id is None:
        raise Conflict("not-a-member")
    revoke(work)
    token = random_source.token_urlsafe(TOKEN_BYTES)
    row = CalendarAddress(
        token_hash=token_hash(token), user_id=work.actor.user_id, org_id=work.actor.org_id, made_at=work.clock.now()
    )
    work.add(row, "calendar.made")
    return token


def revoke(work: Work) -> None:
    """Stop the actor's address, if there is one. Raises Forbidden."""
    work.require(POLICY, "account:secure")
    row = live(work.session, work.actor.user_id or 0, work.actor.org_id)
    if row is not None:
        row.revoked_at = work.clock.now()
        work.record(row, "calendar.revoked")


def reader(work: Work, token: str) -> Actor:
    """Return for whom an address reads, if it works and the person may still act. Raises NotFound."""
    query = select(CalendarAddress).where(CalendarAddress.token_hash == token_hash(token))
    row = work.session.scalars(query.where(CalendarAddress.revoked_at.is_(None))).one_or_none()
    seat = standing_membership(work.session, row.user_id, row.org_id, work) if row is not None else None
    if row is None or seat is None or work.session.get_one(User, row.user_id).suspended_at is not None:
        raise NotFound("calendar-unknown")
    membership, org = seat
    return Actor(row.user_id, org.id, org.kind, membership.role, org.town_code)


def entries(work: Work) -> Sequence[Entry]:
    """Return what the actor's organisation has to do by a time."""
    org_id = work.actor.org_id or 0
    waiting = queries.todo_of(work.session, org_id, user_id=work.actor.user_id, limit=MOST)
    return [
        Entry(f"message-{row.id}", row.due_at, telling.said(row.code, row.facts), row.url)
        for row in waiting
        if row.due_at is not None
    ]
