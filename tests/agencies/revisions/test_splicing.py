"""Two texts of one schedule laid end to end: each day is answered by the text in force on it."""

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.reader import read_text
from agencies.fees.engine.schedule import Schedule
from agencies.fees.engine.splicing import changed_before, splice, start
from tests.agencies.revisions.conftest import CHEAPER, TEXT

OLD, NEW = read_text(TEXT, "toml"), read_text(CHEAPER, "toml")
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def answer(schedule: Schedule, on: date) -> tuple[object, object]:
    found = calculate(schedule, on, {"amount": "80"})
    return found.base, found.status


@given(cut=DAYS, on=DAYS)
def test_each_day_is_answered_by_its_text(cut: date, on: date) -> None:
    both = splice(OLD, NEW, cut, "abcd")
    assert answer(both, on) == answer(NEW if on >= cut else OLD, on)


@given(one=DAYS, two=DAYS, on=DAYS)
def test_the_later_approval_covers_the_earlier(one: date, two: date, on: date) -> None:
    third = read_text(CHEAPER.replace("0.8", "0.7"), "toml")
    found = splice(splice(OLD, NEW, one, "aaaa"), third, two, "bbbb")
    expected = third if on >= two else NEW if on >= one else OLD
    assert answer(found, on) == answer(expected, on)


@given(cut=DAYS)
def test_versions_and_force_never_overlap(cut: date) -> None:
    both = splice(OLD, NEW, cut, "abcd")
    for before, after in zip(both.versions, both.versions[1:], strict=False):
        assert before.until is not None
        assert before.until < after.since
    spans = sorted((one.since, one.until or date.max) for one in both.statuses)
    assert all(first[1] + timedelta(days=1) == second[0] for first, second in itertools.pairwise(spans))


@given(cut=DAYS)
def test_newer_words_for_the_same_price_are_no_new_version(cut: date) -> None:
    renamed = read_text(TEXT.replace("演示收费标准", "演示收费新标准"), "toml")
    both = splice(OLD, renamed, cut, "abcd")
    assert [(one.key, one.since, one.until) for one in both.versions] == [("2020", date(2020, 1, 1), None)]
    assert both.statuses == OLD.statuses
    assert both.title.zh == "演示收费新标准"
    assert splice(OLD, renamed, cut, "abcd", heading=False).title.zh == "演示收费标准"


def test_a_new_schedule_has_nothing_before_its_day() -> None:
    begun = start(OLD, date(2026, 4, 1))
    assert begun.version_on(date(2026, 3, 31)) is None
    assert calculate(begun, date(2026, 3, 31), {"amount": "80"}).base is None
    assert answer(begun, date(2026, 4, 1)) == answer(OLD, date(2026, 4, 1))


def test_what_changed_before_a_day_is_named() -> None:
    assert changed_before(OLD, NEW, date(2020, 1, 1)) == ()
    assert changed_before(OLD, NEW, date(2020, 1, 2)) == ("2020",)
    freed = read_text(TEXT.replace("binding-cap", "reference"), "toml")
    assert changed_before(OLD, freed, date(2020, 1, 2)) == ("",)
    renamed = read_text(TEXT.replace('key = "2020"', 'key = "2021"'), "toml")
    assert changed_before(OLD, renamed, date(2020, 1, 2)) == ("2020", "2021")
