"""Find and score what a plan asks for in one segment of any inverted index: set algebra over its postings. Pure.

An engine lends its postings (which documents hold a token, and how strongly); joining them here keeps all engines
alike, reads every posting list once, and asks for none that costs much: no positions, no fuzzy terms, no expressions.
Score: each term counts by its best alternative; an alternative by its words (the engine's own text score, a field's
boost), by its pairs of characters, and more when it is a whole name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from math import log
from typing import Final, Protocol, TypeAlias

from search import analysis
from search.backend import Relaxed
from search.folding import fold, is_han
from search.plan import Plan, Term
from search.vocabulary import Alternative, Via

Scores: TypeAlias = dict[int, float]
"""The score of each matching document by the engine's number for it."""

WORD_FIELDS: Final[Mapping[str, float]] = {"title": 4.0, "names": 3.0, "about": 1.5, "body": 1.0}
GRAM_FIELDS: Final[Mapping[str, float]] = {"name_grams": 1.5, "text_grams": 0.5}
LOOKUPS: Final = ("pinyin", "initials", "codes", "exact")
EXACT: Final = 4.0
CODE: Final = 5.0
CODE_CITED: Final = 1.0
"""What a document scores whose number was typed, and one that goes by the document of that number."""
SOUND: Final = 1.0
SHORTEST_SOUND: Final = 3
LONGEST_STEM: Final = 5


class Postings(Protocol):
    """One segment's postings. Documents are numbered; deleted ones never show."""

    def scored(self, field: str, token: str) -> Mapping[int, float]:
        """Return the documents that hold a word in a field, with the engine's text score."""

    def holding(self, field: str, token: str) -> AbstractSet[int]:
        """Return the documents that hold a token in a field."""

    def starting(self, field: str, prefix: str) -> AbstractSet[int]:
        """Return the documents that hold a token of a field that begins so."""

    def everything(self) -> Iterable[int]:
        """Return all documents."""

    def size(self) -> int:
        """Return how many documents the whole index holds."""


def find(postings: Postings, plan: Plan, relaxed: Relaxed) -> Scores:
    """Return the documents that answer a plan, as strictly as said."""
    if not plan.terms and not plan.phrases:
        return dict.fromkeys(postings.everything(), 1.0)
    return _STEPS[relaxed](postings, plan)


def find_names(postings: Postings, prefix: str) -> AbstractSet[int]:
    """Return the documents whose names hold what was typed so far: anywhere in Chinese, at a beginning in Latin."""
    folded = fold(prefix)
    plain = analysis.whole(folded)
    if plain.isascii() and any(char.isdigit() for char in plain):
        return postings.starting("codes", plain)
    parts = [
        postings.holding("name_grams", gram) if len(gram) > 1 else postings.starting("name_grams", gram)
        for gram in analysis.query_grams(folded)
    ]
    for token in analysis.tokens(folded):
        if token.text.isascii() and token.text.isalpha():
            starts = (postings.starting(name, token.text) for name in ("title", "names", "pinyin", "initials"))
            parts.append(frozenset().union(*starts))
    return _all_of(parts)


def _strict(postings: Postings, plan: Plan) -> Scores:
    """Every phrase and every required term; the others, and the line unbroken, only lift."""
    needed = [_phrase(postings, phrase) for phrase in plan.phrases]
    for term in plan.required:
        needed.append(_term(postings, term))
        if not needed[-1]:
            return {}
    beside = [term for term in plan.terms if not term.required]
    wanted = [_term(postings, term) for term in beside]
    found = _joined(needed) if needed else _summed(wanted)
    lifts = [(_exact(postings, plan.text, EXACT), 1.0)]
    if len(plan.required) > 1:
        lifts += [(scores, 1.0) for scores in _grams(postings, plan.text)]
    if needed:
        lifts += [(scores, term.share) for scores, term in zip(wanted, beside, strict=True)]
    for scores, share in lifts:
        for place in found.keys() & scores.keys():
            found[place] += share * scores[place]
    return found


def _some_words(postings: Postings, plan: Plan) -> Scores:
    parts = [_phrase(postings, phrase) for phrase in plan.phrases]
    return _summed([*parts, *(_term(postings, term) for term in plan.terms)])


def _similar(postings: Postings, plan: Plan) -> Scores:
    """Any pair of the line's characters, any word that begins as a Latin one does."""
    parts: list[Scores] = []
    for text in plan.likenesses:
        for pair in analysis.query_grams(text):
            if len(pair) > 1:
                parts += [_even(postings, postings.holding(name, pair), boost) for name, boost in GRAM_FIELDS.items()]
        parts += [_even(postings, postings.starting("name_grams", char), 1.0) for char in lone_characters(text)]
        for token in analysis.tokens(text):
            if token.text.isascii() and token.text.isalpha() and len(token.text) > LONGEST_STEM:
                stem = token.text[:LONGEST_STEM]
                parts += [_even(postings, postings.starting(name, stem), 1.0) for name in (*WORD_FIELDS, "pinyin")]
    return _summed(parts)


def lone_characters(text: str) -> str:
    """Return the characters of a word of two, which may stand for a longer one each: 文勘 for 文物勘探."""
    folded = fold(text)
    return folded if len(folded) == len("文勘") and all(map(is_han, folded)) else ""


def _sound(postings: Postings, plan: Plan) -> Scores:
    """Names that sound like the line's words."""
    parts: list[Scores] = []
    for text in plan.likenesses:
        spelled = analysis.pinyin_of(text)
        if len(spelled) > SHORTEST_SOUND:
            parts.append(_even(postings, postings.starting("pinyin", spelled), SOUND))
    return _summed(parts)


