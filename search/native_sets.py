"""Say which documents a tree finds, without what they score: a lean tree, for counts and orders by a number. Pure.

A score looks at every field a word may stand in; which documents have it is told by its pairs alone, since a word of a
title is a run of pairs of the names, and one of a text a run of pairs of the texts. Fewer postings are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from search import analysis, native_asking
from search.folding import HAN
from search.native_asking import All, Any, Best, Holds, Most, Narrowed, Wanted

_PAIRED: Final = re.compile(rf"[{HAN}]+|[0-9]+")
_PAIRS_OF: Final = {"title": "name_grams", "names": "name_grams", "about": "text_grams", "body": "text_grams"}


def members(wanted: Wanted) -> Wanted:
    """Return a tree that finds the same documents with as few parts as may be."""
    match wanted:
        case native_asking.Even(part) | native_asking.Weighed(part):
            found = members(part)
        case native_asking.Lifted(part) | native_asking.Ahead(_, part):
            found = members(part)
        case Narrowed(part, filters):
            found = narrowed(members(part), [members(one) for one in filters])
        case All(parts):
            found = narrowed(native_asking.Everything(), [members(one) for one in parts])
        case Any(parts) | Best(parts):
            found = native_asking.any_of(_fewest(parts))
        case Most(parts, least):
            found = Most(tuple(members(one) for one in parts), least)
        case _:
            found = wanted
    return found


def narrowed(wanted: Wanted, filters: Iterable[Wanted]) -> Wanted:
    """Return what lies in a set and in all others, those joined so already laid open."""
    laid = [one for part in (wanted, *filters) for one in (part.parts if isinstance(part, All) else (part,))]
    kept = [one for one in laid if one != native_asking.Everything()]
    return native_asking.all_of(list(dict.fromkeys(kept))) if kept else native_asking.Everything()


def _fewest(parts: Iterable[Wanted]) -> list[Wanted]:
    """Lay open what is joined by "or", and leave out what lies in another part whole."""
    laid: dict[Wanted, None] = {}
    for part in parts:
        plain = members(part)
        laid.update(dict.fromkeys(plain.parts if isinstance(plain, Any) else (plain,)))
    demands = {one: _demanded(one) for one in laid}
    alone = {(one.field, one.token) for one in laid if isinstance(one, Holds)}
    kept = [
        (one, asked)
        for one, asked in demands.items()
        if asked is None or not any(token in alone for token in asked if token != _own(one))
    ]
    return [
        one
        for one, asked in kept
        if asked is None or not any(other is not None and other < asked for _other, other in kept)
    ]


Token: TypeAlias = tuple[str, str]


def _own(wanted: Wanted) -> Token | None:
    return (wanted.field, wanted.token) if isinstance(wanted, Holds) else None


def _demanded(wanted: Wanted) -> frozenset[Token] | None:
    """Return the tokens that every document of a set has; None when the set asks for more than tokens.

    A word of a field has the word's pairs in the field of pairs, and itself.
    """
    if isinstance(wanted, Holds):
        return _behind(wanted.field, wanted.token)
    if isinstance(wanted, All) and all(isinstance(part, Holds) for part in wanted.parts):
        return frozenset(token for part in wanted.parts for token in _demanded(part) or ())
    return None


@lru_cache(maxsize=4096)
def _behind(field: str, token: str) -> frozenset[Token]:
    own, pairs = (field, token), _PAIRS_OF.get(field)
    if pairs is None or len(token) == 1 or not _PAIRED.fullmatch(token):
        return frozenset({own})
    return frozenset({own, *((pairs, gram) for gram in analysis.query_grams(token))})
