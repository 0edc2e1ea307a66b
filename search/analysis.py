"""The one analysis chain: what every backend is given, at index time and at query time alike.

Folded text is cut into words (rjieba with the words of the trade), overlapping pairs of characters for exact
substrings, and pinyin in full and by initials from every character on, so that a prefix finds the middle of a name.
Same text in, same tokens out, in every process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product
from operator import add
from typing import Any, Final

import rjieba

from search import lexicon
from search.documents import Document
from search.folding import HAN, fold, is_han

CITED: Final = "~"
MOST_SYLLABLES: Final = 8
MOST_INITIALS: Final = 12
MOST_READINGS: Final = 24
_RUN: Final = re.compile(rf"[{HAN}]+|[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)?|\d+(?:\.\d+)?")
_GRAM_RUN: Final = re.compile(rf"[{HAN}]+|\d+")
_DOCUMENT: Final = re.compile(r"(?:(?P<year>(?:19|20)\d{2})\D{1,2})?(?P<number>\d{1,5})号$")
_DOMAIN_FREQUENCY: Final = 200_000
_PLURAL: Final = 4
_VOWELS: Final = frozenset("aeiou")


@dataclass(frozen=True)
class Token:
    """A word and where it stands in the folded text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Analysed:
    """A document cut up for an index. Lists may repeat a token; they are in reading order.

    title, names, about, body: words. name_grams: pairs of title and names; text_grams: pairs of about and body.
    pinyin, initials: of title and names. codes: numbers and codes in one spelling, those it only cites behind CITED.
    exact: whole names without blanks.
    """

    title: tuple[str, ...]
    names: tuple[str, ...]
    about: tuple[str, ...]
    body: tuple[str, ...]
    name_grams: tuple[str, ...]
    text_grams: tuple[str, ...]
    pinyin: tuple[str, ...]
    initials: tuple[str, ...]
    codes: tuple[str, ...]
    exact: tuple[str, ...]


def analyse(document: Document) -> Analysed:
    """Cut a document up."""
    names = [document.title, *document.names]
    texts = [*document.about, document.body]
    full, short = spellings(names)
    own = [code for text in document.codes for code in codes(text)]
    return Analysed(
        title=words(document.title),
        names=tuple(word for name in document.names for word in words(name)),
        about=tuple(word for name in document.about for word in words(name)),
        body=words(document.body),
        name_grams=tuple(gram for name in names for gram in grams(name)),
        text_grams=tuple(gram for text in texts for gram in grams(text)),
        pinyin=full,
        initials=short,
        codes=tuple(dict.fromkeys([*own, *(f"{CITED}{code}" for text in document.cites for code in codes(text))])),
        exact=tuple(dict.fromkeys(whole(name) for name in names if whole(name))),
    )


def tokens(text: str) -> Iterator[Token]:
    """Cut a text into words with their places in the folded text; signs and blanks fall away."""
    folded = fold(text)
    for run in _RUN.finditer(folded):
        if is_han(run[0][0]):
            for word, start, end in _segmenter().tokenize(run[0], "default"):
                yield Token(word, run.start() + start, run.start() + end)
        else:
            yield Token(singular(run[0]), run.start(), run.end())


def words(text: str) -> tuple[str, ...]:
    """Cut a text into words."""
    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        if is_han(run[0]):
            found += [word for word, _start, _end in _segmenter().tokenize(run, "default")]
        else:
            found.append(singular(run))
    return tuple(found)


def singular(word: str) -> str:
    """Drop an English plural, so that `surveys` meets `survey`; other words stay."""
    if not word.isascii() or len(word) < _PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is", "oes")):
        return word
    if not _VOWELS.intersection(word):  # initials of pinyin: xmjys
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def grams(text: str) -> tuple[str, ...]:
    """Cut Chinese runs and runs of digits into overlapping pairs, each run's last character once more alone.

    So any substring of two or more is the conjunction of its own pairs, and a single character a prefix.
    """
    found: list[str] = []
    for run in _GRAM_RUN.findall(fold(text)):
        found += map(add, run, run[1:])
        found.append(run[-1])
    return tuple(found)


