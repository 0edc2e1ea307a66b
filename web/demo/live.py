"""A city's days in minutes: the demo's people act through the API on a clock that runs fast.

``flask demo live --speed 2000 --days 1``: enterprises publish, answer, choose, sign, accept, pay and rate; agencies
quote, bid, sign, deliver and rate; town clerks judge registrations. A worker beside them does what is due. At the end
the market is looked over: nothing may be stuck, and what must always hold must hold.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Final

from flask import Flask
from sqlalchemy import select

from accounts.commands import MakeToken
from accounts.models import Membership, Organisation
from accounts.tokens import SCOPES, make
from core import deadlines, outbox
from core.access import Actor, MemberRole, OrgKind
from core.clock import RunningClock, SystemClock
from core.work import Works
from web.app import create_app, works_of
from web.config import Config
from web.demo import checking
from web.demo.personas import Agency, Clerk, Enterprise, Persona, Tally
from web.wiring import DEADLINES, EVENTS

BEAT: Final = 0.05
SHOWN: Final = 12
SETTLING: Final = 200
DAYS: Final = 60


@dataclass
class Day(Tally):
    """What happened: the programs' tally, what is wrong at the end, how long it took."""

    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


def run(config: Config, *, speed: int, days: float, seed: int, say: Callable[[str], None], calls: int = 0) -> Day:
    """Let the market live; return what happened. ``say`` is told the progress, a line now and then.

    A machine too slow for the speed lives longer than the days, until so many calls were made.
    """
    clock = RunningClock(SystemClock().now(), speed)
    app = create_app(config, clock)
    works, day, began = works_of(app), Day(), time.monotonic()
    until = clock.now() + timedelta(days=days)
    stop = threading.Event()
    worker = threading.Thread(target=_work, args=(app, works, stop), daemon=True)
    with app.app_context():
        people = list(_people(app, works, Random(seed), day))
    worker.start()
    told = clock.now()

    def over() -> bool:
        return clock.now() >= until and day.calls >= calls

    while not over():
        for person in people:
            if over():
                break
            person.turn(clock.now())
        if clock.now() - told > timedelta(hours=6):
            told = clock.now()
            say(f"{told:%m-%d %H:%M}Z  {sum(day.done.values())} steps, {day.calls} calls")
    stop.set()
    worker.join()
    with app.app_context():
        _settle(works)
        day.faults = [*day.broken, *checking.faults(works)]
    day.seconds = time.monotonic() - began
    return day


def report(day: Day) -> Iterator[str]:
    """Yield the lines that tell of a day."""
    yield f"{sum(day.done.values())} steps in {day.calls} calls, {day.seconds:.0f} s"
    yield from (f"  {name:<24}{count:>6}" for name, count in day.done.most_common())
    if day.refused:
        yield "refused: " + ", ".join(f"{code} {count}" for code, count in day.refused.most_common(SHOWN))
    yield from (f"WRONG  {fault}" for fault in day.faults[:SHOWN])
    yield "nothing is stuck, everything holds" if not day.faults else f"{len(day.faults)} things are wrong"


def _work(app: Flask, works: Works, stop: threading.Event) -> None:
    """Do what is due and relay what was told, as the worker would."""
    with app.app_context():
        while not stop.is_set():
            if not deadlines.run_due(works, DEADLINES) + outbox.relay(works, EVENTS):
                stop.wait(BEAT)


def _settle(works: Works) -> None:
    """Do all that is due now, until it is quiet."""
    for _round in range(SETTLING):
        if not deadlines.run_due(works, DEADLINES) + outbox.relay(works, EVENTS):
            return


KINDS: Final[dict[OrgKind, type[Persona]]] = {
    OrgKind.ENTERPRISE: Enterprise,
    OrgKind.AGENCY: Agency,
    OrgKind.TOWN_OPERATOR: Clerk,
}


def _people(app: Flask, works: Works, rng: Random, day: Day) -> Iterator[Persona]:
    """Give every demo organisation that takes part a program with a token of its own."""
    with works.reading() as work:
        query = select(Membership, Organisation).join(Organisation, Organisation.id == Membership.org_id)
        query = query.where(
            Organisation.is_demo.is_(True), Organisation.kind.in_(KINDS), Membership.role == MemberRole.MANAGER
        )
        rows = {org.id: (entry, org) for entry, org in work.session.execute(query)}
    for entry, org in rows.values():
        yield KINDS[org.kind](app.test_client(), _token(works, entry), Random(rng.random()), day, org.town_code or "")


def _token(works: Works, entry: Membership) -> str:
    """Give a person a token for this run, as signed in with a second factor."""
    command = MakeToken("demo live", SCOPES, DAYS, password="")
    actor = Actor(entry.user_id, entry.org_id, role=MemberRole.MANAGER, second_factor=True)
    with works.writing(actor) as work:
        return make(work, entry.user_id, command, org_id=entry.org_id, second_factor=True)[1]
