"""The engine on a search server: OpenSearch over plain HTTP, for a city that has one.

Only `_bulk`, `_search`, `_count`, mappings and aliases are asked for, so that its kin answer too. Text comes cut; the
server splits it at blanks. Readers ask an alias; a rebuild fills an index beside it and moves the alias in one step.
While one is filled, which its mapping tells with the time it was last at work, changes wait.
"""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from core.clock import SystemClock
from core.errors import Unavailable
from search import formats, native, native_asking
from search.backend import Health, Query, Results, Suggestion
from search.documents import Document, loads
from search.matching import WORD_FIELDS
from search.native import broken
from search.native_asking import Wanted
from search.native_rows import NATIVE_LOOKUPS, READS, Row, counted, kind_place, pieces, row, rows
from search.opensearch_language import query_of

TIMEOUT: Final = 10.0
WRITING: Final = 120.0
"""Seconds that a search, and that a request which writes may take."""
BULK: Final = 500
MOST_VALUES: Final = 5000
MARK_SECONDS: Final = 10.0
"""A reader looks at the mark of the index's format at most so often."""
BUILDER_SECONDS: Final = 120
"""A builder that was silent for so long is dead."""
FOUND, MISSING = range(200, 300), 404
ORDERS: Final[dict[str, list[dict[str, dict[str, str]]]]] = {
    "kind": [{"kind_place": {"order": "asc"}}],
    "names": [{"kind_place": {"order": "asc"}}, {"title_length": {"order": "asc"}}],
    "newest": [{"published": {"order": "desc", "missing": "_last"}}],
    "closing": [{"ended": {"order": "asc"}}, {"closes": {"order": "asc", "missing": "_last"}}],
    "price": [{"price": {"order": "asc", "missing": "_last"}}],
    "on_time": [{"on_time": {"order": "desc", "missing": "_last"}}],
    "rating": [{"rating": {"order": "desc", "missing": "_last"}}],
}
TIES: Final = [{"lift": {"order": "desc"}}, {"key": {"order": "asc"}}]


