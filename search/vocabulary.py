"""What a typed word may mean: its synonyms, the words behind its pinyin, the word it was meant to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from search import lexicon, sayings
from search.analysis import initials_of, loose_pinyin, pinyin_of, readings
from search.folding import is_han

LONGEST_TERM: Final = 16
SHORTEST_FUZZY: Final = 4
SHORTEST_LATIN_FUZZY: Final = 5
LESS_LIKELY: Final = 0.35
FEWEST_WORDS: Final = 2
COMMON_ENDS: Final = frozenset(
    {
        "preparation",
        "report",
        "form",
        "plan",
        "service",
        "chapter",
        "evaluation",
        "assessment",
        "testing",
        "study",
        "review",
    }
)
"""Words that end the English names of many items; without them a name is still understood."""


class Via(StrEnum):
    """How an alternative stands for what was typed."""

    TYPED = "typed"
    SYNONYM = "synonym"
    NARROWER = "narrower"
    BROADER = "broader"
    ENGLISH = "english"
    PINYIN = "pinyin"
    CODE = "code"
    SAID = "said"


WEIGHTS: Final[Mapping[Via, float]] = MappingProxyType(
    {
        Via.TYPED: 1.0,
        Via.CODE: 3.0,
        Via.SYNONYM: 0.9,
        Via.ENGLISH: 0.9,
        Via.PINYIN: 0.8,
        Via.SAID: 0.8,
        Via.NARROWER: 0.6,
        Via.BROADER: 0.3,
    }
)


@dataclass(frozen=True)
class Alternative:
    """A text that will do for a typed word, and how it came in; rank 0 is its likeliest reading."""

    text: str
    via: Via
    rank: int = 0

    @property
    def weight(self) -> float:
        """How much a match by it counts against one of what was typed; less the less likely its reading."""
        return float(WEIGHTS[self.via] * LESS_LIKELY**self.rank)


def alternatives(word: str) -> tuple[Alternative, ...]:
    """Return a word and all that says the same or falls under it; the word first."""
    known = {one.text: one for one in _synonyms().get(word, ())}
    said = (Alternative(name, Via.SAID, rank) for rank, name in enumerate(_said().get(word, ())))
    return (Alternative(word, Via.TYPED), *known.values(), *(one for one in said if one.text not in known))


def _as_good(word: str) -> tuple[Alternative, ...]:
    """Return a word and what says the same or falls under it, without what it falls under itself."""
    return tuple(one for one in alternatives(word) if one.via is not Via.BROADER)


def is_service(texts: Iterable[str]) -> bool:
    """Tell whether any of some words names a service of the trade, and not only what it is for."""
    return any(text in _known() and text not in lexicon.context() for text in texts)


def english(phrase: str) -> tuple[Alternative, ...]:
    """Return the Chinese behind an English phrase of the trade; nothing when it is none."""
    found: dict[str, Alternative] = {}
    for term in (*_english().get(phrase, ()), *sayings.named_by_english().get(phrase, ())):
        for one in _as_good(term):
            found.setdefault(one.text, Alternative(one.text, Via.NARROWER if one.via is Via.NARROWER else Via.ENGLISH))
    return tuple(found.values())


def spelled(latin: str) -> tuple[Alternative, ...]:
    """Return the words whose pinyin, in full or by initials, is what was typed; nothing when there is none."""
    found: dict[str, Alternative] = {}
    rank = -1
    for word in _by_pinyin().get(latin, ()):
        if word not in found:
            rank += 1
        for one in _as_good(word):
            via = Via.NARROWER if one.via is Via.NARROWER else Via.PINYIN
            found.setdefault(one.text, Alternative(one.text, via, rank))
    return tuple(found.values())


def longest_term(text: str, at: int) -> str | None:
    """Return the longest word with synonyms, or saying, that the folded text has at a place.

    A saying gives way to a word with synonyms that begins in it and ends after it: 国有资产 to 资产评估.
    """
    for length in range(min(LONGEST_TERM, len(text) - at), 1, -1):
        word = text[at : at + length]
        if word in _synonyms() or (word in _said() and not _cuts_a_term(text, at, length)):
            return word
    return None


def _cuts_a_term(text: str, at: int, length: int) -> bool:
    end = at + length
    return any(
        text[start:stop] in _synonyms() or text[start:stop] in _known()
        for start in range(at + 1, end)
        for stop in range(end + 1, min(start + LONGEST_TERM, len(text)) + 1)
    )


def longest_pinyin(latin: str, at: int) -> str | None:
    """Return the longest full pinyin of a known word that the text has at a place; none shorter than four letters."""
    for end in range(len(latin), at + SHORTEST_FUZZY - 1, -1):
        if latin[at:end] in _full_pinyin():
            return latin[at:end]
    return None


def english_phrases() -> Mapping[str, tuple[str, ...]]:
    """Return the terms by the English phrase that finds them."""
    return _english()


def town_by_pinyin(latin: str) -> str | None:
    """Return the code of the only town spelled like this, by pinyin or English name."""
    codes = _town_spellings().get(latin.replace("'", ""), ())
    return codes[0] if len(codes) == 1 else None


def correct(run: str) -> str | None:
    """Return a run of Chinese or Latin letters with its mistakes mended, or None when nothing known is near.

    Chinese: a word that sounds the same, or differs by one character. Latin: one that differs by a letter or by sounds
    southern speakers mix. Towns are never guessed: a wrong town misleads more than no hit.
    """
    if not run:
        return None
    return _correct_han(run) if is_han(run[0]) else _correct_latin(run)


def _correct_han(run: str) -> str | None:
    out: list[str] = []
    at = 0
    while at < len(run):
        known, mended = longest_term(run, at) or _known_word(run, at), None
        window, meant = _mend_at(run, at, max(SHORTEST_FUZZY, len(known or "")) + 1 if known else 2)
        if window is not None:
            known, mended = window, meant
        out.append(mended or known or run[at])
        at += len(known) if known else 1
    corrected = "".join(out)
    return corrected if corrected != run else None


def _known_word(run: str, at: int) -> str | None:
    for length in range(min(LONGEST_TERM, len(run) - at), 1, -1):
        if run[at : at + length] in _known():
            return run[at : at + length]
    return None


def _mend_at(run: str, at: int, least: int) -> tuple[str | None, str | None]:
    """Return what stands at the place, of so many characters at the least, and the word it was meant to be."""
    for length in range(min(LONGEST_TERM, len(run) - at), least - 1, -1):
        window = run[at : at + length]
        if meant := _meant(window):
            return window, meant
    return None, None


@lru_cache(maxsize=4096)
def _meant(window: str) -> str | None:
    """Return the word that sounds like some characters or, when they are four or more, differs by one character.

    Characters that changed places count as one.
    """
    for sound in dict.fromkeys((pinyin_of(window), *readings(window))):
        same = [word for word in _by_sound().get(loose_pinyin(sound), ()) if len(word) == len(window)]
        if same:
            return same[0]
    if len(window) < SHORTEST_FUZZY:
        return None
    if swapped := _by_characters().get("".join(sorted(window))):
        return swapped[0]
    # One change leaves either the first two characters or the last two of a word of four as they were.
    for length in (len(window), len(window) + 1):
        for word in sorted(
            {*_by_ends().get((length, window[:2], ""), ()), *_by_ends().get((length, "", window[-2:]), ())}
        ):
            if distance(window, word, 1) <= 1:
                return word
    return None


def _correct_latin(run: str) -> str | None:
    plain = run.replace("'", "")
    if len(plain) < SHORTEST_LATIN_FUZZY:
        return None
    sounds = loose_pinyin(plain)
    sounding = _by_sound().get(sounds)
    if sounding:
        return sounding[0]
    most = 1 if len(plain) < 2 * SHORTEST_LATIN_FUZZY else 2
    near = [
        (apart, key, meant)
        for key, meant in _latin_targets().items()
        if key[0] == plain[0] and (apart := distance(plain, key, most)) <= most
    ]
    near = near or [
        (apart, key, meant[0])
        for key, meant in _by_sound().items()
        if key[:1] == sounds[0] and (apart := distance(sounds, key, 1)) <= 1
    ]
    return min(near)[2] if near else None


def distance(left: str, right: str, most: int) -> int:
    """Return how many letters to add, drop or change make one word the other; anything above `most` is `most` + 1."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    row = list(range(len(right) + 1))
    for at, one in enumerate(left, start=1):
        before, row[0] = row[0], at
        for to, other in enumerate(right, start=1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (one != other))
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


