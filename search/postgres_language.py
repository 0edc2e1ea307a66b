"""Write a tree as conditions and a rank of PostgreSQL. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import comb
from typing import Any, Final, TypeAlias

from search import analysis, native_asking
from search.native_asking import Wanted

Sql: TypeAlias = tuple[str, tuple[Any, ...]]
"""A condition and what stands in its places."""

RANKED: Final = (("exact", "A"), ("codes", "A"), ("title", "A"), ("names", "B"), ("about", "C"), ("name_grams", "D"))
"""The fields a rank is drawn from and the label of each; a text is too long to be read for every match."""
SHORT: Final = {
    "title": "t",
    "names": "n",
    "about": "a",
    "body": "b",
    "name_grams": "g",
    "text_grams": "h",
    "pinyin": "p",
    "initials": "i",
    "codes": "c",
    "exact": "e",
    "heads": "s",
}
"""The letter that stands for a field before each of its tokens."""
WEIGHTS: Final = "'{0.375, 0.375, 0.75, 1}'"
WHOLE: Final = 0.375
"""What pairs together in a name add."""
MOST: Final = 1.5
"""What alternatives that weigh the same score at the most: a document that says a thing in five ways says it once."""
FLOOR: Final = 0.05
"""What a match scores that only its text earns."""
CHOICES: Final = 80
LONGEST_CHOICES: Final = 8000
"""So many choices, and signs of them all, are asked for at once; each lexeme is looked up as often as it is written."""
_TEXT: Final = {"title": ("title", "name_grams"), "names": ("folded", "name_grams"), "text": ("folded", "text_grams")}
"""The column that is read, and the pairs that are looked up first, of what `Reads` names."""
_FIELDS: Final = dict(RANKED)
_SIGNS: Final[dict[type[Wanted], str]] = {
    native_asking.All: " & ",
    native_asking.Any: " | ",
    native_asking.Best: " | ",
}


def lexeme(field: str, token: str) -> str:
    """Write a token of a field, quoted as PostgreSQL does."""
    return f"'{SHORT[field]}" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def where(wanted: Wanted) -> Sql:
    """Write which documents lie in a set."""
    tokens = _tokens(wanted)
    if tokens is not None:
        return ("tokens @@ %s::tsquery", (tokens,)) if tokens else ("FALSE", ())
    return _CONDITIONS[type(wanted)](wanted)


def ranked(wanted: Wanted) -> str:
    """Write, as one tsquery, what a document must have any of to score more than the floor; empty for none."""
    leaves = dict.fromkeys(leaf for groups in _terms(wanted) for held in groups.values() for leaf in held)
    return " | ".join(leaves)


def ranking(wanted: Wanted) -> Sql:
    """Write what a document scores: for each term its best alternative, those that weigh the same read at once.

    PostgreSQL shares a rank among all lexemes asked for, so it is multiplied by their number.
    """
    parts, given = [str(FLOOR)], []
    for groups in _terms(wanted):
        ranks = []
        for weight, leaves in groups.items():
            single = list(dict.fromkeys(leaf for leaf in leaves if "&" not in leaf))
            joined = list(dict.fromkeys(leaf for leaf in leaves if "&" in leaf))
            ranks.append(
                f"{weight:.6f} * LEAST({MOST}, {len(single)} * ts_rank({WEIGHTS}, words, %s::tsquery)"
                f" + {WHOLE} * (words @@ %s::tsquery)::int)"
            )
            given += [" | ".join(single), " | ".join(joined)]
        if ranks:
            parts.append(f"GREATEST({', '.join(ranks)})")
    return " + ".join(parts), tuple(given)


def _terms(wanted: Wanted) -> Iterator[dict[float, list[str]]]:
    """Give the ranked tokens of each term by the weight of their alternative."""
    if isinstance(wanted, native_asking.Best):
        groups: dict[float, list[str]] = defaultdict(list)
        for part in wanted.parts:
            weight = part.weight if isinstance(part, native_asking.Weighed) else 1.0
            if leaves := list(_leaves(part)):
                groups[weight] += leaves
        yield groups
    elif leaves := list(_leaves(wanted, deep=False)):
        yield {1.0: leaves}
    else:
        for part in native_asking.inner(wanted):
            yield from _terms(part)


def _leaves(wanted: Wanted, *, deep: bool = True) -> Iterator[str]:
    """Give the ranked tokens of a node, and of those below it; pairs that must stand together are one."""
    match wanted:
        case native_asking.Holds(field, token) | native_asking.Starts(field, token) if field in _FIELDS:
            if not token.startswith(analysis.CITED):  # a number that is only cited earns no more than the floor
                yield _leaf(wanted) or ""
        case native_asking.Reads("names", text):
            yield from _together_in_names(analysis.query_grams(text))
        case native_asking.All(parts) if all(_is_pair(part) for part in parts):
            yield from _together_in_names([part.token for part in parts if isinstance(part, native_asking.Holds)])
        case _ if deep:
            for part in native_asking.inner(wanted):
                yield from _leaves(part)


def _is_pair(wanted: Wanted) -> bool:
    return isinstance(wanted, native_asking.Holds) and wanted.field == "name_grams"


def _together_in_names(pairs: Sequence[str]) -> Iterator[str]:
    if pairs:
        yield f"({' & '.join(lexeme('name_grams', pair) for pair in pairs)})"


def _leaf(wanted: Wanted) -> str | None:
    match wanted:
        case native_asking.Holds(field, token):
            return lexeme(field, token)
        case native_asking.Starts(field, prefix):
            return f"{lexeme(field, prefix)}:*"
    return None


def _tokens(wanted: Wanted) -> str | None:
    """Write a set as one tsquery; None when it asks for more than tokens, empty when it holds nothing."""
    if sign := _SIGNS.get(type(wanted)):
        return _joined(sign, native_asking.inner(wanted))
    if isinstance(wanted, (native_asking.Even, native_asking.Weighed, native_asking.Lifted)):
        return _tokens(native_asking.inner(wanted)[0])
    if isinstance(wanted, native_asking.Ahead):
        return _tokens(wanted.rest)
    if isinstance(wanted, native_asking.Most):
        return _choices(wanted)
    return "" if isinstance(wanted, native_asking.Nothing) else _leaf(wanted)


def _choices(wanted: native_asking.Most) -> str | None:
    """Write every choice of so many parts, while there are few choices; one index read tells them all."""
    written = [_tokens(part) for part in wanted.parts]
    kept = [one for one in written if one]
    if None in written or comb(len(written), wanted.least) > CHOICES:
        return None
    if comb(max(0, len(kept) - 1), wanted.least - 1) * sum(map(len, kept)) > LONGEST_CHOICES:
        return None
    choices = (f"({' & '.join(some)})" for some in combinations(kept, wanted.least))
    return " | ".join(choices)


def _joined(sign: str, parts: Sequence[Wanted]) -> str | None:
    written = [_tokens(part) for part in parts]
    if None in written:
        return None
    kept = list(dict.fromkeys(one for one in written if one))
    if not kept or (sign == " & " and "" in written):
        return ""
    return f"({sign.join(kept)})"


def _reads(wanted: native_asking.Reads) -> Sql:
    """Find the pairs first, then read the text."""
    column, field = _TEXT[wanted.field]
    condition = f"strpos({column}, %s) > 0"
    grams = analysis.query_grams(wanted.text)
    pairs = [lexeme(field, gram) for gram in grams if len(gram) > 1]
    pairs = pairs or [f"{lexeme(field, gram)}:*" for gram in grams]
    if not pairs:
        return condition, (wanted.text,)
    return f"(tokens @@ %s::tsquery AND {condition})", (" & ".join(pairs), wanted.text)


def _between(wanted: native_asking.Between) -> Sql:
    ends = [(f"{wanted.column} >= %s", wanted.low), (f"{wanted.column} < %s", wanted.high)]
    kept = [(text, end) for text, end in ends if end is not None]
    return " AND ".join([f"{wanted.column} IS NOT NULL", *(text for text, _end in kept)]), tuple(e for _t, e in kept)


def _most(wanted: native_asking.Most) -> Sql:
    """Find what may lie in enough parts, and count the parts of that alone.

    Whatever lies in enough lies in one of any but so many: those left out are the longest, which find the most.
    """
    if wanted.least <= 1:
        return where(native_asking.any_of(wanted.parts))
    if wanted.least >= len(wanted.parts):
        return where(native_asking.all_of(wanted.parts))
    written = [where(part) for part in wanted.parts]
    sizes = {
        part: sum(len(str(one)) for one in given) for part, (_text, given) in zip(wanted.parts, written, strict=True)
    }
    few = sorted(wanted.parts, key=sizes.__getitem__)[: len(wanted.parts) - wanted.least + 1]
    either = where(native_asking.any_of(few))
    counted = " + ".join(f"({text})::int" for text, _values in written)
    given = tuple(one for _text, values in written for one in values)
    return f"(({either[0]}) AND {counted} >= {wanted.least})", (*either[1], *given)


def _together(word: str, parts: Sequence[Wanted]) -> Sql:
    written = [where(part) for part in parts]
    text = f" {word} ".join(f"({text})" for text, _given in written) or ("TRUE" if word == "AND" else "FALSE")
    return f"({text})", tuple(one for _text, given in written for one in given)


_CONDITIONS: Final[dict[type[Wanted], Callable[[Any], Sql]]] = {
    native_asking.Everything: lambda _one: ("TRUE", ()),
    native_asking.Reads: _reads,
    native_asking.Among: lambda one: ("facets && %s", ([f"{one.dimension.value}={value}" for value in one.values],)),
    native_asking.Between: _between,
    native_asking.Most: _most,
    native_asking.All: lambda one: _together("AND", one.parts),
    native_asking.Any: lambda one: _together("OR", one.parts),
    native_asking.Best: lambda one: _together("OR", one.parts),
    native_asking.Even: lambda one: where(one.part),
    native_asking.Weighed: lambda one: where(one.part),
    native_asking.Lifted: lambda one: where(one.needed),
    native_asking.Narrowed: lambda one: _together("AND", (one.part, *one.filters)),
    native_asking.Ahead: lambda one: where(one.rest),
}
