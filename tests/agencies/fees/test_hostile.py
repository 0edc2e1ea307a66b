"""Three hundred hostile values for every field of every calculator: a sentence each, never a failure, never a zero."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agencies.fees import programs
from agencies.fees.calculator import Answers, open_calculator
from agencies.fees.engine.schedule import InputField, Schedule, Service, Version
from agencies.fees.register import fields
from core.errors import Invalid
from tests.agencies.fees.answering import CASES, HOSTILE, plain_answers

pytestmark = pytest.mark.any_database


def every_field() -> list[tuple[Schedule, Version, Service, InputField]]:
    """Return each field of each schedule once, with a service that has it."""
    found: dict[tuple[str, str], tuple[Schedule, Version, Service, InputField]] = {}
    for schedule, version, service in CASES:
        for one in fields(schedule, version, service.key):
            found.setdefault((schedule.id, one.name), (schedule, version, service, one))
    return list(found.values())


FIELDS = every_field()
IDS = [f"{schedule.id} {one.name}" for schedule, _, _, one in FIELDS]
TYPED = [value for value in HOSTILE if isinstance(value, str)][::2]
WORST = ["\ud800", "5\ud800", "\x00", "9" * 5000, "<script>alert(1)</script>", "1e400", "%(given)s", "\u202e5", "亿亿",
         True, None, -5, {"a": {"b": 1}}, ["\ud800"], [[1]], 10**300, "{{ 7*7 }}"]  # fmt: skip


def test_there_are_three_hundred_values() -> None:
    assert len(HOSTILE) >= 300


@pytest.mark.parametrize("case", FIELDS, ids=IDS)
def test_a_hostile_answer_to_a_program_gets_a_sentence(app: Flask, case: tuple) -> None:
    schedule, version, service, one = case
    good = plain_answers(schedule, version, service)
    with app.test_request_context():
        for value in HOSTILE:
            try:
                answer = programs.worked_out(schedule.id, version.since, {**good, one.name: value})
            except Invalid as refused:
                said = all(problem["sentence"] for problem in refused.facts["problems"])
            else:
                said = _is_said(answer)
            assert said, (one.name, value)


def _is_said(answer: dict[str, Any]) -> bool:
    """Tell whether there is an amount above nothing, or a range, or a reason in words."""
    if answer["base_fen"] is not None:
        return answer["base_fen"] > 0 or float(answer["steps"][0]["value"].split()[0].replace(",", "") or 0) < 0.01
    return answer["reason"] is not None and bool(answer["reason"]["sentence"])


@pytest.mark.parametrize("case", FIELDS, ids=IDS)
def test_a_hostile_answer_on_the_page_gets_a_sentence(app: Flask, case: tuple) -> None:
    schedule, version, service, one = case
    good = plain_answers(schedule, version, service)
    with app.test_request_context():
        for value in TYPED:
            if value:
                typed = {name: [answer] for name, answer in {**good, one.name: value}.items()}
                made = open_calculator(schedule, version.since, Answers(typed), strict=True)
                assert made.calculation is not None or not made.service or all(text for _, text in made.errors), value
                assert made.calculation is not None or made.errors or not made.service, value


@pytest.mark.parametrize("case", FIELDS[::3], ids=IDS[::3])
def test_the_worst_come_over_the_wire(client: FlaskClient, case: tuple) -> None:
    schedule, version, service, one = case
    good, day = plain_answers(schedule, version, service), version.since.isoformat()
    for value in WORST:
        asked = {"schedule": schedule.id, "on": day, "inputs": {**good, one.name: value}}
        answer = client.post("/api/v1/fee-calculations", json=asked)
        assert answer.status_code in {200, 422}, (value, answer.get_json())
        if isinstance(value, str):
            query = "&".join(f"{name}={quote(str(text), errors='surrogatepass')}"
                             for name, text in {**good, one.name: value, "on": day}.items())  # fmt: skip
            assert client.get(f"/fees/{schedule.id}/calculate?{query}").status_code in {200, 400, 422}, value


BODIES = [
    '{"schedule": NaN}', '{"schedule": "\\ud800"}', '{"schedule": []}', "[", "[1]", "null",
    '{"schedule": "tender-agency", "inputs": []}', '{"schedule": "tender-agency", "on": "x"}',
    '{"schedule": "tender-agency", "inputs": {"award_amount": 1e400}}',
    '{"schedule": "tender-agency", "inputs": {"\\ud800": 1}}',
    '{"schedule": "tender-agency", "inputs": {"award_amount": ' + "9" * 5000 + "}}",
    '{"schedule": "tender-agency", "inputs": {"award_amount": ' + "[" * 100_000 + "}}",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_hostile_body_is_a_problem_in_words(client: FlaskClient, body: str) -> None:
    answer = client.post("/api/v1/fee-calculations", data=body.encode(), content_type="application/json")
    assert answer.status_code in {400, 404, 422}, answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["title"]
