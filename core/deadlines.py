"""Deadlines are rows, not timers: half open, judged by the server's clock, taken with a lease by the first to come."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core import db

if TYPE_CHECKING:
    from core.work import Work, Works

log = logging.getLogger(__name__)
LEASE: Final = timedelta(seconds=30)

DueHandler: TypeAlias = Callable[["Work", int], None]


class Deadline(db.Base):
    """One thing that must happen at one time to one object."""

    __tablename__ = "deadline"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    kind: Mapped[str] = db.text(60)
    object_id: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (UniqueConstraint("kind", "object_id"), Index("ix__deadline__open", "done_at", "due_at"))


def put(work: Work, kind: str, object_id: int, due_at: datetime) -> None:
    """Set or move the deadline of this kind for this object."""
    row = _find(work, kind, object_id)
    if row is None:
        work.session.add(Deadline(kind=kind, object_id=object_id, due_at=due_at))
    else:
        row.due_at, row.done_at, row.not_before, row.tries = due_at, None, None, 0


def drop(work: Work, kind: str, object_id: int) -> None:
    """Take a deadline away, if there is one."""
    row = _find(work, kind, object_id)
    if row is not None and row.done_at is None:
        row.done_at = work.clock.now()


def _find(work: Work, kind: str, object_id: int) -> Deadline | None:
    query = select(Deadline).where(Deadline.kind == kind, Deadline.object_id == object_id)
    return work.session.scalars(query).one_or_none()


def run_due(works: Works, handlers: Mapping[str, DueHandler], *, limit: int = 100) -> int:
    """Do what is due, each in its own unit of work; return how many were done. A handler may run twice.

    What is due first is done first; of what falls on one instant, what was put on the clock first.
    """
    with works.reading() as work:
        now = work.clock.now()
        free = or_(Deadline.not_before.is_(None), Deadline.not_before <= now)
        query = select(Deadline.id).where(Deadline.done_at.is_(None), Deadline.due_at <= now, free)
        due = list(work.session.scalars(query.order_by(Deadline.due_at, Deadline.id).limit(limit)))
    return sum(_do(works, handlers, deadline_id) for deadline_id in due)


def _do(works: Works, handlers: Mapping[str, DueHandler], deadline_id: int) -> int:
    with works.system() as work:
        now = work.clock.now()
        free = or_(Deadline.not_before.is_(None), Deadline.not_before <= now)
        taken = work.session.execute(
            update(Deadline)
            .where(Deadline.id == deadline_id, Deadline.done_at.is_(None), Deadline.due_at <= now, free)
            .values(not_before=now + LEASE, tries=Deadline.tries + 1)
        )
        if getattr(taken, "rowcount", 0) != 1:
            return 0
    try:
        with works.system() as work:
            row = work.session.get_one(Deadline, deadline_id)
            due_at = row.due_at
            handlers[row.kind](work, row.object_id)
            # One that was moved meanwhile, by its own handler too, is still to be done.
            same = update(Deadline).where(Deadline.id == deadline_id, Deadline.due_at == due_at)
            work.session.execute(same.values(done_at=work.clock.now()))
    except Exception:  # the lease runs out and the next poll tries again
        log.exception("deadline failed", extra={"deadline_id": deadline_id})
        return 0
    return 1
