"""One purchase against a model of it, as a state machine: what the model allows succeeds, all else is refused."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import func, select

from marketplace.complaints.lifecycle import Aspect, Remedy
from marketplace.contracts.models import Pause
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind
from marketplace.needs.models import Need
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award
from ratings.lifecycle import RatingState
from ratings.models import Rating
from ratings.rules import window_end
from tests.life.choosing import EARLY, LEVELS, MOST_TRIES
from tests.life.deal import OTHER, Deal
from tests.life.ground import OPEN_PAUSES
from tests.life.shelf import PLACES

LONGEST = timedelta(days=250)
AFTERWARDS = (Remedy.NONE, Remedy.NONE, Remedy.NEXT, Remedy.ANNUL, Remedy.RERUN, Remedy.NEXT)


class Life(Deal):
    """One need from its notice to its ratings. What the model says is allowed succeeds; all else is refused."""

    @rule(hours=st.sampled_from([1, 24, 72, 240]))
    def wait(self, hours: int) -> None:
        """Let time pass; what is due is done, in its order."""
        if self.now - self.start > LONGEST:
            return
        self.market.clock.instant += timedelta(hours=hours)
        due = self.due()
        self.settle()
        self.fresh = False
        for kind, object_id in due:
            if kind == "need.close" and self.state == "open":
                self.closed()
                self.fresh = True
            self.time_up(kind, object_id)
            self.turns_end(kind)
        if self.fresh and self.state == "selecting":
            self.frozen()
            if self.bidding:
                self.rounds_begin()
        elif self.bidding:
            self.rounds_go_on()
        self.questions_end()

    def go_on(self, place: int, level: int) -> None:
        """Do what a purchase that goes well would do next."""
        if self.away and self.state in {*EARLY, "awarded"} and level > 1:
            self.let_in(min(self.away))
        elif self.holder in self.lapsed and self.holder not in self.away and level > 3:
            self.renew(0)
        elif self.state in EARLY:
            self.towards_an_award(place, level)
        elif self.state == "awarded":
            self.towards_a_contract(level)
        elif self.deal == "in_service" and level > 3:
            self.dwell(level)
        elif self.deal == "in_service":
            self.deliver()
        elif self.deal == "delivered":
            (self.send_back if level == 5 and self.returned < 2 else self.accept)()
        elif self.deal == "accepted":
            self.rate("enterprise" if level % 2 else "agency")
            self.pay(500 * (level == 5))
        elif self.bill:
            self.bill_word("agency", "dispute" if level % 2 else "confirm", 0)
        if self.state in {"failed", "withdrawn"} and self.tries < MOST_TRIES and level > 1:
            self.repeat(level == 5, 0)
        elif self.is_over and self.bill not in {"recorded", "disputed"}:
            self.another(self.methods[(place + level) % len(self.methods)])

    def towards_an_award(self, place: int, level: int) -> None:
        """Quote, wait for the opening, score or bid, choose."""
        if self.state == "open" and self.knows.get(place, self.binding) < self.binding:
            self.confirm(place)
        elif self.state == "open" and len(self.prices) < 2:
            self.crowd(level, (2, 3, 3, 6)[level % 4])
        elif self.state == "open":
            self.wait(240)
        elif self.bidding:
            self.tick(1 if self.now < self.begins else 100)
            self.bid(place, 10)
        elif not self.is_scored:
            self.score(level, some=False)
        else:
            self.choose(int(level == 5))

    def towards_a_contract(self, level: int) -> None:
        """Let a complaint take its way, or the publicity pass, and sign."""
        case = next((one for one in self.cases if one.is_open), None)
        if self.held is not None and self.held.status == "confirmed":
            self.sign("agency" if "enterprise" in self.signed else "enterprise")
        elif case is not None:
            self.argue(case, level, AFTERWARDS[level])
        elif level > 3 and not self.cases and self.prices:
            self.complain(max(self.prices), Aspect.RESULT, 0)
        else:
            self.wait(24)

    def dwell(self, level: int) -> None:
        """Ask for a pause or a change, and answer it from the other side."""
        if self.change:
            self.answer_change(OTHER[self.change_by], "sign")
        elif level == 5 and self.changes < 2:
            self.propose("agency", AmendmentKind.EXTENSION if self.changes else AmendmentKind.PRICE, 2)
        elif not self.pause and self.pauses < 3:
            self.ask_pause("agency" if level % 2 else "enterprise", Cause.ENTERPRISE)
        elif self.pause == "asked":
            self.answer_pause(OTHER[self.asked_by], level % 2 == 0)
        elif self.pause:
            self.end_pause(OTHER[self.asked_by])

    # Told apart by name alone, so that a life in random order is driven forward more often than aside.
    go_further = rule(place=PLACES, level=LEVELS)(go_on)
    go_along = rule(place=PLACES, level=LEVELS)(go_on)
    go_ahead = rule(place=PLACES, level=LEVELS)(go_on)
    go_forward = rule(place=PLACES, level=LEVELS)(go_on)
    go_onward = rule(place=PLACES, level=LEVELS)(go_on)
    go_straight = rule(place=PLACES, level=LEVELS)(go_on)

    @precondition(lambda self: any(one.is_open for one in self.cases))
    @rule(hours=st.sampled_from([24, 240]))
    def let_time_judge(self, hours: int) -> None:
        """Let the offices' and the sides' times pass while something is complained of."""
        self.wait(hours)

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        """See that need, award, contract, questions and complaints stand where the model stands."""
        assert str(self.read(Need, self.need_id).state) == self.state
        with self.market.works.reading() as work:
            holding = select(Award).where(Award.need_id == self.need_id, Award.state.in_(HOLDING))
            rows = work.session.scalars(holding).all()
        assert [one.id for one in rows] == ([self.held.id] if self.held is not None else [])
        if self.held is not None:
            assert str(rows[0].state) == self.held.status
            clocks = {"provisional": {"award.publicity"}, "suspended": {"award.suspension"}}.get(
                self.held.status, set()
            )
            assert self.clocks(self.held.id, "award.publicity", "award.suspension") == clocks
        if self.state in {"selecting", "awarded"}:
            stands = "opened" if self.state == "selecting" else "lost"
            losers = {place: self.quote_of(place) for place in self.prices if place != self.holder}
            assert {str(row.state) for row in losers.values() if row is not None} <= {stands}
        self.contract_stands()
        self.questions_stand()
        self.complaints_stand()

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
            assert self.count(hidden) == (self.now < window_end(contract.accepted_at))

    @invariant()
    def nothing_is_overdue(self) -> None:
        """See that what is due was done."""
        self.nothing_waits()
