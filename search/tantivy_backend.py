"""The quick embedded engine: tantivy in a folder, an optional package.

A searcher is a snapshot that threads share; it is taken anew after a commit, which one look at a file's age tells.
One writer at a time, behind the folder's lock, as with Whoosh.
"""

from __future__ import annotations

import json
import os
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import tantivy

from core.errors import Unavailable
from search import formats, native, native_asking
from search.backend import Health, Query, Results, Suggestion
from search.documents import Document, loads
from search.native import Place, broken
from search.native_asking import Wanted
from search.native_rows import counted, row, rows
from search.tantivy_language import Language, Numbered, Searcher, named, packed, schema
from search.whoosh_folder import CURRENT, IndexFolder

Hit: TypeAlias = tuple[Any, Any]
"""What sorted a document, and its address in the snapshot."""

WRITER_BYTES: Final = 64_000_000
MOST_VALUES: Final = 5000
MOST_KEPT: Final = 500
MOST_TIED: Final = 500


class Asking(Language):
    """One snapshot, asked with trees; it never changes, so what was counted of it is kept."""

    def __init__(self, searcher: Searcher) -> None:
        super().__init__(searcher)
        self.kept: dict[Wanted, native.Values] = {}

    def how_many(self, lean: Wanted) -> int:
        """Return how many documents there are in a set."""
        counted = tantivy.Query.const_score_query(self.query(lean), 1.0)
        return int(self.searcher.search(counted, limit=1, count=True).count)

    def deepest(self, lean: Sequence[Wanted]) -> int:
        """Return in how many of these sets a document lies at the most: each gives it one point."""
        points = [(tantivy.Occur.Should, tantivy.Query.const_score_query(self.query(one), 1.0)) for one in lean]
        hits = self.searcher.search(tantivy.Query.boolean_query(points), limit=1, count=False).hits
        return round(hits[0][0]) if hits else 0

    def values(self, lean: Wanted) -> native.Values:
        """Count the values of every dimension over a set."""
        known = self.kept.get(lean)
        if known is not None:
            return known
        asked = {"all": {"terms": {"field": "facets", "size": MOST_VALUES, "segment_size": MOST_VALUES}}}
        buckets = self.searcher.aggregate(self.query(lean), asked)["all"]["buckets"]
        found = counted((bucket["key"], int(bucket["doc_count"])) for bucket in buckets)
        if len(self.kept) >= MOST_KEPT:
            self.kept.clear()
        self.kept[lean] = found
        return found

    def best(self, wanted: Wanted, start: int, size: int) -> Sequence[Place]:
        """Return a piece of a set by score."""
        by = {"count": False, "weight_by_field": "lift"}
        return self._places(self.searcher.search(self.query(wanted), limit=size, offset=start, **by).hits)

    def page(self, lean: Wanted, order: str, start: int, size: int) -> Sequence[Place]:
        """Return a piece of a set by a number, which sorts four times as fast as a text.

        Those that share the last number lie by `tie_key`: they are read, or where they are many the first asked for.
        """
        end, asked = start + size, self.query(lean)
        hits = self._least(asked, f"at_{order}", end + 1)
        if len(hits) <= end or hits[end][0] != hits[end - 1][0]:
            return self._by_number(hits[:end])[start:]
        number = hits[end][0]
        hits = self._least(asked, f"at_{order}", end + MOST_TIED)
        first, after = (side(hits, number, key=itemgetter(0)) for side in (bisect_left, bisect_right))
        if after < end + MOST_TIED:
            return self._by_number(hits[:after])[start:end]
        tied = self.query(native_asking.all_of([lean, Numbered(order, number)]))
        last = self._least(tied, "tie", end - first)[max(0, start - first) :]
        return [*self._by_number(hits[:first])[start:], *self._places(_plain(last))]

    def _least(self, asked: Any, column: str, most: int) -> list[Hit]:
        found = self.searcher.search(asked, limit=most, count=False, order_by_field=column, order=tantivy.Order.Asc)
        hits: list[Hit] = found.hits
        return hits

    def _by_number(self, hits: Sequence[Hit]) -> list[Place]:
        """Put hits that share a number in order; each of them is there."""
        ties = self.searcher.fast_field_values("lifted", [address for _number, address in hits])
        found = zip(hits, ties, self._places(_plain(hits)), strict=True)
        return [place for _hit, _tie, place in sorted(found, key=lambda one: (one[0][0], one[1], one[2].key))]

    def _places(self, hits: Sequence[Hit]) -> list[Place]:
        """Name hits from a column of numbers; few kinds have ids that are none, and must be read for their names."""
        numbers = self.searcher.fast_field_values("serial", [address for _score, address in hits])
        found = []
        for (score, address), number in zip(hits, numbers, strict=True):
            if number is None:
                found.append(native.place_of(score, self._read(address)))
            else:
                found.append(Place(score, *named(number), partial(self._read, address)))
        return found

    def _read(self, address: Any) -> Document:
        return loads(bytes(self.searcher.doc(address)["document"][0]).decode())


