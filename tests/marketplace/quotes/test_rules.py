"""Judgements of quotes by example and by property."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from marketplace.quotes import rules
from marketplace.quotes.rules import Course, Opened, QuoteLine, Turnout

CLOSES = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
FROZEN = {"low-mean-ratio": "0.50", "low-next-ratio": "0.50", "low-ceiling-ratio": "0.45"}
amounts = st.integers(1, 10**12)


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, True), (3, True)])
def test_the_very_instant_of_closing_is_late(seconds: int, late: bool) -> None:
    assert rules.is_late(CLOSES + timedelta(seconds=seconds), CLOSES) is late


def test_a_microsecond_before_closing_is_in_time() -> None:
    assert not rules.is_late(CLOSES - timedelta(microseconds=1), CLOSES)


def test_a_discount_comes_off_the_benchmark_and_rounds_once() -> None:
    assert rules.price(None, Decimal("0.15"), Money(109_200_00)) == Money(92_820_00)
    assert rules.price(None, Decimal("0.333333"), Money(100)) == Money(67)
    assert rules.price(None, Decimal("0.1"), None) is None
    assert rules.price(Money(5), Decimal("0.1"), Money(100)) == Money(5)


@given(amounts, st.decimals(0, 1, places=4))
def test_a_discounted_price_stays_between_nothing_and_the_benchmark(fen: int, rate: Decimal) -> None:
    found = rules.price(None, rate, Money(fen))
    assert found is not None
    assert Money(0) <= found <= Money(fen)


@pytest.mark.parametrize(
    ("ceiling", "cap", "expected"),
    [
        (None, None, ""),
        (100, None, ""),
        (99, None, "above-ceiling"),
        (None, 99, "above-binding-cap"),
        (99, 98, "above-binding-cap"),
        (100, 100, ""),
    ],
)
def test_a_price_is_measured_against_the_law_first_and_the_notice_second(
    ceiling: int | None, cap: int | None, expected: str
) -> None:
    limits = [None if one is None else Money(one) for one in (ceiling, cap)]
    assert rules.fault(Money(100), *limits) == expected


FISCAL: dict[str, Any] = {"minimum": 3, "least": 2}
SOCIAL: dict[str, Any] = {"minimum": 1, "least": None}


@pytest.mark.parametrize(
    ("rule", "received", "valid", "left", "expected"),
    [
        (SOCIAL, 0, 0, 0, (Course.FAIL, "no-quotes")),
        (SOCIAL, 2, 0, 0, (Course.FAIL, "none-valid")),
        (SOCIAL, 1, 1, 0, (Course.OPEN, "")),
        (SOCIAL, 2, 2, 0, (Course.OPEN, "")),
        (SOCIAL, 5, 4, 0, (Course.OPEN, "")),
        (FISCAL, 0, 0, 1, (Course.FAIL, "no-quotes")),
        (FISCAL, 2, 0, 1, (Course.FAIL, "none-valid")),
        (FISCAL, 1, 1, 1, (Course.FAIL, "one-quote")),
        (FISCAL, 1, 1, 0, (Course.FAIL, "one-quote")),
        (FISCAL, 2, 2, 1, (Course.EXTEND, "")),
        (FISCAL, 2, 2, 0, (Course.OPEN, "")),
        (FISCAL, 3, 2, 1, (Course.EXTEND, "")),
        (FISCAL, 4, 3, 1, (Course.OPEN, "")),
        ({"minimum": 3, "least": None}, 2, 2, 1, (Course.FAIL, "too-few-quotes")),
    ],
)
def test_the_rules_frozen_into_a_need_say_what_follows_at_its_deadline(
    rule: dict[str, Any], received: int, valid: int, left: int, expected: tuple[Course, str]
) -> None:
    assert rules.course(Turnout(received, valid, extensions_left=left, **rule)) == expected


TURNOUTS = st.builds(
    Turnout, st.integers(0, 9), st.integers(0, 9), st.integers(1, 5), st.none() | st.integers(1, 5), st.integers(0, 2)
)


@given(TURNOUTS)
def test_more_valid_quotes_never_make_a_need_fail(given_: Turnout) -> None:
    turnout = replace(given_, valid=min(given_.received, given_.valid))
    if rules.course(turnout)[0] is not Course.FAIL:
        more = replace(turnout, received=turnout.received + 1, valid=turnout.valid + 1)
        assert rules.course(more)[0] is not Course.FAIL


@given(TURNOUTS)
def test_every_turnout_comes_to_an_end_once_the_extensions_are_used(turnout: Turnout) -> None:
    follows, failure = rules.course(replace(turnout, extensions_left=0))
    assert follows is not Course.EXTEND
    assert bool(failure) is (follows is Course.FAIL)


def line(quantity: str, fen: int) -> QuoteLine:
    return QuoteLine("钻探", "米", Decimal(quantity), Money(fen))


def test_unit_prices_are_added_up_exactly_and_rounded_once() -> None:
    assert rules.total_of([line("0.333", 100), line("0.333", 100), line("0.334", 100)]) == Money(100)
    assert rules.total_of([line("0.5", 1)]) == Money(1)
    assert rules.total_of([line("0.4", 1), line("0.1", 1)]) == Money(1)
    assert rules.total_of([]) == Money(0)


@given(st.lists(st.builds(line, st.decimals("0.001", "9999", places=3).map(str), st.integers(1, 10**9)), max_size=6))
def test_no_order_of_the_lines_changes_their_total(lines: list[QuoteLine]) -> None:
    assert rules.total_of(lines) == rules.total_of(lines[::-1])


def flags(*fen: int, ceiling: int | None = None) -> dict[int, str]:
    """Flag quotes of these prices, numbered in order."""
    found = [Opened(place, Money(one)) for place, one in enumerate(fen)]
    return rules.abnormally_low(found, None if ceiling is None else Money(ceiling), FROZEN)


def test_a_price_under_half_the_mean_is_flagged() -> None:
    assert flags(40, 100, 120) == {0: "low-mean-ratio"}


def test_a_price_under_half_the_next_lowest_is_flagged() -> None:
    assert flags(48, 100) == {0: "low-next-ratio"}
    assert flags(50, 100) == {}


def test_a_price_under_45_percent_of_the_ceiling_is_flagged_even_alone() -> None:
    assert flags(44, ceiling=100) == {0: "low-ceiling-ratio"}
    assert flags(45, ceiling=100) == {}


def test_nothing_is_flagged_by_parameters_that_are_not_there() -> None:
    assert rules.abnormally_low([Opened(1, Money(1)), Opened(2, Money(100))], Money(1000), {}) == {}


@given(st.lists(amounts, max_size=8), st.none() | amounts)
def test_flags_do_not_depend_on_the_order_quotes_came_in(fen: list[int], ceiling: int | None) -> None:
    limit = None if ceiling is None else Money(ceiling)
    quotes = [Opened(place, Money(one)) for place, one in enumerate(fen)]
    assert rules.abnormally_low(quotes, limit, FROZEN) == rules.abnormally_low(quotes[::-1], limit, FROZEN)


@given(st.lists(amounts, min_size=2, max_size=8))
def test_the_dearest_of_several_is_never_flagged_without_a_ceiling(fen: list[int]) -> None:
    quotes = [Opened(place, Money(one)) for place, one in enumerate(fen)]
    dearest = max(quotes, key=lambda one: (one.amount, one.quote_id))
    assert dearest.quote_id not in rules.abnormally_low(quotes, None, FROZEN)
