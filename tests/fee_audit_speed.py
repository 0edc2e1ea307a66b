"""Measure an audit over columns beside the row-by-row engine, on the same rows in the same run.

`python -m tests.fee_audit_speed [ROWS] [--sample N | --all]`: ROWS defaults to a million. The engine is timed on a
sample of those rows (20,000) or on all; every row's result is held equal to an independent loop in Decimal, which is
timed too, and the engine's on its sample.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any, Final

import numpy as np

from agencies.fees.columns.compiling import Program, compile_program
from agencies.fees.columns.evaluation import Evaluator
from agencies.fees.engine.adjustments import Clamp, Float
from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.charges import Bands
from agencies.fees.engine.schedule import Schedule, Service
from agencies.fees.register import SCHEDULES

ROWS: Final = 1_000_000
SAMPLE: Final = 20_000
SEED: Final = b"fee audit"
DAYS: Final = (date(2005, 5, 1), date(2012, 5, 1), date(2020, 5, 1))
CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Task:
    """One service on one day with its choices, its program, and its bands for the Decimal loop."""

    schedule: Schedule
    on: date
    given: dict[str, object]
    field: str
    program: Program
    service: Service


def tasks() -> list[Task]:
    """Return every progressive service of the register whose column is a sum in money."""
    found = []
    for schedule in SCHEDULES.values():
        for on in DAYS:
            version = schedule.version_on(on)
            for service in version.services if version else ():
                found += _choices(schedule, on, service, several=len(version.services) > 1 if version else False)
    return found


def _choices(schedule: Schedule, on: date, service: Service, *, several: bool) -> list[Task]:
    """Return a task for each column of a service made of bands, a float and nothing else but clamps left out."""
    first = service.operations
    bands = [one for one in first if isinstance(one, Bands)]
    if len(bands) != 1 or any(type(one).__name__ not in _PLAIN for one in first):
        return []
    made = []
    for column in bands[0].rates:
        given: dict[str, object] = {"service": service.key} if several else {}
        if bands[0].column:
            given[bands[0].column] = column
        field = next(one.name for one in service.fields if one.kind == "amount")
        program = compile_program(schedule, on, given, field)
        if program is not None:
            made.append(Task(schedule, on, given, field, program, service))
    return made


_PLAIN: Final = {"PartsTotal", "Bands", "Float", "Clamp", "Factor"}


def rows(count: int, kinds: int) -> tuple[Any, Any]:
    """Return which task and how many fen, by row, from a fixed seed: sums from 100 yuan to a hundred billion."""
    seed = int.from_bytes(hashlib.sha256(SEED).digest()[:8], "big")
    draw = np.random.Generator(np.random.PCG64(seed))
    fen = np.exp(draw.uniform(np.log(1e4), np.log(1e13), count)).astype(np.int64)
    fen[::50] = fen[::50] // 10**8 * 10**8 + 10**8  # many sums are round, and lie on band ends
    return draw.integers(0, kinds, count), fen


def columns(made: list[Task], which: Any, fen: Any) -> tuple[Any, Any, Any]:
    """Return low, base and high of every row, from columns."""
    order = np.argsort(which.astype(np.uint16), kind="stable")
    ends = np.searchsorted(which[order], np.arange(len(made) + 1))
    out = tuple(np.empty(len(fen), dtype=np.int64) for _ in range(3))
    for number, task in enumerate(made):
        place = order[ends[number] : ends[number + 1]]
        found = Evaluator(task.program).run(fen[place])
        for column, result in zip(out, (found.low, found.base, found.high), strict=True):
            column[place] = result
    return out[0], out[1], out[2]


def decimal_fees(made: list[Task], which: list[int], fen: list[int]) -> list[tuple[int, int, int]]:
    """Return low, base and high of every row by a Decimal loop over the numbers of the schedule files."""
    tables = [_table(task) for task in made]
    found = []
    for number, amount in zip(which, fen, strict=True):
        uppers, rates, down, up, least, most = tables[number]
        x, fee, low = Decimal(amount), Decimal(0), Decimal(0)
        for place, rate in enumerate(rates):
            high = uppers[place] if place < len(uppers) else None
            if high is None or x <= high:
                fee += (x - low) * rate
                break
            fee += (high - low) * rate
            low = high
        ends = []
        for factor in (down, Decimal(1), up):
            end = fee * factor
            if least is not None and end < least:
                end = least
            if most is not None and end > most:
                end = most
            ends.append(-1 if factor == 0 else int(end.quantize(Decimal(1), ROUND_HALF_UP)))
        found.append((ends[0], ends[1], ends[2]))
    return found


def _table(task: Task) -> tuple[Any, ...]:
    """Return uppers in fen, rates, the float's two factors (0: no lower end), least and most fen, as Decimals."""
    bands = next(one for one in task.service.operations if isinstance(one, Bands))
    size = {"元": 100, "万元": 10**6, "亿元": 10**10}[task.service.unit]
    column = str(task.given.get(bands.column, "")) if bands.column else ""
    down = up = Fraction(1)
    least = most = None
    for one in task.service.operations:
        if isinstance(one, Float):
            down, up = (Fraction(0), up) if one.maximum else (1 - one.low, 1 + one.high)
        if isinstance(one, Clamp):
            least = one.least
            most = one.most.get(str(task.given.get(one.column, "")) if one.column else "")

    def exactly(value: Fraction) -> Decimal:
        return Decimal(value.numerator) / Decimal(value.denominator)

    uppers = [exactly(one) * size for one in bands.uppers]
    rates = [exactly(one) for one in bands.rates[column]]
    ends = [None if one is None else exactly(one) * size for one in (least, most)]
    return uppers, rates, exactly(down), exactly(up), *ends


