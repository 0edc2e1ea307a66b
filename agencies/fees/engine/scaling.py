"""A coefficient that grows with a quantity: 1 up to a size, then a straight line (K2 of 发改办价格[2006]745号)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from agencies.fees.engine import exact
from agencies.fees.engine.operations import Operation
from agencies.fees.engine.working import Working


@dataclass(frozen=True, kw_only=True)
class Scale(Operation):
    """Multiply by 1 + (quantity − upto) ÷ per above `upto`, by 1 below it.

    given: a choice field whose coefficient, when it was answered, stands for the formula's.
    """

    quantity: str
    upto: Fraction
    per: Fraction
    given: str

    def apply(self, work: Working) -> None:
        """Multiply the running amount and write how the coefficient came about."""
        chosen, size = work.chosen(self.given), work.optional_amount(self.quantity)
        if chosen is not None and chosen.value is not None:
            factor, formula = chosen.value, exact.text(chosen.value)
        elif size is None:
            work.notes.append(f"not-given:{self.quantity}")
            label = self.label.then("（未填规模，按 1 计）", " (no size given, counted as 1)")
            work.step(label, f"{work.span} × 1", work.span, self.clause)
            return
        elif size <= self.upto:
            factor, formula = Fraction(1), "1"
        else:
            factor = 1 + (size - self.upto) / self.per
            formula = f"(1 + ({exact.text(size)} − {exact.text(self.upto)}) ÷ {exact.text(self.per)})"
        before = work.span
        work.span = before.map(lambda running: running * factor)
        work.step(self.label, f"{before} × {formula}", work.span, self.clause)
