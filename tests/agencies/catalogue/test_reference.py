"""The catalogue's files hold what the sources say, and agree with each other."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.reference import departments
from agencies.catalogue import reference
from agencies.catalogue.reference import item, items
from agencies.catalogue.reference_types import Fund, Match, Payer, PriceRegime, TimeUnit
from core.datafile import DataFileError

SCHEDULES = {
    "计价格[2002]1980号",
    "发改价格[2011]534号",
    "发改价格[2007]670号",
    "计价格[2002]10号",
    "计价格[2002]125号",
    "计价格[1999]1283号",
    "粤价[2000]8号",
    "粤价函[2011]742号",
    "中价协[2013]35号",
    "粤价[2010]142号",
    "粤价函[2004]409号",
    "粤发改价格函[2017]3936号",
    "国测财字[2002]3号",
    "财建[2009]17号",
    "沪发改环资[2012]043号",
    "沪发改投[2012]130号",
    "川发改价格[2013]901号",
    "交通影响评价收费（中规院2012年）",
    "四川省安全评价收费指导标准",
    "广东省城市规划收费标准的建议（2003年）",
    "计价格[2002]10号 工程勘察",
    "发改价格[2011]534号 施工图审查",
    "发改办价格[2006]745号",
    "计价格[1994]2017号",
    "计价格[1995]971号",
    "保监[2005]22号",
    "中评协[2009]199号",
}
TODAY = date(2026, 1, 5)


def test_the_catalogue_has_72_items_in_four_groups() -> None:
    assert len(items()) == 72
    assert Counter(one.group for one in items()) == {"A": 23, "B": 24, "C": 13, "D": 12}


def test_item_codes_and_names_are_unique() -> None:
    for identity in ("code", "number", "name", "name_en"):
        assert len({getattr(one, identity) for one in items()}) == 72


def test_codes_carry_group_and_number() -> None:
    assert items()[0].code == "DG-A-01"
    assert items()[-1].code == "DG-D-72"


def test_schedules_are_spelled_as_the_fee_schedules_are() -> None:
    assert {name for one in items() for name in one.schedules} == SCHEDULES


@pytest.mark.parametrize(
    ("name", "schedule"),
    [
        ("招标代理", "计价格[2002]1980号"),
        ("工程监理", "发改价格[2007]670号"),
        ("工程勘察", "计价格[2002]10号 工程勘察"),
        ("施工图设计（含规划/抗震/人防/消防）", "计价格[2002]10号"),
        ("环境影响报告书编制", "计价格[2002]125号"),
        ("可行性研究报告编制", "计价格[1999]1283号"),
        ("工程造价咨询（概算/预算/控制价/结算）", "粤价函[2011]742号"),
    ],
)
def test_a_schedule_fits_its_item(name: str, schedule: str) -> None:
    assert schedule in next(one for one in items() if one.name == name).schedules


def test_every_department_named_exists() -> None:
    known = {one.code for one in departments()}
    assert all(one.departments and set(one.departments) <= known for one in items())


def test_conflicts_hold_both_ways_and_never_with_oneself() -> None:
    against = {one.code: set(one.conflicts) for one in items()}
    for code, others in against.items():
        assert code not in others
        for other in others:
            assert code in against[other]
    assert "DG-C-50" in against["DG-C-49"]
    assert "DG-B-24" in against["DG-B-26"]
    assert "DG-A-02" in against["DG-A-07"]
    assert sum(map(len, against.values())) == 2 * len(reference.conflicts())


def test_english_names_stand_everywhere() -> None:
    rules = reference.rules()
    names = [one.name_en for one in items()] + [one.approval_en for one in items()]
    names += [one.name_en for one in reference.stages()] + [one.name_en for one in reference.groups()]
    names += [one.name_en for one in reference.qualifications()]
    names += [one.name_en for one in reference.certificates()]
    names += [one.name_en for one in rules.parameters] + [one.name_en for one in rules.methods]
    names += [one.name_en for one in rules.tie_breaks]
    for name in names:
        assert name.strip()
        assert name.isascii(), name


def test_the_four_stages_stand_in_order() -> None:
    assert [one.name for one in reference.stages()] == ["立项用地规划许可", "工程建设许可", "施工许可", "竣工验收"]
    assert {one.stage for one in items()} == {one.code for one in reference.stages()}


def test_every_mark_is_one_of_the_known_kinds_and_cited_sources_are_listed() -> None:
    marks = {mark for one in items() for mark in (one.confidence, one.qualification_confidence, one.price_confidence)}
    marks |= {limit.confidence for one in items() for limit in one.time_limits}
    marks |= {pair.confidence for pair in reference.conflicts()}
    marks |= {row.confidence for row in reference.rules().parameters}
    marks |= {row.confidence for row in reference.rules().methods}
    found = {mark for mark in marks if mark.startswith("F ")}
    assert marks - found <= {"R", "M-high", "M-med", "M-low"}
    assert found <= set(reference.sources())


def test_marks_inside_remarks_are_listed_too() -> None:
    cited = {mark for one in items() for mark in re.findall(r"F \d+", one.remarks)}
    assert cited
    assert cited <= set(reference.sources())


@pytest.mark.parametrize("code", ["DG-A-22", "DG-C-50", "DG-D-69"])
def test_where_the_source_wavers_nothing_is_said_on_who_pays(code: str) -> None:
    assert item(code).who_pays is Payer.UNKNOWN
    assert item(code).price_regime_alternative is PriceRegime.ZERO
    assert not item(code).price_is_settled


def test_what_a_department_commissions_costs_the_enterprise_nothing() -> None:
    free = {one.number for one in items() if one.price_regime is PriceRegime.ZERO}
    assert free == {7, 26, 46, 57}
    assert all(one.who_pays is Payer.GOVERNMENT for one in items() if one.price_regime is PriceRegime.ZERO)


def test_only_the_inspection_of_special_equipment_is_priced_by_government() -> None:
    assert [one.name for one in items() if one.price_regime is PriceRegime.GOVERNMENT] == ["特种设备监督检验"]


@pytest.mark.parametrize("number", [1, 2, 3, 5, 27, 28, 30, 59, 70])
def test_what_the_source_calls_self_may_be_prepared_by_the_applicant(number: int) -> None:
    assert items()[number - 1].self_prepare_allowed is True


def test_an_unknown_answer_stays_unknown() -> None:
    assert item("DG-A-10").self_prepare_allowed is None


def test_energy_review_starts_at_a_thousand_tonnes_or_five_million_kilowatt_hours() -> None:
    found = {(one.variable, one.value, one.unit) for one in item("DG-A-05").thresholds}
    assert found == {
        ("annual_energy_tce", Decimal(1000), "tce/a"),
        ("annual_electricity_kwh", Decimal(5000000), "kWh/a"),
    }


def test_soil_conservation_asks_a_report_before_it_asks_a_form() -> None:
    found = [(one.outcome, one.variable, one.value) for one in item("DG-B-31").thresholds]
    assert found == [
        ("report", "land_area_ha", Decimal(5)),
        ("report", "earthwork_m3", Decimal(50000)),
        ("form", "land_area_ha", Decimal("0.5")),
        ("form", "earthwork_m3", Decimal(1000)),
    ]


def test_time_limits_keep_their_unit_and_source() -> None:
    assert [(one.value, one.unit, one.confidence) for one in item("DG-B-24").time_limits] == [
        (60, TimeUnit.CALENDAR_DAYS, "M-high"),
        (1, TimeUnit.WORKING_DAYS, "F 37"),
        (10, TimeUnit.WORKING_DAYS, "F 37"),
    ]


def test_an_item_without_a_licence_is_commitment_only() -> None:
    assert item("DG-B-24").commitment_only
    assert item("DG-C-54").commitment_only
    assert not item("DG-B-26").qualification_is_known


def test_indoor_testing_demands_both_qualifications() -> None:
    assert item("DG-D-64").qualification_match is Match.ALL
    assert {one.category for one in item("DG-D-64").qualifications} == {"cma", "construction-testing"}


def test_every_qualification_is_demanded_somewhere() -> None:
    demanded = {demand.category for one in items() for demand in one.qualifications}
    assert demanded == {one.code for one in reference.qualifications()}


@pytest.mark.parametrize(
    ("key", "fund", "value"),
    [
        ("enrolment-min-days", Fund.SOCIAL, 1),
        ("enrolment-min-days", Fund.FISCAL, 3),
        ("min-valid-quotes", Fund.FISCAL, 3),
        ("low-mean-ratio", Fund.SOCIAL, Decimal("0.50")),
        ("low-ceiling-ratio", Fund.FISCAL, Decimal("0.45")),
        ("publicity-days", Fund.FISCAL, 3),
        ("contract-days", Fund.SOCIAL, 10),
        ("rating-days", Fund.SOCIAL, 10),
        ("pause-answer-days", Fund.SOCIAL, 2),
        ("amendment-answer-days", Fund.FISCAL, 5),
        ("termination-view-days", Fund.SOCIAL, 5),
        ("amendment-share-max", Fund.FISCAL, Decimal("0.10")),
        ("floor-allowed", Fund.SOCIAL, False),
    ],
)
def test_a_parameter_is_read_by_key_fund_and_day(key: str, fund: Fund, value: object) -> None:
    assert reference.parameter(key, fund, TODAY) == value


def test_no_parameter_is_in_force_before_its_first_day() -> None:
    with pytest.raises(KeyError):
        reference.parameter("rating-days", Fund.SOCIAL, date(2018, 12, 27))


def test_draws_and_lowest_price_are_off_until_a_basis_is_recorded() -> None:
    for fund in Fund:
        methods = {one.code: one for one in reference.rules().methods_for(fund, TODAY)}
        for code in ("random", "lowest-price", "factor-draw"):
            assert not methods[code].enabled
            assert methods[code].needs_legal_basis
    fiscal = {one.code for one in reference.rules().methods_for(Fund.FISCAL, TODAY) if one.enabled}
    assert fiscal == {"proposal-merit", "credit-merit", "framework"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('departments = ["dev-reform"]', 'departments = ["moon"]', "departments: 'moon' is not defined"),
        ('category = "engineering-consulting"', 'category = "alchemy"', "category: 'alchemy' is not defined"),
        ('grade = ""', 'grade = "九级"', "grade: '九级' is no grade"),
        ('who_pays = "enterprise"', 'who_pays = "nobody"', "who_pays: 'nobody' is not one of"),
        ("number = 2\n", "number = 99\n", "number: should be 2"),
        ('stage = "establishment"', 'stage = "completion"', "stage: 'completion' is no stage of group A"),
        ('other = ["DG-A-07"]', 'other = ["DG-A-99"]', "other: 'DG-A-99' is no item"),
        ("name_en = ", "name_eng = ", "name_en"),
    ],
)
def test_a_broken_file_is_refused_by_name_and_key(
    before: str, after: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in reference.DATA.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        if path.name == "items.toml":
            assert before in text
            text = text.replace(before, after, 1)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(reference, "DATA", tmp_path)
    reference.conflicts.cache_clear()
    try:
        with pytest.raises(DataFileError) as refusal:
            items.__wrapped__()
    finally:
        reference.conflicts.cache_clear()
    assert "items.toml" in str(refusal.value)
    assert said in str(refusal.value)


def test_a_service_is_named_of_a_document_the_item_points_at() -> None:
    for one in items():
        assert {document for document, _service in one.fee_services} <= set(one.schedules)
