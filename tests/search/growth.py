"""Draw how the engines grow, and keep the tables of search in docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log10
from pathlib import Path
from typing import Any, Final

from tests.search.budgets import budgets
from tests.search.goals import goals, spoken
from tests.search.questions import BROAD, PREFIX, TWO, WORKLOADS

DOCS: Final = Path(__file__).parents[2] / "docs"
PAPER, PICTURE = DOCS / "performance.md", DOCS / "search-growth.svg"
BEGIN, END = "<!-- search: written by make bench-search -->", "<!-- search: end -->"
NAMES: Final = {
    "floor": "bitmaps, B-tree",
    "tantivy bare": "tantivy, bare",
    "fts5": "SQLite FTS5",
    "whoosh bare": "Whoosh, bare",
    "whoosh": "**Whoosh**",
    "tantivy": "**tantivy**",
    "postgresql": "**PostgreSQL**",
    "opensearch": "**OpenSearch look-alike**",
}
COLOURS: Final = {
    "fts5": "#6b7280",
    "whoosh bare": "#d97706",
    "tantivy bare": "#10b981",
    "whoosh": "#b45309",
    "tantivy": "#047857",
    "postgresql": "#1d4ed8",
    "opensearch": "#7c3aed",
}
PLAIN: Final = tuple(name for name in WORKLOADS if name != PREFIX)
DRAWN: Final = (TWO, BROAD)
WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 220, 56, 40, 90
LOWEST, HIGHEST = -2.0, 4.0
Result = Mapping[str, Any]


def write(results: Sequence[Result], processors: int) -> None:
    """Write the picture, and the tables between their marks."""
    PICTURE.write_text("\n".join(_picture(results)) + "\n", encoding="utf-8")
    text = PAPER.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    lines = [*_found(results, processors), "", *_pages(results), "", *budgets(results), "", *goals(results)]
    PAPER.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


def report(one: Result) -> Iterator[str]:
    """Say what one engine cost, for the terminal."""
    yield f"\n{one['engine']}, {one['documents']:,} listings: {one['seconds']:.0f} s CPU, {one['megabytes']:.0f} MB"
    for name in one["find"]:
        page = f"   page {_pair(one['page'].get(name)):>16}" if name in one["page"] else ""
        yield f"  {name:16} find {_pair(one['find'][name]):>16}{page}   found {one['found'].get(name, 0):,.0f}"
    if one["visible"]:
        yield f"  a change is found after {one['visible']:.1f} ms"


def _found(results: Sequence[Result], processors: int) -> Iterator[str]:
    yield f"To find: milliseconds of CPU a question, p50 / p95, on {processors} cores. In bold our own engines."
    yield ""
    yield "| listings | engine | index, CPU s | MB | " + " | ".join(WORKLOADS) + " |"
    yield "|---|---|---|---|" + "---|" * len(WORKLOADS)
    for one in _sorted(results):
        size = f"{one['megabytes']:.0f}" if one["megabytes"] else "–"
        begin = f"| {one['documents']:,} | {NAMES[one['engine']]} | {one['seconds']:.0f} | {size} | "
        yield begin + " | ".join(_pair(one["find"].get(name)) for name in WORKLOADS) + " |"


def _pages(results: Sequence[Result]) -> Iterator[str]:
    yield "To show: the whole page of a reader, every facet counted, twenty hits loaded and explained."
    yield ""
    yield "| listings | engine | " + " | ".join(PLAIN) + " |"
    yield "|---|---|" + "---|" * len(PLAIN)
    for one in _sorted(results):
        if one["page"]:
            begin = f"| {one['documents']:,} | {NAMES[one['engine']]} | "
            yield begin + " | ".join(_pair(one["page"].get(name)) for name in PLAIN) + " |"


def _pair(costs: Sequence[float] | None) -> str:
    return " / ".join(map(spoken, costs)) if costs else "–"


def _sorted(results: Sequence[Result]) -> list[Result]:
    return sorted(results, key=lambda one: (one["documents"], list(NAMES).index(one["engine"])))


def _picture(results: Sequence[Result]) -> Iterator[str]:
    """Draw two fields side by side, both ways by powers of ten, with a word at the end of each line."""
    wide, high = LEFT + len(DRAWN) * (WIDTH + GAP) + 60, TOP + HEIGHT + 50
    box = f'viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="11"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    yield "<title>CPU a question as the listings grow</title>"
    yield f'<rect width="{wide}" height="{high}" fill="#ffffff"/>'
    for place, workload in enumerate(DRAWN):
        left = LEFT + place * (WIDTH + GAP)
        yield f'<text x="{left}" y="20" font-size="13" fill="#111827">{workload}: ms of CPU, p50</text>'
        for power in range(int(LOWEST), int(HIGHEST) + 1):
            y = _y(10.0**power)
            yield f'<line x1="{left}" x2="{left + WIDTH}" y1="{y:.0f}" y2="{y:.0f}" stroke="#e5e7eb"/>'
            yield f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end" fill="#374151">{10.0**power:g}</text>'
        for count in (10_000, 100_000, 1_000_000):
            x, y = _x(left, count), TOP + HEIGHT + 18
            yield f'<text x="{x:.0f}" y="{y}" text-anchor="middle" fill="#374151">{count:,}</text>'
        yield from _lines(results, workload, left)
    yield "</svg>"


def _lines(results: Sequence[Result], workload: str, left: int) -> Iterator[str]:
    ends: list[tuple[float, float]] = []
    for engine, colour in COLOURS.items():
        points = [
            (_x(left, one["documents"]), _y(one["find"][workload][0]))
            for one in _sorted(results)
            if one["engine"] == engine
        ]
        if not points:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
        x, y = points[-1]
        while any(x == other and abs(y - at) < 11 for other, at in ends):  # words must not lie on one another
            y += 3
        ends.append((x, y))
        yield f'<text x="{x + 7:.1f}" y="{y + 4:.1f}" fill="{colour}">{engine}</text>'


def _x(left: int, count: int) -> float:
    return left + 20 + (log10(count) - 4) / 2 * (WIDTH - 40)


def _y(milliseconds: float) -> float:
    share = (log10(max(milliseconds, 0.001)) - LOWEST) / (HIGHEST - LOWEST)
    return TOP + HEIGHT * (1 - min(1.0, max(0.0, share)))
