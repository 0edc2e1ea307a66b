"""When a message may leave the house by a channel: at once, after a quiet night, or with the day's summary. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from accounts.telling import Channel
from core.clock import BEIJING, beijing

INSTANT: Final = "instant"
DAILY: Final = "daily"
PACES: Final = (INSTANT, DAILY)
SUMMARY_AT: Final = time(8, 30)
QUIET_FROM: Final = 21 * 60
QUIET_TO: Final = 8 * 60
PRESSING: Final = timedelta(hours=24)
DAY_MINUTES: Final = 24 * 60
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)


def is_quiet(now: datetime, quiet_from: int, quiet_to: int) -> bool:
    """Say whether an instant lies in the quiet hours: minutes of the day in 北京时间, the end not included.

    Equal ends mean no quiet hours; a beginning after the end goes over midnight.
    """
    local = beijing(now)
    minute = local.hour * 60 + local.minute
    if quiet_from <= quiet_to:
        return quiet_from <= minute < quiet_to
    return minute >= quiet_from or minute < quiet_to


def after_quiet(now: datetime, quiet_from: int, quiet_to: int) -> datetime:
    """Return the instant itself, or the end of the quiet hours it lies in.

    quiet_from, quiet_to: minutes of the day in 北京时间; they may go over midnight.
    """
    return _next(now, time(*divmod(quiet_to, 60))) if is_quiet(now, quiet_from, quiet_to) else now


def next_summary(now: datetime) -> datetime:
    """Return the next 08:30 in 北京时间, never this very instant."""
    return _next(now, SUMMARY_AT)


def is_pressing(now: datetime, due_at: datetime | None) -> bool:
    """Say whether what must be done falls due within a day, too soon for a summary."""
    return due_at is not None and due_at <= now + PRESSING


def leaves_at(channel: Channel, now: datetime, *, pace: str, urgent: bool, quiet: tuple[int, int]) -> datetime:
    """Return when a message may leave by a channel.

    What is urgent leaves at once. Mail of the daily pace waits for the summary, an SMS for the end of the quiet hours;
    an organisation's own system is never asleep.
    """
    if urgent or channel is Channel.WEBHOOK:
        return now
    if channel is Channel.SMS:
        return after_quiet(now, *quiet)
    return next_summary(now) if pace == DAILY else now


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many failures: one minute, doubling, at most six hours."""
    return min(FIRST_WAIT * (1 << min(max(tries - 1, 0), 16)), LONGEST_WAIT)


def _next(now: datetime, at: time) -> datetime:
    local = beijing(now)
    found = datetime.combine(local.date(), at, BEIJING)
    return (found if found > local else found + timedelta(days=1)).astimezone(now.tzinfo)
