"""When a message may leave the house."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import timing
from accounts.telling import Channel
from core.clock import BEIJING

NIGHT = (timing.QUIET_FROM, timing.QUIET_TO)
INSTANTS = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)  # fmt: skip
MINUTES = st.integers(0, 1439)


def at(written: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{written}").replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("now", "quiet"),
    [("18 20:59", False), ("18 21:00", True), ("18 23:59", True), ("19 00:00", True), ("19 07:59", True),
     ("19 08:00", False)],
)  # fmt: skip
def test_the_night_goes_over_midnight_and_its_end_is_open(now: str, quiet: bool) -> None:
    assert timing.is_quiet(at(now), *NIGHT) is quiet


@pytest.mark.parametrize(
    ("channel", "now", "pace", "urgent", "leaves"),
    [
        (Channel.SMS, "18 22:00", "instant", False, "19 08:00"),
        (Channel.SMS, "19 03:00", "instant", False, "19 08:00"),
        (Channel.SMS, "18 22:00", "instant", True, "18 22:00"),
        (Channel.SMS, "18 12:00", "daily", False, "18 12:00"),
        (Channel.MAIL, "18 22:00", "instant", False, "18 22:00"),
        (Channel.MAIL, "18 22:00", "daily", False, "19 08:30"),
        (Channel.MAIL, "18 08:29", "daily", False, "18 08:30"),
        (Channel.MAIL, "18 08:30", "daily", False, "19 08:30"),
        (Channel.MAIL, "18 22:00", "daily", True, "18 22:00"),
        (Channel.WEBHOOK, "18 22:00", "daily", False, "18 22:00"),
    ],
)
def test_when_a_message_leaves(channel: Channel, now: str, pace: str, urgent: bool, leaves: str) -> None:
    assert timing.leaves_at(channel, at(now), pace=pace, urgent=urgent, quiet=NIGHT) == at(leaves)


@given(INSTANTS, MINUTES, MINUTES)
def test_after_the_quiet_hours_it_is_quiet_no_more_and_no_day_is_lost(now: datetime, first: int, last: int) -> None:
    left = timing.after_quiet(now, first, last)
    assert not timing.is_quiet(left, first, last)
    assert timedelta(0) <= left - now <= timedelta(days=1)


@given(INSTANTS)
def test_the_summary_comes_within_a_day(now: datetime) -> None:
    found = timing.next_summary(now)
    assert timedelta(0) < found - now <= timedelta(days=1)
    assert (found.astimezone(BEIJING).hour, found.astimezone(BEIJING).minute) == (8, 30)


def test_waits_double_and_end_at_six_hours() -> None:
    waits = [timing.wait_after(tries) for tries in (1, 2, 3, 10, 1000)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[3:] == [timedelta(hours=6)] * 2
