"""Check a schedule against itself: ends that meet, fees that never fall, examples that come out.

An amount is tried on both sides of every edge of every table, under every choice the table turns on. What the
document itself lets jump is named in the file (`known_jumps`) with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Any, Final, TypeAlias

from agencies.fees.engine import exact
from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.operations import Operation
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import Example, Schedule, Service
from agencies.fees.engine.unpriced import BandRange
from agencies.fees.engine.working import Answer, Chosen, Span, Working

CLOSE: Final = Fraction(1, 10**12)
"""How near an edge is looked at."""
STILL: Final = Fraction(1, 10**7)
"""How far a fee may move within that distance without being a jump."""

_Side: TypeAlias = Callable[[Span], Fraction | None]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with a schedule: the table it stands in (as `Row.place` writes it), and what is wrong."""

    place: str
    message: str


def flaws(schedule: Schedule) -> tuple[Flaw, ...]:
    """Return everything wrong with a schedule that could be read."""
    found = [*_example_flaws(schedule), *_period_flaws(schedule)]
    for number, version in enumerate(schedule.versions, start=1):
        for other, service in enumerate(version.services, start=1):
            place = f"[[versions]] {number} ({version.key}) [[services]] {other} ({service.key})"
            found += [Flaw(place, message) for message in _service_flaws(schedule, service)]
    return tuple(found)


def edges(operation: Operation) -> tuple[Fraction, ...]:
    """Return the amounts at which the formula of an operation changes, ascending; empty where there are none."""
    named: Any = operation
    uppers = getattr(named, "uppers", ())
    points = [point[0] for point in getattr(named, "points", ())]
    rows = getattr(named, "rows", ())
    ends = [one.upto for one in rows if getattr(one, "upto", None) is not None]
    return tuple(sorted({*uppers, *points, *ends}))


def _service_flaws(schedule: Schedule, service: Service) -> Iterator[str]:
    """Yield what is wrong with the tables of a service."""
    known = {jump.at for jump in schedule.known_jumps if jump.service in {"", service.key}}
    for operation in service.operations:
        places = edges(operation)
        if not places or not getattr(operation, "base", ""):
            continue
        for chosen in _choices(operation, service):
            yield from dict.fromkeys(_walk(operation, service, places, chosen, known))


def _choices(operation: Operation, service: Service) -> Iterator[Mapping[str, Answer]]:
    """Yield every answer to the choices an operation turns on."""
    fields = {one.name: one for one in service.fields}
    names = [getattr(operation, name, "") for name in ("column", "below_choice", "row")]
    asked = [fields[name] for name in dict.fromkeys(names) if isinstance(name, str) and name in fields]
    listed = [[(one.name, Chosen(choice.key, choice.label, choice.value)) for choice in one.choices] for one in asked]
    for combination in product(*listed):
        yield dict(combination)


def _walk(
    operation: Operation, service: Service, places: Sequence[Fraction], chosen: Mapping[str, Answer],
    known: set[Fraction],
) -> Iterator[str]:  # fmt: skip
    """Yield the jumps and falls of one table along its amounts."""
    stairs = _is_staircase(operation)
    named = "、".join(str(one.label) for one in chosen.values() if isinstance(one, Chosen))
    behind = f" ({named})" if named else ""
    amounts = sorted({*_around(places), *_between(places)})
    spans = [(amount, _charged(operation, service, amount, chosen)) for amount in amounts]
    for ((one, before), (two, after)), (upper, lower) in product(pairwise(spans), _sides(operation)):
        top, bottom = upper(before), lower(after)
        if top is None or bottom is None or before == after or one in known or two in known:
            continue
        written = f"{exact.text(top)} at {exact.text(one)}, {exact.text(bottom)} at {exact.text(two)}"
        if two - one == CLOSE and (top - bottom > STILL or (bottom - top > STILL and not stairs)):
            edge = one if one in places else two
            jump = f"from {_short(top)} to {_short(bottom)}"
            yield f"{operation.label}{behind}: the fee jumps at {exact.text(edge)} {jump}"
        elif top - bottom > STILL:
            yield f"{operation.label}{behind}: the fee falls, {written}"


