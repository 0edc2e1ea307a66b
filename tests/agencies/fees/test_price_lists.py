"""Price lists, and the schedules of Guangdong and from elsewhere: figures to the digit, lines, limits, refusals."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from agencies.fees.engine import exact
from agencies.fees.engine.calculation import Calculation, calculate, other_readings
from agencies.fees.engine.price_items import Price, PriceStep
from agencies.fees.engine.price_lines import read_lines
from agencies.fees.engine.reader import read_schedule
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import InputField, Kind, Schedule, Status
from agencies.fees.register import SCHEDULES, find
from agencies.fees.wording import fields_by_name, note_sentence, problem_sentence
from core.datafile import DataFileError
from core.money import Money
from tests.browser import page

ON = date(2020, 1, 1)
EXAMPLES = json.loads(
    (Path(__file__).parent / "examples_guangdong.json").read_text(encoding="utf-8"), parse_float=Decimal
)
TESTING, LIGHTNING, SURVEY = "粤价函[2012]1490号", "粤价函[2004]409号", "国测财字[2002]3号"
STABILITY, PPP, TRAFFIC, SAFETY = "沪发改投[2012]130号", "粤咨协[2016]28号", "交通影响评价", "安全评价"
ELSEWHERE = [one for one in SCHEDULES.values() if one.level == "elsewhere"]
LISTS = [
    field
    for schedule in SCHEDULES.values()
    for service in schedule.versions[-1].services
    for field in service.fields
    if field.kind is Kind.LINES
]


def fee(document: str, /, **inputs: object) -> Calculation:
    """Calculate by document number on a day when all are in force."""
    return calculate(find(document), ON, inputs)


def problems(document: str, /, **inputs: object) -> list[tuple[str, object, str]]:
    """Return the code, the line and the sentence of everything wrong with some inputs."""
    with pytest.raises(InputRefused) as refused:
        fee(document, **inputs)
    known = fields_by_name(find(document))
    return [(one.code, one.facts.get("line"), problem_sentence(one, known)) for one in refused.value.problems]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e['schedule']} {e['inputs']}")
def test_an_example_comes_out_to_the_digit(example: dict) -> None:
    result = calculate(find(example["schedule"]), ON, example["inputs"])
    expected = Decimal(example["expected"])
    assert result.exact_base is not None
    in_unit = result.exact_base * exact.YUAN[result.unit] / exact.YUAN[example["unit"]]
    assert exact.rounded(in_unit, max(0, -int(expected.as_tuple().exponent))) == expected


def test_several_lines_add_up_and_each_is_a_step_with_its_clause() -> None:
    result = fee(TESTING, tests="回弹法 12测区 2构件\n竖向静载 500t 3根；声波透射 3管 40m × 10根")
    assert result.base == Money.from_yuan(1440 + 117000 + 16000)
    assert [step.expression for step in result.steps][:4] == [
        "12 × 60 × 2",
        "(15,000 + (500 − 200) × 80) × 3",
        "(1,000 + 40 × 15) × 10",
        "1,440 + 117,000 + 16,000",
    ]
    assert {step.clause for step in result.steps[:4]} == {"粤价函[2012]1490号 附件"}
    assert "回弹法 12 测区 × 2 构件" in result.inputs_echo[0].taken.zh


@pytest.mark.parametrize(
    "lines",
    [
        "锚杆锚索拉拔 岩 2 系数1.2",
        "锚杆锚索拉拔，岩质，2根，系数 1.2",
        "Anchor pull-out, rock, 2, coefficient 1.2",
        "锚杆锚索拉拔岩2系数1.2",
        [{"item": "锚杆锚索拉拔", "grade": "岩", "quantity": 2, "coefficient": 1.2}],
        {"项目": "anchor_pull", "类别": "rock", "数量": "2 根", "系数": "1.2"},
        [["锚杆拉拔", "岩", 2, "系数1.2"]],
        ["锚杆锚索拉拔 2 岩 系数=1.2"],
    ],
)
def test_a_line_is_read_however_it_is_written(lines: object) -> None:
    assert fee(TESTING, tests=lines).base == Money.from_yuan(9600)


def test_a_named_coefficient_and_the_most_spans_count() -> None:
    plain = fee(TESTING, tests="桥梁静载 连续 60m 5孔")
    assert plain.exact_base == (50000 + 10 * 800) * 3
    assert "按 3 孔计" in plain.steps[0].label.zh
    assert fee(TESTING, tests="桥梁静载 连续 60m 2孔").exact_base == 58000 * 2
    assert fee(TESTING, tests="桥梁静载 连续 60m 5孔 附加加载项目").exact_base == plain.exact_base * Fraction(3, 2)


def test_a_short_span_counts_as_20_metres_and_says_so() -> None:
    short = fee(TESTING, tests="桥梁外观 拱桥 8m")
    assert short.exact_base == fee(TESTING, tests="桥梁外观 拱桥 20m").exact_base == 1600
    assert "不足 20 m按 20 计" in short.steps[0].label.zh
    assert fee(TESTING, tests="桥梁外观 拱桥 20.5m").exact_base == 1640


def test_coefficients_of_a_line_add_and_do_not_multiply() -> None:
    result = fee("财建[2009]17号", products="DLG1:500 Ⅰ 1 系数1.1 系数1.2")
    assert result.exact_base == Fraction("8152.45") * Fraction("1.3")


def test_every_bad_line_is_named_in_a_sentence() -> None:
    found = problems(TESTING, tests="回弹法 abc\n没有这个 3\n反射波法 3\n灌砂 路基 3km\n回弹法 -3\n索力\n索力 8")
    assert [(code, line) for code, line, _ in found] == [
        ("line-unread", 1), ("line-unknown-item", 2), ("line-grade", 3), ("line-unit", 4), ("line-quantity", 5),
        ("line-quantity", 6),
    ]  # fmt: skip
    for _, line, sentence in found:
        assert f"第 {line} 行" in sentence
    assert "桩径80-150cm" in found[2][2]
    assert "单位改成点" in found[3][2]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("回弹法 0", "line-quantity"),
        ("回弹法 3 系数0", "line-coefficient"),
        ("回弹法 3 系数101", "line-coefficient"),
        ("回弹法 99999999999", "line-quantity"),
        ("竖向静载 500t 1.5根", "line-count"),
        ("竖向静载 500t 2根 3根", "line-unread"),
        ("索力 3 4", "line-unread"),
        ("静载 300t", "line-unknown-item"),
        ({"item": "回弹法", "quantity": "many"}, "line-quantity"),
        ({"item": "回弹法", "quantity": True}, "line-quantity"),
        ({"item": "回弹法", "colour": 3}, "line-unread"),
        ({"quantity": 3}, "line-unknown-item"),
        ({"item": "索力", "text": "3", "quantity": 4}, "line-unread"),
        (None, "missing"),
        (7, "line-unknown-item"),
        ("回" * 300, "line-unknown-item"),
    ],
)
def test_a_line_out_of_bounds_is_refused(line: object, code: str) -> None:
    found = problems(TESTING, tests=[line] if line is not None else [])
    assert [one[0] for one in found] == [code]
    assert found[0][2]


def test_close_names_are_offered_for_an_unknown_item() -> None:
    sentence = problems(TESTING, tests="静载 300t")[0][2]
    assert "竖向静载试验" in sentence
    assert "地基静载试验" in sentence


def test_too_many_lines_are_refused() -> None:
    assert problems(TESTING, tests=["索力 1"] * 201)[0][0] == "too-many"
    assert fee(TESTING, tests=["索力 1"] * 200).base == Money.from_yuan(80000)


def test_an_item_named_as_an_input_is_a_line_and_joins_the_others() -> None:
    both = fee(TESTING, tests="索力 2", 回弹法=6)
    assert both.base == Money.from_yuan(800 + 360)
    assert [code for code, _, _ in problems(TESTING, 没有的=3)] == ["missing", "unknown-input"]


@pytest.mark.parametrize("field", LISTS, ids=lambda field: field.items[0].key)
def test_every_item_answers_to_all_its_names_with_every_grade(field: InputField) -> None:
    for item in field.items:
        for name in (item.key, item.label.zh, item.label.en, *item.names):
            for grade in item.grades or (None,):
                for called in (grade.key, grade.label.zh, grade.label.en, *grade.names) if grade else ("",):
                    (line,) = read_lines(field, f"{name} {called} 7")
                    assert (line.item, line.grade) == (item, grade), (name, called)
                    assert line.quantity == 7


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_of_lines(text: str) -> None:
    try:
        result = fee(TESTING, tests=text)
    except InputRefused:
        return
    assert result.base is not None
    assert result.base.fen > 0


@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_a_price_with_steps_is_continuous_and_never_falls(one: int, more: int) -> None:
    price = Price(
        Fraction(15000), Fraction(200), (PriceStep(Fraction(1000), Fraction(80)), PriceStep(None, Fraction(60)))
    )
    small, large = Fraction(one, 100), Fraction(one + more, 100)
    assert 0 <= price.charge(large).fee - price.charge(small).fee <= (large - small) * 80


def test_the_service_is_understood_from_the_inputs_when_only_one_has_them() -> None:
    result = fee(LIGHTNING, 防护工程总造价_wan=20)
    assert (result.service, result.inputs_echo[0].taken.zh) == ("lemp", "雷击电磁脉冲（感应雷）防护工程检测")
    assert problems(LIGHTNING, base_amount=20)[0][0] == "missing"
    assert fee(LIGHTNING, item="SPD", grade="电源", quantity=4).base == Money.from_yuan(600)


def test_limits_of_shanghai_come_behind_the_coefficients() -> None:
    plain = fee(STABILITY, service="编制", invest_yi=1)
    assert plain.exact_base == 6
    assert "before-limits" in plain.notes
    assert "限额" in note_sentence("before-limits", {})
    assert fee(STABILITY, service="编制", invest_yi=1, 行业="其他").exact_base == 16
    high = fee(STABILITY, service="编制", invest_yi=50, 行业="环境", 敏感程度="高度敏感")
    assert high.exact_base == 50
    assert fee(STABILITY, service="评价", invest_yi=1, 区域="0.8").exact_base == 10
    between = fee(STABILITY, service="编制", invest_yi=9, 敏感="0.8")
    assert between.exact_base == Fraction("23.2") * Fraction("0.8")
    assert not any("≤" in step.expression or "≥" in step.expression for step in between.steps)


@pytest.mark.parametrize(("low", "high"), [(10000, 50000), (50000, 100000), (100000, 500000)])
def test_the_brackets_of_shanghai_join(low: int, high: int) -> None:
    for service in ("编制", "评价"):
        below, above = (fee(STABILITY, service=service, invest_wan=x).exact_base for x in (low, Decimal(low) + 1))
        assert 0 < above - below < Fraction(1, 1000)
        assert fee(STABILITY, service=service, invest_wan=high).exact_base > below


def test_ppp_is_read_both_ways() -> None:
    (other,) = other_readings(find(PPP), ON, {"service": "实施方案", "invest_yi": 7.5})
    assert other.choice == "bracket"
    assert other.calculation.exact_base == 88
    assert fee(PPP, service="实施方案", invest_yi=5).exact_base == 60
    above = fee(PPP, service="实施方案", invest_yi=60)
    assert (above.base, above.reason.code) == (None, "open-bracket")
    assert (above.low, above.high) == (Money.from_wan(160), Money.from_wan(200))
    assert fee(PPP, service="实施方案", invest_yi=60, reading="bracket").exact_base == 200


def test_the_traffic_table_is_read_as_printed_and_as_joined() -> None:
    assert fee(TRAFFIC, area=100).exact_base == 160
    assert fee(TRAFFIC, area="100.01").exact_base == Fraction("150.01")
    assert fee(TRAFFIC, area="100.01", reading="continuous").exact_base == Fraction("160.01")
    others = other_readings(find(TRAFFIC), ON, {"area": 250})
    assert fee(TRAFFIC, area=250).exact_base == 240
    assert [other.calculation.exact_base for other in others] == [300, 290]
    assert fee(TRAFFIC, area=3).exact_base == 10
    assert fee(TRAFFIC, area=50, building="1.5").exact_base == Fraction("127.5")


def test_safety_evaluation_gives_ranges_and_nothing_beyond_its_table() -> None:
    result = fee(SAFETY, service="预评价", invest_wan=2000)
    assert (result.low, result.base, result.high) == (Money.from_wan(6), None, Money.from_wan(10))
    beyond = fee(SAFETY, service="预评价", invest_yi=21)
    assert (beyond.low, beyond.high, beyond.reason.code) == (None, None, "outside-table")


def test_planning_grows_by_a_rate_above_its_last_area() -> None:
    assert fee("城市规划", service="控规", area=300).exact_base == 114
    assert fee("城市规划", service="控规", area=301).exact_base == Fraction("114.3")
    assert fee("城市规划", service="控规", area=10).exact_base == 9
    assert fee("城市规划", service="控规", area=20, zone="新区", 复杂="1.3").exact_base == Fraction("10.4")


def test_an_audit_in_sichuan_floats_and_has_a_minimum() -> None:
    result = fee("川发改价格[2013]901号", assets_wan=30000)
    assert (result.low, result.high) == (Money.from_yuan(72000), Money.from_yuan(108000))
    assert fee("川发改价格[2013]901号", assets_wan=1).base == Money.from_yuan(2000)
    assert fee("川发改价格[2013]901号", 决算额_wan=30000).exact_base == 18


def test_a_professional_coefficient_of_the_association_multiplies() -> None:
    plain, roads = (fee("中价协[2013]35号", service="概算", base_wan=3000, **given) for given in ({}, {"专业": "道路"}))
    assert roads.exact_base == plain.exact_base * Fraction("0.8")
    none = fee("中价协[2013]35号", service="全过程", base_wan=1999)
    assert (none.base, none.reason.code) == (None, "outside-table")


def test_the_smallest_valuation_costs_2000_yuan_where_the_table_says_so() -> None:
    assert fee("川发改价格[2012]827号", value_wan=1).base == Money.from_yuan(2000)
    assert fee("粤价[2010]142号", value_wan=1).base == Money.from_yuan(100)


RATES_142 = ((100, 10), (1000, "4.5"), (5000, "1.5"), (10000, 1), (100000, "0.2"))


def test_the_bands_of_142_add_up_at_every_end() -> None:
    low, total = 0, Fraction(0)
    for end, rate in RATES_142:
        total += Fraction(rate) * (end - low) / 1000
        assert fee("粤价[2010]142号", value_wan=end).exact_base == total
        low = end
    assert fee("粤价[2010]142号", value_wan=100001).exact_base == total + Fraction("0.00015")


@pytest.mark.parametrize("schedule", ELSEWHERE, ids=lambda one: one.id)
def test_a_schedule_from_elsewhere_says_that_it_binds_nobody_here(schedule: Schedule) -> None:
    assert {period.status for period in schedule.statuses} == {Status.REFERENCE}
    assert "没有效力" in schedule.issuer.zh
    for period in schedule.statuses:
        assert "约束" in period.citation.zh


def test_both_readings_of_a_disputed_difference_are_shown() -> None:
    inputs = {"service": "争议差额", "price_difference": 2000, "reading": "progressive"}
    (other,) = other_readings(find("粤价函[2011]742号"), ON, inputs)
    assert other.calculation.exact_base == 80


HEAD = """
id = "list"
document = "某文[2020]1号"
title = { zh = "表", en = "list" }
issuer = { zh = "机关", en = "issuer" }
level = "provincial"
subject = { zh = "检测", en = "tests" }
charge_base = { zh = "数量", en = "quantity" }
unit = "元"
source = { mark = "found", note = { zh = "注", en = "note" } }
[fields.tests]
kind = "lines"
label = { zh = "项目", en = "tests" }
grades = { size = [{ key = "s", zh = "小", en = "small" }, { key = "l", zh = "大", en = "large" }] }
"""
TAIL = """
[[versions]]
key = "2020"
document = "某文[2020]1号"
since = 2020-01-01
[[versions.services]]
key = "tests"
label = { zh = "检测", en = "tests" }
fields = ["tests"]
steps = [{ do = "price_list", lines = "%s", label = { zh = "合计", en = "total" }, clause = "附件" }]
"""


@pytest.mark.parametrize(
    ("item", "lines", "said"),
    [
        ('price = 3, grades = "size"', "tests", "prices: does not give one price for each of s, l"),
        ('grades = "colour", prices = [1, 2]', "tests", "'colour' is not a list of grades"),
        ("least = 3", "tests", "either a price or steps are needed"),
        ("price = -1", "tests", "is below zero"),
        ("steps = [{ upto = 5, price = 1 }]", "tests", "the last is open"),
        ("upto = 9, steps = [{ upto = 5, price = 1 }, { price = 2 }]", "tests", "each step but the last"),
        ('grades = "size", rows = [{ grade = "s", price = 1 }]', "tests", "one row for each of s, l"),
        ("price = 3", "nothing", "'nothing' is not a field of kind lines"),
        ("prize = 3", "tests", "unknown key"),
    ],
)
def test_a_mistake_in_a_price_list_is_named_with_its_place(tmp_path: Path, item: str, lines: str, said: str) -> None:
    path = tmp_path / "list.toml"
    row = f'items = [{{ key = "a", zh = "甲", en = "a", unit = "点", {item} }}]\n'
    path.write_text(HEAD + row + TAIL % lines, encoding="utf-8")
    with pytest.raises(DataFileError, match=said.replace("(", r"\(")):
        read_schedule(path)


def test_lines_are_typed_on_a_page_that_lists_what_may_be_written(client: FlaskClient) -> None:
    text = page(client, "/fees/highway-testing-guangdong/calculate")
    assert "<textarea" in text
    assert "可以填的项目和单价" in text
    assert "15,000 起（含 200 t）" in text
    asked = "/fees/highway-testing-guangdong/calculate?on=2020-01-01&tests=回弹法 3%0A竖向静载 500t"
    done = page(client, asked)
    assert "39,200" in done
    bad = page(client, "/fees/highway-testing-guangdong/calculate?on=2020-01-01&tests=回弹法 3%0A无此项 2", 422)
    assert "第 2 行" in bad
    assert "回弹法 3\n无此项 2</textarea>" in bad.replace("\r", "")


def test_lines_are_taken_as_objects_by_the_api(client: FlaskClient) -> None:
    inputs = {"tests": [{"item": "回弹法", "quantity": 3}, {"item": "竖向静载", "quantity": 500, "count": 2}]}
    given = {"schedule": TESTING, "on": "2020-01-01", "inputs": inputs}
    answer = client.post("/api/v1/fee-calculations", json=given)
    assert answer.get_json()["base_fen"] == (200 + 39000 * 2) * 100
    assert len(answer.get_json()["steps"]) == 4
    given["inputs"] = {"tests": [{"item": "无此项", "quantity": 3}]}
    refused = client.post("/api/v1/fee-calculations", json=given)
    assert refused.status_code == 422
    assert "第 1 行" in json.dumps(refused.get_json(), ensure_ascii=False)
