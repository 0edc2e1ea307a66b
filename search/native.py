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
from functools import partial
from typing import Final, NamedTuple, Protocol, TypeAlias

from core.errors import DomainError, Unavailable
from search import analysis, native_asking, query, rotation
from search.answering import FEW, MOST_SIZE, STEPS, hit_of, is_named
from search.backend import MOST_PAGES, PAGE_SIZE, Dimension, Query, Relaxed, Results, Sort, Suggestion
from search.documents import Document, Kind, loads
from search.faceting import COUNTED, Match, facts_of
from search.native_asking import Ahead, Most, Narrowed, Nothing, Wanted
from search.plan import Plan

log = logging.getLogger(__name__)

MOST_PREFIX: Final = 40
TURNS: Final = 3 * PAGE_SIZE
"""So many of the best hits take turns; an engine that sorts by itself knows no day."""
Values: TypeAlias = Mapping[Dimension, Counter[str]]
Facets: TypeAlias = dict[Dimension, tuple[tuple[str, int], ...]]


class Step(NamedTuple):
    """One way of asking: the tree, the plan it answers, and what gave way."""

    wanted: Wanted
    plan: Plan
    relaxed: Relaxed


class Place(NamedTuple):
    """A document found and not yet read. turns: it is an agency nobody has rated yet."""

    score: float
    key: str
    turns: bool
    load: Callable[[], Document]


class Engine(Protocol):
    """What an engine must do with a tree."""

    def how_many(self, wanted: Wanted) -> int:
        """Return how many documents there are in a set."""

    def values(self, wanted: Wanted) -> Values:
        """Count the values of every dimension over a set; each document has exactly one kind."""

    def page(self, wanted: Wanted, order: str, start: int, size: int) -> Sequence[Place]:
        """Return a piece of a set in an order: `score`, or one of `native_rows.ORDERS`."""


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


def find(asked: Query, engine: Engine) -> tuple[Results, Plan, Sequence[Place]]:
    """Find what answers a question, with counts where they are wanted; the plan it answers, and the hits unread.

    Raises Invalid when the line breaks a limit.
    """
    plan = query.read(asked.text)
    tests = native_asking.tests(asked.kind, asked.filters, plan.conditions)
    filters = tuple(wanted for _dimension, wanted in tests)
    step, counted, total = _found(plan, engine, filters, counts=asked.counted)
    facets: Facets = {one: _ranked(counted.get(one)) for one in COUNTED} if asked.counted else {}
    offers = []
    for at, (dimension, _wanted) in enumerate(tests if asked.counted else ()):
        freed = _counted(step.wanted, engine, (*filters[:at], *filters[at + 1 :]))
        offers.append((dimension, _total(freed)))
        if dimension in facets:
            facets[dimension] = _ranked(freed.get(dimension))
    size = max(1, min(asked.size, MOST_SIZE))
    start = (max(1, min(asked.page, MOST_PAGES)) - 1) * size
    wanted, order = Narrowed(step.wanted, filters), _order(asked.sort, plan)
    page = _page(wanted, order, (start, size), asked.seed, engine) if start < total else ()
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
    hits = tuple(hit_of(place.score, place.load(), plan) for place in page)
    return replace(results, hits=hits, took_ms=(time.perf_counter() - started) * 1000)


def suggest(prefix: str, limit: int, engine: Engine) -> tuple[Suggestion, ...]:
    """Return things whose name, or its pinyin, goes on as was typed; those whose name begins so come first."""
    typed = prefix.strip()[:MOST_PREFIX]
    wanted = native_asking.names(typed) if analysis.whole(typed) else Nothing()
    if wanted == Nothing():
        return ()
    first = native_asking.all_of([wanted, native_asking.begun(typed)])
    found = list(engine.page(first, "names", 0, limit))
    if len(found) < limit:
        known = {place.key for place in found}
        found += [place for place in engine.page(wanted, "names", 0, 2 * limit) if place.key not in known]
    drawn = (place.load() for place in found[:limit])
    return tuple(Suggestion(one.kind, one.id, one.title, one.url) for one in drawn)


def place_of(score: float, document: Document) -> Place:
    """Return the place of a document that is read already."""
    return Place(score, document.key, document.kind is Kind.AGENCY and document.rating is None, lambda: document)


def unread(score: float, key: str, turns: bool, packed: str) -> Place:  # noqa: FBT001 - a row's column
    """Return the place of a document that came packed with its key."""
    return Place(score, key, turns, partial(loads, packed))


