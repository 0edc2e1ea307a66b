"""What follows a commit: each event told once, in order, and again where telling failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from accounts.models import Division
from core import outbox
from core.clock import FixedClock
from core.outbox import LEASE, MOST_TRIES, OutboxEvent, lag, relay
from core.work import Work, Works

SECOND = timedelta(seconds=1)


class Listener:
    """Hears events, in order; breaks on the numbers it is told to."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.broken: set[int] = set()

    def hear(self, work: Work, facts: Mapping[str, Any]) -> None:
        self.heard.append(facts["n"])
        if facts["n"] in self.broken:
            raise LookupError("personal words nobody should keep")


class Other(Listener):
    """A second listener, with a name of its own."""

    def hear_too(self, work: Work, facts: Mapping[str, Any]) -> None:
        self.hear(work, facts)


@pytest.fixture
def listener() -> Listener:
    return Listener()


def tell(works: Works, *numbers: int, name: str = "told") -> None:
    with works.system() as work:
        for number in numbers:
            work.emit(name, n=number)


def rows(works: Works) -> list[OutboxEvent]:
    with works.reading() as work:
        return list(work.session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)))


def test_each_event_is_told_once(works: Works, listener: Listener) -> None:
    tell(works, 1, 2)
    wiring = {"told": [listener.hear]}
    assert (relay(works, wiring), relay(works, wiring)) == (2, 0)
    assert listener.heard == [1, 2]


