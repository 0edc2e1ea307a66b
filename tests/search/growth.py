"""Draw how the engines grow, and keep the table of search in docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log10
from pathlib import Path
from typing import Any, Final

DOCS: Final = Path(__file__).parents[2] / "docs"
PAPER, PICTURE = DOCS / "performance.md", DOCS / "search-growth.svg"
BEGIN, END = "<!-- search: written by make bench-search -->", "<!-- search: end -->"
NAMES: Final = {"fts5": "SQLite FTS5", "whoosh": "Whoosh", "tantivy": "tantivy", "postgresql": "PostgreSQL"}
NAMES_ALL: Final = {**NAMES, "opensearch": "OpenSearch look-alike"}
COLOURS: Final = {
    "fts5": "#6b7280",
    "whoosh": "#b45309",
    "tantivy": "#047857",
    "postgresql": "#1d4ed8",
    "opensearch": "#7c3aed",
}
DRAWN: Final = ("two terms", "filter + facets")
WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 220, 56, 40, 70
LOWEST, HIGHEST = -2.0, 4.0


def write(results: Sequence[Mapping[str, Any]], workloads: Sequence[str], processors: int) -> None:
    """Write the picture, and the table between its marks."""
    PICTURE.write_text("\n".join(_picture(results)) + "\n", encoding="utf-8")
    text = PAPER.read_text(encoding="utf-8")
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    table = "\n".join(_table(results, workloads, processors))
    PAPER.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def _table(results: Sequence[Mapping[str, Any]], workloads: Sequence[str], processors: int) -> Iterator[str]:
    yield f"Milliseconds of CPU a question, p50 / p95, of the process and its server, on {processors} cores."
    yield ""
    yield "| listings | engine | index, CPU s | MB | " + " | ".join(workloads) + " |"
    yield "|---|---|---|---|" + "---|" * len(workloads)
    for one in _sorted(results):
        cells = (f"{_short(one['cpu'][name])} / {_short(one['p95'][name])}" for name in workloads)
        size = f"{one['megabytes']:.0f}" if one["megabytes"] else "–"
        begin = f"| {one['documents']:,} | {NAMES_ALL[one['engine']]} | {one['seconds']:.0f} | {size} | "
        yield begin + " | ".join(cells) + " |"


def _short(number: float) -> str:
    return f"{number:.2f}" if number < 1 else f"{number:.1f}" if number < 100 else f"{number:.0f}"


def _sorted(results: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(results, key=lambda one: (one["documents"], list(NAMES_ALL).index(one["engine"])))


def _picture(results: Sequence[Mapping[str, Any]]) -> Iterator[str]:
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


def _lines(results: Sequence[Mapping[str, Any]], workload: str, left: int) -> Iterator[str]:
    ends: list[tuple[float, float]] = []
    for engine, colour in COLOURS.items():
        points = [
            (_x(left, one["documents"]), _y(one["cpu"][workload]))
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
