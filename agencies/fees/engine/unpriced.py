"""What a document charges for but gives no number of, and rates printed as a range."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from agencies.fees.engine import exact, shapes
from agencies.fees.engine.operations import Operation, written_rate
from agencies.fees.engine.refusal import InputRefused, Problem
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Span, Working


@dataclass(frozen=True, kw_only=True)
class NoTable(Operation):
    """Work whose prices were not at hand: no amount comes out, and the working says why."""

    def apply(self, work: Working) -> None:
        """Stop with the reason."""
        work.stop("no-table", clause=self.clause)


@dataclass(frozen=True, kw_only=True)
class BandRange(Operation):
    """A progressive rate printed as a range (shape A twice): the fee lies between the two sums."""

    base: str
    uppers: tuple[Fraction, ...]
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    mark: str

    def apply(self, work: Working) -> None:
        """Charge the base band by band at both rates."""
        amount = work.amount(self.base)
        work.charge_base = amount
        slices = zip(
            shapes.progressive(self.uppers, self.low, amount),
            shapes.progressive(self.uppers, self.high, amount),
            strict=True,
        )
        least = most = Fraction(0)
        for one, two in slices:
            rates = f"{written_rate(one.rate, self.mark)}–{written_rate(two.rate, self.mark)}"
            work.step(self.label, f"{exact.text(one.amount)} × {rates}", Span(one.fee, None, two.fee), self.clause)
            least, most = least + one.fee, most + two.fee
        work.stop("open-bracket", amount=exact.text(amount), clause=self.clause)
        work.span = Span(least, None, most)


@dataclass(frozen=True, kw_only=True)
class UnitRange(Operation):
    """A price for each unit printed as a range (shape L), or a rate with `mark`; skipped when `adds` and none is given.

    Several add up, end by end; where the answer lies within the range is agreed by the parties.
    """

    quantity: str
    low: Fraction
    high: Fraction
    mark: str = ""
    adds: bool = False

    def apply(self, work: Working) -> None:
        """Charge the quantity at both prices."""
        quantity = work.optional_amount(self.quantity)
        if not quantity and self.adds:
            return
        if quantity is None:
            raise InputRefused((Problem(self.quantity, "missing"),))
        before, part = work.span, Span(quantity * self.low, None, quantity * self.high)
        prices = f"{written_rate(self.low, self.mark)}–{written_rate(self.high, self.mark)}"
        work.step(self.label, f"{exact.text(quantity)} × {prices}", part, self.clause)
        work.stop("open-bracket", amount=exact.text(quantity), clause=self.clause)
        adds = self.adds and not before.is_empty
        work.span = Span(_sum(before.low, part.low), None, _sum(before.high, part.high)) if adds else part
        if adds:
            work.step(Words("合计", "Total"), f"{before} + {part}", work.span, self.clause)


def _sum(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    """Add two ends; an open end stays open."""
    return None if one is None or two is None else one + two
