"""The benchmark of a notice's lots together: the sum of each lot's, and what the schedule says of all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agencies.fees import register
from agencies.fees import service as fees
from agencies.fees.engine.calculation import Calculation
from agencies.fees.engine.inputs import FUNDING
from agencies.fees.engine.schedule import Kind
from core.money import Money
from marketplace.needs.benchmark import funding_of
from marketplace.needs.models import Need

BETWEEN: Final = "；"


@dataclass(frozen=True, slots=True)
class Together:
    """What the lots come to.

    apart: the sum of the lots' own benchmarks, None while one has none. at_once: what the schedule says where it prices
    lots as one; shares: that amount split over the lots in their order.
    """

    apart: Money | None
    at_once: Money | None = None
    shares: tuple[Money, ...] = ()


def together(needs: Sequence[Need], on: date) -> Together:
    """Work out what the lots of one notice come to on a day."""
    known = [one.benchmark_base for one in needs if one.benchmark_base is not None]
    apart = Money(sum(one.fen for one in known)) if len(known) == len(needs) else None
    found = _at_once(needs, on) if apart is not None and len(needs) > 1 else None
    return Together(apart) if found is None else Together(apart, found.base, found.lots)


def _at_once(needs: Sequence[Need], on: date) -> Calculation | None:
    """Ask the schedule for all lots at once; None unless it takes lots and they differ in their amount alone."""
    found = [
        fees.benchmark(one.item_code, [one.schedule_id], on, {**one.fee_inputs, FUNDING.name: funding_of(one)})
        for one in needs
        if one.schedule_id is not None
    ]
    parts = [one for one in found if one is not None]
    if len(parts) < len(needs) or len({(one.schedule_id, one.service) for one in parts}) != 1:
        return None
    schedule = register.SCHEDULES[parts[0].schedule_id]
    version = schedule.version_on(on) or schedule.versions[0]
    kinds = {one.name: one.kind for one in register.fields(schedule, version, parts[0].service)}
    given = [{echo.name: echo.taken.zh for echo in one.inputs_echo if echo.given} for one in parts]
    amount = next((name for name in given[0] if kinds.get(name) is Kind.AMOUNT), "")
    lots = next((name for name, kind in kinds.items() if kind is Kind.AMOUNTS), "")
    alike = [{name: text for name, text in one.items() if name != amount} for one in given]
    if not lots or not all(amount in one and rest == alike[0] for one, rest in zip(given, alike, strict=True)):
        return None
    asked = {**alike[0], lots: BETWEEN.join(one[amount] for one in given), FUNDING.name: funding_of(needs[0])}
    return fees.benchmark(needs[0].item_code, [parts[0].schedule_id], on, asked)
