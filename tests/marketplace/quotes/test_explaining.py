"""The explanation of an abnormally low price, from the question at the opening to its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from agencies.fees import service as fees
from agencies.fees.lifecycle import CaseKind, CaseState
from agencies.fees.models import FeeCase
from core import deadlines, outbox
from core.access import Actor, OrgKind
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from core.workdays import add_workdays, close_of
from marketplace.needs.models import Need
from marketplace.quotes import explaining
from marketplace.quotes.commands import Decide, Explain
from marketplace.quotes.lifecycle import DECIDE, EXPLANATION, REPLY, ExplanationState, QuoteState
from marketplace.quotes.models import Explanation, Quote
from marketplace.selection import service as selection
from marketplace.selection.commands import Reason
from tests.marketplace.selection.world import Market

WORDS = "人员和设备都在本地，成本明细见附件"
FISCAL: dict[str, Any] = {"fund": "fiscal", "ceiling": Money.from_yuan(200)}
REASON = "成本明细与报价一致，可以履约"


def flagged(market: Market, **changes: Any) -> tuple[int, int, Explanation]:
    """Open three quotes of which the first is abnormally low; return the need, its quote and what was asked."""
    need_id, ids = market.opened(30, 100, 110, **changes)
    with market.works.reading() as work:
        return need_id, ids[0], work.session.scalars(select(Explanation)).one()


def now(market: Market, row: Explanation) -> Explanation:
    with market.works.reading() as work:
        return work.session.get_one(Explanation, row.id)


def answer(market: Market, row: Explanation, actor: Actor | None = None) -> None:
    with market.works.writing(actor or market.agents[0][0]) as work:
        explaining.answer(work, row.id, Explain(WORDS))


def decide(market: Market, row: Explanation, verdict: str, reason: str = REASON) -> None:
    with market.works.writing(market.owner) as work:
        explaining.decide(work, row.id, Decide(verdict, reason))


def run(market: Market) -> None:
    handlers = {REPLY: explaining.reply_due, DECIDE: explaining.decision_due}
    deadlines.run_due(market.works, {**dict.fromkeys(("registration.review", "fee_case.reply"), _nothing), **handlers})


def _nothing(_work: Any, _object_id: int) -> None:
    """Leave other rooms' deadlines alone."""


def test_the_agency_is_asked_at_the_opening_with_a_working_day(market: Market) -> None:
    _need_id, quote_id, row = flagged(market)
    assert (row.quote_id, row.state, row.test) == (quote_id, ExplanationState.ASKED, "low-mean-ratio")
    assert row.due_at == close_of(add_workdays(market.clock.now().date(), 1))
    assert "explanation-asked" in market.told(market.agents[0][0].org_id)


def test_an_answer_is_given_once_for_the_enterprise_and_the_price_regulator(market: Market) -> None:
    _need_id, quote_id, row = flagged(market)
    with pytest.raises(Conflict, match="explanation-awaited"):
        decide(market, row, "accept")
    answer(market, row)
    with market.works.reading() as work:
        case = work.session.scalars(select(FeeCase).where(FeeCase.object_id == quote_id)).one()
    assert (case.kind, case.state, case.reply) == (CaseKind.ABNORMALLY_LOW, CaseState.REPLIED, WORDS)
    assert now(market, row).state is ExplanationState.ANSWERED


def test_what_the_regulator_was_told_answers_the_enterprise_too(market: Market) -> None:
    _need_id, quote_id, row = flagged(market)
    with market.works.reading() as work:
        case_id = work.session.scalars(select(FeeCase.id).where(FeeCase.object_id == quote_id)).one()
    with market.works.writing(market.agents[0][0]) as work:
        fees.reply(work, case_id, WORDS)
    outbox.relay(market.works, {"fee_case.replied": [explaining.on_case_replied]})
    assert (now(market, row).state, now(market, row).text) == (ExplanationState.ANSWERED, WORDS)


def test_a_flagged_quote_waits_for_the_decision_and_then_may_win(market: Market) -> None:
    need_id, quote_id, row = flagged(market, **FISCAL)
    with pytest.raises(Conflict, match="explanation-undecided"):
        market.award(need_id, quote_id)
    answer(market, row)
    decide(market, row, "accept")
    assert now(market, row).state is ExplanationState.ACCEPTED
    assert market.award(need_id, quote_id).rank == 1


def test_social_money_may_choose_a_flagged_quote_at_once(market: Market) -> None:
    need_id, quote_id, row = flagged(market)
    assert market.award(need_id, quote_id).rank == 1
    market.clock.instant = row.due_at
    run(market)
    assert now(market, row).state is ExplanationState.LAPSED


