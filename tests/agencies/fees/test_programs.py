"""Schedules for programs: found by any spelling, described by a JSON Schema, asked by API and command line."""

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from agencies.fees import file_check, programs
from agencies.fees.engine import exact
from agencies.fees.register import FOLDER, SCHEDULES
from core.money import Money
from tests.agencies.fees.answering import CASES, NAMES, plain_answers

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
TENDER = FOLDER / "tender_agency.toml"


def asked(client: FlaskClient, schedule: str, inputs: dict, on: str = "2012-06-01") -> dict:
    """Post a calculation and return the answer."""
    answer = client.post("/api/v1/fee-calculations", json={"schedule": schedule, "on": on, "inputs": inputs})
    return {"code_sent": answer.status_code, **answer.get_json()}


def test_every_published_example_comes_out_as_it_is_written_down(client: FlaskClient) -> None:
    for example in EXAMPLES:
        answer = asked(client, example["schedule"], example["inputs"])
        expected = Decimal(str(example["expected"]))
        fen = Decimal(answer["base_fen"]) / 100 / int(exact.YUAN[example["unit"]])
        assert fen.quantize(expected, ROUND_HALF_UP) == expected, example


@pytest.mark.parametrize(
    "spelling", ["计价格〔2002〕1980号", "国家计委计价格[2002]1980号", "计价格（2002）1980", "tender-agency"]
)
def test_a_schedule_is_found_by_any_spelling(client: FlaskClient, spelling: str) -> None:
    assert asked(client, spelling, {"type": "工程", "award_yuan": 93235181.14})["base_fen"] == 29197036
    assert client.get(f"/api/v1/fee-schedules/{spelling}").get_json()["id"] == "tender-agency"


def test_what_is_unknown_names_what_is_known(client: FlaskClient) -> None:
    missing = asked(client, "计价格[1900]1号", {})
    assert (missing["code_sent"], missing["code"]) == (404, "fee-schedule-not-found")
    assert "计价格[2002]1980号" in missing["known"]
    assert client.get("/api/v1/fee-schedules/x").get_json()["known"] == missing["known"]
    refused = asked(client, "tender-agency", {"award": 1, "类型": "船", "colour": 1})
    assert [(one["field"], one["code"]) for one in refused["problems"]] == [
        ("category", "unknown-choice"), ("colour", "unknown-input"),
    ]  # fmt: skip
    assert refused["problems"][0]["choices"] == ["goods", "services", "works"]
    assert "award_amount" in refused["problems"][1]["known"]
    assert asked(client, "tender-agency", {}, on="2012-02-30")["code_sent"] == 422
    early = asked(client, "tender-agency", {}, on="1999-01-01")
    assert early["reason"]["code"] == "not-in-force-yet"
    assert "2003-01-01" in early["reason"]["sentence"]


def test_the_list_is_paged_and_narrowed(client: FlaskClient) -> None:
    found, url = [], "/api/v1/fee-schedules?limit=2"
    while url:
        page = client.get(url).get_json()
        assert 0 < len(page["items"]) <= 2
        found += [one["id"] for one in page["items"]]
        url = page["next"]
    assert found == sorted(SCHEDULES)
    named = client.get("/api/v1/fee-schedules", query_string={"q": "招标代理"}).get_json()["items"]
    assert "tender-agency" in [one["id"] for one in named]
    bound = client.get("/api/v1/fee-schedules?status=binding-band&on=2012-06-01").get_json()["items"]
    assert {"tender-agency", "environmental-impact"} <= {one["id"] for one in bound}
    assert {one["status"] for one in bound} == {"binding-band"}
    assert client.get("/api/v1/fee-schedules?status=nothing").status_code == 422


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_inputs_of_every_service_have_a_valid_schema_with_examples_it_takes(
    client: FlaskClient, schedule: str
) -> None:
    answer = client.get(f"/api/v1/fee-schedules/{schedule}").get_json()
    assert answer["statuses"]
    for version in answer["versions"]:
        for service in version["services"]:
            schema = service["inputs_schema"]
            Draft202012Validator.check_schema(schema)
            for example in schema["examples"]:
                Draft202012Validator(schema).validate(example)
                result = asked(client, schedule, example, on=version["since"])
                assert result["code_sent"] == 200, (example, result)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_plain_answers_fit_the_schema_and_hostile_ones_do_not(client: FlaskClient, case: tuple) -> None:
    schedule, version, service = case
    answer = client.get(f"/api/v1/fee-schedules/{schedule.id}").get_json()
    found = next(one for one in answer["versions"] if one["key"] == version.key)
    schema = next(one for one in found["services"] if one["key"] == service.key)["inputs_schema"]
    check = Draft202012Validator(schema)
    good = plain_answers(schedule, version, service)
    assert not check.is_valid({**good, "colour": "red"})
    for name in schema["required"]:
        assert not check.is_valid({key: value for key, value in good.items() if key != name})


