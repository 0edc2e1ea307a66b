"""Measure the search engines beside what one could install instead: `make bench-search ARGS="--documents 10000"`.

CPU of the process and of its server, in milliseconds a question, each line read for the first time. `find` is what the
goals speak of: the line is read, twenty ids, the exact total, and facets where the workload has them. `page` is what a
reader waits for: every facet counted, twenty hits loaded and explained too. Peers give what they have: see
tests/search/peers.py. One run measures all, so that its ratios hold on any machine.

--keep leaves the indexes of engines in folders for the next run. --write draws docs/search-growth.svg and the tables of
docs/performance.md from every result in --results.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import psycopg

from search import native, sayings
from search.backend import Query
from search.documents import Document
from search.postgres_backend import PostgresBackend
from search.query import read
from search.tantivy_backend import TantivyBackend
from tests.search import engines
from tests.search.growth import report, write
from tests.search.listings import listings
from tests.search.peers import BareTantivy, BareWhoosh, Floor
from tests.search.questions import PHRASE, PREFIX, questions
from tests.search.yardstick import Yardstick

PEERS: Final[dict[str, Callable[[Path], Any]]] = {
    "fts5": Yardstick,
    "whoosh bare": BareWhoosh,
    "tantivy bare": BareTantivy,
    "floor": Floor,
}
NAMES: Final = (*PEERS, *engines.NAMES)
SLOW: Final = {"whoosh bare": 0, "fts5": 200_000}
"""Asked a few questions only, beyond so many listings."""
FEW: Final = 12
CHANGES: Final = 8
SAMPLE: Final = 10_000
IN_FOLDERS: Final = ("fts5", "whoosh bare", "tantivy bare", "whoosh", "tantivy")
"""What --keep can leave."""


@dataclass
class Measured:
    """One engine at one size. find, page: milliseconds of CPU a question, by workload, p50 and p95.

    found: the totals of all questions of a workload, added up. visible: milliseconds from a change to its being found.
    text: megabytes of the listings' own text. megabytes: 0 where it lies in memory.
    """

    engine: str
    documents: int
    seconds: float
    megabytes: float
    text: float = 0.0
    find: dict[str, tuple[float, float]] = field(default_factory=dict)
    page: dict[str, tuple[float, float]] = field(default_factory=dict)
    found: dict[str, float] = field(default_factory=dict)
    visible: float = 0.0


def measure(name: str, count: int, asked: dict[str, list[Any]], folder: Path) -> Measured:
    """Build, ask every question once after a few others that read in what is read once, then change something."""
    with opened(name, folder) as (engine, server):
        note = folder / "BUILT"
        if not note.exists():
            if isinstance(engine, Floor):
                engine.words = frozenset(word for lines in asked.values() for line in lines for word in _words(line))
            began = cpu(server)
            engine.replace_all(listings(count))
            note.write_text(json.dumps([cpu(server) - began, size_of(engine, folder) / 1e6]))
        seconds, megabytes = json.loads(note.read_text())
        found = Measured(name, count, seconds, megabytes, sum(map(_size, islice(listings(count), SAMPLE))) / 1e6)
        found.text *= max(1, count / SAMPLE)
        warm = questions(list(islice(listings(count), 2000)), 5, seed=4)
        sayings.meant("打井")  # reads in what is said of all services, once a process
        for workload, lines in asked.items():
            if name == "floor" and workload == PHRASE:
                continue
            ask(engine, workload, warm[workload], Measured("", 0, 0, 0), server)
            ask(engine, workload, lines[:FEW] if count > SLOW.get(name, count) else lines, found, server)
        found.visible = visible(engine)
    return found


def ask(engine: Any, workload: str, lines: Sequence[Any], found: Measured, server: Callable[[], float]) -> None:
    """Ask the lines of a workload, and note what they cost."""
    ours = hasattr(engine, "search")
    if workload == PREFIX:
        found.find[workload] = _spread([_cost(engine, partial(engine.suggest, line), server) for line in lines])
        return
    totals: list[float] = []
    found.find[workload] = _spread([_cost(engine, partial(_find, engine, line, totals), server) for line in lines])
    found.found[workload] = sum(totals) / len(totals)
    if ours:
        whole = [replace(line, counted=True) for line in lines]
        found.page[workload] = _spread([_cost(engine, partial(engine.search, line), server) for line in whole])


def visible(engine: Any) -> float:
    """Return how long a change takes until a search finds it, in milliseconds by the clock."""
    times = []
    for number in range(CHANGES):
        one = next(listings(1, seed=77 + number))
        changed = replace(one, id=f"90000{number}", title=f"{one.title}朙炛{number}", body="朙炛")
        began = time.perf_counter()
        engine.put([changed] if hasattr(engine, "search") else changed)
        engine.find(Query("朙炛", counted=False))
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


@contextmanager
def opened(name: str, folder: Path) -> Iterator[tuple[Any, Callable[[], float]]]:
    """Open an engine or peer, and say how to read its server's CPU seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if name in PEERS:
            made = PEERS[name](folder)
            stack.callback(made.close)
            yield made, lambda: 0.0
            return
        engine = stack.enter_context(engines.for_script(name, folder))
        words = {"postgresql": (b"postgres: market ",), "opensearch": (b"osmem-server",)}.get(name, ())
        yield engine, lambda: sum(_seconds(word) for word in words)


