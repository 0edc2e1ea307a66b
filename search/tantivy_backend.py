"""The quick embedded engine: tantivy in a folder, an optional package.

A searcher is a snapshot that threads share; it is taken anew after a commit, which one look at a file's age tells.
One writer at a time, behind the folder's lock, as with Whoosh.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import log
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import tantivy

from core.errors import Unavailable
from search import native, native_asking
from search.backend import Health, Query, Results, Suggestion
from search.documents import Document, loads
from search.matching import LOOKUPS, WORD_FIELDS
from search.native import broken
from search.native_asking import Wanted
from search.native_rows import ORDERS, READS, Row, counted, pieces, row, rows, sort_key, wanted_pieces
from search.whoosh_folder import IndexFolder

Searcher: TypeAlias = Any
TQuery: TypeAlias = Any

WRITER_BYTES: Final = 64_000_000
MOST_VALUES: Final = 5000
NUMBERS: Final = ("on_time", "rating", "price", "published")
SHARES: Final = NUMBERS[:2]
MANY: Final = 50
"""How many documents share a beginning is not counted but taken for one in so many of all."""


class Opened(NamedTuple):
    """An index as it stood at a commit: its folder, what its list of segments looked like, and a snapshot of it."""

    folder: Path
    stamp: tuple[int, int, int]
    index: Any
    searcher: Searcher


class TantivyBackend:
    """Documents in a tantivy index below one folder."""

    def __init__(self, path: Path | str) -> None:
        self.folder = IndexFolder(Path(path))
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
                writer.add_document(_document(one))
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
            return native.answer(query, _Asking(self._opened().searcher))

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return things whose name, or its pinyin, goes on as was typed; names that begin so come first."""
        with broken():
            return native.suggest(prefix, limit, _Asking(self._opened().searcher))

    def health(self) -> Health:
        """Say whether the index can answer: opens it anew, counts all its documents and reads one."""
        if self.folder.is_new():
            return Health(ok=False, documents=0, reason="none-built")
        if self.folder.current() is None:
            return Health(ok=False, documents=0, reason="lost")
        try:
            with broken():
                asking = _Asking(self._open(self._current()).searcher)
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
                    writer.add_document(_document(row(document)))
            writer.commit()
            writer.wait_merging_threads()

    def _current(self) -> Path:
        folder = self.folder.current()
        if folder is None:
            raise Unavailable("search-index-lost")
        return folder

    def _opened(self) -> Opened:
        """Return the snapshot in use, taken anew after a commit or a swap."""
        folder = self._current()
        now = (folder, _stamp(folder))
        held = self._held
        if held is None or (held.folder, held.stamp) != now:
            with self._lock:
                held = self._held
                if held is None or (held.folder, held.stamp) != now:
                    held = self._held = self._open(folder)
        return held

    def _open(self, folder: Path) -> Opened:
        stamp = _stamp(folder)
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual", 0)
        index.reload()
        return Opened(folder, stamp, index, index.searcher())


