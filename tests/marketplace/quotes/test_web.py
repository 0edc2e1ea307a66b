"""Quotes as people and programs use them: two screens to a receipt, changing, withdrawing, checking afterwards."""

from __future__ import annotations

import hashlib
import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import SignIn
from core.access import Actor
from core.money import Money
from marketplace.quotes import queries
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from tests.browser import Browse, owed, page, post
from tests.marketplace.selection.world import Market

GOOD = {"amount": "9.3万", "days": "15", "plan": "两名咨询师", "commitment_given": "1"}


def own(market: Market, actor: Actor, need_id: int) -> Quote | None:
    with market.works.reading() as work:
        return queries.own_quote(work.session, actor.org_id, need_id)


def pass_deadline(market: Market, need_id: int) -> None:
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at


def test_an_agency_quotes_in_two_screens_with_two_numbers_and_a_tick(market: Market, browse: Browse) -> None:
    need_id = market.publish(ceiling=Money.from_wan(12))
    actor, _agency_id = market.agency()
    agency = browse(actor)
    assert f'href="/needs/{need_id}/quote"' in page(agency, f"/needs/{need_id}")
    assert "12.00 万元" in page(agency, f"/needs/{need_id}/quote")
    answer = post(agency, f"/needs/{need_id}/quote", GOOD)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
    receipt = page(agency, answer.location)
    quote = own(market, actor, need_id)
    assert quote is not None
    for part in (quote.receipt_code[:4], quote.commitment[:4], "2026年3月18日（周三）10:00", "已密封"):
        assert part in receipt
    assert "您的报价" in page(agency, f"/needs/{need_id}")


def test_the_price_is_on_no_page_of_the_bidder_before_the_opening(market: Market, browse: Browse) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    agency = browse(actor)
    post(agency, f"/needs/{need_id}/quote", {**GOOD, "amount": "76543.21", "plan": "独一无二的方案"})
    urls = (f"/needs/{need_id}", f"/needs/{need_id}/quote", f"/needs/{need_id}/quote/receipt", "/quotes", "/desk")
    shown = "".join(agency.get(url).get_data(as_text=True) for url in urls)
    shown += agency.get("/api/v1/quotes").get_data(as_text=True)
    for hidden in ("76543", "76,543", "7.65", "独一无二的方案"):
        assert hidden not in shown


