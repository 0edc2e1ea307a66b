"""What Whoosh holds of a document, and one segment of it read as postings, kept in memory while the segment lives."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from whoosh import fields

from search import analysis
from search.documents import Document, dumps
from search.faceting import Facts, facts_of, pack, unpack
from search.folding import fold
from search.matching import GRAM_FIELDS, LOOKUPS, WORD_FIELDS

MOST_KEPT: Final = 400_000
"""How many postings one process keeps, some 40 MB; past it the oldest are let go."""
MOST_SEGMENTS: Final = 64


def schema() -> fields.Schema:
    """Return the fields of the index; tokens come cut, so every text field splits at blanks and keeps no positions."""
    words = {name: fields.KEYWORD(scorable=True) for name in WORD_FIELDS}
    lookups = {name: fields.KEYWORD() for name in (*GRAM_FIELDS, *LOOKUPS)}
    return fields.Schema(
        key=fields.ID(unique=True, stored=True),
        document=fields.STORED(),
        folded=fields.STORED(),
        facts=fields.COLUMN(),
        **words,
        **lookups,
    )


def fields_of(held: fields.Schema) -> str:
    """Write fields out, so that other ones are told from these."""
    return " ".join(f"{name}={type(field).__name__}:{field.scorable}:{field.stored}" for name, field in held.items())


def row(document: Document) -> dict[str, object]:
    """Return the values of a document's fields."""
    cut = analysis.analyse(document)
    texts = (document.title, *document.names, *document.about, document.body)
    return {
        **{name: " ".join(getattr(cut, name)) for name in WORD_FIELDS},
        **{name: " ".join(dict.fromkeys(getattr(cut, name))) for name in (*GRAM_FIELDS, *LOOKUPS)},
        "key": document.key,
        "document": dumps(document),
        "folded": fold(" \n ".join(texts)),
        "facts": pack(facts_of(document)),
    }


class SegmentMemory:
    """What was read of segments, shared by a process's threads; segments never change, so nothing here grows stale."""

    def __init__(self) -> None:
        self._facts: dict[str, list[Facts]] = {}
        self._read: dict[tuple[str, str, str, str], Any] = {}
        self._kept = 0
        self._lock = threading.Lock()

    def facts(self, reader: Any) -> list[Facts]:
        """Return the facts of a segment's documents, by their numbers."""
        name = str(reader.segment().segment_id())
        known = self._facts.get(name)
        if known is None:
            column = reader.column_reader("facts")
            known = [unpack(bytes(column[place])) for place in range(reader.doc_count_all())]
            with self._lock:
                while len(self._facts) >= MOST_SEGMENTS:
                    self._facts.pop(next(iter(self._facts)))
                self._facts[name] = known
        return known

    def get(self, key: tuple[str, str, str, str]) -> Any:
        """Return what was read under a key, or None."""
        return self._read.get(key)

    def keep(self, key: tuple[str, str, str, str], value: Any) -> Any:
        """Keep what was read and return it."""
        with self._lock:
            self._read[key] = value
            self._kept += len(value) + 1
            while self._kept > MOST_KEPT and len(self._read) > 1:
                oldest = next(iter(self._read))
                self._kept -= len(self._read.pop(oldest)) + 1
        return value


class SegmentPostings:
    """The postings of one segment through one thread's searcher."""

    def __init__(self, part: Any, whole: Any, memory: SegmentMemory) -> None:
        self._part = part
        self._reader = part.reader()
        self._count = int(whole.doc_count())
        self._memory = memory
        segment = self._reader.segment()
        self._plain = f"{segment.segment_id()}-{segment.deleted_count()}"
        self._weighed = f"{self._plain}-{self._count}"

    def scored(self, field: str, token: str) -> Mapping[int, float]:
        """Return the documents that hold a word in a field, with Whoosh's BM25F score.

        The score depends on the whole index, so what is kept is kept for its present size.
        """
        key = (self._weighed, "scored", field, token)
        known: dict[int, float] | None = self._memory.get(key)
        if known is None:
            known = {}
            if (field, token) in self._reader:
                matcher = self._part.postings(field, token)
                while matcher.is_active():
                    known[matcher.id()] = matcher.score()
                    matcher.next()
            self._memory.keep(key, known)
        return known

    def holding(self, field: str, token: str) -> AbstractSet[int]:
        """Return the documents that hold a token in a field."""
        key = (self._plain, "holding", field, token)
        known = self._memory.get(key)
        if known is None:
            held = self._reader.postings(field, token).all_ids() if (field, token) in self._reader else ()
            known = self._memory.keep(key, frozenset(held))
        return frozenset(known)

    def starting(self, field: str, prefix: str) -> AbstractSet[int]:
        """Return the documents that hold a token of a field that begins so."""
        key = (self._plain, "starting", field, prefix)
        known = self._memory.get(key)
        if known is None:
            found: set[int] = set()
            for token in self._reader.expand_prefix(field, prefix):
                found.update(self._reader.postings(field, token).all_ids())
            known = self._memory.keep(key, frozenset(found))
        return frozenset(known)

    def everything(self) -> Iterable[int]:
        """Return all documents."""
        return list(self._reader.all_doc_ids())

    def size(self) -> int:
        """Return how many documents the whole index holds."""
        return self._count
