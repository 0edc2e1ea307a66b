"""Notice, quote, contract and settlement pages show the benchmark for their own numbers, on their own day."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask

from agencies.fees import register
from agencies.fees.engine.calculation import calculate
from core.clock import beijing_day
from core.money import Money
from marketplace.contracts.rules import PaidLine
from marketplace.needs.benchmark import against, benchmark, difference
from marketplace.needs.models import Need
from tests.browser import Browse, page
from tests.marketplace.contracts.deal import accepted, drafted, now, settle, signed
from tests.marketplace.selection.world import Market

INPUTS = {"investment": "1亿", "service": "proposal"}
HEADING = "与收费标准比"
BOUND_AND_FREED = (date(2012, 6, 1), date(2026, 3, 18))


def linked(text: str) -> str:
    """Return the address of the working a page links to."""
    found = re.search(r'href="(/fees/preliminary-consulting/calculate\?[^"]+)"', text)
    assert found is not None, text[:3000]
    return found[1].replace("&amp;", "&")


def figure(text: str) -> str:
    """Return the big figure of a page."""
    found = re.search(r'class="big"><b>([^<]+)</b>', text)
    assert found is not None
    return found[1]


def test_the_notice_and_the_quote_page_show_the_schedule_of_the_notices_day(market: Market, browse: Browse) -> None:
    need_id = market.publish(fee_inputs=INPUTS)
    actor, _agency_id = market.agency()
    today = beijing_day(market.clock.instant)
    for address in (f"/needs/{need_id}", f"/needs/{need_id}/quote"):
        text = page(browse(actor), address)
        assert "建设项目前期工作咨询收费" in text
        assert f"on={today.isoformat()}" in linked(text)
        assert "仅供参考" in text
        assert figure(page(browse(actor), linked(text))) == figure(text)


def test_nothing_of_a_quote_is_held_against_the_schedule_before_the_opening(market: Market, browse: Browse) -> None:
    need_id = market.publish(fee_inputs=INPUTS)
    market.quote(need_id, 0, 123456)
    bidder, other = market.agents[0][0], market.agency()[0]
    for actor in (bidder, other, market.owner, market.world.city):
        for address in (f"/needs/{need_id}", f"/needs/{need_id}/quotes"):
            text = page(browse(actor), address)
            assert "收费基准 1" not in text
            assert "低于收费基准" not in text
            assert "123,456" not in text
            assert "12.35" not in text
    receipt = page(browse(bidder), f"/needs/{need_id}/quote/receipt")
    assert HEADING not in receipt
    assert "12.35" not in receipt


def test_an_opened_quote_is_shown_beside_the_benchmark_to_its_own_agency(market: Market, browse: Browse) -> None:
    need_id, _ids = market.opened(60_000, 90_000, fee_inputs=INPUTS)
    receipt = page(browse(market.agents[0][0]), f"/needs/{need_id}/quote/receipt")
    assert HEADING in receipt
    assert re.search(r"低于收费基准 \d+\.\d%|在参考区间内|低于参考区间下端", receipt)
    assert "本价 60,000" in receipt


def test_the_list_of_opened_quotes_says_how_each_stands(market: Market, browse: Browse) -> None:
    need_id, ids = market.opened(60_000, 990_000, fee_inputs=INPUTS)
    market.award(need_id, ids[0])
    text = page(browse(market.owner), f"/needs/{need_id}/quotes")
    assert "低于收费基准" in text
    assert "高于收费基准" in text


def test_a_contract_shows_the_schedule_of_the_day_it_was_closed(market: Market, browse: Browse) -> None:
    contract = signed(market, 60_000, 90_000, fee_inputs=INPUTS)
    text = page(browse(market.owner), f"/contracts/{contract.id}")
    assert HEADING in text
    starts_at = now(market, contract).starts_at
    assert starts_at is not None
    assert f"on={beijing_day(starts_at).isoformat()}" in linked(text)
    assert "本价 60,000" in text


def test_a_draft_of_a_contract_shows_it_too(market: Market, browse: Browse) -> None:
    contract, _award = drafted(market, 60_000, 90_000, fee_inputs=INPUTS)
    assert HEADING in page(browse(market.owner), f"/contracts/{contract.id}")


def test_what_was_paid_is_held_against_the_schedule(market: Market, browse: Browse) -> None:
    contract = accepted(market, 60_000, 90_000, fee_inputs=INPUTS)
    settle(market, contract, PaidLine("服务费", Money.from_yuan(55_000)), reason="少做一次现场踏勘，双方商定扣减")
    text = page(browse(market.owner), f"/contracts/{contract.id}")
    assert text.count(HEADING) == 2
    assert "本价 55,000" in text
    assert "看按当时标准怎么算" in text


def test_a_deal_without_a_schedule_shows_none(market: Market, browse: Browse) -> None:
    contract = signed(market, 100, 200)
    assert HEADING not in page(browse(market.owner), f"/contracts/{contract.id}")


@pytest.mark.parametrize(
    ("yuan", "said"),
    [("9.30", "低于收费基准 7.0%"), ("10", "等于收费基准"), ("12.5", "高于收费基准 25.0%")],
)
def test_a_difference_is_said_in_words(app: Flask, yuan: str, said: str) -> None:
    with app.test_request_context():
        assert difference(Money.from_yuan(yuan), Money.from_yuan(10), "收费基准") == said


def test_only_a_cap_that_bound_on_the_day_is_called_one(app: Flask) -> None:
    inputs = {"award_amount": "6000万", "category": "works", "funding": "government"}
    price = Money.from_wan(30)
    schedule = register.SCHEDULES["tender-agency"]
    with app.test_request_context():
        bound, freed = (against(calculate(schedule, day, inputs), price) for day in BOUND_AND_FREED)
        need = Need(item_code="DG-C-54", schedule_id="tender-agency", fund="fiscal", ceiling=None)
        need.fee_inputs = {"award_amount": "6000万", "category": "works"}
        shown = [benchmark(need, day, price) for day in BOUND_AND_FREED]
    assert any("当日法定上限" in one for one in bound)
    assert not any("上限" in one for one in freed)
    assert [one.view.bar["band"] for one in shown if one is not None] == ["binding", "history"]
