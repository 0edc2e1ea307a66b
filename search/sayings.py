"""What people say who do not know a service's name, and which service a free line most likely means.

A line that nothing answers as it stands is held against each item's names, approvals and sayings: the pairs of
characters and the stems of words they share, each the heavier the fewer items have it. Only a clear lead counts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from types import MappingProxyType
from typing import Final

from whoosh.lang import porter

from core.datafile import read_datafile
from search import analysis, lexicon
from search.folding import HAN, fold

LEAST: Final = 4.5
"""What a line must share with an item: a pair no other item has weighs 4.6 where it is said often."""
MOST_CUT: Final = 4
"""A short form leaves out so many characters at the most."""
SHORT: Final = 6
"""A line of so few characters that holds no saying whole must share twice as much."""
LONGEST_NAME: Final = 4
"""The short name of an agency or a firm has no more characters."""
NEAR: Final = 0.8
"""Items that share so much of what the best one does are meant as well."""
ALONE: Final = 0.5
"""How much a single character weighs against a pair."""
MOST_MEANT: Final = 3
PARTICLES: Final = "的了吗呢我"
"""Single characters that are part of no word of the trade."""
SOUNDING: Final = 0.6
"""How much of its weight a pair counts that only sounds like one an item has."""
ONCE: Final = 1.5
"""A feature said once counts 1 / (1 + ONCE); the oftener it is said, the nearer to whole."""
NAMED: Final = 6
"""A name counts as often as so many sayings."""
GUIDE: Final = "guide/"
WHOLE: Final = 1.5
"""What a saying that stands in the line whole adds for each of its characters or letters' words."""
_stem: Final[Callable[[str], str]] = porter.stem
_RUNS: Final = re.compile(rf"[{HAN}]+")
_PARTS: Final = re.compile(r"[/()“”、]")
_WORDS: Final = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True)
class Saying:
    """What is said of one item or guide. of: the item's name, or GUIDE and the guide's title; all texts are folded."""

    of: str
    said: tuple[str, ...]
    english: tuple[str, ...]


@cache
def sayings() -> tuple[Saying, ...]:
    """Return the sayings of each item and guide, in the order of the file.

    Raises DataFileError when one stands twice, an item is not in the catalogue or a key is misspelled.
    """
    names = {one.code: one.names[0] for one in lexicon.items()}
    data = read_datafile(lexicon.DATA / "sayings.toml")
    data.only("valid_from", "sayings")
    found: dict[str, Saying] = {}
    for row in data.rows("sayings"):
        row.only("item", "guide", "title", "said", "english")
        key = "guide" if row.has("guide") else "item"
        of = f"{GUIDE}{fold(row.text('title'))}" if key == "guide" else names.get(row.text(key), "")
        if not of or of in found:
            raise row.refuse(key, f"{row.text(key)} is no item of the catalogue, or stands twice")
        found[of] = Saying(of, *(tuple(map(fold, row.texts(name))) for name in ("said", "english")))
    return tuple(found.values())


def of_guides() -> tuple[Saying, ...]:
    """Return what is said of each guide; it stands in the guide's text."""
    return tuple(one for one in sayings() if _is_guide(one.of))


def of_guide(title: str) -> tuple[str, ...]:
    """Return what is said of a guide, in both languages."""
    return next(((*one.said, *one.english) for one in of_guides() if one.of == f"{GUIDE}{fold(title)}"), ())


@cache
def named_by() -> Mapping[str, tuple[str, ...]]:
    """Return the names of the items each Chinese phrase means."""
    return lexicon.grouped((phrase, one.of) for one in sayings() if not _is_guide(one.of) for phrase in one.said)


@cache
def named_by_english() -> Mapping[str, tuple[str, ...]]:
    """Return the names of the items each English phrase means; plurals and hyphens fallen away."""
    return lexicon.grouped(
        (plain(phrase), one.of) for one in sayings() if not _is_guide(one.of) for phrase in one.english
    )


def plain(phrase: str) -> str:
    """Write an English phrase without plurals and hyphens."""
    return " ".join(analysis.singular(word) for word in phrase.replace("-", " ").split())


def meant(line: str) -> tuple[str, ...]:
    """Return the names of the items a folded line most likely means, the likeliest first; none where none leads."""
    return tuple(one for one in _leading(line) if not _is_guide(one))


def guides(line: str) -> tuple[str, ...]:
    """Return the titles of the guides that most likely tell what a line asks; none where it is about a service."""
    return tuple(one.removeprefix(GUIDE) for one in _leading(line) if _is_guide(one))


def is_strange(word: str) -> bool:
    """Tell whether a short Chinese word has no pair of what is said of any item, nor one that sounds like it."""
    if len(word) > LONGEST_NAME:
        return False
    pairs = [one for one in _features([word]) if len(one) > 1]
    return bool(pairs and _RUNS.fullmatch(word)) and not any(map(_weight_of, pairs))


@lru_cache(maxsize=1024)
def _leading(line: str) -> tuple[str, ...]:
    """Return what a line is most about, the likeliest first: names of items, or guides; none where none leads."""
    told = _told(line)
    if short := _shortened(told.replace(" ", "")):
        return short
    weights = {one: _weight_of(one) for one in set(_features([told]))}
    scores = {
        of: sum(_shared(one, held, weight) for one, weight in weights.items()) for of, held in _profiles().items()
    }
    whole = [phrase for phrase in _phrases() if phrase in line]
    for phrase in whole:
        for of in _phrases()[phrase]:
            scores[of] += WHOLE * (len(phrase.split()) if phrase.isascii() else len(phrase))
    return _near_best(scores, LEAST if whole or len(line) > SHORT else 2 * LEAST)


