"""The engine inside PostgreSQL: one table in a schema of its own, for sites on several hosts.

Tokens come cut, each with its field before it, so that a whole question is one `tsquery` over one GIN index, which also
holds the values that are filtered by and counted. The table belongs to the index: a rebuild makes it, fills it beside
the old one and renames it, all in one transaction; no migration knows it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from core.errors import Unavailable
from search import formats, native, native_asking
from search.backend import PAGE_SIZE, Health, Query, Results, Suggestion
from search.documents import Document, Kind
from search.native import Place, broken
from search.native_asking import BEHIND, Ahead, Narrowed, Wanted
from search.native_rows import Row, counted, kind_place, row, rows
from search.native_sets import members
from search.postgres_language import FLOOR, RANKED, SHORT, lexeme, ranked, ranking, where
from search.query import read

LOCK: Final = 0x5EA2C4
PATIENCE: Final = "10s"
READING: Final = (
    "-c statement_timeout=5s -c jit=off -c max_parallel_workers_per_gather=0 -c work_mem=32MB -c enable_seqscan=off"
)
"""A search is over before a compiler would have begun, and leaves the other processors to other readers. Reading the
tokens of a row costs twenty times what the planner takes it for, so no table is read through where an index tells, and
what an index finds is kept row by row."""
TABLE: Final[LiteralString] = """
    CREATE TABLE search.document_next (
        key text COLLATE "C" PRIMARY KEY, document text NOT NULL, title text NOT NULL, folded text NOT NULL,
        facets text[] NOT NULL, tokens tsvector NOT NULL, words tsvector NOT NULL, kind_place smallint NOT NULL,
        state text NOT NULL, price bigint, on_time float8, rating float8, published bigint, closes bigint,
        boost float8 NOT NULL
    );
    ALTER TABLE search.document_next ALTER words SET STORAGE main, ALTER facets SET STORAGE main
"""
"""What is read of every match lies in the row; what is read of twenty, or never, beside it."""
COPY: Final[LiteralString] = """
    COPY search.document_next (key, document, title, folded, facets, tokens, words, kind_place, state, price, on_time,
        rating, published, closes, boost) FROM STDIN
"""
PUT: Final[LiteralString] = """
    INSERT INTO search.document (key, document, title, folded, facets, tokens, words, kind_place, state, price, on_time,
        rating, published, closes, boost)
    VALUES (%s, %s, %s, %s, %s, %s::tsvector, %s::tsvector, %s, %s, %s, %s, %s, %s, %s, %s)
