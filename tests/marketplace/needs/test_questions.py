"""A question lives until it is answered, the quotes close or the notice is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Actor
from core.deadlines import run_due
from core.errors import Conflict
from core.workdays import add_workdays, close_of
from marketplace.needs import queries, service
from marketplace.needs.lifecycle import QuestionState as S
from tests.marketplace.selection.world import Market
from web.wiring import DEADLINES


def state_of(market: Market, need_id: int) -> list[S]:
    with market.works.reading() as work:
        return [one.state for one in queries.questions_of(work.session, need_id)]


def asked(market: Market) -> tuple[int, int, Actor]:
    need_id = market.publish()
    asker, _agency_id = market.agency()
    with market.works.writing(asker) as work:
        return need_id, service.ask(work, need_id, "图纸是否齐全？").id, asker


def test_an_answer_is_given_once(market: Market) -> None:
    need_id, question_id, _asker = asked(market)
    with market.works.writing(market.owner) as work:
        service.answer(work, question_id, "齐全，见附件。")
    assert state_of(market, need_id) == [S.ANSWERED]
    with pytest.raises(Conflict, match="wrong-state"), market.works.writing(market.owner) as work:
        service.answer(work, question_id, "改口了。")


def test_what_nobody_answered_lapses_when_the_quotes_close(market: Market) -> None:
    need_id, _question_id, asker = asked(market)
    with market.works.reading() as work:
        closes_at = queries.need_by_id(work, need_id).closes_at
    assert closes_at is not None
    later = close_of(add_workdays(closes_at.date(), 2))
    with market.works.writing(market.owner) as work:
        service.move_deadline(work, need_id, later, "镇街来函要求延期")
    market.clock.advance(closes_at - market.clock.now() + timedelta(seconds=1))
    run_due(market.works, DEADLINES)
    assert state_of(market, need_id) == [S.ASKED]
    market.clock.advance(later - market.clock.now())
    while run_due(market.works, DEADLINES):
        pass
    assert state_of(market, need_id) == [S.LAPSED]
    assert "question-lapsed" in market.told(asker.org_id)


def test_a_notice_taken_back_ends_its_questions(market: Market) -> None:
    need_id, _question_id, asker = asked(market)
    with market.works.writing(market.owner) as work:
        service.withdraw(work, need_id, "项目取消，不再采购")
    assert state_of(market, need_id) == [S.LAPSED]
    assert "question-lapsed" in market.told(asker.org_id)
