"""The schedules and the calculator as anybody sees them."""

import re

import pytest
from flask.testing import FlaskClient

from agencies.fees.register import SCHEDULES
from tests.browser import page


def test_every_schedule_is_listed_with_its_force_today(client: FlaskClient) -> None:
    text = page(client, "/fees")
    for one in SCHEDULES.values():
        assert one.document in text
    assert "仅供参考" in text


def test_the_citys_own_documents_stand_before_those_from_elsewhere(client: FlaskClient) -> None:
    text = page(client, "/fees")
    own, association, elsewhere = (
        text.index(title) for title in ("全国和广东的文件", "行业协会的参考价", "外地和来源不明的")
    )
    assert own < association < elsewhere
    for one in SCHEDULES.values():
        at = text.index(f'href="/fees/{one.id}"')
        assert (at > elsewhere) == (one.level == "elsewhere"), one.id
    assert "外地和来源不明的" not in page(client, "/fees?q=资产评估")


@pytest.mark.parametrize("schedule_id", list(SCHEDULES))
def test_a_schedule_shows_its_tables_and_periods(client: FlaskClient, schedule_id: str) -> None:
    text = page(client, f"/fees/{schedule_id}")
    assert SCHEDULES[schedule_id].document in text
    assert "法律效力" in text


@pytest.mark.parametrize("schedule_id", list(SCHEDULES))
def test_a_calculator_asks_before_it_complains(client: FlaskClient, schedule_id: str) -> None:
    text = page(client, f"/fees/{schedule_id}/calculate")
    assert "有 " not in text or "处要改" not in text


@pytest.mark.parametrize(
    ("schedule_id", "service"),
    [(one.id, service.key) for one in SCHEDULES.values() for service in one.versions[-1].services],
)
def test_every_service_can_be_asked_for_on_a_page(client: FlaskClient, schedule_id: str, service: str) -> None:
    page(client, f"/fees/{schedule_id}/calculate?service={service}")


def test_a_fee_is_worked_step_by_step_with_each_clause(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency/calculate?award_amount=6000万&category=works&on=2012-06-01")
    assert "政府指导价，必须执行" in text
    assert "计价格[2002]1980号 附件" in text
    assert "22.55" in text
    clause = re.search(r'href="/fees/tender-agency#(c-[0-9a-f]{8})"', text)
    assert clause is not None
    assert f'id="{clause[1]}"' in page(client, "/fees/tender-agency")


def test_the_address_of_a_result_shows_it_again(client: FlaskClient) -> None:
    url = "/fees/engineering-design/calculate?base_amount=1亿&specialty=building_municipal"
    url += "&additional=rebuild&additional=historic"
    text = page(client, f"{url}&additional.rebuild=1.2&additional.historic=1.4&on=2012-06-01")
    share = re.search(r'href="(/fees/engineering-design/calculate\?[^"]+)"', text)
    assert share is not None
    again = page(client, share[1].replace("&amp;", "&"))
    figure = re.search(r'class="big"><b>([^<]+)</b>', text)
    assert figure is not None
    assert f'class="big"><b>{figure[1]}</b>' in again


def test_what_cannot_be_read_is_named_and_kept(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency/calculate?award_amount=很多&on=2012-06-01", 422)
    assert "“中标金额”只填金额" in text
    assert "填写“招标类型”" in text
    assert 'value="很多"' in text


def test_a_coefficient_range_left_open_is_asked_for(client: FlaskClient) -> None:
    text = page(client, "/fees/engineering-design/calculate?base_amount=1亿&additional=rebuild&on=2012-06-01", 422)
    assert "还要填系数，在 1.1 到 1.4 之间" in text


def test_the_home_page_box_leads_to_the_calculator(client: FlaskClient) -> None:
    answer = client.get("/fees/calculate?schedule=计价格〔2002〕1980号&amount=500万")
    assert answer.status_code == 303
    text = page(client, answer.headers["Location"])
    assert 'value="500万"' in text
    assert "处要改" not in text


def test_an_unreadable_day_is_named(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency/calculate?award_amount=500万&category=works&on=昨天", 422)
    assert "日期写成 2026-03-18 的样子" in text


def test_an_unknown_schedule_is_not_found(client: FlaskClient) -> None:
    page(client, "/fees/no-such-thing", 404)


def test_readings_the_text_leaves_open_are_shown_side_by_side(client: FlaskClient) -> None:
    text = page(
        client,
        "/fees/tender-agency/calculate?lots=300万;200万&category=works&on=2012-06-01",
    )
    assert "文件还可以这样理解" in text
    assert "每个标段分别算" in text
