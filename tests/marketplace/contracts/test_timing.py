"""Whose days a deal took: the laws every pause and every deal obey, and a few days worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import BEIJING, last_day
from core.workdays import workdays_between
from marketplace.contracts import timing
from marketplace.contracts.rules import DayKind, due_from
from marketplace.contracts.timing import STOPPING, Cause, Stretch, days_put_off, put_off, share_days, stopped_days


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=BEIJING).astimezone(UTC)


def stretch(begins: str, ends: str, cause: Cause = Cause.ENTERPRISE) -> Stretch:
    return Stretch(cause, at(begins), at(ends))


# 2026-03-16 is a Monday; 4 to 6 April 2026 are days off (清明), 2026-05-09 is a worked Saturday.
@pytest.mark.parametrize(
    ("stretches", "working", "calendar"),
    [
        ([], 0, 0),
        ([stretch("2026-03-16", "2026-03-16")], 0, 0),
        ([stretch("2026-03-16", "2026-03-18")], 2, 2),
        ([stretch("2026-03-20", "2026-03-22")], 0, 2),
        ([stretch("2026-03-20", "2026-03-23")], 1, 3),
        ([stretch("2026-04-03", "2026-04-07")], 1, 4),
        ([stretch("2026-05-08", "2026-05-09")], 1, 1),
        ([stretch("2026-03-16", "2026-03-18"), stretch("2026-03-17", "2026-03-19", Cause.DEPARTMENT)], 3, 3),
        ([stretch("2026-03-16", "2026-03-18", Cause.AGENCY)], 0, 0),
        ([stretch("2026-03-16", "2026-03-20", Cause.AGENCY), stretch("2026-03-17", "2026-03-18")], 1, 1),
    ],
)
def test_stopped_days_count_as_a_time_limit_does(stretches: list[Stretch], working: int, calendar: int) -> None:
    assert stopped_days(stretches, DayKind.WORKING) == working
    assert stopped_days(stretches, DayKind.CALENDAR) == calendar


@pytest.mark.parametrize(
    ("due", "days", "kind", "last"),
    [
        ("2026-03-20", 0, DayKind.WORKING, date(2026, 3, 20)),
        ("2026-03-20", 1, DayKind.WORKING, date(2026, 3, 23)),
        ("2026-04-03", 2, DayKind.WORKING, date(2026, 4, 8)),
        ("2026-03-20", 1, DayKind.CALENDAR, date(2026, 3, 23)),
        ("2026-03-18", 2, DayKind.CALENDAR, date(2026, 3, 20)),
    ],
)
def test_a_due_date_is_put_off_in_its_own_days(due: str, days: int, kind: DayKind, last: date) -> None:
    agreed = due_from(at(due) - timedelta(days=1), 1, DayKind.CALENDAR)
    assert last_day(put_off(agreed, days, kind)) == last


START = at("2026-03-02", 0)
HOURS = st.integers(0, 24 * 90)
STRETCHES = st.lists(
    st.tuples(st.sampled_from(Cause), HOURS, st.integers(0, 24 * 20)).map(
        lambda one: Stretch(one[0], START + timedelta(hours=one[1]), START + timedelta(hours=one[1] + one[2]))
    ),
    max_size=6,
)


@given(STRETCHES, st.integers(0, 24 * 20), st.sampled_from(DayKind))
def test_cutting_a_pause_in_two_changes_nothing(stretches: list[Stretch], hours: int, kind: DayKind) -> None:
    cut = []
    for one in stretches:
        middle = min(one.begins + timedelta(hours=hours), one.ends)
        cut += [Stretch(one.cause, one.begins, middle), Stretch(one.cause, middle, one.ends)]
    assert stopped_days(cut, kind) == stopped_days(stretches, kind)


@given(STRETCHES, STRETCHES, st.sampled_from(DayKind))
def test_overlapping_pauses_count_each_day_once_and_never_fewer(
    some: list[Stretch], more: list[Stretch], kind: DayKind
) -> None:
    both = stopped_days([*some, *more], kind)
    assert max(stopped_days(some, kind), stopped_days(more, kind)) <= both
    assert both <= stopped_days(some, kind) + stopped_days(more, kind)
    assert stopped_days([*some, *some], kind) == stopped_days(some, kind)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 90))
def test_putting_off_twice_is_putting_off_once_by_working_days(first: int, second: int, days: int) -> None:
    due = due_from(START, days, DayKind.WORKING)
    twice = put_off(put_off(due, first, DayKind.WORKING), second, DayKind.WORKING)
    assert twice == put_off(due, first + second, DayKind.WORKING)
    assert days_put_off(due, twice, DayKind.WORKING) == first + second


@given(STRETCHES, HOURS, st.integers(1, 60))
def test_every_working_day_belongs_to_somebody_and_only_once(stretches: list[Stretch], hours: int, days: int) -> None:
    until, due = START + timedelta(hours=hours), due_from(START, days, DayKind.WORKING)
    found = share_days(START, until, stretches, due)
    first, last = (one.astimezone(BEIJING).date() for one in (START, until))
    assert found.total == workdays_between(first, last)
    assert 0 <= found.late <= found.agency
    without = share_days(START, until, [one for one in stretches if one.cause not in STOPPING], due)
    assert without.agency == without.total
    assert found.late <= without.late


def test_a_day_two_claim_goes_to_nobodys_fault_first() -> None:
    both = [stretch("2026-03-16", "2026-03-18"), stretch("2026-03-16", "2026-03-17", Cause.FORCE_MAJEURE)]
    due = due_from(at("2026-03-16"), 2, DayKind.WORKING)
    found = share_days(at("2026-03-16"), at("2026-03-20"), both, due)
    assert found == timing.Shares(agency=2, enterprise=1, department=0, force_majeure=1, late=2)
