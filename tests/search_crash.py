"""Kill the index's writer with -9 again and again: `python -m tests.search_crash --times 100 --engine tantivy`.

Each round changes agencies, starts a writer that carries the changes into the index (each tenth rebuilds it instead),
goes on changing, kills the writer somewhere on its way, lets another finish, and asks the index for every change.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from agencies.registration.models import Agency
from core.clock import SystemClock
from core.db import make_engine
from core.errors import Unavailable
from core.work import Works
from search import engines as made
from search import opensearch_backend, service
from search.analysis import analyse
from search.backend import Query, Relaxed
from search.documents import Document, Kind
from search.query import read
from tests.search import engines
from tests.search.world import Shop, market

AGENCIES = 24
BEFORE, DURING = 6, 4
PATIENCE = 30.0
REBUILD_EACH = 10


@dataclass
class Rounds:
    """What was tried, and what was lost."""

    killed: int = 0
    ended_before: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass
class Ground:
    """Where the market and the index lie; a forked process opens both anew."""

    folder: Path
    engine: str
    address: str

    def fork(self, act: Callable[[Works], int]) -> int:
        """Run something in a process of its own; return its number."""
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            service._configured["engine"] = made.make(self.engine, self.folder / "index", self.address)
            service._folders["index"] = self.folder / "index"
            code = act(Works(make_engine(f"sqlite:///{self.folder / 'market.sqlite3'}"), SystemClock()))
        finally:
            os._exit(code)


def run(engine: str, address: str, folder: Path, times: int, seed: int = 9) -> Rounds:
    """Kill so many times; return what came of it."""
    draw, found = random.Random(seed), Rounds()
    opensearch_backend.BUILDER_SECONDS = 1  # type: ignore[misc]  # a dead builder is waited for two minutes; not here
    with market(folder) as shop:
        ground = Ground(folder, engine, address)
        names = {shop.agency(f"第0轮{place}号环境公司", "DG-B-25"): "" for place in range(AGENCIES)}
        analyse(Document(Kind.AGENCY, "0", "东莞环境公司", "/0"))
        read("环评 huanping")  # what is read in here, a forked writer need not read
        finish(ground, _built)
        for _ in range(BEFORE):
            _rename(shop, names, 0, draw)
        began = time.monotonic()
        finish(ground, _carry)
        usual = time.monotonic() - began
        for round_ in range(1, times + 1):
            changed = [_rename(shop, names, round_, draw) for _ in range(BEFORE)]
            shop.works.engine.dispose()
            child = ground.fork(_built if round_ % REBUILD_EACH == 0 else _carry)
            until = time.monotonic() + draw.uniform(0, usual)
            changed += [_rename(shop, names, round_, draw) for _ in range(DURING) if time.monotonic() < until]
            time.sleep(max(0.0, until - time.monotonic()))
            ended = os.waitpid(child, os.WNOHANG)[0] == child
            if not ended:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            found.killed += not ended
            found.ended_before += ended
            shop.works.engine.dispose()
            finish(ground, _carry)
            wanted = {number: names[number] for number in changed}
            if finish(ground, partial(_missing, wanted)):
                found.lost.append(f"round {round_}: {wanted}")
        if finish(ground, partial(_missing, {number: name for number, name in names.items() if name})):
            found.lost.append("at the end")
    return found


def finish(ground: Ground, act: Callable[[Works], int]) -> int:
    """Run something in a process of its own to its end; return its exit code."""
    return os.waitstatus_to_exitcode(os.waitpid(ground.fork(act), 0)[1])


def _rename(shop: Shop, names: dict[int, str], round_: int, draw: random.Random) -> int:
    number = draw.choice(list(names))
    names[number] = f"第{round_}轮{number}号{draw.randrange(10**6)}环境公司"
    with shop.works.system() as work:
        row = work.session.get_one(Agency, number)
        row.name = names[number]
        work.record(row, "test.renamed")
        service.index_agency(work, {"id": number})
    return number


def _built(works: Works) -> int:
    with works.reading() as work:
        service.rebuild(work)
    return 0


def _carry(works: Works) -> int:
    """Carry all that waits into the index, as the relay does; try anew while a dead builder is waited for."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if not service.flush(works):
                return 0
        except Unavailable:
            time.sleep(0.05)
    return 1


def _missing(names: dict[int, str], _works: Works) -> int:
    """Count the agencies that the index does not give by their present name, or gives more than once."""
    wrong = 0
    for number, name in names.items():
        results = service.backend().search(Query(f"“{name}”", Kind.AGENCY))
        keys = [hit.document.key for hit in results.hits if hit.document.title == name]
        wrong += keys != [f"agency:{number}"] or results.relaxed is not Relaxed.NOTHING
    return min(wrong, 100)


def main() -> int:
    """Kill, print, and return 1 when an update was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.search_crash")
    parser.add_argument("--engine", choices=engines.NAMES, default="whoosh")
    parser.add_argument("--times", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        address = stack.enter_context(engines.address_of(asked.engine))
        began = time.monotonic()
        found = run(asked.engine, address, Path(folder), asked.times)
    print(
        f"{asked.engine}: killed {found.killed} times on its way, {found.ended_before} times it had ended before, "
        f"{len(found.lost)} updates lost, {time.monotonic() - began:.0f} s"
    )
    for line in found.lost[:10]:
        print(line)
    return 1 if found.lost else 0


if __name__ == "__main__":
    sys.exit(main())
