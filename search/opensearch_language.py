"""Write a tree as OpenSearch's query. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from search import native_asking
from search.native_asking import Wanted
from search.native_rows import READS, wanted_pieces

Clause: TypeAlias = dict[str, Any]

RARITY: Final = 5.0
"""What a set's rarity is taken for where the server doesn't weigh it: that of one document in a hundred and fifty."""


def query_of(wanted: Wanted) -> Clause:
    """Write a tree."""
    return _CLAUSES[type(wanted)](wanted)


def _reads(wanted: native_asking.Reads) -> Clause:
    field, tokens = READS[wanted.field], wanted_pieces(wanted.text)
    if len(wanted.text) == 1:
        return {"prefix": {field: {"value": tokens[0]}}}
    return {"match_phrase": {field: {"query": " ".join(tokens)}}}


def _among(wanted: native_asking.Among) -> Clause:
    return {"terms": {"facets": [f"{wanted.dimension.value}={value}" for value in wanted.values]}}


def _between(wanted: native_asking.Between) -> Clause:
    ends = {"gte": wanted.low, "lt": wanted.high}
    kept = {name: end for name, end in ends.items() if end is not None}
    return {"range": {wanted.column: kept}} if kept else {"exists": {"field": wanted.column}}


def _even(wanted: native_asking.Even) -> Clause:
    return {"constant_score": {"filter": query_of(wanted.part), "boost": wanted.boost * RARITY}}


def _weighed(wanted: native_asking.Weighed) -> Clause:
    return {"bool": {"must": [query_of(wanted.part)], "boost": wanted.weight}}


def _lifted(wanted: native_asking.Lifted) -> Clause:
    return {"bool": {"must": [query_of(wanted.needed)], "should": _all(wanted.lifts), "minimum_should_match": 0}}


def _ahead(wanted: native_asking.Ahead) -> Clause:
    behind = native_asking.Weighed(wanted.rest, native_asking.BEHIND)
    return _lifted(native_asking.Lifted(behind, (wanted.first,)))


def _narrowed(wanted: native_asking.Narrowed) -> Clause:
    return {"bool": {"must": [query_of(wanted.part)], "filter": _all(wanted.filters)}}


def _some(parts: Sequence[Wanted], least: int) -> Clause:
    return {"bool": {"should": _all(parts), "minimum_should_match": least}}


def _all(parts: Sequence[Wanted]) -> list[Clause]:
    return [query_of(part) for part in parts]


_CLAUSES: Final[dict[type[Wanted], Callable[[Any], Clause]]] = {
    native_asking.Everything: lambda _one: {"match_all": {}},
    native_asking.Nothing: lambda _one: {"match_none": {}},
    native_asking.Holds: lambda one: {"term": {one.field: {"value": one.token}}},
    native_asking.Starts: lambda one: {"prefix": {one.field: {"value": one.prefix}}},
    native_asking.Reads: _reads,
    native_asking.Among: _among,
    native_asking.Between: _between,
    native_asking.All: lambda one: {"bool": {"must": _all(one.parts)}},
    native_asking.Any: lambda one: _some(one.parts, 1),
    native_asking.Best: lambda one: {"dis_max": {"queries": _all(one.parts)}},
    native_asking.Most: lambda one: _some(one.parts, one.least),
    native_asking.Even: _even,
    native_asking.Weighed: _weighed,
    native_asking.Lifted: _lifted,
    native_asking.Narrowed: _narrowed,
    native_asking.Ahead: _ahead,
}