def test_a_posted_form_with_faults_comes_back_with_everything_typed(market: Market, browse: Browse) -> None:
    need_id = market.publish(ceiling=Money.from_wan("13.65"))
    actor, _agency_id = market.agency()
    agency = browse(actor)
    answer = post(agency, f"/needs/{need_id}/quote", {"amount": "", "days": "很快", "plan": "三步走"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    owed(text)
    assert "三步走" in text
    above = post(agency, f"/needs/{need_id}/quote", {**GOOD, "amount": "15.60万"})
    assert above.status_code == 422
    assert "报价 156,000.00 元高于最高限价 136,500.00 元。改报价再提交。" in above.get_data(as_text=True)
    bare = post(agency, f"/needs/{need_id}/quote", {**GOOD, "commitment_given": ""})
    assert "勾选承诺后再提交" in bare.get_data(as_text=True)
    assert own(market, actor, need_id) is None


def stay_signed_in(market: Market) -> None:
    """Let every browser's session outlive the wait for a deadline."""
    with market.works.system() as work:
        for row in work.session.scalars(select(SignIn)):
            row.seen_at, row.ends_at = work.clock.now(), work.clock.now() + timedelta(days=1)


def test_a_late_quote_is_told_both_times_and_that_the_former_stands(market: Market, browse: Browse) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    agency = browse(actor)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page(agency, f"/needs/{need_id}/quote"))
    assert token
    sent = {**GOOD, "csrf_token": token[1]}
    assert agency.post(f"/needs/{need_id}/quote", data=sent).status_code == 303
    pass_deadline(market, need_id)
    market.clock.advance(timedelta(seconds=3))
    stay_signed_in(market)
    late = agency.post(f"/needs/{need_id}/quote", data={**sent, "amount": "8万"})
    text = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "报价在 17:00:03 送达，已过截止时间 17:00:00，未被接收。您 10:00:00 提交的上一版仍然有效。" in text
    assert 'value="8万"' in text
    away = agency.post(f"/needs/{need_id}/quote/withdraw", data=sent)
    assert away.status_code == 303
    assert "已过截止时间" in page(agency, away.location)


def test_a_quote_is_changed_and_withdrawn_until_the_deadline(market: Market, browse: Browse) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    agency = browse(actor)
    post(agency, f"/needs/{need_id}/quote", GOOD)
    first = own(market, actor, need_id)
    assert "再次提交会替换上一版" in page(agency, f"/needs/{need_id}/quote")
    post(agency, f"/needs/{need_id}/quote", {**GOOD, "amount": "9万"})
    second = own(market, actor, need_id)
    assert first is not None
    assert second is not None
    assert first.receipt_code != second.receipt_code
    assert post(agency, f"/needs/{need_id}/quote/withdraw").status_code == 303
    assert own(market, actor, need_id) is None
    assert agency.get(f"/needs/{need_id}/quote/receipt").status_code == 404


def test_after_the_opening_the_receipt_shows_what_to_hash(market: Market, browse: Browse, app: Flask) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    headers = market.world.api_token(actor)
    client = app.test_client()
    sent = {"amount_fen": 9300000, "days": 15, "plan": "两名咨询师", "commitment_given": True}
    receipt = client.post(f"/api/v1/needs/{need_id}/quotes", json=sent, headers=headers).get_json()
    assert receipt["amount_fen"] is None
    assert "id" not in receipt
    pass_deadline(market, need_id)
    market.world.sign_in(client, actor)
    stay_signed_in(market)
    text = page(client, f"/needs/{need_id}/quote/receipt")
    assert "93,000.00 元" in text
    assert "玖万叁仟元整" in text
    body = html.unescape(re.findall(r'<textarea id="sealed"[^>]*>\n(.*?)</textarea>', text, re.DOTALL)[0])
    assert hashlib.sha256(b"quote-v1" + body.encode()).hexdigest() == receipt["commitment"]


def test_who_may_not_quote_is_told_what_is_missing(market: Market, browse: Browse) -> None:
    need_id = market.publish()
    actor, _agency_id = market.world.submitted()
    text = page(browse(actor), f"/needs/{need_id}/quote")
    assert "还不能报价" in text
    assert "机构不在架上" in text
    assert 'name="amount"' not in text


@pytest.mark.parametrize("who", ["owner", "city", "town"])
def test_nobody_but_agencies_reaches_the_quote_form(market: Market, browse: Browse, who: str) -> None:
    need_id = market.publish()
    actor = market.owner if who == "owner" else getattr(market.world, who)
    client = browse(actor)
    assert client.get(f"/needs/{need_id}/quote").status_code == 403
    assert client.get("/quotes").status_code == 403
    assert client.get(f"/needs/{need_id}/quote/receipt").status_code == 404


def test_a_stranger_is_sent_to_sign_in(market: Market, app: Flask) -> None:
    need_id = market.publish()
    answer = app.test_client().get(f"/needs/{need_id}/quote")
    assert answer.status_code == 303
    assert "/sign-in" in answer.location


def test_all_quotes_are_public_after_the_award_and_not_before(market: Market, app: Flask) -> None:
    need_id, ids = market.opened(100, 200)
    client = app.test_client()
    url = f"/needs/{need_id}/quotes"
    assert "选定后，全部报价连同机构名称和金额在这里公开" in page(client, url)
    assert client.get(f"/api/v1{url}").get_json()["items"] == []
    market.award(need_id, ids[0])
    text = page(client, url)
    assert "100.00 元" in text
    assert "200.00 元" in text
    items = client.get(f"/api/v1{url}").get_json()["items"]
    assert [(one["state"], one["amount_fen"]) for one in items] == [("won", 10000), ("lost", 20000)]


def test_a_quote_by_api_from_handing_in_to_withdrawing(market: Market, app: Flask) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    client, headers = app.test_client(), market.world.api_token(actor)
    url = f"/api/v1/needs/{need_id}/quotes"
    sent = {"amount": "93000", "days": 15, "commitment_given": True}
    made = client.post(url, json=sent, headers={**headers, "Idempotency-Key": "one"})
    assert made.status_code == 201
    again = client.post(url, json=sent, headers={**headers, "Idempotency-Key": "one"})
    assert again.get_json()["receipt_code"] == made.get_json()["receipt_code"]
    assert client.get(f"{url}/own", headers=headers).get_json()["state"] == "sealed"
    listed = client.get("/api/v1/quotes", headers=headers).get_json()
    assert [one["need_id"] for one in listed["items"]] == [need_id]
    assert client.delete(f"{url}/own", headers=headers).get_json()["state"] == "withdrawn"
    assert client.get(f"{url}/own", headers=headers).status_code == 404
    with market.works.reading() as work:
        states = [one.state for one in work.session.query(Quote)]
    assert states == [QuoteState.WITHDRAWN]


def test_a_program_is_told_which_field_of_a_quote_is_wrong(market: Market, app: Flask) -> None:
    need_id = market.publish(ceiling=Money.from_yuan(100))
    client, headers = app.test_client(), market.world.api_token(market.agency()[0])
    url = f"/api/v1/needs/{need_id}/quotes"
    answer = client.post(url, json={"amount_fen": 20000, "days": 5, "commitment_given": True}, headers=headers)
    assert answer.status_code == 422
    assert (answer.get_json()["code"], answer.get_json()["field"]) == ("above-ceiling", "amount")
    assert client.post(url, json={"amount_fen": 0, "days": 5}, headers=headers).status_code == 422


def test_the_desk_shows_notices_that_fit_until_they_are_quoted_for(market: Market, browse: Browse) -> None:
    need_id = market.publish()
    actor, agency_id = market.agency()
    market.publish(title="声明回避的项目建议书", avoid=((agency_id, "关联企业"),))
    market.publish(title="另一类服务的公告", item_code="DG-A-03")
    agency = browse(actor)
    desk = page(agency, "/desk")
    assert f'href="/needs/{need_id}"' in desk
    assert "声明回避的项目建议书" not in desk
    assert "另一类服务的公告" not in desk
    post(agency, f"/needs/{need_id}/quote", GOOD)
    desk = page(agency, "/desk")
    assert f'href="/needs/{need_id}/quote/receipt"' in desk
    assert f'href="/needs/{need_id}"' not in desk
