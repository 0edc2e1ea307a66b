"""What one could install instead, set up as its manual says, and the floor: to hold the engines against.

Each cuts text with the same compiled segmenter and its plain dictionary, keeps the listing as one text, and gives ids,
an exact total and counts of towns and services. None knows synonyms, pinyin, other scripts or pieces of words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import rjieba
import tantivy
from whoosh import fields, sorting
from whoosh import index as whoosh_index
from whoosh.analysis.acore import Token
from whoosh.analysis.tokenizers import Tokenizer
from whoosh.qparser.default import QueryParser
from whoosh.query.compound import And
from whoosh.query.terms import Prefix, Term

from search.backend import Query, Sort
from search.documents import Document

MOST: Final = 5000
PAGE: Final = 20
NAMES: Final = 10


class Cutter(Tokenizer):
    """Whoosh's way to a segmenter."""

    def __call__(self, value: str, **_kwargs: Any) -> Iterator[Token]:
        """Give the words of a text."""
        token: Any = Token()
        words = [one for one in _segmenter().tokenize(value.lower(), "default") if one[0].isalnum()]
        for place, (word, start, end) in enumerate(words):
            token.text, token.pos, token.boost, token.stopped = word, place, 1.0, False
            token.startchar, token.endchar = start, end
            yield token


def cut(text: str) -> list[str]:
    """Cut a text by the plain dictionary; signs and blanks fall away."""
    return [word for word in _segmenter().cut(text.lower()) if word.isalnum()]


@cache
def _segmenter() -> rjieba.Jieba:
    return rjieba.Jieba()


def text_of(document: Document) -> str:
    """Return the text of a listing."""
    return " ".join((document.title, *document.names, *document.about, document.body))


class BareWhoosh:
    """Whoosh with a plain schema, its own query parser, facets and sorting."""

    def __init__(self, folder: Path) -> None:
        schema = fields.Schema(
            id=fields.ID(stored=True, unique=True),
            text=fields.TEXT(analyzer=Cutter()),
            name=fields.ID(stored=True),
            town=fields.ID(sortable=True),
            item=fields.KEYWORD(sortable=True),
            rating=fields.NUMERIC(float, sortable=True, default=-1.0),
            published=fields.NUMERIC(int, bits=64, sortable=True),
        )
        there = whoosh_index.exists_in(str(folder))
        self._index: Any = whoosh_index.open_dir(str(folder)) if there else whoosh_index.create_in(str(folder), schema)
        self._parser = QueryParser("text", schema)
        self._searcher: Any = None

    def replace_all(self, documents: Iterable[Document]) -> None:
        """Fill the index."""
        writer = self._index.writer(limitmb=256)
        for one in documents:
            writer.add_document(**self._row(one))
        writer.commit(optimize=True)

    def put(self, document: Document) -> None:
        """Add one listing."""
        writer = self._index.writer()
        writer.update_document(**self._row(document))
        writer.commit(merge=False)
        self._searcher = None

    def _row(self, one: Document) -> dict[str, Any]:
        at = one.published_at
        return {
            "id": one.key,
            "text": text_of(one),
            "name": one.title,
            "town": one.town_code,
            "item": " ".join(one.item_codes),
            "rating": one.rating if one.rating is not None else -1.0,
            "published": int(at.timestamp()) if at else 0,
        }

    def find(self, asked: Query) -> tuple[int, list[Any]]:
        """Return a total and twenty ids."""
        wanted = self._parser.parse(asked.text.replace("“", '"').replace("”", '"'))
        filters = [Term("town", one) for one in asked.filters.towns]
        filters += [Term("item", one) for one in asked.filters.items]
        how: dict[str, Any] = {"filter": And(filters)} if filters else {}
        if asked.counted:
            how["groupedby"] = sorting.Facets().add_field("town").add_field("item", allow_overlap=True)
        if asked.sort is not Sort.RELEVANCE:
            how |= {"sortedby": "rating" if asked.sort is Sort.RATING else "published", "reverse": True}
        results = self._opened().search(wanted, limit=PAGE, **how)
        counts = [len(results.groups(name)) for name in ("town", "item") if asked.counted]
        return len(results), [[hit.docnum for hit in results], counts]

    def suggest(self, prefix: str) -> list[str]:
        """Return ten names that begin so."""
        return [hit["name"] for hit in self._opened().search(Prefix("name", prefix), limit=NAMES)]

    def _opened(self) -> Any:
        self._searcher = self._searcher or self._index.searcher()
        return self._searcher

    def close(self) -> None:
        """Close the index."""
        self._index.close()


