"""Working days: the notice of the State Council, our overrides before it, and a provisional answer after it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import beijing
from core.datafile import DataFileError
from core.workdays import (
    add_workdays,
    close_of,
    is_provisional,
    is_workday,
    local_overrides,
    read_overrides,
    workdays_between,
)

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
TYPHOON = """
[[overrides]]
day = 2026-09-10
working = false
name = "台风停工"
name_en = "Typhoon order"
basis = "东莞市防汛防旱防风指挥部通告"
source = "https://example.gov.cn"
"""


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 3, 18), True),  # a Wednesday
        (date(2026, 3, 21), False),  # a Saturday
        (date(2025, 1, 26), True),  # a Sunday worked before Spring Festival
        (date(2025, 1, 29), False),  # Spring Festival
        (date(2025, 10, 8), False),  # the last day of the long October holiday
        (date(2025, 10, 11), True),  # a Saturday worked after it
    ],
)
def test_holidays_and_make_up_days_are_those_of_the_notice(day: date, *, worked: bool) -> None:
    assert is_workday(day) is worked


def test_an_override_goes_before_the_notice_and_moves_deadlines(tmp_path: Path) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(TYPHOON, encoding="utf-8")
    storm = read_overrides(file)
    assert is_workday(date(2026, 9, 10))
    assert not is_workday(date(2026, 9, 10), storm)
    assert add_workdays(date(2026, 9, 9), 1) == date(2026, 9, 10)
    assert add_workdays(date(2026, 9, 9), 1, storm) == date(2026, 9, 11)


@pytest.mark.parametrize(
    "broken",
    [
        TYPHOON + TYPHOON,
        TYPHOON.replace("2026-09-10", '"2026-09-10"'),
        TYPHOON.replace("working = false", 'working = "no"'),
        TYPHOON.replace("basis", "base"),
        TYPHOON.replace('source = "https://example.gov.cn"', ""),
    ],
)
def test_a_row_that_is_doubled_or_lacks_its_document_is_refused(broken: str, tmp_path: Path) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"calendar\.toml"):
        read_overrides(file)


def test_our_own_file_is_read_and_is_the_usual_answer() -> None:
    for day, worked in local_overrides().items():
        assert is_workday(day) is worked
        assert not is_provisional(day)


def test_a_year_without_a_notice_is_provisional_and_weekends_are_still_off() -> None:
    assert not is_provisional(date(2026, 3, 18))
    far = date(2060, 3, 17)  # a Wednesday
    assert is_provisional(far)
    assert is_workday(far)
    assert not is_workday(date(2060, 3, 20))
    assert not is_workday(date(2060, 10, 1))


@given(DAYS, st.integers(1, 40))
def test_adding_working_days_ends_on_one_and_counting_gives_them_back(day: date, count: int) -> None:
    end = add_workdays(day, count)
    assert is_workday(end)
    assert workdays_between(day, end) == count
    assert workdays_between(end, day) == -count


def test_a_working_day_closes_at_five_in_beijing() -> None:
    assert f"{beijing(close_of(date(2026, 3, 18))):%Y-%m-%d %H:%M}" == "2026-03-18 17:00"
