"""Rounds of bidding (多轮竞价): when a round ends, and what a new offer must come to. Pure.

Every round ends: an offer near the end puts the end off, at most so many times, and a price can sink only so often by
a percentage of itself. A round without an offer is the last one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from core.errors import Conflict, Invalid
from core.money import Money

SOFT: Final = timedelta(minutes=1)
MOST_EXTENSIONS: Final = 10
HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Course:
    """What the notice fixed: how many rounds, how long each, and the smallest step in percent of one's own price."""

    rounds: int
    minutes: int
    step: int
    soft: timedelta = SOFT
    most_extensions: int = MOST_EXTENSIONS


@dataclass(frozen=True, slots=True)
class Round:
    """One round: its number from 1, its times, how often its end was put off, how many offers it saw."""

    number: int
    starts_at: datetime
    ends_at: datetime
    extensions: int = 0
    offers: int = 0


def first_round(course: Course, starts_at: datetime) -> Round:
    """Return the first round."""
    return Round(1, starts_at, starts_at + timedelta(minutes=course.minutes))


def next_round(course: Course, last: Round) -> Round | None:
    """Return the round after one that is over, or None when it was the last or saw no offer."""
    if last.number >= course.rounds or not last.offers:
        return None
    return Round(last.number + 1, last.ends_at, last.ends_at + timedelta(minutes=course.minutes))


def with_offer(course: Course, current: Round, at: datetime) -> Round:
    """Return the round after one more offer: near its end it is put off, so that others can answer; then no more."""
    later = at + course.soft
    if later <= current.ends_at or current.extensions >= course.most_extensions:
        return replace(current, offers=current.offers + 1)
    return replace(current, ends_at=later, extensions=current.extensions + 1, offers=current.offers + 1)


def most_allowed(own: Money, step: int) -> Money:
    """Return the highest new offer: the own price less the step in percent of it, rounded down to the whole fen."""
    exact = Fraction(own.fen * (HUNDRED - step), HUNDRED)
    return Money(exact.numerator // exact.denominator)


def judge_offer(amount: Money, own: Money, course: Course, current: Round, at: datetime) -> None:
    """Refuse an offer outside the round or less than a step below one's own price. Raises Conflict, Invalid."""
    if at < current.starts_at:
        raise Conflict("round-not-begun", starts_at=current.starts_at)
    if at >= current.ends_at:
        raise Conflict("round-over", number=current.number, ends_at=current.ends_at)
    most = most_allowed(own, course.step)
    if amount.fen <= 0 or amount > most:
        raise Invalid("step-too-small", field="amount", most=most, step=course.step, own=own)


def longest(course: Course) -> timedelta:
    """Return the longest the rounds can take, every end put off as often as may be."""
    return course.rounds * (timedelta(minutes=course.minutes) + course.most_extensions * course.soft)
