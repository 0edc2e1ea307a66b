"""Judge rows of charged fees against the schedules, many at once. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from agencies.fees.columns.compiling import Piece, Program, compile_program, epochs
from agencies.fees.columns.evaluation import NONE, evaluate
from agencies.fees.engine import amounts, exact
from agencies.fees.engine.amounts import AmountRefused
from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.choosing import choose
from agencies.fees.engine.inputs import service_field
from agencies.fees.engine.refusal import InputRefused, Problem
from agencies.fees.engine.schedule import InputField, Kind, Schedule, Service, Status
from core.errors import NotFound
from core.money import Money

ROLES: Final = ("schedule", "service", "on", "base", "charged", "funding", "given")
NEEDED: Final = ("schedule", "on", "charged")
UNITS: Final = ("元", "万元", "亿元")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$", re.ASCII)
_BARE_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})$", re.ASCII)

Find = Callable[[str], Schedule]


class Outcome(StrEnum):
    """What an audit says of a row."""

    IN_RANGE = "in_range"
    ABOVE_CAP = "above_cap"
    ABOVE_REFERENCE = "above_reference"
    BELOW_LOW = "below_low"
    NOT_COMPUTABLE = "not_computable"
    ROW_ERROR = "row_error"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column (by its place) or fixed value stands for what, which columns are inputs, and the bare units.

    inputs: columns taken by their headings. named: a column for a field of the schedules that have it, by its name.
    """

    places: Mapping[str, int] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[int, ...] = ()
    base_unit: str = "元"
    charged_unit: str = "元"
    named: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as stored."""
        return {
            "places": dict(self.places), "fixed": dict(self.fixed), "inputs": list(self.inputs),
            "base_unit": self.base_unit, "charged_unit": self.charged_unit, "named": dict(self.named),
        }  # fmt: skip

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Columns:
        """Read it as stored."""
        return cls(
            kept["places"], kept["fixed"], tuple(kept["inputs"]), kept["base_unit"], kept["charged_unit"],
            kept.get("named", {}),
        )  # fmt: skip

    def missing(self) -> list[str]:
        """Return the roles that have neither a column nor a value."""
        found = [one for one in NEEDED if one not in self.places and not self.fixed.get(one)]
        told = any(one in self.places or self.fixed.get(one) for one in ("base", "given")) or self.inputs or self.named
        return found if told else [*found, "base"]


@dataclass(slots=True)
class Verdict:
    """What came of one row, in fen. deviation: above the upper end (positive) or under the lower (negative).

    fault: code, field and what was given, for a row that could not be read; reason: why there is no amount.
    by_engine: whether the exact engine did the row alone.
    """

    outcome: Outcome
    schedule: str = ""
    version: str = ""
    charged: int | None = None
    low: int | None = None
    base: int | None = None
    high: int | None = None
    status: str = ""
    deviation: int = 0
    reason: str = ""
    fault: tuple[str, str, str] | None = None
    working: str = ""
    by_engine: bool = False

    def as_json(self) -> list[Any]:
        """Return it as stored."""
        return [
            str(self.outcome), self.schedule, self.version, self.charged, self.low, self.base, self.high, self.status,
            self.deviation, self.reason, self.fault, self.working,
        ]  # fmt: skip


class RowFault(ValueError):
    """A row that cannot be read: a stable code, the field, and what was given."""

    def __init__(self, code: str, name: str, given: object = "") -> None:
        super().__init__(code)
        self.fault = (code, name, str(given)[:60])


@dataclass(slots=True)
class _Row:
    """A row as understood."""

    place: int
    schedule: Schedule
    on: date
    charged: int
    fixed: tuple[tuple[str, str], ...]
    varying: str = ""
    value: Fraction = Fraction(0)

    def given(self) -> dict[str, object]:
        """Return the inputs as the exact engine takes them."""
        return {**dict(self.fixed), **({self.varying: self.value} if self.varying else {})}


def read_day(written: str) -> date:
    """Read a day as people write it. Raises RowFault."""
    text = written.strip()
    match = _DAY.match(text) or _BARE_DAY.match(text)
    try:
        if match is not None:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise RowFault("not-a-day" if text else "missing", "on", text)


def judge(columns: Columns, headings: Sequence[str], rows: Sequence[Sequence[str]], find: Find) -> list[Verdict]:
    """Judge rows; one verdict each, in order. A row that cannot be read says why, the others go on.

    find: returns the schedule a text means, or raises NotFound.
    """
    verdicts: list[Verdict | None] = [None] * len(rows)
    groups: dict[Any, list[_Row]] = {}
    for place, cells in enumerate(rows):
        try:
            row = _read(columns, headings, place, cells, find)
        except RowFault as refused:
            verdicts[place] = Verdict(Outcome.ROW_ERROR, fault=refused.fault)
            continue
        groups.setdefault((row.schedule, _epoch(row), row.fixed, row.varying), []).append(row)
    for group in groups.values():
        for row, verdict in zip(group, _judge_group(group), strict=True):
            verdicts[row.place] = verdict
    return [one for one in verdicts if one is not None]


def _read(columns: Columns, headings: Sequence[str], place: int, cells: Sequence[str], find: Find) -> _Row:
    """Understand one row. Raises RowFault."""

    def said(role: str) -> str:
        at = columns.places.get(role)
        cell = cells[at].strip() if at is not None and at < len(cells) else ""
        return cell or columns.fixed.get(role, "")

    try:
        schedule = find(said("schedule"))
    except NotFound:
        raise RowFault("schedule-unknown" if said("schedule") else "missing", "schedule", said("schedule")) from None
    on = read_day(said("on"))
    charged = _fen(said("charged"), columns.charged_unit, "charged")
    fixed = {headings[at]: cells[at].strip() for at in columns.inputs if at < len(cells) and cells[at].strip()}
    for name, at in columns.named.items():
        if name in _names(schedule) and at < len(cells) and cells[at].strip():
            fixed[name] = cells[at].strip()
    fixed |= {role: said(role) for role in ("service", "funding") if said(role)}
    fixed |= _given(said("given"))
    row = _Row(place, schedule, on, charged, tuple(sorted(fixed.items())))
    if said("base"):
        main = _main_field(schedule, _epoch(row), fixed.get("service", ""))
        if main is not None:
            row.varying, row.value = main.name, _value(main, said("base"), columns.base_unit)
    return row


def _given(written: str) -> dict[str, str]:
    """Read inputs kept as JSON, such as a need's."""
    try:
        kept = json.loads(written) if written else {}
    except ValueError:
        raise RowFault("not-json", "given", written) from None
    if not isinstance(kept, dict):
        raise RowFault("not-json", "given", written)
    return {str(key): str(value) for key, value in kept.items() if value not in (None, "")}


