"""From the notice to the award, by every method of selection: what the model says of quotes, orders and heirs."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

import marketplace.quotes.service as quotes
import marketplace.selection.service as selection
from core.corrections import days_after
from core.money import Money
from marketplace.needs import amending
from marketplace.needs import service as needs
from marketplace.needs.commands import AmendNeed
from marketplace.needs.models import Need
from marketplace.quotes.commands import SubmitQuote
from marketplace.selection.commands import GiveAward, GivePoints, RejectQuote, ScoreSheet
from marketplace.selection.commands import Reason as Why
from tests.life.ground import half_up
from tests.life.held import Held
from tests.life.shelf import PLACES, TERMS, Shelf
from tests.marketplace.selection.test_ends import asked_of
from tests.marketplace.selection.world import WHY

METHODS = ("lowest", "direct", "merit", "mean", "best-price", "credit", "rounds", "random")
LEAST = {"credit": 2}
FIRST_ONLY = ("lowest", "mean", "best-price", "rounds", "random")
EARLY = ("open", "selecting")
LEVELS = st.integers(0, 5)
CROWD = 6
MOST_TRIES = 6
POINTS = (70, 85, 85, 60, 90, 75)


class Choosing(Shelf):
    """One need until somebody holds its award. What the model says is allowed succeeds; all else is refused."""

    methods: ClassVar[tuple[str, ...]] = METHODS

    def born(self, need_id: int, method: str) -> None:
        """Begin to know a need that was just published."""
        self.need_id, self.method = need_id, method
        self.state, self.deal = "open", ""
        self.prices: dict[int, int] = {}
        self.knows = dict[int, int]()
        self.binding = 0
        self.order: list[int] = []
        self.points: dict[int, int] = {}
        self.bidding = False
        self.holder: int | None = None
        self.held: Held | None = None
        self.awards = 0
        self.last_until: datetime | None = None
        self.last_place: int | None = None
        self.decided_at: datetime | None = None
        self.settle()
        need = self.read(Need, need_id)
        self.closes_at, self.questions_until = need.closes_at, need.questions_until
        self.is_capped = need.ceiling is not None
        assert self.now < self.questions_until < self.closes_at

    @initialize(data=st.data())
    def publish(self, data: Any) -> None:
        """Publish a need; the clock stands at the same morning for every life."""
        self.begin(data.draw(st.sampled_from(self.methods)), data.draw(st.sampled_from(TERMS)))

    def begin(self, method: str, term: int = TERMS[-1]) -> None:
        """Publish the first need of a life; one agency's certificate ends after so many days."""
        self.market.clock.instant = self.start
        self.tries, self.fresh = 0, False
        self.shelve(term)
        self.born(self.market.publish(**asked_of(method)), method)
        self.anew()

    def price(self, place: int, level: int) -> int:
        """Return a price in fen; a third of all levels is the same for everybody, and so is a fixed price."""
        return 10_000 if self.is_capped else 10_000 + 1_000 * level + 100 * place * (level % 3 > 0)

    @precondition(lambda self: self.state in EARLY)
    @rule(place=PLACES, level=LEVELS)
    def quote(self, place: int, level: int) -> None:
        """Hand in a sealed quote, or replace the one before."""
        fen = self.price(place, level)
        command = SubmitQuote(Money(fen), None, 15, "按期完成")
        allowed = self.state == "open" and place not in self.unfit
        if self.act(allowed, self.agent(place), quotes.submit, self.need_id, command):
            self.prices[place], self.knows[place] = fen, self.binding

    @precondition(lambda self: self.state == "open" and len(self.prices) < CROWD)
    @rule(level=LEVELS, size=st.sampled_from([2, 3, 3, CROWD]))
    def crowd(self, level: int, size: int) -> None:
        """Let many quote at once."""
        for place in range(len(self.prices), size):
            self.quote(place, (level * (place + 1)) % 6)

    @precondition(lambda self: self.state in EARLY)
    @rule(chance=st.integers(0, 5), days=st.integers(16, 40))
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
            self.closes_at, self.questions_until = changed.closes_at, changed.questions_until

    @precondition(lambda self: self.state in EARLY and bool(self.prices) and self.binding > 0)
    @rule(place=PLACES)
    def confirm(self, place: int) -> None:
        """Let a sealed quote stand for the notice as amended."""
        if place in self.prices:
            allowed = self.state == "open" and self.knows[place] < self.binding and place not in self.unfit
            if self.act(allowed, self.agent(place), quotes.confirm, self.need_id):
                self.knows[place] = self.binding

    @precondition(lambda self: self.state in EARLY)
    @rule(chance=st.integers(0, 25))
    def call_off(self, chance: int) -> None:
        """Take the notice back before an award."""
        if not chance and self.act(True, self.market.owner, needs.withdraw, self.need_id, "项目暂缓实施，择期再购"):
            self.state, self.bidding = "withdrawn", False
            self.questions_end()

    @precondition(lambda self: self.state in EARLY and bool(self.prices))
    @rule(place=PLACES)
    def withdraw(self, place: int) -> None:
        """Take a sealed quote back."""
        row = self.quote_of(place)
        if row is not None and self.act(self.state == "open", self.agent(place), quotes.withdraw, row.id):
            del self.prices[place]

    def closed(self) -> None:
        """Follow the end of the time for quotes; who did not confirm an amendment, or may not serve, does not count."""
        self.prices = {place: fen for place, fen in self.fit.items() if self.knows[place] == self.binding}
        self.state = "selecting" if self.prices else "failed"

    def frozen(self) -> None:
        """Take the order of the frozen list, once; what can be told from prices alone must be so."""
        self.bidding = self.method == "rounds" and len(self.prices) > 1 and not self.order
        if self.bidding:
            return
        if self.is_short():
            self.failed()
            return
        if self.method == "merit":
            return
        self.order = self.ranked(self.need_id, listed=True)
        if self.method in {"lowest", "rounds", "direct"}:
            assert [self.prices[one] for one in self.order] == sorted(self.prices.values())
        if self.method == "mean":
            mean = Fraction(sum(self.prices.values()), len(self.prices))
            away = [abs(self.prices[one] - mean) for one in self.order]
            assert away == sorted(away)
            assert set(self.order) == set(self.prices)
        if self.method == "best-price":
            spread = sorted(self.prices.values())
            kept = spread[1:-1] if len(spread) >= CROWD else spread
            assert sorted(self.prices[one] for one in self.order) == kept

    def is_short(self) -> bool:
        """Say whether too few count, or nobody of those that do may win."""
        able = not self.order or any(one in self.fit for one in self.order)
        return len(self.fit) < LEAST.get(self.method, 1) or not able

    def let_in_again(self) -> None:
        """See that whoever is let in again takes its old place, and that nobody else moves."""
        if self.order and self.state in {"selecting", "awarded"}:
            before, self.order = self.order, self.ranked(self.need_id, listed=True)
            both = set(before) & set(self.order)
            assert [one for one in before if one in both] == [one for one in self.order if one in both]

    def failed(self) -> None:
        """Follow a selection to its end without an award."""
        self.state, self.decided_at = "failed", self.now

    @property
    def is_scored(self) -> bool:
        """Whether every quote that counts has its points, where the method asks for points."""
        return self.method != "merit" or set(self.fit) <= set(self.points)

    def firsts(self) -> set[int]:
        """Return who may stand first now; several only where the draw alone separates them."""
        if self.method == "merit":
            totals = {place: self.total(place) for place in self.fit}
            return {place for place, total in totals.items() if total == max(totals.values())}
        return {next(one for one in self.order if one in self.fit)} if set(self.order) & set(self.fit) else set()

    def total(self, place: int) -> Fraction:
        """Weigh a quote as the notice says: thirty for the price, seventy for the proposal."""
        lowest, own = min(self.fit.values()), self.prices[place]
        return half_up((half_up(Fraction(lowest * 100, own)) * 30 + self.points[place] * 70) / 100)

    @precondition(lambda self: self.method == "merit" and self.state in {"selecting", "awarded"})
    @rule(turn=st.integers(0, 5), some=st.booleans())
    def score(self, turn: int, some: bool) -> None:
        """Give points to all quotes, or to one."""
        ids = {place: row.id for place in self.prices if (row := self.quote_of(place)) is not None}
        given = {place: POINTS[(place + turn) % CROWD] for place in sorted(ids)[: 1 if some else None]}
        deed = ScoreSheet(
            tuple(GivePoints(ids[one], "服务方案", points, "对照评分表") for one, points in given.items())
        )
        if self.act(self.state == "selecting", self.market.owner, selection.score, self.need_id, deed):
            self.points |= given

    @precondition(lambda self: bool(self.prices) and self.state in {"selecting", "awarded"})
    @rule(place=PLACES, chance=st.integers(0, 2))
    def reject(self, place: int, chance: int) -> None:
        """Find an opened quote invalid; the ranks close up."""
        row = self.quote_of(place)
        if row is None or place not in self.prices or chance:
            return
        allowed = self.state == "selecting" and not self.bidding
        if self.act(allowed, self.market.owner, selection.reject, self.need_id, RejectQuote(row.id, WHY)):
            del self.prices[place]
            if self.is_short():
                self.failed()

    @precondition(lambda self: self.state in {"selecting", "awarded"})
    @rule(chance=st.integers(0, 20))
    def give_up(self, chance: int) -> None:
        """End the selection without an award."""
        allowed = self.state == "selecting" and not self.bidding
        if not chance and self.act(allowed, self.market.owner, selection.give_up, self.need_id, Why(WHY)):
            self.failed()

    @precondition(lambda self: bool(self.prices) and self.state in {"selecting", "awarded"})
    @rule(behind=st.sampled_from([0, 0, 0, 1]))
    def choose(self, behind: int) -> None:
        """Choose the first in rank, or one behind, which only some methods allow."""
        line = self.ranked(self.need_id) if self.state == "selecting" and self.is_scored and not self.bidding else []
        if line:
            assert line[0] in self.firsts()
            assert set(line) <= set(self.fit)
        wanted = line[min(behind, len(line) - 1)] if line else min(self.prices)
        if behind and set(self.prices) & self.unfit:
            wanted = min(set(self.prices) & self.unfit)
        row, may_win = self.quote_of(wanted), wanted in line and not self.is_short()
        allowed = may_win and (wanted == line[0] or self.method not in FIRST_ONLY)
        command = GiveAward(row.id if row else 0, WHY)
        if self.act(allowed, self.market.owner, selection.award, self.need_id, command):
            self.taken(wanted)

    def taken(self, place: int) -> None:
        """Know a new award, which is public from now on."""
        award = self.award_of(self.need_id)
        assert award is not None
        assert (award.amount, self.place_of(award.agency_id)) == (Money(self.prices[place]), place)
        assert award.publicity_until == days_after(self.now, 1)
        self.awards += 1
        self.held = Held(award.id, self.awards, place, award.publicity_until)
        self.state, self.holder = "awarded", place
        self.signed: set[str] = set()
        self.last_until, self.last_place = award.publicity_until, place
        self.align()

    @precondition(lambda self: self.holder is not None)
    @rule(chance=st.integers(0, 5))
    def decline(self, chance: int) -> None:
        """Let the chosen agency step back, now and then: the next in rank follows where the method ranks."""
        if self.holder is None or chance or self.held is None:
            return
        place = self.holder
        if self.act(self.state == "awarded", self.agent(place), selection.decline, self.held.id, Why(WHY)):
            del self.prices[place]
            self.inherit()

    def inherit(self) -> None:
        """Follow an award that ended: to whoever is next, or to the end of the need."""
        self.held = self.holder = None
        if self.fit and not self.is_scored:  # one let in again without points: there is no rank to follow yet
            self.state = "selecting"
            return
        heirs = self.firsts() if self.fit and self.method != "direct" else set()
        if not heirs:
            self.failed()
            return
        award = self.award_of(self.need_id)
        assert award is not None
        assert self.place_of(award.agency_id) in heirs
        self.taken(self.place_of(award.agency_id))

    @precondition(lambda self: self.is_over)
    @rule(method=st.sampled_from(METHODS))
    def another(self, method: str) -> None:
        """Buy something else when a purchase has come to its end."""
        if self.method_known(method) and self.is_over:
            self.born(self.market.publish(**asked_of(method)), method)
            self.anew()

    def method_known(self, method: str) -> bool:
        """Say whether lives of this machine choose by this method."""
        return method in self.methods and self.tries < MOST_TRIES

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do but to ask anew."""
        return self.state in {"completed", "failed", "withdrawn"}

    @precondition(lambda self: self.state in {"failed", "withdrawn"} and self.tries < MOST_TRIES)
    @rule(directly=st.booleans(), chance=st.integers(0, 1))
    def repeat(self, directly: bool, chance: int) -> None:
        """Ask anew for what failed, perhaps to choose directly this time."""
        if chance:
            return
        method = "direct" if directly and "direct" in self.methods else self.method
        directly = method != self.method
        with self.market.works.writing(self.market.owner) as work:
            made = needs.repeat(work, self.need_id, method if directly else "")
            needs.publish(work, made.id)
        assert made.repeats_id == self.need_id
        self.tries += 1
        self.market.clock.instant += timedelta(seconds=1)
        self.born(made.id, method)
        self.anew()

    def anew(self) -> None:
        """Forget what hung on the need before."""

    def align(self) -> None:
        """Bring the award in line with what is complained of."""

    def questions_end(self) -> None:
        """Let what nobody answered lapse when the notice is not open any more."""