@cache
def _synonyms() -> Mapping[str, tuple[Alternative, ...]]:
    """Return what else will do for each word; equals before narrower words, none twice, never the word itself.

    The alias of an item finds its name; the name does not find its aliases, some of which mean other items too.
    """
    found: dict[str, dict[str, Alternative]] = defaultdict(dict)
    for group in lexicon.synonyms():
        equals = (group.term, *group.same)
        for word in equals:
            for other in equals:
                if other != word:
                    found[word][other] = Alternative(other, Via.SYNONYM)
            for under in group.narrower:
                found[word].setdefault(under, Alternative(under, Via.NARROWER))
                found[under].setdefault(word, Alternative(word, Via.BROADER))
    for item in lexicon.items():
        for alias in item.names[1:]:
            found[alias].setdefault(item.names[0], Alternative(item.names[0], Via.SYNONYM))
    return MappingProxyType({word: tuple(others.values()) for word, others in found.items()})


@cache
def _said() -> Mapping[str, tuple[str, ...]]:
    """Return the sayings that are words of their own: in 办环评 it is 环评 that is looked for, with all it equals."""
    known = _known().keys() | _synonyms().keys()
    return MappingProxyType(
        {phrase: names for phrase, names in sayings.named_by().items() if known.isdisjoint(_pieces(phrase))}
    )


