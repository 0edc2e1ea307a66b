"""What people type into amounts, rates, days, times, boxes: read exactly, or refused with a sentence."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from core.fields import MISSING, MOST_FEN, Amount, Day, Fen, Flag, Instant, Many, Rate, Text, Whole, read_amount
from core.money import Money


def refused(field: fields.Field[Any], value: object) -> str:
    with pytest.raises(ValidationError) as error:
        field.deserialize(value)
    return str(error.value.messages[0])


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [("3200", "3200"), ("3,200.5", "3200.5"), ("３２００万", "32000000"), ("0.32亿", "32000000"),
     (" 12 万元 ", "120000"), ("1，000 元", "1000"), (".5", "0.5"), ("7.", "7")],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(typed: str, yuan: str) -> None:
    assert read_amount(typed) == Decimal(yuan)


@pytest.mark.parametrize("typed", ["", "万", "1e3", "NaN", "inf", "1.2.3", "¥5", "1_000", "--1", "9" * 61])
def test_what_is_no_amount_is_none(typed: str) -> None:
    assert read_amount(typed) is None


@given(st.integers(1, MOST_FEN))
def test_every_amount_in_fen_is_kept_to_the_fen(fen: int) -> None:
    assert Amount().deserialize(f"{fen // 100}.{fen % 100:02}") == Money(fen)
    whole: object = Fen().deserialize(fen)
    assert whole == Money(fen)


def test_a_long_amount_is_refused_for_what_it_is_and_not_rounded() -> None:
    assert refused(Amount(), "1000000.00000000000000000000000000001") == "最多精确到分"
    assert refused(Amount(), "9" * 40) == "金额偏大。若单位是元，改填万元数"
    assert Amount(unit="wan").deserialize("0.12345600") == Money(123456)


@pytest.mark.parametrize("value", [True, "abc", "1e9", "NaN", [1]])
def test_an_amount_that_is_no_number_is_refused(value: object) -> None:
    assert refused(Amount(), value) == "只填数字，如 3200 或 3,200.5"


def test_nought_is_an_amount_only_where_it_may_be() -> None:
    assert refused(Amount(), "0") == "填大于 0 的数"
    assert refused(Amount(zero=True), "-1") == "填大于 0 的数"
    assert Amount(zero=True).deserialize("0") == Money(0)
    assert refused(Amount(), " ") == MISSING


@pytest.mark.parametrize("value", [1.5, "1.5", "12.0", True, "", "一百", "1e3", -1, MOST_FEN + 1, "9" * 5000])
def test_fen_takes_whole_numbers_in_range_alone(value: object) -> None:
    assert refused(Fen(), value) in {"填整数", f"填 0 到 {MOST_FEN} 之间的数"}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [("NaN", "只填数字，如 12.5"), ("sNaN", "只填数字，如 12.5"), ("Infinity", "填 0 到 100 之间的数"), ("", MISSING),
     (" ", MISSING), ("一成", "只填数字，如 12.5"), ("100.01", "填 0 到 100 之间的数"), ("%", "只填数字，如 12.5")],
)  # fmt: skip
def test_a_rate_that_is_none_is_refused(value: str, sentence: str) -> None:
    assert refused(Rate(), value) == sentence


def test_a_rate_is_a_fraction_inside_and_a_percentage_outside() -> None:
    assert Rate().deserialize("１２.5％") == Decimal("0.125")
    assert Rate()._serialize(Decimal("0.125"), None, None) == "12.5"


@pytest.mark.parametrize(
    "typed", ["2026-03-18", "2026年3月18日", "2026/3/18", "2026.3.18", "２０２６－３－１８", "2026 3 18", " 2026-3-18 "]
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert Day().deserialize(typed) == date(2026, 3, 18)


@pytest.mark.parametrize(
    "typed", ["26-3-18", "2026-13-01", "2026-02-30", "18-03-2026", "2026-3", "x2026-3-18", "0001-1-1"]
)
def test_what_is_no_day_is_refused_and_no_year_is_guessed(typed: str) -> None:
    assert refused(Day(), typed) == "填日期，如 2026-03-18"


def test_an_instant_without_zone_is_beijing_time() -> None:
    noon = datetime(2026, 3, 18, 4, 0, tzinfo=UTC)
    assert Instant().deserialize("2026-03-18T12:00") == noon
    assert Instant().deserialize("2026-03-18T04:00Z") == noon


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59-14:00", "now", "2026-03-18T25:00"])
def test_an_instant_off_the_calendar_is_refused(typed: str) -> None:
    assert refused(Instant(), typed) == "填日期和时间，如 2026-03-18 17:00"


def test_text_leaves_out_what_no_database_keeps() -> None:
    assert Text().deserialize("a\x00b\ud800c") == "abc"
    assert refused(Text(), "\x00 ") == MISSING
    assert refused(Text(max=3), "四个字了") == "最多写 3 个字"


@pytest.mark.parametrize(
    "field", [Whole(required=True), Flag(required=True), Many(Text(), required=True), Day(required=True)]
)
def test_what_must_be_given_says_so_in_one_word(field: fields.Field[Any]) -> None:
    assert refused(field, None) == MISSING


def test_money_may_have_a_least_sum() -> None:
    assert refused(Fen(low=1), 0) == f"填 1 到 {MOST_FEN} 之间的数"
    least: object = Fen(low=1).deserialize(1)
    assert least == Money(1)
