"""Needs as their writers make them: three screens to a notice, the check, and the same by a program."""

from __future__ import annotations

import pytest
from flask import Flask

from agencies.registration.models import Agency
from core.money import Money
from marketplace.needs.lifecycle import NeedState
from tests.browser import Browse, form_values, owed, page, post
from tests.marketplace.selection.world import ITEM, Market

CARRIED = f"/needs/new?item={ITEM}&fee-service=proposal&amount=3200&fee-industry=building"
THREE = {"title": "长安厂房扩建项目建议书", "scale": "建筑面积 2.1 万平方米", "fund": "social"}


def test_an_enterprise_publishes_in_three_screens_with_three_answers(market: Market, browse: Browse) -> None:
    owner = browse(market.owner)
    first = page(owner, CARRIED)
    kept = post(owner, "/needs/new", {**form_values(first), **THREE}, CARRIED)
    assert kept.status_code == 303, kept.get_data(as_text=True)[:3000]
    check = page(owner, kept.location)
    assert "发布前要改一处" not in check
    need = market.newest()
    assert need.state is NeedState.DRAFT
    assert post(owner, f"/needs/{need.id}/publish", {}, kept.location).status_code == 303
    need = market.need(need.id)
    assert need.state is NeedState.OPEN
    assert need.number == f"DG-2026-{need.id:06d}"
    assert need.benchmark_base is not None
    assert need.benchmark_base > Money(0)
    notice = page(owner, f"/needs/{need.id}")
    assert need.number in notice
    assert "收费参考" in notice
    assert "计算过程" in notice


def test_the_amount_of_the_service_page_arrives_in_the_form(market: Market, browse: Browse) -> None:
    text = page(browse(market.owner), CARRIED)
    assert 'value="3200"' in text
    assert "参考区间" in text or "计价格" in text


def test_a_form_with_faults_comes_back_with_everything_typed(market: Market, browse: Browse) -> None:
    owner = browse(market.owner)
    values = {**form_values(page(owner, CARRIED)), **THREE, "title": "", "criteria": "价格 30\n方案", "ceiling": "很多"}
    answer = post(owner, "/needs/new", values, CARRIED)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    owed(text)
    assert "填写项目名称" in text
    assert "评分项每行写" in text
    assert "只填数字" in text
    assert "建筑面积 2.1 万平方米" in text
    assert "错误：" in text


def test_fiscal_money_is_told_on_the_check_to_set_a_ceiling(market: Market, browse: Browse) -> None:
    owner = browse(market.owner)
    kept = post(owner, "/needs/new", {**form_values(page(owner, CARRIED)), **THREE, "fund": "fiscal"}, CARRIED)
    assert "财政资金的采购要填最高限价" in page(owner, kept.location)
    need = market.newest()
    edit = f"/needs/{need.id}/edit"
    saved = post(owner, edit, {**form_values(page(owner, edit)), "fund": "fiscal", "ceiling": "20"}, edit)
    assert saved.status_code == 303
    check = page(owner, saved.location)
    assert "发布前要改一处" not in check
    assert market.need(need.id).ceiling == Money.from_wan(20)


@pytest.mark.parametrize(
    ("closes", "sentence"),
    [
        ("2026-03-18T17:00", "报价截止时间最早可选 3月19日 17:00（发布后满 1 个工作日）"),
        ("2026-03-21T17:00", "3月21日（周六）是休息日。改选工作日，如 3月23日（周一）"),
    ],
)
def test_a_bad_deadline_is_told_with_a_good_one(market: Market, browse: Browse, closes: str, sentence: str) -> None:
    owner = browse(market.owner)
    kept = post(owner, "/needs/new", {**form_values(page(owner, CARRIED)), **THREE, "closes_at": closes}, CARRIED)
    assert sentence in page(owner, kept.location)
    need = market.newest()
    refused = post(owner, f"/needs/{need.id}/publish", {}, f"/needs/{need.id}/edit")
    assert refused.status_code == 422
    assert sentence in refused.get_data(as_text=True)
    assert market.need(need.id).state is NeedState.DRAFT


