"""The embedded engine: Whoosh in a folder, used through the interface of its release 2.7.4.

Whoosh keeps postings and scores words; joining them is matching's work, and filters, facets and orders come from a
column of facts kept in memory, since Whoosh pays microseconds of Python for every posting and column it reads. A
searcher never crosses threads: shared ones give wrong hits without an error.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from whoosh import index as whoosh_index

from core.errors import DomainError, Unavailable
from search import analysis, formats, matching
from search.answering import answer, find, ordered_by_name
from search.backend import Health, Query, Relaxed, Results, Suggestion
from search.documents import Document, loads
from search.faceting import Match, unpack
from search.folding import fold
from search.native import broken
from search.plan import Plan
from search.whoosh_folder import IndexFolder
from search.whoosh_segments import SegmentMemory, SegmentPostings, fields_of, row, schema

Searcher: TypeAlias = Any
"""Whoosh's; its annotations are partial."""

log = logging.getLogger(__name__)

MOST_PREFIX: Final = 40
WRITER_MEGABYTES: Final = 64


class WhooshBackend:
    """Documents in a Whoosh index below one folder."""

    def __init__(self, path: Path | str) -> None:
        self.folder = IndexFolder(Path(path), _mark)
        self._threads = threading.local()
        self._memory = SegmentMemory()

    def replace_all(self, documents: Iterable[Document]) -> int:
        """Build a new index beside the old one and put it in its place; return how many documents it holds.

        The documents are drawn under the writer's lock, so that a change made meanwhile waits and comes after.
        """
        with self.folder.writing(), broken():
            built = self.folder.begin()
            index: Any = whoosh_index.create_in(str(built), schema())
            writer = index.writer(limitmb=WRITER_MEGABYTES)
            seen: set[str] = set()
            try:
                for document in documents:
                    if document.public and document.key not in seen:
                        seen.add(document.key)
                        writer.add_document(**row(document))
            except BaseException:
                writer.cancel()
                raise
            writer.commit(optimize=True)
            index.close()
            self.folder.swap(built)
            return len(seen)

    def put(self, documents: Iterable[Document]) -> None:
        """Store documents, each in place of its former self, all in one commit; those not public are taken out."""
        self._write({document.key: document if document.public else None for document in documents})

    def remove(self, keys: Iterable[str]) -> None:
        """Take documents out by their keys, all in one commit."""
        self._write(dict.fromkeys(keys))

    def search(self, query: Query) -> Results:
        """Answer a question. Raises Invalid when the line breaks a limit, Unavailable when the index is gone."""
        started = time.perf_counter()
        with self._searcher() as searcher:
            results = answer(query, partial(self._match, searcher), partial(_document, searcher))
        return _timed(results, started)

    def find(self, query: Query) -> Results:
        """Answer a question without reading its hits; raises what `search` does."""
        with self._searcher() as searcher:
            return find(query, partial(self._match, searcher))[0]

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return things whose name, or its pinyin, goes on as was typed; names that begin so come first."""
        typed = prefix.strip()[:MOST_PREFIX]
        if not analysis.whole(typed):
            return ()
        with self._searcher() as searcher:
            matches = self._collect(searcher, lambda postings: dict.fromkeys(matching.find_names(postings, typed), 1.0))
            nearest = ordered_by_name(matches, typed)[:limit]
            found = [_document(searcher, match) for match in nearest]
        return tuple(Suggestion(one.kind, one.id, one.title, one.url) for one in found)

    def health(self) -> Health:
        """Say whether the index can answer: opens it anew and reads the ends of every segment.

        It is asked every few seconds, so it does not read all; a break in between is met by a reader, who leaves word.
        """
        if self.folder.is_new():
            return Health(ok=False, documents=0, reason="none-built")
        if self.folder.current() is None:
            return Health(ok=False, documents=0, reason="lost")
        if self.folder.readable() is None:
            return Health(ok=False, documents=0, reason="outdated")
        try:
            with broken():
                return Health(ok=True, documents=_look_over(self._current()))
        except Unavailable:
            return Health(ok=False, documents=0, reason="corrupt")

    def _write(self, changes: dict[str, Document | None]) -> None:
        if not changes:
            return
        with self.folder.writing(), broken():
            index: Any = whoosh_index.open_dir(str(self._current()))
            writer = index.writer(limitmb=WRITER_MEGABYTES)
            try:
                for key, document in changes.items():
                    if document is None:
                        writer.delete_by_term("key", key)
                    else:
                        writer.update_document(**row(document))
            except BaseException:
                writer.cancel()
                raise
            writer.commit()
            index.close()

    def _current(self) -> Path:
        folder = self.folder.readable()
        if folder is None:
            raise Unavailable("search-index-lost")
        return folder

    @contextmanager
    def _searcher(self) -> Iterator[Searcher]:
        """Give this thread's own searcher, at the newest commit of the generation in use.

        A searcher that failed is thrown away, so that the thread opens the index anew next time.
        """
        with broken():
            try:
                yield self._opened(self._current())
            except Unavailable:
                self._close()
                raise
            except DomainError:
                raise
            except Exception:
                self._close()
                raise

    def _opened(self, folder: Path) -> Searcher:
        """Return this thread's searcher, opened anew after a commit.

        Not by Whoosh's own refresh(): its readers keep segments that a merge has replaced, and find documents twice.
        """
        held: tuple[Path, Any, Searcher] | None = getattr(self._threads, "held", None)
        if held is not None and held[0] == folder:
            index, searcher = held[1], held[2]
            if index.latest_generation() == searcher.reader().generation():
                return searcher
        else:
            index = whoosh_index.open_dir(str(folder))
        self._close()
        searcher = index.searcher()
        self._threads.held = (folder, index, searcher)
        return searcher

    def _close(self) -> None:
        held: tuple[Path, Any, Searcher] | None = getattr(self._threads, "held", None)
        self._threads.held = None
        if held is not None:
            try:
                held[2].close()
            except Exception:  # noqa: BLE001 - closing what is broken may break; it is let go either way
                log.info("closing a broken searcher failed")

    def _match(self, searcher: Searcher, plan: Plan, relaxed: Relaxed) -> list[Match]:
        matches = self._collect(searcher, lambda postings: matching.find(postings, plan, relaxed))
        if plan.phrases and relaxed is Relaxed.NOTHING:
            wanted = [fold(phrase) for phrase in plan.phrases]
            return [one for one in matches if _holds(searcher, one, wanted)]
        return matches

    def _collect(self, searcher: Searcher, find: Callable[[SegmentPostings], matching.Scores]) -> list[Match]:
        """Return every match of every segment with its score, raised by what the document brings besides the text."""
        found: list[Match] = []
        for part, offset in searcher.leaf_searchers():
            facts = self._memory.facts(part.reader())
            for place, score in find(SegmentPostings(part, searcher, self._memory)).items():
                found.append(Match(score * (1 + facts[place].boost), offset + place, facts[place]))
        return found


def _mark() -> str:
    return formats.mark(f"whoosh {fields_of(schema())}")


def _look_over(folder: Path) -> int:
    """Open an index anew, read the first and last document of each segment, and return how many there are."""
    index: Any = whoosh_index.open_dir(str(folder))
    with index.searcher() as searcher:
        for part, _offset in searcher.leaf_searchers():
            reader = part.reader()
            last = reader.doc_count_all() - 1
            column = reader.column_reader("facts")
            for place in (0, last):
                unpack(bytes(column[place]))
            loads(reader.stored_fields(last)["document"])
            next(iter(reader.field_terms("key")))
        return int(searcher.doc_count())


def _document(searcher: Searcher, match: Match) -> Document:
    return loads(searcher.stored_fields(match.place)["document"])


def _holds(searcher: Searcher, match: Match, wanted: list[str]) -> bool:
    text = searcher.stored_fields(match.place)["folded"]
    return all(phrase in text for phrase in wanted)


def _timed(results: Results, started: float) -> Results:
    return replace(results, took_ms=(time.perf_counter() - started) * 1000)
