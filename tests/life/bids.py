"""Rounds of bidding with a soft close, and questions on the notice, as the model knows them."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

import marketplace.needs.service as needs
from core.money import Money
from marketplace.needs import queries as need_queries
from marketplace.needs.models import Question
from marketplace.selection import bidding
from marketplace.selection import queries as selections
from tests.life.choosing import EARLY, Choosing
from tests.life.shelf import PLACES

ROUNDS, LENGTH, SOFT = 2, timedelta(minutes=3), timedelta(minutes=1)
MOST_PUT_OFF = 10


class Bids(Choosing):
    """What happens between the notice and the choice beside the quotes themselves."""

    questions: dict[int, str]
    round_no: int
    begins: datetime
    ends: datetime
    put_off: int
    offers: int

    def rounds_begin(self) -> None:
        """Know when the first round begins: on another day than the opening, so that everybody can be there."""
        with self.market.works.reading() as work:
            found = selections.selection_of(work.session, self.need_id)
        assert found is not None
        assert found.round_starts_at is not None
        assert found.round_starts_at > self.now
        self.begin_round(1, found.round_starts_at)

    def begin_round(self, number: int, begins: datetime) -> None:
        """Set a round on the clock."""
        self.round_no, self.begins, self.ends, self.put_off, self.offers = number, begins, begins + LENGTH, 0, 0

    def rounds_go_on(self) -> None:
        """Follow the rounds to now: a round without an offer is the last."""
        while self.now >= self.ends:
            if self.round_no == ROUNDS or not self.offers:
                self.frozen_after_rounds()
                return
            self.begin_round(self.round_no + 1, self.ends)

    def frozen_after_rounds(self) -> None:
        """Take the order when the rounds are over."""
        self.bidding = False
        if not self.fit:
            self.failed()
            return
        self.order = self.ranked(self.need_id)
        assert [self.prices[one] for one in self.order] == sorted(self.fit.values())

    @precondition(lambda self: self.bidding)
    @rule(seconds=st.sampled_from([1, 100, 130, 170]))
    def tick(self, seconds: int) -> None:
        """Let a little time pass; before the bidding, wait until it begins."""
        later = self.now + timedelta(seconds=seconds)
        self.market.clock.instant = max(later, self.begins)
        self.settle()
        if self.bidding:
            self.rounds_go_on()

    @precondition(lambda self: self.method == "rounds" and self.state == "selecting" and bool(self.prices))
    @rule(place=PLACES, cut=st.sampled_from([5, 10, 10, 50]))
    def bid(self, place: int, cut: int) -> None:
        """Lower one's own price by so many thousandths; less than a hundredth is refused."""
        own = self.prices.get(place, 10_000)
        fen = own * (1000 - cut) // 1000
        on = self.bidding and self.begins <= self.now < self.ends
        allowed = on and place in self.fit and fen * 100 <= own * 99
        if self.act(allowed, self.agent(place), bidding.bid, self.need_id, Money(fen)):
            self.prices[place], self.offers = fen, self.offers + 1
            if self.now + SOFT > self.ends and self.put_off < MOST_PUT_OFF:
                self.ends, self.put_off = self.now + SOFT, self.put_off + 1

    @precondition(lambda self: self.state in EARLY)
    @rule(place=PLACES, chance=st.integers(0, 2))
    def ask(self, place: int, chance: int) -> None:
        """Ask in public until the stated time."""
        if chance or len(self.questions) > 2:
            return
        allowed = self.state == "open" and self.now < self.questions_until
        if self.act(allowed, self.agent(place), needs.ask, self.need_id, "成果要几份纸质版？"):
            self.questions[self.newest_question()] = "asked"

    def newest_question(self) -> int:
        with self.market.works.reading() as work:
            return max(one.id for one in need_queries.questions_of(work.session, self.need_id))

    @precondition(lambda self: self.state in EARLY and bool(self.questions))
    @rule(which=st.integers(0, 2))
    def answer(self, which: int) -> None:
        """Answer for everybody, while the notice is open."""
        ids = sorted(self.questions)
        number = ids[which % len(ids)]
        allowed = self.state == "open" and self.questions[number] == "asked"
        if self.act(allowed, self.market.owner, needs.answer, number, "三份，盖骑缝章"):
            self.questions[number] = "answered"

    def questions_end(self) -> None:
        """Let what nobody answered lapse when the notice is not open any more."""
        if self.state != "open":
            self.questions = {one: "lapsed" if was == "asked" else was for one, was in self.questions.items()}

    def questions_stand(self) -> None:
        """See that each question stands where the model has it."""
        for number, state in self.questions.items():
            assert str(self.read(Question, number).state) == state
