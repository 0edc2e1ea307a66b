"""Hold an engine against reading every listing: `python -m tests.search_recall --engine tantivy --documents 20000`.

Terms must find every listing that has them; phrases and pieces of text exactly those; filters exactly those that pass,
with every facet counted right.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from search import analysis, vocabulary
from search.backend import Filters, Query, Relaxed, SearchBackend
from search.documents import Document, Kind
from search.faceting import facts_of, values_of
from search.folding import fold
from tests.search import engines
from tests.search.listings import listings

MOST_SEEN = 4500
SIZE = 100


@dataclass(frozen=True)
class Compared:
    """One question: how much of what should be found was, and how much was found beside it."""

    sort: str
    asked: str
    wanted: int
    recall: float
    beside: int
    facets_right: bool = True


def compare(backend: SearchBackend, documents: Sequence[Document], each: int, seed: int = 5) -> list[Compared]:
    """Ask so many questions of each sort."""
    texts = {document.key: _text(document) for document in documents}
    draw = random.Random(seed)
    found = [_compare(backend, "term", word, texts, exact=False) for word in _terms(documents, texts, draw, each)]
    for sort, length in (("phrase", 8), ("piece", 3)):
        found += [_compare(backend, sort, f"“{piece}”", texts) for piece in _pieces(texts, draw, each, length)]
    return found + [_filtered(backend, documents, texts, draw) for _ in range(each)]


def _terms(documents: Sequence[Document], texts: dict[str, str], draw: random.Random, each: int) -> Iterator[str]:
    """Draw words that stand for nothing but themselves and are not in too many listings."""
    seen: set[str] = set()
    while len(seen) < each:
        word = draw.choice(analysis.words(draw.choice(documents).body))
        if len(word) > 1 and word not in seen and len(vocabulary.alternatives(word)) == 1:
            seen.add(word)
            if sum(word in text for text in texts.values()) <= MOST_SEEN:
                yield word


def _pieces(texts: dict[str, str], draw: random.Random, each: int, longest: int) -> Iterator[str]:
    keys = list(texts)
    done = 0
    while done < each:
        text = max(texts[draw.choice(keys)].split(), key=len)
        start = draw.randrange(max(1, len(text) - longest))
        piece = text[start : start + draw.randint(2, longest)]
        if len(piece) > 1 and sum(piece in one for one in texts.values()) <= MOST_SEEN:
            done += 1
            yield piece


def _compare(backend: SearchBackend, sort: str, asked: str, texts: dict[str, str], *, exact: bool = True) -> Compared:
    plain = asked.strip("“”")
    wanted = {key for key, text in texts.items() if plain in text}
    found, strict = _all(backend, Query(asked))
    found = found if strict else set()
    recall = len(wanted & found) / len(wanted) if wanted else 1.0
    return Compared(sort, asked, len(wanted), recall, len(found - wanted) if exact else 0)


def _filtered(
    backend: SearchBackend, documents: Sequence[Document], texts: dict[str, str], draw: random.Random
) -> Compared:
    one = draw.choice(documents)
    filters = Filters(
        towns=tuple({one.town_code, draw.choice(documents).town_code}),
        items=one.item_codes if draw.random() < 0.5 else (),
        grades=(one.grade,) if one.grade and draw.random() < 0.5 else (),
        prices=((1_000_000, 30_000_000),) if draw.random() < 0.4 else (),
        on_time=0.8 if one.kind is Kind.AGENCY and draw.random() < 0.4 else None,
    )
    piece = draw.choice(("", "“监理”", "“验收”"))
    having = [document for document in documents if piece.strip("“”") in texts[document.key]]
    wanted = {document.key for document in having if _passes(document, one.kind, filters)}
    query = Query(piece, one.kind, filters)
    found, _strict = _all(backend, query)
    counted = backend.search(query).facets
    right = all(
        dict(values) == _counted(dimension.value, having, one.kind, filters) for dimension, values in counted.items()
    )
    recall = len(wanted & found) / len(wanted) if wanted else 1.0
    return Compared("filter", f"{piece} {filters}", len(wanted), recall, len(found - wanted), right)


def _counted(dimension: str, having: Sequence[Document], kind: Kind, filters: Filters) -> dict[str, int]:
    """Count a facet by plain reading: under all filters but its own."""
    own = {"town": "towns", "item": "items", "grade": "grades", "price": "prices", "on_time": "on_time"}.get(dimension)
    empty = None if own == "on_time" else ()
    others = Filters(**{**vars(filters), own: empty}) if own else filters
    freed = None if dimension == "kind" else kind
    found: Counter[str] = Counter()
    for document in having:
        if _passes(document, freed, others):
            found.update(next(held for one, held in values_of(facts_of(document)).items() if one.value == dimension))
    return dict(found)


def _passes(document: Document, kind: Kind | None, filters: Filters) -> bool:
    price, on_time = document.price_fen, document.on_time
    return all(
        (
            kind is None or document.kind is kind,
            not filters.towns or document.town_code in filters.towns,
            not filters.items or bool(set(filters.items) & set(document.item_codes)),
            not filters.grades or document.grade in filters.grades,
            not filters.prices
            or (price is not None and any((a or 0) <= price < (b or 1 << 60) for a, b in filters.prices)),
            filters.on_time is None or (on_time is not None and on_time >= filters.on_time),
        )
    )


def _all(backend: SearchBackend, query: Query) -> tuple[set[str], bool]:
    found: set[str] = set()
    page = 1
    while True:
        results = backend.search(Query(query.text, query.kind, query.filters, query.sort, page, SIZE))
        found |= {hit.document.key for hit in results.hits}
        if len(found) >= results.total or not results.hits or page * SIZE >= MOST_SEEN + SIZE:
            return found, results.relaxed is Relaxed.NOTHING
        page += 1


def _text(document: Document) -> str:
    return fold(" \n ".join((document.title, *document.names, *document.about, document.body)))


def _line(sort: str, found: Sequence[Compared]) -> str:
    recall = sum(one.recall for one in found) / len(found)
    wanted, beside = sum(one.wanted for one in found), sum(one.beside for one in found)
    facets = "right" if all(one.facets_right for one in found) else "WRONG"
    return f"{sort:8} {len(found):4} asked, {wanted:7} wanted, recall {recall:.4f}, {beside} beside, facets {facets}"


def main() -> int:
    """Build, ask, print; return 1 when anything was missed or found wrongly."""
    parser = argparse.ArgumentParser(prog="python -m tests.search_recall")
    parser.add_argument("--engine", choices=engines.NAMES, default="whoosh")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=40)
    asked = parser.parse_args()
    documents = list(listings(asked.documents))
    with tempfile.TemporaryDirectory() as folder, engines.for_script(asked.engine, Path(folder)) as backend:
        began = time.perf_counter()
        backend.replace_all(documents)
        print(f"{asked.engine}: {len(documents)} listings indexed in {time.perf_counter() - began:.0f} s", flush=True)
        found = compare(backend, documents, asked.each)
    for sort in dict.fromkeys(one.sort for one in found):
        print(_line(sort, [one for one in found if one.sort == sort]))
    wrong = [one for one in found if one.recall < 1 or one.beside or not one.facets_right]
    for one in wrong[:20]:
        print(f"WRONG: {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