def test_events_are_told_in_the_order_they_happened(works: Works, listener: Listener) -> None:
    tell(works, 1, 2)
    tell(works, 3)
    tell(works, 4, 5)
    wiring = {"told": [listener.hear]}
    assert [relay(works, wiring, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert listener.heard == [1, 2, 3, 4, 5]


def test_every_handler_of_an_event_is_told_in_the_order_wired(works: Works) -> None:
    order: list[str] = []

    def first(_work: Work, _facts: Mapping[str, Any]) -> None:
        order.append("first")

    def second(_work: Work, _facts: Mapping[str, Any]) -> None:
        order.append("second")

    tell(works, 1)
    assert relay(works, {"told": [first, second], "other": [first]}) == 1
    assert order == ["first", "second"]


def test_an_event_nobody_waits_for_is_finished(works: Works, clock: FixedClock) -> None:
    tell(works, 1, name="unheard")
    assert relay(works, {}) == 1
    assert rows(works)[0].done_at == clock.now()


def test_a_failing_handler_is_told_again_after_a_pause(works: Works, clock: FixedClock, listener: Listener) -> None:
    tell(works, 1)
    wiring, listener.broken = {"told": [listener.hear]}, {1}
    assert (relay(works, wiring), relay(works, wiring), listener.heard) == (0, 0, [1])
    listener.broken = set()
    clock.advance(2 * SECOND - timedelta(microseconds=1))
    assert (relay(works, wiring), listener.heard) == (0, [1])
    clock.advance(timedelta(microseconds=1))
    assert (relay(works, wiring), listener.heard) == (1, [1, 1])
    assert relay(works, wiring) == 0


def test_the_pause_grows_up_to_an_hour(works: Works, clock: FixedClock, listener: Listener) -> None:
    tell(works, 1)
    listener.broken, pauses = {1}, []
    for _ in range(14):
        relay(works, {"told": [listener.hear]})
        pauses.append((rows(works)[0].not_before - clock.now()).total_seconds())
        clock.advance(timedelta(seconds=pauses[-1]))
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]


def test_a_failing_handler_does_not_hold_up_other_events(works: Works, listener: Listener) -> None:
    tell(works, 1, 2, 3)
    listener.broken = {2}
    assert relay(works, {"told": [listener.hear]}) == 2
    assert listener.heard == [1, 2, 3]
    assert [row.done_at is None for row in rows(works)] == [False, True, False]


def test_a_handler_that_is_done_is_not_done_again(works: Works, clock: FixedClock, listener: Listener) -> None:
    other = Other()
    tell(works, 1)
    wiring, other.broken = {"told": [listener.hear, other.hear_too]}, {1}
    relay(works, wiring)
    clock.advance(2 * SECOND)
    other.broken = set()
    assert relay(works, wiring) == 1
    assert (listener.heard, other.heard) == ([1], [1, 1])


def write_and_break(work: Work, facts: Mapping[str, Any]) -> None:
    row = Division(code="1", name="东城街道", name_en="D", kind="street", grid_row=1, grid_col=1)
    work.add(row, "division.added")
    work.emit("division.added", id=row.id)
    if facts["n"] == 1:
        raise LookupError("late")


def test_what_a_failing_handler_wrote_is_not_kept(works: Works) -> None:
    tell(works, 1)
    relay(works, {"told": [write_and_break]})
    with works.reading() as work:
        assert work.session.scalars(select(Division)).all() == []
    assert [row.name for row in rows(works)] == ["told"]


def test_what_a_handler_wrote_and_told_is_kept_with_its_mark(works: Works) -> None:
    tell(works, 2)
    assert relay(works, {"told": [write_and_break]}) == 1
    with works.reading() as work:
        assert len(work.session.scalars(select(Division)).all()) == 1
    assert [(row.name, row.done_at is None) for row in rows(works)] == [("told", False), ("division.added", True)]


def test_only_the_kind_of_a_failure_is_kept_never_its_words(works: Works, listener: Listener) -> None:
    tell(works, 1)
    listener.broken = {1}
    relay(works, {"told": [listener.hear]})
    assert rows(works)[0].last_error == "LookupError"


def test_an_event_that_fails_for_days_is_given_up(
    works: Works, engine: Engine, clock: FixedClock, listener: Listener
) -> None:
    tell(works, 1)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(update(OutboxEvent).values(tries=MOST_TRIES - 2))
    listener.broken = {1}
    for given_up in (False, True):
        relay(works, {"told": [listener.hear]})
        assert (rows(works)[0].done_at is not None) is given_up
        clock.advance(timedelta(hours=1))
    relay(works, {"told": [listener.hear]})
    assert (listener.heard, rows(works)[0].last_error, lag(works)) == ([1, 1], "LookupError", (0, 0.0))
    assert outbox.given_up(works) == 1


def test_what_was_given_up_is_taken_up_again_when_somebody_says_so(
    works: Works, engine: Engine, listener: Listener
) -> None:
    tell(works, 1, 2)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(update(OutboxEvent).values(tries=MOST_TRIES - 1))
    listener.broken = {1}
    relay(works, {"told": [listener.hear]})
    assert (outbox.given_up(works), lag(works)[0]) == (1, 0)
    listener.broken = set()
    assert outbox.again(works) == 1
    assert (outbox.given_up(works), lag(works)[0]) == (0, 1)
    assert relay(works, {"told": [listener.hear]}) == 1
    assert (listener.heard, outbox.given_up(works), outbox.again(works)) == ([1, 2, 1], 0, 0)


def test_an_event_taken_by_a_relay_that_died_is_free_after_its_lease(
    works: Works, clock: FixedClock, listener: Listener
) -> None:
    tell(works, 1)
    (event,) = rows(works)
    assert outbox._claim(works, event.id)
    assert not outbox._claim(works, event.id)
    clock.advance(LEASE - timedelta(microseconds=1))
    assert relay(works, {"told": [listener.hear]}) == 0
    clock.advance(timedelta(microseconds=1))
    assert relay(works, {"told": [listener.hear]}) == 1
    assert listener.heard == [1]


def test_a_second_relay_leaves_alone_what_the_first_holds(works: Works) -> None:
    heard: list[int] = []

    def hear(_work: Work, facts: Mapping[str, Any]) -> None:
        heard.append(facts["n"])
        assert outbox._waiting(works, 10) == []

    tell(works, 1)
    assert relay(works, {"told": [hear]}) == 1
    assert heard == [1]


def test_the_lag_counts_what_waits_and_the_age_of_the_oldest(
    works: Works, clock: FixedClock, listener: Listener
) -> None:
    assert lag(works) == (0, 0.0)
    tell(works, 1)
    clock.advance(90 * SECOND)
    tell(works, 2)
    clock.advance(SECOND / 2)
    assert lag(works) == (2, 90.5)
    listener.broken = {2}
    relay(works, {"told": [listener.hear]})
    assert lag(works) == (1, 0.5)
