"""Read a choice: by key, by label in either language, by a part of it, or by its coefficient."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from agencies.fees.engine import amounts, exact
from agencies.fees.engine.amounts import AmountRefused
from agencies.fees.engine.refusal import Problem, shown
from agencies.fees.engine.schedule import Choice, InputField
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Chosen

_NAMED_NUMBER: Final = re.compile(r"(.*?)[:=(]*([+-]?\d+(?:\.\d+)?)%?\)?$", re.ASCII | re.DOTALL)
_LONGEST: Final = 120


def fold(text: object) -> str:
    """Fold a name so that spellings meet: width, case, blanks and underscores apart."""
    return _folded(str(text)[:_LONGEST])


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """Fold a text; the same few names come in time and again."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def choose(one: InputField, given: object) -> Chosen | Problem:
    """Return the choice meant, or the problem with it.

    A bare number is taken when some choice has that coefficient; where several have, the
    coefficient stands without a name, since it is the same.
    """
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal | Fraction):
        return _problem(one, "unknown-choice", given)
    if not isinstance(given, str):
        return _numbered(one, given, given)
    folded, names = fold(given), _names(one)
    if folded in names:
        return _alone(one, names[folded], given)
    match = _NAMED_NUMBER.fullmatch(folded)
    if match is None:
        return _problem(one, "unknown-choice", given)
    return _with_number(one, match, given)


def _with_number(one: InputField, match: re.Match[str], given: str) -> Chosen | Problem:
    """Return the choice of a bare coefficient, or of a name with one behind it, which may be a percentage."""
    number = Fraction(match[2])
    if not match[1]:
        return _numbered(one, match[2], given)
    chosen = _named(one, match[1], number, given)
    if isinstance(chosen, Problem) and "%" in match[0][match.end(2) :]:
        percent = _named(one, match[1], number / 100, given)  # 抵押 50% where the coefficient is 0.5
        return chosen if isinstance(percent, Problem) else percent
    return chosen


def _named(one: InputField, name: str, number: Fraction, given: str) -> Chosen | Problem:
    """Return the choice of a name with its number behind: 建筑 0.8."""
    names = _names(one)
    choice = names.get(name) or _like(names, name, number)
    if choice is None:
        return _problem(one, "unknown-choice", given)
    if _has(choice, number):
        return Chosen(choice.key, choice.label, number)
    return _problem(one, "value-not-of-choice", given, choice)


def _like(names: Mapping[str, Choice], name: str, number: Fraction) -> Choice | None:
    """Return the one choice whose name holds, or is held by, a name that comes with its number."""
    like = {
        choice.key: choice
        for known, choice in names.items()
        if len(name) > 1 and len(known) > 1 and (name in known or known in name)
        if _has(choice, number)
    }
    return next(iter(like.values())) if len(like) == 1 else None


def _alone(one: InputField, choice: Choice, given: object) -> Chosen | Problem:
    """Return a choice named without a number; where a range is printed a number is needed."""
    if choice.low is not None and choice.value is None:
        return _problem(one, "value-needed", given, choice)
    return Chosen(choice.key, choice.label, choice.value, choice.negotiated)


def _numbered(one: InputField, coefficient: object, given: object) -> Chosen | Problem:
    """Return the choice a bare coefficient stands for."""
    try:
        number = amounts.number(coefficient)
    except AmountRefused:
        return _problem(one, "unknown-choice", given)
    exactly = [choice for choice in one.choices if choice.value == number]
    fitting = exactly or [choice for choice in one.choices if _has(choice, number)]
    if len(fitting) == 1:
        return Chosen(fitting[0].key, fitting[0].label, number)
    if fitting:
        written = exact.text(number)
        return Chosen("", Words(written, written), number)
    return _problem(one, "unknown-choice", given)


def _has(choice: Choice, number: Fraction) -> bool:
    """Tell whether a coefficient is the choice's own, or in its range."""
    if choice.value is not None:
        return choice.value == number
    if choice.low is None or choice.high is None:
        return False
    return choice.low <= number <= choice.high


def _problem(one: InputField, code: str, given: object, choice: Choice | None = None) -> Problem:
    """Say what is wrong with a choice, and what may be chosen."""
    facts: dict[str, object] = {
        "given": shown(given),
        "choices": tuple(option.key for option in one.choices),
    }
    if choice is not None:
        facts |= {"choice": choice.key, "value": choice.value,
                  "low": choice.low, "high": choice.high}  # fmt: skip
    return Problem(one.name, code, facts)


@lru_cache(maxsize=2048)
def _names(one: InputField) -> Mapping[str, Choice]:
    """Return every folded name of a field's choices; a shared part of a label names none."""
    names: dict[str, Choice] = {}
    parts: dict[str, set[str]] = {}
    for choice in one.choices:
        for name in (choice.key, choice.label.zh, choice.label.en, *choice.names):
            names.setdefault(fold(name), choice)
        for part in _parts(choice.label.zh):
            parts.setdefault(fold(part), set()).add(choice.key)
    by_key = {choice.key: choice for choice in one.choices}
    for part, keys in parts.items():
        if len(keys) == 1:
            names.setdefault(part, by_key[next(iter(keys))])
    return names


def _parts(label: str) -> list[str]:
    """Return the names a label lists: 建筑、人防、市政公用工程 names four things."""
    bare = re.sub(r"（[^）]*）", "", label)
    listed = [part for part in re.split(r"[、，,]", bare) if part]
    shorter = [part.removesuffix("工程") for part in (*listed, bare)]
    return [part for part in (*listed, bare, *shorter) if part]