def test_the_command_line_answers_as_the_api(app: Flask, client: FlaskClient) -> None:
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["fees", "list", "--on", "2012-06-01", "--json"])
    api = client.get("/api/v1/fee-schedules?on=2012-06-01&limit=100").get_json()["items"]
    assert json.loads(listed.stdout)["items"] == api
    told = runner.invoke(args=["fees", "list", "--on", "2012-06-01"])
    assert "tender-agency\t计价格[2002]1980号\t招标代理\t政府指导价，必须执行" in told.output
    shown = runner.invoke(args=["fees", "show", "计价格〔2002〕1980号", "--json"])
    assert json.loads(shown.stdout) == client.get("/api/v1/fee-schedules/tender-agency").get_json()


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_is_shown_in_words(app: Flask, schedule: str) -> None:
    shown = app.test_cli_runner().invoke(args=["fees", "show", schedule])
    assert shown.exit_code == 0, shown.output
    for version in SCHEDULES[schedule].versions:
        for service in version.services:
            assert service.label.zh in shown.output


def test_a_calculation_is_told_step_by_step(app: Flask) -> None:
    given = ["类型=工程", "中标金额=6000万", "--on", "2012-06-01"]
    told = app.test_cli_runner().invoke(args=["fees", "calculate", "计价格[2002]1980号", *given])
    assert told.exit_code == 0
    for line in ("100 × 1% = 1 万元", "中标金额: 6,000 万元  (6000万)", "225,500.00 元  (180,400.00 – 270,600.00 元)",
                 "附件", "政府指导价"):  # fmt: skip
        assert line in told.output


def test_lots_and_choices_are_given_by_repeating_a_name(app: Flask) -> None:
    given = ["lots=100万", "lots=200万", "type=工程", "--on", "2012-06-01", "--json"]
    told = app.test_cli_runner().invoke(args=["fees", "calculate", "tender-agency", *given])
    assert len(json.loads(told.stdout)["lots_fen"]) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["计价格[1900]1号"], "计价格[2002]1980号"),
        (["tender-agency", "中标金额=abc"], "只填金额"),
        (["tender-agency", "没有等号"], "name=value"),
        (["tender-agency", "--on", "2012-13-01"], "2012-06-01"),
    ],
)
def test_the_command_line_refuses_in_words(app: Flask, given: list[str], said: str) -> None:
    refused = app.test_cli_runner().invoke(args=["fees", "calculate", *given])
    assert refused.exit_code == 2
    assert said in refused.output
    assert "Traceback" not in refused.output


def test_all_schedule_files_are_sound(app: Flask) -> None:
    checked = app.test_cli_runner().invoke(args=["fees", "check"])
    assert checked.exit_code == 0, checked.output
    assert checked.output == f"{len(SCHEDULES)} files are sound.\n"


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ('kind = "amount"', 'kind = "amont"', "[fields.award_amount]", "'amont' is not one of"),
        ("expected = 22.55", "expected = 22.56", "[[examples]]", "22.55 万元 comes out, 22.56 is expected"),
        ("goods = 350", 'goods = "x"', "", "holds 'x', which is not a number"),
        ("since = 2003-01-01", "since = 2003-13-01", "", "is not TOML"),
        ("services = [1.5, 0.8,", "services = [1.5, -0.8,", "", "falls"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(
    app: Flask, tmp_path: Path, *, before: str, after: str, line: str, said: str
) -> None:
    path = tmp_path / "try.toml"
    path.write_text(TENDER.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    checked = app.test_cli_runner().invoke(args=["fees", "check", str(path)])
    assert checked.exit_code == 1
    assert said in checked.output
    (mistake, *_) = file_check.mistakes([path])
    assert checked.output.startswith(f"try.toml:{mistake.line}: ")
    if line:
        assert path.read_text(encoding="utf-8").splitlines()[mistake.line - 1] == line


def test_a_jump_is_a_mistake_until_the_file_says_why(tmp_path: Path) -> None:
    text = (FOLDER / "engineering_design.toml").read_text(encoding="utf-8")
    path = tmp_path / "try.toml"
    path.write_text(text.replace("at = 2000000", "at = 1"), encoding="utf-8")
    found = list(file_check.mistakes([path]))
    assert found
    assert all("jumps at 2,000,000 from 34948.9 to 32000" in one.message for one in found)
    path.write_text(text, encoding="utf-8")
    assert list(file_check.mistakes([path])) == []
    assert "stands in try.toml too" in str(next(file_check.mistakes([path, path])))


@pytest.mark.parametrize(
    ("document", "inputs", "yuan"),
    [
        ("保监[2005]22号 水土保持方案编制", {"土建投资_yi": 0.8}, "432000"),
        ("保监[2005]22号 验收技术评估", {"土建投资_yi": 11.5}, "955000"),
        ("计价格[1994]2017号 宗地地价评估", {"land_value_wan": 1000}, "23000"),
        ("发改价格[2011]534号 施工图审查 cap", {"method": "勘察设计费 6.5%", "勘察设计费_wan": 200}, "130000"),
        ("发改价格〔2011〕534号（招标代理）", {"type": "工程", "award_wan": 6000}, "225500"),
        ("计价格[2002]10号 工程勘察", {"works": "图根点 简单 10", "technical": "工程测量"}, "1085.8"),
        ("计价格[2002]10号 工程设计 (收费基价)", {"计费额_wan": 1000}, "388000"),
    ],
)
def test_what_stands_behind_a_number_tells_schedule_and_service(
    app: Flask, document: str, inputs: dict[str, Any], yuan: str
) -> None:
    with app.test_request_context("/"):
        found = programs.worked_out(document, date(2012, 6, 1), inputs)
    assert Money(found["base_fen"]).yuan == Decimal(yuan)
