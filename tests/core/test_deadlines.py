"""Deadlines: half open, done once by the first to come, again after a failure, never at a time they had before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from accounts.models import Division
from core import deadlines
from core.clock import FixedClock
from core.deadlines import LEASE, Deadline, DueHandler, run_due
from core.work import Work, Works
from tests.conftest import MORNING

HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)
DUE = MORNING + HOUR


@pytest.fixture
def done() -> list[int]:
    return []


@pytest.fixture
def handlers(done: list[int]) -> dict[str, DueHandler]:
    return {"close": lambda _work, number: done.append(number)}


def put(works: Works, number: int, due_at: datetime = DUE, kind: str = "close") -> None:
    with works.system() as work:
        deadlines.put(work, kind, number, due_at)


def drop(works: Works, number: int) -> None:
    with works.system() as work:
        deadlines.drop(work, "close", number)


def rows(works: Works) -> list[Deadline]:
    with works.reading() as work:
        return list(work.session.scalars(select(Deadline).order_by(Deadline.object_id)))


def test_a_deadline_is_half_open(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    put(works, 1)
    clock.instant = DUE - INSTANT
    assert (run_due(works, handlers), done) == (0, [])
    clock.instant = DUE
    assert (run_due(works, handlers), done) == (1, [1])


def test_a_deadline_is_done_once(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    put(works, 1)
    clock.instant = DUE
    run_due(works, handlers)
    clock.advance(HOUR)
    assert (run_due(works, handlers), done) == (0, [1])
    assert rows(works)[0].done_at == DUE


def test_the_earliest_are_done_first_and_no_more_than_asked_for(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    for number, minutes in ((1, 30), (2, 10), (3, 20)):
        put(works, number, MORNING + timedelta(minutes=minutes))
    clock.instant = DUE
    assert (run_due(works, handlers, limit=2), done) == (2, [2, 3])
    assert (run_due(works, handlers, limit=2), done) == (1, [2, 3, 1])


def test_of_what_falls_on_one_instant_the_first_on_the_clock_is_done_first(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    """PostgreSQL hands rows out as they lie, and one that was moved lies last; SQLite keeps to the numbers anyway."""
    for number in (1, 2, 3):
        put(works, number)
    for number in (2, 1):
        put(works, number, DUE + HOUR)
        put(works, number, DUE)
    clock.instant = DUE
    assert (run_due(works, handlers, limit=2), done) == (2, [1, 2])
    assert (run_due(works, handlers), done) == (1, [1, 2, 3])


def test_a_deadline_that_was_moved_is_done_at_its_new_time_alone(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    put(works, 1)
    put(works, 1, DUE + HOUR)
    clock.instant = DUE
    assert (run_due(works, handlers), len(rows(works))) == (0, 1)
    clock.advance(HOUR)
    assert (run_due(works, handlers), done) == (1, [1])


def test_a_deadline_that_was_done_and_is_set_again_is_done_again(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    put(works, 1)
    clock.instant = DUE
    run_due(works, handlers)
    put(works, 1, DUE + INSTANT)
    assert run_due(works, handlers) == 0
    clock.advance(INSTANT)
    assert (run_due(works, handlers), done) == (1, [1, 1])


def test_a_dropped_deadline_is_not_done(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    put(works, 1)
    put(works, 2)
    drop(works, 1)
    drop(works, 404)
    clock.instant = DUE
    assert (run_due(works, handlers), done) == (1, [2])


def test_deadlines_of_one_thing_are_told_apart_by_kind(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    handlers["pay"] = lambda _work, number: done.append(-number)
    put(works, 1)
    put(works, 1, DUE + HOUR, "pay")
    drop(works, 1)
    clock.instant = DUE + HOUR
    assert (run_due(works, handlers), done) == (1, [-1])


def test_a_deadline_put_by_a_work_that_fails_is_not_set(works: Works, clock: FixedClock) -> None:
    put(works, 1)
    with pytest.raises(LookupError):
        put_and_break(works)
    assert [(row.object_id, row.due_at, row.done_at) for row in rows(works)] == [(1, DUE, None)]


def put_and_break(works: Works) -> None:
    with works.system() as work:
        deadlines.put(work, "close", 1, DUE + HOUR)
        deadlines.put(work, "close", 2, DUE)
        raise LookupError("late")


def break_after_writing(work: Work, number: int) -> None:
    row = Division(code=str(number), name="东城街道", name_en="D", kind="street", grid_row=1, grid_col=1)
    work.add(row, "division.added")
    raise LookupError("late")


def test_a_failing_deadline_keeps_nothing_and_is_tried_again_after_its_lease(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    put(works, 1)
    clock.instant = DUE
    assert run_due(works, {"close": break_after_writing}) == 0
    with works.reading() as work:
        assert work.session.scalars(select(Division)).all() == []
    clock.advance(LEASE - INSTANT)
    assert (run_due(works, handlers), done) == (0, [])
    clock.advance(INSTANT)
    assert (run_due(works, handlers), done) == (1, [1])
    assert rows(works)[0].tries == 2


def test_a_failing_deadline_does_not_hold_up_the_others(
    works: Works, clock: FixedClock, done: list[int], handlers: dict[str, DueHandler]
) -> None:
    put(works, 1, kind="broken")
    put(works, 2, kind="nobody's")
    put(works, 3)
    clock.instant = DUE
    assert (run_due(works, {**handlers, "broken": break_after_writing}), done) == (1, [3])


def test_a_second_worker_leaves_alone_what_the_first_holds(works: Works, clock: FixedClock) -> None:
    found: list[int] = []
    put(works, 1)
    clock.instant = DUE

    def meanwhile(_work: Work, _number: int) -> None:
        found.append(run_due(works, {"close": meanwhile}))

    assert (run_due(works, {"close": meanwhile}), found) == (1, [0])


def test_a_deadline_that_an_earlier_one_drops_is_not_done_in_the_same_run(works: Works, clock: FixedClock) -> None:
    done: list[int] = []

    def close(work: Work, number: int) -> None:
        done.append(number)
        deadlines.drop(work, "close", 2)

    put(works, 1, DUE - INSTANT)
    put(works, 2)
    clock.instant = DUE
    assert (run_due(works, {"close": close}), done) == (1, [1])


def test_a_deadline_that_an_earlier_one_moves_is_not_done_in_the_same_run(works: Works, clock: FixedClock) -> None:
    done: list[int] = []

    def close(work: Work, number: int) -> None:
        done.append(number)
        deadlines.put(work, "close", 2, DUE + HOUR)

    put(works, 1, DUE - INSTANT)
    put(works, 2)
    clock.instant = DUE
    assert (run_due(works, {"close": close}), done) == (1, [1])


def test_a_deadline_that_sets_itself_anew_is_done_again_at_the_new_time(works: Works, clock: FixedClock) -> None:
    done: list[datetime] = []

    def again(work: Work, number: int) -> None:
        done.append(work.clock.now())
        if len(done) < 3:
            deadlines.put(work, "close", number, work.clock.now() + HOUR)

    put(works, 1)
    for _ in range(6):
        clock.advance(HOUR)
        run_due(works, {"close": again})
    assert done == [DUE, DUE + HOUR, DUE + 2 * HOUR]
    assert rows(works)[0].done_at == DUE + 2 * HOUR
