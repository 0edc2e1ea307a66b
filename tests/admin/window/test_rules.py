"""Tracking numbers, times and shares, as tables and for all numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.window import rules
from core.errors import Invalid

NOW = datetime(2026, 3, 18, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("carrier", "typed", "right"),
    [
        ("sf", "SF1234567890123", True),
        ("sf", " sf 1234-5678-90123 ", True),
        ("sf", "ＳＦ１２３４５６７８９０１２３", True),
        ("sf", "SF12345", False),
        ("ems", "RB123456785GB", True),  # the example's own check digit: 204 over 11 leaves 6, and 11 less 6 is 5
        ("ems", "RB123456784GB", False),
        ("ems", "1234567890123", True),
        ("ems", "１２３４", False),
        ("yto", "YT1234567890123", True),
        ("zto", "已经送到门卫", False),
        ("nobody", "SF1234567890123", False),
    ],
)
def test_a_tracking_number_has_its_carriers_shape(carrier: str, typed: str, right: bool) -> None:
    assert rules.fits(carrier, rules.tidy(typed)) is right


@given(st.text(alphabet="0123456789", min_size=8, max_size=8))
def test_one_digit_alone_fits_a_postal_number(first: str) -> None:
    fitting = [digit for digit in range(10) if rules.fits("ems", f"EE{first}{digit}CN")]
    assert fitting == [rules.postal_check(first)]


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_consent_ends_after_now_and_within_a_year(days: int) -> None:
    with pytest.raises(Invalid, match="consent-until"):
        rules.judge_until(NOW + timedelta(days=days), NOW)
    rules.judge_until(NOW + timedelta(days=366), NOW)


def test_nobody_signs_before_it_left_or_in_the_future() -> None:
    sent = NOW - timedelta(days=2)
    rules.judge_signature(sent, sent, NOW)
    rules.judge_signature(sent, sent + timedelta(seconds=59), NOW)
    for at, left in ((sent - timedelta(minutes=1), sent), (NOW + timedelta(minutes=1), sent), (NOW, None)):
        with pytest.raises(Invalid, match="signature-time"):
            rules.judge_signature(at, left, NOW)


def test_shares_are_rounded_once_and_hidden_under_three() -> None:
    assert rules.Tally("x", 1, 1, 0).shares() == (None, None, None)
    assert rules.Tally("x", 2, 1, 0).shares() == (Decimal("66.7"), Decimal("33.3"), Decimal("0.0"))
    assert rules.Tally("x", 1, 0, 7).shares() == (Decimal("12.5"), Decimal("0.0"), Decimal("87.5"))


@given(st.lists(st.integers(min_value=0, max_value=9), max_size=40))
def test_shares_of_any_purchases_come_to_a_hundred(visits: list[int]) -> None:
    found = [rules.bucket(one) for one in visits]
    tally = rules.Tally("x", found.count("zero"), found.count("one"), found.count("more"))
    assert tally.n == len(visits)
    shares = [one for one in tally.shares() if one is not None]
    assert len(shares) == (3 if len(visits) >= rules.FEWEST else 0)
    assert not shares or abs(sum(shares) - 100) <= Decimal("0.2")
