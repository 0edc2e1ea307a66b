"""The items of a printed price list: what one costs for a quantity, by grade, with its steps and least quantity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from agencies.fees.engine import exact
from agencies.fees.engine.words import Words


class PriceStep(NamedTuple):
    """The price of each further unit up to `upto`; None in the last, open step."""

    upto: Fraction | None
    price: Fraction


class Charged(NamedTuple):
    """What a quantity of one item costs, how that is written, and the remark it needs."""

    fee: Fraction
    expression: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one row of the list, in yuan (shapes G and H).

    base: what the first `start` units cost together; steps: the price of each unit above.
    least: the quantity counted at least. under, under_fee: below so many units the whole
    costs a fixed amount instead.
    """

    base: Fraction = Fraction(0)
    start: Fraction = Fraction(0)
    steps: tuple[PriceStep, ...] = ()
    least: Fraction = Fraction(0)
    under: Fraction | None = None
    under_fee: Fraction = Fraction(0)

    def charge(self, quantity: Fraction) -> Charged:
        """Return the price of a quantity, in yuan, exact. `remark` is "least" or "under" when that rule decided."""
        if self.under is not None and quantity < self.under:
            return Charged(self.under_fee, exact.text(self.under_fee), "under")
        billed, remark = max(quantity, self.least), "least" if quantity < self.least else ""
        parts = [exact.text(self.base)] if self.base else []
        fee, low = self.base, self.start
        for step in self.steps:
            if billed <= low:
                break
            high = billed if step.upto is None else min(billed, step.upto)
            fee += (high - low) * step.price
            parts.append(f"{_excess(low, high)} × {exact.text(step.price)}")
            low = high
        return Charged(fee, " + ".join(parts) or "0", remark)


def _excess(low: Fraction, high: Fraction) -> str:
    """Write the units of a step: the whole quantity, or what lies above the step's beginning."""
    return exact.text(high) if low == 0 else f"({exact.text(high)} − {exact.text(low)})"


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of an item: 简单, 二类地区, 桩径 80–150 cm."""

    key: str
    label: Words
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PriceItem:
    """One item of a price list.

    unit: what a quantity is counted in; each: what the quantity belongs to and may be
    counted itself (a pile of so many metres), None where there is no second count.
    most_count: more of these are not charged. prices: by grade key, or under "" where the item has no grades.
    """

    key: str
    label: Words
    unit: Words
    prices: Mapping[str, Price]
    grades: tuple[Grade, ...] = ()
    each: Words | None = None
    group: Words | None = None
    most_count: Fraction | None = None
    clause: str = ""
    names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the key, not the whole content."""
        return f"PriceItem({self.key})"


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line of a calculation: an item in a grade, a quantity, how many times, and coefficients."""

    item: PriceItem
    grade: Grade | None
    quantity: Fraction
    count: Fraction = Fraction(1)
    coefficients: tuple[tuple[Words, Fraction], ...] = field(default=())

    @property
    def price(self) -> Price:
        """Return the price the line stands on."""
        return self.item.prices[self.grade.key if self.grade is not None else ""]

    @property
    def charged_count(self) -> Fraction:
        """Return how many times the quantity is charged."""
        most = self.item.most_count
        return self.count if most is None else min(self.count, most)

    @property
    def words(self) -> Words:
        """Return the line as it was understood."""
        name = self.item.label
        if self.grade is not None:
            name = name.then(f"（{self.grade.label.zh}）", f" ({self.grade.label.en})")
        written = exact.text(self.quantity)
        name = name.then(f" {written} {self.item.unit.zh}", f" {written} {self.item.unit.en}")
        if self.item.each is not None:
            times = exact.text(self.count)
            name = name.then(f" × {times} {self.item.each.zh}", f" × {times} {self.item.each.en}")
        for label, value in self.coefficients:
            number = exact.text(value)
            name = name.then(f"，{label.zh} {number}", f", {label.en} {number}")
        return name