def query_grams(text: str) -> tuple[str, ...]:
    """Cut a piece of a query into the pairs a text must have to hold it; nothing for Latin words.

    A run of one character gives that character alone, to be searched as a prefix.
    """
    found: list[str] = []
    for run in _GRAM_RUN.finditer(fold(text)):
        pairs = [run[0][at : at + 2] for at in range(len(run[0]) - 1)]
        found.extend(pairs or [run[0]])
    return tuple(dict.fromkeys(found))


def whole(name: str) -> str:
    """Return a folded name without blanks and signs, to tell whether a query is the whole of it."""
    return "".join(filter(str.isalnum, fold(name)))


@lru_cache(maxsize=16384)
def syllables(run: str) -> tuple[str, ...]:
    """Return the toneless syllable of every Chinese character of a folded run; ü is v, as it is typed."""
    found: list[str] = []
    for word, _start, _end in _segmenter().tokenize(run, "default"):
        found += _syllables_of(word)
    return tuple(found)


@lru_cache(maxsize=65536)
def _syllables_of(word: str) -> tuple[str, ...]:
    return tuple(one[0].replace("ü", "v") for one in _spell(word))


def pinyin_of(text: str) -> str:
    """Return the pinyin of all Chinese characters of a text, joined: 环评 gives huanping."""
    return "".join(syllable for run in _han_runs(text) for syllable in syllables(run))


def readings(run: str) -> tuple[str, ...]:
    """Return every pinyin a few Chinese characters can have, each read by itself: 还评 gives haiping and huanping."""
    return tuple("".join(one) for one in islice(product(*map(_sounds, fold(run))), MOST_READINGS))


@lru_cache(maxsize=8192)
def _sounds(char: str) -> tuple[str, ...]:
    """Return every toneless syllable one character can have."""
    return tuple(sound.replace("ü", "v") for sound in _spell(char, every=True)[0])


def initials_of(text: str) -> str:
    """Return the first letters of the pinyin of a text: 环评 gives hp."""
    return "".join(syllable[:1] for run in _han_runs(text) for syllable in syllables(run))


def loose_pinyin(text: str) -> str:
    """Return pinyin with the sounds that southern speakers mix made one: zh/z, ch/c, sh/s, ng/n, l/n."""
    loose = re.sub(r"([zcs])h", r"\1", text)
    return re.sub(r"(?<=[aeiou])ng", "n", loose)


def codes(text: str) -> tuple[str, ...]:
    """Return the ways a number is looked up: whole, by its document year and number, by its last part.

    DG-2026-031842 gives dg2026031842, 2026031842, 031842; 计价格[2002]1980号 gives 2002#1980 and #1980 too.
    """
    folded = fold(text).strip()
    plain = whole(folded).removesuffix("号")
    found = [plain] if plain else []
    if document := _DOCUMENT.search(folded):
        year, number = document["year"], document["number"]
        return tuple(dict.fromkeys([*found, *([f"{year}#{number}"] if year else []), f"#{number}"]))
    digits = re.findall(r"\d+", folded)
    if len(digits) > 1:
        found += ["".join(digits), digits[-1]]
    return tuple(dict.fromkeys(found))


def _han_runs(text: str) -> list[str]:
    return re.findall(rf"[{HAN}]+", fold(text))


def spellings(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the pinyin and the initials of names from each Chinese character on."""
    full: dict[str, None] = {}
    short: dict[str, None] = {}
    for run in (run for name in names for run in _han_runs(name)):
        spelled = syllables(run)
        for at in range(len(spelled)):
            full["".join(spelled[at : at + MOST_SYLLABLES])] = None
            short["".join(one[:1] for one in spelled[at : at + MOST_INITIALS])] = None
    return tuple(full), tuple(short)


def _spell(text: str, *, every: bool = False) -> list[list[str]]:
    """Return the toneless syllables of each character, the likely one or every one."""
    from pypinyin import Style, pinyin  # noqa: PLC0415 - a third of a second of tables, which many commands never need

    return pinyin(text, style=Style.NORMAL, heteronym=every, errors=_spell_unknown)


def _spell_unknown(chars: str) -> Any:
    """Give each character without a reading a syllable of its own, that no one types."""
    return ["_" for _ in chars]


@cache
def _segmenter() -> rjieba.Jieba:
    """Load the dictionary with the words of the trade; the same in every process, whatever it did before."""
    segmenter = rjieba.Jieba()
    for word in lexicon.domain_words():
        segmenter.add_word(word, _DOMAIN_FREQUENCY, "nz")
    return segmenter
