"""What follows a commit: events written with the change, and the relay that hands each to its handlers.

The ledger in the database is the truth; a broker only wakes the relay sooner. Handlers get ids, reload, may run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    and_,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from core import db

if TYPE_CHECKING:
    from core.work import Work, Works

log = logging.getLogger(__name__)
BATCH: Final = 100
LEASE: Final = timedelta(minutes=2)
MOST_TRIES: Final = 48

Handler: TypeAlias = Callable[["Work", Mapping[str, Any]], None]
Wiring: TypeAlias = Mapping[str, Sequence[Handler]]


class OutboxEvent(db.Base):
    """Something that happened, told to whoever is wired to it."""

    __tablename__ = "outbox_event"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    name: Mapped[str] = db.text(80)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix__outbox_event__open", "done_at", "id"),)


class HandledEvent(db.Base):
    """The ledger: which handler has done which event, so that a retry repeats only what failed."""

    __tablename__ = "handled_event"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    event_id: Mapped[int] = mapped_column(BigInteger, index=True)
    handler: Mapped[str] = db.text(120)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("event_id", "handler"),)


def handler_name(handler: Handler) -> str:
    """Name a handler by where it lives."""
    return f"{handler.__module__}.{handler.__qualname__}"


def relay(works: Works, wiring: Wiring, *, limit: int = BATCH) -> int:
    """Hand waiting events to their handlers, each in its own unit of work; return how many were finished.

    An event whose handler raises is put off by a growing delay; the others go on.
    """
    done = 0
    for event_id in _waiting(works, limit):
        if _claim(works, event_id):
            done += _deliver(works, wiring, event_id)
    return done


def lag(works: Works) -> tuple[int, float]:
    """Return how many events wait and the age in seconds of the oldest."""
    with works.reading() as work:
        count, oldest = work.session.execute(
            select(func.count(), func.min(OutboxEvent.at)).where(OutboxEvent.done_at.is_(None))
        ).one()
        return int(count), (work.clock.now() - oldest).total_seconds() if oldest else 0.0


def given_up(works: Works) -> int:
    """Return how many events were put off to the last try and failed it; ``again`` takes them up."""
    with works.reading() as work:
        return work.session.scalar(select(func.count()).where(_gave_up())) or 0


def again(works: Works) -> int:
    """Let every event that was given up be tried anew; return how many. What a handler has done it does not repeat."""
    with works.system() as work:
        freed = update(OutboxEvent).where(_gave_up()).values(done_at=None, not_before=None, tries=0)
        return int(getattr(work.session.execute(freed), "rowcount", 0))


def _gave_up() -> ColumnElement[bool]:
    return and_(OutboxEvent.done_at.is_not(None), OutboxEvent.tries >= MOST_TRIES, OutboxEvent.last_error.is_not(None))


def _waiting(works: Works, limit: int) -> list[int]:
    with works.reading() as work:
        now = work.clock.now()
        due = or_(OutboxEvent.not_before.is_(None), OutboxEvent.not_before <= now)
        query = select(OutboxEvent.id).where(OutboxEvent.done_at.is_(None), due).order_by(OutboxEvent.id).limit(limit)
        return list(work.session.scalars(query))


def _claim(works: Works, event_id: int) -> bool:
    """Take a lease by compare-and-set, so that two relays never hold the same event."""
    with works.system() as work:
        now = work.clock.now()
        free = or_(OutboxEvent.not_before.is_(None), OutboxEvent.not_before <= now)
        taken = work.session.execute(
            update(OutboxEvent)
            .where(OutboxEvent.id == event_id, OutboxEvent.done_at.is_(None), free)
            .values(tries=OutboxEvent.tries + 1, not_before=now + LEASE)
        )
        return bool(getattr(taken, "rowcount", 0) == 1)


def _deliver(works: Works, wiring: Wiring, event_id: int) -> int:
    with works.reading() as work:
        row = work.session.get_one(OutboxEvent, event_id)
        name, facts, tries = row.name, dict(row.facts), row.tries
        known = set(work.session.scalars(select(HandledEvent.handler).where(HandledEvent.event_id == event_id)))
    for handler in wiring.get(name, ()):
        if handler_name(handler) in known:
            continue
        try:
            with works.system() as work:
                handler(work, facts)
                work.session.add(HandledEvent(event_id=event_id, handler=handler_name(handler), at=work.clock.now()))
        except Exception as error:  # one broken handler must not hold up the others
            log.exception("handler failed", extra={"event_id": event_id, "handler": handler_name(handler)})
            _put_off(works, event_id, tries, error)
            return 0
    with works.system() as work:
        row = work.session.get_one(OutboxEvent, event_id)
        row.done_at, row.last_error = work.clock.now(), None
    return 1


def _put_off(works: Works, event_id: int, tries: int, error: Exception) -> None:
    with works.system() as work:
        row = work.session.get_one(OutboxEvent, event_id)
        row.not_before = work.clock.now() + timedelta(seconds=min(2 ** min(tries, 12), 3600))
        row.last_error = type(error).__name__
        if tries >= MOST_TRIES:
            log.error("event given up", extra={"event_id": event_id, "event": row.name})
            row.done_at = work.clock.now()
