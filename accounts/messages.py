"""Telling an organisation something: to do, with a due time, or to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select, update

from accounts import telling
from accounts.models import Message
from accounts.permissions import POLICY
from accounts.telling import Duty
from core.work import Work

TOLD: Final = "message.told"


@dataclass(frozen=True, slots=True)
class Aim:
    """Whom of an organisation a message is for, when not for all; how soon it is mailed; where such mails are stopped.

    pace: "instant" or "daily" where the message has its own, else what the reader chose.
    """

    user_id: int | None = None
    pace: str | None = None
    stop_url: str | None = None


EVERYBODY: Final = Aim()


def tell(
    work: Work,
    org_id: int,
    code: str,
    url: str,
    *,
    due_at: datetime | None = None,
    is_todo: bool = False,
    unique_key: str | None = None,
    aim: Aim = EVERYBODY,
    **facts: Any,
) -> None:
    """Leave a message; its sentence is found by code when it is read. The same ``unique_key`` is told once.

    The table says whether it is to do; ``is_todo`` only adds to that. It leaves the house after the commit, by the ways
    its readers chose. Raises UntoldError for a code that the table does not hold.
    """
    row = telling.row_of(code)
    if unique_key is not None and was_told(work, unique_key):
        return
    plain = {key: value if isinstance(value, int | str | bool) else str(value) for key, value in facts.items()}
    left = Message(
        org_id=org_id, code=code, facts=plain, url=url, at=work.clock.now(), due_at=due_at, unique_key=unique_key,
        is_todo=is_todo or due_at is not None or row.duty is Duty.TODO,
        user_id=aim.user_id, pace=aim.pace, stop_url=aim.stop_url,
    )  # fmt: skip
    work.session.add(left)
    work.session.flush()
    _announce(work, left.id)


def was_told(work: Work, unique_key: str) -> bool:
    """Say whether a message with this key was left before."""
    return work.session.scalar(select(Message.id).where(Message.unique_key == unique_key)) is not None


def _announce(work: Work, message_id: int) -> None:
    """Name the message in the one event of this unit of work that tells of all its messages."""
    for name, facts in work.events:
        if name == TOLD:
            facts["ids"].append(message_id)
            return
    work.emit(TOLD, ids=[message_id])


def settle(work: Work, org_id: int, url: str) -> None:
    """Mark what an organisation had to do at an address as done."""
    for row in work.session.scalars(
        select(Message).where(Message.org_id == org_id, Message.url == url, Message.done_at.is_(None))
    ):
        row.done_at = work.clock.now()


def finish(work: Work, row: Message) -> None:
    """Mark one message as done or read. Raises Forbidden."""
    work.require(POLICY, "message:settle", row)
    if row.done_at is None:
        row.done_at = work.clock.now()


def read_all(work: Work) -> None:
    """Mark the actor's organisation's notices as read; things to do stay. Raises Forbidden."""
    org_id = work.actor.org_id or 0
    work.require(POLICY, "message:settle", Message(org_id=org_id))
    mine = or_(Message.user_id.is_(None), Message.user_id == work.actor.user_id)
    unread = update(Message).where(Message.org_id == org_id, Message.is_todo.is_(False), Message.done_at.is_(None))
    unread = unread.where(mine)
    work.session.execute(unread.values(done_at=work.clock.now()))
