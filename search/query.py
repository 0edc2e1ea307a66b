"""Read a typed line: recognise what is no word, cut the rest into terms with alternatives, refuse the absurd."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from core.errors import Invalid
from search import analysis, lexicon, sayings, vocabulary
from search.analysis import Token
from search.folding import HAN, fold, is_han
from search.plan import Chip, ChipKind, Conditions, Plan, Term
from search.recognise import Line, recognise
from search.vocabulary import Alternative, Via

MOST_CHARACTERS: Final = 120
MOST_TERMS: Final = 16
SHORTEST_PREFIX: Final = 2
_QUOTED: Final = re.compile(r"[\"“”「『《]([^\"“”「」『』《》]{2,60})[\"“”」』》]")
_STARRED: Final = re.compile(rf"([^\W_{HAN}]+|[{HAN}]+)\*")
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_LATIN: Final = re.compile(r"[^\W\d_][\w']*")


@lru_cache(maxsize=1024)
def read(text: str) -> Plan:
    """Read a line into a plan.

    Raises Invalid: query-too-long, query-too-many-words, query-wildcard; `field` is q.
    """
    clean = " ".join(unicodedata.normalize("NFKC", text.replace("\x00", " ")).translate(_DASHES).split())
    if len(clean) > MOST_CHARACTERS:
        raise Invalid("query-too-long", field="q", most=MOST_CHARACTERS, given=len(clean))
    line = Line(clean, fold(clean))
    phrases = _take_phrases(line)
    prefixes = _take_prefixes(line)
    recognise(line)
    terms = [_code_term(typed, code) for typed, code in line.codes]
    terms += [_code_term(typed, *codes, prefix=True) for typed, codes in line.begun]
    terms += prefixes + _terms(line.left)
    terms = _without_kinds(line, list({(term.text, term.prefix): term for term in terms}.values()))
    if len(terms) + len(phrases) > MOST_TERMS:
        raise Invalid("query-too-many-words", field="q", most=MOST_TERMS, given=len(terms) + len(phrases))
    if line.codes:
        terms = [term if _is_code(term) else replace(term, required=False) for term in terms]
    conditions = line.conditions()
    if not phrases and not any(term.required for term in terms):
        told = conditions.towns or conditions.states or conditions.kinds
        terms = [] if told else [Term(term.text, term.alternatives) for term in terms if not _is_city(term.text)]
    if conditions != Conditions() and not terms and not phrases:
        conditions = replace(conditions, general=False)
    return Plan(
        text=line.clean,
        terms=tuple(terms),
        phrases=tuple(phrases),
        chips=tuple(_from_left(line.chips, line.clean)),
        conditions=conditions,
        amount_fen=line.amounts[0] if line.amounts else None,
        said=" ".join(line.left.split()),
    )


def meant(plan: Plan) -> Plan | None:
    """Return the plan that asks for the services a free line most likely means, or None where none leads.

    A word apart that nobody says of a service may be the name of an agency or a project: then none leads.
    """
    wanted = _said(plan, sayings.meant)
    if wanted is None or _is_strange(plan):
        return None
    return replace(plan, terms=(wanted, *(replace(term, required=False) for term in plan.terms)))


def widened(plan: Plan) -> Plan:
    """Return the plan for a line any of whose words will do: with the services it may mean beside a strange word."""
    wanted = _said(plan, sayings.meant) if _is_strange(plan) else None
    return plan if wanted is None else replace(plan, terms=(wanted, *plan.terms))


def how(plan: Plan) -> Plan | None:
    """Return the plan for a line that most likely asks how the market works, or None: with the guides that tell."""
    told = _said(plan, sayings.guides)
    return None if told is None else replace(plan, terms=(told, *plan.terms))


def _said(plan: Plan, names_of: Callable[[str], tuple[str, ...]]) -> Term | None:
    """Return the whole line as a word for what it most likely means; None where that is nothing, or it is quoted."""
    names = names_of(plan.said) if not plan.phrases else ()
    if not names:
        return None
    return Term(plan.said, tuple(Alternative(name, Via.SAID, rank) for rank, name in enumerate(names)))


def _is_strange(plan: Plan) -> bool:
    short = [term.text for term in plan.required] if len(plan.said) <= sayings.SHORT else []
    return any(map(sayings.is_strange, (*plan.said.split(), *short)))


def corrected(plan: Plan) -> str | None:
    """Return the line with its misspelled words mended, or None when nothing near is known."""
    out, changed = [], False
    for run in re.findall(rf"[{HAN}]+|[a-z']+|[^{HAN}a-z']+", fold(plan.text)):
        known = run.isascii() and not run.strip("'").isalpha()
        mended = None if known or run in lexicon.filler() else vocabulary.correct(run)
        out.append(mended or run)
        changed = changed or mended is not None
    return "".join(out).strip() if changed else None


def _take_phrases(line: Line) -> list[str]:
    found = []
    for match in list(line.take(_QUOTED)):
        phrase = " ".join(match[1].split())
        if phrase:
            found.append(phrase)
            line.blank(*match.span())
    return found


def _take_prefixes(line: Line) -> list[Term]:
    """Take words that end in a star. Raises Invalid for a star before a word, or after fewer than two letters."""
    found = []
    for match in list(line.take(_STARRED)):
        if len(match[1]) < SHORTEST_PREFIX:
            break
        found.append(Term(match[1], (Alternative(match[1], Via.TYPED),), prefix=True))
        line.blank(*match.span())
    if "*" in line.left:
        raise Invalid("query-wildcard", field="q", least=SHORTEST_PREFIX)
    return found


def _without_kinds(line: Line, terms: list[Term]) -> list[Term]:
    """Take out the words that name a kind of documents, beside a town or a service: 塘厦公告 asks for notices alone."""
    if not line.towns and not any(_names_service(term) for term in terms):
        return terms
    bare = bool(line.towns) and not any(
        term.required and lexicon.kind_named(term.text, bare=True) is None for term in terms
    )
    kept = []
    for term in terms:
        kind = lexicon.kind_named(term.text, bare=bare)
        at = line.left.find(term.text)
        if kind is None or at < 0:
            kept.append(term)
            continue
        if kind in line.kinds:
            line.blank(at, at + len(term.text))
            continue
        line.kinds.append(kind)
        line.chip(ChipKind.KIND, kind, at, at + len(term.text))
    return kept


def _code_term(typed: str, *codes: str, prefix: bool = False) -> Term:
    """Return a number as a term; that of a service finds by the service's name too."""
    named = [Alternative(name, Via.SYNONYM) for name in map(lexicon.item_names_by_code().get, codes) if name]
    return Term(typed, (*(Alternative(code, Via.CODE) for code in codes), *named), prefix=prefix)


