"""Lots of one notice are decided each by itself; the limit of lots one agency may win is applied in their order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from accounts.models import Message
from core.errors import Conflict, Invalid
from core.money import Money
from marketplace.needs import family, lots
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteLot, WriteNeed
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.methods import ASKED
from marketplace.needs.models import Need
from marketplace.needs.rules import OFFERED
from marketplace.selection import bidding, lotting, queries, service
from marketplace.selection.commands import Reason
from marketplace.selection.draw import Draw, commitment
from marketplace.selection.methods import METHODS
from marketplace.selection.models import Selection
from marketplace.selection.queries import Weighing
from marketplace.selection.ranking import Criterion, Entrant, Frozen
from tests.marketplace.selection.test_ends import asked_of, switch_on
from tests.marketplace.selection.world import ITEM, WHY, Market

SECRET = bytes(32)


def notice(market: Market, count: int, most: int | None, **changes: Any) -> list[int]:
    """Publish a notice of so many lots; return their needs."""
    usual: dict[str, Any] = {
        "fund": "social", "method": "lowest", "method_basis": "镇街招标采购管理办法第五条", "town_code": "441900003",
        "no_ceiling_reason": "没有可比价格",
    }  # fmt: skip
    with market.works.writing(market.owner) as work:
        head = needs.create(work, WriteNeed(ITEM, "松山湖厂房工程", "北区", **{**usual, **changes}))
        ceiling = changes.get("ceiling")
        for place in range(2, count + 1):
            lots.add(
                work, head.id, WriteLot(f"{place} 区", "2 万平方米", ceiling=ceiling, no_ceiling_reason="没有可比价格")
            )
        lots.limit(work, head.id, most)
        needs.publish(work, head.id)
        ids = [one.id for _lot, one in family.lots_of(work.session, head.id)]
    with market.works.system() as work:
        for need_id in ids:
            service.commit_draw(work, {"id": need_id})
    return ids


def given_award(market: Market, need_id: int, quote_id: int, reason: str = "") -> None:
    """Award, and let the other lots hear of it as the wiring does."""
    award = market.award(need_id, quote_id, reason)
    with market.works.system() as work:
        service.close_lots(work, {"id": award.id, "need_id": need_id})


def protocol(market: Market, need_id: int) -> dict[str, Any]:
    found = selection_of(market, need_id).protocol
    assert found is not None
    return found


def test_one_lot_is_awarded_while_another_fails_and_an_agency_quotes_for_some(market: Market) -> None:
    first, second = notice(market, 2, None)
    mine = market.quote(first, 0, 100)
    market.close(first)
    market.close(second)
    given_award(market, first, mine)
    assert (market.need(first).state, market.need(second).state) == (NeedState.AWARDED, NeedState.FAILED)


def test_the_limit_takes_the_winner_of_an_earlier_lot_out_of_the_later_and_the_protocol_says_so(market: Market) -> None:
    first, second, third = notice(market, 3, 1)
    quotes = {one: [market.quote(one, place, 100 + 50 * place) for place in range(3)] for one in (first, second, third)}
    for one in (first, second, third):
        market.close(one)
    with pytest.raises(Conflict, match="lot-not-its-turn") as refused:
        market.award(second, quotes[second][0])
    assert refused.value.facts == {"number": 1}
    given_award(market, first, quotes[first][0])
    with pytest.raises(Invalid, match="quote-does-not-count"):
        market.award(second, quotes[second][0])
    given_award(market, second, quotes[second][1])
    given_award(market, third, quotes[third][2])
    told = protocol(market, third)
    assert {"code": "lot-limit", "facts": {"number": 3, "most": 1}} in told["working"]
    lines = {line["quote_id"]: line for line in told["lines"]}
    barred = lines[quotes[third][0]]
    assert (barred["rank"], barred["out"], barred["why_not"], barred["faults"]) == (None, "lots-full", "lots-full", [])
    assert {"code": "lots-full", "facts": {"lots": "1"}} in barred["working"]
    assert (lines[quotes[third][2]]["rank"], lines[quotes[third][2]]["won"]) == (1, True)
    with market.works.reading() as work:
        codes = set(work.session.scalars(select(Message.code).where(Message.org_id == market.agents[0][0].org_id)))
    assert "award-lost-lots-full" in codes


def test_a_lot_whose_only_bidders_are_full_fails_at_once_with_its_reason(market: Market) -> None:
    first, second = notice(market, 2, 1)
    mine = market.quote(first, 0, 100)
    market.quote(second, 0, 100)
    market.close(first)
    market.close(second)
    assert market.need(second).state is NeedState.SELECTING
    given_award(market, first, mine)
    assert market.need(second).state is NeedState.FAILED
    with market.works.reading() as work:
        assert work.session.get_one(Need, second).failed_reason == "nobody-can-win"
    assert protocol(market, second)["lines"][0]["out"] == "lots-full"


def test_who_steps_back_from_a_lot_is_free_for_a_later_one(market: Market) -> None:
    first, second = notice(market, 2, 1)
    one, two = market.quote(first, 0, 100), market.quote(first, 1, 200)
    wanted = market.quote(second, 0, 100)
    market.quote(second, 1, 200)
    market.close(first)
    market.close(second)
    given_award(market, first, one)
    with market.works.reading() as work:
        award = queries.award_of(work.session, first)
        assert award is not None
    with market.works.writing(market.agents[0][0]) as work:
        following = service.decline(work, award.id, Reason("人员另有安排，不能承接本项目"))
        assert following is not None
        assert following.quote_id == two
    given_award(market, second, wanted)
    assert market.need(second).state is NeedState.AWARDED


def test_a_framework_is_not_divided(market: Market) -> None:
    with market.works.writing(market.owner) as work:
        need_id = needs.create(work, WriteNeed(ITEM, "长安厂房扩建", "一期", "social", town_code="441900003")).id
    with market.works.engine.execution_options(writes=True).begin() as connection:
        connection.execute(update(Need).where(Need.id == need_id).values(method="framework"))
    with pytest.raises(Conflict, match="framework-undivided"), market.works.writing(market.owner) as work:
        lots.add(work, need_id, WriteLot("北区", "一期"))


@pytest.mark.parametrize("method", sorted(OFFERED))
def test_every_method_comes_to_an_end_in_every_lot(market: Market, method: str) -> None:
    """Three agencies quote for two lots of which each may win one: both lots are awarded, to two of them."""
    switch_on(market, *(asked.catalogue for asked in ASKED.values()))
    asked = asked_of(method)
    both = notice(market, 2, 1, **asked)
    for one in both:
        for place in range(3):
            market.quote(one, place, 100 if method == "random" else 1000 + 10 * place)
    for one in both:
        market.close(one)
    winners = [decide(market, one) for one in both]
    assert len(set(winners)) == 2
    assert {market.need(one).state for one in both} == {NeedState.AWARDED}


def decide(market: Market, need_id: int) -> int:
    """Let rounds run out, give points where they are missing, award the first that may win; return the agency."""
    while (chosen := selection_of(market, need_id)).round_ends_at is not None and chosen.state == "bidding":
        market.clock.instant = chosen.round_ends_at
        with market.works.system() as work:
            bidding.end_round(work, chosen.id)
    weighing = weigh(market, need_id)
    if weighing.missing:
        market.score(need_id, dict.fromkeys(weighing.candidates, 70))
        weighing = weigh(market, need_id)
    best = next(line for line in weighing.lines if line.rank == 1)
    given_award(market, need_id, best.entrant.quote_id, WHY)
    return weighing.candidates[best.entrant.quote_id].agency.id


def selection_of(market: Market, need_id: int) -> Selection:
    with market.works.reading() as work:
        found = queries.selection_of(work.session, need_id)
        assert found is not None
        return found


def weigh(market: Market, need_id: int) -> Weighing:
    with market.works.reading() as work:
        need = work.session.get_one(Need, need_id)
        return queries.weigh(work.session, need, selection_of(market, need_id), market.clock.now().date())


KEYS = tuple(f"91441900MA{number:08d}" for number in range(8))


def frozen(prices: list[int], points: list[int], method: str) -> Frozen:
    entrants = tuple(
        Entrant(place, KEYS[place], Money(price), 3000, (), {"服务方案": points[place]})
        for place, price in enumerate(prices)
    )
    name = "DG-2026-000001/1"
    weights = {one.key: 1 for one in entrants}
    draw = Draw(name=name, weights=weights, beacon=bytes(32), secrets=(SECRET,), commits=(commitment(name, SECRET),))
    criteria = (Criterion("价格", 40, True), Criterion("服务方案", 60)) if method == "merit" else ()
    return Frozen(entrants, draw, criteria, {"large": 8, "small": 3})


@given(
    st.sampled_from(sorted(METHODS)),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=8),
    st.lists(st.integers(0, 100), min_size=8, max_size=8),
    st.sets(st.integers(0, 7)),
)
def test_who_is_left_keeps_its_order_and_who_is_full_is_said_to_count_but_not_to_win(
    method: str, prices: list[int], points: list[int], full: set[int]
) -> None:
    before = METHODS[method].rank(frozen(prices, points, method))
    after = lotting.without(METHODS[method], frozen(prices, points, method), {one: [1] for one in full})
    order = [line.entrant.quote_id for line in before.lines if line.rank is not None]
    ranked = [line for line in after.lines if line.rank is not None]
    assert [line.entrant.quote_id for line in ranked] == [one for one in order if one not in full]
    assert [line.rank for line in ranked] == list(range(1, len(ranked) + 1))
    assert sorted(line.entrant.quote_id for line in after.lines) == list(range(len(prices)))
    shut = [line for line in after.lines if line.out == lotting.FULL]
    assert {line.entrant.quote_id for line in shut} >= full & set(order)
    assert all(line.rank is None and not line.entrant.faults for line in shut)
    if method == "credit":
        assert sum(not line.out for line in ranked) == min(3, len(ranked))