def _pieces(phrase: str) -> Iterator[str]:
    """Give every piece of a phrase of two characters or more."""
    for start in range(len(phrase) - 1):
        yield from (phrase[start:end] for end in range(start + 2, len(phrase) + 1))


@cache
def _english() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for group in lexicon.synonyms():
        for phrase in group.english:
            found[sayings.plain(phrase)].append(group.term)
    for item in lexicon.items():
        for phrase in _short_forms(item.english):
            found[phrase].append(item.names[0])
    return MappingProxyType({phrase: tuple(dict.fromkeys(terms)) for phrase, terms in found.items()})


def _short_forms(english_name: str) -> Iterator[str]:
    """Give an item's English name, and what is left of it without the words that many items end in."""
    words = sayings.plain(english_name.partition("(")[0]).split()
    yield " ".join(words)
    while len(words) > FEWEST_WORDS and words[-1] in COMMON_ENDS:
        words.pop()
        yield " ".join(words)


@cache
def _known() -> Mapping[str, int]:
    """Return every Chinese word of the trade with its place: the synonyms' file has the commonest first. No towns."""
    words = [word for group in lexicon.synonyms() for word in (*group.same, group.term, *group.narrower)]
    words += [name for item in lexicon.items() for name in item.names]
    known = dict.fromkeys(word for word in words if len(word) > 1 and all(is_han(char) for char in word))
    return MappingProxyType({word: place for place, word in enumerate(known)})


@cache
def _full_pinyin() -> Mapping[str, tuple[str, ...]]:
    return lexicon.grouped((pinyin_of(word), word) for word in _known())


@cache
def _by_pinyin() -> Mapping[str, tuple[str, ...]]:
    initials = ((initials_of(word), word) for word in _known())
    return lexicon.grouped(
        [(pinyin_of(word), word) for word in _known()] + [pair for pair in initials if len(pair[0]) > 1]
    )


@cache
def _by_sound() -> Mapping[str, tuple[str, ...]]:
    return lexicon.grouped((loose_pinyin(pinyin_of(word)), word) for word in _known())


@cache
def _by_characters() -> Mapping[str, tuple[str, ...]]:
    """Return the words by their characters in order, so that two that changed places are found."""
    return lexicon.grouped(("".join(sorted(word)), word) for word in _known() if len(word) >= SHORTEST_FUZZY)


@cache
def _by_ends() -> Mapping[tuple[int, str, str], tuple[str, ...]]:
    """Return the words by their length and first two characters, and by their length and last two."""
    found: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for word in _known():
        found[len(word), word[:2], ""].append(word)
        found[len(word), "", word[-2:]].append(word)
    return MappingProxyType({ends: tuple(words) for ends, words in found.items()})


@cache
def _latin_targets() -> Mapping[str, str]:
    """Return what a Latin word may have been meant to be, and what to search then."""
    words = {word: word for phrase in _english() for word in phrase.split() if len(word) >= SHORTEST_LATIN_FUZZY}
    words |= {word: word for item in lexicon.items() for word in item.english.split() if word.isalpha()}
    return MappingProxyType(words | {key: terms[0] for key, terms in _full_pinyin().items()})


@cache
def _town_spellings() -> Mapping[str, tuple[str, ...]]:
    pairs: list[tuple[str, str]] = []
    for town in lexicon.towns():
        spelled_whole = town.english.replace(" ", "")
        first = town.english.removesuffix(" town").removesuffix(" subdistrict").replace(" ", "")
        keys = (pinyin_of(town.stem), pinyin_of(town.name), spelled_whole, first)
        pairs += [(key, town.code) for key in keys]
    return lexicon.grouped(pairs)
