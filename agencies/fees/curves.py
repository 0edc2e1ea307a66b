"""The fee of a service over its base, worked by the engine point by point: what a curve and its table are drawn from.

A service has a curve when some amount drives its fee. What else the schedule must know is assumed and named: the choice
with few answers gives a line each, any other required choice its first answer. Unit prices and tables without an amount
have no curve.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from agencies.fees.engine import exact
from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import Choice, InputField, Kind, Schedule, Service, Version
from core.money import Money

MOST_LINES: Final = 4
WITHIN_TEN: Final = (2, 3, 4, 6, 10, 14)
MOST_EDGES: Final = 14
FEWEST: Final = 3
USUAL: Final[Mapping[str, tuple[int | Fraction, int | Fraction]]] = {
    "元": (10**5, 10**9),
    "千元": (10**2, 10**6),
    "万元": (10, 10**5),
    "百万元": (1, 10**4),
    "亿元": (Fraction(1, 10), 100),
}
"""Where a curve begins and ends, in the field's unit, when no table says."""


@dataclass(frozen=True, slots=True)
class Point:
    """One base, in the field's unit, and its fee; `fee` None where only a range is known."""

    base: Fraction
    low: Money | None
    fee: Money | None
    high: Money | None


@dataclass(frozen=True, slots=True)
class Line:
    """The points under one choice; `choice` None where nothing had to be chosen."""

    choice: Choice | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """The lines of a service over one amount or quantity.

    assumed: other choices that had to be made; `edges`: the rows of the table.
    """

    base: InputField
    by: InputField | None
    assumed: tuple[tuple[InputField, Choice], ...]
    lines: tuple[Line, ...]
    edges: tuple[Fraction, ...]

    def money(self, base: Fraction) -> Money | None:
        """Return a base, in its field's unit, as money; None where the base is counted, not paid."""
        if self.base.kind is not Kind.AMOUNT:
            return None
        return Money.from_yuan(base * exact.YUAN[self.base.unit])

    def size(self, base: Fraction) -> Fraction:
        """Return a base as its axis counts it: in yuan, or in the field's own unit."""
        return base * exact.YUAN[self.base.unit] if self.base.kind is Kind.AMOUNT else base


@lru_cache(maxsize=512)
def curve(schedule: Schedule, version: Version, service: Service) -> Curve | None:
    """Return the curve of a service, None when no amount drives its fee."""
    base = _base_field(service)
    if base is None or (base.kind is Kind.AMOUNT and base.unit not in exact.YUAN):
        return None
    by = _line_field(service)
    assumed = tuple((one, one.choices[0]) for one in service.fields if one is not by and _must_be_chosen(one))
    edges = _edges(service)
    given = _given(version, service, assumed)
    bases = _bases(edges, base)
    lines = []
    for choice in by.choices if by is not None else (None,):
        chosen = {**given, by.name: choice.key} if by is not None and choice is not None else given
        points = tuple(_points(schedule, version, base, chosen, bases))
        if len([one for one in points if one.fee is not None]) >= FEWEST:
            lines.append(Line(choice, points))
    return Curve(base, by, assumed, tuple(lines), edges[:MOST_EDGES]) if lines else None


def fee_at(
    schedule: Schedule, version: Version, service: Service, *, found: Curve, line: Line, base: Fraction
) -> Point:
    """Return the fee at one base under a line's choice, as a version has it; no amounts where it has none.

    base: in the unit of the field the curve runs along.
    """
    given = _given(version, service, found.assumed)
    if found.by is not None and line.choice is not None:
        given[found.by.name] = line.choice.key
    return next(_points(schedule, version, found.base, given, (base,)), Point(base, None, None, None))


def _given(version: Version, service: Service, assumed: Sequence[tuple[InputField, Choice]]) -> dict[str, object]:
    """Return the inputs of a curve but for its base: the choices assumed, and one of whatever is counted."""
    given: dict[str, object] = {one.name: choice.key for one, choice in assumed}
    given |= {one.name: "1" for one in service.fields if one.kind is Kind.QUANTITY and one.required}
    if len(version.services) > 1:
        given["service"] = service.key
    return given


def _base_field(service: Service) -> InputField | None:
    """Return what drives the fee: the first amount a form must ask for, else the first, else what a table counts."""
    amounts = [one for one in service.fields if one.kind is Kind.AMOUNT]
    tabled = {getattr(one, "base", "") for one in service.operations if _has_table(one)}
    counted = [one for one in service.fields if one.kind is Kind.QUANTITY and one.name in tabled]
    found = [*(one for one in amounts if one.required or one.asked), *amounts, *counted]
    return found[0] if found else None


def _has_table(operation: object) -> bool:
    return any(getattr(operation, name, ()) for name in ("uppers", "points", "rows"))


def _must_be_chosen(one: InputField) -> bool:
    return one.kind is Kind.CHOICE and one.required and one.default is None and bool(one.choices)


def _line_field(service: Service) -> InputField | None:
    """Return the required choice whose few answers give a line each; the one that picks a table's column first."""
    columns = {getattr(one, "column", "") for one in service.operations}
    few = [one for one in service.fields if _must_be_chosen(one) and 1 < len(one.choices) <= MOST_LINES]
    return next((one for one in few if one.name in columns), few[0] if few else None)


def _edges(service: Service) -> tuple[Fraction, ...]:
    """Return the bases printed in the service's tables, ascending."""
    found: set[Fraction] = set()
    for one in service.operations:
        found |= {edge for edge in _column(getattr(one, "uppers", ())) if edge > 0}
        found |= {edge for edge in _column(getattr(one, "points", ())) if edge > 0}
        rows: Sequence[Any] = getattr(one, "rows", ())
        found |= {edge for row in rows if isinstance(edge := getattr(row, "upto", None), Fraction) and edge > 0}
    return tuple(sorted(found))


def _column(table: Any) -> Iterator[Fraction]:
    """Yield the first number of every row of a table, whatever its shape."""
    if isinstance(table, Mapping):
        for inner in table.values():
            yield from _column(inner)
        return
    for row in table if isinstance(table, tuple) else ():
        first = row[0] if isinstance(row, tuple) and row else row
        if isinstance(first, Fraction):
            yield first


def _bases(edges: Sequence[Fraction], base: InputField) -> tuple[Fraction, ...]:
    """Return where the curve is worked out: some of every power of ten, and the table's own rows."""
    usual = USUAL.get(base.unit, (10, 10**5))
    low, high = Fraction(usual[0]), Fraction(usual[1])
    if edges:
        low, high = edges[0] / 2, edges[-1] * 2
    step, found = Fraction(1, 10**4), set(edges) | {low, high}
    while step < high:
        found |= {step * number / 2 for number in WITHIN_TEN if low <= step * number / 2 <= high}
        step *= 10
    return tuple(sorted(found))


def _points(
    schedule: Schedule, version: Version, base: InputField, given: Mapping[str, object], bases: Sequence[Fraction]
) -> Iterator[Point]:
    """Yield the fee at each base that has one or a range."""
    for one in bases:
        written = format(exact.rounded(one, 8).normalize(), "f")
        try:
            found = calculate(schedule, version.since, {**given, base.name: written})
        except InputRefused:
            continue
        if found.base is not None or found.low is not None or found.high is not None:
            yield Point(one, found.low, found.base, found.high)
