"""Operations that find the charge base and charge it: bands, rates, unit prices."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from agencies.fees.engine import exact, shapes
from agencies.fees.engine.operations import Condition, Operation, written_rate
from agencies.fees.engine.refusal import InputRefused, Problem
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Span, Step, Working


@dataclass(frozen=True, kw_only=True)
class PartsTotal(Operation):
    """The charge base of several lots: their sum, or the total given (derives `into`)."""

    total: str
    parts: str
    into: str

    def apply(self, work: Working) -> None:
        """Derive the total. Raises InputRefused when total and lots disagree or both lack."""
        parts, total = work.amounts(self.parts), work.optional_amount(self.total)
        if parts:
            summed = sum(parts, start=Fraction(0))
            if total is not None and total != summed:
                facts = {"given": exact.text(total), "sum": exact.text(summed)}
                raise InputRefused((Problem(self.parts, "total-differs", facts),))
            work.step(self.label, " + ".join(map(exact.text, parts)), summed, self.clause)
            total = summed
        elif total is None:
            raise InputRefused((Problem(self.total, "missing"),))
        work.values[self.into] = total
        work.charge_base = total


@dataclass(frozen=True, kw_only=True)
class CappedShare(Operation):
    """The charge base of works and equipment, equipment counted up to a share (670)."""

    total: str
    works: str
    equipment: str
    into: str
    share: Fraction
    works_only: Condition | None = None

    def apply(self, work: Working) -> None:
        """Derive the charge base, from the parts or as given."""
        works = work.optional_amount(self.works)
        equipment = work.optional_amount(self.equipment)
        total = work.optional_amount(self.total)
        if works is None and equipment is None:
            base = work.amount(self.total)
        elif total is not None:
            raise InputRefused((Problem(self.total, "given-twice", {"other": self.works}),))
        else:
            base = self._derive(work, works or Fraction(0), equipment or Fraction(0))
        if base <= 0:
            raise InputRefused((Problem(self.works, "not-positive"),))
        work.values[self.into] = work.charge_base = base
        work.span = Span.point(base)

    def _derive(self, work: Working, works: Fraction, equipment: Fraction) -> Fraction:
        """Apply the rule on equipment and write how."""
        if self.works_only is not None and self.works_only.holds(work):
            work.step(self.label, exact.text(works), works, self.clause)
            return works
        base = shapes.capped_share(works, equipment, self.share)
        one, two = exact.text(works), exact.text(equipment)
        if equipment < self.share * (works + equipment):
            expression = f"{one} + {two}"
        else:
            rest = exact.text(1 - self.share)
            expression = f"max({one} + {exact.text(self.share)} × {two}, {one} ÷ {rest})"
        work.step(self.label, expression, base, self.clause)
        return base


class _Band(NamedTuple):
    """One band, with what the full bands below it come to: their fees, and their steps as written."""

    label: Words
    low: Fraction
    rate: Fraction
    written: str
    before: Fraction
    sums: str
    full: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Bands(Operation):
    """A progressive rate (shape A). `rates` by the key of `column`, or under "" for all.

    With `parts`, each lot is charged alone when the choice `method` is `per_part`.
    """

    base: str
    uppers: tuple[Fraction, ...]
    rates: Mapping[str, tuple[Fraction, ...]]
    mark: str
    column: str = ""
    parts: str = ""
    method: str = ""
    per_part: str = ""
    adds: bool = False
    worked_out: dict[tuple[str, str], tuple[_Band, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def apply(self, work: Working) -> None:
        """Charge the base band by band."""
        amount = work.amount(self.base)
        work.charge_base = amount if work.charge_base is None else work.charge_base
        column = work.required(self.column).key if self.column else ""
        parts = work.amounts(self.parts)
        if len(parts) > 1:
            work.turned_on.append(self.method)
        method = work.chosen(self.method)
        alone = len(parts) > 1 and method is not None and method.key == self.per_part
        fees = [self._charge(work, part, column) for part in (parts if alone else (amount,))]
        work.weights = tuple(fees) if alone else parts
        fee = fees[0] if len(fees) == 1 else sum(fees, start=Fraction(0))
        if len(fees) > 1:
            work.step(self.label, " + ".join(map(exact.text, fees)), fee, self.clause)
        work.add(fee, adds=self.adds)

    def _charge(self, work: Working, amount: Fraction, column: str) -> Fraction:
        """Charge one amount and write a step a band, then the sum."""
        band = self._bands(column, work.unit)[bisect_left(self.uppers, amount)]
        part = amount - band.low
        last = part * band.rate
        work.steps += band.full
        written = exact.text(last)
        work.step(band.label, f"{exact.text(part)} × {band.written}", written, self.clause)
        if not band.full:
            return last
        fee = band.before + last
        work.step(self.label, f"{band.sums} + {written}", fee, self.clause)
        return fee

    def _bands(self, column: str, unit: str) -> tuple[_Band, ...]:
        """Return each band of a column with what the full bands below it come to; worked out once."""
        known = self.worked_out.get((column, unit))
        if known is not None:
            return known
        found: list[_Band] = []
        before, full, sums = Fraction(0), list[Step](), list[str]()
        top = self.uppers[-1] if self.uppers else Fraction(0)
        for part in shapes.progressive(self.uppers, self.rates[column], top + 1):
            label, written = _band(part.low, part.high, unit), written_rate(part.rate, self.mark)
            found.append(_Band(label, part.low, part.rate, written, before, " + ".join(sums), tuple(full)))
            fee, before = exact.text(part.fee), before + part.fee
            sums.append(fee)
            full.append(Step(label, f"{exact.text(part.amount)} × {written}", fee, self.clause, unit))
        return self.worked_out.setdefault((column, unit), tuple(found))


def _band(low: Fraction, high: Fraction | None, unit: str) -> Words:
    """Name a band by its ends."""
    if high is None:
        end = exact.text(low)
        return Words(f"超过 {end} {unit}的部分", f"Part above {end}")
    if low == 0:
        end = exact.text(high)
        return Words(f"{end} {unit}以下的部分", f"Part up to {end}")
    one, two = exact.text(low), exact.text(high)
    return Words(f"{one}–{two} {unit}的部分", f"Part from {one} to {two}")


@dataclass(frozen=True, kw_only=True)
class Rate(Operation):
    """A flat rate on the sum of one or more amounts (shapes F and J).

    At least one of `bases` must be given; the others count as nothing.
    """

    bases: tuple[str, ...]
    rate: Fraction
    mark: str
    adds: bool = False

    def apply(self, work: Working) -> None:
        """Charge the rate."""
        given = [(name, work.optional_amount(name)) for name in self.bases]
        amounts = [amount for _, amount in given if amount is not None]
        if not amounts:
            raise InputRefused((Problem(self.bases[0], "missing"),))
        total = sum(amounts, start=Fraction(0))
        if work.charge_base is None:
            work.charge_base = total
        sums = " + ".join(map(exact.text, amounts))
        written = f"({sums})" if len(amounts) > 1 else sums
        fee = total * self.rate
        work.step(
            self.label,
            f"{written} × {written_rate(self.rate, self.mark)}",
            fee,
            self.clause,
        )
        before = work.span
        work.add(fee, adds=self.adds)
        if self.adds and before.base is not None:
            work.step(
                Words("合计", "Total"),
                f"{before} + {exact.text(fee)}",
                work.span,
                self.clause,
            )


@dataclass(frozen=True, kw_only=True)
class UnitPrice(Operation):
    """A price for each unit of a quantity (shape G); skipped when `adds` and none is given."""

    quantity: str
    price: Fraction
    least: Fraction = Fraction(0)
    adds: bool = False

    def apply(self, work: Working) -> None:
        """Charge the quantity."""
        quantity = work.optional_amount(self.quantity)
        if not quantity and self.adds:
            return
        if quantity is None:
            raise InputRefused((Problem(self.quantity, "missing"),))
        fee = shapes.unit_price(self.price, quantity, self.least)
        billed = exact.text(max(quantity, self.least))
        work.step(self.label, f"{billed} × {exact.text(self.price)}", fee, self.clause)
        work.add(fee, adds=self.adds)