class OpenSearchBackend:
    """Documents in an index of a search server. The address ends in the alias: http://host:9200/market."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._alias = parts.path.strip("/") or "market"
        self._server = f"{parts.scheme}://{parts.hostname}:{parts.port or 9200}"
        self._headers = {"Content-Type": "application/json"}
        self._look_again = 0.0
        if parts.username:
            given = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {base64.b64encode(given.encode()).decode()}"

    def replace_all(self, documents: Iterable[Document]) -> int:
        """Build a new index beside the old one and put it in its place; return how many documents it holds.

        Changes that come while the documents are drawn wait until it stands.
        """
        with broken():
            built, former = self._begin()
            count = 0
            try:
                drawn = rows(documents)
                while some := list(islice(drawn, BULK)):
                    self._bulk(line for one in some for line in _lines(built, one))
                    self._call("PUT", f"/{built}/_mapping", {"_meta": {"at": _now()}})
                    count += len(some)
                self._call("POST", f"/{built}/_refresh")
                self._call("PUT", f"/{built}/_mapping", {"_meta": {"mark": _mark()}})
            except BaseException:
                self._call("DELETE", f"/{built}")
                raise
            actions: list[Any] = [{"remove_index": {"index": one}} for one in former]
            actions.append({"add": {"index": built, "alias": self._alias}})
            self._call("POST", "/_aliases", {"actions": actions})
            self._look_again = 0.0
            return count

    def put(self, documents: Iterable[Document]) -> None:
        """Store documents, each in place of its former self, all in one request; those not public are taken out."""
        self._write({document.key: document if document.public else None for document in documents})

    def remove(self, keys: Iterable[str]) -> None:
        """Take documents out by their keys, all in one request."""
        self._write(dict.fromkeys(keys))

    def search(self, query: Query) -> Results:
        """Answer a question. Raises Invalid when the line breaks a limit, Unavailable when the index is gone."""
        with broken():
            return native.answer(query, self)

    def find(self, query: Query) -> Results:
        """Answer a question without reading its hits; raises what `search` does."""
        with broken():
            return native.find(query, self)[0]

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return things whose name, or its pinyin, goes on as was typed; names that begin so come first."""
        with broken():
            return native.suggest(prefix, limit, self)

    def health(self) -> Health:
        """Say whether the index can answer: counts all documents and reads one."""
        try:
            with broken():
                current, known = self._current(), self._indexes()
                if not known:
                    return Health(ok=False, documents=0, reason="none-built")
                if current is None:
                    return Health(ok=False, documents=0, reason="lost")
                if known[current].get("mark") != _mark():
                    self._look_again = 0.0
                    return Health(ok=False, documents=0, reason="outdated")
                self.page(native_asking.Everything(), "kind", 0, 1)
                return Health(ok=True, documents=self.how_many(native_asking.Everything()))
        except Unavailable:
            return Health(ok=False, documents=0, reason="lost")

    def how_many(self, lean: Wanted) -> int:
        """Return how many documents there are in a set."""
        return int(self._ask("_count", {"query": query_of(lean)})["count"])

    def deepest(self, lean: Sequence[Wanted]) -> int:
        """Return in how many of these sets a document lies at the most: each gives it one point."""
        points = [{"constant_score": {"filter": query_of(one), "boost": 1.0}} for one in lean]
        body = {"query": {"bool": {"should": points}}, "size": 1, "_source": False, "track_total_hits": False}
        hits = self._ask("_search", body)["hits"]["hits"]
        return round(float(hits[0]["_score"])) if hits else 0

    def values(self, lean: Wanted) -> native.Values:
        """Count the values of every dimension over a set."""
        asked = {"all": {"terms": {"field": "facets", "size": MOST_VALUES}}}
        found = self._ask("_search", {"size": 0, "query": query_of(lean), "aggs": asked})
        return counted((one["key"], int(one["doc_count"])) for one in found["aggregations"]["all"]["buckets"])

    def best(self, wanted: Wanted, start: int, size: int) -> Sequence[native.Place]:
        """Return a piece of a set by score."""
        return self._places(_lifted(wanted), [{"_score": {"order": "desc"}}, *TIES[1:]], start, size)

    def page(self, lean: Wanted, order: str, start: int, size: int) -> Sequence[native.Place]:
        """Return a piece of a set in an order."""
        return self._places(query_of(lean), [*ORDERS[order], *TIES], start, size)

    def _places(self, asked: dict[str, Any], sort: list[Any], start: int, size: int) -> list[native.Place]:
        body = {
            "query": asked,
            "from": start,
            "size": size,
            "sort": sort,
            "_source": ["document"],
            "track_total_hits": False,
        }
        hits = self._ask("_search", body)["hits"]["hits"]
        return [native.place_of(float(hit.get("_score") or 0), loads(hit["_source"]["document"])) for hit in hits]

    def _write(self, changes: dict[str, Document | None]) -> None:
        if not changes:
            return
        with broken():
            current, known = self._current(), self._indexes()
            if current is None or known[current].get("mark") != _mark():
                raise Unavailable("search-index-lost")
            if any(_at_work(meta) for name, meta in known.items() if name != current):
                raise Unavailable("search-index-busy")
            lines: list[dict[str, Any]] = []
            for key, document in changes.items():
                if document is None:
                    lines.append({"delete": {"_index": current, "_id": key}})
                else:
                    lines += _lines(current, row(document))
            self._bulk(lines, refresh=True)

    def _begin(self) -> tuple[str, list[str]]:
        """Make the next index and return its name and those it is to replace, clearing what a dead builder left."""
        current, known = self._current(), self._indexes()
        if any(_at_work(meta) for name, meta in known.items() if name != current):
            raise Unavailable("search-index-busy")
        for name in known:
            if name != current:
                self._call("DELETE", f"/{name}")
        number = int(current.rpartition("-")[2]) + 1 if current else 1
        built = f"{self._alias}-{number:06d}"
        self._call("PUT", f"/{built}", _settings())
        return built, [current] if current else []

    def _current(self) -> str | None:
        found = self._call("GET", f"/_alias/{self._alias}", may_miss=True)
        return next(iter(found), None) if found else None

    def _indexes(self) -> dict[str, dict[str, Any]]:
        """Return what each index of ours says of its builder, by name."""
        found = self._call("GET", f"/{self._alias}-*/_mapping", may_miss=True) or {}
        return {name: one["mappings"].get("_meta") or {} for name, one in found.items()}

    def _bulk(self, lines: Iterable[dict[str, Any]], *, refresh: bool = False) -> None:
        body = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        done = self._call("POST", f"/_bulk?refresh={'true' if refresh else 'false'}", body)
        failed = [one for item in done["items"] for one in item.values() if one["status"] not in {*FOUND, MISSING}]
        if failed:
            raise RuntimeError(f"the search server refused {len(failed)} documents")

    def _ask(self, verb: str, body: dict[str, Any]) -> Any:
        if time.monotonic() >= self._look_again:
            found = self._call("GET", f"/{self._alias}/_mapping", patience=TIMEOUT)
            if any((one["mappings"].get("_meta") or {}).get("mark") != _mark() for one in found.values()):
                raise Unavailable("search-index-lost")
            self._look_again = time.monotonic() + MARK_SECONDS
        return self._call("POST", f"/{self._alias}/{verb}", body, patience=TIMEOUT)

    def _call(
        self, method: str, path: str, body: Any = None, *, may_miss: bool = False, patience: float = WRITING
    ) -> Any:
        """Send a request and read its JSON; None for what is missing and may be."""
        data = None if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
        asked = urllib.request.Request(  # noqa: S310 - the address is a setting of the site
            f"{self._server}{path}", data=data, method=method, headers=self._headers
        )
        try:
            with urllib.request.urlopen(asked, timeout=patience) as answered:  # noqa: S310 - likewise
                return json.loads(answered.read() or b"{}")
        except urllib.error.HTTPError as error:
            with error:
                if may_miss and error.code == MISSING:
                    return None
                raise RuntimeError(f"the search server answered {error.code}") from error
        except (urllib.error.URLError, TimeoutError):  # out of reach is not broken
            raise Unavailable("search-index-busy") from None


