"""Mean, best price, random, credit merit and rounds of bidding through services, pages and API."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core import deadlines
from core.clock import BEIJING
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.money import Money
from marketplace.needs import service as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.selection import bidding, queries, service
from marketplace.selection.commands import Reason, RejectQuote
from marketplace.selection.lifecycle import SelectionState
from marketplace.selection.models import Selection
from marketplace.selection.ranking import Line
from tests.browser import Browse, page, post
from tests.marketplace.selection.test_ends import TERMS, asked_of, switch_on
from tests.marketplace.selection.world import WHY, Market

HANDLERS = {"selection.round": bidding.end_round, "need.close": lambda _work, _id: None}


def lines_of(market: Market, need_id: int) -> list[Line]:
    with market.works.reading() as work:
        need, selection = work.session.get_one(Need, need_id), queries.selection_of(work.session, need_id)
        assert selection is not None
        return list(queries.weigh(work.session, need, selection, market.clock.now().date()).lines)


def selection_of(market: Market, need_id: int) -> Selection:
    with market.works.reading() as work:
        found = queries.selection_of(work.session, need_id)
        assert found is not None
        return found


def test_the_mean_wins_and_page_and_json_show_every_step(market: Market, browse: Browse) -> None:
    need_id, ids = market.opened(100, 200, 600, **asked_of("mean"))
    owner = browse(market.owner)
    assert "3 家计入报价的平均数是 300.00 元。" in page(owner, f"/needs/{need_id}/selection")
    with pytest.raises(Invalid, match="only-the-first"):
        market.award(need_id, ids[0], WHY)
    market.award(need_id, ids[1])
    text = page(browse(market.agents[0][0]), f"/needs/{need_id}/result")
    assert "离基准比中选报价远" in text
    assert "离基准 200.00 元" in text
    told = (owner.get(f"/api/v1/needs/{need_id}/result").json or {})["protocol"]
    assert told["working"] == [{"code": "mean", "facts": {"count": 3, "mean": "300.00"}}]
    assert told["order"] == ["distance", "standing", "price", "draw"]
    assert [line["working"][0]["facts"]["distance"] for line in told["lines"]] == ["100.00", "200.00", "300.00"]


def test_the_mean_stays_when_one_is_found_invalid_after_the_opening(market: Market) -> None:
    need_id, ids = market.opened(100, 200, 600, **asked_of("mean"))
    with market.works.writing(market.owner) as work:
        service.reject(work, need_id, RejectQuote(ids[2], WHY))
    assert [line.entrant.quote_id for line in lines_of(market, need_id) if line.rank] == [ids[1], ids[0]]


def test_the_best_price_is_closed_until_an_administrator_opens_it(market: Market) -> None:
    with pytest.raises(Invalid, match="method-off"):
        market.publish(**asked_of("best-price"))
    switch_on(market, "factor-draw")
    need_id, ids = market.opened(100, 320, 340, 360, 380, 900, **asked_of("best-price"))
    lines = lines_of(market, need_id)
    assert {line.entrant.quote_id: line.out for line in lines if line.out} == {
        ids[0]: "dropped-lowest", ids[5]: "dropped-highest",
    }  # fmt: skip
    with pytest.raises(Invalid, match="quote-does-not-count"):
        market.award(need_id, ids[0], WHY)
    market.award(need_id, lines[0].entrant.quote_id)
    protocol = selection_of(market, need_id).protocol
    assert protocol is not None
    factor = next(one["facts"]["factor"] for one in protocol["working"] if one["code"] == "factor")
    assert factor == protocol["draw"]["factor"] == factor_of(protocol["draw"])


def test_the_notice_carries_the_commitment_that_the_result_opens(market: Market, app: Flask) -> None:
    need_id = market.publish()
    committed = selection_of(market, need_id).draw_commitment
    client = app.test_client()
    assert committed in page(client, f"/needs/{need_id}")
    assert (client.get(f"/api/v1/needs/{need_id}/result").json or {})["draw_commitment"] == committed


def factor_of(bundle: dict[str, Any]) -> int:
    """Work the factor out from the published bundle with nothing but a hash, as a bystander would."""

    def mixed(*parts: Any) -> bytes:
        raw = [one if isinstance(one, bytes) else str(one).encode() for one in parts]
        return hashlib.sha256(b"".join(len(one).to_bytes(4, "big") + one for one in raw)).digest()

    keys = sorted(bundle["weights"], key=str.encode)
    root = mixed("list", *[part for key in keys for part in (key, bundle["weights"][key])])
    assert root.hex() == bundle["list_hash"]
    secrets = [bytes.fromhex(secret) for secret in bundle["secrets"]]
    for secret, commit in zip(secrets, bundle["commits"], strict=True):
        assert mixed("commit", bundle["draw"], secret).hex() == commit
    seed = mixed("seed", bundle["draw"], root, bytes.fromhex(bundle["beacon_sig"]), *secrets)
    tickets = {k: min(mixed("ticket", seed, k, j) for j in range(bundle["weights"][k])) for k in keys}
    assert sorted(keys, key=lambda key: tickets[key]) == bundle["ranking"]
    return 95 + int.from_bytes(mixed("K", seed), "big") % 4


@pytest.mark.parametrize("method", ["best-price", "random"])
def test_state_money_needs_three_where_chance_decides(market: Market, method: str) -> None:
    switch_on(market, "factor-draw", "random", fund="fiscal")
    asked = {**asked_of(method), "fund": "fiscal", "ceiling": Money.from_yuan(100)}
    need_id, ids = market.opened(100, 100, 100, **asked)
    with market.works.writing(market.owner) as work:
        service.reject(work, need_id, RejectQuote(ids[0], WHY))
    assert market.need(need_id).state is NeedState.FAILED


def test_random_has_one_price_and_the_draw_alone_decides(market: Market) -> None:
    with pytest.raises(Invalid, match="method-off"):
        market.publish(**asked_of("random"))
    switch_on(market, "random")
    with pytest.raises(Invalid, match="fixed-price-required"):
        market.publish(**{**asked_of("random"), "ceiling": None})
    market.agency(5000)
    market.agency(1000)
    need_id = market.publish(**asked_of("random"))
    with pytest.raises(Invalid, match="price-is-fixed"):
        market.quote(need_id, 0, 99)
    ids = [market.quote(need_id, place, 100) for place in range(3)]
    market.close(need_id)
    lines = lines_of(market, need_id)
    market.award(need_id, lines[0].entrant.quote_id)
    protocol = selection_of(market, need_id).protocol
    assert protocol is not None
    assert [line["key"] for line in protocol["lines"]] == protocol["draw"]["ranking"]
    assert {line["why_not"] for line in protocol["lines"][1:]} == {"draw-later"}
    assert {line["quote_id"] for line in protocol["lines"]} == set(ids)


def test_credit_merit_draws_a_small_list_from_a_large_one_and_the_enterprise_picks(
    market: Market, browse: Browse
) -> None:
    for standing in (1000, 2000, 3000, 4000, None):
        market.agency(standing)
    need_id, _ids = market.opened(*[100] * 5, method="credit", method_basis="", terms={"large": 3, "small": 2})
    entries = {entry["standing"]: entry["numbers"] for entry in selection_of(market, need_id).entrants}
    assert entries == {1000: 2, 2000: 4, 3000: 6, 4000: 8, None: 6}
    lines = lines_of(market, need_id)
    assert [line.entrant.standing for line in lines if line.out == "cut-by-standing"] == [1000, 2000]
    first, second, third = (line.entrant.quote_id for line in lines[:3])
    with pytest.raises(Invalid, match="quote-cannot-win"):
        market.award(need_id, third, WHY)
    with pytest.raises(Invalid, match="reason-too-short"):
        market.award(need_id, first)
    award = market.award(need_id, second, WHY)
    assert {loser["code"] for loser in award.losers} == {
        "owner-chose-otherwise", "outside-small-list", "cut-by-standing",
    }  # fmt: skip
    text = page(browse(market.owner), f"/needs/{need_id}/result")
    assert "报名 5 家，大名单 3 家" in text
    assert "按信用评分没有进大名单" in text
    assert "个号）" in text
    agent = next(actor for actor, agency_id in market.agents if agency_id == award.agency_id)
    with market.works.writing(agent) as work:
        following = service.decline(work, award.id, Reason(WHY))
    assert following is not None
    assert following.quote_id == first


def test_credit_merit_with_one_applicant_fails_and_says_so(market: Market) -> None:
    need_id, _ids = market.opened(100, method="credit", method_basis="", terms={"large": 3, "small": 2})
    assert market.need(need_id).state is NeedState.FAILED
    assert selection_of(market, need_id).state is SelectionState.FAILED


@pytest.mark.parametrize(
    ("method", "terms", "code"),
    [
        ("credit", {}, "term-out-of-range"),
        ("credit", {"large": 2, "small": 3}, "small-above-large"),
        ("credit", {"large": 1, "small": 1}, "term-out-of-range"),
        ("rounds", {"rounds": 3, "minutes": 3, "step": 0}, "term-out-of-range"),
        ("rounds", {"rounds": 3, "minutes": True, "step": 1}, "term-out-of-range"),
    ],
)
def test_a_notice_names_what_its_method_needs(market: Market, method: str, terms: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        market.publish(method=method, method_basis="", terms=terms)


def begun(market: Market, *prices: int) -> tuple[int, list[int]]:
    """Open quotes of a need with rounds and go to the first minute of the first."""
    need_id, ids = market.opened(*prices, method="rounds", method_basis="", terms=TERMS["rounds"])
    starts_at = selection_of(market, need_id).round_starts_at
    assert starts_at is not None
    assert (starts_at.astimezone(BEIJING).hour, starts_at.astimezone(BEIJING).weekday() < 5) == (10, True)
    market.clock.instant = starts_at
    return need_id, ids


def bid(market: Market, need_id: int, place: int, yuan: str) -> None:
    with market.works.writing(market.agents[place][0]) as work:
        bidding.bid(work, need_id, Money.from_yuan(yuan))


def test_rounds_run_on_the_clock_and_the_lowest_last_price_wins(market: Market) -> None:
    need_id, ids = begun(market, 100, 200)
    bid(market, need_id, 1, "90")
    with pytest.raises(Invalid, match="step-too-small"):
        bid(market, need_id, 0, "99.01")
    with pytest.raises(Conflict, match="wrong-state"):
        market.award(need_id, ids[1])
    market.clock.instant += timedelta(minutes=3)
    deadlines.run_due(market.works, HANDLERS)
    assert (selection_of(market, need_id).round_number, selection_of(market, need_id).state) == (2, "bidding")
    bid(market, need_id, 0, "89")
    market.clock.instant += timedelta(minutes=3)
    deadlines.run_due(market.works, HANDLERS)
    assert selection_of(market, need_id).state is SelectionState.WEIGHING
    award = market.award(need_id, ids[0])
    assert award.amount == Money.from_yuan(89)
    with market.works.writing(market.agents[0][0]) as work:
        following = service.decline(work, award.id, Reason(WHY))
    assert following is not None
    assert (following.quote_id, following.amount) == (ids[1], Money.from_yuan(90))
    protocol = selection_of(market, need_id).protocol
    assert protocol is not None
    brought_down = [note["facts"] for line in protocol["lines"] for note in line["working"]]
    assert brought_down == [{"sealed": "200.00", "last": "90.00"}]


def test_an_offer_near_the_end_of_a_round_puts_the_deadline_off(market: Market) -> None:
    need_id, _ids = begun(market, 100, 200)
    market.clock.instant += timedelta(minutes=2, seconds=30)
    bid(market, need_id, 0, "90")
    selection = selection_of(market, need_id)
    assert (selection.round_extensions, selection.round_ends_at) == (1, market.clock.instant + timedelta(minutes=1))
    market.clock.instant += timedelta(seconds=45)
    deadlines.run_due(market.works, HANDLERS)
    assert selection_of(market, need_id).round_number == 1
    bid(market, need_id, 1, "80")


def test_a_round_nobody_ended_is_ended_by_who_reads_it(market: Market, browse: Browse) -> None:
    need_id, ids = begun(market, 100, 200)
    market.clock.instant += timedelta(minutes=3)
    with pytest.raises(Conflict, match="round-over"):
        bid(market, need_id, 0, "50")
    assert "竞价已结束" in page(browse(market.agents[0][0]), f"/needs/{need_id}/bidding")
    assert market.award(need_id, ids[0]).amount == Money.from_yuan(100)


def test_only_those_whose_quotes_count_bid_and_names_stay_hidden(market: Market, browse: Browse) -> None:
    need_id, _ids = begun(market, 100, 200)
    stranger, _agency_id = market.agency()
    with market.works.writing(stranger) as work, pytest.raises(Forbidden):
        bidding.bid(work, need_id, Money.from_yuan(50))
    with market.works.writing(market.owner) as work, pytest.raises(Forbidden):
        bidding.bid(work, need_id, Money.from_yuan(50))
    client, url = browse(market.agents[1][0]), f"/needs/{need_id}/bidding"
    assert f'href="{url}"' in page(client, f"/needs/{need_id}")
    assert f'href="{url}"' not in page(browse(stranger), f"/needs/{need_id}")
    assert post(client, url, {"amount": "199"}).status_code == 422
    assert "最多 198.00 元" in post(client, url, {"amount": "199"}).get_data(as_text=True)
    assert post(client, url, {"amount": ""}).status_code == 422
    assert post(client, url, {"amount": "150"}).status_code == 303
    text = page(client, url)
    with market.works.reading() as work:
        other = queries.candidates_of(
            work.session, work.session.get_one(Need, need_id), selection_of(market, need_id), market.clock.now().date()
        )
    assert not [one for one in other.values() if one.agency.name in text.partition("<main")[2]]
    told = client.get(f"/api/v1/needs/{need_id}/bidding").json or {}
    assert (told["round"], told["lowest_fen"], told["own_fen"], told["own_place"]) == (1, 10_000, 15_000, 2)
    assert "正在分轮竞价" in page(browse(market.owner), f"/needs/{need_id}/selection")
    market.clock.instant += timedelta(minutes=4)
    assert post(client, url, {"amount": "100"}, at=f"/needs/{need_id}").status_code == 409


def test_one_quote_alone_needs_no_rounds(market: Market) -> None:
    need_id, ids = market.opened(100, method="rounds", method_basis="", terms=TERMS["rounds"])
    assert selection_of(market, need_id).state is SelectionState.WEIGHING
    with market.works.writing(market.agents[0][0]) as work, pytest.raises(Conflict, match="no-bidding"):
        bidding.bid(work, need_id, Money.from_yuan(50))
    assert market.award(need_id, ids[0]).rank == 1


def test_a_need_withdrawn_during_its_rounds_is_let_alone(market: Market) -> None:
    need_id, _ids = begun(market, 100, 200)
    with market.works.writing(market.owner) as work:
        needs.withdraw(work, need_id, "项目取消，不再采购")
    market.clock.instant += timedelta(minutes=3)
    deadlines.run_due(market.works, HANDLERS)
    assert market.need(need_id).state is NeedState.WITHDRAWN
    with pytest.raises((Conflict, NotFound)):
        bid(market, need_id, 0, "50")


def test_the_form_offers_what_is_open_and_says_what_the_rest_takes(market: Market, browse: Browse) -> None:
    client, url = browse(market.owner), "/needs/new?item=DG-A-01"
    text = page(client, url)
    assert 'value="credit"' in text
    assert "最接近各家报价平均数的中选；目前未开放，须写明依据" in text
    assert 'value="random"' not in text
    switch_on(market, "random")
    text = page(client, url)
    assert "从合格的机构里抽签定一家；只限社会资金" in text
    typed = {
        "title": "长安厂房扩建项目建议书", "scale": "建筑面积 2 万平方米", "fund": "social", "item_code": "DG-A-01",
        "method": "credit", "term_large": "六家", "term_small": "3", "quoting": "amount", "time_limit_days": "20",
        "no_ceiling_reason": "按市场报价比选",
    }  # fmt: skip
    answer = post(client, "/needs/new", typed, at=url)
    assert answer.status_code == 422
    assert 'href="#f-term_large"' in answer.get_data(as_text=True)
    answer = post(client, "/needs/new", {**typed, "term_large": "2"}, at=url)
    assert answer.status_code == 303
    text = page(client, answer.headers["Location"])
    assert "小名单家数不能多于大名单的 2 家" in text
    assert "#f-term_small" in text
