"""Say what a plan asks for as a tree, for engines that join, count and sort by themselves. Pure.

`matching` joins postings in our own process; at a million documents that is too many numbers to carry. An engine with
set algebra of its own gets this tree instead and writes it in its own query language. Fields, boosts and the meaning
of a match are matching's: both find the same documents, the conformance suite holds them to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from search import analysis
from search.analysis import CITED
from search.backend import Dimension, Filters, Relaxed
from search.documents import GENERAL, Kind
from search.folding import fold, is_han
from search.matching import (
    CODE,
    CODE_CITED,
    EXACT,
    GRAM_FIELDS,
    LONGEST_STEM,
    SHORTEST_SOUND,
    SOUND,
    WORD_FIELDS,
    lone_characters,
)
from search.native_rows import BEGIN, HEAD, HEADS, head
from search.plan import Conditions, Plan, PriceBand, Term
from search.vocabulary import Alternative, Via

MOST_PAIRS: Final = 8
"""A line that nothing answers is compared by so many of its pairs at the most."""
LEAST_SHARE: Final = 0.35
BEHIND: Final = 0.01
"""What the score of those behind is multiplied by."""


@dataclass(frozen=True)
class Wanted:
    """A node of the tree: a set of documents, and what each of them scores."""


@dataclass(frozen=True)
class Everything(Wanted):
    """All documents."""


@dataclass(frozen=True)
class Nothing(Wanted):
    """No document."""


@dataclass(frozen=True)
class Holds(Wanted):
    """Documents with a token in a field, by the engine's own text score."""

    field: str
    token: str


@dataclass(frozen=True)
class Starts(Wanted):
    """Documents with a token of a field that begins so."""

    field: str
    prefix: str


@dataclass(frozen=True)
class Reads(Wanted):
    """Documents whose folded text has these characters one after the other. field: title, names or text."""

    field: str
    text: str


@dataclass(frozen=True)
class Among(Wanted):
    """Documents that count under one of the values of a dimension."""

    dimension: Dimension
    values: tuple[str, ...]


@dataclass(frozen=True)
class Between(Wanted):
    """Documents with a number from `low` up to and without `high`; an open end is None, no number never fits."""

    column: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class All(Wanted):
    """What lies in all parts, scores added."""

    parts: tuple[Wanted, ...]


@dataclass(frozen=True)
class Any(Wanted):
    """What lies in any part, scores added."""

    parts: tuple[Wanted, ...]


@dataclass(frozen=True)
class Best(Wanted):
    """What lies in any part, by its best score."""

    parts: tuple[Wanted, ...]


@dataclass(frozen=True)
class Most(Wanted):
    """What lies in at least so many parts, scores added."""

    parts: tuple[Wanted, ...]
    least: int


@dataclass(frozen=True)
class Even(Wanted):
    """A part whose documents all score the same, the higher the fewer they are."""

    part: Wanted
    boost: float


@dataclass(frozen=True)
class Weighed(Wanted):
    """A part with its scores multiplied."""

    part: Wanted
    weight: float


@dataclass(frozen=True)
class Lifted(Wanted):
    """What lies in the needed part; the others only add to its score."""

    needed: Wanted
    lifts: tuple[Wanted, ...]


@dataclass(frozen=True)
class Ahead(Wanted):
    """What lies in the rest, those that lie in the first before the others; the first lies in the rest whole."""

    first: Wanted
    rest: Wanted


@dataclass(frozen=True)
class Narrowed(Wanted):
    """What lies in a part and passes every filter, by the part's score."""

    part: Wanted
    filters: tuple[Wanted, ...]


def strict(plan: Plan) -> Wanted:
    """Every phrase and every required term; the others, and the line unbroken, only lift."""
    if not plan.terms and not plan.phrases:
        return Everything()
    needed = [*map(read, plan.phrases), *map(_term, plan.required)]
    beside = [term for term in plan.terms if not term.required]
    wanted = [_term(term) for term in beside]
    lifts = [_exact(plan.text)]
    if len(plan.required) > 1:
        lifts += _grams(plan.text)
    found = all_of(needed) if needed else any_of(wanted)
    if needed:
        lifts += [Weighed(one, term.share) for one, term in zip(wanted, beside, strict=True) if one != Nothing()]
    lifts = [one for one in lifts if one != Nothing()]
    return Lifted(found, tuple(lifts)) if lifts and found != Nothing() else found