def _sides(operation: Operation) -> Sequence[tuple[_Side, _Side]]:
    """Return which ends of two neighbours must meet: the upper and the lower, or each with its like."""
    return ((_low, _low), (_high, _high)) if isinstance(operation, BandRange) else ((_top, _bottom),)


def _is_staircase(operation: Operation) -> bool:
    """Tell whether a table prints one amount a row, so that it is meant to jump upwards at every edge."""
    rows = getattr(operation, "rows", ())
    return bool(rows) and not any(getattr(row, "rate", 0) or getattr(row, "high", None) for row in rows)


def _short(value: Fraction) -> str:
    """Write a fee beside an edge as people would, without the trace of having looked so near."""
    return f"{exact.rounded(value, 6).normalize():f}"


def _around(places: Sequence[Fraction]) -> Iterator[Fraction]:
    """Yield each edge with its two sides."""
    for place in places:
        yield from (place - CLOSE, place, place + CLOSE) if place > CLOSE else (place, place + CLOSE)


def _between(places: Sequence[Fraction]) -> Iterator[Fraction]:
    """Yield an amount before the first edge, one between each two, and two beyond the last."""
    yield places[0] / 2
    for one, two in pairwise(places):
        yield (one + two) / 2
    yield places[-1] * 2
    yield places[-1] * 3


def _charged(operation: Operation, service: Service, amount: Fraction, chosen: Mapping[str, Answer]) -> Span:
    """Return what one operation alone charges."""
    base: str = getattr(operation, "base", "")
    work = Working({base: amount, **chosen}, service.unit)
    operation.apply(work)
    return work.span


def _low(span: Span) -> Fraction | None:
    return span.low


def _high(span: Span) -> Fraction | None:
    return span.high


def _top(span: Span) -> Fraction | None:
    """Return the upper end of what an amount costs, None where it is open or by agreement."""
    return span.base if span.base is not None else span.high


def _bottom(span: Span) -> Fraction | None:
    """Return the lower end likewise."""
    return span.base if span.base is not None else span.low


def _example_flaws(schedule: Schedule) -> Iterator[Flaw]:
    """Yield the examples that don't come out, and the schedule that has none."""
    for number, one in enumerate(schedule.examples, start=1):
        message = _example_flaw(schedule, one)
        if message:
            yield Flaw(f"[[examples]] {number}", message)


def _example_flaw(schedule: Schedule, one: Example) -> str:
    """Return what is wrong with an example; empty when it comes out to the printed digit."""
    asked = {"service": one.service} if one.service and _has_choice(schedule, one) else {}
    stage = {"stage": one.stage} if one.stage else {}
    try:
        result = calculate(schedule, one.on, {**one.inputs, **asked, **stage})
    except InputRefused as refused:
        return f"the inputs are refused: {refused}"
    if result.exact_base is None:
        return f"no amount comes out: {result.reason.code if result.reason else 'a range'}"
    exponent = one.expected.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    value = exact.rounded(result.exact_base * exact.YUAN[result.unit] / exact.YUAN[one.unit], places)
    return "" if value == one.expected else f"{value} {one.unit} comes out, {one.expected} is expected"


def _has_choice(schedule: Schedule, one: Example) -> bool:
    """Tell whether the version of an example's day has several services."""
    version = schedule.version_on(one.on)
    return version is not None and len(version.services) > 1


def _period_flaws(schedule: Schedule) -> Iterator[Flaw]:
    """Yield the periods of legal force that end before they begin."""
    for number, period in enumerate(schedule.statuses, start=1):
        if period.until is not None and period.until < period.since:
            yield Flaw(f"[[statuses]] {number}", f"ends on {period.until}, before it begins on {period.since}")
