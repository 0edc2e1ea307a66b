"""One unit of work: the change, its leaf and its event, or none of them; events and deadlines are done once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from accounts.models import Organisation
from core import audit, deadlines, outbox
from core.access import OrgKind
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.deadlines import Deadline
from core.errors import Conflict, NotFound
from core.outbox import OutboxEvent
from core.work import UnauditedWriteError, Work, Works


def office(work: Work, name: str = "某单位") -> Organisation:
    return Organisation(kind=OrgKind.DEPARTMENT, name=name, founded_at=work.clock.now())


def counts(works: Works) -> tuple[int, int, int]:
    """Return how many organisations, leaves and events there are."""
    with works.reading() as work:
        tables = (Organisation, AuditLeaf, OutboxEvent)
        found = [work.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    return found[0], found[1], found[2]


def founded(works: Works, name: str = "某单位") -> int:
    with works.system() as work:
        row = office(work, name)
        work.add(row, "organisation.founded")
        work.emit("organisation.founded", id=row.id)
        return row.id


def test_change_leaf_and_event_are_stored_together(works: Works) -> None:
    founded(works)
    assert counts(works) == (1, 1, 1)


def test_an_error_leaves_nothing_behind(works: Works) -> None:
    def found_and_fail() -> None:
        with works.system() as work:
            work.add(office(work), "organisation.founded")
            work.emit("organisation.founded", id=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        found_and_fail()
    assert counts(works) == (0, 0, 0)


def test_a_write_without_a_leaf_is_refused_whole(works: Works) -> None:
    with pytest.raises(UnauditedWriteError, match="organisation"), works.system() as work:
        work.session.add(office(work))
    number = founded(works)
    with pytest.raises(UnauditedWriteError), works.system() as work:
        work.session.get_one(Organisation, number).name = "改名"
    with pytest.raises(UnauditedWriteError), works.system() as work:
        work.session.execute(update(Organisation).values(name="改名"))
    with pytest.raises(UnauditedWriteError), works.system() as work:
        work.session.execute(delete(Organisation))
    assert counts(works) == (1, 1, 1)


def test_what_a_reader_changes_is_thrown_away(works: Works) -> None:
    number = founded(works)
    with works.reading() as work:
        work.session.get_one(Organisation, number).name = "改名"
    with works.reading() as work:
        assert work.session.get_one(Organisation, number).name == "某单位"


def test_the_second_of_two_changes_to_one_row_is_a_conflict(works: Works) -> None:
    number = founded(works)
    with works.reading() as earlier:
        stale = earlier.session.get_one(Organisation, number)
    with works.system() as work:
        row = work.session.get_one(Organisation, number)
        row.address = "甲"
        work.record(row, "organisation.edited")

    def write_what_was_read_earlier() -> None:
        with works.system() as work:
            work.session.add(stale)
            stale.address = "乙"
            work.record(stale, "organisation.edited")

    with pytest.raises(Conflict) as refused:
        write_what_was_read_earlier()
    assert refused.value.code == "changed-meanwhile"


def test_a_row_that_is_held_is_read_as_it_is_now(works: Works) -> None:
    number = founded(works)
    with works.system() as work:
        known = work.session.get_one(Organisation, number)
        work.session.execute(text("UPDATE organisation SET name = '改了名的单位' WHERE id = :id"), {"id": number})
        assert known.name == "某单位"
        assert work.locked(Organisation, number, "organisation-not-found").name == "改了名的单位"
        work.record(known, "organisation.renamed")


def test_a_row_that_is_not_there_is_refused_by_the_code_given(works: Works) -> None:
    with works.system() as work, pytest.raises(NotFound, match="organisation-not-found") as refused:
        work.locked(Organisation, 4711, "organisation-not-found")
    assert refused.value.facts == {"id": 4711}


def test_leaves_are_numbered_chained_and_cannot_be_touched(works: Works) -> None:
    for name in "甲乙丙":
        founded(works, name)
    with works.reading() as work:
        leaves = work.session.scalars(select(AuditLeaf).order_by(AuditLeaf.seq)).all()
        assert [leaf.seq for leaf in leaves] == [1, 2, 3]
        assert len({leaf.chain_hash for leaf in leaves}) == 3
        assert audit.first_break(work.session) is None
    for statement in ("UPDATE audit_leaf SET verb = 'x' WHERE seq = 2", "DELETE FROM audit_leaf WHERE seq = 2"):
        with pytest.raises(DatabaseError, match="audit leaves stay"), works.engine.begin() as connection:
            connection.execute(text(statement))


def test_an_event_reaches_each_handler_once_and_a_failing_one_is_tried_again_alone(
    works: Works, clock: FixedClock
) -> None:
    number = founded(works)
    heard: list[tuple[str, int]] = []
    broken = [True]

    def first(_work: Work, facts: Mapping[str, Any]) -> None:
        heard.append(("first", facts["id"]))

    def second(_work: Work, facts: Mapping[str, Any]) -> None:
        heard.append(("second", facts["id"]))
        if broken[0]:
            raise RuntimeError

    wiring = {"organisation.founded": [first, second]}
    assert outbox.relay(works, wiring) == 0
    assert outbox.relay(works, wiring) == 0  # put off
    assert outbox.lag(works) == (1, 0.0)
    broken[0] = False
    clock.advance(timedelta(minutes=1))
    assert outbox.lag(works) == (1, 60.0)
    assert outbox.relay(works, wiring) == 1
    assert outbox.relay(works, wiring) == 0
    assert heard == [("first", number), ("second", number), ("second", number)]
    assert outbox.lag(works) == (0, 0.0)


def test_what_a_failing_handler_wrote_is_undone(works: Works) -> None:
    founded(works)

    def writes_and_fails(work: Work, _facts: Mapping[str, Any]) -> None:
        work.add(office(work, "半个单位"), "organisation.founded")
        raise RuntimeError

    outbox.relay(works, {"organisation.founded": [writes_and_fails]})
    assert counts(works) == (1, 1, 1)


def put(works: Works, clock: FixedClock, **after: float) -> None:
    with works.system() as work:
        deadlines.put(work, "tea", 7, clock.now() + timedelta(**after))


def test_a_deadline_is_due_at_its_instant_and_done_once(works: Works, clock: FixedClock) -> None:
    done: list[int] = []
    handlers = {"tea": lambda _work, number: done.append(number)}
    put(works, clock, seconds=10)
    clock.advance(timedelta(seconds=9, milliseconds=999))
    assert deadlines.run_due(works, handlers) == 0
    clock.advance(timedelta(milliseconds=1))
    assert deadlines.run_due(works, handlers) == 1
    assert deadlines.run_due(works, handlers) == 0
    assert done == [7]


def test_a_deadline_that_moved_or_was_dropped_is_not_done_at_its_old_time(works: Works, clock: FixedClock) -> None:
    done: list[int] = []
    handlers = {"tea": lambda _work, number: done.append(number)}
    put(works, clock, seconds=10)
    put(works, clock, seconds=60)
    clock.advance(timedelta(seconds=30))
    assert deadlines.run_due(works, handlers) == 0
    with works.system() as work:
        deadlines.drop(work, "tea", 7)
    clock.advance(timedelta(seconds=60))
    assert deadlines.run_due(works, handlers) == 0
    assert done == []


def test_a_failed_deadline_waits_for_its_lease_and_is_tried_again(works: Works, clock: FixedClock) -> None:
    tries: list[int] = []

    def fails_once(_work: Work, number: int) -> None:
        tries.append(number)
        if len(tries) == 1:
            raise RuntimeError

    put(works, clock, seconds=0)
    assert deadlines.run_due(works, {"tea": fails_once}) == 0
    assert deadlines.run_due(works, {"tea": fails_once}) == 0
    assert tries == [7]
    clock.advance(deadlines.LEASE)
    assert deadlines.run_due(works, {"tea": fails_once}) == 1
    with works.reading() as work:
        row = work.session.scalars(select(Deadline)).one()
    assert (row.tries, row.done_at) == (2, clock.now())
