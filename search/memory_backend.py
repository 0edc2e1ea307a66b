"""The smallest engine: documents in a dictionary. Answers while the index is lost, and keeps other engines honest."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from math import log
from typing import Final

from search import analysis, answering, matching
from search.answering import ordered_by_name
from search.backend import Health, Query, Relaxed, Results, Suggestion
from search.documents import Document
from search.faceting import Match, facts_of
from search.folding import fold
from search.matching import GRAM_FIELDS, LOOKUPS, WORD_FIELDS
from search.plan import Plan

SATURATION: Final = 1.2
MOST_PREFIX: Final = 40


class MemoryPostings:
    """Postings of documents held in memory, numbered as they came."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = tuple(documents)
        self._places: dict[str, dict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
        for place, document in enumerate(self.documents):
            cut = analysis.analyse(document)
            for name in (*WORD_FIELDS, *GRAM_FIELDS, *LOOKUPS):
                for token in getattr(cut, name):
                    self._places[name][token][place] += 1

    def scored(self, field: str, token: str) -> Mapping[int, float]:
        """Return the documents that hold a word in a field; rarer words and repeated ones score more."""
        found = self._places[field].get(token, Counter())
        rarity = log(1 + len(self.documents) / len(found)) if found else 0.0
        return {place: rarity * often * (SATURATION + 1) / (often + SATURATION) for place, often in found.items()}

    def holding(self, field: str, token: str) -> AbstractSet[int]:
        """Return the documents that hold a token in a field."""
        return self._places[field].get(token, Counter()).keys()

    def starting(self, field: str, prefix: str) -> AbstractSet[int]:
        """Return the documents that hold a token of a field that begins so."""
        held = (places for token, places in self._places[field].items() if token.startswith(prefix))
        return frozenset().union(*held)

    def everything(self) -> Iterable[int]:
        """Return all documents."""
        return range(len(self.documents))

    def size(self) -> int:
        """Return how many documents there are."""
        return len(self.documents)


class MemoryBackend:
    """Documents of one process; gone with it."""

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self._documents = {one.key: one for one in documents if one.public}
        self._cut: MemoryPostings | None = None

    def replace_all(self, documents: Iterable[Document]) -> int:
        """Hold these documents and no others; return how many."""
        self._documents = {one.key: one for one in documents if one.public}
        self._cut = None
        return len(self._documents)

    def put(self, documents: Iterable[Document]) -> None:
        """Store documents, each in place of its former self; those not public are taken out."""
        for one in documents:
            self._documents.pop(one.key, None)
            if one.public:
                self._documents[one.key] = one
        self._cut = None

    def remove(self, keys: Iterable[str]) -> None:
        """Take documents out by their keys."""
        for key in keys:
            self._documents.pop(key, None)
        self._cut = None

    def search(self, query: Query) -> Results:
        """Answer a question. Raises Invalid when the line breaks a limit."""
        started = time.perf_counter()
        documents = self._postings().documents
        results = answering.answer(query, self._match, lambda found: documents[found.place])
        return replace(results, took_ms=(time.perf_counter() - started) * 1000)

    def find(self, query: Query) -> Results:
        """Answer a question without reading its hits. Raises Invalid when the line breaks a limit."""
        return answering.find(query, self._match)[0]

    def _match(self, plan: Plan, relaxed: Relaxed) -> list[Match]:
        postings = self._postings()
        wanted = [fold(phrase) for phrase in plan.phrases] if relaxed is Relaxed.NOTHING else []
        return [
            _match(postings, place, score)
            for place, score in matching.find(postings, plan, relaxed).items()
            if all(phrase in _text(postings.documents[place]) for phrase in wanted)
        ]

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return things whose name, or its pinyin, goes on as was typed."""
        typed, postings = prefix.strip()[:MOST_PREFIX], self._postings()
        if not analysis.whole(typed):
            return ()
        matches = [_match(postings, place, 1.0) for place in matching.find_names(postings, typed)]
        found = (postings.documents[one.place] for one in ordered_by_name(matches, typed)[:limit])
        return tuple(Suggestion(one.kind, one.id, one.title, one.url) for one in found)

    def health(self) -> Health:
        """Say how many documents there are."""
        return Health(ok=True, documents=len(self._documents))

    def _postings(self) -> MemoryPostings:
        if self._cut is None:
            self._cut = MemoryPostings(self._documents.values())
        return self._cut


def _match(postings: MemoryPostings, place: int, score: float) -> Match:
    facts = facts_of(postings.documents[place])
    return Match(score * (1 + facts.boost), place, facts)


def _text(document: Document) -> str:
    return fold(" \n ".join((document.title, *document.names, *document.about, document.body)))
