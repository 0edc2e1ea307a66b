"""What the model of a purchase stands on: how it acts, lets things settle and reads the tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import pytest
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import func, select

from core import deadlines, outbox
from core.access import Actor
from core.audit import AuditLeaf
from core.errors import DomainError
from marketplace.contracts.lifecycle import PauseState
from marketplace.contracts.models import Contract, Pause
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award
from tests.marketplace.selection.world import Market
from web.wiring import DEADLINES, EVENTS

QUIET = {
    name: [one for one in many if not one.__module__.startswith("search")]
    for name, many in EVENTS.items()
}  # fmt: skip
OPEN_PAUSES = (PauseState.ASKED, PauseState.RUNNING)


class Ground(RuleBasedStateMachine):
    """One need of one market, by its id; what stands of it, and who holds its award."""

    market: ClassVar[Market]
    start: ClassVar[datetime]
    need_id: int
    deal: str
    holder: int | None

    def begun(self, actor: Actor, wanted: str, deed: Callable[..., Any], *words: Any) -> bool:
        """Act on a contract that was signed; allowed in one state only."""
        contract = self.contract()
        return (
            contract is not None and bool(self.deal) and self.act(self.deal == wanted, actor, deed, contract.id, *words)
        )

    def act(self, allowed: bool, actor: Actor, deed: Callable[..., Any], *words: Any) -> bool:
        """Do a deed the model allows, or see that it is refused and leaves no trace; then do what follows."""
        before = self.count(select(func.count(AuditLeaf.seq)))
        if not allowed:
            with pytest.raises(DomainError), self.market.works.writing(actor) as work:
                deed(work, *words)
            assert self.count(select(func.count(AuditLeaf.seq))) == before
            return False
        with self.market.works.writing(actor) as work:
            deed(work, *words)
        assert self.count(select(func.count(AuditLeaf.seq))) > before
        self.settle()
        return True

    def settle(self) -> None:
        """Do what is due and hand out what was told, until it is quiet."""
        for _round in range(20):
            if not deadlines.run_due(self.market.works, DEADLINES) + outbox.relay(self.market.works, QUIET):
                return

    def agent(self, place: int) -> Actor:
        return self.market.agents[place][0]

    def side(self, side: str) -> Actor:
        return self.market.owner if side == "enterprise" else self.agent(self.holder or 0)

    def award(self) -> Award:
        with self.market.works.reading() as work:
            held = select(Award).where(Award.need_id == self.need_id, Award.state.in_(HOLDING))
            return work.session.scalars(held).one()

    def contract(self) -> Contract | None:
        with self.market.works.reading() as work:
            mine = select(Contract).where(Contract.need_id == self.need_id).order_by(Contract.id.desc())
            return work.session.scalars(mine).first()

    def open_pause(self) -> Pause:
        with self.market.works.reading() as work:
            contract = self.contract()
            mine = select(Pause).where(Pause.contract_id == (contract.id if contract else 0))
            return work.session.scalars(mine.where(Pause.state.in_(OPEN_PAUSES))).one()

    def quote_of(self, place: int) -> Quote | None:
        with self.market.works.reading() as work:
            gone = (QuoteState.REPLACED, QuoteState.WITHDRAWN)
            mine = select(Quote).where(
                Quote.need_id == self.need_id, Quote.agency_id == self.market.agents[place][1],
                Quote.state.not_in(gone),
            )  # fmt: skip
            return work.session.scalars(mine).first()

    def read(self, model: Any, row_id: int) -> Any:
        with self.market.works.reading() as work:
            return work.session.get_one(model, row_id)

    def count(self, query: Any) -> int:
        with self.market.works.reading() as work:
            return int(work.session.scalar(query) or 0)
