"""The one door to every search engine: what is asked, what comes back, and what an adapter must do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from search.documents import Document, Kind, document_key
from search.plan import Chip, PriceBand
from search.vocabulary import Via

PAGE_SIZE: Final = 20
MOST_PAGES: Final = 50


class Sort(StrEnum):
    """Orders of a result; ties go by score, then by name."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    CLOSING = "closing"
    PRICE = "price"
    ON_TIME = "on_time"
    RATING = "rating"


class Dimension(StrEnum):
    """What results are counted and filtered by."""

    KIND = "kind"
    TOWN = "town"
    ITEM = "item"
    STAGE = "stage"
    GRADE = "grade"
    STATE = "state"
    PRICE = "price"
    ON_TIME = "on_time"
    RATING = "rating"
    CHIPS = "chips"


class Relaxed(StrEnum):
    """What had to give way for a result not to be empty."""

    NOTHING = ""
    SPELLING = "spelling"
    MEANT = "meant"
    SOME_WORDS = "some_words"
    SIMILAR = "similar"
    SOUND = "sound"
    CONDITIONS = "conditions"


@dataclass(frozen=True)
class Filters:
    """What the reader ticked; an empty part lets everything pass, several values of one part are "or".

    prices: bands in whole fen. on_time, rating: the least share, 0 to 1.
    """

    towns: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    prices: tuple[PriceBand, ...] = ()
    on_time: float | None = None
    rating: float | None = None


@dataclass(frozen=True)
class Query:
    """One question. kind None asks all kinds; page from 1. seed: the day's, by which turns are taken; "" for none.

    counted: whether facets and offers are wanted; the total always is.
    """

    text: str = ""
    kind: Kind | None = None
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = PAGE_SIZE
    seed: str = ""
    counted: bool = True


@dataclass(frozen=True)
class Why:
    """One reason a document is there: the field that held it, the words found there, what was typed, and by which way.

    where: title, names, about, body, codes, pinyin.
    """

    where: str
    found: str
    typed: str
    via: Via


@dataclass(frozen=True)
class Hit:
    """A document found.

    marks: places in the title, (start, end), that matched. snippet: the part of the body around a match.
    """

    document: Document
    score: float
    why: tuple[Why, ...]
    marks: tuple[tuple[int, int], ...] = ()
    snippet: str = ""


@dataclass(frozen=True)
class Results:
    """An answer. total counts what passes every filter; hits are one page of it, keys those of its documents.

    facets: by dimension, values with counts, each counted under all other dimensions' filters. offers: for each
    filter in force, how many there would be without it. relaxed and corrected: what was asked instead, where nothing
    answered what was typed. beside: where few lie in the towns of the line, the best of other towns, agencies first;
    not counted. took_ms: milliseconds.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[Dimension, tuple[tuple[str, int], ...]]
    offers: tuple[tuple[Dimension, int], ...] = ()
    chips: tuple[Chip, ...] = ()
    relaxed: Relaxed = Relaxed.NOTHING
    corrected: str = ""
    amount_fen: int | None = None
    took_ms: float = 0.0
    keys: tuple[str, ...] = ()
    beside: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """A thing whose name goes on as was typed."""

    kind: Kind
    id: str
    title: str
    url: str

    @property
    def key(self) -> str:
        """The name of the document in an index."""
        return document_key(self.kind, self.id)


@dataclass(frozen=True)
class Health:
    """Whether the index can answer. reason: a stable code when it cannot: none-built, lost, outdated, corrupt."""

    ok: bool
    documents: int
    reason: str = ""


class SearchBackend(Protocol):
    """An engine that keeps documents and finds them. All take the tokens of `search.analysis`.

    Every method raises Unavailable("search-index-lost") when the index is gone, broken or of another format than this
    release's (`formats`); `health` says so instead.
    """

    def replace_all(self, documents: Iterable[Document]) -> int:
        """Build a new index beside the old one and put it in its place; return how many documents it holds."""

    def put(self, documents: Iterable[Document]) -> None:
        """Store documents, each in place of its former self, all in one commit; those not public are taken out."""

    def remove(self, keys: Iterable[str]) -> None:
        """Take documents out by their keys, all in one commit."""

    def search(self, query: Query) -> Results:
        """Answer a question. Raises Invalid when the line breaks a limit."""

    def find(self, query: Query) -> Results:
        """Answer a question without reading its hits: keys, total and counts. Raises Invalid like `search`."""

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return things whose name, or its pinyin, goes on as was typed."""

    def health(self) -> Health:
        """Say whether the index can answer."""
