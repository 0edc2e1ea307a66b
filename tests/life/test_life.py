"""The whole life of a purchase against a model: any order of acts, any waiting, and ten planted faults are noticed.

LIFE_EXAMPLES and LIFE_STEPS set how long it is tried; a run of 1,000 times 50 steps takes minutes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, func, select, update

import core.audit
import core.outbox
import marketplace.contracts.service as contracts
import marketplace.quotes.service as quotes
import marketplace.selection.rules
import marketplace.selection.service as selection
import ratings.rules
import ratings.service
from core import deadlines, outbox
from core.access import Actor
from core.audit import AuditLeaf, first_break
from core.deadlines import Deadline
from core.errors import DomainError
from core.money import Money
from core.outbox import OutboxEvent
from marketplace.contracts.commands import Deliver, Reason, Settle, SignContract, Terminate
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import PaidLine
from marketplace.contracts.turns import EndCause
from marketplace.needs.models import Need
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.selection.commands import GiveAward
from marketplace.selection.commands import Reason as Why
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award
from ratings.commands import GiveRating
from ratings.lifecycle import RatingState
from ratings.models import Rating
from tests.marketplace.conftest import market
from tests.marketplace.contracts.deal import pdf
from tests.marketplace.selection.world import WHY, Market
from web.wiring import DEADLINES, EVENTS

__all__ = ["market"]

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "12"))
STEPS = int(os.environ.get("LIFE_STEPS", "30"))
QUIET = {
    name: [one for one in many if not one.__module__.startswith("search")]
    for name, many in EVENTS.items()
}  # fmt: skip
AGENCIES = 3
LONGEST = timedelta(days=200)
FAIR = GiveRating(4, 4, 4, 4, 4)
LIVING = ("awarded", "contracted", "completed")
PLACES = st.integers(0, AGENCIES - 1)
SIDES = st.sampled_from(["enterprise", "agency"])


class Life(RuleBasedStateMachine):
    """One need from its notice to its ratings. What the model says is allowed succeeds; all else is refused."""

    market: ClassVar[Market]
    start: ClassVar[datetime]

    @initialize(method=st.sampled_from(["lowest", "direct"]))
    def publish(self, method: str) -> None:
        """Publish a need; the clock stands at the same morning for every life."""
        self.market.clock.instant = self.start
        basis = "small-amount" if method == "direct" else WHY
        self.need_id, self.method = self.market.publish(method=method, method_basis=basis), method
        self.state, self.deal = "open", ""
        self.prices: dict[int, int] = {}
        self.holder: int | None = None
        self.confirmed = False
        self.signed: set[str] = set()
        self.rated: set[str] = set()
        self.settle()
        self.closes_at = self.read(Need, self.need_id).closes_at

    @rule(place=PLACES, level=st.integers(0, 5))
    def quote(self, place: int, level: int) -> None:
        """Hand in a sealed quote, or replace the one before."""
        yuan = 100 + 10 * level + place
        command = SubmitQuote(Money.from_yuan(yuan), None, 15, "按期完成")
        if self.act(self.state == "open", self.agent(place), quotes.submit, self.need_id, command):
            self.prices[place] = yuan

    @rule(place=PLACES)
    def withdraw(self, place: int) -> None:
        """Take a sealed quote back."""
        row = self.quote_of(place)
        if row is not None and self.act(self.state == "open", self.agent(place), quotes.withdraw, row.id):
            del self.prices[place]

    @rule(hours=st.sampled_from([1, 24, 72, 240]))
    def wait(self, hours: int) -> None:
        """Let time pass; what is due is done."""
        if self.market.clock.instant - self.start > LONGEST:
            return
        self.market.clock.instant += timedelta(hours=hours)
        self.settle()
        now = self.market.clock.instant
        if self.state == "open" and now >= self.closes_at:
            self.state = "selecting" if self.prices else "failed"
        if self.state == "awarded" and not self.confirmed:
            self.confirmed = now >= self.award().confirm_at

    @rule()
    def choose(self) -> None:
        """Choose the lowest quote."""
        if not self.prices:
            return
        best = min(self.prices, key=self.prices.__getitem__)
        row = self.quote_of(best)
        command = GiveAward(row.id if row else 0, WHY)
        if self.act(self.state == "selecting", self.market.owner, selection.award, self.need_id, command):
            assert self.award().amount == Money.from_yuan(self.prices[best])
            self.state, self.holder, self.confirmed = "awarded", best, False

    @rule()
    def decline(self) -> None:
        """Let the chosen agency step back: the next in rank follows where the method ranks."""
        if self.holder is None:
            return
        award_id = self.award().id
        if not self.act(self.state == "awarded", self.agent(self.holder), selection.decline, award_id, Why(WHY)):
            return
        del self.prices[self.holder]
        self.signed, self.confirmed = set(), False
        heirs = sorted(self.prices, key=self.prices.__getitem__) if self.method == "lowest" else []
        self.holder, self.state = (heirs[0], "awarded") if heirs else (None, "failed")

    @rule(side=SIDES)
    def sign(self, side: str) -> None:
        """Sign for one side; the second signature starts the service."""
        contract = self.contract()
        if contract is None or self.holder is None:
            return
        allowed = self.state == "awarded" and self.confirmed and side not in self.signed
        if self.act(allowed, self.side(side), contracts.sign, contract.id, SignContract(contract.content_hash)):
            self.signed.add(side)
            if len(self.signed) == 2:
                self.state, self.deal = "contracted", "in_service"

    @rule()
    def deliver(self) -> None:
        """Hand the result in."""
        if self.begun(self.side("agency"), "in_service", contracts.deliver, pdf(), Deliver("终稿")):
            self.deal = "delivered"

    @rule()
    def send_back(self) -> None:
        """Send the result back."""
        if self.begun(self.market.owner, "delivered", contracts.send_back, Reason("缺少附图，补齐后再交")):
            self.deal = "in_service"

    @rule()
    def accept(self) -> None:
        """Accept the result."""
        if self.begun(self.market.owner, "delivered", contracts.accept):
            self.deal = "accepted"

    @rule()
    def pay(self) -> None:
        """Record what was paid."""
        contract = self.contract()
        amount = contract.amount if contract is not None else Money(1)
        if self.begun(self.market.owner, "accepted", contracts.settle, Settle((PaidLine("服务费", amount),))):
            self.deal, self.state = "settled", "completed"

    @rule(chance=st.integers(0, 5))
    def end(self, chance: int) -> None:
        """End the contract early, now and then."""
        command = Terminate(EndCause.ENTERPRISE_BREACH, "业主逾期三个月没有提供资料", Money(0), "没有完成")
        if chance == 0 and self.deal in {"in_service", "delivered"}:
            assert self.begun(self.market.owner, self.deal, contracts.terminate, command)
            self.deal, self.state = "terminated", "failed"

    @rule(side=SIDES)
    def rate(self, side: str) -> None:
        """Rate the other side, once, within the window."""
        contract = self.contract()
        if contract is None or not self.deal:
            return
        ended = contract.accepted_at is None or self.market.clock.instant >= window_end(contract.accepted_at)
        allowed = self.deal in {"accepted", "settled"} and side not in self.rated and not ended
        if self.act(allowed, self.side(side), ratings.service.rate, contract.id, FAIR):
            self.rated.add(side)

    def go_on(self, place: int, level: int) -> None:
        """Do what a purchase that goes well would do next."""
        if self.state == "open":
            self.quote(place, level)
            if level == 0:
                self.wait(72)
        elif self.state == "selecting":
            self.choose()
        elif self.state == "awarded" and not self.confirmed:
            self.wait(24)
        elif self.state == "awarded":
            self.sign("agency" if "enterprise" in self.signed else "enterprise")
        elif self.deal == "in_service":
            self.deliver()
        elif self.deal == "delivered":
            self.accept()
        elif self.deal == "accepted":
            self.rate("enterprise" if level % 2 else "agency")
            self.pay()

    # Told apart by name alone, so that a life in random order is driven forward more often than aside.
    go_further = rule(place=PLACES, level=st.integers(0, 5))(go_on)
    go_along = rule(place=PLACES, level=st.integers(0, 5))(go_on)
    go_ahead = rule(place=PLACES, level=st.integers(0, 5))(go_on)
    go_forward = rule(place=PLACES, level=st.integers(0, 5))(go_on)

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        """See that need, award and contract stand where the model stands."""
        need = self.read(Need, self.need_id)
        assert str(need.state) == self.state
        held = self.count(select(func.count()).where(Award.need_id == self.need_id, Award.state.in_(HOLDING)))
        if self.state != "failed":
            assert held == (self.state in LIVING)
        contract = self.contract()
        if self.deal:
            assert contract is not None
            assert str(contract.state) == self.deal
        assert contract is not None or not self.confirmed

    @invariant()
    def nobody_reads_a_sealed_price(self) -> None:
        """See that a sealed quote has no price in the clear."""
        sealed = select(func.count()).where(
            Quote.need_id == self.need_id, Quote.state == QuoteState.SEALED, Quote.amount.is_not(None)
        )
        assert self.count(sealed) == 0

    @invariant()
    def a_rating_is_hidden_until_both_are_in_or_the_window_ends(self) -> None:
        """See that one rating alone stays hidden while its window is open."""
        contract = self.contract()
        if len(self.rated) == 1 and contract is not None and contract.accepted_at is not None:
            hidden = select(func.count()).where(Rating.contract_id == contract.id, Rating.state == RatingState.HIDDEN)
            assert self.count(hidden) == (self.market.clock.instant < window_end(contract.accepted_at))

    @invariant()
    def nothing_is_overdue(self) -> None:
        """See that what is due was done."""
        late = select(func.count()).where(Deadline.done_at.is_(None), Deadline.due_at <= self.market.clock.instant)
        assert self.count(late) == 0

    def teardown(self) -> None:
        """Leave nothing due behind: the next life begins at the same morning."""
        with self.market.works.engine.execution_options(writes=True).begin() as connection:
            connection.execute(delete(Deadline))
            connection.execute(update(OutboxEvent).values(done_at=self.start))

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


window_end = ratings.rules.window_end


def live(market: Market, *, examples: int, steps: int) -> None:
    """Try so many lives of so many steps on one market."""
    while len(market.agents) < AGENCIES:
        market.agency()
    Life.market, Life.start = market, market.clock.instant
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, phases=(Phase.generate,), database=None,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(seed(20260318)(Life), settings=chosen)


def test_any_order_of_acts_goes_as_the_model_says(market: Market) -> None:
    live(market, examples=EXAMPLES, steps=STEPS)
    with market.works.reading() as work:
        assert first_break(work.session) is None


def nothing(*_words: Any, **_more: Any) -> None:
    """Do nothing."""


PLANTED: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "no deadline is ever done": lambda patch: patch.setattr(deadlines, "run_due", lambda *_: 0),
    "a withdrawal does nothing": lambda patch: patch.setattr(quotes, "withdraw", nothing),
    "quotes are never opened": lambda patch: patch.setitem(DEADLINES, "need.close", nothing),
    "the last in rank is chosen": lambda patch: patch.setattr(
        marketplace.selection.rules, "judge_choice", lambda _method, lines, *_more: lines[-1]
    ),
    "nobody inherits an award": lambda patch: patch.setattr(marketplace.selection.rules, "heir", nothing),
    "contracts are signed in publicity": lambda patch: patch.setattr(contracts, "_want_final_award", nothing),
    "both signatures count for one side": lambda patch: patch.setattr(contracts, "is_buyer", lambda *_: True),
    "the rating window has no length": lambda patch: patch.setattr(ratings.rules, "window_end", lambda at: at),
    "nothing follows a commit": lambda patch: patch.setattr(core.outbox, "relay", lambda *_: 0),
    "no leaf is written": lambda patch: patch.setattr(core.audit, "append", nothing),
}


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="A fault is planted once: see SQLite's run.")
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_noticed(market: Market, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    while len(market.agents) < AGENCIES:
        market.agency()
    PLANTED[fault](monkeypatch)
    with pytest.raises((AssertionError, DomainError, pytest.fail.Exception)):
        live(market, examples=40, steps=30)
