"""The plan as a graph: when each entry can begin, the critical path, lanes, loops, and what can be bought now. Pure.

Times are calendar days from the plan's beginning; an entry runs from ``start`` to ``finish``, the last day excluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Edge = tuple[int, int]
"""An entry and the one that waits for its result."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When one entry runs at the earliest, how long it may wait without delaying the whole, and its lane from 0."""

    start: int
    finish: int
    slack: int
    lane: int

    @property
    def critical(self) -> bool:
        """Say whether a day lost here is a day lost for the whole."""
        return self.slack == 0 and self.finish > self.start


@dataclass(frozen=True, slots=True)
class Schedule:
    """The whole plan. critical: one longest way through it; in_turn: the days of one entry after another."""

    slots: Mapping[int, Slot]
    total: int
    in_turn: int
    critical: tuple[int, ...]

    @property
    def saved(self) -> int:
        """The days that going on side by side saves."""
        return self.in_turn - self.total


def loop(edges: Iterable[Edge]) -> tuple[int, ...]:
    """Return one loop as the entries on the way round, the first said again at its end; empty where there is none."""
    after = _following(edges)
    done: set[int] = set()
    for first in sorted(after):
        stack = [] if first in done else [(first, iter(after[first]))]
        while stack:
            key, following = stack[-1]
            step = next(following, None)
            way = [one for one, _rest in stack]
            if step is None:
                done.add(key)
                stack.pop()
            elif step in way:
                return (*way[way.index(step) :], step)
            elif step not in done:
                stack.append((step, iter(after.get(step, ()))))
    return ()


def schedule(days: Mapping[int, int], edges: Iterable[Edge]) -> Schedule:
    """Return when each entry can begin and end at the earliest.

    days: entry to its length, nought for one that takes no time but passes on what it waits for. Edges to entries not
    among them are left out. Raises ValueError for a loop.
    """
    known = [(before, after) for before, after in edges if before in days and after in days]
    if loop(known):
        message = "a plan goes round in a circle"
        raise ValueError(message)
    before, after = _following((b, a) for a, b in known), _following(known)
    start: dict[int, int] = {}
    for key in _ordered(days, before):
        start[key] = max((start[one] + days[one] for one in before.get(key, ())), default=0)
    total = max((start[key] + days[key] for key in days), default=0)
    latest: dict[int, int] = {}
    for key in reversed(_ordered(days, before)):
        latest[key] = min((latest[one] - days[one] for one in after.get(key, ())), default=total)
    critical = _critical(days, before, start, total)
    lanes = _lanes(days, before, start, critical)
    slots = {
        key: Slot(start[key], start[key] + days[key], latest[key] - start[key] - days[key], lanes[key]) for key in days
    }
    return Schedule(slots, total, sum(days.values()), critical)


