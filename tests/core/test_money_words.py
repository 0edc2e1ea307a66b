"""Amounts in capital numerals, written and read back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.money import Money, capitals
from core.money_words import read_capitals

MOST = 10**13
WRITTEN = [
    ("0", "零元整"),
    ("0.01", "壹分"),
    ("0.10", "壹角"),
    ("10", "壹拾元整"),
    ("100000", "壹拾万元整"),
    ("109200", "壹拾万玖仟贰佰元整"),
    ("12000.01", "壹万贰仟元零壹分"),
    ("1409.50", "壹仟肆佰零玖元伍角"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("100000000", "壹亿元整"),
    ("10000000", "壹仟万元整"),
    ("103453", "壹拾万叁仟肆佰伍拾叁元整"),
    ("100000000000", "壹仟亿元整"),
]


@pytest.mark.parametrize(("yuan", "words"), WRITTEN)
def test_an_amount_is_written_by_the_rules_of_the_banks(yuan: str, words: str) -> None:
    assert capitals(Money.from_yuan(yuan)) == words
    assert read_capitals(words) == Money.from_yuan(yuan)


@given(st.integers(0, MOST))
@example(MOST)
@example(MOST - 1)
@example(10**12 + 1)
def test_what_is_written_reads_back_as_the_amount(fen: int) -> None:
    assert read_capitals(capitals(Money(fen))) == Money(fen)


@given(st.integers(0, 13), st.integers(0, 9), st.integers(0, 13), st.integers(0, 9))
def test_amounts_with_few_digits_and_many_noughts_read_back(one: int, first: int, two: int, second: int) -> None:
    money = Money(min(first * 10**one + second * 10**two, MOST))
    assert read_capitals(capitals(money)) == money


@given(st.lists(st.integers(0, MOST), min_size=2, max_size=2, unique=True))
def test_two_amounts_are_never_written_alike(two: list[int]) -> None:
    assert capitals(Money(two[0])) != capitals(Money(two[1]))


@pytest.mark.parametrize(
    ("words", "fen"),
    [
        ("人民币壹万贰仟元零壹分", 1_200_001),
        ("壹 佰 圆 正", 10_000),
        ("壹拾万零柒仟元伍角叁分", 10_700_053),
        ("壹仟陆佰捌拾元零叁角贰分", 168_032),
        ("壹仟肆佰零玖元伍角整", 140_950),
    ],
)
def test_the_spellings_the_rules_leave_open_are_read(words: str, fen: int) -> None:
    assert read_capitals(words).fen == fen


@pytest.mark.parametrize(
    "words",
    [
        "", "元", "整", "元整", "零", "一百元整", "100元", "壹佰", "佰元整", "壹贰元整", "壹拾佰元整", "壹佰元拾角",
        "壹分壹角", "壹亿亿元整", "亿元整", "壹万万元整", "壹佰元壹分整", "负壹元整", "壹元整壹角", "零壹拾万元整",
        "壹零拾元整", "壹佰零零壹元整", "壹佰零元整", "壹佰元", "壹元" * 60, "人民币",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"capital numerals|standard spelling"):
        read_capitals(words)


@given(st.text(alphabet="零壹贰玖拾佰仟万亿元角分整", max_size=12))
def test_whatever_is_read_is_the_amount_it_says(words: str) -> None:
    try:
        money = read_capitals(words)
    except ValueError:
        return
    assert capitals(money).replace("零", "").removesuffix("整") == words.replace("零", "").removesuffix("整")
