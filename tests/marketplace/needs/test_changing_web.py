"""Amending, inviting, confirming and explaining as people do it on pages, and programs by the API."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.access import Actor
from core.money import Money
from marketplace.needs.models import Need
from marketplace.quotes.models import Explanation
from tests.browser import form_values, owed, page, post
from tests.marketplace.selection.world import Market
from tests.marketplace.test_looks import signed_in

PDF = b"%PDF-1.7\nthe plan\n%%EOF"


def browser(app: Flask, market: Market, actor: Actor) -> FlaskClient:
    return signed_in(app, market, actor)


def test_an_amendment_stands_side_by_side_on_the_notice(market: Market, app: Flask) -> None:
    need_id = market.publish(ceiling=Money.from_wan(12))
    actor, _agency_id = market.agency()
    agency, owner = browser(app, market, actor), browser(app, market, market.owner)
    post(agency, f"/needs/{need_id}/quote", {"amount": "9.3万", "days": "15", "commitment_given": "1"})
    url = f"/needs/{need_id}/amend"
    assert url in page(owner, f"/needs/{need_id}")
    sent = {**form_values(page(owner, url)), "reason": "设计单位补充了图纸"}
    same = post(owner, url, sent)
    assert same.status_code == 422
    assert "没有可更正的" in same.get_data(as_text=True)
    owed(same.get_data(as_text=True))
    done = post(owner, url, {**sent, "ceiling": "10", "scale": "建筑面积 5 万平方米"})
    assert done.status_code == 303, done.get_data(as_text=True)[:3000]
    shown = page(app.test_client(), f"/needs/{need_id}")
    for part in (
        "第 1 号更正",
        "建筑面积 3 万平方米",
        "建筑面积 5 万平方米",
        "120,000.00 元",
        "100,000.00 元",
        "设计单位补充",
    ):
        assert part in shown
    receipt = page(agency, f"/needs/{need_id}/quote/receipt")
    assert "公告已更正，这份报价要您确认" in receipt
    assert post(agency, f"/needs/{need_id}/quote/confirm", at=f"/needs/{need_id}/quote/receipt").status_code == 303
    assert "公告已更正，这份报价要您确认" not in page(agency, f"/needs/{need_id}/quote/receipt")
    listed = app.test_client().get(f"/api/v1/needs/{need_id}/amendments").get_json()
    assert [(one["number"], one["is_material"]) for one in listed] == [(1, True)]


def test_a_program_amends_only_what_may_change(market: Market, app: Flask) -> None:
    need_id = market.publish()
    client, headers = app.test_client(), market.world.api_token(market.owner)
    url = f"/api/v1/needs/{need_id}/amendments"
    assert client.post(url, json={"fund": "fiscal", "reason": "改资金性质"}, headers=headers).status_code == 422
    made = client.post(url, json={"ceiling_fen": 5_000_000, "reason": "预算已批复"}, headers=headers)
    assert made.status_code == 201
    assert made.get_json()["changes"] == [{"field": "ceiling", "before": None, "after": 5_000_000}]


def test_invited_agencies_are_named_and_an_excluded_one_is_told_what_follows(market: Market, app: Flask) -> None:
    (_one, agency_id), (out, out_id) = market.agency(), market.agency()
    need_id = market.publish(avoid=((out_id, "与业主有控股关系"),))
    owner = browser(app, market, market.owner)
    url = f"/needs/{need_id}/invite"
    text = page(owner, url)
    assert f'value="{agency_id}"' in text
    assert f'value="{out_id}"' not in text
    assert post(owner, url).status_code == 422
    assert post(owner, url, {"agency_ids": str(agency_id)}).status_code == 303
    assert "业主邀请报价" in page(app.test_client(), f"/needs/{need_id}")
    told = page(browser(app, market, out), f"/needs/{need_id}")
    assert "业主声明贵机构回避" in told
    assert "不影响信用和别的公告" in told
    page(owner, url)


def test_a_quote_by_unit_prices_with_a_file_is_seen_whole_after_the_award(market: Market, app: Flask) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    agency = browser(app, market, actor)
    sent = {"lines": "钻探 米 120 85.5\n取样 组 3 100", "days": "15", "commitment_given": "1"}
    sent["files"] = (io.BytesIO(PDF), "方案.pdf")  # type: ignore[assignment]  # what the client takes for an upload
    bad = post(agency, f"/needs/{need_id}/quote", {**sent, "lines": "钻探", "files": (io.BytesIO(PDF), "方案.pdf")})
    assert "每行写" in bad.get_data(as_text=True)
    owed(bad.get_data(as_text=True))
    done = post(agency, f"/needs/{need_id}/quote", sent)
    assert done.status_code == 303, done.get_data(as_text=True)[:3000]
    market.close(need_id)
    market.award(need_id, 1)
    text = page(app.test_client(), f"/needs/{need_id}/quotes")
    assert "10,560.00 元" in text
    assert "钻探" in text
    link = re.search(r'href="(/quotes/\d+/files/1)"', text)
    assert link is not None
    assert app.test_client().get(link[1]).get_data() == PDF
    page(browser(app, market, actor), f"/needs/{need_id}/quote/receipt")


def test_a_low_price_is_explained_and_decided_on_one_page(market: Market, app: Flask) -> None:
    market.opened(30, 100, 110)
    with market.works.reading() as work:
        row = work.session.scalars(select(Explanation)).one()
    url = f"/explanations/{row.id}"
    agency, owner = browser(app, market, market.agents[0][0]), browser(app, market, market.owner)
    assert url in page(owner, f"/needs/{row.need_id}")
    assert url not in page(app.test_client(), f"/needs/{row.need_id}")
    assert "说明这个价格" in page(agency, url)
    assert "记录认定" not in page(owner, url)
    assert post(agency, f"{url}/answer", {"text": "少"}, url).status_code == 422
    sent = {"text": "人员和设备都在本地，成本明细见附件", "file": (io.BytesIO(PDF), "明细.pdf")}
    assert post(agency, f"{url}/answer", sent, url).status_code == 303
    assert owner.get(f"{url}/file", buffered=True).get_data() == PDF
    assert post(owner, f"{url}/decision", {"verdict": "accept", "reason": "行"}, url).status_code == 422
    chosen = {"verdict": "accept", "reason": "成本明细与报价一致，可以履约"}
    assert post(owner, f"{url}/decision", chosen, url).status_code == 303
    assert "已采信" in page(agency, url)
    assert browser(app, market, market.agents[1][0]).get(url).status_code in {403, 404}


@pytest.mark.parametrize("count", [0, 2])
def test_a_notice_says_the_next_step_where_quotes_are_too_few(market: Market, app: Flask, count: int) -> None:
    need_id = market.publish(fund="fiscal", ceiling=Money.from_yuan(200))
    for place in range(count):
        market.quote(need_id, place, 100 + place)
    market.close(need_id)
    text = page(browser(app, market, market.owner), f"/needs/{need_id}")
    if count:
        assert "报价时间已延长" in text
        assert "有效报价不足，按规则延长" in text
    else:
        assert "改为直接选取再发" in text
        answer = post(
            browser(app, market, market.owner), f"/needs/{need_id}/repeat", {"method": "direct"}, f"/needs/{need_id}"
        )
        assert answer.status_code == 303
        with market.works.reading() as work:
            copy = work.session.scalars(select(Need).where(Need.repeats_id == need_id)).one()
        assert (copy.method, copy.method_basis) == ("direct", "earlier-failed")
