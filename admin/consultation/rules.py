"""Judgements of questions and answers: length, days, and how well an answer fits what is searched. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from core.errors import Invalid

SHORTEST: Final = 5
LONGEST: Final = 2000
LONGEST_REVIEW: Final = timedelta(days=366)
PAIR: Final = 2
LEAST_SHARE: Final = 0.34


def worded(text: str, field: str) -> str:
    """Return a text tidied. Raises Invalid("consultation-too-short") naming the field."""
    given = text.strip()
    if len(given) < SHORTEST:
        raise Invalid("consultation-too-short", field=field, least=SHORTEST, given=len(given))
    return given[:LONGEST]


def judge_review(review_on: date, today: date) -> None:
    """Refuse a day of review that has come or lies more than a year ahead. Raises Invalid."""
    if not today < review_on <= today + LONGEST_REVIEW:
        raise Invalid("consultation-review-day", field="review_on", latest=(today + LONGEST_REVIEW).isoformat())


def pieces(folded: str) -> tuple[str, ...]:
    """Cut a folded query into what is looked for: words of letters and digits, and pairs of Chinese characters."""
    found: list[str] = []
    for word in "".join(char if char.isalnum() else " " for char in folded).split():
        if word.isascii() or len(word) < PAIR:
            found.append(word)
        else:
            found += [word[at : at + PAIR] for at in range(len(word) - PAIR + 1)]
    return tuple(dict.fromkeys(found))


def share(wanted: Sequence[str], folded: str) -> float:
    """Return which share of the pieces a folded text holds, from 0 to 1."""
    return sum(one in folded for one in wanted) / len(wanted) if wanted else 0.0
