"""Every published and derived example of the first six schedules comes out to the digit."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agencies.fees.engine import exact
from agencies.fees.engine.calculation import calculate
from agencies.fees.register import find

EXAMPLES = json.loads(
    (Path(__file__).parent / "examples.json").read_text(encoding="utf-8"),
    parse_float=Decimal,
)


def stage_of(example: dict) -> str:
    """Return which result an example is about, from the name of its schedule."""
    named = example["schedule"]
    if named.endswith("计费额"):
        return "charge_base"
    if named.endswith(("基准价", "with coefficients")):
        return "benchmark"
    return "base_price" if "收费基价" in named else "fee"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['schedule']} {e['inputs']}")
def test_an_example_reproduces_to_the_digit(example: dict) -> None:
    inputs = example["inputs"] | {"stage": stage_of(example)}
    result = calculate(find(example["schedule"]), date(2012, 6, 1), inputs)
    expected = Decimal(example["expected"])
    in_unit = result.exact_base * exact.YUAN[result.unit] / exact.YUAN[example["unit"]]
    places = max(0, -expected.as_tuple().exponent)
    assert exact.rounded(in_unit, places) == expected


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['schedule']} {e['inputs']}")
def test_an_example_needs_no_stage_except_for_the_charge_base(example: dict) -> None:
    if stage_of(example) == "charge_base":
        return
    result = calculate(find(example["schedule"]), date(2012, 6, 1), example["inputs"])
    asked = calculate(
        find(example["schedule"]),
        date(2012, 6, 1),
        example["inputs"] | {"stage": stage_of(example)},
    )
    assert result.exact_base == asked.exact_base


def test_all_rows_of_the_six_schedules_are_here() -> None:
    assert len(EXAMPLES) == 49
    assert len({find(example["schedule"]).id for example in EXAMPLES}) == 6