def _is_code(term: Term) -> bool:
    return any(one.via is Via.CODE for one in term.alternatives)


def _from_left(chips: list[Chip], clean: str) -> list[Chip]:
    return sorted(chips, key=lambda chip: clean.find(chip.text))


def _terms(left: str) -> list[Term]:
    """Cut what is left into terms: English phrases of the trade, then Chinese runs, pinyin and other words."""
    left, found = _take_english(left)
    for run in re.findall(rf"[{HAN}]+|[^{HAN}]+", left):
        found += _han_terms(run) if is_han(run[0]) else _latin_terms(run)
    if not any(one.required and _names_service(one) for one in found):
        return found
    return [replace(one, required=False) if one.text in lexicon.context() else one for one in found]


def _take_english(left: str) -> tuple[str, list[Term]]:
    """Take English phrases of two or more words, longest first."""
    found: list[Term] = []
    tokens = [token for token in analysis.tokens(left) if token.text.isascii()]
    for length in range(min(5, len(tokens)), 1, -1):
        for at in range(len(tokens) - length + 1):
            piece = tokens[at : at + length]
            others = vocabulary.english(" ".join(token.text for token in piece))
            span = left[piece[0].start : piece[-1].end]
            if others and span.isascii() and span.strip():
                found.append(Term(" ".join(span.split()), others))
                left = left[: piece[0].start] + " " * len(span) + left[piece[-1].end :]
    return left, found


def _han_terms(run: str) -> list[Term]:
    found: list[Term] = []
    start = at = 0
    while at < len(run):
        word = vocabulary.longest_term(run, at)
        if word is None:
            at += 1
            continue
        found += _cut(run[start:at])
        found.append(Term(word, vocabulary.alternatives(word)))
        at += len(word)
        start = at
    found += _cut(run[start:])
    named = {one.text for one in found if _names_service(one)}
    return [replace(one, aside=one.text not in named) for one in found] if named else found


def _names_service(term: Term) -> bool:
    return vocabulary.is_service(one.text for one in term.alternatives if one.via not in {Via.NARROWER, Via.BROADER})


def _cut(run: str) -> list[Term]:
    """Cut a Chinese run without known words; neighbouring single characters stay together: alone they say little."""
    pieces: list[str] = []
    joined: Token | None = None
    for token in analysis.tokens(run):
        if token.end - token.start == 1 and token.text not in lexicon.filler():
            joined = Token((joined.text if joined else "") + token.text, token.start, token.end)
            continue
        if joined:
            pieces.append(joined.text)
            joined = None
        pieces.append(token.text)
    if joined:
        pieces.append(joined.text)
    return [Term(piece, vocabulary.alternatives(piece), required=piece not in lexicon.filler()) for piece in pieces]


def _latin_terms(run: str) -> list[Term]:
    """Cut Latin letters and digits; letters may be English, an abbreviation or the pinyin of known words."""
    found: list[Term] = []
    texts = [token.text for token in analysis.tokens(run)]
    at = 0
    while at < len(texts):
        length = next((n for n in range(min(8, len(texts) - at), 1, -1) if _is_pinyin(texts[at : at + n])), 1)
        found += _latin_term("".join(texts[at : at + length]))
        at += length
    return found


def _is_pinyin(texts: list[str]) -> bool:
    joined = "".join(texts)
    return joined.isalpha() and vocabulary.longest_pinyin(joined, 0) == joined


def _latin_term(text: str) -> list[Term]:
    if not _LATIN.fullmatch(text):
        return [Term(text, (Alternative(text, Via.TYPED),))]
    typed = Alternative(text, Via.TYPED)
    others = (*vocabulary.english(text), *vocabulary.spelled(text))
    if others or text in lexicon.filler():
        return [Term(text, (typed, *others), required=text not in lexicon.filler())]
    pieces, at = [], 0
    while at < len(text) and (word := vocabulary.longest_pinyin(text, at)):
        pieces.append(word)
        at += len(word)
    if not pieces:
        return [Term(text, (typed,))]
    tail = [Term(text[at:], (Alternative(text[at:], Via.TYPED),))] if at < len(text) else []
    return [Term(piece, (Alternative(piece, Via.TYPED), *vocabulary.spelled(piece))) for piece in pieces] + tail


def _is_city(text: str) -> bool:
    """Tell whether a word names the city, which every document is in."""
    return text in {"东莞", "东莞市", "dongguan"}
