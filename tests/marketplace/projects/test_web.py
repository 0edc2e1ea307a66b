"""The plan on pages and for programs: laid out, looked at, changed, bought from, read by the public."""

from __future__ import annotations

import html
import re

from flask import Flask
from sqlalchemy import select

from core.access import OrgKind
from marketplace.needs import service as needs
from marketplace.needs.models import Need
from marketplace.projects.models import PlanEntry, Project
from tests.browser import Browse, owed, page, post
from tests.marketplace.selection.world import Market

CODE = "2026-441900-47-01-000123"
FORM = {"code": CODE, "name": "长安厂房扩建", "kind": "factory", "fund": "social", "investment": "3200"}


def entry_of(market: Market, item: str) -> int:
    with market.works.reading() as work:
        return work.session.scalars(select(PlanEntry.id).where(PlanEntry.item_code == item)).one()


def test_a_project_is_planned_changed_and_bought_from_on_pages(market: Market, browse: Browse, app: Flask) -> None:
    owner = browse(market.owner)
    assert "还没有项目" in page(owner, "/projects")
    wrong = post(owner, "/projects/new", {**FORM, "code": "2026", "land_area_ha": "很多"})
    text = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    owed(text)
    assert "写成 2026-441900-47-01-000123 的样子" in text
    assert "只填数字" in text
    assert "长安厂房扩建" in text
    made = post(owner, "/projects/new", {**FORM, "land_area_ha": "0.3", "earthwork_m3": "500"})
    assert made.status_code == 303, made.get_data(as_text=True)[:3000]
    url = made.location
    text = page(owner, url)
    assert "并行推进共 490 天" in text
    assert "关键路线：" in text
    assert "第 1 条线" in text
    assert '<svg class="chart lanes" role="img" aria-label="并行推进共' in text
    assert "按规则" in text
    assert "现在可以采购" in page(owner, "/projects")
    assert url in page(owner, "/desk")
    survey, design = entry_of(market, "DG-C-48"), entry_of(market, "DG-C-49")
    shown = page(owner, f"/plan-entries/{design}")
    assert "先勘察、后设计" in shown
    loop = post(owner, f"/plan-entries/{survey}", {"days": "30", "before": [str(design)]})
    assert loop.status_code == 422
    assert "这样会绕成一圈，谁也开始不了：" in html.unescape(loop.get_data(as_text=True))
    assert post(owner, f"/plan-entries/{survey}", {"days": "20"}).status_code == 303
    bare = post(owner, f"/plan-entries/{survey}/moves", {"verb": "waive"}, f"/plan-entries/{survey}")
    assert bare.status_code == 422
    assert "写明理由" in bare.get_data(as_text=True)
    moved = post(owner, f"/plan-entries/{survey}/moves", {"verb": "take_on", "reason": "已在平台外委托"}, url)
    assert moved.status_code == 303
    assert "自行编制中" in page(owner, url)
    bought = post(owner, f"{url}/buy", {}, url)
    assert bought.status_code == 303
    text = page(owner, url)
    assert "草稿，等您核对发布" in text
    drafts = re.findall(r'href="(/needs/\d+/check)"', text)
    page(owner, drafts[0])
    assert post(owner, f"{url}/moves", {"verb": "cancel"}, url).status_code == 422
    page(owner, f"{url}/edit")
    with market.works.writing(market.owner) as work:
        need = work.session.scalars(select(Need).where(Need.item_code == "DG-A-05")).one()
        needs.publish(work, need.id)
    public = page(app.test_client(), f"/projects/{CODE}")
    assert "长安厂房扩建固定资产投资项目节能报告编制" in public
    assert "长安厂房扩建工程勘察" not in public
    assert page(app.test_client(), "/projects/no-such-code", 404)
    stranger = browse(market.world.actor(OrgKind.ENTERPRISE, "东莞市丁实业有限公司"))
    page(stranger, url, 404)
    page(stranger, f"/plan-entries/{design}", 404)


def test_a_plan_is_read_and_written_by_programs(market: Market, app: Flask) -> None:
    client, headers = app.test_client(), market.world.api_token(market.owner)
    body = {"code": CODE, "name": "长安厂房扩建", "kind": "other", "fund": "social", "investment_fen": 3_200_000_000}
    made = client.post("/api/v1/projects", json=body, headers=headers)
    assert made.status_code == 201, made.text
    project_id = made.get_json()["id"]
    for item in ("DG-C-48", "DG-C-49"):
        plan = client.post(f"/api/v1/projects/{project_id}/plan", json={"item_code": item}, headers=headers).get_json()
    survey, design = plan["entries"]
    assert plan["orders"] == [{"before": survey["id"], "after": design["id"]}]
    assert (plan["total_days"], plan["in_turn_days"], plan["saved_days"]) == (75, 75, 0)
    assert plan["critical"] == [survey["id"], design["id"]]
    assert (survey["is_ready"], design["is_ready"], design["waits_for"]) == (True, False, [survey["id"]])
    circle = client.put(
        f"/api/v1/plan-entries/{survey['id']}", json={"days": 30, "before": [design["id"]]}, headers=headers
    )
    assert (circle.status_code, circle.get_json()["code"]) == (422, "plan-loop")
    assert "→" in circle.get_json()["title"]
    freed = client.put(f"/api/v1/plan-entries/{design['id']}", json={"days": 40}, headers=headers).get_json()
    assert (freed["total_days"], freed["saved_days"]) == (40, 30)
    moved = client.post(
        f"/api/v1/plan-entries/{survey['id']}/moves",
        json={"verb": "waive", "reason": "沿用原勘察成果"},
        headers=headers,
    )
    assert {one["item_code"]: one["progress"] for one in moved.get_json()["entries"]}["DG-C-48"] == "not_needed"
    drafted = client.post(f"/api/v1/projects/{project_id}/purchases", headers=headers)
    assert len(drafted.get_json()["need_ids"]) == 1
    assert client.get("/api/v1/projects", headers=headers).get_json()[0]["code"] == CODE
    changed = client.put(f"/api/v1/projects/{project_id}", json={**body, "name": "长安厂房二期"}, headers=headers)
    assert changed.get_json()["name"] == "长安厂房二期"
    public = client.get(f"/api/v1/projects/by-code/{CODE}/notices")
    assert public.get_json() == {"code": CODE, "items": []}
    ended = client.post(
        f"/api/v1/projects/{project_id}/moves", json={"verb": "cancel", "reason": "项目停建"}, headers=headers
    )
    assert ended.get_json()["state"] == "cancelled"
    with market.works.reading() as work:
        assert work.session.get_one(Project, project_id).end_reason == "项目停建"
