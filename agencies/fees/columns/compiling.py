"""Compile a service with its answers to straight pieces, by running the engine's own operations on intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import lcm
from typing import Any, Final

from agencies.fees.columns.lines import Line, NotStraight, Turns, fill
from agencies.fees.engine import amounts, exact, inputs
from agencies.fees.engine.calculation import FINAL, _charge_base, _force, _run, _unit
from agencies.fees.engine.refusal import InputRefused, Reason
from agencies.fees.engine.schedule import InputField, Kind, Schedule, Status, StatusPeriod
from agencies.fees.engine.working import Step, Working

MOST_PIECES: Final = 400
MOST_BOTTOM: Final = 1 << 30
MOST_FEN: Final = 1 << 60
FEN_PER_YUAN: Final = 100
PROBES: Final = ("1000", "1", "100", "500000")


@dataclass(frozen=True, slots=True)
class Amount:
    """A result of a piece in fen: (slope × n + start) ÷ bottom, rounded half up."""

    slope: int
    start: int
    bottom: int

    def at(self, step: int) -> int:
        """Return the fen at a step."""
        return (2 * (self.slope * step + self.start) + self.bottom) // (2 * self.bottom)

    def fits(self, first: int, last: int) -> bool:
        """Say whether the arithmetic of a piece, between these steps, both included, stays within 64 bits."""
        reach = abs(self.slope) // self.bottom * (last - first)
        return self.bottom <= MOST_BOTTOM and max(reach, self.at(first), self.at(last)) < MOST_FEN


@dataclass(frozen=True, slots=True)
class Piece:
    """The steps `first` to `last` (both included), where every operation decides alike.

    refused: the inputs cannot be calculated with there, or the pieces cannot say: the exact engine does those rows.
    """

    first: int
    last: int
    low: Amount | None = None
    base: Amount | None = None
    high: Amount | None = None
    force: StatusPeriod | None = None
    reason: Reason | None = None
    steps: tuple[Step, ...] = ()
    refused: bool = False

    def working(self, step: int) -> list[Step]:
        """Return the working's lines for one step, every number written exactly."""
        return [
            Step(one.label, fill(one.expression, step), fill(one.value, step), one.clause, one.unit)
            for one in self.steps
        ]


@dataclass(frozen=True, slots=True)
class Program:
    """A service with all answers but one, for the days of one epoch.

    field: the input that varies, counted in whole steps of `step` (of the field's own unit: fen for an amount).
    pieces: ascending, without gap, from the first to the last step that an input may be.
    """

    schedule_id: str
    version: str
    document: str
    service: str
    field: str
    step: Fraction
    pieces: tuple[Piece, ...]

    def steps_of(self, value: Fraction) -> int | None:
        """Return how many steps a value (an amount in yuan, else in its own unit) is; None when not a whole number."""
        steps = value / self.step
        return steps.numerator if steps.denominator == 1 else None


def epochs(schedule: Schedule) -> tuple[date, ...]:
    """Return the days from which the version or the legal force may be another, ascending."""
    days = {version.since for version in schedule.versions}
    for period in schedule.statuses:
        days.add(period.since)
        if period.until is not None and period.until < date.max:
            days.add(period.until + timedelta(days=1))
    return tuple(sorted(days))


def compile_program(schedule: Schedule, on: date, fixed: Mapping[str, object], varying: str) -> Program | None:
    """Compile a schedule on a day, every input but `varying` given; None where straight pieces cannot say it.

    Raises InputRefused when the fixed inputs cannot be read.
    """
    version = schedule.version_on(on)
    if version is None:
        return None
    answers, field = _answers(schedule, on, fixed, varying)
    if field is None or answers.stage != FINAL:
        return None
    unit, last = _scale(field)
    try:
        pieces = _cut(_Task(schedule, on, answers, field.name, unit), (1, last))
    except NotStraight:
        return None
    step = unit * exact.YUAN[field.unit] if field.kind is Kind.AMOUNT else unit
    service = answers.service.key
    return Program(schedule.id, version.key, version.document, service, field.name, step, tuple(pieces))