def test_without_an_item_the_form_asks_for_it_first(market: Market, browse: Browse) -> None:
    text = page(browse(market.owner), "/needs/new")
    assert "先选服务事项" in text
    assert 'name="title"' not in text


def test_an_agency_declared_out_is_named_with_its_reason(market: Market, browse: Browse) -> None:
    owner = browse(market.owner)
    _actor, agency_id = market.agency()
    with market.works.reading() as work:
        name = work.session.get_one(Agency, agency_id).name
    values = {**form_values(page(owner, CARRIED)), **THREE}
    unknown = post(owner, "/needs/new", {**values, "avoid": "没有这家公司 关联"}, CARRIED)
    assert "没有名为“没有这家公司”的机构" in unknown.get_data(as_text=True)
    assert post(owner, "/needs/new", {**values, "avoid": f"{name} 与业主同一控制人"}, CARRIED).status_code == 303
    need = market.newest()
    post(owner, f"/needs/{need.id}/publish", {}, f"/needs/{need.id}/check")
    notice = page(owner, f"/needs/{need.id}")
    assert name in notice
    assert "与业主同一控制人" in notice


def test_the_whole_of_a_need_by_api(market: Market, app: Flask) -> None:
    client, headers = app.test_client(), market.world.api_token(market.owner)
    body = {
        "item_code": ITEM, "title": "厂房扩建项目建议书", "scale": "建筑面积 3 万平方米", "fund": "social",
        "ceiling_fen": 12000000, "fee_inputs": {"service": "proposal", "investment": "3200万", "industry": "building"},
    }  # fmt: skip
    made = client.post("/api/v1/needs", json=body, headers=headers)
    assert made.status_code == 201, made.get_json()
    need = made.get_json()
    assert (need["state"], need["ceiling_fen"]) == ("draft", 12000000)
    assert need["benchmark_base_fen"] > 0
    url = f"/api/v1/needs/{need['id']}"
    assert (
        client.put(url, json={**body, "title": "厂房二期项目建议书"}, headers=headers)
        .get_json()["title"]
        .startswith("厂房二期")
    )
    assert client.post(f"{url}/publish", headers=headers).get_json()["state"] == "open"
    assert client.post(f"{url}/publish", headers=headers).status_code == 409
    agency = market.world.api_token(market.agency()[0])
    asked = client.post(f"{url}/questions", json={"text": "工期能否延长？"}, headers=agency)
    assert asked.status_code == 201
    answered = client.put(
        f"/api/v1/questions/{asked.get_json()['id']}/answer", json={"text": "不能。"}, headers=headers
    )
    assert answered.get_json()["answer"] == "不能。"
    late = {"closes_at": "2026-03-25T09:00:00Z", "reason": "补充图纸需要时间"}
    assert client.post(f"{url}/deadline", json=late, headers=headers).get_json()["closes_at"] == "2026-03-25T09:00:00Z"
    gone = client.post(f"{url}/withdraw", json={"reason": "项目取消了"}, headers=headers)
    assert gone.get_json()["state"] == "withdrawn"
    assert client.post(f"{url}/repeat", headers=headers).status_code == 201


def test_a_program_is_told_which_field_is_wrong(market: Market, app: Flask) -> None:
    client, headers = app.test_client(), market.world.api_token(market.owner)
    answer = client.post("/api/v1/needs", json={"item_code": ITEM, "fund": "gold"}, headers=headers)
    assert answer.status_code == 422
    assert {"title", "scale", "fund"} <= set(str(answer.get_json()["errors"]).replace("'", '"').split('"'))


def test_the_desk_of_an_enterprise_puts_what_waits_first(market: Market, browse: Browse) -> None:
    opened, _ids = market.opened(100)
    open_need = market.publish(title="还在报价的需求")
    desk = page(browse(market.owner), "/desk")
    assert desk.index(f"/needs/{opened}/selection") < desk.index(f'"/needs/{open_need}"')
