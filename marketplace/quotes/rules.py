"""Judgements of quotes: late, enough of them, above a ceiling, abnormally low, added up from unit prices. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from core.money import Money

LOW_MEAN: Final = "low-mean-ratio"
LOW_NEXT: Final = "low-next-ratio"
LOW_CEILING: Final = "low-ceiling-ratio"


@dataclass(frozen=True, slots=True)
class Opened:
    """A quote at its opening: who, and how much."""

    quote_id: int
    amount: Money


def is_late(received_at: datetime, closes_at: datetime) -> bool:
    """Say whether a quote came too late: the window is half open, so the very instant of closing is late."""
    return received_at >= closes_at


def price(amount: Money | None, discount: Decimal | None, benchmark: Money | None) -> Money | None:
    """Return what a quote comes to: its amount, or the benchmark less the discount, rounded half up to the fen, once.

    discount: a fraction, 0.2 is 20 % off. None when neither an amount nor a discount with its benchmark is there.
    """
    if amount is not None:
        return amount
    if discount is None or benchmark is None:
        return None
    return benchmark.times(1 - discount)


def fault(amount: Money, ceiling: Money | None, cap: Money | None) -> str:
    """Return why an opened quote is invalid: above a binding cap, above the ceiling; empty when it is good."""
    if cap is not None and amount > cap:
        return "above-binding-cap"
    if ceiling is not None and amount > ceiling:
        return "above-ceiling"
    return ""


class Course(StrEnum):
    """What follows when the deadline has passed."""

    OPEN = "open"
    EXTEND = "extend"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many quotes there are at the deadline, and what the rules frozen into the need say of it.

    minimum: the fewest that suffice as a matter of course. least: the fewest that suffice with a written reason once
    the time was extended, None where the rules know no such thing. extensions_left: how often the time may be extended.
    """

    received: int
    valid: int
    minimum: int
    least: int | None = None
    extensions_left: int = 0


def course(turnout: Turnout) -> tuple[Course, str]:
    """Return what follows at the deadline, and where the need fails the code of why.

    Enough quotes are opened. Between the least and the minimum the time is extended as often as the rules allow, and
    then they are opened, to be chosen from with a written reason. Less than that fails: nothing came, nothing valid
    came, one alone where one is not enough, or too few.
    """
    if turnout.received == 0:
        return Course.FAIL, "no-quotes"
    if turnout.valid == 0:
        return Course.FAIL, "none-valid"
    if turnout.valid >= turnout.minimum:
        return Course.OPEN, ""
    if turnout.least is not None and turnout.valid >= turnout.least:
        return (Course.EXTEND if turnout.extensions_left > 0 else Course.OPEN), ""
    return Course.FAIL, "one-quote" if turnout.valid == 1 else "too-few-quotes"


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line of a quote by unit prices."""

    name: str
    unit: str
    quantity: Decimal
    price: Money


def above_unit_price(lines: Sequence[Mapping[str, Any]], unit: str, posted: Money) -> Money:
    """Return by how much the lines of a unit come to more than at a posted price for one of it; nought where not more.

    lines: as kept, ``{name, unit, quantity, price_fen}``. Lines of other units, and cheaper ones, are left aside.
    Rounded half up to the fen once, at the end.
    """
    dearer = [one for one in lines if _bare(one["unit"]) == _bare(unit) and one["price_fen"] > posted.fen]
    exact = sum((Fraction(str(one["quantity"])) * (one["price_fen"] - posted.fen) for one in dearer), Fraction(0))
    return Money(math.floor(exact + Fraction(1, 2)))


def _bare(unit: str) -> str:
    """Return a unit without the price's own: 元/点 and 点 are the same unit."""
    return unit.strip().removeprefix("元/").removeprefix("每").strip()


def total_of(lines: Sequence[QuoteLine]) -> Money:
    """Add up unit prices times quantities exactly, rounded half up to the fen once at the end."""
    exact = sum((Fraction(one.quantity) * one.price.fen for one in lines), Fraction(0))
    return Money(math.floor(exact + Fraction(1, 2)))


def abnormally_low(quotes: Sequence[Opened], ceiling: Money | None, frozen: Mapping[str, Any]) -> dict[int, str]:
    """Flag quotes clearly below the others; a flag asks for an explanation and excludes nobody.

    Below the frozen share of the mean of all valid quotes, of the next lowest, or of the ceiling.
    Source: 财办库〔2024〕265号 (pilot), as parameters of the catalogue.
    """
    flags: dict[int, str] = {}
    ordered = sorted(quotes, key=lambda one: (one.amount.fen, one.quote_id))
    total = sum(one.amount.fen for one in ordered)
    for place, one in enumerate(ordered):
        mean_limit = _ratio(frozen, LOW_MEAN) * total / len(ordered) if len(ordered) > 1 else Decimal(0)
        following = next((other.amount.fen for other in ordered[place + 1 :] if other.amount > one.amount), 0)
        if one.amount.fen < mean_limit:
            flags[one.quote_id] = LOW_MEAN
        elif place == 0 and one.amount.fen < _ratio(frozen, LOW_NEXT) * following:
            flags[one.quote_id] = LOW_NEXT
        elif ceiling is not None and one.amount.fen < _ratio(frozen, LOW_CEILING) * ceiling.fen:
            flags[one.quote_id] = LOW_CEILING
    return flags


def _ratio(frozen: Mapping[str, Any], key: str) -> Decimal:
    return Decimal(str(frozen.get(key) or 0))