"""
NEXT: Final[tuple[LiteralString, ...]] = (
    "SET LOCAL maintenance_work_mem = '256MB'",
    "CREATE INDEX ON search.document_next USING gin (tokens, facets)",
    "CREATE INDEX ON search.document_next (published DESC NULLS LAST, boost DESC, key)",
    "ANALYZE search.document_next",
)
SWAP: Final[tuple[LiteralString, ...]] = (
    "DROP TABLE IF EXISTS search.document",
    "ALTER TABLE search.document_next RENAME TO document",
)
MARK: Final[LiteralString] = "SELECT obj_description(to_regclass('search.document'), 'pg_class')"
"""Asked of a connection before each search, in place of the question whether it still answers."""
AGENCY: Final = list(Kind).index(Kind.AGENCY)
ORDERS: Final[dict[str, str]] = {
    "kind": "kind_place, boost DESC, key",
    "names": "kind_place, length(title), boost DESC, key",
    "newest": "published DESC NULLS LAST, boost DESC, key",
    "closing": "(state <> 'open'), closes NULLS LAST, boost DESC, key",
    "price": "price NULLS LAST, boost DESC, key",
    "on_time": "on_time DESC NULLS LAST, boost DESC, key",
    "rating": "rating DESC NULLS LAST, boost DESC, key",
}


class PostgresBackend:
    """Documents in a table of the market's own PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._idle: list[psycopg.Connection[Any]] = []
        self._lock = threading.Lock()

    def replace_all(self, documents: Iterable[Document]) -> int:
        """Build a new table beside the old one and put it in its place; return how many documents it holds.

        The documents are drawn under the writer's lock, so that a change made meanwhile waits and comes after.
        """
        with self._writing(to_build=True) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS search")
            connection.execute("DROP TABLE IF EXISTS search.document_next")
            connection.execute(TABLE)
            count = 0
            with connection.cursor() as cursor, cursor.copy(COPY) as copy:
                for one in rows(documents):
                    copy.write_row(_values(one))
                    count += 1
            for statement in (*NEXT, *SWAP):
                connection.execute(statement)
            connection.execute(sql.SQL("COMMENT ON TABLE search.document IS {}").format(_mark()))
            return count

    def put(self, documents: Iterable[Document]) -> None:
        """Store documents, each in place of its former self, all in one commit; those not public are taken out."""
        given = {document.key: document for document in documents}
        if given:
            with self._writing() as connection, connection.cursor() as cursor:
                cursor.execute("DELETE FROM search.document WHERE key = ANY(%s)", [list(given)])
                cursor.executemany(PUT, [_values(row(one)) for one in given.values() if one.public])

    def remove(self, keys: Iterable[str]) -> None:
        """Take documents out by their keys, all in one commit."""
        if gone := list(keys):
            with self._writing() as connection:
                connection.execute("DELETE FROM search.document WHERE key = ANY(%s)", [gone])

    def search(self, query: Query) -> Results:
        """Answer a question. Raises Invalid when the line breaks a limit, Unavailable when the index is gone."""
        with self._reading() as connection:
            return native.answer(query, _Asking(connection))

    def find(self, query: Query) -> Results:
        """Answer a question without reading its hits; raises what `search` does."""
        with self._reading() as connection:
            return native.find(query, _Asking(connection))[0]

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return things whose name, or its pinyin, goes on as was typed; names that begin so come first."""
        with self._reading() as connection:
            return native.suggest(prefix, limit, _Asking(connection))

    def health(self) -> Health:
        """Say whether the index can answer: counts all documents, searches for one and reads it."""
        try:
            with self._reading(any_format=True) as connection:
                schema, table, mark = connection.execute(
                    f"SELECT to_regnamespace('search'), to_regclass('search.document'), ({MARK})"
                ).fetchall()[0]
                if table is None:
                    return Health(ok=False, documents=0, reason="lost" if schema is not None else "none-built")
                if mark != _mark():
                    return Health(ok=False, documents=0, reason="outdated")
                asking = _Asking(connection)
                count = asking.how_many(native_asking.Everything())
                asking.best(native_asking.strict(read("监理")), 0, 1)
                return Health(ok=True, documents=count)
        except Unavailable:
            return Health(ok=False, documents=0, reason="corrupt")

    @contextmanager
    def _writing(self, *, to_build: bool = False) -> Iterator[psycopg.Connection[Any]]:
        """Open a transaction under the writer's lock.

        Raises Unavailable: search-index-busy when another writer keeps it, search-index-lost without a table of
        this release's format.
        """
        with broken(), psycopg.connect(self._url, options=f"-c lock_timeout={PATIENCE}") as connection:
            try:
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            except psycopg.errors.LockNotAvailable:
                raise Unavailable("search-index-busy") from None
            if not to_build and _mark_in(connection) != _mark():
                raise Unavailable("search-index-lost")
            yield connection

    def close(self) -> None:
        """Close what stands idle."""
        with self._lock:
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    @contextmanager
    def _reading(self, *, any_format: bool = False) -> Iterator[psycopg.Connection[Any]]:
        """Lend a connection that answers; one that failed is closed, the others wait for the next search.

        Raises Unavailable("search-index-lost") for an index of another format, unless that is asked for.
        """
        with broken():
            connection, mark = self._taken()
            try:
                if not any_format and mark != _mark():
                    raise Unavailable("search-index-lost")
                yield connection
            except psycopg.errors.QueryCanceled:  # too slow is not broken
                raise Unavailable("search-index-busy") from None
            except psycopg.Error:
                connection.close()
                raise
            finally:
                if not connection.closed:
                    with self._lock:
                        self._idle.append(connection)

    def _taken(self) -> tuple[psycopg.Connection[Any], str | None]:
        """Return a connection, and the mark of the index it reads."""
        while self._idle:
            try:
                with self._lock:
                    connection = self._idle.pop()
                return connection, _mark_in(connection)
            except (IndexError, psycopg.Error):
                continue
        connection = psycopg.connect(self._url, autocommit=True, options=READING)
        return connection, _mark_in(connection)


class _Asking:
    """One connection, asked with trees."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def how_many(self, lean: Wanted) -> int:
        """Return how many documents there are in a set."""
        return int(self._rows("SELECT count(*) FROM search.document WHERE", lean)[0][0])

    def deepest(self, lean: Sequence[Wanted]) -> int:
        """Return in how many of these sets a document lies at the most."""
        return native.deepest_by_halving(lean, self.how_many)

    def values(self, lean: Wanted) -> native.Values:
        """Count the values of every dimension over a set."""
        drawn = "SELECT value, count(*) FROM search.document, unnest(facets) value WHERE"
        return counted(self._rows(drawn, lean, "GROUP BY value"))

    def best(self, wanted: Wanted, start: int, size: int) -> Sequence[Place]:
        """Return a piece of a set by score; what is to stand ahead of the rest is less than a page."""
        part, filters = (wanted.part, wanted.filters) if isinstance(wanted, Narrowed) else (wanted, ())
        if not isinstance(part, Ahead):
            return self._tiers(wanted, start, size)
        ahead = self._tiers(Narrowed(part.first, filters), 0, PAGE_SIZE)
        found, known = ahead[start : start + size], [place.key for place in ahead]
        rest = self._tiers(Narrowed(part.rest, filters), max(0, start - len(ahead)), size - len(found), known)
        return found + [place._replace(score=place.score * BEHIND) for place in rest]

    def page(self, lean: Wanted, order: str, start: int, size: int) -> Sequence[Place]:
        """Return a piece of a set in an order."""
        return self._places("0", lean, f"ORDER BY {ORDERS[order]} LIMIT {size} OFFSET {start}")

    def _tiers(self, wanted: Wanted, start: int, size: int, without: Sequence[str] = ()) -> list[Place]:
        """Return a piece by score: those whose names have a word of the line are ranked, then come all others.

        The others score the same but for what lifts them, so none of their tokens is read.
        """
        if size < 1:
            return []
        lean, words = members(wanted), ranked(wanted)
        found: list[Place] = []
        first = ("AND tokens @@ %s::tsquery AND key <> ALL(%s)", (words, list(without)))
        if words:
            rank, given = ranking(wanted)
            rest = f"{first[0]} ORDER BY score DESC, key LIMIT {size} OFFSET {start}"
            found = self._places(rank, lean, rest, given, first[1])
        if len(found) == size:
            return found
        before = start + len(found)
        if words and start and not found:
            before = int(self._rows("SELECT count(*) FROM search.document WHERE", lean, *first)[0][0])
        rest = "AND key <> ALL(%s)" + (" AND NOT words @@ %s::tsquery" if words else "")
        rest += f" ORDER BY boost DESC, key LIMIT {size - len(found)} OFFSET {max(0, start - before)}"
        return found + self._places(str(FLOOR), lean, rest, (), (list(without), words) if words else (list(without),))

    def _places(
        self, rank: str, lean: Wanted, rest: str, before: Sequence[Any] = (), after: Sequence[Any] = ()
    ) -> list[Place]:
        columns = f"({rank}) * (1 + boost) AS score, key, kind_place = {AGENCY} AND rating IS NULL, document"
        drawn = f"SELECT {columns} FROM search.document WHERE"  # noqa: S608 - ours
        found = self._rows(drawn, lean, rest, after, before)
        return [native.unread(float(score), key, turns, packed) for score, key, turns, packed in found]

    def _rows(
        self, drawn: str, lean: Wanted, rest: str = "", after: Sequence[Any] = (), before: Sequence[Any] = ()
    ) -> list[Any]:
        """Run a statement made of our own words over a set; what was typed goes beside it, never into it."""
        condition, given = where(lean)
        asked = f"{drawn} ({condition}) {rest}".encode()
        return self._connection.execute(asked, (*before, *given, *after)).fetchall()


def _mark() -> str:
    return formats.mark(f"postgresql {TABLE} {NEXT} {SHORT} {RANKED}")


def _mark_in(connection: psycopg.Connection[Any]) -> str | None:
    found = connection.execute(MARK).fetchone()
    return found[0] if found else None


def _values(one: Row) -> tuple[Any, ...]:
    """Return a row's columns in the order of COPY and PUT."""
    facts = one.facts
    tokens = {lexeme(name, token) for name, held in one.tokens.items() for token in held}
    return (
        one.key,
        one.document,
        one.reads["title"],
        f"{one.reads['names']}   {one.reads['text']}",
        list(one.facets),
        " ".join(sorted(tokens)),
        " ".join(f"{lexeme(name, token)}:1{label}" for name, label in RANKED for token in set(one.tokens[name])),
        kind_place(facts),
        facts.state,
        facts.price,
        facts.on_time,
        facts.rating,
        facts.published if facts.published >= 0 else None,
        facts.closes if facts.closes >= 0 else None,
        facts.boost,
    )
