"""The working-day calendar: notices entered here, then our file, then the State Council's years, then a guess.

Every process keeps the days that notices settled, swapped whole. A request or a task says once how to look for newer
ones (``newer``); the look is made when a working day is first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

import chinese_calendar
import holidays

from core.clock import BEIJING
from core.datafile import read_datafile, refuse_repeats
from core.newer import Newer

CLOSE_OF_DAY: Final = time(17, 0)
SATURDAY: Final = 5
FILE: Final = Path(__file__).parent / "data" / "calendar.toml"


class Source(StrEnum):
    """What settles whether a day is worked, the first of these that knows it."""

    NOTICE = "notice"
    FILE = "file"
    STATE_COUNCIL = "state_council"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, eq=False)
class Decided:
    """The days that approved notices settled, and what the database said when they were read."""

    stamp: str
    days: Mapping[date, bool]


_decided: list[Decided] = [Decided("", {})]
newer: Final = Newer("workdays")


def stamp() -> str:
    """Return the stamp of the days this process knows, without looking for newer."""
    return _decided[0].stamp


def install(given: str, days: Mapping[date, bool]) -> None:
    """Let these days answer from now on, before every other source."""
    _decided[:] = [Decided(given, dict(days))]


def forget() -> None:
    """Know no notice, as in a process that has just begun."""
    install("", {})


def noticed() -> Mapping[date, bool]:
    """Return the days that notices settled; looks once a request for newer ones, where somebody said how."""
    newer.take_up()
    return _decided[0].days


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
    """Say whether a day is worked; make-up Saturdays and Sundays are.

    overrides: what is known before the published years; the notices and our data file, if none is given.
    """
    if overrides is None and day in noticed():
        return noticed()[day]
    known = local_overrides() if overrides is None else overrides
    if day in known:
        return known[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY and day not in _statutory(day.year)


def source_of(day: date) -> Source:
    """Say what settles whether a day is worked."""
    if day in noticed():
        return Source.NOTICE
    if day in local_overrides():
        return Source.FILE
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return Source.PROVISIONAL
    return Source.STATE_COUNCIL


def is_provisional(day: date) -> bool:
    """Say whether the day is settled neither by a notice or our data file nor by the State Council."""
    return source_of(day) is Source.PROVISIONAL


def holiday_name(day: date) -> str:
    """Return the English name of the holiday a published year counts a day to, also a make-up day's; empty for none."""
    try:
        return str(chinese_calendar.get_holiday_detail(day)[1] or "")
    except NotImplementedError:
        return str(_statutory(day.year).get(day, ""))


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


def start_of(day: date) -> datetime:
    """Return the first instant of a day in Beijing, as UTC."""
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)
