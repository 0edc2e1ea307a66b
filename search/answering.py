"""Turn matches into an answer, alike for every engine: relax until something is found, count, sort, page, explain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from search import analysis, explain, query
from search.backend import MOST_PAGES, Hit, Query, Relaxed, Results
from search.documents import Document, Kind
from search.faceting import Match, count, ordered
from search.folding import fold
from search.plan import Plan

Matcher: TypeAlias = Callable[[Plan, Relaxed], Sequence[Match]]
"""Gives every document that has the words of a plan, as strictly as said, with its score."""
Loader: TypeAlias = Callable[[Match], Document]

STEPS: Final = (Relaxed.SOME_WORDS, Relaxed.SIMILAR, Relaxed.SOUND)
LEAST_SHARE: Final = 0.35
"""A relaxed match scoring under this share of the best has little of what was asked, and stays out."""
MOST_SIZE: Final = 100
MOST_NAMES: Final = 500


def answer(asked: Query, match: Matcher, load: Loader) -> Results:
    """Answer a question with an engine's matches. took_ms is left to the engine.

    Raises Invalid when the line breaks a limit.
    """
    plan = query.read(asked.text)
    matches, used, relaxed = _match(plan, match)
    counted = count(matches, asked, plan.conditions)
    size = max(1, min(asked.size, MOST_SIZE))
    start = (max(1, min(asked.page, MOST_PAGES)) - 1) * size
    searched = bool(plan.terms or plan.phrases)
    page = ordered(counted.hits, asked.sort, searched=searched)[start : start + size]
    return Results(
        hits=tuple(_hit(one, load(one), used) for one in page),
        total=len(counted.hits),
        facets=counted.facets,
        offers=counted.offers,
        chips=plan.chips,
        relaxed=relaxed,
        corrected=used.text if relaxed is Relaxed.SPELLING else "",
        amount_fen=plan.amount_fen,
    )


def ordered_by_name(matches: Sequence[Match], typed: str) -> list[Match]:
    """Put suggestions in order: names that begin as typed, in letters or in sound, then by kind and length."""
    folded = fold(typed)

    def place(match: Match) -> tuple[bool, int, int, str]:
        title = match.facts.title
        begins = title.startswith(folded) or (folded.isascii() and _sounds_like(title, folded))
        return not begins, list(Kind).index(Kind(match.facts.kind)), len(title), match.facts.key

    return sorted(matches[:MOST_NAMES], key=place)


def _sounds_like(title: str, typed: str) -> bool:
    return analysis.pinyin_of(title).startswith(typed) or analysis.initials_of(title).startswith(typed)


def _match(plan: Plan, match: Matcher) -> tuple[Sequence[Match], Plan, Relaxed]:
    """Return the matches, the plan they answer and what gave way; the strictest question that finds anything."""
    found = match(plan, Relaxed.NOTHING)
    if found or not (plan.terms or plan.phrases):
        return found, plan, Relaxed.NOTHING
    mended = query.corrected(plan)
    if mended is not None:
        other = query.read(mended)
        found = match(other, Relaxed.NOTHING)
        if found:
            return found, other, Relaxed.SPELLING
    for step in STEPS:
        found = _near_best(match(plan, step))
        if found:
            return found, plan, step
    return (), plan, Relaxed.NOTHING


def _near_best(matches: Sequence[Match]) -> list[Match]:
    best = max((one.score for one in matches), default=0.0)
    return [one for one in matches if one.score >= best * LEAST_SHARE]


def _hit(match: Match, document: Document, plan: Plan) -> Hit:
    return Hit(
        document=document,
        score=match.score,
        why=explain.explain(document, plan),
        marks=explain.marks(document.title, plan),
        snippet=explain.snippet(document.body, plan),
    )
