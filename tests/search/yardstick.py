"""SQLite's FTS5 on the same cut text: what one gets without an engine of one's own, to measure the others by.

It gives what the peers do: numbers of rows, a total and counts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from search import analysis
from search.backend import Query, Sort
from search.documents import Document
from search.native_rows import Row, row

TABLES: Final = """
    CREATE VIRTUAL TABLE IF NOT EXISTS cut
        USING fts5(names, texts, name_grams, text_grams, content='', tokenize='unicode61');
    CREATE TABLE IF NOT EXISTS listing (id INTEGER PRIMARY KEY, rating REAL, published INTEGER);
    CREATE TABLE IF NOT EXISTS counted (value TEXT, id INTEGER);
"""
INDEXES: Final = """
    CREATE INDEX by_value ON counted (value, id);
    CREATE INDEX by_id ON counted (id, value);
    CREATE INDEX by_rating ON listing (rating DESC, id);
    CREATE INDEX by_published ON listing (published DESC, id);
"""


class Yardstick:
    """Listings in an FTS5 table, asked with the same questions."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "fts5.sqlite3"
        self._db = sqlite3.connect(self.path)
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + TABLES)
        self._count = int(self._db.execute("SELECT count(*) FROM listing").fetchone()[0])

    def replace_all(self, documents: Iterable[Document]) -> int:
        """Fill the tables."""
        count = 0
        for document in documents:
            count += 1
            self._add(count, row(document))
        self._db.executescript(INDEXES)
        self._db.execute("ANALYZE")
        self._db.commit()
        self._count = count
        return count

    def put(self, document: Document) -> None:
        """Add one listing."""
        self._count += 1
        self._add(self._count, row(document))
        self._db.commit()

    def _add(self, number: int, cut: Row) -> None:
        held = cut.tokens
        names, texts = (*held["title"], *held["names"]), (*held["about"], *held["body"])
        columns = (names, texts, held["name_grams"], held["text_grams"])
        self._db.execute(
            "INSERT INTO cut (rowid, names, texts, name_grams, text_grams) VALUES (?, ?, ?, ?, ?)",
            (number, *map(" ".join, columns)),
        )
        self._db.execute("INSERT INTO listing VALUES (?, ?, ?)", (number, cut.facts.rating, cut.facts.published))
        self._db.executemany("INSERT INTO counted VALUES (?, ?)", [(value, number) for value in cut.facets])

    def find(self, query: Query) -> tuple[int, list[int], int]:
        """Return a total, twenty numbers, and how many values were counted."""
        phrase = query.text.strip().startswith("“")
        words = [word.strip("“”*") for word in query.text.split()]
        asked = _phrase(words[0]) if phrase else " AND ".join(f'"{word}"' for word in words)
        filters = [f"town={one}" for one in query.filters.towns] + [f"item={one}" for one in query.filters.items]
        where, given = "SELECT rowid FROM cut WHERE cut MATCH ?", [asked]
        for value in filters:
            where += " AND rowid IN (SELECT id FROM counted WHERE value = ?)"
            given.append(value)
        (total,) = self._db.execute(f"SELECT count(*) FROM ({where})", given).fetchone()  # noqa: S608 - our own words
        if query.sort is Sort.RELEVANCE:
            ordered = f"{where} ORDER BY rank LIMIT 20"
        else:
            by = "rating" if query.sort is Sort.RATING else "published"
            ordered = f"SELECT id FROM listing WHERE id IN ({where}) ORDER BY {by} DESC LIMIT 20"  # noqa: S608 - likewise
        page = [number for (number,) in self._db.execute(ordered, given)]
        if not query.counted:
            return total, page, 0
        counts = self._db.execute(
            f"SELECT value, count(*) FROM counted WHERE id IN ({where}) GROUP BY value",  # noqa: S608 - likewise
            given,
        ).fetchall()
        return total, page, len(counts)

    def suggest(self, prefix: str, limit: int = 8) -> list[int]:
        """Return listings whose names hold what was typed."""
        asked = f"name_grams : {_phrase(prefix)}"
        return [one for (one,) in self._db.execute("SELECT rowid FROM cut WHERE cut MATCH ? LIMIT ?", (asked, limit))]

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _phrase(text: str) -> str:
    return '"' + " ".join(analysis.query_grams(text)) + '"'
