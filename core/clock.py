"""The only asker of the time. Times are aware and UTC; pages show 北京时间."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

BEIJING: Final = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        return datetime.now(UTC)


class RunningClock:
    """A clock that runs from an instant on, so many times faster than the machine's."""

    def __init__(self, start: datetime, speed: float) -> None:
        self.start, self.speed, self._began = start, speed, time.monotonic()

    def now(self) -> datetime:
        """Return the start and what has passed since, as fast as this clock runs."""
        return self.start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)


class FixedClock:
    """A clock that stands where it is put; tests and the demo world move it."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """Return the instant it was put at."""
        return self.instant

    def advance(self, step: timedelta) -> None:
        """Move forward by a stretch of time."""
        self.instant += step


def beijing(instant: datetime) -> datetime:
    """Show an instant in 北京时间."""
    return instant.astimezone(BEIJING)


def beijing_day(instant: datetime) -> date:
    """Return the calendar day of an instant in 北京时间."""
    return beijing(instant).date()


def last_day(deadline: datetime) -> date:
    """Return the last day before a deadline, in 北京时间: a deadline at midnight ends with the day before it."""
    return beijing_day(deadline - timedelta(microseconds=1))
