"""The demo world's stage: a clock that is moved, acts done by its people, and events handled on the spot."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, TypeVar

from sqlalchemy import update

from accounts import delivery
from core import deadlines, outbox
from core.access import Actor
from core.clock import FixedClock
from core.errors import DomainError
from core.outbox import Handler, OutboxEvent
from core.work import Work, Works
from web.demo import SEED
from web.wiring import DEADLINES, EVENTS

T = TypeVar("T")
Story = Iterator[datetime]
DAY: Final = timedelta(days=1)


class Stage:
    """Plays stories in the order of their times, each step a unit of work of one person."""

    def __init__(self, works: Works, start: datetime, end: datetime, seed: int = SEED) -> None:
        self.clock = FixedClock(start)
        self.works = Works(works.engine, self.clock)
        self.start, self.end = start, end
        self._seed = seed
        self._queue: list[tuple[datetime, int, Story]] = []
        self._count = 0
        self._next_poll = start
        self.refusals: Counter[str] = Counter()

    def source(self, name: str) -> Random:
        """Return a source of chance of one story's own, so that nothing in it hangs on the hour of loading.

        The usual world's go by their names alone: the judged questions know what came of these.
        """
        return Random(name if self._seed == SEED else f"{name} of {self._seed}")

    def act(self, actor: Actor, deed: Callable[[Work], T]) -> T:
        """Do one deed as one person, and hand its events to their handlers at once."""
        with self.works.writing(actor) as work:
            result = deed(work)
            told = list(work.events)
        self._handle(told)
        return result

    def _handle(self, told: list[tuple[str, dict[str, Any]]]) -> None:
        while told:
            wanted = [
                (handler, facts) for name, facts in told for handler in EVENTS.get(name, ()) if not _waits(handler)
            ]
            with self.works.system() as work:
                self._mark_done(work)
                for handler, facts in wanted:
                    handler(work, facts)
                told = list(work.events)

    def attempt(self, actor: Actor, deed: Callable[[Work], T]) -> T | None:
        """Do a deed; a refusal is part of life and is counted, anything else is a fault."""
        try:
            return self.act(actor, deed)
        except DomainError as refusal:
            self.refused(refusal)
            return None

    def refused(self, refusal: DomainError) -> None:
        """Count a refusal by its code, so that a world full of them is noticed."""
        self.refusals[refusal.code] += 1

    def enter(self, story: Story) -> None:
        """Put a story on the stage; its first step says when it wants to go on."""
        first = next(story, None)
        if first is not None:
            self._push(first, story)

    def _push(self, at: datetime, story: Story) -> None:
        self._count += 1
        heapq.heappush(self._queue, (at, self._count, story))

    def play(self, tick: Callable[[], None]) -> None:
        """Play until the queue is empty or the end is reached; deadlines fall due on the way."""
        while self._queue and self._queue[0][0] < self.end:
            at, _number, story = heapq.heappop(self._queue)
            self._poll_until(at)
            self.clock.instant = max(at, self.clock.instant)
            following = next(story, None)
            if following is None:
                tick()
            else:
                self._push(following, story)
        self._poll_until(self.end)

    def _poll_until(self, at: datetime) -> None:
        """Let deadlines fall due once an hour of the working day would; here, twice a day is enough."""
        while self._next_poll <= at:
            self.clock.instant = max(self._next_poll, self.clock.instant)
            self.due()
            self._next_poll += DAY / 2

    def due(self) -> None:
        """Do what is due now, and handle what it tells."""
        if deadlines.run_due(self.works, DEADLINES):
            outbox.relay(self.works, {name: [one for one in many if not _waits(one)] for name, many in EVENTS.items()})

    def close(self) -> None:
        """Mark every event as handled; the index is built from the tables afterwards."""
        with self.works.system() as work:
            self._mark_done(work)

    def _mark_done(self, work: Work) -> None:
        """Mark what waits in the outbox as handled: its handlers run in this very unit of work."""
        work.session.execute(update(OutboxEvent).where(OutboxEvent.done_at.is_(None)).values(done_at=self.clock.now()))


def _waits(handler: Handler) -> bool:
    """Say whether a handler feeds the search index, which is built once at the end, or leads out of the house.

    Nobody is written to about what befell the invented world before it was shown.
    """
    return handler.__module__ == "search.service" or handler is delivery.plan
