"""Whether a service is needed: by example, by the catalogue's own thresholds, and on the page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from agencies.catalogue import rules
from agencies.catalogue.necessity import VARIABLES
from agencies.catalogue.reference import items
from agencies.catalogue.rules import Answers, Needed, NextStep, Service
from agencies.catalogue.service import load_catalogue
from core.work import Works
from tests.browser import page

REPORT = {"outcome": "report", "outcome_name": "编制报告书", "variable": "ha", "operator": ">=", "value": 5}
FORM = {"outcome": "form", "outcome_name": "编制报告表", "variable": "ha", "operator": ">=", "value": 0.5}
SOIL = {"outcome": "form", "outcome_name": "编制报告表", "variable": "m3", "operator": ">=", "value": 1000}


def service(**changes: Any) -> Service:
    usual = {"thresholds": (), "self_prepare": True, "who_pays": "enterprise", "legal_basis": "某条例第九条"}
    return Service(**{**usual, **changes})


def numbers(**given_: str) -> Answers:
    return Answers({name: Decimal(one) for name, one in given_.items()})


@pytest.mark.parametrize(
    ("given_", "needed", "outcome"),
    [
        (numbers(ha="5", m3="0"), Needed.REQUIRED, "编制报告书"),
        (numbers(ha="4.99", m3="0"), Needed.REQUIRED, "编制报告表"),
        (numbers(ha="0.49", m3="1000"), Needed.REQUIRED, "编制报告表"),
        (numbers(ha="0.49", m3="999"), Needed.BELOW, ""),
        (numbers(ha="0.49"), Needed.UNKNOWN, ""),
        (numbers(ha="6"), Needed.REQUIRED, "编制报告书"),
        (numbers(), Needed.UNKNOWN, ""),
    ],
)
def test_the_strictest_threshold_met_says_what_is_needed(given_: Answers, needed: Needed, outcome: str) -> None:
    verdict = rules.judge(service(thresholds=(REPORT, FORM, SOIL)), given_)
    assert (verdict.needed, verdict.outcome) == (needed, outcome)
    assert (verdict.step is NextStep.PUBLISH) is (needed is Needed.REQUIRED)


@pytest.mark.parametrize(
    ("changes", "asked", "own", "needed", "step"),
    [
        ({"who_pays": "government"}, "yes", "", Needed.DEPARTMENT, NextStep.LEAVE_TO_DEPARTMENT),
        ({}, "yes", "yes", Needed.REQUIRED, NextStep.PREPARE),
        ({}, "yes", "no", Needed.REQUIRED, NextStep.PUBLISH),
        ({"self_prepare": False}, "yes", "yes", Needed.REQUIRED, NextStep.PUBLISH),
        ({"self_prepare": None}, "yes", "yes", Needed.REQUIRED, NextStep.PUBLISH),
        ({"who_pays": "unknown"}, "yes", "", Needed.REQUIRED, NextStep.ASK),
        ({"legal_basis": ""}, "yes", "", Needed.REQUIRED, NextStep.ASK),
        ({}, "no", "", Needed.NOT_ASKED, NextStep.NOTHING),
        ({}, "", "", Needed.UNKNOWN, NextStep.ANSWER),
    ],
)
def test_flags_say_who_does_it_and_who_pays(
    changes: dict[str, Any], asked: str, own: str, needed: Needed, step: NextStep
) -> None:
    verdict = rules.judge(service(**changes), Answers({}, asked, own))
    assert (verdict.needed, verdict.step) == (needed, step)


@given(st.decimals("0", "100", places=2), st.decimals("0", "100", places=2))
def test_a_bigger_project_never_needs_less(small: Decimal, more: Decimal) -> None:
    asked = service(thresholds=(REPORT, FORM))
    if rules.judge(asked, Answers({"ha": small})).needed is Needed.REQUIRED:
        assert rules.judge(asked, Answers({"ha": small + more})).needed is Needed.REQUIRED


def test_every_threshold_of_the_catalogue_has_its_question() -> None:
    assert {one.variable for item in items() for one in item.thresholds} <= set(VARIABLES)


def test_the_page_answers_with_the_clause_and_the_next_step(works: Works, app: Flask) -> None:
    with works.system() as work:
        load_catalogue(work)
    client = app.test_client()
    url = "/services/DG-A-05/needed"
    assert "年电力消费量" in page(client, url)
    text = page(client, f"{url}?annual_energy_tce=800&annual_electricity_kwh=600万&own=no")
    assert "须单独进行节能审查" in text
    assert "固定资产投资项目节能审查办法" in text
    assert "/needs/new?item=DG-A-05" in text
    assert "自行编制" in page(client, f"{url}?annual_energy_tce=2000&own=yes")
    assert "按收录的门槛，不需要" in page(client, f"{url}?annual_energy_tce=1&annual_electricity_kwh=1")
    assert "只填数字" in page(client, f"{url}?annual_energy_tce=abc")
    assert "不用自己采购" in page(client, f"/services/{_paid_by_government()}/needed")
    answer = client.get("/api/v1/services/DG-A-05/needed?annual_energy_tce=2000").get_json()
    assert (answer["needed"], answer["step"]) == ("required", "publish")
    assert client.get("/api/v1/services/DG-A-05/needed?annual_energy_tce=abc").status_code == 422


def _paid_by_government() -> str:
    return next(item.code for item in items() if str(item.who_pays) == "government")
