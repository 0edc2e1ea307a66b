"""Money: whole fen, rounded half up once; capitals as the payment rules write them."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money, capitals, round_half_up

DIGITS = {"零": 0, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("exact", "whole"),
    [("0.4", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-2.5", -3), ("2.4999999", 2)],
)
def test_halves_go_away_from_zero_in_both_kinds_of_exact_number(exact: str, whole: int) -> None:
    assert round_half_up(Decimal(exact)) == whole
    assert round_half_up(Fraction(exact)) == whole


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**6))
def test_rounding_a_fraction_is_off_by_half_at_most(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert abs(round_half_up(exact) - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("made", "fen"),
    [
        (Money.from_yuan("93000"), 9_300_000),
        (Money.from_yuan("0.005"), 1),
        (Money.from_yuan("0.0049"), 0),
        (Money.from_yuan(Fraction(1, 3)), 33),
        (Money.from_wan("9.3"), 9_300_000),
        (Money.from_wan("0.0000005"), 1),
        (Money(10_000).times(Decimal("0.85")), 8_500),
        (Money(1).times(Decimal("0.5")), 1),
        (Money(5) - Money(8), -3),
    ],
)
def test_amounts_are_whole_fen(made: Money, fen: int) -> None:
    assert made == Money(fen)


def test_an_amount_is_written_with_its_fen_and_grouped() -> None:
    assert str(Money(9_300_000)) == "93,000.00"
    assert Money(9_300_000).wan == Decimal("9.3")
    assert Money(-5).yuan == Decimal("-0.05")


@pytest.mark.parametrize(
    ("yuan", "written"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("10", "壹拾元整"),
        ("1005", "壹仟零伍元整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),  # the rules leave the 零 of an empty 万 or 元 place free
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("100000000", "壹亿元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100000001", "壹亿零壹元整"),
    ],
)
def test_capitals_are_those_of_contracts_and_bills(yuan: str, written: str) -> None:
    assert capitals(Money.from_yuan(yuan)) == written


def test_a_negative_amount_has_no_capitals() -> None:
    with pytest.raises(ValueError, match="negative"):
        capitals(Money(-1))


@given(st.integers(0, 10**13))
def test_capitals_read_back_as_the_amount(fen: int) -> None:
    assert _read(capitals(Money(fen))) == fen


def _read(text: str) -> int:
    """Read capitals by another way than they are written."""
    head, _yuan, tail = text.partition("元") if "元" in text else ("", "", text)
    total = section = digit = 0
    for char in head:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in PLACES:
            section, digit = section + digit * PLACES[char], 0
        elif char == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif char == "亿":
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
    cents = 0
    for char in tail:
        if char in DIGITS:
            digit_of_tail = DIGITS[char]
        elif char == "角":
            cents += 10 * digit_of_tail
        elif char == "分":
            cents += digit_of_tail
    return (total + section + digit) * 100 + cents


@pytest.mark.parametrize(
    ("made", "fen"),
    [
        (Money(10**15).times(Decimal("0.0000000000000004999999999999999999999999999999")), 0),
        (Money.from_yuan("0.00499999999999999999999999999999999999"), 0),
        (Money.from_yuan(Decimal("-0.00499999999999999999999999999999999999")), 0),
        (Money.from_wan("0.00000049999999999999999999999999999999999999"), 0),
    ],
)
def test_a_long_decimal_is_not_rounded_twice(made: Money, fen: int) -> None:
    assert made.fen == fen


@given(st.integers(-(10**15), 10**15), st.decimals(-1000, 1000, places=30))
def test_a_product_is_the_nearest_fen_and_the_upper_of_two_as_near(fen: int, factor: Decimal) -> None:
    exact = Fraction(factor) * fen
    size = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    assert Money(fen).times(factor).fen == (-size if exact < 0 else size)
    assert Money(fen).times(Fraction(factor)) == Money(fen).times(factor)


@given(st.integers(-(10**15), 10**15))
def test_yuan_and_wan_read_back_as_the_amount(fen: int) -> None:
    money = Money(fen)
    assert Money.from_yuan(money.yuan) == Money.from_wan(money.wan) == money
    assert Money.from_yuan(str(money).replace(",", "")) == money


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_amounts_add_take_away_and_compare_as_their_fen(one: int, other: int) -> None:
    assert (Money(one) + Money(other)).fen == one + other
    assert (Money(one) - Money(other)).fen == one - other
    assert (Money(one) < Money(other)) is (one < other)


@pytest.mark.parametrize("wrong", ["", "3,200", "三千", "12元"])
def test_what_is_no_number_makes_no_money(wrong: str) -> None:
    with pytest.raises(InvalidOperation):
        Money.from_yuan(wrong)


def test_money_is_never_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        Money(5).fen = 6  # type: ignore[misc]


@pytest.mark.parametrize(
    ("yuan", "written"),
    [
        ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("1000000010000", "壹万亿零壹万元整"),
        ("10000000", "壹仟万元整"),
        ("20200020", "贰仟零贰拾万零贰拾元整"),
        ("3200000", "叁佰贰拾万元整"),
    ],
)
def test_capitals_of_great_amounts_say_each_group_once(yuan: str, written: str) -> None:
    assert capitals(Money.from_yuan(yuan)) == written


@given(st.integers(0, 10**15))
def test_capitals_never_say_nought_twice_in_a_row_nor_before_a_unit(fen: int) -> None:
    written = capitals(Money(fen))
    assert "零零" not in written
    assert not any(f"零{unit}" in written for unit in "拾佰仟万亿角分整")
    assert written.startswith("零元整") is (fen == 0)
    assert written.endswith("整") is (fen % 100 == 0)