def _fen(written: str, unit: str, name: str) -> int:
    """Read money. Raises RowFault."""
    if not written:
        raise RowFault("missing", name)
    try:
        return Money.from_yuan(amounts.fraction(written, unit)).fen
    except AmountRefused as refused:
        raise RowFault(refused.code, name, written) from None


def _value(main: InputField, written: str, unit: str) -> Fraction:
    """Read the base into the field's own unit. Raises RowFault."""
    try:
        if main.kind is Kind.AMOUNT:
            return amounts.fraction(written, unit) / exact.YUAN[main.unit]
        return amounts.number(written.removesuffix(main.unit))
    except AmountRefused as refused:
        raise RowFault(refused.code, "base", written) from None


@lru_cache(maxsize=256)
def _names(schedule: Schedule) -> frozenset[str]:
    return frozenset(
        one.name for version in schedule.versions for service in version.services for one in service.fields
    )


@lru_cache(maxsize=256)
def _days(schedule: Schedule) -> tuple[date, ...]:
    return epochs(schedule)


def _epoch(row: _Row) -> date:
    """Return the first day of the time in which version and force are the row's; the row's own before all."""
    return max((day for day in _days(row.schedule) if day <= row.on), default=row.on)


@lru_cache(maxsize=1024)
def _main_field(schedule: Schedule, on: date, service: str) -> InputField | None:
    """Return the field a base stands for: what the service's charge is reckoned on; None before the schedule."""
    version = schedule.version_on(on)
    if version is None:
        return None
    one = version.services[0]
    if service:
        chosen = choose(service_field(version), service)
        if isinstance(chosen, Problem):
            raise RowFault("service-unknown", "service", service)
        one = next(found for found in version.services if found.key == chosen.key)
    elif len(version.services) > 1:
        raise RowFault("missing", "service")
    return main_of(one)


