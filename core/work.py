"""One request, one unit of work: the session, the actor, the clock, moves, events, leaves, and the only commit."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from core import access, audit, db
from core.access import SYSTEM, Actor, Policy
from core.clock import Clock
from core.errors import Conflict, NotFound
from core.lifecycle import Lifecycle
from core.outbox import OutboxEvent

R = TypeVar("R")


class UnauditedWriteError(RuntimeError):
    """A unit of work changed a business table and wrote no leaf: a fault of ours, so nothing is committed."""


@dataclass(slots=True)
class Work:
    """What a use case works with. Services take it first and never commit."""

    session: Session
    actor: Actor
    clock: Clock
    request_id: str
    entries: list[audit.Entry] = field(default_factory=list)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def require(self, policy: Policy, permission: str, subject: Any = None) -> None:
        """Refuse unless the actor may."""
        access.require(policy, permission, self.actor, subject)

    def allows(self, policy: Policy, permission: str, subject: Any = None) -> bool:
        """Say whether the actor may."""
        return access.allows(policy, permission, self.actor, subject)

    def locked(self, model: type[R], row_id: int, missing: str) -> R:
        """Hold one row until the unit of work ends, and read it as it is now.

        Raises NotFound with the code ``missing`` when there is none.
        """
        query = select(model).where(cast("Any", model).id == row_id).with_for_update()
        row = self.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if row is None:
            raise NotFound(missing, id=row_id)
        return row

    def add(self, row: Any, verb: str, /, **facts: Any) -> None:
        """Store a new row, give it its id, and record its birth."""
        self.add_all([row], verb, **facts)

    def add_all(self, rows: Iterable[Any], verb: str, /, **facts: Any) -> None:
        """Store new rows in as few statements as the database takes, and record the birth of each."""
        born = list(rows)
        self.session.add_all(born)
        self.session.flush()
        for row in born:
            state = getattr(row, "state", None)
            self.entries.append(audit.Entry(verb, row.__tablename__, row, None, str(state) if state else None, facts))

    def record(self, row: Any, verb: str, **facts: Any) -> None:
        """Record a change that is not a move of state, such as a field edited."""
        self.entries.append(audit.Entry(verb, row.__tablename__, row, None, None, facts))

    def move(self, lifecycle: Lifecycle[Any], policy: Policy, row: Any, verb: str, **facts: Any) -> None:
        """Allow, change, record, emit. Raises Forbidden, SignInRequired, or Conflict("wrong-state").

        The only writer of a state after a row's birth. The event carries the row's id and the facts.
        """
        self.require(policy, f"{lifecycle.name}:{verb}", row)
        move = lifecycle.follow(verb, row.state)
        before, row.state = row.state, move.target
        self.entries.append(
            audit.Entry(f"{lifecycle.name}.{verb}", row.__tablename__, row, str(before), str(move.target), facts)
        )
        self.emit(f"{lifecycle.name}.{move.event}", id=row.id, **facts)

    def emit(self, event_name: str, **facts: Any) -> None:
        """Tell what happened; the event is stored with the change and relayed after the commit."""
        self.events.append((event_name, facts))


class Works:
    """Opens units of work on one database; made once by the application."""

    def __init__(self, engine: Engine, clock: Clock, on_commit: Callable[[], None] = lambda: None) -> None:
        self.engine = engine
        self.clock = clock
        self.on_commit = on_commit
        self._writers = sessionmaker(engine.execution_options(writes=True), autoflush=True, expire_on_commit=False)
        self._readers = sessionmaker(engine, autoflush=False, expire_on_commit=False)

    @contextmanager
    def writing(self, actor: Actor, request_id: str = "") -> Iterator[Work]:
        """Open a unit of work that commits when the block ends well, with its leaves and events, or not at all.

        Raises Conflict when a row was changed meanwhile or a constraint refuses, UnauditedWriteError when a business
        table was written without a leaf.
        """
        session = self._writers()
        watch = _Watch(session)
        work = Work(session, actor, self.clock, request_id or uuid.uuid4().hex)
        try:
            yield work
            _finish(work, watch)
        except IntegrityError as error:
            session.rollback()
            raise db.explain(error) from error
        except StaleDataError as error:
            session.rollback()
            raise Conflict("changed-meanwhile") from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
        if work.events:
            self.on_commit()

    def system(self) -> Any:
        """Open a unit of work of the system itself."""
        return self.writing(SYSTEM)

    @contextmanager
    def reading(self, actor: Actor = SYSTEM, request_id: str = "") -> Iterator[Work]:
        """Open a work for reading; whatever it changed is thrown away."""
        session = self._readers()
        try:
            yield Work(session, actor, self.clock, request_id)
        finally:
            session.close()  # rolls back; a rollback of its own would expire the rows a page still has to draw


def _finish(work: Work, watch: _Watch) -> None:
    work.session.flush()
    if work.entries:
        audit.append(work.session, work.entries, work.actor, work.clock.now(), work.request_id)
    elif watch.tables:
        raise UnauditedWriteError(", ".join(sorted(watch.tables)))
    for name, facts in work.events:
        work.session.add(OutboxEvent(name=name, facts=dict(facts), at=work.clock.now()))
    work.session.commit()


class _Watch:
    """Counts which audited tables a session writes."""

    def __init__(self, session: Session) -> None:
        self.tables: set[str] = set()
        event.listen(session, "after_flush", self._after_flush)
        event.listen(session, "do_orm_execute", self._bulk)

    def _after_flush(self, session: Session, _context: Any) -> None:
        changed = (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row)))
        self.tables.update(row.__tablename__ for row in changed if row.__audited__)

    def _bulk(self, state: Any) -> None:
        if state.is_update or state.is_delete or state.is_insert:
            mapper = state.bind_mapper
            if mapper is not None and mapper.class_.__audited__:
                self.tables.add(mapper.class_.__tablename__)


def facts_of(event: Mapping[str, Any], name: str = "id") -> int:
    """Read an id from an event's facts."""
    return int(event[name])
