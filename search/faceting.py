"""Filter, count and sort what matched a text: the part of an answer no engine does for us. Pure.

One pass over the matches: a document that fails no filter is a hit; one that fails a single dimension still counts in
that dimension's facet, so that a reader sees what ticking another value would bring.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias

from search import rotation
from search.backend import Dimension, Filters, Query, Sort
from search.documents import GENERAL, Document, Kind
from search.folding import fold
from search.plan import Conditions, PriceBand

PRICE_BANDS: Final[tuple[PriceBand, ...]] = (
    (None, 1_000_000),
    (1_000_000, 3_000_000),
    (3_000_000, 10_000_000),
    (10_000_000, 50_000_000),
    (50_000_000, None),
)
SHARES: Final = (0.95, 0.9, 0.8)
RATINGS: Final = (0.9, 0.8, 0.7)
LONGEST_FEN: Final = 16
LATEST: Final = 1 << 62
_KINDS: Final = [kind.value for kind in Kind]


class Facts(NamedTuple):
    """What filters, facets and orders ask of a document. Times are seconds since 1970, -1 when there is none."""

    key: str
    kind: str
    title: str
    town: str
    items: Sequence[str]
    stages: Sequence[str]
    grade: str
    state: str
    price: int | None
    on_time: float | None
    rating: float | None
    published: int
    closes: int
    boost: float


class Match(NamedTuple):
    """A document that has the words: its score and facts; place is the engine's own number for it."""

    score: float
    place: int
    facts: Facts


Test: TypeAlias = Callable[[Facts], bool]
Freed: TypeAlias = dict[Dimension, list[Match]]


@dataclass(frozen=True)
class Counted:
    """What one pass found: the hits in no order, facets, and what each filter takes away."""

    hits: list[Match]
    facets: Mapping[Dimension, tuple[tuple[str, int], ...]]
    offers: tuple[tuple[Dimension, int], ...]


def facts_of(document: Document) -> Facts:
    """Draw the facts from a document."""
    return Facts(
        key=document.key,
        kind=document.kind.value,
        title=fold(document.title),
        town=document.town_code,
        items=tuple(dict.fromkeys(document.item_codes)),
        stages=tuple(dict.fromkeys(document.stages)),
        grade=document.grade,
        state=document.state,
        price=document.price_fen,
        on_time=document.on_time,
        rating=document.rating,
        published=int(document.published_at.timestamp()) if document.published_at else -1,
        closes=int(document.closes_at.timestamp()) if document.closes_at else -1,
        boost=document.boost,
    )


def values_of(facts: Facts) -> dict[Dimension, tuple[str, ...]]:
    """Return what a document counts under, by dimension."""
    return {dimension: tuple(values(facts)) for dimension, values in _VALUES.items()}


