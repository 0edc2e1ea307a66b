"""Measure the search engines beside SQLite's FTS5 on the same listings: `make bench-search ARGS="--documents 10000"`.

CPU of the process and of its server, in milliseconds a question, through our own interface: the line is read, hits are
counted, sorted, loaded and explained. One run measures all, so that its ratios hold on any machine. --write draws
docs/search-growth.svg and the table of docs/performance.md from every result in --results.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import psycopg

from search import analysis, native_asking
from search.backend import Filters, Query, Sort
from search.documents import Document
from search.postgres_backend import PostgresBackend
from search.query import read
from tests.search import engines
from tests.search.growth import write
from tests.search.listings import listings
from tests.search.yardstick import Yardstick

YARDSTICK: Final = "fts5"
SMALL: Final = 20_000
"""Beyond so many listings only engines that are meant for them are measured, unless they are named."""
LARGE: Final = ("tantivy", "postgresql")
WORKLOADS: Final = ("two terms", "phrase", "prefix", "filter + facets", "sort")


@dataclass
class Measured:
    """One engine at one size. cpu, p95: milliseconds a question, by workload; 0 megabytes where it lies in memory."""

    engine: str
    documents: int
    seconds: float
    megabytes: float
    cpu: dict[str, float] = field(default_factory=dict)
    p95: dict[str, float] = field(default_factory=dict)


def questions(documents: Sequence[Document], each: int, seed: int = 3) -> dict[str, list[Any]]:
    """Draw the same questions for every engine."""
    draw = random.Random(seed)
    found: dict[str, list[Any]] = {name: [] for name in WORKLOADS}
    for _ in range(each):
        one, other = draw.choice(documents), draw.choice(documents)
        words = [word for word in analysis.words(one.body) if len(word) > 1]
        found["two terms"].append(Query(" ".join(draw.sample(words, 2))))
        plain = max(one.body.replace("。", "，").split("，"), key=len)
        start = draw.randrange(max(1, len(plain) - 5))
        found["phrase"].append(Query(f"“{plain[start : start + 5]}”"))
        found["prefix"].append(one.title[2 : 2 + draw.randint(2, 5)])
        narrowed = Filters(towns=(one.town_code,), items=one.item_codes[:1])
        found["filter + facets"].append(Query(words[0], filters=narrowed))
        found["sort"].append(Query(draw.choice(analysis.words(other.about[0])), sort=Sort.PRICE))
    return found


def measure(
    name: str, documents: Callable[[], Iterator[Document]], count: int, asked: dict[str, list[Any]], folder: Path
) -> Measured:
    """Build, then ask every question once, after a few others that read in what is read once."""
    with opened(name, folder) as (engine, server):
        began = cpu(server)
        engine.replace_all(documents())
        found = Measured(name, count, cpu(server) - began, size_of(engine, folder) / 1e6)
        warm = questions(list(islice(documents(), 200)), 5, seed=4)
        for workload, lines in asked.items():
            act = engine.suggest if workload == "prefix" else engine.search
            for line in warm[workload]:
                act(line)
            costs = sorted(_cost(partial(act, line), server) * 1000 for line in lines)
            found.cpu[workload] = statistics.median(costs)
            found.p95[workload] = costs[int(len(costs) * 0.95)]
        if name == "tantivy":
            found.cpu |= bare(engine, asked, server)
    return found


def bare(engine: Any, asked: dict[str, list[Any]], server: Callable[[], float]) -> dict[str, float]:
    """Measure tantivy without us: the same question ready written, numbers and total only."""
    from search.tantivy_backend import _Asking  # noqa: PLC0415 - only where it is measured

    asking = _Asking(engine._opened().searcher)
    found = {}
    for workload in ("two terms", "phrase"):
        written = [asking.query(native_asking.strict(read(line.text))) for line in asked[workload]]
        costs = [_cost(partial(asking.searcher.search, one, limit=20, count=True), server) * 1000 for one in written]
        found[f"{workload}, bare"] = statistics.median(costs)
    return found


@contextmanager
def opened(name: str, folder: Path) -> Iterator[tuple[Any, Callable[[], float]]]:
    """Open an engine, and say how to read its server's CPU seconds."""
    with ExitStack() as stack:
        if name == YARDSTICK:
            made = Yardstick(folder)
            stack.callback(made.close)
            yield made, lambda: 0.0
            return
        engine = stack.enter_context(engines.for_script(name, folder))
        words = {"postgresql": (b"postgres: market ",), "opensearch": (b"osmem-server",)}.get(name, ())
        yield engine, lambda: sum(_seconds(word) for word in words)


def cpu(server: Callable[[], float]) -> float:
    """Return the CPU seconds that this process and the server have used."""
    return time.process_time() + server()


def _cost(act: Callable[[], object], server: Callable[[], float]) -> float:
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


def size_of(engine: Any, folder: Path) -> float:
    """Return the bytes an index takes on disk."""
    if isinstance(engine, PostgresBackend):
        with psycopg.connect(engine._url) as connection:
            found = connection.execute("SELECT pg_total_relation_size('search.document')").fetchone()
            return float(found[0]) if found else 0.0
    return float(sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()))


def report(found: Sequence[Measured]) -> Iterator[str]:
    """Give the table of one size: figures, then how many times the yardstick's each is."""
    yardstick = next(one for one in found if one.engine == YARDSTICK)
    yield f"\n{yardstick.documents:,} listings; ms of CPU a question, p50 / p95, and p50 as a multiple of FTS5's"
    yield f"{'':11} {'index s':>8} {'MB':>7}  " + "".join(f"{name:>26}" for name in WORKLOADS)
    for one in found:
        cells = (
            f"{one.cpu[name]:9.2f} /{one.p95[name]:7.2f} {one.cpu[name] / max(yardstick.cpu[name], 0.001):6.1f}x "
            for name in WORKLOADS
        )
        yield f"{one.engine:11} {one.seconds:8.0f} {one.megabytes:7.0f}  " + " ".join(cells)
        for name in ("two terms", "phrase"):
            if plain := one.cpu.get(f"{name}, bare"):
                yield f"{'':11} {name}: tantivy called bare {plain:.2f} ms, ours {one.cpu[name] / plain:.1f} times that"


def main() -> None:
    """Measure each size, print, and write the papers when asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.search_bench")
    parser.add_argument("--documents", type=int, nargs="+", default=[10_000])
    parser.add_argument("--engines", nargs="+", choices=engines.NAMES, default=[])
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--results", type=Path, help="a file that keeps results from run to run")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and docs/search-growth.svg")
    asked = parser.parse_args()
    kept: list[Measured] = []
    if asked.results and asked.results.exists():
        kept = [Measured(**one) for one in json.loads(asked.results.read_text())]
    for count in asked.documents:
        wanted = asked.engines or [name for name in engines.NAMES if count <= SMALL or name in LARGE]
        lines = questions(list(listings(min(count, 10_000))), asked.each)
        found: list[Measured] = []
        for name in (YARDSTICK, *(one for one in wanted if one == "postgresql" or not engines.lacking(one))):
            with tempfile.TemporaryDirectory() as folder:
                found.append(measure(name, partial(listings, count), count, lines, Path(folder)))
            kept = [one for one in kept if (one.engine, one.documents) != (name, count)] + found[-1:]
            if asked.results:  # after each, since a large one takes long
                asked.results.write_text(json.dumps([asdict(one) for one in kept], indent=1))
        print("\n".join(report(found)), flush=True)
    if asked.write:
        write([asdict(one) for one in kept], WORKLOADS, os.cpu_count() or 1)


if __name__ == "__main__":
    main()
