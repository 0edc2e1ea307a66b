"""Whose days a deal took: pauses of the clock, the due date they put off, and both sides' delay. Pure.

A stretch of time counts by days as a time limit does (民法典 第二百零一条): the day it begins on does not count, the
day it ends on does. So a stretch within one day counts nothing, and cutting a stretch in two changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeAlias

from core.clock import beijing_day, last_day
from core.workdays import add_workdays, is_workday, workdays_between
from marketplace.contracts.rules import ONE_DAY, DayKind, end_of

Overrides: TypeAlias = Mapping[date, bool] | None


class Cause(StrEnum):
    """Whose doing a pause is. The agency's own does not stop the agency's clock."""

    ENTERPRISE = "enterprise"
    DEPARTMENT = "department"
    FORCE_MAJEURE = "force_majeure"
    AGENCY = "agency"


STOPPING: Final = frozenset(Cause) - {Cause.AGENCY}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time with its cause."""

    cause: Cause
    begins: datetime
    ends: datetime


def days_of(stretches: Iterable[Stretch]) -> frozenset[date]:
    """Return the days that stretches cover, each once however they overlap."""
    covered: set[date] = set()
    for one in stretches:
        day, last = beijing_day(one.begins), beijing_day(one.ends)
        while day < last:
            day += ONE_DAY
            covered.add(day)
    return frozenset(covered)


def stopped_days(stretches: Iterable[Stretch], kind: DayKind, overrides: Overrides = None) -> int:
    """Count the days, in the limit's kind, on which the agency's clock stood still."""
    days = days_of(one for one in stretches if one.cause in STOPPING)
    return len(days) if kind is DayKind.CALENDAR else sum(is_workday(day, overrides) for day in days)


def put_off(due_at: datetime, days: int, kind: DayKind, overrides: Overrides = None) -> datetime:
    """Put a due time off by so many days of the limit's kind; nought leaves it as it is.

    Calendar days that end on a day off end with the next working day (民法典 第二百零三条).
    """
    if days <= 0:
        return due_at
    last = last_day(due_at)
    if kind is DayKind.WORKING:
        return end_of(add_workdays(last, days, overrides))
    last += days * ONE_DAY
    while not is_workday(last, overrides):
        last += ONE_DAY
    return end_of(last)


def days_put_off(agreed: datetime, due_at: datetime, kind: DayKind, overrides: Overrides = None) -> int:
    """Count the days by which a due time lies after the agreed one."""
    first, last = last_day(agreed), last_day(due_at)
    return workdays_between(first, last, overrides) if kind is DayKind.WORKING else (last - first).days


@dataclass(frozen=True, slots=True)
class Shares:
    """Working days of a deal by whose they were; late: how many of the agency's lie after the due date."""

    agency: int
    enterprise: int
    department: int
    force_majeure: int
    late: int

    @property
    def total(self) -> int:
        """All working days since the signature."""
        return self.agency + self.enterprise + self.department + self.force_majeure


def share_days(
    starts_at: datetime,
    until: datetime,
    stretches: Sequence[Stretch],
    due_at: datetime,
    overrides: Overrides = None,
) -> Shares:
    """Give every working day after the signature up to ``until`` to one of four: nobody's fault first, agency last.

    stretches: pauses that ran, and the enterprise's times of looking as its own. A day that two claim goes to the first
    of force majeure, department, enterprise; the agency bears the rest, its own pauses among them.
    """
    order = (Cause.FORCE_MAJEURE, Cause.DEPARTMENT, Cause.ENTERPRISE)
    claimed = {cause: days_of(one for one in stretches if one.cause is cause) for cause in order}
    counts = dict.fromkeys(Cause, 0)
    late, due_day = 0, last_day(due_at)
    day, last = beijing_day(starts_at), beijing_day(until)
    while day < last:
        day += ONE_DAY
        if not is_workday(day, overrides):
            continue
        whose = next((cause for cause in order if day in claimed[cause]), Cause.AGENCY)
        counts[whose] += 1
        late += whose is Cause.AGENCY and day > due_day
    return Shares(
        counts[Cause.AGENCY], counts[Cause.ENTERPRISE], counts[Cause.DEPARTMENT], counts[Cause.FORCE_MAJEURE], late
    )
