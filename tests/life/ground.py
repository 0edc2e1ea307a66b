"""What the models of purchases stand on: how they act, let things settle and read the tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any, ClassVar

import pytest
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import func, select

from core import deadlines, outbox
from core.access import Actor
from core.audit import AuditLeaf, first_break
from core.deadlines import Deadline
from core.errors import DomainError
from core.work import Works
from marketplace.contracts.lifecycle import PauseState
from marketplace.contracts.models import Contract, Pause
from marketplace.needs.models import Need
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.selection import queries as selections
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award
from marketplace.selection.queries import Weighing
from tests.marketplace.selection.world import Market
from web.wiring import DEADLINES, EVENTS

QUIET = {
    name: [one for one in many if not one.__module__.startswith("search")]
    for name, many in EVENTS.items()
}  # fmt: skip
OPEN_PAUSES = (PauseState.ASKED, PauseState.RUNNING)
GONE = (QuoteState.REPLACED, QuoteState.WITHDRAWN)


def half_up(exact: Fraction) -> Fraction:
    """Round to 0.01, half up."""
    return Fraction((exact * 100 + Fraction(1, 2)).__floor__(), 100)


class Ground(RuleBasedStateMachine):
    """A market at one morning: how a model acts in it, and what it reads there."""

    market: ClassVar[Market]
    start: ClassVar[datetime]
    beginning: ClassVar[Callable[[Works], None]]
    need_id: int
    holder: int | None

    @property
    def now(self) -> datetime:
        """The market's time."""
        return self.market.clock.instant

    def act(self, allowed: bool, actor: Actor, deed: Callable[..., Any], *words: Any) -> bool:
        """Do a deed the model allows, or see that it is refused and leaves no trace; then do what follows."""
        before = self.leaves()
        if not allowed:
            with pytest.raises(DomainError), self.market.works.writing(actor) as work:
                deed(work, *words)
            assert self.leaves() == before
            return False
        with self.market.works.writing(actor) as work:
            deed(work, *words)
        assert self.leaves() > before
        self.settle()
        return True

    def settle(self) -> None:
        """Do what is due and hand out what was told, until it is quiet."""
        for _round in range(20):
            if not deadlines.run_due(self.market.works, DEADLINES) + outbox.relay(self.market.works, QUIET):
                return

    def due(self) -> list[tuple[str, int]]:
        """Return what is due and not done, each by its kind and object, in the order it will be done."""
        with self.market.works.reading() as work:
            late = select(Deadline).where(Deadline.done_at.is_(None), Deadline.due_at <= self.now)
            rows = work.session.scalars(late.order_by(Deadline.due_at, Deadline.id))
            return [(row.kind, row.object_id) for row in rows]

    def clocks(self, object_id: int, *kinds: str) -> set[str]:
        """Return which of these kinds of deadline wait for an object."""
        with self.market.works.reading() as work:
            mine = select(Deadline.kind).where(Deadline.object_id == object_id, Deadline.done_at.is_(None))
            return set(work.session.scalars(mine.where(Deadline.kind.in_(kinds))))

    def agent(self, place: int) -> Actor:
        """Return who acts for the agency at a place."""
        return self.market.agents[place][0]

    def place_of(self, agency_id: int) -> int:
        """Return the place of an agency."""
        return next(place for place, (_actor, one) in enumerate(self.market.agents) if one == agency_id)

    def side(self, side: str) -> Actor:
        """Return who acts for one side of the deal."""
        return self.market.owner if side == "enterprise" else self.agent(self.holder or 0)

    def award_of(self, need_id: int) -> Award | None:
        """Read the award of a need that holds."""
        with self.market.works.reading() as work:
            held = select(Award).where(Award.need_id == need_id, Award.state.in_(HOLDING))
            return work.session.scalars(held).one_or_none()

    def weighed(self, need_id: int) -> Weighing:
        """Call the pure ranking on the frozen list of a need, as it stands now."""
        with self.market.works.reading() as work:
            need, found = work.session.get_one(Need, need_id), selections.selection_of(work.session, need_id)
            assert found is not None
            return selections.weigh(work.session, need, found, self.now.date())

    def ranked(self, need_id: int, *, listed: bool = False) -> list[int]:
        """Return the places of those that may win, by rank; listed: also of who could win once others are gone."""
        found = self.weighed(need_id)
        ranks = {one.rank: one for one in found.lines if one.rank is not None and (listed or not one.out)}
        able = [ranks[rank] for rank in sorted(ranks)]
        return [self.place_of(found.candidates[one.entrant.quote_id].agency.id) for one in able]

    def contract(self) -> Contract | None:
        """Read the newest contract of the need."""
        with self.market.works.reading() as work:
            mine = select(Contract).where(Contract.need_id == self.need_id).order_by(Contract.id.desc())
            return work.session.scalars(mine).first()

    def open_pause(self) -> Pause:
        """Read the pause that is asked for or runs."""
        with self.market.works.reading() as work:
            contract = self.contract()
            mine = select(Pause).where(Pause.contract_id == (contract.id if contract else 0))
            return work.session.scalars(mine.where(Pause.state.in_(OPEN_PAUSES))).one()

    def quote_of(self, place: int, need_id: int | None = None) -> Quote | None:
        """Read the quote an agency has with a need."""
        with self.market.works.reading() as work:
            mine = select(Quote).where(
                Quote.need_id == (need_id or self.need_id), Quote.agency_id == self.market.agents[place][1],
                Quote.state.not_in(GONE),
            )  # fmt: skip
            return work.session.scalars(mine).first()

    def read(self, model: Any, row_id: int) -> Any:
        """Read one row."""
        with self.market.works.reading() as work:
            return work.session.get_one(model, row_id)

    def leaves(self) -> int:
        """Return the number of the last leaf of the log."""
        return self.count(select(func.max(AuditLeaf.seq)))

    def count(self, query: Any) -> int:
        """Return the number a query finds."""
        with self.market.works.reading() as work:
            return int(work.session.scalar(query) or 0)

    def see(self) -> None:
        """See that everything holds that always holds."""
        for one in self.invariants:
            one.function(self)

    def nothing_waits(self) -> None:
        """See that what is due was done."""
        late = select(func.count()).where(Deadline.done_at.is_(None), Deadline.due_at <= self.now)
        assert self.count(late) == 0

    def teardown(self) -> None:
        """See that the log holds together, and put the market back: every life begins at the same morning."""
        with self.market.works.reading() as work:
            broken = first_break(work.session)
        type(self).beginning(self.market.works)
        assert broken is None
