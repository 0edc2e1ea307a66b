"""What the six schedules' own texts say: band ends, floats, choices, readings, limits."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from agencies.fees.engine import exact
from agencies.fees.engine.calculation import calculate, other_readings
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.register import find
from core.money import Money
from tests.agencies.fees.reckoning import (
    BOUND,
    CONSULTING,
    COST,
    CUMULATIVE,
    DESIGN,
    EIA,
    ENDS,
    SUPERVISION,
    TENDER,
    fee,
    wan,
)


@pytest.mark.parametrize("category", CUMULATIVE)
def test_the_bands_of_2011_add_up_at_every_end(category: str) -> None:
    for end, cumulative in zip(ENDS, CUMULATIVE[category].split(), strict=True):
        result = fee(TENDER, award_amount=end, category=category)
        assert result.exact_base == wan(cumulative)


def test_the_bands_of_2003_charge_more_above_500_million() -> None:
    result = fee(TENDER, date(2011, 4, 30), award_amount="20亿", category="工程")
    assert result.version == "2003"
    assert result.exact_base == wan("30.55") + 45 + 10
    assert fee(TENDER, date(2011, 5, 1), award_amount="20亿", category="工程").version == "2011"


@pytest.mark.parametrize(("category", "most"), [("goods", 350), ("services", 300), ("works", 450)])
def test_one_tender_is_capped_since_2011(category: str, most: int) -> None:
    result = fee(TENDER, award_amount="1000亿", category=category)
    assert result.base == result.high == Money.from_wan(most)
    before = fee(TENDER, date(2011, 1, 1), award_amount="1000亿", category=category)
    assert before.base > Money.from_wan(most)


def test_the_cap_holds_the_upper_end_after_the_float() -> None:
    result = fee(TENDER, award_amount="800亿", category="works")
    assert result.exact_base == wan("130.05") + 280
    assert result.high == Money.from_wan(450)
    assert result.low == Money.from_wan(wan("410.05") * Fraction(8, 10))


def test_only_the_documents_cost_30_percent() -> None:
    whole = fee(TENDER, award_amount="6000万", category="works")
    part = fee(TENDER, award_amount="6000万", category="works", scope="只编制招标文件")
    assert part.exact_base == whole.exact_base * Fraction(3, 10)


def test_lots_are_charged_together_and_shared_to_the_fen() -> None:
    result = fee(TENDER, lots=["100万", "100万", "100万"], category="works")
    assert result.exact_base == wan("2.4")
    assert result.lots == (Money(800000),) * 3
    odd = fee(TENDER, lots="100万；200万；0.01元", category="works")
    assert sum(lot.fen for lot in odd.lots) == odd.base.fen


def test_both_readings_of_lots_are_shown() -> None:
    inputs = {"lots": ["100万", "200万"], "category": "works"}
    (other,) = other_readings(find(TENDER), BOUND, inputs)
    assert other.choice == "per_lot"
    assert other.calculation.exact_base == wan("1") + wan("1.7")
    assert other_readings(find(TENDER), BOUND, {"award": 100, "type": "工程"}) == ()


def test_lots_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(InputRefused) as refused:
        fee(TENDER, award_amount=500, lots=[100, 200], category="works")
    assert refused.value.problems[0].code == "total-differs"


@pytest.mark.parametrize(
    ("works", "equipment", "base"),
    [
        (6000, 3000, 9000),
        (6000, 3999, 9999),
        (6000, 4000, 10000),
        (6000, 6000, 10000),
        (6000, 10000, 10000),
        (6000, 12000, 10800),
        (0, 1000, 400),
    ],
)
def test_equipment_counts_at_most_at_40_percent(works: int, equipment: int, base: int) -> None:
    result = fee(SUPERVISION, stage="计费额", 建安_wan=works, 设备_wan=equipment)
    assert result.exact_base == base


def test_a_highway_counts_its_works_only() -> None:
    result = fee(SUPERVISION, stage="charge_base", 建安=6000, 设备=6000, base_rule="works_only")
    assert result.exact_base == 6000


def test_below_the_first_row_a_choice_is_required() -> None:
    for document, amount in ((SUPERVISION, 499), (DESIGN, 199)):
        result = fee(document, base_amount=amount)
        assert result.base is None
        assert result.reason.code == "choice-required"
        assert result.reason.facts["field"] == "below_first_row"
        refused = fee(document, base_amount=amount, below_first_row="not_computable")
        assert refused.reason.code == "outside-table"
        assert refused.base is None


def test_the_readings_below_the_first_row_are_shown_without_a_choice() -> None:
    found = other_readings(find(SUPERVISION), BOUND, {"base_amount": 100})
    assert [one.choice for one in found] == ["from_origin", "line_1_1", "not_computable"]
    assert found[0].calculation.exact_base == wan("3.3")


def test_above_the_last_row_the_rate_takes_the_whole() -> None:
    assert fee(SUPERVISION, base_amount=1000001).exact_base == 1000001 * wan("0.01039")
    assert fee(DESIGN, base_amount=2000001).exact_base == 2000001 * wan("0.016")
    drop = fee(DESIGN, base_amount=2000000).exact_base - fee(DESIGN, base_amount="200.0001亿").exact_base
    assert 2948 < drop < 2949


def test_an_altitude_above_4000_is_negotiated() -> None:
    result = fee(SUPERVISION, base_amount=1000, altitude="above_4000")
    assert (result.base, result.reason.code) == (None, "negotiated")


def test_additional_coefficients_add_and_never_multiply() -> None:
    result = fee(DESIGN, base_amount=3000, 附加=["改扩建 1.2", "弱电", "室内装修"])
    assert result.exact_base == wan("103.8") * (wan("1.2") + wan("1.3") + wan("1.5") - 2)
    form = {"附加(改扩建)": "1.2", "附加(弱电)": "on", "additional(interior)": "1.5"}
    assert calculate(find(DESIGN), BOUND, {"base_amount": 3000} | form).base == result.base


def test_additional_coefficients_never_turn_a_fee_negative() -> None:
    result = fee(DESIGN, base_amount=3000, additional="expressway, soil, irrigation")
    assert (result.base, result.reason.code) == (None, "coefficient-not-positive")


def test_a_reading_that_needs_another_answer_is_left_out() -> None:
    inputs = {"base_amount": 7, "below_first_row": "not_computable", "design_stages": "drawings"}
    assert other_readings(find(DESIGN), BOUND, inputs) == ()


def test_other_design_services_are_percentages_of_the_basic_fee() -> None:
    result = fee(DESIGN, base_amount=3000, 复杂="III", other_services="总体设计,施工图预算,竣工图")
    assert result.exact_base == wan("119.37") * wan("1.23")


def test_a_stage_of_the_design_costs_its_share() -> None:
    result = fee(DESIGN, base_amount=3000, work_kind="building_II", design_stages=["方案", "初设"])
    assert result.exact_base == wan("103.8") * wan("0.45")


def test_new_technology_opens_the_float_to_25_percent() -> None:
    result = fee(DESIGN, base_amount=3000, new_technology="yes")
    assert result.high == Money.from_wan(wan("103.8") * wan("1.25"))
    assert result.low == Money.from_wan(wan("103.8") * wan("0.8"))


@pytest.mark.parametrize("document", [TENDER, SUPERVISION, DESIGN, EIA])
def test_the_float_is_20_percent_either_way(document: str) -> None:
    inputs = {"category": "works"} if document == TENDER else {}
    inputs |= {"service": "form"} if document == EIA else {}
    result = fee(document, base_amount="3亿", **inputs)
    assert result.low == Money.from_wan(result.exact_base * Fraction(8, 10))
    assert result.high == Money.from_wan(result.exact_base * Fraction(12, 10))


def test_an_open_bracket_gives_a_range_and_no_amount() -> None:
    result = fee(CONSULTING, service="编制可研", investment="60亿", industry="建筑")
    assert (result.low, result.high) == (Money.from_wan(160), Money.from_wan(200))
    assert (result.base, result.reason.code) == (None, "open-bracket")
    form = fee(EIA, service="编制报告表", investment="11亿")
    assert (form.base, form.high) == (None, None)
    assert form.low == Money.from_wan(wan("5.6"))
    assert form.binding_cap() is None


def test_a_report_above_10_billion_costs_110() -> None:
    assert fee(EIA, service="编制报告书", investment="150亿").exact_base == 110


def test_reviewing_an_outline_costs_40_percent_of_a_report() -> None:
    for invest in ("0.2亿", "1亿", "7亿", "80亿"):
        outline = fee(EIA, service="评估大纲", investment=invest)
        report = fee(EIA, service="评估报告书", investment=invest)
        assert outline.exact_base == report.exact_base * Fraction(4, 10)


def test_the_first_bracket_of_an_eia_is_a_named_choice() -> None:
    low = {"service": "编制报告表", "investment": "0.1亿"}
    assert fee(EIA, **low).exact_base == 1 + Fraction(1, 3)
    assert fee(EIA, **low, first_bracket="flat_to_0_1").exact_base == 1
    ranged = fee(EIA, **low, first_bracket="range")
    assert (ranged.base, ranged.reason.code) == (None, "open-bracket")
    assert fee(EIA, **low).readings == ("first_bracket",)


def test_listed_industries_pay_20_percent_less_from_may_2011() -> None:
    inputs = {"service": "编制报告书", "invest_yi": "1.5", "reduction_534": "municipal"}
    lowered = fee(EIA, date(2011, 5, 1), **inputs)
    whole = fee(EIA, date(2011, 5, 1), **(inputs | {"reduction_534": "none"}))
    assert lowered.exact_base == whole.exact_base * Fraction(8, 10)
    with pytest.raises(InputRefused):
        fee(EIA, date(2011, 4, 30), **inputs)
    large = inputs | {"invest_yi": 100}
    assert fee(EIA, **large).exact_base == 110


def test_there_is_no_sensitivity_of_one() -> None:
    with pytest.raises(InputRefused) as refused:
        fee(EIA, service="编制报告书", invest_yi=1, sensitivity="1.0")
    assert refused.value.problems[0].facts["choices"] == ("sensitive", "ordinary")


def test_guangdong_decides_below_30_million() -> None:
    other = fee(CONSULTING, service="可研", investment=1984, below_first_row="其他省")
    assert (other.base, other.reason.code) == (None, "outside-table")
    assert fee(CONSULTING, service="可研", investment=1984).exact_base == wan("8.952")


def test_a_guangdong_cost_fee_is_a_maximum_of_at_least_2000_yuan() -> None:
    result = fee(COST, service="结算审核 基本收费", 送审_wan=6000)
    assert (result.low, result.is_maximum) == (None, True)
    assert result.high == result.base == Money.from_wan(wan("10.08"))
    small = fee(COST, service="投资估算", base_amount=100)
    assert small.base == Money.from_yuan(2000)
    assert fee(COST, service="钢筋", tonnes=100).base == Money.from_yuan(2000)
    assert fee(COST, service="钢筋", tonnes="1,000.5 吨").base == Money.from_yuan(12006)


def test_the_performance_fee_takes_both_directions() -> None:
    one = fee(COST, service="结算审核", 送审_wan=6000, 核减_wan=-700, 核增_wan=100)
    assert one.exact_base == wan("50.08")
    alone = fee(COST, service="效益收费", 核减_wan=700, 核增_wan=100)
    assert alone.exact_base == 40


def test_hours_are_added_by_grade() -> None:
    result = fee(COST, service="工时", hours_chief=10, hours_junior=20)
    assert result.base == Money.from_yuan(10 * 190 + 20 * 60)


@pytest.mark.parametrize("hours", [{}, {"hours_chief": 0}])
def test_no_hours_are_no_fee_but_a_missing_answer(hours: dict) -> None:
    with pytest.raises(InputRefused) as refused:
        fee(COST, service="工时", **hours)
    assert refused.value.problems[0].code == "missing"


def test_a_difference_of_prices_has_two_readings() -> None:
    inputs = {"service": "争议差额", "price_difference": 2000}
    assert fee(COST, **inputs, reading="progressive").exact_base == 90
    assert fee(COST, **inputs, reading="whole").exact_base == 80
    assert fee(COST, **inputs).readings == ("reading",)


@pytest.mark.parametrize(
    ("document", "inputs", "value"),
    [
        (SUPERVISION, {"base_amount_wan": 6500}, "150.9"),
        (SUPERVISION, {"base_amount_wan": 1500}, "42.10"),
        (SUPERVISION, {"base_amount_wan": 70000}, "1123.60"),
        (SUPERVISION, {"base_amount_wan": 300000}, "3797.55"),
        (SUPERVISION, {"base_amount_wan": "9734.8"}, "213.61"),
        (DESIGN, {"base_amount_wan": 1560}, "57.00"),
        (DESIGN, {"base_amount_wan": "1972.83"}, "70.417"),
        (DESIGN, {"base_amount_wan": 6500}, "206.75"),
        (EIA, {"service": "编制报告书", "invest_yi": "1.5"}, "12.3529"),
    ],
)
def test_misprinted_and_second_hand_values_come_out_right(document: str, inputs: dict, value: str) -> None:
    expected = Decimal(value)
    places = -int(expected.as_tuple().exponent)
    found = fee(document, **inputs).exact_base
    assert found is not None
    assert exact.rounded(found, places) == expected