def _lines(index: str, one: Row) -> Iterator[dict[str, Any]]:
    facts = one.facts
    yield {"index": {"_index": index, "_id": one.key}}
    yield {
        "key": one.key,
        "document": one.document,
        **{name: " ".join(one.tokens[name]) for name in WORD_FIELDS},
        **{name: list(dict.fromkeys(one.tokens[name])) for name in NATIVE_LOOKUPS},
        **{field: " ".join(pieces(one.reads[name])) for name, field in READS.items()},
        "facets": one.facets,
        "lift": 1 + one.boost,
        "kind_place": kind_place(facts),
        "title_length": len(facts.title),
        "ended": facts.state != "open",
        "price": facts.price,
        "on_time": facts.on_time,
        "rating": facts.rating,
        "published": facts.published if facts.published >= 0 else None,
        "closes": facts.closes if facts.closes >= 0 else None,
    }


def _mark() -> str:
    return formats.mark(f"opensearch {_fields()}")


def _settings() -> dict[str, Any]:
    return {"mappings": {"dynamic": False, "_meta": {"at": _now()}, "properties": _fields()}}


def _fields() -> dict[str, Any]:
    return {
        "document": {"type": "keyword", "index": False, "doc_values": False},
        **{name: {"type": "text", "analyzer": "whitespace"} for name in WORD_FIELDS},
        **{name: {"type": "text", "analyzer": "whitespace", "norms": False} for name in READS.values()},
        **{name: {"type": "keyword"} for name in (*NATIVE_LOOKUPS, "facets", "key")},
        **{name: {"type": "double"} for name in ("lift", "on_time", "rating")},
        **{name: {"type": "long"} for name in ("price", "published", "closes")},
        "kind_place": {"type": "byte"},
        "title_length": {"type": "short"},
        "ended": {"type": "boolean"},
    }


def _lifted(wanted: Wanted) -> dict[str, Any]:
    """Multiply a score by what lifts the document."""
    by = {"field_value_factor": {"field": "lift", "missing": 1}}
    return {"function_score": {"query": query_of(wanted), "functions": [by], "boost_mode": "multiply"}}


def _at_work(meta: dict[str, Any]) -> bool:
    return "at" in meta and _now() - float(meta["at"]) < BUILDER_SECONDS


def _now() -> float:
    return SystemClock().now().timestamp()
