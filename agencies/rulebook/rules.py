"""Judgements of a change: what a value may be, from when, and whether a method's self-check is complete. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from core.errors import Invalid

SHORTEST_REASON: Final = 5
LONGEST_REASON: Final = 1000
MOST_DAYS: Final = 365
FARTHEST: Final = timedelta(days=3 * 366)
MOST_NOTICED: Final = 60
FLAGS: Final = {"on": True, "off": False}


def read_value(text: str, unit: str) -> int | str | bool:
    """Read a value as the row keeps it: days and counts whole, a ratio's decimal text, a flag as a truth value.

    Raises Invalid("rule-value-flag" | "rule-value-ratio" | "rule-value-whole", field="value").
    """
    given = text.strip()
    if unit == "flag":
        if given not in FLAGS:
            raise Invalid("rule-value-flag", field="value")
        return FLAGS[given]
    if unit == "ratio":
        return _ratio(given)
    if not (given.isascii() and given.isdigit() and int(given[:6]) <= MOST_DAYS and len(given) <= len(str(MOST_DAYS))):
        raise Invalid("rule-value-whole", field="value", most=MOST_DAYS)
    return int(given)


def _ratio(given: str) -> str:
    share = given.removesuffix("%").strip()
    try:
        ratio = Decimal(share)
    except InvalidOperation as error:
        raise Invalid("rule-value-ratio", field="value") from error
    if given.endswith("%"):
        ratio /= 100
    if not ratio.is_finite() or not 0 <= ratio <= 1:
        raise Invalid("rule-value-ratio", field="value")
    return format(ratio.normalize(), "f")


def judge_days(effective_on: date, ends_on: date | None, today: date) -> None:
    """Refuse a day that has begun, one more than three years away, or an end that comes before the beginning.

    A need published this morning froze today's rules; so a change begins tomorrow at the earliest. Raises Invalid.
    """
    if effective_on <= today:
        raise Invalid("rule-day-passed", field="effective_on", earliest=(today + timedelta(days=1)).isoformat())
    if effective_on > today + FARTHEST:
        raise Invalid("rule-day-far", field="effective_on")
    if ends_on is not None and ends_on <= effective_on:
        raise Invalid("rule-ends-before", field="ends_on", effective=effective_on.isoformat())


def judge_calendar(days: Sequence[date], today: date) -> None:
    """Refuse a notice of no day, too many, one that has come, one too far away, or one said twice. Raises Invalid."""
    if not days:
        raise Invalid("calendar-days-missing", field="days")
    if len(days) > MOST_NOTICED:
        raise Invalid("calendar-days-many", field="days", most=MOST_NOTICED)
    for place, day in enumerate(days):
        if day <= today:
            raise Invalid("calendar-day-passed", field="days", day=day.isoformat())
        if day > today + FARTHEST:
            raise Invalid("calendar-day-far", field="days", day=day.isoformat())
        if day in days[:place]:
            raise Invalid("calendar-day-twice", field="days", day=day.isoformat())


def judge_self_check(asked: Collection[str], *, answered: bool, risks: Collection[str], note: str) -> None:
    """Refuse a method switched on without its fair-competition self-check, or a risk without a word on why it holds.

    Source: 公平竞争审查条例 (国务院令第783号) 第八条至第十二条: whoever drafts a measure reviews it first.
    Raises Invalid.
    """
    if not answered:
        raise Invalid("self-check-missing", field="answered")
    for code in risks:
        if code not in asked:
            raise Invalid("self-check-unknown", field="risks", question=code)
    if risks and len(note.strip()) < SHORTEST_REASON:
        raise Invalid("self-check-note", field="note", least=SHORTEST_REASON)


def worded(text: str, name: str) -> str:
    """Return a reason tidied. Raises Invalid("rule-reason-too-short") with the field's name."""
    given = text.strip()
    if len(given) < SHORTEST_REASON:
        raise Invalid("rule-reason-too-short", field=name, least=SHORTEST_REASON, given=len(given))
    return given[:LONGEST_REASON]


def same(one: Any, other: Any) -> bool:
    """Say whether two kept values mean the same; ratios may be written differently."""
    if isinstance(one, str) and isinstance(other, str | int | float) and not isinstance(other, bool):
        return Decimal(one) == Decimal(str(other))
    return type(one) is type(other) and one == other
