"""The clock: aware, in UTC, and shown in Beijing's time and day."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import FixedClock, SystemClock, beijing, beijing_day

NOON = datetime(2026, 3, 18, 4, 0, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(1992, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def test_the_machines_clock_tells_this_instant_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    told = SystemClock().now()
    assert before <= told <= datetime.now(UTC)
    assert told.tzinfo is UTC


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(minutes=90))
    assert clock.now() == datetime(2026, 3, 18, 5, 30, tzinfo=UTC)
    clock.advance(timedelta(days=1))
    assert clock.now() == datetime(2026, 3, 19, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 18, 15, 59, 59, tzinfo=UTC), date(2026, 3, 18)),
        (datetime(2026, 3, 18, 16, 0, tzinfo=UTC), date(2026, 3, 19)),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2024, 2, 28, 16, 0, tzinfo=UTC), date(2024, 2, 29)),
    ],
)
def test_a_day_in_beijing_begins_at_four_in_the_afternoon_utc(instant: datetime, day: date) -> None:
    assert beijing_day(instant) == day


@given(INSTANTS)
def test_beijing_shows_the_same_instant_eight_hours_on(instant: datetime) -> None:
    shown = beijing(instant)
    assert shown == instant
    assert shown.utcoffset() == timedelta(hours=8)
    assert shown.replace(tzinfo=None) == instant.replace(tzinfo=None) + timedelta(hours=8)
    assert beijing_day(instant) == (instant + timedelta(hours=8)).date()


@given(INSTANTS, st.integers(-12, 14))
def test_the_day_of_an_instant_does_not_hang_on_the_zone_it_is_told_in(instant: datetime, hours: int) -> None:
    assert beijing_day(instant.astimezone(timezone(timedelta(hours=hours)))) == beijing_day(instant)
