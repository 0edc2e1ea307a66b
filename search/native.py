"""Turn a question into an answer with an engine that joins, counts and sorts by itself, alike for all such engines.

The engine is asked for one count of every value under all filters, for one more a filter in force (what leaving it
would bring), and for one page. Which documents those are is found first, and what is shown of them is read after:
explaining a hit, marks and snippets are `answering`'s.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final, NamedTuple, Protocol, TypeAlias

from core.errors import DomainError, Unavailable
from search import analysis, native_asking, query, rotation
from search.answering import (
    HELP,
    MOST_SIZE,
    STEPS,
    besides,
    hit_of,
    is_named,
    may_be_mended,
    room_for,
    services_of,
)
from search.backend import MOST_PAGES, PAGE_SIZE, Dimension, Query, Relaxed, Results, Sort, Suggestion
from search.documents import Document, Kind, loads
from search.faceting import COUNTED, Match, facts_of
from search.native_asking import Ahead, Among, Most, Narrowed, Nothing, Wanted
from search.native_sets import members, narrowed
from search.plan import Conditions, Plan

log = logging.getLogger(__name__)

MOST_PREFIX: Final = 40
TURNS: Final = 3 * PAGE_SIZE
"""So many of the best hits take turns; an engine that sorts by itself knows no day."""
Values: TypeAlias = Mapping[Dimension, Counter[str]]
Facets: TypeAlias = dict[Dimension, tuple[tuple[str, int], ...]]


class Step(NamedTuple):
    """One way of asking: the plan, its tree, what that finds as a lean tree, and what gave way."""

    plan: Plan
    wanted: Wanted
    lean: Wanted
    relaxed: Relaxed = Relaxed.NOTHING


class Place(NamedTuple):
    """A document found and not yet read. turns: it is an agency nobody has rated yet."""

    score: float
    key: str
    turns: bool
    load: Callable[[], Document]


class Engine(Protocol):
    """What an engine must do with a tree."""

    def how_many(self, lean: Wanted) -> int:
        """Return how many documents there are in a set."""

    def deepest(self, lean: Sequence[Wanted]) -> int:
        """Return in how many of these sets a document lies at the most."""

    def values(self, lean: Wanted) -> Values:
        """Count the values of every dimension over a set; each document has exactly one kind."""

    def best(self, wanted: Wanted, start: int, size: int) -> Sequence[Place]:
        """Return a piece of a set by score."""

    def page(self, lean: Wanted, order: str, start: int, size: int) -> Sequence[Place]:
        """Return a piece of a set in one of `native_rows.ORDERS`."""


@contextmanager
def broken() -> Iterator[None]:
    """Turn whatever an engine raises over a missing or broken index into one refusal.

    Raises Unavailable("search-index-lost").
    """
    try:
        yield
    except (DomainError, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a compiled engine is no Exception
        log.exception("search index failed")
        raise Unavailable("search-index-lost") from error


def find(asked: Query, engine: Engine, *, everywhere: bool = False) -> tuple[Results, Plan, Sequence[Place]]:
    """Find what answers a question, with counts where they are wanted; the plan it answers, and the hits unread.

    Where nothing fits what was recognised in the line, that is left out; everywhere: its towns are left out at once.

    Raises Invalid when the line breaks a limit.
    """
    plan = as_it_stands(asked.text).plan
    tests = native_asking.tests(asked.kind, asked.filters, plan.conditions_of(everywhere=everywhere))
    filters = tuple(wanted for _dimension, wanted in tests)
    step, counted, total = _found(as_it_stands(asked.text), engine, filters, counts=asked.counted)
    if not total and plan.is_narrowed:
        free = native_asking.tests(asked.kind, asked.filters, Conditions())
        apart = tuple(wanted for _dimension, wanted in free)
        values, number = _numbered(step.lean, engine, apart, counts=asked.counted)
        if number:
            tests, filters, counted, total = free, apart, values, number
            step = step._replace(relaxed=Relaxed.CONDITIONS)
    facets: Facets = {one: _ranked(counted.get(one)) for one in COUNTED} if asked.counted else {}
    offers = []
    for at, (dimension, _wanted) in enumerate(tests if asked.counted else ()):
        freed = _counted(step.lean, engine, (*filters[:at], *filters[at + 1 :]))
        offers.append((dimension, _total(freed)))
        if dimension in facets:
            facets[dimension] = _ranked(freed.get(dimension))
    size = max(1, min(asked.size, MOST_SIZE))
    start = (max(1, min(asked.page, MOST_PAGES)) - 1) * size
    page = _page(step, filters, asked, (start, size), engine) if start < total else ()
    results = Results(
        hits=(),
        keys=tuple(place.key for place in page),
        total=total,
        facets=facets,
        offers=tuple(offers),
        chips=plan.chips,
        relaxed=step.relaxed,
        corrected=step.plan.text if step.relaxed is Relaxed.SPELLING else "",
        amount_fen=plan.amount_fen,
    )
    return results, step.plan, page


def answer(asked: Query, engine: Engine) -> Results:
    """Answer a question: find, then read and explain each hit of the page.

    Raises Invalid when the line breaks a limit.
    """
    started = time.perf_counter()
    results, plan, page = find(asked, engine)
    others = [place for further in besides(asked, results, plan) for place in find(further, engine, everywhere=True)[2]]
    beside = {place.key: place for place in reversed(others)}
    near = (beside[key] for key in room_for(dict.fromkeys(place.key for place in others), results))
    hits, more = (tuple(hit_of(place.score, place.load(), plan) for place in some) for some in (page, near))
    return replace(results, hits=hits, beside=more, took_ms=(time.perf_counter() - started) * 1000)


def suggest(prefix: str, limit: int, engine: Engine) -> tuple[Suggestion, ...]:
    """Return things whose name, or its pinyin, goes on as was typed; those whose name begins so come first."""
    typed = prefix.strip()[:MOST_PREFIX]
    wanted = native_asking.names(typed) if analysis.whole(typed) else Nothing()
    if wanted == Nothing():
        return ()
    found = list(engine.page(members(native_asking.first_names(typed)), "names", 0, limit))
    if len(found) < limit:
        known = {place.key for place in found}
        found += [place for place in engine.page(members(wanted), "names", 0, 2 * limit) if place.key not in known]
    drawn = (place.load() for place in found[:limit])
    return tuple(Suggestion(one.kind, one.id, one.title, one.url) for one in drawn)


def deepest_by_halving(lean: Sequence[Wanted], how_many: Callable[[Wanted], int]) -> int:
    """Find in how many sets a document lies at the most, for an engine that counts and cannot add up."""
    low, high = 1, len(lean)
    while low <= high:
        middle = (low + high) // 2
        if how_many(Most(tuple(lean), middle)):
            low = middle + 1
        else:
            high = middle - 1
    return high


def place_of(score: float, document: Document) -> Place:
    """Return the place of a document that is read already."""
    return Place(score, document.key, document.kind is Kind.AGENCY and document.rating is None, lambda: document)


def unread(score: float, key: str, turns: bool, packed: str) -> Place:  # noqa: FBT001 - a row's column
    """Return the place of a document that came packed with its key."""
    return Place(score, key, turns, partial(loads, packed))


@lru_cache(maxsize=1024)
def as_it_stands(text: str) -> Step:
    """Read a line and write its strictest tree.

    Raises Invalid when the line breaks a limit.
    """
    return _strictly(query.read(text))


def _strictly(plan: Plan, relaxed: Relaxed = Relaxed.NOTHING) -> Step:
    wanted = native_asking.strict(plan)
    return Step(plan, wanted, members(wanted), relaxed)


def _found(strict: Step, engine: Engine, filters: tuple[Wanted, ...], *, counts: bool) -> tuple[Step, Values, int]:
    """Return the strictest way of asking that finds anything before the filters, and what is counted after them.

    counts: whether the values are wanted, or the number alone.
    """
    counted, total = _numbered(strict.lean, engine, filters, counts=counts)
    number = engine.how_many(strict.lean) if filters and total < PAGE_SIZE and strict.lean != Nothing() else total
    step = _step(strict, number, engine)
    if step is not strict:
        counted, total = _numbered(step.lean, engine, filters, counts=counts)
    return step, counted, total


def _numbered(lean: Wanted, engine: Engine, filters: tuple[Wanted, ...], *, counts: bool) -> tuple[Values, int]:
    if counts:
        counted = _counted(lean, engine, filters)
        return counted, _total(counted)
    return {}, engine.how_many(narrowed(lean, filters)) if lean != Nothing() else 0


def _counted(lean: Wanted, engine: Engine, filters: tuple[Wanted, ...]) -> Values:
    return engine.values(narrowed(lean, filters)) if lean != Nothing() else {}


def _step(strict: Step, number: int, engine: Engine) -> Step:
    """Choose what is asked: the line as it stands, mended where it found little, or so that it gives way."""
    plan = strict.plan
    if not (plan.terms or plan.phrases):
        return strict
    if may_be_mended(plan, number) and not _is_named(strict, number, engine):
        mended = query.corrected(plan)
        other = _strictly(query.read(mended), Relaxed.SPELLING) if mended is not None else strict
        found = engine.how_many(other.lean) if other.plan is not plan and other.lean != Nothing() else 0
        if found > number:
            return _filled(other, found)
    return _filled(strict, number) if number else _near(plan, engine)


def _near(plan: Plan, engine: Engine) -> Step:
    """Choose what is asked instead of a line that finds nothing."""
    how = query.how(plan)
    if how is not None:
        either = native_asking.any_of(native_asking.parts_of(how, Relaxed.SOME_WORDS)[0])
        told = Narrowed(either, (Among(Dimension.KIND, HELP),))
        if either != Nothing() and engine.how_many(members(told)):
            return Step(how, told, members(told), Relaxed.SOME_WORDS)
    meant = query.meant(plan)
    if meant is not None and engine.how_many((likely := _strictly(meant, Relaxed.MEANT)).lean):
        return likely
    services = plan.without_asides()
    if services is not None and engine.how_many((only := _strictly(services)).lean):
        return Step(plan, only.wanted, only.lean, Relaxed.SOME_WORDS)
    plan = query.widened(plan)
    for relaxed in STEPS:
        parts, least = native_asking.parts_of(plan, relaxed)
        if parts and (most := _most(parts, least, engine)) is not None:
            return Step(plan, most, members(most), relaxed)
    return Step(plan, Nothing(), Nothing())


def _is_named(step: Step, number: int, engine: Engine) -> bool:
    drawn = engine.best(step.wanted, 0, number) if number else ()
    return any(is_named(Match(place.score, 0, facts_of(place.load())), step.plan) for place in drawn)


def _filled(step: Step, number: int) -> Step:
    """Put behind few hits those that have the services asked for, or most likely meant, and not what stands beside."""
    services = services_of(step.plan) if number < PAGE_SIZE else None
    if services is None:
        return step
    ahead = Ahead(step.wanted, native_asking.any_of([step.wanted, native_asking.strict(services)]))
    return step._replace(wanted=ahead, lean=members(ahead))


def _page(
    step: Step, filters: tuple[Wanted, ...], asked: Query, part: tuple[int, int], engine: Engine
) -> Sequence[Place]:
    """Return a page. Among the first hits agencies nobody has rated yet are raised by their turn of the day."""
    start, size = part
    order, seed = _order(asked.sort, step.plan), asked.seed
    if order != "score":
        return engine.page(narrowed(step.lean, filters), order, start, size)
    wanted = Narrowed(step.wanted, filters) if filters else step.wanted
    if not seed or start >= TURNS:
        return engine.best(wanted, start, size)
    raised = [
        place._replace(score=place.score * (1 + rotation.LIFT * rotation.turn(seed, place.key)))
        if place.turns
        else place
        for place in engine.best(wanted, 0, TURNS)
    ]
    raised.sort(key=lambda place: (-place.score, -rotation.turn(seed, place.key), place.key))
    after = start + size - TURNS
    return [*raised[start : start + size], *(engine.best(wanted, TURNS, after) if after > 0 else ())]


def _most(parts: tuple[Wanted, ...], least: int, engine: Engine) -> Most | None:
    """Return the question for as many of the parts as any document has; None under the least."""
    deepest = engine.deepest([members(part) for part in parts])
    return Most(parts, deepest) if deepest >= least else None


def _order(sort: Sort, plan: Plan) -> str:
    if sort is not Sort.RELEVANCE:
        return sort.value
    return "score" if plan.terms or plan.phrases else "kind"


def _total(values: Values) -> int:
    return sum(values.get(Dimension.KIND, Counter()).values())


def _ranked(counted: Counter[str] | None) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((counted or Counter()).items(), key=lambda one: (-one[1], one[0])))
