"""Measure the CPU of a single fee, worked step by step: `python -m tests.fee_speed`."""

from __future__ import annotations

import statistics
import time
from datetime import date
from typing import Final

from agencies.fees.engine.calculation import calculate
from agencies.fees.register import find

ON: Final = date(2012, 6, 1)
ROUNDS: Final = 9
CALLS: Final = 300
ASKED: Final = (
    ("progressive, 6 bands, typed", "计价格[2002]1980号", {"category": "works", "award_amount": "6000万"}),
    ("progressive, 6 bands, to the fen", "计价格[2002]1980号", {"类型": "工程", "award_yuan": "93235181.14"}),
    ("progressive, first band", "粤价函[2011]742号", {"service": "control_price", "budget_amount": 60}),
    ("interpolation, coefficients", "发改价格[2007]670号", {"base_amount": 35000, "复杂": "Ⅲ级", "专业": "市政"}),
)


def main() -> None:
    """Print the best and the median microseconds of CPU a calculation, working and echo included."""
    for name, document, inputs in ASKED:
        schedule = find(document)
        rounds = []
        for _ in range(ROUNDS):
            begun = time.process_time()
            for _ in range(CALLS):
                calculate(schedule, ON, inputs)
            rounds.append((time.process_time() - begun) / CALLS * 1_000_000)
        print(f"{name:34} {min(rounds):6.1f} µs best, {statistics.median(rounds):6.1f} µs median")


if __name__ == "__main__":
    main()
