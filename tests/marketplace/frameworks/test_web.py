"""Frameworks as people and programs use them: three screens to a notice, a panel, a call-off, and leaving."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.access import Actor
from core.money import Money
from marketplace.frameworks.lifecycle import FrameworkState, MemberState, Way
from marketplace.frameworks.models import Framework
from marketplace.needs.lifecycle import NeedState
from tests.browser import Browse, form_values, owed, page, post
from tests.marketplace.frameworks.world import WHY, Hall
from tests.marketplace.selection.world import ITEM

ANSWERS = {
    "title": "年度项目建议书框架协议", "scale": "每份对应一个投资 1 亿元以下的项目", "fund": "fiscal", "unit": "份",
    "ceiling": "1000", "way": "rotation",
}  # fmt: skip
CALLED = {"title": "南城学校扩建项目建议书", "scale": "投资 8000 万元"}


@pytest.fixture
def browse(app: Flask, hall: Hall) -> Browse:
    """Return a browser signed in as an actor."""

    def as_actor(actor: Actor) -> FlaskClient:
        hall.market.stay_signed_in()
        client = app.test_client()
        hall.market.world.sign_in(client, actor)
        hall.market.stay_signed_in()
        return client

    return as_actor


def newest(hall: Hall) -> Framework:
    with hall.works.reading() as work:
        return work.session.scalars(select(Framework).order_by(Framework.id.desc()).limit(1)).one()


def test_from_three_screens_to_a_rotation_on_pages(hall: Hall, browse: Browse, client: FlaskClient) -> None:
    owner, new = browse(hall.market.owner), f"/frameworks/new?item={ITEM}"
    assert "先选服务事项" in page(owner, "/frameworks/new")
    wrong = post(owner, "/frameworks/new", {**form_values(page(owner, new)), "fund": "fiscal"}, new)
    assert (wrong.status_code, "填写框架协议名称" in wrong.get_data(as_text=True)) == (422, True)
    owed(wrong.get_data(as_text=True))
    kept = post(owner, "/frameworks/new", {**form_values(page(owner, new)), **ANSWERS, "fund": "social"}, new)
    assert kept.status_code == 303
    row = newest(hall)
    assert "目前对这类资金没有开放（依据：默认值）" in page(owner, kept.location)
    assert post(owner, f"/frameworks/{row.id}/publish", {}, kept.location).status_code == 422
    edit = f"/frameworks/{row.id}/edit"
    assert post(owner, edit, {**form_values(page(owner, edit)), **ANSWERS}, edit).status_code == 303
    check = page(owner, kept.location)
    assert "按 20% 淘汰排在最后的" in check
    assert page(client, f"/frameworks/{row.id}", 404)
    published = post(owner, f"/frameworks/{row.id}/publish", {}, kept.location)
    assert published.status_code == 303
    need_id = hall.need_of(row.id).id
    assert "这份公告征集入围机构" in page(client, f"/needs/{need_id}")
    for place, price in enumerate((500, 600, 990)):
        hall.market.quote(need_id, place, price)
    hall.market.close(need_id)
    owner = browse(hall.market.owner)
    assert f"/needs/{need_id}/panel" in page(owner, f"/needs/{need_id}/selection")
    panel = page(owner, f"/needs/{need_id}/panel")
    assert "计入 3 家，按 20% 淘汰 1 家；最多入围 3 家，入围 2 家" in panel
    admitted = post(owner, f"/needs/{need_id}/panel", {})
    assert (admitted.status_code, admitted.location) == (303, f"/frameworks/{row.id}")
    result = page(client, f"/needs/{need_id}/result")
    assert "排在后面，按规定的比例淘汰" in result
    assert "名单已经确定" in page(owner, f"/needs/{need_id}/panel")
    confirm_at = hall.framework(row.id).confirm_at
    assert confirm_at is not None
    hall.clock.instant = confirm_at
    shown = page(client, f"/frameworks/{row.id}")  # reading it late brings it into force
    assert "生效中" in shown
    assert "500.00 元/份" in shown
    owner, call = browse(hall.market.owner), f"/frameworks/{row.id}/call"
    bare = post(owner, call, {"title": "", "scale": ""})
    assert (bare.status_code, "填写项目名称" in bare.get_data(as_text=True)) == (422, True)
    done = post(owner, call, {**form_values(page(owner, call)), **CALLED})
    assert done.status_code == 303
    assert done.location.endswith("/result")
    assert "这是协议的第 1 次成交" in page(client, done.location)
    shown = page(client, f"/frameworks/{row.id}")
    assert CALLED["title"] in shown
    assert "成交合计 500.00 元" in shown
    assert "生效中" in page(client, "/frameworks?state=in_force")
    assert "年度项目建议书框架协议" in page(owner, "/frameworks?mine=1")
    assert "我的框架协议" in page(owner, "/desk")


def test_an_agency_sees_its_memberships_and_leaves_one(hall: Hall, browse: Browse) -> None:
    framework_id = hall.in_force(500, 600, 990, way=Way.DIRECT)
    first, second = hall.members(framework_id)
    agency, owner = browse(hall.agent(first.agency_id)), browse(hall.market.owner)
    assert "500.00 元/份" in page(agency, "/frameworks/memberships")
    assert "入围的框架协议" in page(agency, "/desk")
    call = f"/frameworks/{framework_id}/call"
    above = post(owner, call, {
        **form_values(page(owner, call)), **CALLED, "member_id": str(first.id), "amount": "501", "reason": WHY,
    })  # fmt: skip
    assert "成交价 501.00 元高于它的框架价 500.00 元" in above.get_data(as_text=True)
    leave = f"/framework-members/{first.id}/withdraw"
    bare = post(agency, leave, {"cause": "capacity", "reason": "忙"})
    assert (bare.status_code, "理由至少写 10 个字" in bare.get_data(as_text=True)) == (422, True)
    reason = "人手都安排在其他项目上了"
    assert post(agency, leave, {"cause": "capacity", "reason": reason}).status_code == 303
    assert hall.members(framework_id)[0].state is MemberState.WITHDRAWN
    assert f"人手不足：{reason}" in page(agency, f"/frameworks/{framework_id}")
    assert "现在不能办" in page(agency, leave)
    remove = f"/framework-members/{second.id}/remove"
    assert post(owner, remove, {"cause": "agreed", "reason": "双方商定不再承接，已书面确认"}).status_code == 303
    assert "入围机构都已退出" in page(owner, f"/frameworks/{framework_id}")
    again = page(owner, f"/frameworks/new?item={ITEM}&again={framework_id}")
    assert 'value="年度项目建议书框架协议"' in again


def test_an_enterprise_ends_a_framework_early_and_takes_a_draft_back(hall: Hall, browse: Browse) -> None:
    framework_id, draft = hall.in_force(500, 990), hall.written()
    owner, reason = browse(hall.market.owner), {"reason": "今年的项目都已经办完，不再需要"}
    assert post(owner, f"/frameworks/{framework_id}/close", {"reason": "短"}).status_code == 422
    assert post(owner, f"/frameworks/{framework_id}/close", reason).status_code == 303
    assert "提前结束" in page(owner, f"/frameworks/{framework_id}")
    assert "不能成交" in page(owner, f"/frameworks/{framework_id}/call")
    assert post(owner, f"/frameworks/{draft}/withdraw", reason).status_code == 303
    assert hall.framework(draft).state is FrameworkState.WITHDRAWN


def test_a_second_competition_on_the_pages_of_any_need(hall: Hall, browse: Browse) -> None:
    framework_id = hall.in_force(500, 600, 990, way=Way.PRICE)
    owner, call = browse(hall.market.owner), f"/frameworks/{framework_id}/call"
    sent = post(owner, call, {**form_values(page(owner, call)), **CALLED})
    assert sent.status_code == 303
    need_url = sent.location
    members = {one.agency_id for one in hall.members(framework_id)}
    outsider = next(actor for actor, one in hall.market.agents if one not in members)
    assert "只向框架协议的入围机构开放" in page(browse(outsider), f"{need_url}/quote")
    first = hall.members(framework_id)[0]
    form = page(browse(hall.agent(first.agency_id)), f"{need_url}/quote")
    assert "¥500" in form or "500 元" in form or "500.00" in form
    assert "邀请机构报价" not in page(owner, need_url)


def test_programs_do_the_same(hall: Hall, client: FlaskClient) -> None:
    owner = hall.market.world.api_token(hall.market.owner)
    asked = {
        "item_code": ITEM, "title": "年度项目建议书框架协议", "scale": "每份对应一个项目", "fund": "fiscal",
        "way": "direct", "unit": "份", "ceiling_fen": 100000, "total_fen": 200000, "wanted": 2,
    }  # fmt: skip
    made = client.post("/api/v1/frameworks", json={**asked, "months": 36}, headers=owner)
    assert (made.status_code, made.get_json()["state"]) == (201, "draft")
    url = f"/api/v1/frameworks/{made.get_json()['id']}"
    assert client.post(f"{url}/publish", json={}, headers=owner).get_json()["code"] == "framework-months"
    assert client.put(url, json=asked, headers=owner).get_json()["months"] == 12
    published = client.post(f"{url}/publish", json={}, headers=owner)
    assert published.status_code == 200
    need_id = published.get_json()["need_id"]
    assert client.get(f"/api/v1/needs/{need_id}").get_json()["terms"] == {
        "wanted": 2, "months": 12, "share": 20, "by_credit": 0,
    }  # fmt: skip
    hidden = client.post("/api/v1/needs", json={**asked, "method": "framework"}, headers=owner)
    assert hidden.status_code == 422
    for place, price in enumerate((500, 600, 990)):
        hall.market.quote(need_id, place, price)
    hall.market.close(need_id)
    hall.market.stay_signed_in()
    panel = client.post(f"{url}/panel", json={}, headers=owner)
    assert panel.status_code == 201, panel.get_json()
    assert [one["price_fen"] for one in panel.get_json()["members"]] == [50000, 60000]
    confirm_at = hall.framework(made.get_json()["id"]).confirm_at
    assert confirm_at is not None
    hall.clock.instant = confirm_at
    assert client.get(url).get_json()["state"] == "in_force"
    member = panel.get_json()["members"][1]
    asked_for = {**CALLED, "member_id": member["id"], "reason": WHY}
    other = client.post(f"{url}/call-offs", json={**asked_for, "item_code": "DG-A-02"}, headers=owner)
    assert (other.status_code, other.get_json()["code"]) == (422, "call-other-item")
    called = client.post(f"{url}/call-offs", json={**asked_for, "quantity": "2"}, headers=owner)
    assert (called.status_code, called.get_json()["amount_fen"], called.get_json()["quantity"]) == (201, 120000, "2")
    beyond = client.post(f"{url}/call-offs", json={**asked_for, "quantity": "2"}, headers=owner)
    assert beyond.get_json()["code"] == "call-above-total"
    assert [one["need_id"] for one in client.get(f"{url}/call-offs").json] == [called.get_json()["need_id"]]
    assert hall.need(called.get_json()["need_id"]).state is NeedState.AWARDED
    agency = hall.market.world.api_token(hall.agent(member["agency_id"]))
    own = client.get("/api/v1/framework-memberships", headers=agency).get_json()
    assert [(one["id"], one["price_fen"]) for one in own] == [(member["id"], 60000)]
    why = {"cause": "cost", "reason": "材料价格上涨，做不下来"}
    left = client.post(f"/api/v1/framework-members/{member['id']}/withdraw", json=why, headers=agency)
    assert left.get_json()["state"] == "withdrawn"
    removed = {"cause": "agreed", "reason": "双方商定不再承接，已书面确认"}
    first = panel.get_json()["members"][0]["id"]
    assert client.post(f"/api/v1/framework-members/{first}/remove", json=removed, headers=owner).status_code == 200
    ended = client.get(url).get_json()
    assert (ended["state"], ended["end_reason"], ended["spent_fen"]) == ("closed", "no-members", 120000)
    assert client.get("/api/v1/frameworks?state=closed").get_json()["items"][0]["members"] == 0
    closed = client.post(f"{url}/close", json={"reason": "已经结束的不能再结束一次"}, headers=owner)
    assert closed.status_code == 409
    draft = client.post("/api/v1/frameworks", json=asked, headers=owner).get_json()["id"]
    taken = client.post(
        f"/api/v1/frameworks/{draft}/withdraw", json={"reason": "本年度不再需要这项协议"}, headers=owner
    )
    assert taken.get_json()["state"] == "withdrawn"
    assert Money(ended["spent_fen"]) == Money.from_yuan(1200)