class _Asking:
    """One snapshot, asked with trees."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self.documents = max(1, int(searcher.num_docs))

    def how_many(self, wanted: Wanted) -> int:
        """Return how many documents there are in a set."""
        return int(self.searcher.search(self.query(wanted), limit=1, count=True).count)

    def values(self, wanted: Wanted) -> native.Values:
        """Count the values of every dimension over a set."""
        asked = {"all": {"terms": {"field": "facets", "size": MOST_VALUES, "segment_size": MOST_VALUES}}}
        buckets = self.searcher.aggregate(self.query(wanted), asked)["all"]["buckets"]
        return counted((bucket["key"], int(bucket["doc_count"])) for bucket in buckets)

    def page(self, wanted: Wanted, order: str, start: int, size: int) -> Sequence[tuple[float, Document]]:
        """Return a piece of a set in an order."""
        how: dict[str, Any] = {"weight_by_field": "lift"}
        if order != "score":
            how = {"order_by_field": f"by_{order}", "order": tantivy.Order.Asc}
        hits = self.searcher.search(self.query(wanted), limit=size, offset=start, count=False, **how).hits
        found = ((key, self.searcher.doc(place)["document"][0]) for key, place in hits)
        return [(key if isinstance(key, float) else 0.0, loads(bytes(held).decode())) for key, held in found]

    def query(self, wanted: Wanted) -> TQuery:
        """Write a tree as tantivy's query."""
        write: Callable[[Any], TQuery] = getattr(self, f"_{type(wanted).__name__.lower()}")
        return write(wanted)

    def _everything(self, _wanted: Wanted) -> TQuery:
        return tantivy.Query.all_query()

    def _nothing(self, _wanted: Wanted) -> TQuery:
        return tantivy.Query.empty_query()

    def _holds(self, wanted: native_asking.Holds) -> TQuery:
        return tantivy.Query.term_query(schema(), wanted.field, wanted.token, index_option="freq")

    def _starts(self, wanted: native_asking.Starts) -> TQuery:
        return tantivy.Query.fuzzy_term_query(schema(), wanted.field, wanted.prefix, distance=0, prefix=True)

    def _reads(self, wanted: native_asking.Reads) -> TQuery:
        field, tokens = READS[wanted.field], wanted_pieces(wanted.text)
        if len(wanted.text) == 1:
            return self._starts(native_asking.Starts(field, tokens[0]))
        if len(tokens) == 1:
            return self._holds(native_asking.Holds(field, tokens[0]))
        return tantivy.Query.phrase_query(schema(), field, list(tokens))

    def _among(self, wanted: native_asking.Among) -> TQuery:
        held = [f"{wanted.dimension.value}={value}" for value in wanted.values]
        return tantivy.Query.term_set_query(schema(), "facets", held)

    def _between(self, wanted: native_asking.Between) -> TQuery:
        share = wanted.column in SHARES
        kind = tantivy.FieldType.Float if share else tantivy.FieldType.Integer
        low, high = ((float if share else int)(end) if end is not None else None for end in (wanted.low, wanted.high))
        if low is None and high is None:
            return tantivy.Query.exists_query(wanted.column)
        return tantivy.Query.range_query(schema(), wanted.column, kind, low, high, include_upper=high is None)

    def _all(self, wanted: native_asking.All) -> TQuery:
        return self._joined(tantivy.Occur.Must, wanted.parts)

    def _any(self, wanted: native_asking.Any) -> TQuery:
        return self._joined(tantivy.Occur.Should, wanted.parts)

    def _most(self, wanted: native_asking.Most) -> TQuery:
        parts = [(tantivy.Occur.Should, self.query(part)) for part in wanted.parts]
        return tantivy.Query.boolean_query(parts, minimum_number_should_match=wanted.least)

    def _best(self, wanted: native_asking.Best) -> TQuery:
        return tantivy.Query.disjunction_max_query([self.query(part) for part in wanted.parts])

    def _weighed(self, wanted: native_asking.Weighed) -> TQuery:
        return tantivy.Query.boost_query(self.query(wanted.part), wanted.weight)

    def _even(self, wanted: native_asking.Even) -> TQuery:
        rarity = log(1 + self.documents / max(1, self._at_most(wanted.part)))
        return tantivy.Query.const_score_query(self.query(wanted.part), wanted.boost * rarity)

    def _lifted(self, wanted: native_asking.Lifted) -> TQuery:
        lifts = [(tantivy.Occur.Should, self.query(lift)) for lift in wanted.lifts]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, self.query(wanted.needed)), *lifts])

    def _ahead(self, wanted: native_asking.Ahead) -> TQuery:
        behind = native_asking.Weighed(wanted.rest, native_asking.BEHIND)
        return self._lifted(native_asking.Lifted(behind, (wanted.first,)))

    def _narrowed(self, wanted: native_asking.Narrowed) -> TQuery:
        passed = [tantivy.Query.const_score_query(self.query(one), 0.0) for one in wanted.filters]
        part = self.query(wanted.part)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in (part, *passed)]) if passed else part

    def _joined(self, occur: Any, parts: Sequence[Wanted]) -> TQuery:
        return tantivy.Query.boolean_query([(occur, self.query(part)) for part in parts])

    def _at_most(self, wanted: Wanted) -> int:
        """Guess how many documents a set holds, from how many hold its tokens."""
        if isinstance(wanted, native_asking.Holds):
            return int(self.searcher.doc_freq(wanted.field, wanted.token))
        if isinstance(wanted, native_asking.Reads):
            field = READS[wanted.field]
            return min(int(self.searcher.doc_freq(field, one)) for one in wanted_pieces(wanted.text))
        if isinstance(wanted, native_asking.All):
            return min(map(self._at_most, wanted.parts))
        if isinstance(wanted, native_asking.Any):
            return max(map(self._at_most, wanted.parts))
        return self.documents // MANY


@cache
def schema() -> Any:
    """Return the fields of the index; tokens come cut, so every text field splits at blanks."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("document", stored=True)
    for name in WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in READS.values():
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in LOOKUPS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("facets", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("lift", *SHARES):
        builder.add_float_field(name, fast=True)
    for name in ("price", "published"):
        builder.add_integer_field(name, fast=True)
    for name in ORDERS:
        builder.add_text_field(f"by_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(one: Row) -> Any:
    """Return a row as tantivy takes it. It multiplies by log2(2 + lift), which is to be 1 + boost."""
    document = tantivy.Document()
    document.add_text("key", one.key)
    document.add_bytes("document", one.document.encode())
    for name in (*WORD_FIELDS, *LOOKUPS):
        document.add_text(name, " ".join(one.tokens[name]))
    for name, field in READS.items():
        document.add_text(field, " ".join(pieces(one.reads[name])))
    for value in one.facets:
        document.add_text("facets", value)
    document.add_float("lift", 2 ** (1 + one.boost) - 2)
    for name in NUMBERS:
        number = getattr(one.facts, name)
        if number is not None and number >= 0:
            (document.add_float if name in SHARES else document.add_integer)(name, number)
    for name in ORDERS:
        document.add_text(f"by_{name}", sort_key(name, one.facts))
    return document


def _clear(folder: Path) -> None:
    """Drop the list of deleted documents of a writer that died before naming it: tantivy would not write over it."""
    committed = int(json.loads((folder / "meta.json").read_bytes())["opstamp"])
    for left in folder.glob("*.del"):
        if int(left.name.split(".")[1]) > committed:
            left.unlink()


def _stamp(folder: Path) -> tuple[int, int, int]:
    """Tell one commit from the next: tantivy replaces the list of segments whole."""
    looked = (folder / "meta.json").stat()
    return looked.st_ino, looked.st_mtime_ns, looked.st_size