def test_a_price_that_was_not_explained_counts_no_more_with_the_reason(market: Market) -> None:
    need_id, quote_id, row = flagged(market)
    answer(market, row)
    with pytest.raises(Invalid, match="explanation-too-short"):
        decide(market, row, "reject", "不行")
    decide(market, row, "reject", "成本明细少算了人员费用")
    with market.works.reading() as work:
        quote = work.session.get_one(Quote, quote_id)
    assert (quote.state, quote.invalid_reason) == (QuoteState.INVALID, "成本明细少算了人员费用")
    with pytest.raises(Invalid, match="quote-does-not-count"):
        market.award(need_id, quote_id)


def test_a_need_left_with_too_few_ends(market: Market) -> None:
    need_id, ids = market.opened(30, ceiling=Money.from_yuan(100))
    with market.works.reading() as work:
        row = work.session.scalars(select(Explanation)).one()
    answer(market, row)
    decide(market, row, "reject", "成本明细少算了人员费用")
    outbox.relay(market.works, {"explanation.rejected": [selection.close_up]})
    with market.works.reading() as work:
        need = work.session.get_one(Need, need_id)
    assert (str(need.state), need.failed_reason, len(ids)) == ("failed", "no-valid-quotes", 1)


def test_silence_hands_the_decision_over_and_indecision_lapses(market: Market) -> None:
    need_id, quote_id, row = flagged(market, **FISCAL)
    market.clock.instant = row.due_at
    run(market)
    silent = now(market, row)
    assert silent.state is ExplanationState.SILENT
    assert silent.decide_by == close_of(add_workdays(row.due_at.date(), 3))
    assert "explanation-silent" in market.told(market.owner.org_id)
    answer(market, row)
    assert now(market, row).state is ExplanationState.ANSWERED
    decide_by = now(market, row).decide_by
    assert decide_by is not None
    market.clock.instant = decide_by + timedelta(seconds=1)
    assert market.award(need_id, quote_id).rank == 1
    assert now(market, row).state is ExplanationState.LAPSED


def test_what_is_late_is_done_by_whoever_reads_it(market: Market) -> None:
    _need_id, _quote_id, row = flagged(market)
    market.clock.instant = row.due_at
    explaining.catch_up(market.works, row.id)
    assert now(market, row).state is ExplanationState.SILENT
    market.clock.advance(timedelta(days=10))
    explaining.catch_up(market.works, row.id)
    assert now(market, row).state is ExplanationState.LAPSED
    with pytest.raises(Conflict, match="wrong-state"):
        decide(market, row, "accept")


def test_a_question_outlived_by_its_need_lapses(market: Market) -> None:
    need_id, ids = market.opened(30, 100, 110)
    with market.works.reading() as work:
        row = work.session.scalars(select(Explanation)).one()
    with market.works.writing(market.owner) as work:
        selection.give_up(work, need_id, Reason("项目暂缓，不再采购这项服务"))
    with pytest.raises(Conflict, match="explanation-closed"):
        answer(market, row)
    market.clock.instant = row.due_at
    run(market)
    assert now(market, row).state is ExplanationState.LAPSED
    assert len(ids) == 3


def test_nobody_else_answers_or_decides(market: Market) -> None:
    _need_id, _quote_id, row = flagged(market)
    for stranger in (market.agents[1][0], market.owner, market.world.city):
        with pytest.raises(Forbidden):
            answer(market, row, stranger)
    answer(market, row)
    for stranger in (market.agents[0][0], market.world.city):
        with pytest.raises(Forbidden), market.works.writing(stranger) as work:
            explaining.decide(work, row.id, Decide("accept", REASON))


def test_a_decision_on_fiscal_money_is_shown_to_the_price_regulator(market: Market) -> None:
    office = market.world.actor(OrgKind.PRICE_REGULATOR, "价格监督检查处", None)
    _need_id, _quote_id, row = flagged(market, **FISCAL)
    answer(market, row)
    decide(market, row, "accept")
    assert "explanation-decided" in market.told(office.org_id)


@pytest.mark.parametrize("state", list(ExplanationState))
@pytest.mark.parametrize("verb", [move.verb for move in EXPLANATION.moves])
def test_an_explanation_moves_only_along_its_life(state: ExplanationState, verb: str) -> None:
    allowed = {
        ("asked", "answer"), ("silent", "answer"), ("asked", "pass_over"), ("answered", "accept"), ("silent", "accept"),
        ("answered", "reject"), ("silent", "reject"), ("asked", "lapse"), ("answered", "lapse"), ("silent", "lapse"),
    }  # fmt: skip
    if (str(state), verb) in allowed:
        EXPLANATION.follow(verb, state)
    else:
        with pytest.raises(Conflict, match="wrong-state"):
            EXPLANATION.follow(verb, state)
