"""Every method reaches an end through the services, however many quotes, ties, refusals and withdrawals it meets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core import deadlines
from core.money import Money
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.methods import ASKED, FRAMED
from marketplace.needs.models import Need
from marketplace.selection import bidding, queries, rules, service
from marketplace.selection.commands import GiveAward, Reason, RejectQuote
from marketplace.selection.lifecycle import SelectionState
from marketplace.selection.methods import METHODS
from tests.marketplace.selection.world import CRITERIA, WHY, Market

TERMS = {
    "credit": {"large": 5, "small": 2},
    "rounds": {"rounds": 2, "minutes": 3, "step": 1},
}
TIES = {"none": None, "first": (0, 1), "middle": (1, 2), "last": (-2, -1)}


def asked_of(method: str) -> dict[str, Any]:
    """Return what a notice of this method must say beside the usual."""
    found: dict[str, Any] = {"method": method, "terms": TERMS.get(method, {}), "method_basis": WHY}
    if method == "direct":
        found["method_basis"] = "small-amount"
    if method == "merit":
        found["criteria"] = CRITERIA
    if ASKED[method].fixed_price:
        found["ceiling"] = Money.from_yuan(100)
    return found


def switch_on(market: Market, *codes: str, fund: str = "social") -> None:
    """Switch methods on from today."""
    market.switch_on(*codes, fund=fund)


def prices(count: int, tie: tuple[int, int] | None) -> list[int]:
    """Return rising prices, two of them equal where a tie is asked for."""
    found = [100 + 10 * place for place in range(count)]
    if tie is not None:
        found[tie[1]] = found[tie[0]]
    return found


def run_rounds(market: Market, need_id: int, bidders: int) -> None:
    """Bid once in the first round, then let the clock run until the rounds are over."""
    with market.works.reading() as work:
        selection = queries.selection_of(work.session, need_id)
    if selection is None or selection.state is not SelectionState.BIDDING:
        return
    assert selection.round_starts_at is not None
    market.clock.instant = selection.round_starts_at + timedelta(seconds=1)
    with market.works.writing(market.agents[bidders - 1][0]) as work:
        bidding.bid(work, need_id, Money.from_yuan(50))
    for _round in range(3):
        market.clock.instant += timedelta(minutes=3)
        deadlines.run_due(market.works, {"selection.round": bidding.end_round, "need.close": lambda _work, _id: None})


def play(market: Market, method: str, count: int, tie: str, *, refuse: bool, decline: bool) -> NeedState:
    """Take one need from its notice to the end of its selection."""
    same = ASKED[method].fixed_price
    wanted = [100] * count if same else prices(count, TIES[tie])
    need_id, ids = market.opened(*wanted, **asked_of(method))
    run_rounds(market, need_id, count)
    if method == "merit" and count:
        market.score(need_id, {quote_id: 90 - place for place, quote_id in enumerate(ids)})
    for step in ("refuse", "award", "decline"):
        with market.works.writing(market.owner) as work:
            need = work.session.get_one(Need, need_id)
            selection = queries.selection_of(work.session, need_id)
            if need.state is not NeedState.SELECTING or selection is None:
                break
            lines = queries.weigh(work.session, need, selection, market.clock.now().date()).lines
            first = next(line for line in lines if rules.may_be_chosen(method, line))
            if step == "refuse" and refuse:
                service.reject(work, need_id, RejectQuote(first.entrant.quote_id, WHY))
            elif step == "award":
                service.award(work, need_id, GiveAward(first.entrant.quote_id, WHY))
    if decline:
        decline_all(market, need_id)
    with market.works.reading() as work:
        return work.session.get_one(Need, need_id).state


def decline_all(market: Market, need_id: int) -> None:
    """Let every winner step back until nobody is left."""
    for _turn in range(len(market.agents) + 1):
        with market.works.reading() as work:
            held = queries.award_of(work.session, need_id)
        if held is None:
            return
        agent = next(actor for actor, agency_id in market.agents if agency_id == held.agency_id)
        with market.works.writing(agent) as work:
            service.decline(work, held.id, Reason(WHY))


# Every count, every place of a tie, and both kinds of mishap, each pair of them at least once; the whole product is
# ranked in test_methods. Seven only where their number changes the rule.
CASES = [
    (0, "none", False, False),
    (1, "none", False, True),
    (2, "first", True, True),
    (3, "middle", False, True),
    (3, "last", True, False),
    (7, "first", True, True),
]
MANY = 7
MATTERS = {"best-price", "credit"}


@pytest.mark.parametrize("method", [code for code in ASKED if code not in FRAMED])
def test_every_method_ends_whatever_happens(market: Market, method: str) -> None:
    switch_on(market, ASKED[method].catalogue)
    least = METHODS[method].least.get("social", 1)
    for count, tie, refuse, decline in CASES:
        if count == MANY and method not in MATTERS:
            continue
        state = play(market, method, count, tie, refuse=refuse, decline=decline)
        fails = decline or count - refuse < least
        assert state is (NeedState.FAILED if fails else NeedState.AWARDED), (count, tie, refuse, decline)
