"""Examples worked out apart from the engine, named as sheets and audits name them, come out to the fen."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from agencies.fees import programs, register
from agencies.fees.engine.calculation import calculate, other_readings
from core.errors import Invalid, NotFound
from core.money import Money

EXAMPLES = json.loads((Path(__file__).parent / "examples_by_hand.json").read_text(encoding="utf-8"))
ON = date(2018, 6, 1)
TESTING = "粤价函[2012]1490号"


def worked(app: Flask, document: str, /, **inputs: Any) -> dict[str, Any]:
    """Work a fee out as the API and the command line do."""
    with app.test_request_context("/"):
        return programs.worked_out(document, ON, inputs)


def sentences(app: Flask, document: str, /, **inputs: Any) -> list[str]:
    """Return what is said against some inputs."""
    with pytest.raises(Invalid) as refused:
        worked(app, document, **inputs)
    return [problem["sentence"] for problem in refused.value.facts["problems"]]


def test_every_example_by_hand_comes_out_to_the_fen(app: Flask) -> None:
    assert len(EXAMPLES) > 300
    with app.test_request_context("/"):
        for one in EXAMPLES:
            found = programs.worked_out(one["schedule"], ON, one["inputs"])
            assert Money(found["base_fen"]).yuan == Decimal(one["yuan"]), one


@pytest.mark.parametrize(
    ("document", "inputs", "yuan"),
    [
        ("地基静载", {"load_t": 120}, 14_200),
        ("竖向静载", {"load_t": 120}, 15_000),
        ("超声回弹", {"component_areas": 1}, 250),
        ("回弹法", {"component_areas": 1}, 200),
        ("声波透射", {"管数": 4, "桩长_m": 50, "根数": 2}, 5_000),
        ("高应变", {"capacity_t": 1000, "根数": 1}, 12_000),
        ("反射波法", {"桩径_cm": 150, "根数": 1}, 500),
        ("桥梁静载", {"类型": "简支", "跨径_km": "0.04"}, 45_500),
        ("", {"item": "高应变", "capacity_t": 1501, "quantity": 1}, 20_000),
    ],
)
def test_the_item_beside_a_number_decides_what_a_size_means(
    app: Flask, document: str, inputs: dict[str, Any], yuan: int
) -> None:
    assert worked(app, f"{TESTING} {document}", **inputs)["base_fen"] == yuan * 100


def test_an_item_without_its_quantity_is_refused_and_not_counted_once(app: Flask) -> None:
    assert "写上大于 0 的数量" in sentences(app, f"{TESTING} 高应变", capacity_t=1200)[0]
    assert "还要写等级" in sentences(app, f"{TESTING} 高应变", 根数=2)[0]
    assert sentences(app, f"{TESTING} 回弹法", 测区=3, colour="red")[-1].startswith("这个标准没有“colour”")


@pytest.mark.parametrize(
    ("spelling", "known"),
    [
        ("1980号", "tender-agency"), ("１９８０号", "tender-agency"), ("计价格1980号", "tender-agency"),
        ("发改价格2007年670号", "construction-supervision"), ("10号", "engineering-design"),
        ("10号 勘察", "engineering-survey"), ("534号", "tender-agency"), ("534号 施工图审查", "drawing-review"),
        ("043号", "energy-assessment-shanghai"), ("43号", "energy-assessment-shanghai"),
        ("资产评估 全国", "asset-valuation-national"), ("资产评估", "asset-valuation-guangdong"),
        ("城市规划 修规", "city-planning-guangdong"), ("交通影响评价 (中规院2012)", "traffic-impact-reference"),
        ("监理", "construction-supervision"), ("设计", "engineering-design"), ("可研", "preliminary-consulting"),
    ],
)  # fmt: skip
def test_short_names_find_their_schedule(spelling: str, known: str) -> None:
    assert register.find(spelling).id == known


@pytest.mark.parametrize(
    "spelling", ["计价格7号", "计价格[1900]1号 招标代理", "1900年1980号", "不是标准 招标代理", "号"]
)
def test_a_number_nobody_knows_finds_nothing(spelling: str) -> None:
    with pytest.raises(NotFound):
        register.find(spelling)


@pytest.mark.parametrize("area", ["60万平方米", "600000平方米", "60万", "0.6平方公里", "60公顷", 60])
def test_a_quantity_is_read_in_any_unit_of_its_kind(app: Flask, area: object) -> None:
    assert worked(app, "交通影响评价", 建筑面积=area)["base_fen"] == 100_000_000


def test_a_unit_in_the_name_of_a_quantity_counts(app: Flask) -> None:
    for inputs in ({"建筑面积_m2": 600000}, {"面积_km2": "0.6"}, {"area(ha)": 60}, {"area_m2": "60万"}):
        assert worked(app, "交通影响评价", **inputs)["base_fen"] == 100_000_000
    assert sentences(app, "交通影响评价", 建筑面积="60万吨") == ["“建筑面积”只填数字。"]


def test_a_coefficient_may_be_a_percentage_and_another_is_named(app: Flask) -> None:
    assert worked(app, "土地评估", 地价="1000万", 目的="抵押 50%")["base_fen"] == 1_150_000
    assert sentences(app, "土地评估", 地价="1000万", 目的="抵押 60%") == [
        "“评估目的”里“抵押评估”的系数是 0.5，照它填，或只填名称。"
    ]


def test_a_difference_in_dispute_is_shown_both_ways() -> None:
    schedule = register.find("粤价函[2011]742号")
    inputs = {"service": "争议差额", "差额_wan": 2000}
    (other,) = other_readings(schedule, ON, inputs)
    assert calculate(schedule, ON, inputs).exact_base == 90
    assert other.calculation.exact_base == 80


def test_days_and_ranges_add_up_end_by_end(app: Flask) -> None:
    for document in ("发改价格[2007]670号 附表四", "计价格[1999]1283号"):
        found = worked(app, document, 高级专家=3, 中级职称=5)
        assert (found["low_fen"], found["base_fen"], found["high_fen"]) == (600_000, None, 760_000)
    junior = worked(app, "监理人工日", 初级职称=10)
    assert (junior["low_fen"], junior["high_fen"]) == (300_000, 600_000)
    hours = worked(app, "资产评估 全国", 首席合伙人=1, 助理=2)
    assert (hours["low_fen"], hours["high_fen"]) == (50_000, 500_000)
    assert worked(app, "资产评估 全国", 首席合伙人="2小时")["high_fen"] == 600_000


def test_sites_and_equipment_are_designed_within_a_range(app: Flask) -> None:
    site = worked(app, "计价格[2002]10号 总平面", 用地面积="3.5公顷")
    assert (site["low_fen"], site["high_fen"]) == (3_500_000, 7_000_000)
    equipment = worked(app, "非标设备", 设备费="200万", 复杂程度="较复杂")
    assert (equipment["low_fen"], equipment["high_fen"]) == (26_000_000, 32_000_000)


def test_existing_data_is_charged_the_technical_work_alone(app: Flask) -> None:
    found = worked(app, "工程勘察", 实物工作收费="10万", 技术="甲级", 已有资料="是")
    assert found["base_fen"] == 12_000_000
    assert [step["label"] for step in found["steps"]][:2] == ["实物工作收费", "只收技术工作费：岩土工程甲级"]


def test_what_is_missing_or_unknown_is_said_with_what_may_be_given(app: Flask) -> None:
    assert sentences(app, "招标代理", 中标金额="3200万") == ["“招标类型”从这些里选一项：货物、服务、工程。"]
    assert sentences(app, "招标代理", 类型="工程", 中标="3200万") == [
        "这个标准没有“中标”这一项，是不是“中标金额”？改成它，或删去。"
    ]
    assert sentences(app, "设计", 计费额="1亿", 改扩建="1.1") == [
        "这个标准没有“改扩建”这一项，是不是“附加调整系数”？改成它，或删去。"
    ]
    (service,) = sentences(app, "保监[2005]22号", 土建投资="1亿")
    assert service.startswith("“服务内容”从这些里选一项：水土保持方案编制、")
