"""The course of rounds of bidding: steps, soft ends, the last round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, Invalid
from core.money import Money
from marketplace.selection import rounds
from marketplace.selection.rounds import Course

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
COURSE = Course(rounds=3, minutes=3, step=1)
MINUTE = timedelta(minutes=1)


def test_three_rounds_of_three_minutes_end_after_nine() -> None:
    current = rounds.first_round(COURSE, START)
    ends = [current.ends_at]
    for _round in range(2):
        following = rounds.next_round(COURSE, rounds.with_offer(COURSE, current, current.starts_at))
        assert following is not None
        current = following
        ends.append(current.ends_at)
    assert ends == [START + 3 * MINUTE, START + 6 * MINUTE, START + 9 * MINUTE]
    assert rounds.next_round(COURSE, rounds.with_offer(COURSE, current, current.starts_at)) is None


def test_a_round_without_an_offer_is_the_last() -> None:
    assert rounds.next_round(COURSE, rounds.first_round(COURSE, START)) is None


def test_an_offer_near_the_end_puts_it_off_and_an_early_one_does_not() -> None:
    current = rounds.first_round(COURSE, START)
    early = rounds.with_offer(COURSE, current, START + 2 * MINUTE)
    assert (early.ends_at, early.extensions) == (current.ends_at, 0)
    late = rounds.with_offer(COURSE, current, START + 2 * MINUTE + timedelta(seconds=1))
    assert (late.ends_at, late.extensions) == (START + 3 * MINUTE + timedelta(seconds=1), 1)


@given(waits=st.lists(st.integers(0, 59), min_size=1, max_size=60))
def test_a_round_ends_however_often_somebody_bids_at_the_last_moment(waits: list[int]) -> None:
    current = rounds.first_round(COURSE, START)
    for wait in waits:
        current = rounds.with_offer(COURSE, current, current.ends_at - timedelta(seconds=wait))
    assert current.extensions <= COURSE.most_extensions
    assert current.ends_at <= START + timedelta(minutes=COURSE.minutes) + COURSE.most_extensions * COURSE.soft


@pytest.mark.parametrize(
    ("own", "step", "most"), [(10_000, 1, 9_900), (10_050, 1, 9_949), (99, 1, 98), (10_000, 20, 8_000)]
)
def test_a_step_is_a_percentage_of_ones_own_price_and_never_less(own: int, step: int, most: int) -> None:
    assert rounds.most_allowed(Money(own), step) == Money(most)


@given(own=st.integers(1, 10**9), step=st.integers(1, 20))
def test_the_most_allowed_is_lower_by_at_least_the_step(own: int, step: int) -> None:
    most = rounds.most_allowed(Money(own), step).fen
    assert most < own
    assert most * 100 <= own * (100 - step)


def test_offers_outside_the_round_or_above_the_step_are_refused() -> None:
    current, own = rounds.first_round(COURSE, START), Money.from_yuan(100)
    with pytest.raises(Conflict, match="round-not-begun"):
        rounds.judge_offer(Money.from_yuan(90), own, COURSE, current, START - MINUTE)
    with pytest.raises(Conflict, match="round-over"):
        rounds.judge_offer(Money.from_yuan(90), own, COURSE, current, current.ends_at)
    with pytest.raises(Invalid, match="step-too-small"):
        rounds.judge_offer(Money(9_901), own, COURSE, current, START)
    with pytest.raises(Invalid, match="step-too-small"):
        rounds.judge_offer(Money(0), own, COURSE, current, START)
    rounds.judge_offer(Money(9_900), own, COURSE, current, START)


def test_rounds_have_a_longest_time() -> None:
    assert rounds.longest(COURSE) == timedelta(minutes=39)
