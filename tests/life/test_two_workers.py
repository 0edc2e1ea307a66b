"""Two workers and two enterprises' clerks at once: each need closes, opens and is awarded once.

LIFE_NEEDS sets how many needs close at the same second.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from core import deadlines, outbox
from core.audit import AuditLeaf, first_break
from core.errors import DomainError
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.quotes.models import Quote
from marketplace.selection import service
from marketplace.selection.commands import GiveAward
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award
from tests.life.ground import QUIET
from tests.marketplace.conftest import market
from tests.marketplace.selection.world import Market
from web.wiring import DEADLINES

__all__ = ["market"]

NEEDS = int(os.environ.get("LIFE_NEEDS", "12"))


def at_once(deed: Callable[[], None]) -> None:
    """Let two do the same at the same time."""
    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(deed), pool.submit(deed)]:
            one.result()


def test_each_need_closes_opens_and_is_awarded_once(market: Market) -> None:
    ids = [market.publish() for _number in range(NEEDS)]
    for need_id in ids:
        for place in (0, 1):
            market.quote(need_id, place, 100 + place)
    with market.works.reading() as work:
        closing = {work.session.get_one(Need, need_id).closes_at for need_id in ids}
    assert len(closing) == 1
    market.clock.instant = closing.pop() or market.clock.instant

    def work_on() -> None:
        while deadlines.run_due(market.works, DEADLINES) + outbox.relay(market.works, QUIET):
            pass

    def award_all() -> None:
        for need_id in ids:
            with market.works.reading() as work:
                best = select(Quote.id).where(Quote.need_id == need_id).order_by(Quote.amount).limit(1)
                command = GiveAward(work.session.scalars(best).one())
            try:
                with market.works.writing(market.owner) as work:
                    service.award(work, need_id, command)
            except DomainError as refusal:
                assert refusal.code in {"wrong-state", "changed-meanwhile"}  # noqa: PT017 - the other one was first

    at_once(work_on)
    with market.works.reading() as work:
        states = Counter(work.session.scalars(select(Need.state).where(Need.id.in_(ids))))
    assert states == {NeedState.SELECTING: NEEDS}
    at_once(award_all)
    with market.works.reading() as work:
        held = Counter(work.session.scalars(select(Award.need_id).where(Award.state.in_(HOLDING))))
        opened = select(AuditLeaf.object_id).where(AuditLeaf.verb == "need.open_quotes")
        given = select(AuditLeaf.object_id).where(AuditLeaf.verb == "need.award")
        assert held == dict.fromkeys(ids, 1)
        assert Counter(work.session.scalars(opened)) == dict.fromkeys(ids, 1)
        assert Counter(work.session.scalars(given)) == dict.fromkeys(ids, 1)
        assert first_break(work.session) is None
