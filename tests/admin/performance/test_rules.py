"""Small numbers are held back, months are Beijing's, and no cell begins a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.performance import rules
from admin.performance.files import csv_text
from admin.performance.rules import Five


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(0, 0, "—"), (7, 8, "7/8"), (19, 19, "19/19"), (19, 20, "95.0%"), (1, 3000, "0.0%")]
)
def test_fewer_than_twenty_are_written_as_counts(part: int, whole: int, text: str) -> None:
    assert rules.share(part, whole) == text


def test_quartiles_of_fewer_than_eight_are_hidden() -> None:
    assert rules.quartiles_of(Five(7, 1, 2, 3, 4, 5)) is None
    assert rules.quartiles_of(Five(8, 1, 2, 3, 4, 5)) == Five(8, 1, 2, 3, 4, 5)
    assert rules.place_among(9, Five(7, 1, 2, 3, 4, 5)) == "few"


@pytest.mark.parametrize(("value", "place"), [(1, "low"), (2, "middle"), (4, "middle"), (5, "high")])
def test_a_price_stands_low_middle_or_high_among_eight(value: int, place: str) -> None:
    assert rules.place_among(value, Five(8, 1, 2, 3, 4, 9)) == place


def test_months_run_over_the_new_year() -> None:
    assert rules.month_starts(date(2026, 2, 28), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


def test_a_period_begins_at_midnight_in_beijing() -> None:
    since, _until = rules.period(datetime(2026, 2, 28, 17, tzinfo=UTC), 1)
    assert since == datetime(2026, 2, 28, 16, tzinfo=UTC)  # it is March already in Beijing


def test_bins_have_no_gaps_and_gather_what_lies_far_out() -> None:
    filled = rules.fill_bins({18: 3, 21: 1, 99: 2, 2: 1})
    assert [number for number, _count in filled] == list(range(rules.LOWEST_BIN, rules.HIGHEST_BIN + 1))
    assert sum(count for _number, count in filled) == 7
    assert rules.bin_low(18) == Decimal("0.90")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_would_be_a_formula_becomes_text(start: str) -> None:
    assert rules.safe_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell() -> None:
    assert rules.safe_rows([[-5, Decimal("-0.5"), None, "东莞"]]) == [[-5, Decimal("-0.5"), "", "东莞"]]


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), max_size=5))
def test_a_file_begins_with_the_mark_and_holds_no_formula(rows: list[list[str]]) -> None:
    text = csv_text(["a", "b"], rows)
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert all(not cell.startswith(rules.RISKY) for row in read for cell in row)