def _near_best(scores: Mapping[str, float], least: float = 0.0) -> tuple[str, ...]:
    """Return what scores near the best, the best first; nothing where that is under the least, or they are many."""
    best = max(scores.values(), default=0.0)
    near = sorted((of for of in scores if scores[of] >= NEAR * best), key=lambda of: -scores[of])
    return tuple(near) if best >= least and len(near) <= MOST_MEANT else ()


def _shortened(word: str) -> tuple[str, ...]:
    """Return what a short word may be cut from, as people shorten words: 建节检测 from 建筑节能检测; else nothing."""
    for said in _contexts():
        word = word.replace(said, "") if len(word.replace(said, "")) > 1 else word
    if not (_RUNS.fullmatch(word) and len(word) <= SHORT) or word in _phrases():
        return ()
    scores: dict[str, float] = defaultdict(float)
    for phrase in _by_first().get(word[0], ()):
        if 0 < len(phrase) - len(word) <= MOST_CUT and _is_cut_from(word, phrase):
            for of in _phrases()[phrase]:
                scores[of] += 1 / (len(phrase) - len(word))
    return _near_best(scores)


def _is_cut_from(word: str, phrase: str) -> bool:
    """Tell whether a word's characters stand in a phrase in their order, and not as a piece of it."""
    rest = iter(phrase)
    return word not in phrase and all(char in rest for char in word)


@cache
def _by_first() -> Mapping[str, tuple[str, ...]]:
    return lexicon.grouped((phrase[0], phrase) for phrase in _phrases())


@cache
def _contexts() -> tuple[str, ...]:
    return tuple(sorted(filter(_RUNS.fullmatch, lexicon.context()), key=lambda word: (-len(word), word)))


@cache
def _phrases() -> Mapping[str, tuple[str, ...]]:
    """Return the items and guides by every phrase that means them: sayings, names, and what equals a name."""
    pairs = [(phrase, one.of) for one in sayings() for phrase in (*one.said, *map(plain, one.english))]
    equals = _equals()
    for item in lexicon.items():
        texts = (text for name in item.names for text in (name, *_PARTS.split(name), *equals.get(name, ())))
        pairs += [(text, item.names[0]) for text in texts]
    return lexicon.grouped(pair for pair in pairs if len(pair[0]) > 1)


@cache
def _equals() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for group in lexicon.synonyms():
        for word in (group.term, *group.same):
            found[word] += [group.term, *group.same]
    return MappingProxyType({word: tuple(others) for word, others in found.items()})


def _is_guide(of: str) -> bool:
    return of.startswith(GUIDE)


def _told(line: str) -> str:
    """Return a line without the words that narrow nothing."""
    for word in _fillers():
        line = line.replace(word, " ")
    return line


@cache
def _fillers() -> tuple[str, ...]:
    han = (word for word in lexicon.filler() if _RUNS.fullmatch(word) and (len(word) > 1 or word in PARTICLES))
    return tuple(sorted(han, key=lambda word: (-len(word), word)))


def _weight_of(feature: str) -> float:
    if len(feature) == 1:
        return ALONE * _weights().get(feature, 0.0)
    return _weights().get(feature) or _weights().get(_sound(feature), 0.0)


def _shared(feature: str, held: Mapping[str, float], weight: float) -> float:
    """Return what a feature adds that an item has, or that sounds like one it has: 气侯 is most likely 气候."""
    if feature in held:
        return weight * held[feature]
    sound = _sound(feature)
    return SOUNDING * weight * held.get(sound, 0.0) if sound else 0.0


@lru_cache(maxsize=16384)
def _sound(pair: str) -> str:
    """Return the pinyin of a pair of characters behind a sign, each read by itself; nothing for a Latin word."""
    if len(pair) == 1 or not _RUNS.match(pair):
        return ""
    return f"/{analysis.loose_pinyin(''.join(analysis.syllables(char)[0] for char in pair))}"


def _features(texts: Iterable[str]) -> Iterator[str]:
    """Give the pairs of Chinese characters, the characters themselves and the stems of Latin words."""
    for text in texts:
        for run in _RUNS.findall(text):
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            yield from run
        yield from (_stem(word) for word in _WORDS.findall(text) if word not in lexicon.filler())


@cache
def _profiles() -> Mapping[str, Mapping[str, float]]:
    """Return how much each item and guide is about each feature, 0 to 1: the more, the more often it is said of it."""
    counts: dict[str, Counter[str]] = {one.of: Counter(_features((*one.said, *one.english))) for one in sayings()}
    equals = _equals()
    for item in lexicon.items():
        texts = (*item.names, item.english, *(other for name in item.names for other in equals.get(name, ())))
        counted = counts.setdefault(item.names[0], Counter())
        for feature in _features(texts):
            counted[feature] += NAMED
    return MappingProxyType({of: _shares(counted) for of, counted in counts.items()})


def _shares(counted: Counter[str]) -> Mapping[str, float]:
    sounds: Counter[str] = Counter()
    for feature, count in counted.items():
        if sound := _sound(feature):
            sounds[sound] += count
    return MappingProxyType({one: count / (count + ONCE) for one, count in (counted + sounds).items()})


@cache
def _weights() -> Mapping[str, float]:
    """Return how much each feature tells: the more, the fewer items and guides have it."""
    counted = Counter(one for held in _profiles().values() for one in held)
    return MappingProxyType({one: log(1 + len(_profiles()) / count) for one, count in counted.items()})