def _following(edges: Iterable[Edge]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one, other in sorted(set(edges)):
        found.setdefault(one, []).append(other)
    return found


def _ordered(days: Mapping[int, int], before: Mapping[int, Sequence[int]]) -> list[int]:
    """Return the entries so that each comes after all it waits for."""
    waiting = {key: set(before.get(key, ())) for key in days}
    order: list[int] = []
    while waiting:
        free = sorted(key for key, needs in waiting.items() if not needs)
        order += free
        waiting = {key: needs - set(free) for key, needs in waiting.items() if needs}
    return order


def _critical(
    days: Mapping[int, int], before: Mapping[int, Sequence[int]], start: Mapping[int, int], total: int
) -> tuple[int, ...]:
    """Return one longest way, from its first entry to its last; entries that take no time are not named."""
    way: list[int] = []
    at = total
    candidates: Iterable[int] = sorted(days)
    while at > 0:
        key = next((one for one in candidates if start[one] + days[one] == at and days[one] > 0), None)
        if key is None:  # through entries that take no time
            candidates = sorted({earlier for one in candidates for earlier in before.get(one, ())})
            continue
        way.append(key)
        at, candidates = start[key], before.get(key, ())
    return tuple(reversed(way))


def _lanes(
    days: Mapping[int, int], before: Mapping[int, Sequence[int]], start: Mapping[int, int], critical: Sequence[int]
) -> dict[int, int]:
    """Put the critical path into the first lane, every other entry behind one it waits for or where there is room."""
    rows: list[list[tuple[int, int]]] = [[]]
    found: dict[int, int] = {}
    rest = sorted((key for key in days if key not in set(critical)), key=lambda key: (start[key], key))
    for key in (*critical, *rest):
        begin, end = start[key], start[key] + days[key]
        wished = [found[one] for one in before.get(key, ()) if one in found]
        lane = next((one for one in (*wished, *range(len(rows))) if _fits(rows[one], begin, end)), len(rows))
        if lane == len(rows):
            rows.append([])
        rows[lane].append((begin, end))
        found[key] = lane
    return found


def _fits(row: Sequence[tuple[int, int]], begin: int, end: int) -> bool:
    return all(end <= taken or freed <= begin for taken, freed in row)


class Progress(StrEnum):
    """How far an entry is, in the order of getting there; the last three are said, the others read."""

    NOT_STARTED = "not_started"
    DRAFTED = "drafted"
    OPEN = "open"
    SELECTING = "selecting"
    SELECTED = "selected"
    IN_CONTRACT = "in_contract"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    OWN = "own"
    OWN_DONE = "own_done"
    NOT_NEEDED = "not_needed"


DONE: Final = frozenset({Progress.ACCEPTED, Progress.OWN_DONE, Progress.NOT_NEEDED})
_ORDER: Final = {one: place for place, one in enumerate(Progress)}
_OF_NEED: Final = {
    "draft": Progress.DRAFTED,
    "open": Progress.OPEN,
    "selecting": Progress.SELECTING,
    "awarded": Progress.SELECTED,
    "contracted": Progress.IN_CONTRACT,
    "completed": Progress.ACCEPTED,
}
_OF_CONTRACT: Final = {
    "delivered": Progress.DELIVERED,
    "accepted": Progress.ACCEPTED,
    "settled": Progress.ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class Bought:
    """One need of an entry: where it and its contract stand, which notice it is a lot of, and which need it repeats."""

    need_id: int
    notice_id: int
    need_state: str
    contract_state: str = ""
    repeats_id: int | None = None


def progress(needs: Sequence[Bought]) -> Progress:
    """Read how far an entry is from its needs: as far as the one that is least far.

    A need that ended without a result counts for nothing, unless it is a lot of a notice whose other lots live on and
    nobody asks for it anew: then part of the entry is not started.
    """
    repeated = {one.repeats_id for one in needs}
    living = [one for one in needs if one.need_state in _OF_NEED]
    notices = {one.notice_id for one in living}
    lost = any(
        one.need_state not in _OF_NEED and one.notice_id in notices and one.need_id not in repeated for one in needs
    )
    found = [_OF_CONTRACT.get(one.contract_state, _OF_NEED[one.need_state]) for one in living]
    if not found or lost:
        return Progress.NOT_STARTED
    return min(found, key=lambda one: _ORDER[one])


def waits_for(edges: Iterable[Edge], reached: Mapping[int, Progress]) -> dict[int, tuple[int, ...]]:
    """Return what each entry still waits for: those before it that are not done."""
    before = _following((after, first) for first, after in edges)
    return {
        key: tuple(one for one in before.get(key, ()) if one in reached and reached[one] not in DONE) for key in reached
    }


def ready(edges: Iterable[Edge], reached: Mapping[int, Progress]) -> list[int]:
    """Return the entries that can be bought now: not started, and all they wait for is done."""
    waiting = waits_for(edges, reached)
    return [key for key, state in reached.items() if state is Progress.NOT_STARTED and not waiting[key]]


def agreed_days(usual: int, noticed: int | None, contracted: int | None) -> tuple[int, str]:
    """Return how many days an entry takes and where that stands: its ``contract``, its ``notice``, or the ``plan``."""
    if contracted:
        return contracted, "contract"
    return (noticed, "notice") if noticed else (usual, "plan")