_STEPS: Final[Mapping[Relaxed, Callable[[Postings, Plan], Scores]]] = {
    Relaxed.NOTHING: _strict,
    Relaxed.SPELLING: _strict,
    Relaxed.SOME_WORDS: _some_words,
    Relaxed.SIMILAR: _similar,
    Relaxed.SOUND: _sound,
}


def _term(postings: Postings, term: Term) -> Scores:
    """Score a term by its best alternative: a document that says a thing in five ways doesn't say five things."""
    best: Scores = {}
    for one in term.alternatives:
        for place, score in _alternative(postings, one, prefix=term.prefix, alone=len(term.alternatives) == 1).items():
            weighed = score * one.weight
            if weighed > best.get(place, 0.0):
                best[place] = weighed
    return best


def _alternative(postings: Postings, one: Alternative, *, prefix: bool, alone: bool) -> Scores:
    if one.via is Via.CODE:
        look = postings.starting if prefix else postings.holding
        cited = dict.fromkeys(look("codes", f"{analysis.CITED}{one.text}"), CODE_CITED)
        return cited | dict.fromkeys(look("codes", one.text), CODE)
    parts = [_words(postings, one.text, prefix=prefix), _exact(postings, one.text, EXACT)]
    if is_han(one.text[0]) or one.text.isdigit():
        parts += _grams(postings, one.text)
    elif one.via is Via.TYPED:
        parts += _spelled(postings, one.text, alone=alone)
    if one.text.isdigit():
        parts += [_even(postings, postings.holding("codes", code), CODE / 2) for code in (one.text, f"#{one.text}")]
    return _summed(parts)


def _words(postings: Postings, text: str, *, prefix: bool) -> Scores:
    """Score a text that is one word of the dictionary; one of several words is its pairs' business."""
    tokens = analysis.words(text)
    if len(tokens) != 1:
        return {}
    found: Scores = {}
    for name, boost in WORD_FIELDS.items():
        for place, score in postings.scored(name, tokens[0]).items():
            found[place] = found.get(place, 0.0) + boost * score
        if prefix:
            for place in postings.starting(name, tokens[0]):
                found[place] = found.get(place, 0.0) + boost
    return found


def _grams(postings: Postings, text: str) -> list[Scores]:
    """Score the documents that have all pairs of a text, in their names or in their text."""
    pairs = analysis.query_grams(text)
    if len(pairs) == 1 and len(pairs[0]) == 1:
        return [_even(postings, postings.starting(name, pairs[0]), boost) for name, boost in GRAM_FIELDS.items()]
    return [
        _even(postings, _all_of([postings.holding(name, pair) for pair in pairs]), boost)
        for name, boost in GRAM_FIELDS.items()
    ]


def _spelled(postings: Postings, text: str, *, alone: bool) -> list[Scores]:
    """Score pinyin: a prefix from any character of a name on; two letters only where nothing else is known of them."""
    if not text.isalpha() or not (len(text) >= SHORTEST_SOUND or alone):
        return []
    found = [_even(postings, postings.starting("initials", text), SOUND / 2)]
    if len(text) >= SHORTEST_SOUND:
        found.append(_even(postings, postings.starting("pinyin", text), SOUND))
    return found


def _exact(postings: Postings, text: str, boost: float) -> Scores:
    return _even(postings, postings.holding("exact", analysis.whole(text)), boost)


def _phrase(postings: Postings, phrase: str) -> Scores:
    """Score what may hold a phrase: all its pairs and Latin words, anywhere. The engine then reads the text itself."""
    parts: list[AbstractSet[int]] = []
    for pair in analysis.query_grams(phrase):
        look = postings.holding if len(pair) > 1 else postings.starting
        parts.append(frozenset().union(*(look(name, pair) for name in GRAM_FIELDS)))
    parts += [
        frozenset().union(*(postings.holding(name, token.text) for name in WORD_FIELDS))
        for token in analysis.tokens(phrase)
        if token.text.isascii() and token.text.isalpha()
    ]
    scores = _even(postings, _all_of(parts), GRAM_FIELDS["text_grams"])
    in_names = _all_of([postings.holding("name_grams", pair) for pair in analysis.query_grams(phrase)])
    for place in in_names & scores.keys():
        scores[place] *= GRAM_FIELDS["name_grams"] / GRAM_FIELDS["text_grams"]
    return scores


def _even(postings: Postings, places: AbstractSet[int], boost: float) -> Scores:
    """Give documents one score, the higher the fewer they are."""
    if not places:
        return {}
    return dict.fromkeys(places, boost * log(1 + postings.size() / len(places)))


def _all_of(parts: list[AbstractSet[int]]) -> AbstractSet[int]:
    """Return what lies in all sets; nothing of none."""
    if not parts:
        return frozenset()
    smallest, *others = sorted(parts, key=len)
    found = set(smallest)
    for part in others:
        found &= part
        if not found:
            break
    return found


def _joined(parts: list[Scores]) -> Scores:
    """Return what all have, scores added."""
    places = _all_of([part.keys() for part in parts])
    return {place: sum(part[place] for part in parts) for place in places}


def _summed(parts: Iterable[Scores]) -> Scores:
    """Return what any has, scores added."""
    found: Scores = {}
    for part in parts:
        for place, score in part.items():
            found[place] = found.get(place, 0.0) + score
    return found
