"""The working-day calendar: local overrides first, then the State Council's published years, then provisional ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import chinese_calendar
import holidays

from core.clock import BEIJING
from core.datafile import read_datafile, refuse_repeats

CLOSE_OF_DAY: Final = time(17, 0)
SATURDAY: Final = 5
FILE: Final = Path(__file__).parent / "data" / "calendar.toml"


def read_overrides(path: Path) -> dict[date, bool]:
    """Return whether each day of a calendar file is worked. Raises DataFileError, also for a day named twice."""
    rows = read_datafile(path).rows("overrides")
    for row in rows:
        row.only("day", "working", "name", "name_en", "basis", "source")
        for key in ("name", "name_en", "basis", "source"):
            row.text(key)
    refuse_repeats(rows, "day")
    return {row.day("day"): row.flag("working") for row in rows}


@cache
def local_overrides() -> Mapping[date, bool]:
    """Return the days on which our calendar differs from the published ones, each with its document in the file."""
    return read_overrides(FILE)


@cache
def _statutory(year: int) -> Any:
    return holidays.country_holidays("CN", years=year)


def is_workday(day: date, overrides: Mapping[date, bool] | None = None) -> bool:
    """Say whether a day is worked; make-up Saturdays and Sundays are. overrides: those of our data file, if none."""
    known = local_overrides() if overrides is None else overrides
    if day in known:
        return known[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY and day not in _statutory(day.year)


def is_provisional(day: date) -> bool:
    """Say whether the day is settled neither by our data file nor by a State Council notice."""
    if day in local_overrides():
        return False
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return True
    return False


def add_workdays(day: date, count: int, overrides: Mapping[date, bool] | None = None) -> date:
    """Return the day ``count`` working days after ``day``; the day itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day, overrides)
    return day


def workdays_between(start: date, end: date, overrides: Mapping[date, bool] | None = None) -> int:
    """Count the working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -workdays_between(end, start, overrides)
    days = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
    return sum(is_workday(day, overrides) for day in days)


def close_of(day: date) -> datetime:
    """Return the close of a working day, 17:00 北京时间, as UTC."""
    return datetime.combine(day, CLOSE_OF_DAY, BEIJING).astimezone(UTC)
