"""Say why a document is there: which field held which word, by which way; mark it in the title, cut a snippet. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from search import analysis
from search.backend import Why
from search.documents import Document
from search.folding import fold, is_han, same_length_fold
from search.plan import Plan, Term
from search.vocabulary import Alternative, Via

SNIPPET: Final = 90
BEFORE: Final = 20
MOST_REASONS: Final = 4
SHORTEST_SPELLED: Final = 2
_LAST: Final = {Via.NARROWER: 1, Via.BROADER: 2}


def explain(document: Document, plan: Plan) -> tuple[Why, ...]:
    """Return the reasons, one a term, in the order of the terms."""
    fields = _fields(document)
    found: list[Why] = []
    for phrase in plan.phrases:
        found += [Why(where, phrase, phrase, Via.TYPED) for where, text in fields if fold(phrase) in text][:1]
    for term in plan.required or plan.terms:
        reason = _reason(term, document, fields)
        if reason is not None:
            found.append(reason)
    return tuple(found[:MOST_REASONS])


def marks(title: str, plan: Plan) -> tuple[tuple[int, int], ...]:
    """Return the places in the title that matched, in order and apart."""
    folded = same_length_fold(title)
    if folded is None:
        return ()
    spans: list[tuple[int, int]] = []
    for text in _searched(plan):
        spans.extend(_places(folded, text))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def snippet(body: str, plan: Plan) -> str:
    """Return the part of the body around the first match, or its beginning."""
    flat = " ".join(body.split())
    folded = fold(flat)
    places = (folded.find(text) for text in _searched(plan)) if len(folded) == len(flat) else iter(())
    at = min((place for place in places if place >= 0), default=0)
    start = max(0, at - BEFORE)
    cut = flat[start : start + SNIPPET]
    return ("…" if start else "") + cut + ("…" if start + SNIPPET < len(flat) else "")


def _fields(document: Document) -> list[tuple[str, str]]:
    return [
        ("title", fold(document.title)),
        ("names", fold(" \n ".join(document.names))),
        ("about", fold(" \n ".join(document.about))),
        ("body", fold(document.body)),
    ]


def _reason(term: Term, document: Document, fields: Sequence[tuple[str, str]]) -> Why | None:
    for one in sorted(term.alternatives, key=lambda other: (_LAST.get(other.via, 0), other.rank)):
        if one.via is Via.CODE:
            known = [found for code in (*document.codes, *document.cites) for found in analysis.codes(code)]
            if one.text in known or (term.prefix and any(found.startswith(one.text) for found in known)):
                return Why("codes", term.text, term.text, Via.CODE)
            continue
        for where, text in fields:
            if _holds(text, one, prefix=term.prefix):
                return Why(where, one.text, term.text, one.via)
    if term.text.isdigit() and any(term.text in analysis.codes(code) for code in document.codes):
        return Why("codes", term.text, term.text, Via.CODE)
    if _is_spelling(term.text):
        for name in (document.title, *document.names):
            if any(part.startswith(term.text) for part in _spellings(name)):
                return Why("pinyin", name, term.text, Via.PINYIN)
    return None


def _holds(text: str, alternative: Alternative, *, prefix: bool) -> bool:
    return next(_places(text, alternative.text, prefix=prefix), None) is not None


def _places(text: str, wanted: str, *, prefix: bool = False) -> Iterator[tuple[int, int]]:
    """Give the places of a word: anywhere for Chinese and digits, whole words only for Latin ones."""
    if not wanted:
        return
    if any(is_han(char) for char in wanted) or wanted.isdigit():
        at = text.find(wanted)
        while at >= 0:
            yield at, at + len(wanted)
            at = text.find(wanted, at + len(wanted))
        return
    for token in analysis.tokens(text):
        if token.text == wanted or (prefix and token.text.startswith(wanted)):
            yield token.start, token.end


def _searched(plan: Plan) -> list[str]:
    """Return every text a match may show, what was typed first."""
    texts = [fold(phrase) for phrase in plan.phrases]
    for term in plan.terms:
        if term.required or len(plan.terms) == 1:
            texts += [one.text for one in term.alternatives if one.via is not Via.CODE]
    return list(dict.fromkeys(texts))


def _is_spelling(text: str) -> bool:
    return len(text) >= SHORTEST_SPELLED and text.isascii() and text.isalpha()


def _spellings(name: str) -> list[str]:
    full, short = analysis.spellings([name])
    return [*full, *short]