def pack(facts: Facts) -> bytes:
    """Write facts as bytes for a column."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()


def unpack(packed: bytes) -> Facts:
    """Read what pack wrote."""
    return Facts(*json.loads(packed))


def count(matches: Iterable[Match], query: Query, conditions: Conditions) -> Counted:
    """Filter the matches and count every dimension in one pass."""
    tests = _tests(query.kind, query.filters, conditions)
    hits, freed = _sieve(matches, tests)
    if not query.counted:
        return Counted(hits, {}, ())
    facets = {}
    for dimension, values in _VALUES.items():
        counted = Counter(value for match in (*hits, *freed.get(dimension, ())) for value in values(match.facts))
        facets[dimension] = tuple(sorted(counted.items(), key=_by_count))
    offers = tuple((dimension, len(hits) + len(freed[dimension])) for dimension, _test in tests)
    return Counted(hits, facets, offers)


def _sieve(matches: Iterable[Match], tests: Sequence[tuple[Dimension, Test]]) -> tuple[list[Match], Freed]:
    """Part the matches that pass every test from those that fail a single one, kept under its dimension."""
    freed: Freed = {dimension: [] for dimension, _test in tests}
    if not tests:
        return list(matches), freed
    hits: list[Match] = []
    for match in matches:
        failed = [dimension for dimension, test in tests if not test(match.facts)]
        if not failed:
            hits.append(match)
        elif len(failed) == 1:
            freed[failed[0]].append(match)
    return hits, freed


def ordered(hits: list[Match], sort: Sort, *, searched: bool = True, seed: str = "") -> list[Match]:
    """Put hits in order; equal ones by score, then by their turn of the day, then by key.

    searched: whether words were searched at all; without them the best order is by kind, as the tabs stand.
    """
    by = _ORDERS[sort] if searched or sort is not Sort.RELEVANCE else _by_kind

    def rank(match: Match) -> tuple[tuple[float, ...], float]:
        return by(match.facts), -match.score

    def turn(match: Match) -> tuple[float, str]:
        return -rotation.turn(seed, match.facts.key) if seed else 0.0, match.facts.key

    found: list[Match] = []
    for _rank, group in groupby(sorted(hits, key=rank), key=rank):
        same = list(group)
        found += sorted(same, key=turn) if len(same) > 1 else same
    return found


def passes(facts: Facts, conditions: Conditions) -> bool:
    """Tell whether a document fits what the chips demand."""
    if conditions.kinds and facts.kind not in conditions.kinds:
        return False
    if conditions.stages and not set(conditions.stages) & set(facts.stages):
        return False
    if conditions.states and facts.state not in conditions.states:
        return False
    return (conditions.general and facts.kind in GENERAL) or _lies_within(facts, conditions)


def _lies_within(facts: Facts, conditions: Conditions) -> bool:
    towns, prices, days = conditions.towns, conditions.prices, conditions.days
    if towns and not any(facts.town == code or stem in facts.title for code, stem in towns):
        return False
    if prices and not _in_bands(facts.price, prices):
        return False
    if days and not any(start.timestamp() <= facts.published < end.timestamp() for start, end in days):
        return False
    return conditions.on_time is None or _at_least(facts.on_time, conditions.on_time)


def band_value(band: PriceBand) -> str:
    """Write a price band as it stands in an address: `from-to` in fen, an open end empty."""
    return f"{'' if band[0] is None else band[0]}-{'' if band[1] is None else band[1]}"


def read_band(value: str) -> PriceBand | None:
    """Read what band_value wrote; None when it is no band."""
    low, dash, high = value.partition("-")
    if not dash or not all(
        part == "" or (part.isascii() and part.isdigit() and len(part) <= LONGEST_FEN) for part in (low, high)
    ):
        return None
    return (int(low) if low else None, int(high) if high else None)


def _tests(kind: Kind | None, filters: Filters, conditions: Conditions) -> list[tuple[Dimension, Test]]:
    """Return the tests in force, one a dimension."""
    found: list[tuple[Dimension, Test]] = []
    if kind is not None:
        found.append((Dimension.KIND, lambda facts: facts.kind == kind))
    if filters.towns:
        found.append((Dimension.TOWN, lambda facts: facts.town in filters.towns))
    if filters.items:
        found.append((Dimension.ITEM, lambda facts: not frozenset(filters.items).isdisjoint(facts.items)))
    if filters.stages:
        found.append((Dimension.STAGE, lambda facts: not frozenset(filters.stages).isdisjoint(facts.stages)))
    if filters.grades:
        found.append((Dimension.GRADE, lambda facts: facts.grade in filters.grades))
    if filters.states:
        found.append((Dimension.STATE, lambda facts: facts.state in filters.states))
    return found + _range_tests(filters, conditions)


def _range_tests(filters: Filters, conditions: Conditions) -> list[tuple[Dimension, Test]]:
    found: list[tuple[Dimension, Test]] = []
    if filters.prices:
        found.append((Dimension.PRICE, lambda facts: _in_bands(facts.price, filters.prices)))
    if (least := filters.on_time) is not None:
        found.append((Dimension.ON_TIME, lambda facts: _at_least(facts.on_time, least)))
    if (lowest := filters.rating) is not None:
        found.append((Dimension.RATING, lambda facts: _at_least(facts.rating, lowest)))
    if conditions != Conditions():
        found.append((Dimension.CHIPS, lambda facts: passes(facts, conditions)))
    return found


def _in_bands(price: int | None, bands: Sequence[PriceBand]) -> bool:
    return price is not None and any(
        (low is None or price >= low) and (high is None or price < high) for low, high in bands
    )


def _at_least(share: float | None, least: float) -> bool:
    return share is not None and share >= least


def _by_kind(facts: Facts) -> tuple[float, ...]:
    return (_KINDS.index(facts.kind),)


def _by_count(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]


_BAND_STARTS: Final = [low for low, _high in PRICE_BANDS if low is not None]
_BAND_VALUES: Final = [band_value(band) for band in PRICE_BANDS]
_VALUES: Final[Mapping[Dimension, Callable[[Facts], Iterable[str]]]] = {
    Dimension.KIND: lambda facts: (facts.kind,),
    Dimension.TOWN: lambda facts: (facts.town,) if facts.town else (),
    Dimension.ITEM: lambda facts: facts.items,
    Dimension.STAGE: lambda facts: facts.stages,
    Dimension.GRADE: lambda facts: (facts.grade,) if facts.grade else (),
    Dimension.STATE: lambda facts: (facts.state,) if facts.state else (),
    Dimension.PRICE: lambda facts: (
        () if facts.price is None else (_BAND_VALUES[bisect_right(_BAND_STARTS, facts.price)],)
    ),
    Dimension.ON_TIME: lambda facts: (str(share) for share in SHARES if _at_least(facts.on_time, share)),
    Dimension.RATING: lambda facts: (str(share) for share in RATINGS if _at_least(facts.rating, share)),
}

COUNTED: Final = tuple(_VALUES)
"""The dimensions that are counted; what chips demand is only filtered by."""

_ORDERS: Final[Mapping[Sort, Callable[[Facts], tuple[float, ...]]]] = {
    Sort.RELEVANCE: lambda _facts: (),
    Sort.NEWEST: lambda facts: (-facts.published,),
    Sort.CLOSING: lambda facts: (facts.state != "open", facts.closes if facts.closes >= 0 else LATEST),
    Sort.PRICE: lambda facts: (facts.price is None, facts.price or 0),
    Sort.ON_TIME: lambda facts: (facts.on_time is None, -(facts.on_time or 0)),
    Sort.RATING: lambda facts: (facts.rating is None, -(facts.rating or 0)),
}
