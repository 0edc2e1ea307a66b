"""Telling an organisation something: to do, with a due time, or to know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from accounts.models import Message
from accounts.permissions import POLICY
from core.work import Work


def tell(
    work: Work,
    org_id: int,
    code: str,
    url: str,
    *,
    due_at: datetime | None = None,
    is_todo: bool = False,
    unique_key: str | None = None,
    **facts: Any,
) -> None:
    """Leave a message; its sentence is found by code when it is read. The same ``unique_key`` is told once."""
    if unique_key is not None:
        known = work.session.scalar(select(Message.id).where(Message.unique_key == unique_key))
        if known is not None:
            return
    plain = {key: value if isinstance(value, int | str | bool) else str(value) for key, value in facts.items()}
    work.session.add(
        Message(
            org_id=org_id, code=code, facts=plain, url=url, is_todo=is_todo or due_at is not None, at=work.clock.now(),
            due_at=due_at, unique_key=unique_key,
        )
    )  # fmt: skip


def settle(work: Work, org_id: int, url: str) -> None:
    """Mark what an organisation had to do at an address as done."""
    for row in work.session.scalars(
        select(Message).where(Message.org_id == org_id, Message.url == url, Message.done_at.is_(None))
    ):
        row.done_at = work.clock.now()


def messages_of(work: Work, org_id: int, *, todo: bool, limit: int = 50) -> Sequence[Message]:
    """Return an organisation's open messages, newest first; things to do by due time."""
    query = select(Message).where(Message.org_id == org_id, Message.is_todo.is_(todo), Message.done_at.is_(None))
    return work.session.scalars(
        query.order_by(Message.due_at if todo else Message.id.desc(), Message.id.desc()).limit(limit)
    ).all()


def finish(work: Work, row: Message) -> None:
    """Mark one message as done or read. Raises Forbidden."""
    work.require(POLICY, "message:settle", row)
    if row.done_at is None:
        row.done_at = work.clock.now()


def read_all(work: Work) -> None:
    """Mark the actor's organisation's notices as read; things to do stay. Raises Forbidden."""
    org_id = work.actor.org_id or 0
    work.require(POLICY, "message:settle", Message(org_id=org_id))
    unread = update(Message).where(Message.org_id == org_id, Message.is_todo.is_(False), Message.done_at.is_(None))
    work.session.execute(unread.values(done_at=work.clock.now()))
