"""The agency's word on a settlement: yes, an objection, silence; and what the enterprise does with an objection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from core import corrections
from core.access import Actor
from core.deadlines import Deadline, run_due
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from marketplace.contracts import queries, settling
from marketplace.contracts.commands import Reason, Settle, View
from marketplace.contracts.lifecycle import SETTLEMENT_ANSWER
from marketplace.contracts.lifecycle import SettlementState as S
from marketplace.contracts.models import Contract, Settlement
from marketplace.contracts.rules import PaidLine
from tests.marketplace.contracts.deal import accepted, now, settle
from tests.marketplace.selection.world import Market
from web.wiring import DEADLINES

WHY = "加印二十份报告，双方有往来函件"
PAID = PaidLine("服务费", Money.from_yuan(100))


@pytest.fixture
def deal(market: Market) -> Contract:
    """Settle a deal at its contract's amount."""
    contract = accepted(market)
    settle(market, contract, PAID)
    return contract


def act(market: Market, actor: Actor, deed: Callable[..., Any], *words: Any) -> Any:
    with market.works.writing(actor) as work:
        return deed(work, *words)


def row_of(market: Market, contract: Contract) -> Settlement:
    with market.works.reading() as work:
        found = queries.settlement_of(work.session, contract.id)
    assert found is not None
    return found


def clock(market: Market) -> Any:
    with market.works.reading() as work:
        query = select(Deadline.due_at).where(Deadline.kind == SETTLEMENT_ANSWER, Deadline.done_at.is_(None))
        return work.session.scalar(query)


def let_pass(market: Market) -> None:
    market.clock.advance(clock(market) - market.clock.now())
    run_due(market.works, DEADLINES)


def test_the_agency_confirms_and_nothing_waits(market: Market, deal: Contract) -> None:
    agency = market.agents[0][0]
    assert clock(market).date() == corrections.days_after(market.clock.now(), 5).date()
    with pytest.raises(Forbidden):
        act(market, market.owner, settling.answer, deal.id, View(agrees=True))
    act(market, agency, settling.answer, deal.id, View(agrees=True))
    assert (row_of(market, deal).state, clock(market)) == (S.CONFIRMED, None)
    assert "settlement-confirmed" in market.told(market.owner.org_id)
    with pytest.raises(Conflict):
        act(market, agency, settling.answer, deal.id, View(agrees=False, text=WHY))


def test_silence_of_the_agency_is_a_yes(market: Market, deal: Contract) -> None:
    let_pass(market)
    assert row_of(market, deal).state is S.CONFIRMED
    assert "settlement-deemed" in market.told(market.agents[0][0].org_id)


def test_an_objection_is_met_with_corrected_lines(market: Market, deal: Contract) -> None:
    agency = market.agents[0][0]
    with pytest.raises(Invalid, match="reason-too-short"):
        act(market, agency, settling.answer, deal.id, View(agrees=False, text="少了"))
    act(market, agency, settling.answer, deal.id, View(agrees=False, text=WHY))
    assert "settlement-disputed" in market.told(market.owner.org_id)
    with pytest.raises(Forbidden):
        act(market, agency, settling.correct, deal.id, Settle((PAID,)))
    more = Settle((PaidLine("服务费", Money.from_yuan(120)),), WHY)
    act(market, market.owner, settling.correct, deal.id, more)
    row = row_of(market, deal)
    assert (row.state, row.paid, now(market, deal).paid) == (S.RECORDED, Money.from_yuan(120), Money.from_yuan(120))
    assert clock(market) is not None
    act(market, agency, settling.answer, deal.id, View(agrees=True))
    assert row_of(market, deal).state is S.CONFIRMED


@pytest.mark.parametrize("in_words", [True, False])
def test_lines_kept_against_an_objection_stay_with_both_words(market: Market, deal: Contract, in_words: bool) -> None:
    act(market, market.agents[0][0], settling.answer, deal.id, View(agrees=False, text=WHY))
    if in_words:
        act(market, market.owner, settling.keep, deal.id, Reason("合同约定只付一百元，加印没有约定"))
    else:
        let_pass(market)
    row = row_of(market, deal)
    assert (row.state, row.objection, bool(row.kept_reason)) == (S.KEPT, WHY, in_words)
    assert clock(market) is None
