"""Hold what was measured against the goals that were set before there was code. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tests.search.questions import BROAD, FILTER, NEWEST, PHRASE, PREFIX, SCORE, TWO

OURS: Final = "tantivy"
SIZE, LARGE = 100_000, 1_000_000
WORKED: Final = (
    ("S1", TWO, (("whoosh bare", 300.0), ("tantivy bare", 1 / 1.2), ("floor", 1 / 10))),
    ("S2", PHRASE, (("whoosh bare", 350.0), ("tantivy bare", 1 / 1.2))),
    ("S3", PREFIX, (("whoosh bare", 200.0), ("tantivy bare", 8.0), ("floor", 1 / 1.3))),
    ("S4", FILTER, (("whoosh bare", 600.0), ("tantivy bare", 3.0), ("floor", 1 / 2))),
    ("S5", BROAD, (("whoosh bare", 1000.0), ("tantivy bare", 1.5), ("floor", 1 / 1.3))),
    ("S6", SCORE, (("whoosh bare", 2000.0), ("tantivy bare", 10.0), ("floor", 1 / 3))),
    ("S7", NEWEST, (("whoosh bare", 1000.0), ("tantivy bare", 5.0), ("fts5", 1 / 1.1), ("floor", 1 / 3))),
)
"""Each goal: a workload, and how many times as fast as a peer ours should be; under 1, how much slower it may be."""
PEERS: Final = {"whoosh bare": "bare Whoosh", "tantivy bare": "bare tantivy", "fts5": "FTS5", "floor": "the floor"}
Result = Mapping[str, Any]


def goals(results: Sequence[Result]) -> Iterator[str]:
    """Give the table: goal, what is reached, yes or no, for tantivy at a hundred thousand listings."""
    at = {(one["engine"], one["documents"]): one for one in results}
    ours = at.get((OURS, SIZE))
    if ours is None:
        return
    yield f"The ratios proposed before there was code (ADR 0021), held against tantivy at {SIZE:,} listings:"
    yield ""
    yield "| | goal | reached | |"
    yield "|---|---|---|---|"
    for name, workload, wanted in WORKED:
        rows = [_against(at, ours, workload, *one) for one in wanted]
        kept = [one for one in rows if one]
        words = "; ".join(goal for goal, _reached, _yes in kept)
        reached = "; ".join(done for _goal, done, _yes in kept)
        yield f"| {name} | {workload}: {words} | {reached} | {_verdict([yes for *_words, yes in kept])} |"
    for name, goal, reached, yes in (*_growth(at), *_building(at, ours)):
        yield f"| {name} | {goal} | {reached} | {_verdict(yes)} |"


def spoken(number: float) -> str:
    """Write a number with as many digits as it bears."""
    return f"{number:.3f}" if number < 0.1 else f"{number:.2f}" if number < 10 else f"{number:.0f}"


def _against(
    at: Mapping[tuple[str, int], Result], ours: Result, workload: str, peer: str, times: float
) -> tuple[str, str, bool] | None:
    """Compare with a peer at the largest size it was measured at."""
    size = max((count for name, count in at if name == peer and count <= SIZE), default=0)
    mine = at.get((OURS, size))
    other = at[peer, size]["find"].get(workload) if size else None
    if mine is None or other is None:
        return None
    ratio = other[0] / mine["find"][workload][0]
    note = "" if size == ours["documents"] else f" (at {size:,})"
    return f"{_times(times)} {_of(times)} {PEERS[peer]}", f"{_times(ratio)}{note}", ratio >= times


def _of(ratio: float) -> str:
    return "as" if ratio >= 1 else "of"


def _times(ratio: float) -> str:
    return f"{_plain(ratio)}× as fast" if ratio >= 1 else f"{_plain(1 / ratio)}× the cost"


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _growth(at: Mapping[tuple[str, int], Result]) -> Iterator[tuple[str, str, str, list[bool]]]:
    """Compare what ten times the listings cost; without a verdict where the peer was not measured."""
    goal = "growth to a million: at most 1.1 of bare tantivy's"
    reached, verdicts = [], []
    for workload in (TWO, BROAD):
        grown = {
            name: at[name, LARGE]["find"][workload][0] / at[name, SIZE]["find"][workload][0]
            for name in (OURS, "tantivy bare")
            if (name, SIZE) in at and (name, LARGE) in at
        }
        if OURS in grown:
            bare = grown.get("tantivy bare")
            reached.append(
                f"{workload} {grown[OURS]:.3g} times, bare tantivy {f'{bare:.3g}' if bare else 'not measured'}"
            )
            verdicts += [grown[OURS] <= 1.1 * bare] if bare else []
    if reached:
        yield "S9", goal, "; ".join(reached), verdicts


def _building(at: Mapping[tuple[str, int], Result], ours: Result) -> Iterator[tuple[str, str, str, list[bool]]]:
    size = max((count for name, count in at if name == "whoosh bare" and count <= SIZE), default=0)
    whoosh, bare, floor = at.get(("whoosh bare", size)), at.get(("tantivy bare", SIZE)), at.get(("floor", SIZE))
    mine = at.get((OURS, size))
    if whoosh is None or bare is None or floor is None or mine is None:
        return
    note = "" if size == SIZE else f" (at {size:,})"
    quicker, dearer = whoosh["seconds"] / mine["seconds"], ours["seconds"] / bare["seconds"]
    yield (
        "S10",
        "rebuild: 15 times as fast as bare Whoosh; at most 1.25 of bare tantivy's time",
        f"{quicker:.3g} times{note}; {dearer:.3g}",
        [quicker >= 15, dearer <= 1.25],
    )
    half, text = mine["megabytes"] / whoosh["megabytes"], ours["megabytes"] / ours["text"]
    yield (
        "S11",
        "index on disk: at most half of bare Whoosh's; at most 1.4 of the text",
        f"{half:.3g}{note}; {text:.3g}",
        [half <= 0.5, text <= 1.4],
    )
    quick, soon, row = (one["visible"] / ours["visible"] for one in (whoosh, bare, floor))
    yield (
        "S12",
        "a change is found: 250 times as soon as with bare Whoosh, 25 times as with bare tantivy; within 2 bare rows",
        f"{quick:.3g} times{note}; {soon:.3g} times; {1 / row:.3g} rows",
        [quick >= 250, soon >= 25, row >= 0.5],
    )


def _verdict(reached: Sequence[bool]) -> str:
    return "–" if not reached else "yes" if all(reached) else "in part" if any(reached) else "no"
