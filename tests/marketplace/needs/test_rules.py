"""Judgements of a need before publication, by example and by property."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import beijing, beijing_day
from core.errors import Invalid
from core.money import Money
from core.workdays import add_workdays, close_of, is_workday
from marketplace.needs import rules
from marketplace.needs.rules import Notice

WEDNESDAY = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
NOTICE = Notice("social", "lowest", Money(100), "", (), "依据", close_of(date(2026, 3, 23)))
instants = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))


def refusal(**changes: Any) -> str:
    """Return the code a notice is refused with, or an empty text."""
    options: dict[str, Any] = {"ceiling_required": False, "method_enabled": True, "switch_only": None}
    options |= {key: changes.pop(key) for key in list(changes) if key in options}
    try:
        rules.judge(replace(NOTICE, **changes), **options)
    except Invalid as refused:
        return refused.code if refused.facts.get("field") else "names no field"
    return ""


def test_the_earliest_close_is_five_in_the_afternoon_of_a_working_day() -> None:
    assert beijing(rules.earliest_close(WEDNESDAY, 3)).isoformat() == "2026-03-23T17:00:00+08:00"


def test_a_holiday_moves_the_earliest_close() -> None:
    before_qingming = datetime(2026, 4, 3, 2, 0, tzinfo=UTC)
    assert beijing_day(rules.earliest_close(before_qingming, 1)) > date(2026, 4, 6)


@settings(deadline=None)
@given(instants, st.integers(1, 10))
def test_the_earliest_close_is_always_allowed_and_a_minute_earlier_never(now: datetime, days: int) -> None:
    earliest = rules.earliest_close(now, days)
    rules.judge_close(earliest, now, days)
    with pytest.raises(Invalid, match="close-too-early"):
        rules.judge_close(earliest - timedelta(minutes=1), now, days)


@settings(deadline=None)
@given(instants, st.integers(1, 5), st.integers(0, 60))
def test_no_deadline_on_a_rest_day_is_allowed(now: datetime, days: int, later: int) -> None:
    wanted = rules.earliest_close(now, days) + timedelta(days=later)
    if is_workday(beijing_day(wanted)):
        rules.judge_close(wanted, now, days)
    else:
        with pytest.raises(Invalid, match="close-on-rest-day") as refused:
            rules.judge_close(wanted, now, days)
        assert is_workday(refused.value.facts["following"])
        assert refused.value.facts["following"] > beijing_day(wanted)


def test_a_made_up_saturday_is_a_working_day() -> None:
    saturday = date(2026, 2, 14)
    assert is_workday(saturday)
    rules.judge_close(close_of(saturday), datetime(2026, 2, 9, 2, 0, tzinfo=UTC), 1)


def test_a_deadline_too_early_names_the_first_good_one() -> None:
    with pytest.raises(Invalid, match="close-too-early") as refused:
        rules.judge_close(WEDNESDAY + timedelta(hours=1), WEDNESDAY, 1)
    assert refused.value.facts["earliest"] == close_of(date(2026, 3, 19))
    assert refused.value.facts["field"] == "closes_at"


def test_a_deadline_half_a_year_away_is_refused() -> None:
    far = close_of(add_workdays(beijing_day(WEDNESDAY), 200))
    with pytest.raises(Invalid, match="close-too-late"):
        rules.judge_close(far, WEDNESDAY, 1)


def test_fiscal_money_needs_a_ceiling_whatever_the_reason() -> None:
    assert refusal(ceiling=None, no_ceiling_reason="没有估算", ceiling_required=True) == "ceiling-required"


def test_social_money_needs_a_ceiling_or_a_reason() -> None:
    assert refusal(ceiling=None) == "ceiling-or-reason"
    assert refusal(ceiling=None, no_ceiling_reason="首次采购") == ""


def test_a_method_that_is_off_needs_a_legal_basis() -> None:
    assert refusal(method_enabled=False, method_basis="") == "method-basis-required"
    assert refusal(method_enabled=False, method_basis="镇街规则第五条") == ""


@pytest.mark.parametrize(
    ("fund", "method", "code"),
    [
        ("social", "lowest", ""), ("fiscal", "lowest", "method-off"), ("fiscal", "mean", ""),
        ("social", "random", "method-off"), ("fiscal", "best-price", "method-off"),
    ],
)  # fmt: skip
def test_a_basis_in_the_notice_opens_no_lot_and_no_lowest_price_of_fiscal_money(
    fund: str, method: str, code: str
) -> None:
    assert refusal(fund=fund, method=method, method_enabled=False, method_basis="镇街规则第五条") == code
    assert refusal(fund=fund, method=method, method_enabled=False, method_basis="镇街规则", switch_only=False) == ""


@pytest.mark.parametrize("cause", rules.DIRECT_CAUSES)
def test_a_direct_choice_names_one_of_the_causes(cause: str) -> None:
    assert refusal(method="direct", method_basis=cause) == ""
    assert refusal(method="direct", method_basis="关系好") == "direct-cause-required"


@pytest.mark.parametrize(
    ("criteria", "code"),
    [
        ([], "criteria-names"),
        ([{"name": "", "weight": 100}], "criteria-names"),
        ([{"name": "方案", "weight": 50}, {"name": "方案", "weight": 50}], "criteria-names"),
        ([{"name": "方案", "weight": 60}, {"name": "价格", "weight": 30}], "criteria-weights"),
        ([{"name": "方案", "weight": 110}, {"name": "价格", "weight": -10}], "criteria-weights"),
        ([{"name": "方案", "weight": 70}, {"name": "价格", "weight": 30}], ""),
    ],
)
def test_criteria_have_names_of_their_own_and_weigh_a_hundred(criteria: list[dict[str, Any]], code: str) -> None:
    assert refusal(method="merit", criteria=criteria) == code


def test_the_criteria_offered_first_are_good() -> None:
    rules.judge_criteria(rules.usual_criteria())


@given(st.lists(st.integers(1, 99), min_size=1, max_size=6))
def test_weights_are_good_exactly_when_they_come_to_a_hundred(weights: list[int]) -> None:
    criteria = [{"name": f"第{place}项", "weight": weight} for place, weight in enumerate(weights)]
    if sum(weights) == 100:
        rules.judge_criteria(criteria)
        return
    with pytest.raises(Invalid, match="criteria-weights") as refused:
        rules.judge_criteria(criteria)
    assert refused.value.facts["total"] == sum(weights)
