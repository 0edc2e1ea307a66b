"""The rules of the regulator's room, and a case from decision to appeal, review and return."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.fees import appeals, compliance, service
from agencies.fees.lifecycle import CaseKind, CaseState
from agencies.fees.models import FeeCase
from core import deadlines
from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.datafile import DataFileError
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from tests.agencies.fees.conftest import Market

DAY = date(2026, 3, 18)
WORDS = "超出部分是业主追加的范围"


def rule(kind: CaseKind) -> compliance.Rule:
    found = compliance.rule_on(kind, DAY)
    assert found is not None
    return found


def yuan(*amounts: int) -> list[Money]:
    return [Money.from_yuan(one) for one in amounts]


def test_every_kind_has_a_rule_today_and_only_the_cap_blocks() -> None:
    assert {kind for kind in CaseKind if rule(kind).does is compliance.Does.BLOCK} == {CaseKind.ABOVE_CAP_ATTEMPT}


def test_a_rule_is_read_by_its_date() -> None:
    before, after = (compliance.rule_on(CaseKind.ABOVE_POSTED, day) for day in (date(2022, 6, 30), date(2022, 7, 1)))
    assert before is not None
    assert after is not None
    assert before.citation != after.citation
    assert compliance.rule_on(CaseKind.ABOVE_POSTED, date(1998, 4, 30)) is None


def test_a_rule_that_would_block_on_statistics_is_refused(tmp_path: Path) -> None:
    text = compliance.FILE.read_text(encoding="utf-8").replace('does = "mark"', 'does = "block"')
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match="only a cap"):
        compliance.read_rules(path)


def test_percentiles_are_inclusive_nearest_rank() -> None:
    values = list(range(1, 21))
    assert [compliance.percentile(values, percent) for percent in (5, 50, 95, 100)] == [1, 10, 19, 20]
    assert compliance.percentile([7], 5) == 7


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12), st.integers(1, 100))
def test_a_percentile_is_one_of_the_values_with_enough_at_or_below_it(values: list[int], percent: int) -> None:
    found = compliance.percentile(values, percent)
    assert found in values
    assert sum(one <= found for one in values) * 100 >= percent * len(values)


def test_a_price_under_half_the_others_is_to_be_explained() -> None:
    low = rule(CaseKind.ABNORMALLY_LOW)
    assert compliance.abnormally_low(Money.from_yuan(30), yuan(30, 100, 110), None, low).test == "mean"
    assert compliance.abnormally_low(Money.from_yuan(49), yuan(49, 100), None, low).test == "next"
    assert compliance.abnormally_low(Money.from_yuan(44), yuan(44), Money.from_yuan(100), low).test == "ceiling"
    assert compliance.abnormally_low(Money.from_yuan(45), yuan(45), Money.from_yuan(100), low) is None


def test_contracts_just_under_the_threshold_are_told_together() -> None:
    split = rule(CaseKind.FEE_SPLIT)
    assert compliance.split_total(yuan(900_000, 800_000), split) == Money.from_yuan(1_700_000)
    assert compliance.split_total(yuan(900_000), split) is None
    assert compliance.split_total(yuan(900_000, 1_000_000), split) is None


def test_only_lines_nobody_wrote_down_are_unknown() -> None:
    extra = rule(CaseKind.UNKNOWN_EXTRA)
    lines = [("合同价款", Money(1)), ("尾款", Money(2)), ("加印费", Money(3)), ("专家费", Money(4))]
    assert compliance.unknown_lines(lines, "另收加印费", extra) == [("专家费", Money(4))]


def test_the_span_has_its_ends_inside() -> None:
    low, high = yuan(10, 20)
    assert compliance.beyond(low, low, high) is None
    assert compliance.beyond(Money.from_yuan(9), low, high) == low
    assert compliance.beyond(Money.from_yuan(21), low, high) == high


def upheld(market: Market) -> FeeCase:
    case = market.case()
    with market.works.writing(market.agency) as work:
        service.reply(work, case.id, WORDS)
    with market.works.writing(market.regulator) as work:
        return service.uphold(work, case.id, WORDS)


def second(market: Market) -> Actor:
    return market.world.actor(OrgKind.PRICE_REGULATOR, "价格监督检查处", None)


def test_an_appeal_is_decided_by_a_second_person(market: Market) -> None:
    case = upheld(market)
    with market.works.writing(market.agency) as work:
        appeals.appeal(work, case.id, WORDS)
    with pytest.raises(Forbidden), market.works.writing(market.regulator) as work:
        appeals.overturn(work, case.id, WORDS)
    with market.works.writing(second(market)) as work:
        found = appeals.overturn(work, case.id, WORDS)
        assert found.state is CaseState.OVERTURNED
        assert not found.stands
    with pytest.raises(Conflict, match="wrong-state"), market.works.writing(market.agency) as work:
        appeals.appeal(work, case.id, WORDS)


def test_an_appeal_comes_in_time_or_not_at_all(market: Market, clock: FixedClock) -> None:
    case = upheld(market)
    assert case.appeal_by is not None
    clock.instant = case.appeal_by
    with pytest.raises(Conflict, match="case-appeal-late"), market.works.writing(market.agency) as work:
        appeals.appeal(work, case.id, WORDS)
    assert deadlines.run_due(market.works, {service.APPEAL: appeals.appeal_lapsed}) == 1


def test_a_late_review_is_told(market: Market, clock: FixedClock) -> None:
    case = upheld(market)
    with market.works.writing(market.agency) as work:
        due = appeals.appeal(work, case.id, WORDS).review_by
    assert due is not None
    clock.instant = due + timedelta(hours=1)
    assert deadlines.run_due(market.works, {appeals.REVIEW: appeals.review_overdue}) == 1


def test_no_more_is_given_back_than_was_at_stake(market: Market) -> None:
    case = upheld(market)
    with pytest.raises(Invalid, match="case-return-above"), market.works.writing(market.regulator) as work:
        appeals.record_return(work, case.id, Money(200_001))
    with market.works.writing(market.regulator) as work:
        assert appeals.record_return(work, case.id, Money(200_000)).returned == Money(200_000)


def test_a_case_keeps_the_rule_it_rests_on(market: Market) -> None:
    kept = market.case().evidence["rule"]
    assert (kept["key"], kept["does"]) == ("contract_above_quote", "case")
    assert Decimal(rule(CaseKind.UNUSUAL_PRICE).numbers["least"]) == 8
