"""Operations that read a printed table: interpolation with its ends, brackets, a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from agencies.fees.engine import exact, shapes
from agencies.fees.engine.operations import Operation, written_rate
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Span, Working


@dataclass(frozen=True, kw_only=True)
class End:
    """What happens outside the first or last row. This one: no amount, by negotiation."""

    label: Words
    clause: str

    def apply(self, work: Working, x: Fraction, edge: tuple[Fraction, Fraction]) -> None:
        """Charge `x`, which lies outside the table beyond `edge`, its first or last row."""
        work.stop(
            "outside-table",
            amount=exact.text(x),
            edge=exact.text(edge[0]),
            clause=self.clause,
        )


@dataclass(frozen=True, kw_only=True)
class LineEnd(End):
    """The straight line from a named point to the edge; with `flat`, level before the point."""

    x: Fraction
    y: Fraction
    flat: bool = False

    def apply(self, work: Working, x: Fraction, edge: tuple[Fraction, Fraction]) -> None:
        """Charge along the line."""
        if self.flat and x <= self.x:
            work.step(self.label, exact.text(self.y), self.y, self.clause)
            work.add(self.y)
            return
        line = shapes.Line(self.x, self.y, *edge)
        _along(work, line, x, self.label, self.clause)


@dataclass(frozen=True, kw_only=True)
class RateEnd(End):
    """A rate on the whole amount (not on the excess)."""

    rate: Fraction
    mark: str

    def apply(self, work: Working, x: Fraction, edge: tuple[Fraction, Fraction]) -> None:
        """Charge the rate on the whole of `x`."""
        del edge
        fee = x * self.rate
        expression = f"{exact.text(x)} × {written_rate(self.rate, self.mark)}"
        work.step(self.label, expression, fee, self.clause)
        work.add(fee)


@dataclass(frozen=True, kw_only=True)
class RangeEnd(End):
    """A range that can't be interpolated, for want of an outer anchor; `high` may be open."""

    low: Fraction
    high: Fraction | None

    def apply(self, work: Working, x: Fraction, edge: tuple[Fraction, Fraction]) -> None:
        """Give the range and say that no one amount comes out."""
        work.stop("open-bracket", amount=exact.text(x), edge=exact.text(edge[0]),
                  clause=self.clause)  # fmt: skip
        work.span = Span(self.low, None, self.high)
        work.step(self.label, exact.text(x), work.span, self.clause)


@dataclass(frozen=True, kw_only=True)
class FixedEnd(End):
    """One amount for everything beyond the edge."""

    value: Fraction

    def apply(self, work: Working, x: Fraction, edge: tuple[Fraction, Fraction]) -> None:
        """Charge the fixed amount."""
        del edge
        work.step(self.label, exact.text(x), self.value, self.clause)
        work.add(self.value)


@dataclass(frozen=True, kw_only=True)
class Interpolate(Operation):
    """Linear interpolation between the rows of a table (shapes B and C).

    below: by the key of `below_choice`, or under "" where the document itself decides.
    An amount on the first or last row is inside the table.
    """

    base: str
    points: tuple[tuple[Fraction, Fraction], ...]
    above: End
    below: Mapping[str, End]
    below_choice: str = ""

    def apply(self, work: Working) -> None:
        """Charge the base between its two rows, or by the end it lies beyond."""
        x = work.amount(self.base)
        work.charge_base = x if work.charge_base is None else work.charge_base
        if x < self.points[0][0]:
            self._under(work, x)
        elif x > self.points[-1][0]:
            self.above.apply(work, x, self.points[-1])
        else:
            line = shapes.between(self.points, x)
            _along(work, line, x, self.label, self.clause)

    def _under(self, work: Working, x: Fraction) -> None:
        """Charge an amount below the first row, by the named choice if there is one."""
        key = ""
        if self.below_choice:
            work.turned_on.append(self.below_choice)
            chosen = work.chosen(self.below_choice)
            if chosen is None:
                work.stop("choice-required", field=self.below_choice, amount=exact.text(x),
                          edge=exact.text(self.points[0][0]), clause=self.clause)  # fmt: skip
                return
            key = chosen.key
        self.below[key].apply(work, x, self.points[0])


def _along(work: Working, line: shapes.Line, x: Fraction, label: Words, clause: str) -> None:
    """Charge along a line and write it as the documents print it."""
    fee = line.at(x)
    if x in {line.x1, line.x2}:
        work.step(label, exact.text(x), fee, clause)
    else:
        x1, y1, x2, y2 = map(exact.text, line)
        expression = f"{y1} + ({y2} − {y1}) ÷ ({x2} − {x1}) × ({exact.text(x)} − {x1})"
        work.step(label, expression, fee, clause)
    work.add(fee)


@dataclass(frozen=True, kw_only=True)
class Brackets(Operation):
    """A table by brackets without interpolation: a range (shape D) or base and excess (E)."""

    base: str
    rows: tuple[shapes.Bracket, ...]
    ranges: bool
    mark: str = "%"

    def apply(self, work: Working) -> None:
        """Charge by the bracket the base falls in: lower bound excluded, upper included."""
        x = work.amount(self.base)
        work.charge_base = x if work.charge_base is None else work.charge_base
        row = shapes.bracket_of(self.rows, x)
        if row.upto is not None and x > row.upto:
            work.stop("outside-table", amount=exact.text(x), edge=exact.text(row.upto), clause=self.clause)
            return
        if self.ranges:
            work.stop("open-bracket", amount=exact.text(x), clause=self.clause)
            work.span = Span(row.low, None, row.high)
            work.step(self.label, exact.text(x), work.span, self.clause)
            return
        fee = row.at(x)
        expression = exact.text(row.low)
        if row.rate:
            rate = written_rate(row.rate, self.mark)
            expression += f" + ({exact.text(x)} − {exact.text(row.above)}) × {rate}"
        work.step(self.label, expression, fee, self.clause)
        work.add(fee)


@dataclass(frozen=True, kw_only=True)
class Matrix(Operation):
    """A base fee looked up by two choices (shape I)."""

    row: str
    column: str
    fees: Mapping[str, Mapping[str, Fraction]]

    def apply(self, work: Working) -> None:
        """Look the base fee up."""
        row, column = work.required(self.row), work.required(self.column)
        fee = self.fees[row.key][column.key]
        label = self.label.then(
            f"：{row.label.zh}，{column.label.zh}",
            f": {row.label.en}, {column.label.en}",
        )
        work.step(label, exact.text(fee), fee, self.clause)
        work.add(fee)
