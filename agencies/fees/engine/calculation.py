"""Calculate a fee: choose the version of the day, run its operations, round once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from agencies.fees.engine import exact, inputs
from agencies.fees.engine.choosing import fold
from agencies.fees.engine.refusal import InputRefused, Problem, Reason
from agencies.fees.engine.schedule import Schedule, Service, Status, StatusPeriod
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Step, Working
from core.money import FEN_PER_YUAN, Money

FINAL = "fee"
_ROUNDED = Words("四舍五入到分", "Rounded half up to the fen")


@dataclass(frozen=True, slots=True)
class Calculation:
    """A fee with its working, or why there is none.

    low, base, high: rounded half up to the fen, once. `base` None: no one amount (see
    `reason`), perhaps a range. `low` None with a base: a maximum price, nothing is too low.
    exact_base: the unrounded base in `unit`. stage: what was asked for (`fee` is the end).
    notes: stable codes, `not-given:<field>` and `funding-not-given`.
    readings: fields whose choice decided, between readings of one rule (see other_readings).
    lots: the base split over the lots given, in whole fen, adding up to it.
    """

    schedule_id: str
    document: str
    version: str
    service: str
    service_label: Words
    on: date
    stage: str
    unit: str
    low: Money | None
    base: Money | None
    high: Money | None
    exact_base: Fraction | None
    status: Status
    status_citation: Words
    steps: tuple[Step, ...]
    inputs_echo: tuple[inputs.Echo, ...]
    reason: Reason | None = None
    notes: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    lots: tuple[Money, ...] = ()
    funding: str = ""

    @property
    def is_maximum(self) -> bool:
        """Tell whether the result is a maximum price, without a lower end."""
        return self.base is not None and self.low is None

    def binding_cap(self) -> Money | None:
        """Return the price above which a quote breaks the law on that day, else None.

        None for a freed schedule, for an association's or a budget's figures, when the
        force is unknown because the funding is, and for an intermediate stage.
        """
        if not self.status.caps or self.stage != FINAL:
            return None
        return Money(0) if self.status is Status.NO_CHARGE else self.high


@dataclass(frozen=True, slots=True)
class Reading:
    """The result under another reading of a rule the text leaves open."""

    field: str
    choice: str
    label: Words
    calculation: Calculation


def calculate(schedule: Schedule, on: date, given: Mapping[str, object]) -> Calculation:
    """Return the fee of a schedule on a day.

    given: the inputs by canonical name or alias, as typed or as numbers. `stage` asks for
    an intermediate amount (收费基价, 基准价, 计费额); `funding` tells who pays.

    Raises InputRefused, naming every input that is missing, unknown or can't be read.
    """
    version = schedule.version_on(on)
    if version is None:
        return _too_early(schedule, on)
    answers = inputs.resolve(version, given)
    work = Working(answers.values, answers.service.unit)
    _run(answers.service, work, answers.stage)
    yuan = _charge_base(answers.service, work)
    force = _force(schedule, on, answers, yuan)
    notes = tuple(work.notes)
    if not answers.funding and _funding_decides(schedule, on, answers, yuan):
        notes += ("funding-not-given",)
    span, unit = work.span, _unit(answers.service, answers.stage)
    low, base, high = (_money(end, unit) for end in (span.low, span.base, span.high))
    _write_rounding(work, unit, (low, base, high))
    return Calculation(
        schedule_id=schedule.id, document=version.document, version=version.key,
        service=answers.service.key, service_label=answers.service.label,
        on=on, stage=answers.stage, unit=unit,
        low=low, base=base, high=high,
        exact_base=span.base, status=force.status, status_citation=force.citation,
        steps=tuple(work.steps), inputs_echo=answers.echoes, reason=work.reason,
        notes=notes, readings=tuple(dict.fromkeys(work.turned_on)),
        lots=_split(base, work.weights), funding=answers.funding,
    )  # fmt: skip


def other_readings(schedule: Schedule, on: date, given: Mapping[str, object]) -> tuple[Reading, ...]:
    """Return the results under the other choices, where a rule can be read in two ways.

    Empty when no such choice decided the result. Raises InputRefused.
    """
    first = calculate(schedule, on, given)
    version = schedule.version_on(on)
    if version is None:
        return ()
    service = next(one for one in version.services if one.key == first.service)
    found: list[Reading] = []
    for name in first.readings:
        field = service.field(name)
        names = {fold(alias) for alias in (name, *field.aliases, field.label.zh)}
        rest = {key: value for key, value in given.items() if fold(key) not in names}
        taken = next((echo.taken.zh for echo in first.inputs_echo if echo.name == name), "")
        for choice in field.choices:
            # A reading that needs an answer the first one didn't is left out.
            with suppress(InputRefused):
                if choice.label.zh != taken:
                    other = calculate(schedule, on, {**rest, name: choice.key})
                    found.append(Reading(name, choice.key, choice.label, other))
    return tuple(found)


def _run(service: Service, work: Working, stage: str) -> None:
    """Run the operations up to the stage asked for. Raises InputRefused if there is none, or no amount."""
    for operation in service.operations:
        if operation.when is not None:
            if any(one.readings for one in service.fields if one.name == operation.when.field):
                work.turned_on.append(operation.when.field)
            if not operation.when.holds(work):
                continue
        operation.apply(work)
        if work.span.is_empty and work.reason is not None:
            return
        if operation.stage:
            work.stages[operation.stage] = work.span
            if operation.stage == stage:
                return
    if work.span.is_empty:
        raise InputRefused((Problem(service.fields[0].name, "missing"),))
    if stage != FINAL:
        known = (*work.stages, FINAL)
        raise InputRefused((Problem("stage", "unknown-choice", {"choices": known}),))


def _unit(service: Service, stage: str) -> str:
    """Return the unit of the result: a charge base is in the unit of its own field."""
    if stage != "charge_base":
        return service.unit
    return next((field.unit for field in service.fields if field.kind == "amount"), service.unit)


def _charge_base(service: Service, work: Working) -> Fraction | None:
    """Return the charge base in yuan, where there is one."""
    if work.charge_base is None:
        return None
    return work.charge_base * exact.YUAN[_unit(service, "charge_base")]


def _money(value: Fraction | None, unit: str) -> Money | None:
    """Round an amount to the fen; the only rounding there is."""
    return None if value is None else Money(exact.nearest(value, exact.YUAN[unit].numerator * FEN_PER_YUAN))


def _force(schedule: Schedule, on: date, answers: inputs.Answers, yuan: Fraction | None) -> StatusPeriod:
    """Return the legal force for these inputs; reference only where no period says more."""
    period = schedule.status_on(on, funding=answers.funding, service=answers.service.key, yuan=yuan)
    if period is not None:
        return period
    return StatusPeriod(on, None, Status.REFERENCE, Words("仅供参考", "For reference only"))


def _funding_decides(schedule: Schedule, on: date, answers: inputs.Answers, yuan: Fraction | None) -> bool:
    """Tell whether knowing the funding would change the legal force."""
    if not schedule.funding_matters_on(on):
        return False
    forces = {
        period.status
        for kind in ("government", "social")
        if (period := schedule.status_on(
            on, funding=kind, service=answers.service.key, yuan=yuan)) is not None
    }  # fmt: skip
    return len(forces) > 1


def _write_rounding(work: Working, unit: str, fen: tuple[Money | None, ...]) -> None:
    """Write the last line of the working: the rounding to the fen."""
    if work.span.is_empty:
        return
    known = [end for end in (work.span.low, work.span.base, work.span.high) if end is not None]
    ends = known[:1] if known[0] is known[-1] else known
    written = " – ".join(dict.fromkeys(map(exact.text, ends)))
    rounded = " – ".join(dict.fromkeys(str(end) for end in fen if end is not None))
    work.step(_ROUNDED, f"{written} {unit}", rounded, "", unit="元")


def _split(base: Money | None, weights: tuple[Fraction, ...]) -> tuple[Money, ...]:
    """Split a fee over lots by weight in whole fen; the largest remainders get the odd fen."""
    total = sum(weights, start=Fraction(0))
    if base is None or len(weights) < 2 or total == 0:  # noqa: PLR2004 - one lot has no share
        return ()
    shares = [base.fen * weight / total for weight in weights]
    fens = [share.numerator // share.denominator for share in shares]
    by_remainder = sorted(range(len(fens)), key=lambda i: (fens[i] - shares[i], i))
    for index in by_remainder[: base.fen - sum(fens)]:
        fens[index] += 1
    return tuple(Money(fen) for fen in fens)


def _too_early(schedule: Schedule, on: date) -> Calculation:
    """Return the answer for a day before the schedule began."""
    version = schedule.versions[0]
    return Calculation(
        schedule_id=schedule.id, document=version.document, version=version.key,
        service="", service_label=schedule.title, on=on, stage=FINAL, unit=schedule.unit,
        low=None, base=None, high=None, exact_base=None, status=Status.REFERENCE,
        status_citation=Words("当日尚未施行", "Not yet in force on that day"),
        steps=(), inputs_echo=(),
        reason=Reason("not-in-force-yet", {"since": version.since}),
    )  # fmt: skip
