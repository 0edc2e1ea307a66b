"""One purchase against a model of it, as a state machine: what the model allows succeeds, all else is refused."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import delete, func, select, update

import marketplace.contracts.service as contracts
import marketplace.quotes.service as quotes
import marketplace.selection.service as selection
import ratings.rules
import ratings.service
from core.deadlines import Deadline
from core.money import Money
from core.outbox import OutboxEvent
from marketplace.contracts import pausing
from marketplace.contracts.commands import Answer, AskPause, Deliver, Reason, Settle, SignContract, Terminate
from marketplace.contracts.models import Pause
from marketplace.contracts.rules import PaidLine
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import EndCause
from marketplace.needs import amending
from marketplace.needs import service as needs
from marketplace.needs.commands import AmendNeed
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
from tests.life.ground import OPEN_PAUSES, Ground
from tests.marketplace.contracts.deal import pdf
from tests.marketplace.selection.world import WHY

AGENCIES = 3
LONGEST = timedelta(days=200)
FAIR = GiveRating(4, 4, 4, 4, 4)
EARLY = ("open", "selecting")
LIVING = ("awarded", "contracted", "completed")
PLACES = st.integers(0, AGENCIES - 1)
SIDES = st.sampled_from(["enterprise", "agency"])


class Life(Ground):
    """One need from its notice to its ratings. What the model says is allowed succeeds; all else is refused."""

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
        self.binding, self.knows = 0, dict[int, int]()
        self.pause, self.asked_by, self.pauses = "", "", 0
        self.settle()
        self.closes_at = self.read(Need, self.need_id).closes_at

    @precondition(lambda self: self.state in EARLY)
    @rule(place=PLACES, level=st.integers(0, 5))
    def quote(self, place: int, level: int) -> None:
        """Hand in a sealed quote, or replace the one before."""
        yuan = 100 + 10 * level + place
        command = SubmitQuote(Money.from_yuan(yuan), None, 15, "按期完成")
        if self.act(self.state == "open", self.agent(place), quotes.submit, self.need_id, command):
            self.prices[place], self.knows[place] = yuan, self.binding

    @precondition(lambda self: self.state in EARLY)
    @rule(chance=st.integers(0, 3), days=st.integers(16, 40))
    def amend(self, chance: int, days: int) -> None:
        """Change what prices rest on; quotes handed in before must be confirmed or replaced."""
        if chance:
            return
        need = self.read(Need, self.need_id)
        command = AmendNeed({"time_limit_days": days + 30 * (need.time_limit_days == days)}, "建设单位调整了进度要求")
        if self.act(self.state == "open", self.market.owner, amending.amend, self.need_id, command):
            self.binding += 1
            changed = self.read(Need, self.need_id)
            assert changed.closes_at >= self.closes_at
            assert changed.binding_amendment == self.binding
            self.closes_at = changed.closes_at

    @precondition(lambda self: self.state in EARLY and bool(self.prices))
    @rule(place=PLACES)
    def confirm(self, place: int) -> None:
        """Let a sealed quote stand for the notice as amended."""
        if place in self.prices:
            allowed = self.state == "open" and self.knows[place] < self.binding
            if self.act(allowed, self.agent(place), quotes.confirm, self.need_id):
                self.knows[place] = self.binding

    @precondition(lambda self: self.state in EARLY)
    @rule(chance=st.integers(0, 15))
    def call_off(self, chance: int) -> None:
        """Take the notice back before an award."""
        allowed = self.state in {"open", "selecting"}
        if not chance and self.act(allowed, self.market.owner, needs.withdraw, self.need_id, "项目暂缓实施，择期再购"):
            self.state = "withdrawn"

    @precondition(lambda self: self.state in EARLY)
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
            self.prices = {place: yuan for place, yuan in self.prices.items() if self.knows[place] == self.binding}
            self.state = "selecting" if self.prices else "failed"
        if self.pause == "asked" and now >= self.answer_by:
            self.pause = "running"
        if self.state == "awarded" and not self.confirmed:
            self.confirmed = now >= self.award().confirm_at

    @precondition(lambda self: bool(self.prices) and self.state in (*EARLY, "awarded"))
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

    @precondition(lambda self: self.holder is not None)
    @rule(chance=st.integers(0, 3))
    def decline(self, chance: int) -> None:
        """Let the chosen agency step back, now and then: the next in rank follows where the method ranks."""
        if self.holder is None or chance:
            return
        award_id = self.award().id
        if not self.act(self.state == "awarded", self.agent(self.holder), selection.decline, award_id, Why(WHY)):
            return
        del self.prices[self.holder]
        self.signed, self.confirmed = set(), False
        heirs = sorted(self.prices, key=self.prices.__getitem__) if self.method == "lowest" else []
        self.holder, self.state = (heirs[0], "awarded") if heirs else (None, "failed")

    @precondition(lambda self: self.holder is not None)
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

    @precondition(lambda self: bool(self.deal))
    @rule(side=SIDES, cause=st.sampled_from(Cause))
    def ask_pause(self, side: str, cause: Cause) -> None:
        """Ask for the clock to stop; one pause at a time, and three in a life are enough."""
        contract = self.contract()
        if contract is None or not self.deal or self.pauses > 2:
            return
        command = AskPause(cause, "等待规划部门出具复函")
        if self.act(self.deal == "in_service" and not self.pause, self.side(side), pausing.ask, contract.id, command):
            self.pause, self.asked_by, self.pauses = "asked", side, self.pauses + 1
            self.answer_by = self.open_pause().answer_by

    @precondition(lambda self: bool(self.pause))
    @rule(side=SIDES, agrees=st.booleans())
    def answer_pause(self, side: str, agrees: bool) -> None:
        """Agree to the pause or refuse it; the side that asked cannot."""
        if not self.pause:
            return
        pause, word = self.open_pause(), Answer(agrees, "资料已于上周交齐，无须暂停")
        allowed = self.pause == "asked" and side != self.asked_by
        if self.act(allowed, self.side(side), pausing.answer, pause.contract_id, pause.no, word):
            self.pause = "running" if agrees else ""

    @precondition(lambda self: bool(self.pause))
    @rule(side=SIDES)
    def end_pause(self, side: str) -> None:
        """Let the clock run again, or take back what was only asked."""
        if not self.pause:
            return
        pause, before = self.open_pause(), self.contract()
        allowed = self.pause == "running" or side == self.asked_by
        if self.act(allowed, self.side(side), pausing.end, pause.contract_id, pause.no):
            after = self.contract()
            assert before is not None
            assert after is not None
            assert after.due_at >= before.due_at
            self.pause = ""

    @precondition(lambda self: bool(self.deal))
    @rule()
    def deliver(self) -> None:
        """Hand the result in; a pause ends with it."""
        if self.begun(self.side("agency"), "in_service", contracts.deliver, pdf(), Deliver("终稿")):
            self.deal, self.pause = "delivered", ""

    @precondition(lambda self: bool(self.deal))
    @rule()
    def send_back(self) -> None:
        """Send the result back."""
        if self.begun(self.market.owner, "delivered", contracts.send_back, Reason("缺少附图，补齐后再交")):
            self.deal = "in_service"

    @precondition(lambda self: bool(self.deal))
    @rule()
    def accept(self) -> None:
        """Accept the result."""
        if self.begun(self.market.owner, "delivered", contracts.accept):
            self.deal = "accepted"

    @precondition(lambda self: bool(self.deal))
    @rule()
    def pay(self) -> None:
        """Record what was paid."""
        contract = self.contract()
        amount = contract.amount if contract is not None else Money(1)
        if self.begun(self.market.owner, "accepted", contracts.settle, Settle((PaidLine("服务费", amount),))):
            self.deal, self.state = "settled", "completed"

    @precondition(lambda self: self.deal in {"in_service", "delivered"})
    @rule(chance=st.integers(0, 5))
    def end(self, chance: int) -> None:
        """End the contract early, now and then."""
        command = Terminate(EndCause.ENTERPRISE_BREACH, "业主逾期三个月没有提供资料", Money(0), "没有完成")
        if chance == 0 and self.deal in {"in_service", "delivered"}:
            assert self.begun(self.market.owner, self.deal, contracts.terminate, command)
            self.deal, self.state, self.pause = "terminated", "failed", ""

    @precondition(lambda self: bool(self.deal))
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
        if self.state == "open" and self.knows.get(place, self.binding) < self.binding:
            self.confirm(place)
        elif self.state == "open" and (place not in self.prices or level > 3):
            self.quote(place, level)
        elif self.state == "open":
            self.wait(240)
        elif self.state == "selecting":
            self.choose()
        elif self.state == "awarded" and not self.confirmed:
            self.wait(24)
        elif self.state == "awarded":
            self.sign("agency" if "enterprise" in self.signed else "enterprise")
        elif self.deal == "in_service" and level > 2 and self.pauses < 3:
            self.dwell(level)
        elif self.deal == "in_service":
            self.deliver()
        elif self.deal == "delivered":
            self.accept()
        elif self.deal == "accepted":
            self.rate("enterprise" if level % 2 else "agency")
            self.pay()

    def dwell(self, level: int) -> None:
        """Ask for a pause, answer it from the other side, or end it."""
        other = "agency" if self.asked_by == "enterprise" else "enterprise"
        if not self.pause:
            self.ask_pause("agency" if level % 2 else "enterprise", Cause.ENTERPRISE)
        elif self.pause == "asked":
            self.answer_pause(other, level % 2 == 0)
        else:
            self.end_pause(other)

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
    def at_most_one_pause_is_open(self) -> None:
        """See that the pauses stand where the model has them."""
        contract = self.contract()
        if contract is not None and self.deal:
            standing = select(Pause.state).where(Pause.contract_id == contract.id, Pause.state.in_(OPEN_PAUSES))
            with self.market.works.reading() as work:
                assert [str(one) for one in work.session.scalars(standing)] == ([self.pause] if self.pause else [])

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


window_end = ratings.rules.window_end
