"""Hold what was measured against what a search may cost its reader (docs/adr/0021). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tests.search.goals import spoken
from tests.search.questions import PREFIX

Result = Mapping[str, Any]
PAGE, TYPED = 300.0, 100.0
"""Milliseconds of CPU that nineteen of twenty may cost at the most: a whole page, and names while typing."""
MEANT_FOR: Final = (("whoosh", 10_000), ("postgresql", 100_000), ("tantivy", 100_000), ("tantivy", 1_000_000))
"""Up to how many listings each engine is meant to serve."""


def budgets(results: Sequence[Result]) -> Iterator[str]:
    """Give the table: engine, size, its dearest page, its names while typing, yes or no."""
    at = {(one["engine"], one["documents"]): one for one in results}
    yield f"What a reader may wait for, 19 of 20: {PAGE:.0f} ms of CPU a page, {TYPED:.0f} ms for names while typing."
    yield ""
    yield "| engine | listings | dearest page | | names while typing | |"
    yield "|---|---|---|---|---|---|"
    for engine, size in MEANT_FOR:
        if (found := at.get((engine, size))) is not None:
            page = max(spread[1] for spread in found["page"].values())
            typed = found["find"][PREFIX][1]
            kept = ["yes" if cost <= most else "no" for cost, most in ((page, PAGE), (typed, TYPED))]
            yield f"| {engine} | {size:,} | {spoken(page)} | {kept[0]} | {spoken(typed)} | {kept[1]} |"