class Opened(NamedTuple):
    """An index as it stood at a commit: files that are replaced by the next, what they looked like, and a snapshot."""

    files: tuple[str, str]
    stamp: object
    index: Any
    asking: Asking


class TantivyBackend:
    """Documents in a tantivy index below one folder."""

    def __init__(self, path: Path | str) -> None:
        self.folder = IndexFolder(Path(path), _mark)
        self._lock = threading.Lock()
        self._held: Opened | None = None

    def replace_all(self, documents: Iterable[Document]) -> int:
        """Build a new index beside the old one and put it in its place; return how many documents it holds.

        The documents are drawn under the writer's lock, so that a change made meanwhile waits and comes after.
        """
        with self.folder.writing(), broken():
            built = self.folder.begin()
            count = 0
            writer = tantivy.Index(schema(), path=str(built)).writer(WRITER_BYTES, 1)
            for one in rows(documents):
                writer.add_document(packed(one))
                count += 1
            writer.commit()
            writer.wait_merging_threads()
            self.folder.swap(built)
            return count

    def put(self, documents: Iterable[Document]) -> None:
        """Store documents, each in place of its former self, all in one commit; those not public are taken out."""
        self._write({document.key: document if document.public else None for document in documents})

    def remove(self, keys: Iterable[str]) -> None:
        """Take documents out by their keys, all in one commit."""
        self._write(dict.fromkeys(keys))

    def search(self, query: Query) -> Results:
        """Answer a question. Raises Invalid when the line breaks a limit, Unavailable when the index is gone."""
        with broken():
            return native.answer(query, self._opened().asking)

    def find(self, query: Query) -> Results:
        """Answer a question without reading its hits; raises what `search` does."""
        with broken():
            return native.find(query, self._opened().asking)[0]

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return things whose name, or its pinyin, goes on as was typed; names that begin so come first."""
        with broken():
            return native.suggest(prefix, limit, self._opened().asking)

    def health(self) -> Health:
        """Say whether the index can answer: opens it anew, counts all its documents and reads one."""
        if self.folder.is_new():
            return Health(ok=False, documents=0, reason="none-built")
        if self.folder.current() is None:
            return Health(ok=False, documents=0, reason="lost")
        if self.folder.readable() is None:
            return Health(ok=False, documents=0, reason="outdated")
        try:
            with broken():
                asking = self._open(self._current()).asking
                asking.values(native_asking.Everything())
                asking.page(native_asking.Everything(), "kind", 0, 1)
                return Health(ok=True, documents=asking.searcher.num_docs)
        except Unavailable:
            return Health(ok=False, documents=0, reason="corrupt")

    def _write(self, changes: dict[str, Document | None]) -> None:
        if not changes:
            return
        with self.folder.writing(), broken():
            folder = self._current()
            _clear(folder)
            writer = tantivy.Index.open(str(folder)).writer(WRITER_BYTES, 1)
            for key, document in changes.items():
                writer.delete_documents_by_term("key", key)
                if document is not None:
                    writer.add_document(packed(row(document)))
            writer.commit()
            writer.wait_merging_threads()

    def _current(self) -> Path:
        folder = self.folder.readable()
        if folder is None:
            raise Unavailable("search-index-lost")
        return folder

    def _opened(self) -> Opened:
        """Return the snapshot in use, taken anew after a commit or a swap."""
        held = self._held
        if held is None or held.stamp is None or held.stamp != _stamp(held.files):
            with self._lock:
                held = self._held
                if held is None or held.stamp is None or held.stamp != _stamp(held.files):
                    held = self._held = self._open(self._current())
        return held

    def _open(self, folder: Path) -> Opened:
        files = (str(self.folder.path / CURRENT), str(folder / "meta.json"))
        stamp = _stamp(files)
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual", 0)
        index.reload()
        return Opened(files, stamp, index, Asking(index.searcher()))


def _mark() -> str:
    return formats.mark(f"tantivy {schema().__reduce__()[1]}")


def _plain(hits: Sequence[Hit]) -> list[Hit]:
    """Return hits without what sorted them, which is no score."""
    return [(0.0, address) for _number, address in hits]


def _clear(folder: Path) -> None:
    """Drop the list of deleted documents of a writer that died before naming it: tantivy would not write over it."""
    committed = int(json.loads((folder / "meta.json").read_bytes())["opstamp"])
    for left in folder.glob("*.del"):
        if int(left.name.split(".")[1]) > committed:
            left.unlink()


def _stamp(files: tuple[str, str]) -> object:
    """Tell one commit from the next by the files each replaces whole; None when one of them is gone."""
    try:
        looked = [os.stat(one) for one in files]  # noqa: PTH116 - a tenth of a search through Path
    except OSError:
        return None
    return [(one.st_ino, one.st_mtime_ns, one.st_size) for one in looked]
