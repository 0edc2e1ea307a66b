"""Operations that change an amount already charged: coefficients, components, float, limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from agencies.fees.engine import exact, shapes
from agencies.fees.engine.operations import Operation, written_rate
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Chosen, Span, Working

BEFORE_LIMITS = "before-limits"
"""The note that no coefficient was chosen, so that limits behind them were not applied."""


@dataclass(frozen=True, kw_only=True)
class Factor(Operation):
    """A coefficient chosen by name. `silent` skips it when not answered; else 1 is shown.

    mark: "%" when the choices are percentages. below: the amount (of `base`) up to which
    it applies, exclusive; at or above it the factor is shown as not applying.
    """

    field: str
    mark: str = ""
    silent: bool = False
    base: str = ""
    below: Fraction | None = None

    def apply(self, work: Working) -> None:
        """Multiply the running amount."""
        chosen = work.chosen(self.field)
        if chosen is None:
            if not self.silent:
                work.notes.append(f"not-given:{self.field}")
                label = self.label.then("（未选，按 1 计）", " (not chosen, counted as 1)")
                work.step(label, f"{work.span} × 1", work.span, self.clause)
            return
        if chosen.negotiated:
            work.stop("negotiated", field=self.field, choice=chosen.label, clause=self.clause)
            return
        if chosen.value is None or (chosen.value * exact.RATES[self.mark] == 1 and self.silent):
            return
        if self.below is not None and work.amount(self.base) >= self.below:
            label = self.label.then("（规模超出，不适用）", " (too large, does not apply)")
            work.step(label, f"{work.span} × 1", work.span, self.clause)
            return
        self._multiply(work, chosen, chosen.value)

    def _multiply(self, work: Working, chosen: Chosen, value: Fraction) -> None:
        """Multiply by a chosen coefficient and write which."""
        before, factor = work.span, value * exact.RATES[self.mark]
        work.span = before.map(lambda running: running * factor)
        label = self.label.then(f"：{chosen.label.zh}", f": {chosen.label.en}")
        work.step(label, f"{before} × {exact.text(value)}{self.mark}", work.span, self.clause)


@dataclass(frozen=True, kw_only=True)
class FactorSum(Operation):
    """Additional coefficients that combine as sum − n + 1, never multiplied (10号 1.0.9)."""

    field: str

    def apply(self, work: Working) -> None:
        """Combine the chosen coefficients and multiply."""
        chosen = [c for c in work.all_chosen(self.field) if c.value is not None]
        values = [c.value for c in chosen if c.value is not None]
        if not values:
            return
        factor = shapes.sum_less_count_plus_one(values)
        if factor <= 0:
            work.stop("coefficient-not-positive", field=self.field, clause=self.clause)
            return
        names = Words("、".join(c.label.zh for c in chosen), ", ".join(c.label.en for c in chosen))
        if len(values) > 1:
            sums = " + ".join(map(exact.text, values))
            label = self.label.then(f"：{names.zh}", f": {names.en}")
            work.step(label, f"{sums} − {len(values)} + 1", factor, self.clause, unit="")
        before = work.span
        work.span = before.map(lambda running: running * factor)
        label = self.label if len(values) > 1 else self.label.then(f"：{names.zh}", f": {names.en}")
        work.step(label, f"{before} × {exact.text(factor)}", work.span, self.clause)


@dataclass(frozen=True, kw_only=True)
class Additions(Operation):
    """Chosen components, each a percentage of the amount so far, added to it.

    alone: whether they stand without the amount they are reckoned on (technical work on existing data).
    """

    field: str
    mark: str = "%"
    alone: bool = False

    def apply(self, work: Working) -> None:
        """Add each component, all of them reckoned on the same amount."""
        before = work.span
        if self.alone:
            work.span = before.map(lambda running: running * 0)
        for chosen in work.all_chosen(self.field):
            if chosen.value is None:
                continue
            rate = chosen.value * exact.RATES[self.mark]
            part = _share(before, rate)
            label = self.label.then(f"：{chosen.label.zh}", f": {chosen.label.en}")
            expression = f"{before} × {exact.text(chosen.value)}{self.mark}"
            work.step(label, expression, part, self.clause)
            so_far = work.span
            work.span = Span(
                _plus(so_far.low, part.low),
                _plus(so_far.base, part.base),
                _plus(so_far.high, part.high),
            )
            if self.alone and so_far.base == 0:
                continue
            work.step(Words("合计", "Total"), f"{so_far} + {part}", work.span, self.clause)


def _share(whole: Span, rate: Fraction) -> Span:
    """Return a rate of a running amount, end by end."""
    return whole.map(lambda running: running * rate)


def _plus(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    """Add two ends; an open end stays open."""
    return None if one is None or two is None else one + two


@dataclass(frozen=True, kw_only=True)
class Extra(Operation):
    """A rate on the running amount for each of a counted thing (+50 % a topic)."""

    quantity: str
    rate: Fraction
    mark: str = "%"

    def apply(self, work: Working) -> None:
        """Raise the running amount by the rate times the count."""
        count = work.optional_amount(self.quantity)
        if not count:
            return
        factor, before = 1 + self.rate * count, work.span
        work.span = before.map(lambda running: running * factor)
        rate = written_rate(self.rate, self.mark)
        work.step(
            self.label,
            f"{before} × (1 + {exact.text(count)} × {rate})",
            work.span,
            self.clause,
        )


@dataclass(frozen=True, kw_only=True)
class Split(Operation):
    """The share of the stages ordered, out of a table by kind (rows) and stage (columns).

    more: a count of further pieces of the stage `more_column` (schemes beyond the first), each at `more_rate` of it.
    """

    row: str
    columns_field: str
    columns: tuple[str, ...]
    shares: Mapping[str, tuple[Fraction, ...]]
    more: str = ""
    more_column: str = ""
    more_rate: Fraction = Fraction(0)

    def apply(self, work: Working) -> None:
        """Keep the share of the chosen stages, the whole when none is chosen; then add what is done more than once."""
        before = work.span
        self._keep(work)
        count = work.optional_amount(self.more) if self.more else None
        if not count or work.span.is_empty:
            return
        share = self.shares[work.required(self.row).key][self.columns.index(self.more_column)]
        factor = share * self.more_rate * count
        part = before.map(lambda running: running * factor)
        rate = written_rate(self.more_rate, "%")
        label = Words("另做的方案", "Further schemes")
        work.step(label, f"{before} × {written_rate(share, '%')} × {rate} × {exact.text(count)}", part, self.clause)
        so_far = work.span
        work.span = Span(
            _plus(so_far.low, part.low), _plus(so_far.base, part.base), _plus(so_far.high, part.high)
        )  # fmt: skip
        work.step(Words("合计", "Total"), f"{so_far} + {part}", work.span, self.clause)

    def _keep(self, work: Working) -> None:
        """Keep the share of the chosen stages."""
        chosen = work.all_chosen(self.columns_field)
        if not chosen:
            return
        shares = self.shares[work.required(self.row).key]
        picked = [(c, shares[self.columns.index(c.key)]) for c in chosen]
        share = sum((value for _, value in picked), start=Fraction(0))
        if share == 0:
            work.stop("outside-table", field=self.columns_field, clause=self.clause)
            return
        before = work.span
        work.span = before.map(lambda running: running * share)
        names = Words(
            "、".join(c.label.zh for c, _ in picked),
            ", ".join(c.label.en for c, _ in picked),
        )
        sums = " + ".join(written_rate(value, "%") for _, value in picked)
        expression = f"{before} × ({sums})" if len(picked) > 1 else f"{before} × {sums}"
        label = self.label.then(f"：{names.zh}", f": {names.en}")
        work.step(label, expression, work.span, self.clause)


class _Reach(NamedTuple):
    """How far a fee floats: the factors of its ends, and how both are written."""

    least: Fraction
    most: Fraction
    down: str
    up: str

    @classmethod
    def of(cls, low: Fraction, high: Fraction) -> _Reach:
        """Return the reach of −low and +high, both fractions: 0.2 is 20 %."""
        return cls(1 - low, 1 + high, written_rate(low, "%"), written_rate(high, "%"))


@dataclass(frozen=True, kw_only=True)
class Float(Operation):
    """The band around the benchmark: −low and +high; or a maximum price with no lower end.

    high_choice: a field whose chosen percentage replaces `high` (10号, article 7).
    """

    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    maximum: bool = False
    high_choice: str = ""

    def apply(self, work: Working) -> None:
        """Open the running amount to its range."""
        span = work.span
        if self.maximum:
            work.span = Span(None, span.base, span.high)
            work.step(self.label, f"≤ {span}", span, self.clause)
            return
        chosen = work.chosen(self.high_choice)
        reach = self._reach
        if chosen is not None and chosen.value is not None:
            reach = _Reach.of(self.low, chosen.value * exact.RATES["%"])
        work.span = Span(
            None if span.low is None else span.low * reach.least,
            span.base,
            None if span.high is None else span.high * reach.most,
        )
        before = str(span)
        written = f"{before} × (1 − {reach.down}) – {before} × (1 + {reach.up})"
        ends = Span(work.span.low, None, work.span.high)
        work.step(self.label, written, ends, self.clause)

    @cached_property
    def _reach(self) -> _Reach:
        """Return the band as printed; worked out once, since every fee of the schedule asks for it."""
        return _Reach.of(self.low, self.high)


@dataclass(frozen=True, kw_only=True)
class Clamp(Operation):
    """A minimum and a maximum fee, by the key of `column` or under "" for all.

    after: choice fields the limits come behind; where none of them is answered the amount
    is still the one before adjustment, and the limits are noted as not applied.
    """

    least: Fraction | None = None
    most: Mapping[str, Fraction] = field(default_factory=dict)
    column: str = ""
    after: tuple[str, ...] = ()

    def apply(self, work: Working) -> None:
        """Hold every end of the running amount within the limits; silent when none binds."""
        if self.after and not any(work.chosen(name) for name in self.after):
            work.notes.append(BEFORE_LIMITS)
            return
        key = work.required(self.column).key if self.column else ""
        most, before = self.most.get(key), work.span
        work.span = before.map(lambda running: shapes.clamp(running, None, most))
        if most is not None and work.span != before:
            ends = Span(work.span.low, None, work.span.high)
            work.step(self.label, f"≤ {exact.text(most)}", ends, self.clause)
        before = work.span
        work.span = before.map(lambda running: shapes.clamp(running, self.least, None))
        if self.least is not None and work.span != before:
            work.step(self.label, f"≥ {exact.text(self.least)}", work.span, self.clause)