def parts_of(plan: Plan, relaxed: Relaxed) -> tuple[tuple[Wanted, ...], int]:
    """Return the parts of a question that gives way, and how many of them a document must have at the least."""
    texts = plan.likenesses
    if relaxed is Relaxed.SOME_WORDS:
        found = [*map(_apart, plan.phrases), *map(_term, plan.terms)]
        least = 1
    elif relaxed is Relaxed.SIMILAR:
        found = list(dict.fromkeys(one for text in texts for one in _similar(text)))[:MOST_PAIRS]
        least = 1 if any(map(lone_characters, texts)) else max(1, -int(-len(found) * LEAST_SHARE // 1))
    else:
        spelled = (analysis.pinyin_of(text) for text in texts)
        found = [Even(Starts("pinyin", sound), SOUND) for sound in spelled if len(sound) > SHORTEST_SOUND]
        least = 1
    return tuple(one for one in found if one != Nothing()), least


def names(prefix: str) -> Wanted:
    """Documents whose names hold what was typed so far: anywhere in Chinese, at a beginning in Latin."""
    folded = fold(prefix)
    plain = analysis.whole(folded)
    if plain.isascii() and any(char.isdigit() for char in plain):
        return Starts("codes", plain)
    found: list[Wanted] = [_pair("name_grams", gram) for gram in analysis.query_grams(folded)]
    found += [
        any_of(Starts(name, word) for name in ("title", "names", "pinyin", "initials")) for word in _latin(folded)
    ]
    return all_of(found)


def first_names(prefix: str) -> Wanted:
    """Those of the documents of `names` whose title, or its pinyin, begins with what was typed so far."""
    found = _begun(prefix)
    return found if all(map(is_han, fold(prefix))) else all_of([names(prefix), found])


def _begun(prefix: str) -> Wanted:
    folded = fold(prefix)
    plain = analysis.whole(folded) if folded.isascii() else folded
    first = Holds(HEADS, head(plain))
    if len(plain) <= HEAD:
        return first
    if not folded.isascii():
        return all_of([first, Reads("title", f"{BEGIN}{folded}")])
    sounds = (Starts(name, f"{BEGIN}{plain}") for name in ("pinyin", "initials"))
    return any_of([Starts("exact", plain), *sounds])


def tests(kind: Kind | None, filters: Filters, conditions: Conditions) -> list[tuple[Dimension, Wanted]]:
    """Return the filters in force, one a dimension."""
    ticked = (
        (Dimension.KIND, (str(kind),) if kind is not None else ()),
        (Dimension.TOWN, filters.towns),
        (Dimension.ITEM, filters.items),
        (Dimension.STAGE, filters.stages),
        (Dimension.GRADE, filters.grades),
        (Dimension.STATE, filters.states),
    )
    found: list[tuple[Dimension, Wanted]] = [(one, Among(one, values)) for one, values in ticked if values]
    if filters.prices:
        found.append((Dimension.PRICE, any_of(_bands(filters.prices))))
    if filters.on_time is not None:
        found.append((Dimension.ON_TIME, Between("on_time", filters.on_time, None)))
    if filters.rating is not None:
        found.append((Dimension.RATING, Between("rating", filters.rating, None)))
    if conditions != Conditions():
        found.append((Dimension.CHIPS, all_of(list(_chips(conditions)))))
    return found


def any_of(parts: Iterable[Wanted]) -> Wanted:
    """Join parts by "or", leaving out what finds nothing."""
    kept = tuple(part for part in parts if part != Nothing())
    return kept[0] if len(kept) == 1 else Any(kept) if kept else Nothing()


def all_of(parts: Sequence[Wanted]) -> Wanted:
    """Join parts by "and"; nothing of none, and nothing where one finds nothing."""
    if not parts or Nothing() in parts:
        return Nothing()
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def inner(wanted: Wanted) -> tuple[Wanted, ...]:
    """Return the parts a node's score is made of; none for a leaf."""
    if isinstance(wanted, Lifted):
        return (wanted.needed, *wanted.lifts)
    if isinstance(wanted, (Even, Weighed, Narrowed)):
        return (wanted.part,)
    return wanted.parts if isinstance(wanted, (All, Any, Best, Most)) else ()


def read(phrase: str) -> Wanted:
    """Documents that have a phrase as it was typed, in their names or in their text; its Latin words whole."""
    folded, boosts = fold(phrase), GRAM_FIELDS.values()
    latin = _latin_words(phrase)
    if not latin and not analysis.query_grams(phrase):
        return Nothing()
    found = any_of(Even(Reads(name, folded), boost) for name, boost in zip(("names", "text"), boosts, strict=True))
    return Narrowed(found, tuple(latin)) if latin else found


def _chips(conditions: Conditions) -> Iterator[Wanted]:
    general = Among(Dimension.KIND, tuple(sorted(map(str, GENERAL)))) if conditions.general else Nothing()
    if conditions.towns:
        towns = [Among(Dimension.TOWN, tuple(code for code, _stem in conditions.towns))]
        yield any_of([general, *towns, *(Reads("title", stem) for _code, stem in conditions.towns)])
    if conditions.prices:
        yield any_of([general, *_bands(conditions.prices)])
    if conditions.days:
        days = (Between("published", start.timestamp(), end.timestamp()) for start, end in conditions.days)
        yield any_of([general, *days])
    if conditions.on_time is not None:
        yield any_of([general, Between("on_time", conditions.on_time, None)])
    if conditions.kinds:
        yield Among(Dimension.KIND, conditions.kinds)
    if conditions.stages:
        yield Among(Dimension.STAGE, conditions.stages)
    if conditions.states:
        yield Among(Dimension.STATE, conditions.states)


def _bands(bands: Sequence[PriceBand]) -> list[Wanted]:
    return [Between("price", low, high) for low, high in bands]


def _term(term: Term) -> Wanted:
    """Return a term, scored by its best alternative."""
    alone = len(term.alternatives) == 1
    found = [
        Weighed(part, one.weight)
        for one in term.alternatives
        if (part := _alternative(one, prefix=term.prefix, alone=alone)) != Nothing()
    ]
    return Best(tuple(found)) if found else Nothing()


def _alternative(one: Alternative, *, prefix: bool, alone: bool) -> Wanted:
    if one.via is Via.CODE:
        look = Starts if prefix else Holds
        return Best((Even(look("codes", one.text), CODE), Even(look("codes", f"{CITED}{one.text}"), CODE_CITED)))
    parts = [*_words(one.text, prefix=prefix), _exact(one.text)]
    if is_han(one.text[0]) or one.text.isdigit():
        parts += _grams(one.text)
    elif one.via is Via.TYPED:
        parts += _spelled(one.text, alone=alone)
    if one.text.isdigit():
        parts += [Even(Holds("codes", code), CODE / 2) for code in (one.text, f"#{one.text}")]
    return any_of(parts)


def _words(text: str, *, prefix: bool) -> Iterator[Wanted]:
    """Give a text that is one word of the dictionary; one of several words is its pairs' business."""
    tokens = analysis.words(text)
    if len(tokens) != 1:
        return
    for name, boost in WORD_FIELDS.items():
        yield Weighed(Holds(name, tokens[0]), boost)
        if prefix:
            yield Even(Starts(name, tokens[0]), boost)


def _grams(text: str) -> list[Wanted]:
    """Return the documents that have all pairs of a text, in their names or in their text."""
    pairs = analysis.query_grams(text)
    if not pairs:
        return []
    if len(pairs) == 1:
        return [Even(_pair(name, pairs[0]), boost) for name, boost in GRAM_FIELDS.items()]
    return [Even(All(tuple(Holds(name, pair) for pair in pairs)), boost) for name, boost in GRAM_FIELDS.items()]


def _pair(field: str, gram: str) -> Wanted:
    return Holds(field, gram) if len(gram) > 1 else Starts(field, gram)


def _spelled(text: str, *, alone: bool) -> list[Wanted]:
    """Return pinyin: a prefix from any character of a name on."""
    if not text.isalpha() or not (len(text) >= SHORTEST_SOUND or alone):
        return []
    found: list[Wanted] = [Even(Starts("initials", text), SOUND / 2)]
    if len(text) >= SHORTEST_SOUND:
        found.append(Even(Starts("pinyin", text), SOUND))
    return found


def _exact(text: str) -> Wanted:
    plain = analysis.whole(text)
    return Even(Holds("exact", plain), EXACT) if plain else Nothing()


def _apart(phrase: str) -> Wanted:
    """Documents with all pairs and Latin words of a phrase, anywhere."""
    found = [any_of(_pair(name, pair) for name in GRAM_FIELDS) for pair in analysis.query_grams(phrase)]
    found += _latin_words(phrase)
    return Even(part, GRAM_FIELDS["text_grams"]) if (part := all_of(found)) != Nothing() else Nothing()


def _latin_words(text: str) -> list[Wanted]:
    return [any_of(Holds(name, word) for name in WORD_FIELDS) for word in _latin(text)]


def _latin(text: str) -> list[str]:
    return [token.text for token in analysis.tokens(text) if token.text.isascii() and token.text.isalpha()]


def _similar(text: str) -> Iterator[Wanted]:
    """Give each pair of a text's characters, and each word that begins as a Latin one does."""
    for pair in analysis.query_grams(text):
        if len(pair) > 1:
            yield any_of(Even(Holds(name, pair), boost) for name, boost in GRAM_FIELDS.items())
    for char in lone_characters(text):
        yield Even(Starts("name_grams", char), 1.0)
    for word in _latin(text):
        if len(word) > LONGEST_STEM:
            stem = word[:LONGEST_STEM]
            yield any_of(Even(Starts(name, stem), 1.0) for name in (*WORD_FIELDS, "pinyin"))
