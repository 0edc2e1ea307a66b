"""The formulas, the exact numbers and the reading of amounts, each alone, at and beside their edges."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.fees.engine import amounts, exact, shapes
from agencies.fees.engine.operations import written_rate

F: Any = Fraction


@pytest.mark.parametrize(
    ("amount", "cut"),
    [
        (50, [(0, 100, F("0.01"), 50, F("0.5"))]),
        (100, [(0, 100, F("0.01"), 100, 1)]),
        (101, [(0, 100, F("0.01"), 100, 1), (100, 500, F("0.02"), 1, F("0.02"))]),
        (600, [(0, 100, F("0.01"), 100, 1), (100, 500, F("0.02"), 400, 8), (500, None, F("0.03"), 100, 3)]),
    ],
)
def test_an_amount_is_cut_into_its_bands(amount: int, cut: list[tuple]) -> None:
    assert list(shapes.progressive((F(100), F(500)), (F("0.01"), F("0.02"), F("0.03")), F(amount))) == cut


@pytest.mark.parametrize(("x", "y"), [(5, 50), (10, 100), (15, 110), (20, 120), (25, 145), (30, 170)])
def test_a_table_is_read_along_its_lines(x: int, y: int) -> None:
    points = ((F(5), F(50)), (F(10), F(100)), (F(20), F(120)), (F(30), F(170)))
    line: Any = shapes.between(points, F(x))
    assert line.at(F(x)) == y
    assert line.x1 <= x <= line.x2
    first: Any = [tuple(shapes.between(points, F(at))) for at in (5, 10)]
    assert first == [(5, 50, 10, 100)] * 2


@pytest.mark.parametrize(
    ("works", "equipment", "base"),
    [(600, 0, 600), (600, 399, 999), (600, 400, 1000), (600, 1000, 1000), (600, 1001, "1000.4"), (0, 100, 40)],
)
def test_equipment_counts_up_to_its_share(works: int, equipment: int, base: object) -> None:
    assert shapes.capped_share(F(works), F(equipment), F("0.4")) == F(str(base))


def test_additional_coefficients_combine_by_their_sum() -> None:
    assert shapes.sum_less_count_plus_one(()) == 1
    assert shapes.sum_less_count_plus_one((F("1.2"),)) == F("1.2")
    assert shapes.sum_less_count_plus_one((F("1.2"), F("1.3"), F("0.9"))) == F("1.4")


def test_a_bracket_holds_its_upper_end() -> None:
    rows: Any = (
        shapes.Bracket(F(100), F(3)),
        shapes.Bracket(F(500), F(3), None, F(100), F("0.01")),
        shapes.Bracket(None, F(7), None, F(500), F("0.02")),
    )
    found = [shapes.bracket_of(rows, F(amount)) for amount in (1, 100, 101, 500, 501)]
    assert found == [rows[0], rows[0], rows[1], rows[1], rows[2]]
    assert (rows[1].at(F(300)), rows[2].at(F(600)), rows[0].at(F(50))) == (5, 9, 3)
    assert (rows[0].above, rows[0].rate, rows[0].high) == (0, 0, None)


def test_a_unit_price_bills_the_least_quantity() -> None:
    assert [shapes.unit_price(F(2), F(count), F(3)) for count in (1, 3, 4)] == [6, 6, 8]


@pytest.mark.parametrize(
    ("value", "low", "high", "held"),
    [(1, 2, 4, 2), (2, 2, 4, 2), (3, 2, 4, 3), (4, 2, 4, 4), (5, 2, 4, 4), (1, None, 4, 1), (9, 2, None, 9)],
)
def test_a_fee_is_held_within_its_limits(value: int, low: int | None, high: int | None, held: int) -> None:
    assert shapes.clamp(F(value), None if low is None else F(low), None if high is None else F(high)) == held


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0", "0"), ("7", "7"), ("-7", "-7"), ("1234567", "1,234,567"), ("-1234567.5", "-1,234,567.5"),
        ("2109.75", "2,109.75"), ("0.05", "0.05"), ("-0.05", "-0.05"), ("1/8", "0.125"), ("1/5", "0.2"),
        ("3/50", "0.06"), ("1001/1000", "1.001"), ("1/3", "1/3 ≈ 0.333333"), ("-2/3", "-2/3 ≈ -0.666667"),
        ("210/17", "210/17 ≈ 12.352941"), ("10000/7", "10,000/7 ≈ 1428.571429"), ("1/7000", "1/7,000 ≈ 0.000143"),
        ("1/12", "1/12 ≈ 0.083333"), ("1/15", "1/15 ≈ 0.066667"), ("1/1024", "0.0009765625"), ("1/3125", "0.00032"),
    ],
)  # fmt: skip
def test_a_number_is_written_exactly(number: str, written: str) -> None:
    assert exact.text(F(number)) == written


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [("1.005", 2, "1.01"), ("1.0049", 2, "1.00"), ("-1.005", 2, "-1.01"), ("0.5", 0, "1"), ("0", 2, "0.00"),
     ("2/3", 3, "0.667"), ("-1/3", 1, "-0.3"), ("7", 2, "7.00"), ("14.5", 0, "15")],
)  # fmt: skip
def test_halves_are_rounded_away_from_zero(number: str, places: int, rounded: str) -> None:
    found = exact.rounded(F(number), places)
    assert (found, found.as_tuple().exponent) == (Decimal(rounded), Decimal(rounded).as_tuple().exponent)


@pytest.mark.parametrize(
    ("number", "times", "whole"), [("1.5", 1, 2), ("0.015", 100, 2), ("-2.5", 1, -3), ("1/3", 3, 1)]
)
def test_a_multiple_is_rounded_to_a_whole_number(number: str, times: int, whole: int) -> None:
    assert exact.nearest(F(number), times) == whole


@settings(deadline=None, max_examples=25)
@given(st.fractions(-(10**12), 10**12, max_denominator=10**9), st.sampled_from([1, 100, 10**6]))
def test_a_rounded_number_lies_within_half(value: Fraction, times: int) -> None:
    whole = exact.nearest(value, times)
    assert abs(whole - value * times) <= F(1, 2)
    assert exact.nearest(-value, times) == -whole


def test_units_and_marks_are_worth_what_they_say() -> None:
    assert dict(exact.YUAN) == {"元": 1, "千元": 1000, "万元": 10**4, "百万元": 10**6, "亿元": 10**8}
    assert dict(exact.RATES) == {"%": F("0.01"), "‰": F("0.001"), "": 1}
    assert [written_rate(F("0.0105"), mark) for mark in ("%", "‰", "")] == ["1.05%", "10.5‰", "0.0105"]


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("1", 10_000), ("1元", 1), ("1圆", 1), ("1块", 1), ("1yuan", 1), ("1RMB", 1), ("1cny", 1),
        ("1千", 1000), ("1千元", 1000), ("1万", 10**4), ("1万元", 10**4), ("1w", 10**4), ("1wan", 10**4),
        ("1萬", 10**4), ("1萬元", 10**4), ("1十万", 10**5), ("1十万元", 10**5), ("1百万", 10**6), ("1百万元", 10**6),
        ("1千万", 10**7), ("1千万元", 10**7), ("1亿", 10**8), ("1亿元", 10**8), ("1yi", 10**8), ("1億", 10**8),
        ("1億元", 10**8), ("1十亿", 10**9), ("1十亿元", 10**9), ("1百亿", 10**10), ("1百亿元", 10**10),
        ("1千亿", 10**11), ("1千亿元", 10**11), ("RMB 12.50 元整", "12.5"), ("¥1,234.05", 12_340_500),
        ("=3万", 30_000), ("人民币3万元正", 30_000), ("3万元人民币", 30_000), ("1_000元", 1000), ("3。5万", 35_000),
        ("0.5亿3万2元", 50_030_002), (".25万", 2500), ("0", 0), (0, 0), (2, 20_000), (Decimal("0.01"), 100),
        (1e-05, "0.1"), (1e15 / 1e4, 10**15), ("10000000亿", 10**15), (F(1, 3), F(10_000, 3)), ("1,000,000元", 10**6),
        ("1" + "0" * 11 + "." + "0" * 35, 10**15),
    ],
)  # fmt: skip
def test_an_amount_means_so_many_yuan(typed: object, yuan: object) -> None:
    assert amounts.fraction(typed, "万元") == F(str(yuan) if isinstance(yuan, str) else yuan)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("10000000亿1元", "too-large"), (10**15 + 1, "too-large"), ("1万2", "not-an-amount"),
        ("1万2万", "not-an-amount"), ("1元2万", "not-an-amount"), ("万1", "not-an-amount"), ("1,23", "not-an-amount"),
        ("1 ,234x", "not-an-amount"), ("1..2", "not-an-amount"), ("-0.01元", "negative"), ("-万", "not-an-amount"),
        ("-٣", "not-an-amount"),
        ("1e400", "not-an-amount"), ("+5", "not-an-amount"), ("1" * 49, "not-an-amount"), (-1, "negative"),
        (False, "not-an-amount"), (b"1", "not-an-amount"), ([1], "not-an-amount"),
        (Decimal("Infinity"), "not-an-amount"),
        ("1万亿", "not-an-amount"), ("人民币", "not-an-amount"), (".", "not-an-amount"), ("1.", "not-an-amount"),
    ],
)  # fmt: skip
def test_what_means_no_amount_is_refused_by_its_code(typed: object, code: str) -> None:
    with pytest.raises(amounts.AmountRefused) as refused:
        amounts.fraction(typed)
    assert (refused.value.code, str(refused.value)) == (code, code)


@pytest.mark.parametrize(
    ("given", "number"),
    [("1,234.5", "1234.5"), ("-2.5", "-2.5"), ("+3", "3"), ("2e3", "2000"), ("2E-2", "0.02"), ("3.", "3"), (0.1, "0.1"),
     (Decimal("2.50"), "2.5"), (F(1, 7), "1/7"), (3, "3"), ("．５", "0.5"), (1e22, "10000000000000000000000")],
)  # fmt: skip
def test_a_plain_number_is_read_exactly(given: object, number: str) -> None:
    assert amounts.number(given) == F(number)


@pytest.mark.parametrize(
    "given", [True, "", "e5", "1e100", "1e-100", "1-2", "½x", "0x10", None, "1,2", "٣", float("nan")]
)
def test_what_is_no_plain_number_is_refused(given: object) -> None:
    with pytest.raises(amounts.AmountRefused) as refused:
        amounts.number(given)
    assert refused.value.code == "not-an-amount"


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [(0, "0 元", "CNY 0"), ("9999.99", "9,999.99 元", "CNY 9,999.99"), (10_000, "1 万元", "CNY 10,000"),
     ("99999999", "9,999.9999 万元", "CNY 99,999,999"), (10**8, "1 亿元", "CNY 100,000,000")],
)  # fmt: skip
def test_an_echo_names_the_unit_people_use(yuan: object, zh: str, en: str) -> None:
    said = amounts.echo(F(str(yuan)))
    assert (said.zh, said.en) == (zh, en)


def test_an_amount_is_parsed_to_a_decimal_of_yuan() -> None:
    assert amounts.parse("0.32亿") == Decimal(32_000_000)
    assert amounts.parse("3.25", "元") == Decimal("3.25")
    assert amounts.parse("3.25") == Decimal("3.25")
    assert amounts.parse("3.25", "万元") == Decimal(32_500)
