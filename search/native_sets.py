"""Say which documents a tree finds, without what they score: for counts, facets and orders by a number. Pure.

A score looks at every field a word may stand in; which documents have it is told by its pairs alone, since a word of a
title is a run of pairs of the names, and one of a text a run of pairs of the texts. Fewer postings are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

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
            found = _all([members(one) for one in (part, *filters)])
        case All(parts):
            found = _all([members(one) for one in parts])
        case Any(parts) | Best(parts):
            found = native_asking.any_of(_fewest(parts))
        case Most(parts, least):
            found = Most(tuple(members(one) for one in parts), least)
        case _:
            found = wanted
    return found


def _all(parts: Sequence[Wanted]) -> Wanted:
    """Join parts by "and", those joined so already laid open."""
    kept = [one for part in parts for one in (part.parts if isinstance(part, All) else (part,))]
    kept = [one for one in kept if one != native_asking.Everything()] or kept[:1]
    return native_asking.all_of(list(dict.fromkeys(kept)))


def _fewest(parts: Iterable[Wanted]) -> list[Wanted]:
    """Lay open what is joined by "or", and leave out what lies in another part whole."""
    laid: dict[Wanted, None] = {}
    for part in parts:
        plain = members(part)
        laid.update(dict.fromkeys(plain.parts if isinstance(plain, Any) else (plain,)))
    demands = {one: _demanded(one) for one in laid}
    return [one for one, asked in demands.items() if not any(other < asked for other in demands.values() if other)]


def _demanded(wanted: Wanted) -> frozenset[Wanted]:
    """Return the tokens that every document of a set has, as far as a set is told by them; else the set itself.

    A word of a field has the word's pairs in the field of pairs, and itself.
    """
    if isinstance(wanted, Holds):
        return _behind(wanted) | {wanted}
    if isinstance(wanted, All):
        return frozenset(one for part in wanted.parts for one in _demanded(part))
    return frozenset({wanted})


def _behind(word: Holds) -> frozenset[Wanted]:
    field = _PAIRS_OF.get(word.field)
    if field is None or not _PAIRED.fullmatch(word.token):
        return frozenset()
    pairs = analysis.query_grams(word.token)
    if len(word.token) == 1:
        return frozenset({native_asking.Starts(field, word.token)})
    return frozenset(Holds(field, pair) for pair in pairs)