def cpu(server: Callable[[], float]) -> float:
    """Return the CPU seconds that this process and the server have used."""
    return time.process_time() + server()


def size_of(engine: Any, folder: Path) -> float:
    """Return the bytes an index takes on disk."""
    if isinstance(engine, PostgresBackend):
        with psycopg.connect(engine._url) as connection:
            found = connection.execute("SELECT pg_total_relation_size('search.document')").fetchone()
            return float(found[0]) if found else 0.0
    return float(sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()))


def _words(line: Query | str) -> list[str]:
    return line.text.split() if isinstance(line, Query) else []


def _size(document: Document) -> int:
    return sum(len(text.encode()) for text in (document.title, *document.names, *document.about, document.body))


def _find(engine: Any, line: Query, totals: list[float]) -> None:
    found = engine.find(line)
    totals.append(found[0] if isinstance(found, tuple) else found.total)


def _spread(costs: Sequence[float]) -> tuple[float, float]:
    ranked = sorted(cost * 1000 for cost in costs)
    return statistics.median(ranked), ranked[int(len(ranked) * 0.95)]


def _cost(engine: Any, act: Callable[[], object], server: Callable[[], float]) -> float:
    """Return the CPU seconds of an act, the reading of its line included; nothing is known from one before."""
    read.cache_clear()
    native.as_it_stands.cache_clear()
    if isinstance(engine, TantivyBackend):
        engine._opened().asking.kept.clear()
    served, begun = server(), time.process_time()
    act()
    own = time.process_time() - begun
    return own + server() - served


def _seconds(word: bytes) -> float:
    """Add up what the threads of processes with a word in their command have used, to the nanosecond."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if word in (folder / "cmdline").read_bytes()[:400]:
                total += sum(int(one.read_text().split()[0]) for one in folder.glob("task/*/schedstat"))
        except OSError:
            continue
    return total / 1e9


def main() -> None:
    """Measure each size, print, and write the papers when asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.search_bench")
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000])
    parser.add_argument("--engines", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--keep", type=Path, help="a folder for indexes that are used again")
    parser.add_argument("--results", type=Path, help="a file that keeps results from run to run")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and docs/search-growth.svg")
    asked = parser.parse_args()
    results: list[dict[str, Any]] = []
    if asked.results and asked.results.exists():
        results = json.loads(asked.results.read_text())
    for count in asked.documents if asked.engines else ():
        lines = questions(list(listings(min(count, SAMPLE))), asked.each)
        wanted = [one for one in asked.engines if one in PEERS or one == "postgresql" or not engines.lacking(one)]
        for name in wanted:
            with tempfile.TemporaryDirectory() as folder:
                kept = bool(asked.keep) and name in IN_FOLDERS
                place = asked.keep / f"{name}-{count}" if kept else Path(folder)
                found = asdict(measure(name, count, lines, place))
            results = [one for one in results if (one["engine"], one["documents"]) != (name, count)] + [found]
            if asked.results:  # after each, since a large one takes long
                asked.results.write_text(json.dumps(results, indent=1, ensure_ascii=False))
            print("\n".join(report(found)), flush=True)
    if asked.write:
        write(results, os.cpu_count() or 1)


if __name__ == "__main__":
    main()