def main_of(service: Service) -> InputField | None:
    """Return the field a service's charge is reckoned on: what is required before what is only asked, money first."""
    plain = [found for found in service.fields if found.kind in {Kind.AMOUNT, Kind.QUANTITY}]
    ranked = sorted(plain, key=lambda found: (not found.required, not found.asked, found.kind is Kind.QUANTITY))
    return ranked[0] if ranked else None


@lru_cache(maxsize=2048)
def _program(schedule: Schedule, on: date, fixed: tuple[tuple[str, str], ...], varying: str) -> Program | None:
    """Compile once for all rows alike; None where the exact engine must do them."""
    try:
        return compile_program(schedule, on, dict(fixed), varying)
    except InputRefused:
        return None


def _judge_group(group: list[_Row]) -> list[Verdict]:
    """Judge rows that differ in the base and the charge alone."""
    first = group[0]
    program = _program(first.schedule, _epoch(first), first.fixed, first.varying) if first.varying else None
    if program is None:
        return [_by_engine(row) for row in group]
    money = exact.YUAN.get(_unit_of(first), Fraction(1)) if _unit_of(first) else Fraction(1)
    steps = [program.steps_of(row.value * money) for row in group]
    found = evaluate(program, [0 if step is None else step for step in steps])
    verdicts = []
    for at, row in enumerate(group):
        step = steps[at]
        if found.piece[at] == NONE or step is None:
            verdicts.append(_by_engine(row))
            continue
        verdict = _by_piece(row, program, program.pieces[found.piece[at]], step)
        low, base, high = (None if end[at] == NONE else end[at] for end in (found.low, found.base, found.high))
        verdict.low, verdict.base, verdict.high = low, base, high
        verdicts.append(_weighed(verdict))
    return verdicts


def _unit_of(row: _Row) -> str:
    """Return the money unit of the row's base, empty for a quantity."""
    main = _main_field(row.schedule, _epoch(row), dict(row.fixed).get("service", ""))
    return main.unit if main is not None and main.kind is Kind.AMOUNT else ""


def _by_piece(row: _Row, program: Program, piece: Piece, step: int) -> Verdict:
    """Return what the columns know of a row beside its amounts."""
    return Verdict(
        Outcome.IN_RANGE, program.document, program.version, row.charged,
        status=str(piece.force.status) if piece.force is not None else str(Status.REFERENCE),
        reason=piece.reason.code if piece.reason is not None else "", working=_lines(piece.working(step)),
    )  # fmt: skip


def _by_engine(row: _Row) -> Verdict:
    """Judge one row by the exact engine."""
    try:
        found = calculate(row.schedule, row.on, row.given())
    except InputRefused as refused:
        one = refused.problems[0]
        given = one.facts.get("given", "")
        fault = (one.code, one.name, str(given)[:60])
        return Verdict(Outcome.ROW_ERROR, row.schedule.document, fault=fault, by_engine=True)
    low, base, high = (None if end is None else end.fen for end in (found.low, found.base, found.high))
    verdict = Verdict(
        Outcome.IN_RANGE, found.document, found.version, row.charged,
        low=low, base=base, high=high,
        status=str(found.status), reason=found.reason.code if found.reason is not None else "", by_engine=True,
    )  # fmt: skip
    verdict.working = _lines(found.steps)
    return _weighed(verdict)


def _lines(steps: Sequence[Any]) -> str:
    """Write a working in one cell: a step a line."""
    return "\n".join(f"{one.label.zh}：{one.expression} = {one.value} {one.unit}".rstrip() for one in steps)


def _weighed(verdict: Verdict) -> Verdict:
    """Say where the charge lies. Only a schedule binding on the day caps; any other is a reference."""
    charged, status = verdict.charged or 0, Status(verdict.status)
    high = 0 if status is Status.NO_CHARGE else verdict.high
    if (verdict.reason and status is not Status.NO_CHARGE) or high is None:
        verdict.outcome = Outcome.NOT_COMPUTABLE
    elif charged > high:
        verdict.outcome = Outcome.ABOVE_CAP if status.caps else Outcome.ABOVE_REFERENCE
        verdict.deviation = charged - high
    elif verdict.low is not None and charged < verdict.low and status is not Status.NO_CHARGE:
        verdict.outcome = Outcome.BELOW_LOW
        verdict.deviation = charged - verdict.low
    return verdict
