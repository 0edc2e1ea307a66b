"""Turn matches into an answer, alike for every engine: relax until something is found, count, sort, page, explain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from search import analysis, explain, query, rotation
from search.backend import MOST_PAGES, PAGE_SIZE, Hit, Query, Relaxed, Results, Why
from search.documents import Document, Kind
from search.faceting import Match, count, ordered
from search.folding import fold
from search.plan import Conditions, Plan
from search.vocabulary import Via

Matcher: TypeAlias = Callable[[Plan, Relaxed], Sequence[Match]]
"""Gives every document that has the words of a plan, as strictly as said, with its score."""
Loader: TypeAlias = Callable[[Match], Document]

STEPS: Final = (Relaxed.SOME_WORDS, Relaxed.SIMILAR, Relaxed.SOUND)
LEAST_SHARE: Final = 0.35
"""A relaxed match scoring under this share of the best has little of what was asked, and stays out."""
MOST_BESIDE: Final = 10
"""Fewer hits of a town than this are followed by those of other towns."""
HELP: Final = (Kind.ANSWER, Kind.GUIDE)
"""The kinds that answer who asks how the market works."""
MOST_SIZE: Final = 100
MOST_NAMES: Final = 500
BEHIND: Final = 0.9
FEW: Final = 3
"""So few hits, none of them by its title, may come of a misspelling."""


def find(asked: Query, match: Matcher, *, everywhere: bool = False) -> tuple[Results, Plan, Sequence[Match]]:
    """Find what answers a question among an engine's matches; the plan it answers, and the hits of the page unread.

    everywhere: whether the towns in the line are left out. Raises Invalid when the line breaks a limit.
    """
    plan = query.read(asked.text)
    matches, used, relaxed = _match(plan, match)
    counted = count(matches, asked, plan.conditions_of(everywhere=everywhere))
    if not counted.hits and plan.is_narrowed and (free := count(matches, asked, Conditions())).hits:
        counted, relaxed = free, Relaxed.CONDITIONS
    size = max(1, min(asked.size, MOST_SIZE))
    start = (max(1, min(asked.page, MOST_PAGES)) - 1) * size
    searched = bool(plan.terms or plan.phrases)
    hits = ordered(_in_turn(counted.hits, asked.seed), asked.sort, searched=searched, seed=asked.seed)
    page = hits[start : start + size]
    results = Results(
        hits=(),
        keys=tuple(one.facts.key for one in page),
        total=len(hits),
        facets=counted.facets,
        offers=counted.offers,
        chips=plan.chips,
        relaxed=relaxed,
        corrected=used.text if relaxed is Relaxed.SPELLING else "",
        amount_fen=plan.amount_fen,
    )
    return results, used, page


def answer(asked: Query, match: Matcher, load: Loader) -> Results:
    """Answer a question: find, then read and explain each hit of the page. took_ms is left to the engine.

    Raises Invalid when the line breaks a limit.
    """
    results, used, page = find(asked, match)
    beside: dict[str, Match] = {}
    for further in besides(asked, results, used):
        for one in find(further, match, everywhere=True)[2]:
            beside.setdefault(one.facts.key, one)
    hits = tuple(hit_of(one.score, load(one), used) for one in page)
    others = (beside[key] for key in room_for(beside, results))
    return replace(results, hits=hits, beside=tuple(hit_of(one.score, load(one), used) for one in others))


def besides(asked: Query, results: Results, plan: Plan) -> list[Query]:
    """Return the questions for those of other towns that may stand beside few hits, agencies before all else."""
    if not (plan.conditions.towns and plan.is_narrowed and asked.page <= 1):
        return []
    if not 0 < results.total < min(asked.size, MOST_BESIDE):
        return []
    kinds = (Kind.AGENCY, None) if asked.kind is None and not plan.conditions.kinds else (asked.kind,)
    return [replace(asked, kind=kind, size=MOST_BESIDE + results.total, counted=False) for kind in kinds]


def room_for(others: Iterable[str], results: Results) -> list[str]:
    """Return the keys of others that are not among few hits, as many as there is room for beside these."""
    return [key for key in others if key not in results.keys][: MOST_BESIDE - results.total]


def _in_turn(hits: list[Match], seed: str) -> list[Match]:
    """Raise agencies nobody has rated yet by their turn of the day."""
    if not seed:
        return hits
    return [
        one._replace(score=one.score * (1 + rotation.LIFT * rotation.turn(seed, one.facts.key)))
        if one.facts.kind == Kind.AGENCY and one.facts.rating is None
        else one
        for one in hits
    ]


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
    if not (plan.terms or plan.phrases):
        return found, plan, Relaxed.NOTHING
    if may_be_mended(plan, len(found)) and not any(is_named(one, plan) for one in found):
        mended = query.corrected(plan)
        other = query.read(mended) if mended is not None else plan
        better = match(other, Relaxed.NOTHING) if other is not plan else ()
        if len(better) > len(found):
            return _filled(better, other, match), other, Relaxed.SPELLING
    if found:
        return _filled(found, plan, match), plan, Relaxed.NOTHING
    return _relaxed(plan, match)


def _relaxed(plan: Plan, match: Matcher) -> tuple[Sequence[Match], Plan, Relaxed]:
    how = query.how(plan)
    if how is not None:
        told = [one for one in match(how, Relaxed.SOME_WORDS) if one.facts.kind in HELP]
        if told:
            return _near_best(told), how, Relaxed.SOME_WORDS
    meant = query.meant(plan)
    if meant is not None and (found := match(meant, Relaxed.NOTHING)):
        return found, meant, Relaxed.MEANT
    services = plan.without_asides()
    if services is not None and (found := match(services, Relaxed.NOTHING)):
        return found, plan, Relaxed.SOME_WORDS
    plan = query.widened(plan)
    for step in STEPS:
        if near := _near_best(match(plan, step)):
            return near, plan, step
    return (), plan, Relaxed.NOTHING


def _filled(found: Sequence[Match], plan: Plan, match: Matcher) -> Sequence[Match]:
    """Return few hits with those behind them that have the services asked for, or most likely meant, and no more."""
    services = services_of(plan) if len(found) < PAGE_SIZE else None
    if services is None:
        return found
    known = {one.facts.key for one in found}
    others = [one for one in match(services, Relaxed.NOTHING) if one.facts.key not in known]
    highest = max((one.score for one in others), default=1.0)
    lowest = min(one.score for one in found)
    return [*found, *(one._replace(score=one.score / highest * lowest * BEHIND) for one in others)]


def services_of(plan: Plan) -> Plan | None:
    """Return the plan that asks for the services a line names, or most likely means; None where it tells neither."""
    return plan.without_asides() or query.meant(plan)


def may_be_mended(plan: Plan, found: int) -> bool:
    """Tell whether so few hits may come of a misspelling; what was quoted and is found is meant as it stands."""
    return found < FEW and not (found and plan.phrases)


def is_named(match: Match, plan: Plan) -> bool:
    """Tell whether a title has a word that was typed, a phrase, or the number of its document was."""
    texts = [*map(fold, plan.phrases), *(one.text for term in plan.terms for one in term.alternatives)]
    coded = any(one.via is Via.CODE for term in plan.terms for one in term.alternatives)
    return coded or any(text in match.facts.title for text in texts)


def _near_best(matches: Sequence[Match]) -> list[Match]:
    best = max((one.score for one in matches), default=0.0)
    return [one for one in matches if one.score >= best * LEAST_SHARE]


def _why(document: Document, plan: Plan) -> tuple[Why, ...]:
    found = explain.explain(document, plan)
    return found if found or (meant := query.meant(plan)) is None else explain.explain(document, meant)


def hit_of(score: float, document: Document, plan: Plan) -> Hit:
    """Explain why a document is there, mark its title and cut a snippet."""
    return Hit(
        document=document,
        score=score,
        why=_why(document, plan),
        marks=explain.marks(document.title, plan),
        snippet=explain.snippet(document.body, plan),
    )
