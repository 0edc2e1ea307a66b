"""The words of the trade: synonyms from their data file, names of items, qualifications and towns from theirs.

Only texts and who equals whom; how a text is cut is analysis' business, how a query uses them vocabulary's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from accounts import reference as places
from agencies.catalogue import reference as catalogue
from core.datafile import Row, read_datafile, refuse_repeats
from search.folding import fold

DATA: Final = Path(__file__).parent / "data"
LONGEST_WORD: Final = 6
CITY: Final = "东莞"
TOWN_ENDINGS: Final = (
    "街道",
    "镇",
    "高新技术产业开发区",
    "高新区",
    "经济技术开发区",
    "生态园",
    "产业园",
    "开发区",
    "新区",
    "管委会",
)


@dataclass(frozen=True)
class Synonym:
    """A word and what else says it; all texts folded.

    narrower: words the term covers, found by the term and by its equals, not the other way. english: finds the term.
    """

    term: str
    same: tuple[str, ...]
    narrower: tuple[str, ...]
    english: tuple[str, ...]
    basis: str
    valid_from: date


@dataclass(frozen=True)
class Town:
    """A town as people write it: its code, whole name and the name without 镇 or 街道; folded."""

    code: str
    name: str
    stem: str
    english: str


@dataclass(frozen=True)
class ItemName:
    """A service item's code, stage and every name it goes by; folded."""

    code: str
    stage: str
    names: tuple[str, ...]
    english: str


@cache
def synonyms() -> tuple[Synonym, ...]:
    """Return the groups of synonyms, in the order of the file.

    Raises DataFileError when a term has two groups or a key is misspelled.
    """
    rows = read_datafile(DATA / "synonyms.toml").rows("synonyms")
    refuse_repeats(rows, "term")
    return tuple(_synonym(row) for row in rows)


@cache
def filler() -> frozenset[str]:
    """Return the words that narrow nothing."""
    row = read_datafile(DATA / "synonyms.toml").row("filler")
    row.only("words")
    return frozenset(fold(word) for word in row.texts("words"))


@cache
def context() -> frozenset[str]:
    """Return the words that say about what or how, and narrow nothing beside the name of a service."""
    row = read_datafile(DATA / "synonyms.toml").row("context")
    row.only("words")
    words = {fold(word) for word in row.texts("words")}
    equals = (other for group in synonyms() if group.term in words for other in group.same)
    return frozenset(words.union(equals))


@cache
def _kinds() -> tuple[dict[str, str], dict[str, str]]:
    beside: dict[str, str] = {}
    alone: dict[str, str] = {}
    for row in read_datafile(DATA / "synonyms.toml").rows("kinds"):
        row.only("kind", "words", "alone")
        beside.update((fold(word), row.text("kind")) for word in row.texts("words"))
        alone.update((fold(word), row.text("kind")) for word in row.texts("alone"))
    return beside, alone


def kind_named(word: str, *, bare: bool = False) -> str | None:
    """Return the kind of documents a word names beside a town or a service.

    bare: there is a town and nothing else; then a word does that elsewhere says little, as 项目.
    """
    beside, alone = _kinds()
    return beside.get(word) or (alone.get(word) if bare else None)


@cache
def item_names_by_code() -> dict[str, str]:
    """Return the folded name of each service item by its folded code without signs, as `analysis.whole` writes it."""
    return {"".join(filter(str.isalnum, fold(one.code))): one.names[0] for one in items()}


@cache
def towns() -> tuple[Town, ...]:
    """Return every division with its stem, longest stem first, so that 大岭山 is met before 大岭."""
    found = [
        Town(one.code, fold(one.name), _stem(fold(one.name)), fold(one.name_en).replace("'", ""))
        for one in places.all_divisions()
    ]
    return tuple(sorted(found, key=lambda town: (-len(town.stem), town.code)))


@cache
def items() -> tuple[ItemName, ...]:
    """Return every service item's names, in the order of the catalogue."""
    return tuple(
        ItemName(one.code, one.stage, tuple(fold(name) for name in (one.name, *one.aliases)), fold(one.name_en))
        for one in catalogue.items()
    )


@cache
def stages() -> dict[str, str]:
    """Return the code of each approval stage by its folded name and by what people call it."""
    found = {fold(stage.name): stage.code for stage in catalogue.stages()}
    return found | {
        fold(short): code
        for short, code in (("立项", "establishment"), ("用地规划", "establishment"), ("规划许可", "planning"))
        if code in found.values()
    }


@cache
def domain_words() -> tuple[str, ...]:
    """Return the words the segmenter keeps whole, sorted: none longer than LONGEST_WORD, none of one character."""
    found: set[str] = set()
    for group in synonyms():
        found.update((group.term, *group.same, *group.narrower))
    for item in items():
        found.update(item.names)
    for town in towns():
        found.update((town.name, town.stem))
    found.update(fold(one.name) for one in catalogue.qualifications())
    found.update(filler())
    found.update(context())
    found.update(word for words in _kinds() for word in words if not word.isascii())
    found.update(("中选通知书", "中介服务超市", "网上中介超市", "服务事项", "收费标准"))
    return tuple(sorted(word for word in found if 1 < len(word) <= LONGEST_WORD and not _has_sign(word)))


def grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Group words by key, in the order given, none twice."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for key, word in pairs:
        found[key][word] = None
    return MappingProxyType({key: tuple(words) for key, words in found.items()})


def _has_sign(word: str) -> bool:
    return any(not char.isalnum() for char in word)


def _stem(name: str) -> str:
    for ending in TOWN_ENDINGS:
        stem = name.removesuffix(ending)
        if stem != name and len(stem) > 1 and stem != CITY:
            return stem
    return name


def _synonym(row: Row) -> Synonym:
    row.only("term", "same", "narrower", "english", "basis", "valid_from")
    return Synonym(
        term=fold(row.text("term")),
        same=tuple(fold(word) for word in row.texts("same")),
        narrower=tuple(fold(word) for word in row.texts("narrower")),
        english=tuple(fold(word) for word in row.texts("english")),
        basis=row.text("basis"),
        valid_from=row.day("valid_from"),
    )
