"""Judgements of quotes by example and by property."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from marketplace.quotes import rules
from marketplace.quotes.rules import Opened

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


@pytest.mark.parametrize(
    ("received", "valid", "minimum", "expected"),
    [
        (0, 0, 1, "no-quotes"),
        (2, 0, 1, "none-valid"),
        (1, 1, 1, ""),
        (2, 2, 3, "too-few-quotes"),
        (4, 3, 3, ""),
    ],
)
def test_a_need_fails_by_the_minimum_frozen_into_it(received: int, valid: int, minimum: int, expected: str) -> None:
    assert rules.why_failed(received, valid, minimum) == expected


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 5))
def test_more_valid_quotes_never_make_a_need_fail(received: int, valid: int, minimum: int) -> None:
    valid = min(received, valid)
    if not rules.why_failed(received, valid, minimum):
        assert not rules.why_failed(received + 1, valid + 1, minimum)


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
