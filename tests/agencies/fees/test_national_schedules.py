"""The national schedules beyond the first six: printed values, band ends, ranges, and what cannot be worked out."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.fees import register
from agencies.fees.engine.calculation import Calculation, calculate
from agencies.fees.engine.charges import Bands
from agencies.fees.engine.exact import YUAN
from agencies.fees.wording import fields_by_name, reason_sentence
from core.money import Money

EXAMPLES = json.loads((Path(__file__).parent / "examples_national.json").read_text(encoding="utf-8"))
LATE = date(2018, 6, 1)


def work(document: str, on: date = LATE, /, **inputs: object) -> Calculation:
    return calculate(register.find(document), on, inputs)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one['schedule']} {one['inputs']}")
def test_an_example_comes_out_to_the_digit(example: dict[str, Any]) -> None:
    found = work(example["schedule"], **example["inputs"])
    assert found.base is not None
    assert found.base.yuan == Decimal(str(example["expected"])) * int(YUAN[example["unit"]])


@pytest.mark.parametrize(
    ("document", "field", "ends"),
    [
        ("财建[2016]504号", "total_investment", {1000: 20, 5000: 80, 10000: 140, 50000: 540, 100000: 940}),
        (
            "计价格[1994]2017号", "land_value",
            {100: "0.4", 200: "0.7", 1000: "2.3", 2000: "3.8", 5000: "6.2", 10000: "8.2"},
        ),
        (
            "计价格[1995]971号", "property_value",
            {100: "0.5", 1000: "2.75", 2000: "4.25", 5000: "6.65", 8000: "7.85", 10000: "8.25"},
        ),
    ],
)  # fmt: skip
def test_the_bands_add_up_at_every_end(document: str, field: str, ends: dict[int, object]) -> None:
    for amount, fee in ends.items():
        found = work(document, **{field: f"{amount}万"})
        assert found.base is not None
        assert found.base.yuan == Decimal(str(fee)) * 10_000


@given(st.sampled_from(["财建[2016]504号", "计价格[1994]2017号", "计价格[1995]971号"]), st.integers(1, 10**12))
def test_a_progressive_fee_equals_the_sum_of_its_yuan(document: str, yuan: int) -> None:
    """The sum over bands, each cut and charged apart, in whole numbers."""
    service = register.find(document).versions[0].services[0]
    bands = next(one for one in service.operations if isinstance(one, Bands))
    (rates,) = bands.rates.values()
    due, low = Fraction(0), 0
    for upper, rate in zip([*(int(one) * 10_000 for one in bands.uppers), None], rates, strict=True):
        high = yuan if upper is None else min(yuan, upper)
        due += max(0, high - low) * rate
        low = low if upper is None else upper
    name = service.fields[0].name
    found = work(document, **{name: f"{yuan} 元"})
    assert found.base is not None
    cents = due * 100
    assert found.base.fen == max(int(cents + Fraction(1, 2)), 30_000 if "2017" in document else 0)


def test_printed_jumps_of_the_soil_table_are_kept() -> None:
    fees = [work("保监[2005]22号", service="acceptance", civil_works=f"{size}亿").base for size in (11, 12)]
    assert [one.yuan for one in fees if one is not None] == [840_000, 1_070_000]


@pytest.mark.parametrize(("choice", "yuan"), [("from_origin", 180_000), ("first_row", 300_000)])
def test_below_the_first_row_is_a_named_choice(choice: str, yuan: int) -> None:
    found = work("保监[2005]22号", service="plan", civil_works="0.3亿", below_first_row=choice)
    assert found.base is not None
    assert found.base.yuan == yuan
    silent = work("保监[2005]22号", service="plan", civil_works="0.3亿")
    assert (silent.base, silent.reason is not None) == (None, True)
    assert work("保监[2005]22号", service="plan", civil_works="21亿").base is None


def test_valuation_is_a_range_between_two_sums() -> None:
    found = work("中评协[2009]199号", value="6000万")
    assert (found.low, found.base, found.high) == (Money.from_yuan(98_250), None, Money.from_yuan(163_750))


def test_city_land_prices_are_a_range() -> None:
    found = work("计价格[1994]2017号", service="benchmark_price", city_area=20)
    assert (found.low, found.base, found.high) == (Money.from_yuan(80_000), None, Money.from_yuan(120_000))


def test_drilling_is_not_nought_but_not_known() -> None:
    found = work("工程勘察", service="钻探", 进尺=300)
    assert (found.low, found.base, found.high) == (None, None, None)
    assert found.reason is not None
    fields = fields_by_name(register.find("工程勘察"))
    assert reason_sentence(found.reason, fields) == "手头没有这一项的单价表，算不出数额。先看文件原文，或向机构询价。"


def test_the_size_coefficient_follows_the_formula_or_what_was_given() -> None:
    usual = {"service": "line", "重要性": "一般", "复杂程度": "复杂"}
    fees = [work("发改办价格[2006]745号", **usual, **more).base for more in ({}, {"长度": 30}, {"长度": 80}, {"K2": 2})]
    assert [one.yuan for one in fees if one is not None] == [90_000, 90_000, 180_000, 180_000]


def test_a_review_of_drawings_was_capped_by_law_until_2015_and_is_a_reference_since() -> None:
    then, now = (work("施工图审查", day, 设计费="200万") for day in (date(2014, 5, 1), LATE))
    assert (then.binding_cap(), now.binding_cap()) == (Money.from_yuan(130_000), None)


def test_survey_work_adds_technical_work_and_additional_coefficients_by_sum() -> None:
    found = work(
        "工程勘察", works="地形测量1:1000 复杂 1", technical="工程测量",
        additional=["带状", "数字化测绘"], 高程="2001–3000 米",
    )  # fmt: skip
    assert found.base is not None
    assert found.base.yuan == Decimal("78202.63")  # 32374 × 1.8 × 1.1 × 1.22, rounded