@dataclass(frozen=True, slots=True)
class _Task:
    """What is being compiled: the service's answers, the input that varies and the size of its step."""

    schedule: Schedule
    on: date
    answers: inputs.Answers
    varying: str
    unit: Fraction


def _answers(
    schedule: Schedule, on: date, fixed: Mapping[str, object], varying: str
) -> tuple[inputs.Answers, InputField | None]:
    """Read the fixed inputs with a probe in the varying one's place."""
    version = schedule.version_on(on)
    if version is None:
        raise ValueError("no version on that day")
    for place, probe in enumerate(PROBES):
        try:
            answers = inputs.resolve(version, {**fixed, varying: probe})
        except InputRefused:
            if place + 1 == len(PROBES):
                raise
            continue
        names = {name: one for one in answers.service.fields for name in (one.name, *one.aliases, one.label.zh)}
        field = names.get(varying)
        plain = field is not None and field.kind in {Kind.AMOUNT, Kind.QUANTITY}
        return answers, field if plain else None
    raise ValueError("no probe")


def _scale(field: InputField) -> tuple[Fraction, int]:
    """Return one step in the field's unit (a fen, or a hundredth of a thing) and the most steps there may be."""
    if field.kind is Kind.AMOUNT:
        step = Fraction(1, FEN_PER_YUAN) / exact.YUAN[field.unit]
        return step, int(amounts.LARGEST * FEN_PER_YUAN)
    step = Fraction(1) if field.whole else Fraction(1, 100)
    most = field.high if field.high is not None else amounts.LARGEST
    return step, int(most / step)


def _cut(task: _Task, whole: tuple[int, int]) -> list[Piece]:
    """Run the service over intervals, cutting each where a comparison turns; ascending."""
    waiting, done = [whole], []
    while waiting:
        first, last = waiting.pop()
        try:
            done.append(_piece(task, first, last))
        except Turns as turn:
            waiting += [(turn.at + 1, last), (first, turn.at)]
        if len(done) + len(waiting) > MOST_PIECES:
            raise NotStraight
    return done


def _piece(task: _Task, first: int, last: int) -> Piece:
    """Run the service over one interval. Raises Turns, NotStraight."""
    answers = task.answers
    value = Line(task.unit, Fraction(0), first, last) if first < last else task.unit * first
    work = Working({**answers.values, task.varying: value}, answers.service.unit)
    try:
        _run(answers.service, work, answers.stage)
    except InputRefused:
        return Piece(first, last, refused=True)
    yuan = _charge_base(answers.service, work)
    force = _force(task.schedule, task.on, answers, yuan)
    size = exact.YUAN[_unit(answers.service, answers.stage)] * FEN_PER_YUAN
    span = work.span
    low, base, high = (_amount(end, size, first, last) for end in (span.low, span.base, span.high))
    if work.weights or any(end is not None and not end.fits(first, last) for end in (low, base, high)):
        return Piece(first, last, refused=True)
    return Piece(first, last, low, base, high, force, work.reason, tuple(work.steps))


def _amount(value: Fraction | None, size: Fraction, first: int, last: int) -> Amount | None:
    """Return an end of the result in fen. Raises NotStraight for one that goes below nothing."""
    if value is None:
        return None
    line: Any = value * size
    slope, start = (line.slope, line.start) if isinstance(line, Line) else (Fraction(0), line)
    bottom = lcm(slope.denominator, start.denominator)
    made = Amount(int(slope * bottom), int(start * bottom), bottom)
    if made.slope * first + made.start < 0 or made.slope * last + made.start < 0:
        raise NotStraight
    return made


def force_caps(force: StatusPeriod | None) -> bool:
    """Say whether a price above the result breaks the law on those days."""
    return force is not None and force.status.caps


def cap_is_nothing(force: StatusPeriod | None) -> bool:
    """Say whether nothing at all may be charged."""
    return force is not None and force.status is Status.NO_CHARGE


__all__ = ["Amount", "Piece", "Program", "cap_is_nothing", "compile_program", "epochs", "force_caps"]
