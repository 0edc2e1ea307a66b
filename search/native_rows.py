"""What an engine that counts by itself is given of a document: tokens, values, numbers and keys to sort by. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from search import analysis
from search.analysis import Analysed
from search.backend import Dimension
from search.documents import Document, Kind, dumps
from search.faceting import Facts, facts_of, values_of
from search.folding import HAN, fold

LONGEST_TOKEN: Final = 400
"""No line is as long, so a token's end is never asked for; engines refuse longer ones."""
BLANK: Final = "\ue000"
"""Stands for a blank inside a token; folded text never holds it, since it cannot be printed."""
GAP: Final = "   "
"""Stands between texts; no phrase has three blanks."""
READS: Final = {"title": "title_grams", "names": "name_grams", "text": "text_grams"}
"""The field of pieces, with their places, of each text of `Row.reads`."""
TOKEN_FIELDS: Final = (
    *("title", "names", "about", "body"),
    *("name_grams", "text_grams", "pinyin", "initials", "codes", "exact"),
)
_KINDS: Final = [kind.value for kind in Kind]
_LATEST: Final = 1 << 40
_MILLIONTHS: Final = 1_000_000
_MOST_BOOST: Final = 8
_CLASSES: Final = re.compile(rf"(?P<han>[{HAN}])|(?P<digit>\d)")


@dataclass(frozen=True)
class Row:
    """A document as such an engine stores it.

    tokens: by field, in reading order. reads: the folded title, names (the title among them) and texts. facets: every
    value it counts under, as `dimension=value`. boost: what lifts its score, 0.25 by a quarter.
    """

    key: str
    document: str
    tokens: Mapping[str, tuple[str, ...]]
    reads: Mapping[str, str]
    facets: tuple[str, ...]
    facts: Facts

    @property
    def boost(self) -> float:
        """What the text's score is raised by."""
        return self.facts.boost


def row(document: Document) -> Row:
    """Cut a document up and draw what is counted and sorted by."""
    cut = analysis.analyse(document)
    facts = facts_of(document)
    names = [fold(name) for name in (document.title, *document.names)]
    texts = [fold(text) for text in (*document.about, document.body)]
    return Row(
        key=document.key,
        document=dumps(document),
        tokens={name: _short(cut, name) for name in TOKEN_FIELDS},
        reads={"title": names[0], "names": GAP.join(names), "text": GAP.join(texts)},
        facets=tuple(f"{dimension.value}={value}" for dimension, held in values_of(facts).items() for value in held),
        facts=facts,
    )


def rows(documents: Iterable[Document]) -> Iterator[Row]:
    """Cut public documents up, each key once."""
    seen: set[str] = set()
    for document in documents:
        if document.public and document.key not in seen:
            seen.add(document.key)
            yield row(document)


def pieces(text: str) -> list[str]:
    """Cut folded text into overlapping pairs of whatever it is made of, so that a substring is a run of pairs.

    Where a Chinese run or one of digits ends, its last character follows once more alone, as in `analysis.grams`; so
    the same tokens serve for pairs anywhere. The last character of all comes alone too.
    """
    found: list[str] = []
    shown = text.replace(" ", BLANK)
    classes = [match.lastgroup if (match := _CLASSES.match(char)) else None for char in text]
    for at, char in enumerate(shown):
        last = at + 1 == len(shown)
        if not last:
            found.append(shown[at : at + 2])
        if last or (classes[at] is not None and classes[at + 1] != classes[at]):
            found.append(char)
    return found


def wanted_pieces(text: str) -> list[str]:
    """Cut what a text must read into pieces: as `pieces` does, but what follows the last character is not known."""
    found = pieces(text)
    return found[:-1] if len(text) > 1 else found


def counted(values: Iterable[tuple[str, int]]) -> dict[Dimension, Counter[str]]:
    """Part counts of `dimension=value` by their dimension."""
    found: dict[Dimension, Counter[str]] = defaultdict(Counter)
    for value, count in values:
        name, _equals, plain = value.partition("=")
        found[Dimension(name)][plain] = count
    return found


def kind_place(facts: Facts) -> int:
    """Return where a document's kind stands among the tabs."""
    return _KINDS.index(facts.kind)


def sort_key(order: str, facts: Facts) -> str:
    """Return what sorts a document in an order as plain text: by its number, then by what lifts it, then by key."""
    boost = f"{round((_MOST_BOOST - min(facts.boost, _MOST_BOOST)) * _MILLIONTHS):07d}"
    return f"{ORDERS[order](facts)}{boost}{facts.key}"


def _share(share: float | None) -> str:
    return "f" if share is None else f"0{round((1 - share) * _MILLIONTHS):07d}"


ORDERS: Final[Mapping[str, Callable[[Facts], str]]] = {
    "kind": lambda facts: str(kind_place(facts)),
    "newest": lambda facts: f"{_LATEST - facts.published:011x}",
    "closing": lambda facts: f"{facts.state != 'open':d}{facts.closes if facts.closes >= 0 else _LATEST:011x}",
    "price": lambda facts: "f" if facts.price is None else f"0{facts.price:015x}",
    "on_time": lambda facts: _share(facts.on_time),
    "rating": lambda facts: _share(facts.rating),
}
"""Orders by the name of `Sort`, and `kind` where no words were searched."""


def _short(cut: Analysed, name: str) -> tuple[str, ...]:
    return tuple(token[:LONGEST_TOKEN] for token in getattr(cut, name))
