"""What an engine that counts by itself is given of a document: tokens, values, numbers and keys to sort by. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from typing import Final

from search import analysis
from search.analysis import Analysed
from search.backend import Dimension
from search.documents import Document, Kind, dumps
from search.faceting import Facts, facts_of, values_of
from search.folding import HAN, fold
from search.matching import GRAM_FIELDS, LOOKUPS, WORD_FIELDS

LONGEST_TOKEN: Final = 400
"""No line is as long, so a token's end is never asked for; engines refuse longer ones."""
BLANK: Final = "\ue000"
"""Stands for a blank inside a token; folded text never holds it, since it cannot be printed."""
BEGIN: Final = "\ue001"
"""Stands before a title, and before its pinyin, so that names that begin so are found as a piece of text."""
GAP: Final = "   "
"""Stands between texts; no phrase has three blanks."""
HEAD: Final = 4
"""So many characters that a name begins with are one token: a beginning that half of all names share is one look."""
READS: Final = {"title": "title_grams", "names": "name_grams", "text": "text_grams"}
"""The field of pieces, with their places, of each text of `Row.reads`."""
TOKEN_FIELDS: Final = (*WORD_FIELDS, *GRAM_FIELDS, *LOOKUPS)
HEADS: Final = "heads"
"""The field of beginnings: of the title, its pinyin and its initials, and of other names in Latin letters."""
NATIVE_LOOKUPS: Final = (*LOOKUPS, HEADS)
"""The fields of whole tokens, without places."""
_NAMED: Final = {one.value: one for one in Dimension}
_KINDS: Final = [kind.value for kind in Kind]
_LATEST: Final = 1 << 40
_DEAREST: Final = (1 << 63) - 1
_MILLIONTHS: Final = 1_000_000
_MOST_BOOST: Final = 8
_LONGEST_TITLE: Final = 1023
_SPELLED: Final = 40
_RUNS: Final = re.compile(rf"[{HAN}]+|\d+")


@dataclass(frozen=True)
class Row:
    """A document as such an engine stores it.

    tokens: by field, in reading order. reads: the folded title behind BEGIN, names (the title among them) and texts.
    facets: every value it counts under, as `dimension=value`. boost: what lifts its score, 0.25 by a quarter.
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
        tokens={name: _short(cut, name) for name in TOKEN_FIELDS} | _spelled(cut, names[0]),
        reads={"title": f"{BEGIN}{names[0]}", "names": GAP.join(names), "text": GAP.join(texts)},
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
    if not text:
        return []
    shown = text.replace(" ", BLANK)
    found = [*map(add, shown, shown[1:]), shown[-1]]
    ends = [run.end() for run in _RUNS.finditer(text)]
    for end in reversed(ends):
        if end < len(text):
            found.insert(end, shown[end - 1])
    return found


@lru_cache(maxsize=1024)
def wanted_pieces(text: str) -> tuple[str, ...]:
    """Cut what a text must read into pieces: as `pieces` does, but what follows the last character is not known."""
    found = pieces(text)
    return tuple(found[:-1] if len(text) > 1 else found)


def counted(values: Iterable[tuple[str, int]]) -> dict[Dimension, Counter[str]]:
    """Part counts of `dimension=value` by their dimension."""
    found: dict[Dimension, Counter[str]] = defaultdict(Counter)
    for value, count in values:
        name, _equals, plain = value.partition("=")
        found[_NAMED[name]][plain] = count
    return found


def kind_place(facts: Facts) -> int:
    """Return where a document's kind stands among the tabs."""
    return _KINDS.index(facts.kind)


def lifted(facts: Facts) -> int:
    """Return what puts documents with the same number in order, the least first: what lifts them, turned round."""
    return round((_MOST_BOOST - min(facts.boost, _MOST_BOOST)) * _MILLIONTHS)


def tie_key(facts: Facts) -> str:
    """Return what puts documents with the same number in order as plain text: what lifts them, then their key."""
    return f"{lifted(facts):07d}{facts.key}"


def _share(share: float | None) -> int:
    return _LATEST if share is None else round((1 - share) * _MILLIONTHS)


ORDERS: Final[Mapping[str, Callable[[Facts], int]]] = {
    "kind": kind_place,
    "names": lambda facts: kind_place(facts) << 10 | min(len(facts.title), _LONGEST_TITLE),
    "newest": lambda facts: _LATEST - facts.published,
    "closing": lambda facts: (facts.state != "open") << 41 | (facts.closes if facts.closes >= 0 else _LATEST),
    "price": lambda facts: _DEAREST if facts.price is None else facts.price,
    "on_time": lambda facts: _share(facts.on_time),
    "rating": lambda facts: _share(facts.rating),
}
"""The number that sorts a document, the least first, by the name of `Sort`; `kind` where no words were searched, and
`names` for suggestions. Documents with the same number go by `tie_key`."""


def _short(cut: Analysed, name: str) -> tuple[str, ...]:
    held: tuple[str, ...] = getattr(cut, name)
    return held if max(map(len, held), default=0) <= LONGEST_TOKEN else tuple(token[:LONGEST_TOKEN] for token in held)


def head(beginning: str) -> str:
    """Return the token of a name's beginning, of HEAD characters at the most."""
    return f"{BEGIN}{beginning[:HEAD]}".replace(" ", BLANK)


def _spelled(cut: Analysed, title: str) -> dict[str, tuple[str, ...]]:
    """Return the pinyin and initials of the document, those of its whole title behind BEGIN too; and all heads."""
    spelled, initials = analysis.pinyin_of(title)[:_SPELLED], analysis.initials_of(title)[:_SPELLED]
    begun = [name[:length] for name in (title, spelled, initials) for length in range(1, HEAD + 1)]
    begun += filter(str.isascii, (name[:length] for name in cut.exact for length in range(1, HEAD + 1)))
    found = {HEADS: tuple(dict.fromkeys(map(head, filter(None, begun))))}
    if spelled:
        found |= {"pinyin": (*cut.pinyin, f"{BEGIN}{spelled}"), "initials": (*cut.initials, f"{BEGIN}{initials}")}
    return found
