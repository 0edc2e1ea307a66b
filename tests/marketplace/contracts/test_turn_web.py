"""A contract's turns on pages and by API: asked, answered, refused beside the field, and a way on from each page."""

from __future__ import annotations

from flask import Flask

from accounts.models import Organisation
from core.access import OrgKind
from marketplace.contracts import outcome_table
from tests.browser import Browse, owed, page, post
from tests.marketplace.contracts.deal import accepted, now, signed
from tests.marketplace.selection.world import Market

WHY = "审批部门要求补充论证内容"


def test_a_pause_and_an_amendment_are_asked_and_answered_on_the_deals_page(market: Market, browse: Browse) -> None:
    contract = signed(market)
    url = f"/contracts/{contract.id}"
    owner, agent = browse(market.owner), browse(market.agents[0][0])
    assert "至少写 10 字" in post(agent, f"{url}/pauses", {"cause": "department", "reason": "等"}, url).text
    assert post(agent, f"{url}/pauses", {"cause": "department", "reason": WHY}, url).status_code == 303
    proposed = post(agent, f"{url}/amendments", {"kind": "extension", "reason": WHY, "days": "10"})
    assert "延长期限要填比 15 多的天数" in proposed.text
    owed(proposed.text)
    assert post(agent, f"{url}/amendments", {"kind": "extension", "reason": WHY, "days": "20"}).status_code == 303
    shown = page(owner, url)
    assert "同意暂停" in shown
    assert '<a href="#pauses">对方申请暂停计时</a>' in shown
    assert "签署变更" in shown
    refused = post(owner, f"{url}/pauses/1/answer", {"answer": "no"}, url)
    assert refused.status_code == 422
    owed(refused.text)
    assert "填写不同意的理由" in refused.text
    assert post(owner, f"{url}/pauses/1/answer", {"answer": "yes"}, url).status_code == 303
    assert "计时已暂停" in page(agent, url)
    assert post(owner, f"{url}/amendments/1/answer", {"answer": "yes"}, url).status_code == 303
    assert post(agent, f"{url}/pauses/1/end", {}, url).status_code == 303
    done = page(agent, url)
    assert "变更协议" in done
    assert "时间归谁" in done
    assert "与公告和报价比" in done
    office = page(browse(market.world.city), url)
    assert "申请暂停计时" not in office


def test_a_department_enters_one_finding_and_imports_a_table(market: Market, browse: Browse) -> None:
    contract = accepted(market)
    actor = market.world.actor(OrgKind.DEPARTMENT, "某局", None)
    with market.works.system() as work:
        row = work.session.get_one(Organisation, actor.org_id)
        row.department_code = "dev-reform"
        work.record(row, "test.department")
    desk, url = browse(actor), f"/contracts/{contract.id}/outcomes"
    assert contract.number in page(desk, "/outcomes")
    page(desk, url)
    assert (
        "至少选一个原因" in post(desk, url, {"version_no": "1", "finding": "returned", "decided_on": "2026-04-02"}).text
    )
    day = now(market, contract).accepted_at.date()
    found = {"version_no": "1", "finding": "returned", "codes": ["R01"], "decided_on": str(day)}
    assert post(desk, url, found).status_code == 303
    assert "R01 成果缺项" in page(browse(market.owner), f"/contracts/{contract.id}")
    table = outcome_table.write([(contract.number, "1", "退回", "R01", str(day), ""), ("HT-0", "", "通过", "", "", "")])
    back = post(desk, "/outcomes", {"rows": table})
    owed(back.text)
    assert "登记 0 行，已有 1 行，退回 1 行" in back.text
    assert "HT-0" in back.text
    assert "第一行要是表头" in post(desk, "/outcomes", {"rows": "甲,乙"}).text
    assert browse(market.agents[1][0]).get("/outcomes").status_code == 403


def test_turns_run_by_api_and_the_contract_tells_whose_days_it_took(app: Flask, market: Market) -> None:
    contract, client = signed(market), app.test_client()
    owner, agent = market.world.api_token(market.owner), market.world.api_token(market.agents[0][0])
    url = f"/api/v1/contracts/{contract.id}"
    asked = client.post(f"{url}/pauses", json={"cause": "enterprise", "reason": WHY}, headers=agent)
    assert (asked.status_code, asked.get_json()["state"]) == (201, "asked")
    assert client.post(f"{url}/pauses/1/answer", json={"agrees": True}, headers=owner).get_json()["state"] == "running"
    change = {"kind": "price", "reason": WHY, "amount_fen": 12_000}
    assert client.post(f"{url}/amendments", json=change, headers=owner).status_code == 201
    signed_now = client.post(f"{url}/amendments/1/answer", json={"agrees": True}, headers=agent).get_json()
    assert signed_now["state"] == "in_force"
    assert signed_now["paper"]
    assert client.post(f"{url}/pauses/1/end", headers=agent).get_json()["state"] == "ended"
    whole = client.get(url, headers=agent).get_json()
    assert (whole["amount_fen"], whole["signed_amount_fen"]) == (12_000, 10_000)
    assert whole["time"]["total_days"] == 0
    assert [one["no"] for one in whole["pauses"]] == [1]
    ended = {"cause": "agreed", "reason": WHY, "payable_fen": 3_000}
    assert (
        client.post(f"{url}/termination", json=ended, headers=owner).get_json()["termination"]["payable_fen"] == 3_000
    )
    view = client.post(f"{url}/termination/view", json={"agrees": True}, headers=agent)
    assert view.get_json()["agrees"] is True
