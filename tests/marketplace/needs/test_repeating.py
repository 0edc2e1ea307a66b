"""Asking anew for what failed or was withdrawn, through the service on a real database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import Conflict
from core.workdays import add_workdays, close_of
from marketplace.needs import service
from tests.marketplace.selection.world import Market


def test_a_notice_withdrawn_while_open_is_asked_anew_with_a_deadline_of_its_own(market: Market) -> None:
    need_id = market.publish()
    with market.works.writing(market.owner) as work:
        service.withdraw(work, need_id, "项目暂缓实施，择期再购")
    market.clock.advance(timedelta(days=1))
    former = market.need(need_id).closes_at
    assert former is not None
    assert former > market.clock.now()
    with market.works.writing(market.owner) as work:
        again = service.publish(work, service.repeat(work, need_id).id)
    assert again.repeats_id == need_id
    assert again.closes_at == close_of(add_workdays(market.clock.now().date(), 1)) > former


def test_what_lives_is_not_asked_for_twice(market: Market) -> None:
    need_id = market.publish()
    with market.works.writing(market.owner) as work, pytest.raises(Conflict, match="need-still-lives"):
        service.repeat(work, need_id)
