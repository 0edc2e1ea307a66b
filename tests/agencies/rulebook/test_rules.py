"""What a changed value may be, from when, and when a self-check is complete."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.rulebook import rules, self_check
from core.errors import Invalid

TODAY = date(2026, 3, 18)
ASKED = tuple(one.code for one in self_check.asked_on(TODAY))


@pytest.mark.parametrize(
    ("text", "unit", "kept"),
    [
        ("3", "working_days", 3), (" 0 ", "quotes", 0), ("365", "times", 365), ("0.5", "ratio", "0.5"),
        ("45%", "ratio", "0.45"), ("1.0", "ratio", "1"), ("0", "ratio", "0"), ("on", "flag", True),
        ("off", "flag", False),
    ],
)  # fmt: skip
def test_a_value_is_read_by_its_unit(text: str, unit: str, kept: object) -> None:
    assert rules.read_value(text, unit) == kept
    assert type(rules.read_value(text, unit)) is type(kept)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("366", "working_days"), ("-1", "quotes"), ("1.5", "times"), ("", "working_days"), ("３", "quotes"),
        ("²", "times"), ("9" * 5000, "times"), ("0003", "times"),
        ("1.01", "ratio"), ("-0.1", "ratio"), ("nan", "ratio"), ("inf", "ratio"),
        ("101%", "ratio"), ("yes", "flag"), ("", "flag"), ("True", "flag"),
    ],
)  # fmt: skip
def test_another_value_is_refused_at_its_field(text: str, unit: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.read_value(text, unit)
    assert refused.value.facts["field"] == "value"


@given(st.decimals(0, 1, places=4))
def test_a_ratio_keeps_its_value_however_it_is_written(ratio: Decimal) -> None:
    kept = rules.read_value(f"{ratio:f}", "ratio")
    assert Decimal(str(kept)) == ratio
    assert rules.same(kept, rules.read_value(f"{ratio * 100:f}%", "ratio"))


def test_a_change_begins_tomorrow_at_the_earliest_and_ends_after_it_began() -> None:
    rules.judge_days(TODAY + timedelta(days=1), None, TODAY)
    rules.judge_days(TODAY + timedelta(days=1), TODAY + timedelta(days=2), TODAY)
    for begins, ends, code in (
        (TODAY, None, "rule-day-passed"),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=1), "rule-ends-before"),
        (TODAY + timedelta(days=5000), None, "rule-day-far"),
    ):
        with pytest.raises(Invalid, match=code):
            rules.judge_days(begins, ends, TODAY)


def test_a_method_needs_its_self_check_and_a_word_on_every_risk() -> None:
    rules.judge_self_check(ASKED, answered=True, risks=(), note="")
    rules.judge_self_check(ASKED, answered=True, risks=("draws-lots",), note="有法律依据，见引用条款")
    for answered, risks, note, code in (
        (False, (), "", "self-check-missing"),
        (True, ("draws-lots",), "有", "self-check-note"),
        (True, ("none",), "有法律依据", "self-check-unknown"),
    ):
        with pytest.raises(Invalid, match=code):
            rules.judge_self_check(ASKED, answered=answered, risks=risks, note=note)


def test_values_of_different_kinds_are_never_the_same() -> None:
    assert rules.same("0.50", "0.5")
    assert rules.same(3, 3)
    assert not rules.same(1, True)
    assert not rules.same(None, 0)
    assert not rules.same("0.5", True)


def test_every_question_stands_in_both_languages_with_its_article() -> None:
    assert len(ASKED) == len(self_check.questions())
    for one in self_check.questions():
        assert one.text.endswith("？")
        assert one.text_en.endswith("?")
        assert one.basis
    assert {one.code for one in self_check.asked_on(date(2024, 5, 2))} == {"draws-lots"}