def _found(plan: Plan, engine: Engine, filters: tuple[Wanted, ...], *, counts: bool) -> tuple[Step, Values, int]:
    """Return the strictest way of asking that finds anything before the filters, and what is counted after them.

    counts: whether the values are wanted, or the number alone.
    """
    strict = native_asking.strict(plan)
    counted, total = _numbered(strict, engine, filters, counts=counts)
    number = engine.how_many(strict) if filters and total < PAGE_SIZE and strict != Nothing() else total
    step = _step(plan, strict, number, engine)
    if step.wanted is not strict:
        counted, total = _numbered(step.wanted, engine, filters, counts=counts)
    return step, counted, total


def _numbered(wanted: Wanted, engine: Engine, filters: tuple[Wanted, ...], *, counts: bool) -> tuple[Values, int]:
    if counts:
        counted = _counted(wanted, engine, filters)
        return counted, _total(counted)
    return {}, engine.how_many(Narrowed(wanted, filters)) if wanted != Nothing() else 0


def _counted(wanted: Wanted, engine: Engine, filters: tuple[Wanted, ...]) -> Values:
    return engine.values(Narrowed(wanted, filters)) if wanted != Nothing() else {}


def _step(plan: Plan, strict: Wanted, number: int, engine: Engine) -> Step:
    """Choose what is asked: the line as it stands, mended where it found little, or so that it gives way."""
    if not (plan.terms or plan.phrases):
        return Step(strict, plan, Relaxed.NOTHING)
    if number < FEW and not _is_named(plan, strict, number, engine):
        mended = query.corrected(plan)
        other = query.read(mended) if mended is not None else plan
        better = native_asking.strict(other)
        found = engine.how_many(better) if other is not plan and better != Nothing() else 0
        if found > number:
            return Step(_filled(better, found, other), other, Relaxed.SPELLING)
    if number:
        return Step(_filled(strict, number, plan), plan, Relaxed.NOTHING)
    services = plan.without_asides()
    if services is not None and engine.how_many(native_asking.strict(services)):
        return Step(native_asking.strict(services), plan, Relaxed.SOME_WORDS)
    for relaxed in STEPS:
        parts, least = native_asking.parts_of(plan, relaxed)
        if parts and (most := _most(parts, least, engine)) is not None:
            return Step(most, plan, relaxed)
    return Step(Nothing(), plan, Relaxed.NOTHING)


def _is_named(plan: Plan, strict: Wanted, number: int, engine: Engine) -> bool:
    drawn = engine.page(strict, "score", 0, number) if number else ()
    return any(is_named(Match(place.score, 0, facts_of(place.load())), plan) for place in drawn)


def _filled(wanted: Wanted, number: int, plan: Plan) -> Wanted:
    """Put behind few hits those that have the services asked for and not what stands beside these."""
    services = plan.without_asides() if number < PAGE_SIZE else None
    return wanted if services is None else Ahead(wanted, native_asking.strict(services))


def _page(wanted: Wanted, order: str, part: tuple[int, int], seed: str, engine: Engine) -> Sequence[Place]:
    """Return a page. Among the first hits agencies nobody has rated yet are raised by their turn of the day."""
    start, size = part
    if order != "score" or not seed or start >= TURNS:
        return engine.page(wanted, order, start, size)
    raised = [
        place._replace(score=place.score * (1 + rotation.LIFT * rotation.turn(seed, place.key)))
        if place.turns
        else place
        for place in engine.page(wanted, order, 0, TURNS)
    ]
    raised.sort(key=lambda place: (-place.score, -rotation.turn(seed, place.key), place.key))
    after = start + size - TURNS
    return [*raised[start : start + size], *(engine.page(wanted, order, TURNS, after) if after > 0 else ())]


def _most(parts: tuple[Wanted, ...], least: int, engine: Engine) -> Most | None:
    """Return the question for as many of the parts as any document has, found by halving; None under the least."""
    low, high, best = least, len(parts), None
    while low <= high:
        middle = (low + high) // 2
        tried = Most(parts, middle)
        if engine.how_many(tried):
            best, low = tried, middle + 1
        else:
            high = middle - 1
    return best


def _order(sort: Sort, plan: Plan) -> str:
    if sort is not Sort.RELEVANCE:
        return sort.value
    return "score" if plan.terms or plan.phrases else "kind"


def _total(values: Values) -> int:
    return sum(values.get(Dimension.KIND, Counter()).values())


def _ranked(counted: Counter[str] | None) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((counted or Counter()).items(), key=lambda one: (-one[1], one[0])))