class BareTantivy:
    """tantivy with a plain schema."""

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
        for name in ("id", "name"):
            builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
        for name in ("town", "item"):
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_float_field("rating", fast=True)
        builder.add_integer_field("published", fast=True)
        self._schema: Any = builder.build()
        self._index: Any = tantivy.Index(self._schema, str(folder))
        self._searcher: Any = self._index.searcher()

    def replace_all(self, documents: Iterable[Document]) -> None:
        """Fill the index."""
        writer = self._index.writer(64_000_000, 1)
        for one in documents:
            writer.add_document(self._row(one))
        self._commit(writer)

    def put(self, document: Document) -> None:
        """Add one listing."""
        writer = self._index.writer(64_000_000, 1)
        writer.delete_documents_by_term("id", document.key)
        writer.add_document(self._row(document))
        self._commit(writer)

    def _commit(self, writer: Any) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _row(self, one: Document) -> Any:
        row, at = tantivy.Document(), one.published_at
        row.add_text("text", " ".join(cut(text_of(one))))
        row.add_text("id", one.key)
        row.add_text("name", one.title)
        row.add_text("town", one.town_code)
        for code in one.item_codes:
            row.add_text("item", code)
        if one.rating is not None:
            row.add_float("rating", one.rating)
        row.add_integer("published", int(at.timestamp()) if at else 0)
        return row

    def find(self, asked: Query) -> tuple[int, Any]:
        """Return a total and twenty addresses."""
        words, phrase = cut(asked.text), asked.text.startswith("“")
        if phrase and len(words) > 1:
            parts = [tantivy.Query.phrase_query(self._schema, "text", list(words))]
        else:
            parts = [tantivy.Query.term_query(self._schema, "text", word, index_option="freq") for word in words]
        for name, values in (("town", asked.filters.towns), ("item", asked.filters.items)):
            parts += [tantivy.Query.term_query(self._schema, name, value, index_option="basic") for value in values]
        wanted = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])
        how = {} if asked.sort is Sort.RELEVANCE else {"order_by_field": _column(asked.sort)}
        found = self._searcher.search(wanted, limit=PAGE, count=True, **how)
        counts = self._searcher.aggregate(wanted, _COUNTS) if asked.counted else {}
        return int(found.count), (found.hits, counts)

    def suggest(self, prefix: str) -> list[str]:
        """Return ten names that begin so."""
        wanted = tantivy.Query.fuzzy_term_query(self._schema, "name", prefix, distance=0, prefix=True)
        hits = self._searcher.search(wanted, limit=NAMES, count=False).hits
        return [self._searcher.doc(address)["name"][0] for _score, address in hits]

    def close(self) -> None:
        """Nothing stands open."""


def _column(sort: Sort) -> str:
    return "rating" if sort is Sort.RATING else "published"


_COUNTS: Final = {name: {"terms": {"field": name, "size": MOST, "segment_size": MOST}} for name in ("town", "item")}


class Floor:
    """What the machine allows: bitmaps of whole numbers, joined and counted, numbered so that the order is the bits'.

    They are made for the words that will be asked, held in memory and never changed; names lie in one B-tree.
    """

    def __init__(self, folder: Path) -> None:
        self._names = sqlite3.connect(folder / "names.sqlite3")
        self._names.execute("CREATE TABLE name (title TEXT, id INTEGER, PRIMARY KEY (title, id)) WITHOUT ROWID")
        self._maps: dict[Any, int] = {}
        self._counted: list[Any] = []
        self.words: frozenset[str] = frozenset()

    def replace_all(self, documents: Iterable[Document]) -> None:
        """Make the maps: one of each town, service and word."""
        places: dict[Any, bytearray] = {}
        drawn = list(documents)
        for number, one in enumerate(drawn):
            text = text_of(one)
            held: list[Any] = [("town", one.town_code), *(("item", code) for code in one.item_codes)]
            held += [word for word in self.words if word in text]
            for value in held:
                places.setdefault(value, bytearray(len(drawn) // 8 + 1))[number >> 3] |= 1 << (number & 7)
            self._names.execute("INSERT INTO name VALUES (?, ?)", (one.title, number))
        self._names.commit()
        self._maps = {value: int.from_bytes(held, "little") for value, held in places.items()}
        self._counted = [held for value, held in self._maps.items() if isinstance(value, tuple)]

    def put(self, document: Document) -> None:
        """Commit the bare row."""
        self._names.execute("INSERT OR REPLACE INTO name VALUES (?, ?)", (document.title, 1 << 40))
        self._names.commit()

    def find(self, asked: Query) -> tuple[int, Any]:
        """Return a total and the first twenty numbers; a phrase is no business of bitmaps."""
        found = -1
        for word in asked.text.split():
            found &= self._maps.get(word, 0)
        for name, values in (("town", asked.filters.towns), ("item", asked.filters.items)):
            for value in values:
                found &= self._maps.get((name, value), 0)
        counts = [(found & held).bit_count() for held in self._counted] if asked.counted else []
        return found.bit_count(), (list(islice(_bits(found), PAGE)), counts)

    def suggest(self, prefix: str) -> list[str]:
        """Return ten names that begin so: one read of a range."""
        asked = "SELECT title FROM name WHERE title >= ? AND title < ? LIMIT ?"
        return [title for (title,) in self._names.execute(asked, (prefix, f"{prefix}\U0010ffff", NAMES))]

    def close(self) -> None:
        """Close the names."""
        self._names.close()


def _bits(held: int) -> Iterator[int]:
    """Give the numbers in a map, a word of it at a time."""
    start = 0
    while held >> start:
        word = held >> start & 0xFFFFFFFFFFFFFFFF
        while word:
            low = word & -word
            yield start + low.bit_length() - 1
            word ^= low
        start += 64
