"""The state of one calculation on its way: the running amount, the steps, the milestones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from agencies.fees.engine import exact
from agencies.fees.engine.price_items import PricedLine
from agencies.fees.engine.refusal import InputRefused, Problem, Reason
from agencies.fees.engine.words import Words


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the working.

    expression: numbers and signs only, in the unit of the step; value: its exact result,
    or both ends of a range; clause: document and article it stands on.
    """

    label: Words
    expression: str
    value: str
    clause: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a choice field was answered with; `value` is the coefficient, if it is one."""

    key: str
    label: Words
    value: Fraction | None = None
    negotiated: bool = False


Answer = Fraction | Chosen | tuple[Fraction, ...] | tuple[Chosen, ...] | tuple[PricedLine, ...]
"""An amount in the field's unit, a quantity, a choice, several amounts, choices or lines of a price list."""


@dataclass(frozen=True, slots=True)
class Span:
    """An amount and its ends, in the service's unit; None is open or not computable."""

    low: Fraction | None
    base: Fraction | None
    high: Fraction | None

    @classmethod
    def point(cls, value: Fraction) -> Span:
        """Return a span that is one amount."""
        return cls(value, value, value)

    def map(self, change: Callable[[Fraction], Fraction]) -> Span:
        """Return the span with each known end changed."""
        low = None if self.low is None else change(self.low)
        if self.low is self.base and self.base is self.high:
            return Span(low, low, low)
        base = None if self.base is None else change(self.base)
        return Span(low, base, None if self.high is None else change(self.high))

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all is known."""
        return self.low is None and self.base is None and self.high is None

    def __str__(self) -> str:
        """Write the amount, or the range where there is no one amount."""
        if self.base is not None:
            return exact.text(self.base)
        low = "" if self.low is None else exact.text(self.low)
        high = "" if self.high is None else exact.text(self.high)
        return f"{low}–{high}"


NOTHING = Span(None, None, None)


class Working:
    """What the operations of a service read and write, in turn."""

    __slots__ = ("answers", "charge_base", "notes", "reason", "span", "stages", "steps",
                 "turned_on", "unit", "values", "weights")  # fmt: skip

    def __init__(self, answers: Mapping[str, Answer], unit: str) -> None:
        self.answers = answers
        self.unit = unit
        self.span = NOTHING
        self.values: dict[str, Fraction] = {}
        self.stages: dict[str, Span] = {}
        self.steps: list[Step] = []
        self.notes: list[str] = []
        self.turned_on: list[str] = []
        self.reason: Reason | None = None
        self.charge_base: Fraction | None = None
        self.weights: tuple[Fraction, ...] = ()

    def amount(self, name: str) -> Fraction:
        """Return a derived or given amount or quantity. Raises InputRefused when missing."""
        value = self.optional_amount(name)
        if value is None:
            raise InputRefused((Problem(name, "missing"),))
        return value

    def optional_amount(self, name: str) -> Fraction | None:
        """Return a derived or given amount or quantity, None when there is none."""
        if name in self.values:
            return self.values[name]
        answer = self.answers.get(name)
        return answer if isinstance(answer, Fraction) else None

    def amounts(self, name: str) -> tuple[Fraction, ...]:
        """Return the amounts of a list field, empty when it was not answered."""
        answer = self.answers.get(name)
        if not isinstance(answer, tuple):
            return ()
        return tuple(part for part in answer if isinstance(part, Fraction))

    def chosen(self, name: str) -> Chosen | None:
        """Return the answer of a choice field, None when it was not answered."""
        answer = self.answers.get(name)
        return answer if isinstance(answer, Chosen) else None

    def all_chosen(self, name: str) -> tuple[Chosen, ...]:
        """Return the answers of a field of several choices."""
        answer = self.answers.get(name)
        if not isinstance(answer, tuple):
            return ()
        return tuple(part for part in answer if isinstance(part, Chosen))

    def lines(self, name: str) -> tuple[PricedLine, ...]:
        """Return the lines of a price list, empty when there are none."""
        answer = self.answers.get(name)
        if not isinstance(answer, tuple):
            return ()
        return tuple(part for part in answer if isinstance(part, PricedLine))

    def required(self, name: str) -> Chosen:
        """Return the answer of a choice field. Raises InputRefused when missing."""
        answer = self.chosen(name)
        if answer is None:
            raise InputRefused((Problem(name, "missing"),))
        return answer

    def step(
        self, label: Words, expression: str, value: Fraction | Span | str, clause: str,
        *, unit: str | None = None,
    ) -> None:  # fmt: skip
        """Write one line of the working."""
        written = value if isinstance(value, str) else str(value) if isinstance(value, Span) else exact.text(value)
        self.steps.append(Step(label, expression, written, clause, self.unit if unit is None else unit))

    def add(self, value: Fraction, *, adds: bool = False) -> None:
        """Make a value the running amount, or add it to what runs already."""
        if adds and not self.span.is_empty:
            self.span = self.span.map(lambda running: running + value)
        else:
            self.span = Span.point(value)

    def stop(self, code: str, **facts: object) -> None:
        """Record why no single amount can come out, and forget the running amount."""
        self.reason = Reason(code, facts)
        self.span = NOTHING
