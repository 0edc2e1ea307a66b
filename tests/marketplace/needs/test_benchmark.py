"""The link to a need's working makes the same fee again, under whatever names its inputs were kept."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agencies.fees import service as fees
from marketplace.needs.benchmark import working_url
from marketplace.needs.models import Need


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    ("document", "inputs"),
    [
        ("计价格[2002]125号", {"service": "报告表", "investment_wan": 1500, "行业": "轻工", "敏感": "一般"}),
        ("计价格[2002]1980号", {"type": "工程", "award_yuan": 93235181.14}),
        ("粤价函[2012]1490号", {"回弹法": 6, "索力": 3}),
        ("粤价函[2011]742号", {"service": "结算审核", "送审造价": "3200万", "核减": "20万"}),
    ],
)
def test_the_link_to_the_working_makes_the_same_fee_again(
    app: Flask, client: FlaskClient, document: str, inputs: dict[str, Any], language: str
) -> None:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        found = fees.benchmark("DG-A-01", [document], date(2025, 1, 1), inputs)
        assert found is not None
        address = working_url(Need(schedule_id=document, fee_inputs=inputs, fund="social"), found)
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert str(found.base) in answer.text
