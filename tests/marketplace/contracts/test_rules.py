"""What contracts judge: when work is due, how late it is, what may be agreed and what may be paid."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.catalogue import reference
from core.clock import last_day
from core.errors import Invalid
from core.money import Money
from marketplace.contracts import clauses, rules
from marketplace.contracts.rules import AmountVerdict, DayKind, PaidLine

WHY = "增加了两处补充勘探点"


def at(day: str, hour: int = 2) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def test_working_days_step_over_a_holiday_and_end_with_the_day() -> None:
    due = rules.due_from(at("2026-04-03"), 2, DayKind.WORKING)
    assert last_day(due) == date(2026, 4, 8)
    assert due == datetime(2026, 4, 8, 16, 0, tzinfo=UTC)


def test_calendar_days_that_end_on_a_day_off_end_with_the_next_working_day() -> None:
    assert last_day(rules.due_from(at("2026-03-16"), 5, DayKind.CALENDAR)) == date(2026, 3, 23)
    assert last_day(rules.due_from(at("2026-03-16"), 4, DayKind.CALENDAR)) == date(2026, 3, 20)


def test_a_delivery_in_the_last_minute_is_in_time_and_one_at_midnight_is_late() -> None:
    due = rules.due_from(at("2026-03-16"), 3, DayKind.WORKING)
    assert rules.days_late(due, due - timedelta(seconds=1), DayKind.WORKING) == 0
    assert rules.days_late(due, due, DayKind.WORKING) == 1


def test_lateness_counts_in_the_kind_of_day_of_the_limit() -> None:
    friday = rules.due_from(at("2026-03-16"), 4, DayKind.WORKING)
    assert last_day(friday) == date(2026, 3, 20)
    assert rules.days_late(friday, at("2026-03-23"), DayKind.WORKING) == 1
    assert rules.days_late(friday, at("2026-03-23"), DayKind.CALENDAR) == 3
    assert rules.days_late(friday, at("2026-03-21"), DayKind.WORKING) == 1


def test_the_clock_stands_still_while_the_enterprise_looks() -> None:
    due = rules.due_from(at("2026-03-16"), 4, DayKind.WORKING)
    put_off = rules.due_after_return(due, at("2026-03-18"), at("2026-03-20"))
    assert last_day(put_off) == date(2026, 3, 22)


@given(st.integers(0, 20), st.integers(1, 72))
def test_a_return_never_takes_time_from_the_agency(days: int, held_hours: int) -> None:
    due = rules.due_from(at("2026-03-16"), days, DayKind.WORKING)
    submitted = at("2026-03-17")
    assert rules.due_after_return(due, submitted, submitted + timedelta(hours=held_hours)) >= due


def test_an_amount_may_fall_freely_and_rise_only_with_a_reason() -> None:
    quoted = Money(100)
    assert rules.judge_amount(Money(100), quoted, None, "", deviation_barred=True) is AmountVerdict.AS_QUOTED
    assert rules.judge_amount(Money(90), quoted, None, "", deviation_barred=True) is AmountVerdict.BELOW_QUOTE
    assert rules.judge_amount(Money(101), quoted, None, WHY, deviation_barred=False) is AmountVerdict.ABOVE_QUOTE
    with pytest.raises(Invalid, match="reason-too-short"):
        rules.judge_amount(Money(101), quoted, None, "加价", deviation_barred=False)


def test_fiscal_funds_never_pay_above_the_quote() -> None:
    with pytest.raises(Invalid, match="contract-above-quote-barred"):
        rules.judge_amount(Money(101), Money(100), None, WHY, deviation_barred=True)


def test_a_binding_cap_blocks_contract_and_settlement_whatever_the_reason() -> None:
    with pytest.raises(Invalid, match="contract-above-cap"):
        rules.judge_amount(Money(121), Money(130), Money(120), WHY, deviation_barred=False)
    with pytest.raises(Invalid, match="settlement-above-cap"):
        rules.judge_settlement([PaidLine("服务费", Money(121))], Money(130), Money(120), WHY)


def test_a_settlement_is_the_sum_of_its_lines_and_needs_a_reason_above_the_contract() -> None:
    lines = [PaidLine("首期", Money(60)), PaidLine("尾款", Money(50))]
    assert rules.judge_settlement(lines, Money(110), None, "") == Money(110)
    with pytest.raises(Invalid, match="reason-too-short"):
        rules.judge_settlement(lines, Money(109), None, "")
    assert rules.judge_settlement(lines, Money(109), None, WHY) == Money(110)
    with pytest.raises(Invalid, match="settlement-empty"):
        rules.judge_settlement([], Money(109), None, "")


FACTS = {
    "project": "长安厂房扩建 $amount",
    "item": "工程监理",
    "need_number": "DG-2026-000001",
    "scale": "建筑面积 3 万平方米",
    "amount": "93,000.00",
    "capitals": "玖万叁仟元整",
    "days": "15",
    "day_kind": "工作日",
    "pause_answer_days": "2",
    "amendment_answer_days": "5",
    "termination_view_days": "5",
}


def test_the_model_contract_takes_the_facts_as_text_and_numbers_its_clauses() -> None:
    written = clauses.draft("DG-C-53", FACTS)
    assert written[0].heading == "第一条　服务内容"
    assert "长安厂房扩建 $amount" in written[0].paragraphs[0]
    assert written[-1].heading.startswith("第十三条")
    assert any("总监理工程师" in paragraph for paragraph in written[4].paragraphs)
    assert clauses.from_text(clauses.as_text(written)) == written


def test_an_item_without_terms_of_its_own_gets_the_general_ones() -> None:
    assert "现行法律" in clauses.draft("DG-A-22", FACTS)[4].paragraphs[0]


def test_no_service_item_is_in_two_families_and_all_exist() -> None:
    families = clauses._model("special_terms")["families"]
    named = [code for family in families for code in family["items"]]
    assert len(named) == len(set(named))
    assert set(named) <= {item.code for item in reference.items()}