def timed(deed: Any, *words: Any) -> tuple[float, Any]:
    """Return the CPU seconds a call takes, and its result."""
    begin = time.process_time()
    found = deed(*words)
    return time.process_time() - begin, found


def by_engine(made: list[Task], which: Any, fen: Any, count: int) -> list[tuple[int, int, int]]:
    """Return low, base and high of the first rows by the exact engine, row by row."""
    found = []
    for number, amount in zip(which[:count].tolist(), fen[:count].tolist(), strict=True):
        task = made[number]
        yuan = Decimal(amount) * CENT
        one = calculate(task.schedule, task.on, {**task.given, task.field: f"{yuan}元"})
        low, base, high = (-1 if end is None else end.fen for end in (one.low, one.base, one.high))
        found.append((low, base, high))
    return found


def main() -> int:
    """Run, print, and return 0 when every result is equal."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("rows", nargs="?", type=int, default=ROWS)
    asked.add_argument("--sample", type=int, default=SAMPLE)
    asked.add_argument("--all", action="store_true")
    given = asked.parse_args()
    made = tasks()
    which, fen = rows(given.rows, len(made))
    count = given.rows if given.all else min(given.sample, given.rows)
    print(f"{given.rows:,} rows, {len(made)} services with their days and choices")
    fast, results = timed(columns, made, which, fen)
    with localcontext(Context(prec=50)):
        loop, looped = timed(decimal_fees, made, which.tolist(), fen.tolist())
    slow, checked = timed(by_engine, made, which, fen, count)
    equal = int((np.stack(results, axis=1) == np.array(looped, dtype=np.int64)).all(axis=1).sum())
    ends = zip(*(one[:count].tolist() for one in results), strict=True)
    same = sum(one == two for one, two in zip(ends, checked, strict=True))
    per_row = slow / count
    print(f"columns        {fast:9.3f} CPU s   {given.rows / fast:14,.0f} rows/s")
    print(f"Decimal loop   {loop:9.3f} CPU s   {given.rows / loop:14,.0f} rows/s   {loop / fast:8,.1f} x slower")
    print(f"engine         {per_row * given.rows:9.1f} CPU s   {1 / per_row:14,.0f} rows/s   "
          f"{per_row * given.rows / fast:8,.1f} x slower (timed on {count:,} rows)")  # fmt: skip
    print(f"equal to the fen: {equal:,} of {given.rows:,} with the Decimal loop, {same:,} of {count:,} with the"
          " engine, low, base and high")  # fmt: skip
    return 0 if equal == given.rows and same == count else 1


if __name__ == "__main__":
    sys.exit(main())
