"""The formulas of the fee schedules, each alone: numbers in, numbers out, exactly.

Shapes by the letters of the fee notes: A progressive bands, B interpolation between
anchors (C is B with ranges joined), D range by bracket, E band base and excess, F flat
rate, G unit price, J basic and performance (F twice), M clamp.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

ONE = Fraction(1)


class Slice(NamedTuple):
    """The part of an amount in one band; `high` is None in the last, open band."""

    low: Fraction
    high: Fraction | None
    rate: Fraction
    amount: Fraction
    fee: Fraction


def progressive(uppers: Sequence[Fraction], rates: Sequence[Fraction], amount: Fraction) -> tuple[Slice, ...]:
    """Cut an amount into its bands; the fees of the slices add up to the fee (shape A).

    uppers: band ends ascending, one fewer than `rates`; rates are fractions (0.015 is 1.5 %).
    A boundary may belong to either band: the sum is the same.
    """
    slices, low = [], Fraction(0)
    for index, rate in enumerate(rates):
        high = uppers[index] if index < len(uppers) else None
        if high is None or amount <= high:
            slices.append(Slice(low, high, rate, amount - low, (amount - low) * rate))
            break
        slices.append(Slice(low, high, rate, high - low, (high - low) * rate))
        low = high
    return tuple(slices)


class Line(NamedTuple):
    """A straight line through two points of a table."""

    x1: Fraction
    y1: Fraction
    x2: Fraction
    y2: Fraction

    def at(self, x: Fraction) -> Fraction:
        """Return the line's value at `x`, in the unit of its points' values; `x` may lie outside the two points."""
        return self.y1 + (self.y2 - self.y1) * (x - self.x1) / (self.x2 - self.x1)


def between(points: Sequence[tuple[Fraction, Fraction]], x: Fraction) -> Line:
    """Return the line of the table's interval that holds `x` (shapes B and C).

    points: ascending in x, at least two; `x` not outside them.
    """
    index = max(1, bisect_left(points, x, key=lambda point: point[0]))
    (x1, y1), (x2, y2) = points[index - 1], points[index]
    return Line(x1, y1, x2, y2)


def capped_share(works: Fraction, equipment: Fraction, share: Fraction) -> Fraction:
    """Return the charge base when equipment counts at no more than a share of itself.

    Below the share of the total the whole amount counts. From the share on, equipment
    counts at that share, and never less than a project with the same works and exactly
    that share of equipment: max(works + share x equipment, works / (1 - share)).
    Source: 发改价格[2007]670号 总则 1.0.8 (the maximum is our reading of its last sentence).
    """
    total = works + equipment
    if equipment < share * total:
        return total
    return max(works + share * equipment, works / (ONE - share))


def sum_less_count_plus_one(values: Sequence[Fraction]) -> Fraction:
    """Combine additional coefficients: their sum less their number plus one; 1 for none.

    Source: 计价格[2002]10号 工程设计收费标准 1.0.9(3).
    """
    return sum(values, start=Fraction(0)) - len(values) + 1


@dataclass(frozen=True, slots=True)
class Bracket:
    """One row of a table by brackets, up to and including `upto`; None is the open last row.

    For ranges (shape D) `low` and `high`; for base and excess (shape E) `low` is the base,
    `above` where the excess begins and `rate` what it is charged at.
    """

    upto: Fraction | None
    low: Fraction
    high: Fraction | None = None
    above: Fraction = Fraction(0)
    rate: Fraction = Fraction(0)

    def at(self, amount: Fraction) -> Fraction:
        """Return base plus rate on the excess (shape E), in the unit of the amount."""
        return self.low + (amount - self.above) * self.rate


def bracket_of(brackets: Sequence[Bracket], amount: Fraction) -> Bracket:
    """Return the bracket an amount falls in: lower bound excluded, upper included.

    brackets: ascending, at least one; what lies above all of them falls in the last.
    """
    for bracket in brackets[:-1]:
        if bracket.upto is not None and amount <= bracket.upto:
            return bracket
    return brackets[-1]


def unit_price(price: Fraction, quantity: Fraction, least: Fraction) -> Fraction:
    """Return price times quantity, billing at least the least quantity (shape G)."""
    return price * max(quantity, least)


def clamp(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    """Hold a fee between a minimum and a maximum, all in one unit; either may be missing (shape M)."""
    if low is not None and value < low:
        return low
    if high is not None and value > high:
        return high
    return value
