"""A process to be killed: it opens and awards all that is due, and acknowledges each step after its commit.

Reads lines ``<time> <number> <seconds>`` and forks a worker for each, killed that long after it began that step.
Every imported module is shared with the forks, so that a restart costs milliseconds.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import select

from core import deadlines, files, outbox, secrets
from core.access import Actor, MemberRole, OrgKind
from core.clock import FixedClock, beijing_day
from core.db import make_engine
from core.work import Work, Works
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.selection import queries, service
from marketplace.selection.commands import GiveAward
from marketplace.selection.lifecycle import SelectionState
from marketplace.selection.models import Selection
from tests.conftest import KEY, load_models
from web.wiring import DEADLINES, EVENTS

WIRING = {name: [one for one in many if not one.__module__.startswith("search")] for name, many in EVENTS.items()}


def say(*words: object) -> None:
    """Write a line at once and whole."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def work_off(works: Works) -> None:
    """Open, relay and award until nothing is left."""
    opened: list[int] = []

    def noting(kind: str) -> deadlines.DueHandler:
        def handle(work: Work, object_id: int) -> None:
            if kind == "need.close":
                say("begin", kind, object_id)
                opened.append(object_id)
            DEADLINES[kind](work, object_id)

        return handle

    handlers = {kind: noting(kind) for kind in DEADLINES}
    busy = True
    while busy:
        busy = bool(deadlines.run_due(works, handlers, limit=1))
        while opened:
            say("opened", opened.pop())
        busy = bool(outbox.relay(works, WIRING, limit=3)) or busy
        busy = award_next(works) or busy
    say("idle")


def award_next(works: Works) -> bool:
    """Award the lowest price of the next need that waits for its choice; return whether there was one."""
    with works.reading() as work:
        query = select(Need, Selection).join(Selection, Selection.need_id == Need.id)
        query = query.where(Need.state == NeedState.SELECTING, Selection.state == SelectionState.WEIGHING)
        found = work.session.execute(query.order_by(Need.id).limit(1)).one_or_none()
        if found is None:
            return False
        need, selection = found
        weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
        quote_id = next(line.entrant.quote_id for line in weighing.lines if line.rank == 1)
    say("begin", "award", need.id)
    owner = Actor(1, need.org_id, OrgKind.ENTERPRISE, MemberRole.MANAGER)
    with works.writing(owner) as work:
        given = service.award(work, need.id, GiveAward(quote_id))
    say("awarded", need.id, given.id, quote_id)
    return True


def main(arguments: Mapping[str, Any]) -> None:
    """Do the work once to be warm, then fork a worker for each line read, and kill it on its way."""
    files.configure(Path(arguments["uploads"]))
    engine = make_engine(arguments["url"])
    work_off(Works(engine, FixedClock(datetime.fromisoformat(arguments["warm_at"]))))
    engine.dispose()  # no connection crosses a fork; what SQLAlchemy has compiled does
    say("ready")
    for line in sys.stdin:
        instant, number, seconds = line.split()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(writing, 1)
            work_off(Works(engine, FixedClock(datetime.fromisoformat(instant))))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            say("gone", end_of(child, told, int(number), float(seconds)))


def end_of(child: int, told: TextIO, number: int, seconds: float) -> str:
    """Pass on what a worker says and kill it this long after it begins its step of this number, or never for none.

    It is waited for here, so its process number cannot be another's. What it said before it died is passed on.
    """
    begun = 0
    for line in told:
        os.write(1, line.encode())
        begun += line.startswith("begin")
        if number and begun == number:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
            number = 0
    _done, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else str(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    secrets.configure(KEY)
    load_models()
    main({"url": sys.argv[1], "uploads": sys.argv[2], "warm_at": sys.argv[3]})
