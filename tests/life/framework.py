"""A framework agreement against a model: its panel, its term, and every way of calling off from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

import marketplace.quotes.service as quotes
import marketplace.selection.service as selection
from core.money import Money
from marketplace.frameworks import admitting, calling, leaving, publicity, queries, service
from marketplace.frameworks.commands import Admit, CallOffFrom, Ending, Leave, Remove
from marketplace.frameworks.lifecycle import Leaving, Removal, Way
from marketplace.frameworks.models import Framework, FrameworkMember
from marketplace.needs.models import Need
from marketplace.quotes.commands import SubmitQuote
from marketplace.selection.commands import GiveAward, RejectQuote
from marketplace.selection.commands import Reason as Why
from tests.life.ground import Ground
from tests.marketplace.frameworks.world import Hall
from tests.marketplace.selection.world import WHY

AGENCIES = st.integers(0, 5)
LEVELS = st.integers(0, 5)
WAYS = st.sampled_from([Way.ROTATION, Way.ROTATION, Way.DIRECT, Way.PRICE])
TOTALS = st.sampled_from([None, None, Money.from_yuan(2500)])
DEED = "本单位今年的项目已经全部办完"
WANTED, LEAST = 3, 2
NEED_STATE = {
    "inviting": {"open", "selecting"}, "provisional": {"awarded"}, "in_force": {"contracted"}, "expired": {"completed"},
    "closed": {"completed"}, "failed": {"failed"}, "withdrawn": {"withdrawn"},
}  # fmt: skip


@dataclass
class Call:
    """A call-off. caps: the most each member may ask. order: who is asked after whom. prices: what was quoted."""

    need_id: int
    caps: dict[int, int]
    order: list[int]
    state: str
    closes_at: datetime | None = None
    prices: dict[int, int] = field(default_factory=dict)
    out: set[int] = field(default_factory=set)
    holder: int | None = None

    @property
    def counts(self) -> int:
        """What it takes of the total, in fen."""
        if self.state == "failed":
            return 0
        return self.prices[self.holder] if self.holder is not None else self.most

    @property
    def most(self) -> int:
        """The most it may come to while its contract is not signed: it may pass to a dearer member."""
        return 0 if self.state == "failed" else max(self.caps.values())


class Agreement(Ground):
    """One framework from its notice to the end of its term, and what is called off from it."""

    start: ClassVar[datetime]

    @initialize(way=WAYS, total=TOTALS)
    def publish(self, way: Way, total: Money | None) -> None:
        """Publish the notice of a framework at the same morning for every life."""
        self.market.clock.instant = self.start
        self.begin(way, total)

    def begin(self, way: Way, total: Money | None) -> None:
        """Publish the notice."""
        self.way, self.total, self.hall = way, total, Hall(self.market)
        self.id = self.hall.published(way=way, total=total, wanted=WANTED, months=2)
        self.need_id = self.hall.need_of(self.id).id
        self.state, self.opened = "inviting", False
        self.prices: dict[int, int] = {}
        self.members: list[int] = []
        self.left: set[int] = set()
        self.queue: list[int] = []
        self.calls: list[Call] = []
        self.settle()
        self.closes_at = self.read(Need, self.need_id).closes_at

    def tick(self) -> None:
        """Let a second pass, so that turns of a rotation have an order in time."""
        self.market.clock.instant += timedelta(seconds=1)

    @precondition(lambda self: self.state == "inviting")
    @rule(place=AGENCIES, level=LEVELS)
    def quote(self, place: int, level: int) -> None:
        """Quote a price of one unit."""
        fen = 50_000 + 5_000 * level + 100 * place
        command = SubmitQuote(Money(fen), None, 15, "按期完成")
        if self.act(not self.opened, self.agent(place), quotes.submit, self.need_id, command):
            self.prices[place] = fen

    @precondition(lambda self: self.state == "inviting" and not self.opened)
    @rule(level=LEVELS, size=st.integers(2, 6))
    def quote_all(self, level: int, size: int) -> None:
        """Let many quote at once."""
        for place in range(len(self.prices), size):
            self.quote(place, (level + place * level) % 6)

    @rule(hours=st.sampled_from([1, 24, 240]))
    def wait(self, hours: int) -> None:
        """Let time pass: notices close, publicity and term end."""
        if self.now - self.start > timedelta(days=150):
            return
        self.market.clock.instant += timedelta(hours=hours)
        self.settle()
        if self.state == "inviting" and not self.opened and self.now >= self.closes_at:
            self.opened, self.state = len(self.prices) >= LEAST, "inviting" if len(self.prices) >= LEAST else "failed"
        if self.state == "provisional" and self.now >= self.confirm_at:
            self.state = "in_force"
            ends_at = self.hall.framework(self.id).ends_at
            assert ends_at is not None
            assert timedelta(days=58) < ends_at - self.now < timedelta(days=63)
            self.ends_at = ends_at
        if self.state == "in_force" and self.now >= self.ends_at:
            self.state = "expired"
        for call in self.calls:
            if call.state == "open" and call.closes_at is not None and self.now >= call.closes_at:
                call.state = "selecting" if set(call.prices) - call.out else "failed"

    @precondition(lambda self: self.state == "inviting" and self.opened)
    @rule(place=AGENCIES, chance=st.integers(0, 3))
    def reject(self, place: int, chance: int) -> None:
        """Find a quote invalid; one alone makes no panel."""
        row = self.quote_of(place)
        if row is None or place not in self.prices or chance:
            return
        assert self.act(True, self.market.owner, selection.reject, self.need_id, RejectQuote(row.id, WHY))
        del self.prices[place]
        self.state = "failed" if len(self.prices) < LEAST else "inviting"

    @precondition(lambda self: self.state in {"inviting", "provisional"})
    @rule()
    def admit(self) -> None:
        """Make the panel: a fifth is left out, at least one, and no more are in than wanted."""
        allowed = self.state == "inviting" and self.opened
        if self.act(allowed, self.market.owner, admitting.admit, self.id, Admit()):
            rising = sorted(self.prices, key=lambda place: self.prices[place])
            room = min(WANTED, len(rising) - max(1, math.ceil(len(rising) / 5)))
            self.members = rising[:room]
            self.queue, self.state = list(self.members), "provisional"
            row = self.hall.framework(self.id)
            assert row.confirm_at is not None
            self.confirm_at = row.confirm_at

    def member(self, place: int) -> FrameworkMember | None:
        """Read an agency's membership."""
        mine = self.market.agents[place][1]
        return next((one for one in self.hall.members(self.id) if one.agency_id == mine), None)

    @property
    def living(self) -> list[int]:
        """The members that have not left."""
        return [one for one in self.members if one not in self.left]

    @precondition(lambda self: bool(self.members))
    @rule(which=st.integers(0, WANTED - 1), less=st.integers(0, 1))
    def call(self, which: int, less: int) -> None:
        """Call off by the framework's way, within its term, its total and its members' prices."""
        named = self.members[which % len(self.members)]
        row, fen = self.member(named), self.prices[named] - 1_000 * less
        chosen: dict[str, Any] = (
            {"member_id": row.id, "reason": WHY, "amount": Money(fen)} if self.way is Way.DIRECT and row else {}
        )
        command = CallOffFrom("南城学校扩建项目建议书", "投资 8000 万元", **chosen)
        asked = {named: fen} if self.way is Way.DIRECT else {one: self.prices[one] for one in self.living}
        fits = bool(asked) and (self.way is not Way.DIRECT or named not in self.left)
        reserved = sum(one.most for one in self.calls)
        paid_for = self.total is None or (fits and reserved + max(asked.values()) <= self.total.fen)
        if not self.act(
            self.state == "in_force" and fits and paid_for, self.market.owner, calling.call, self.id, command
        ):
            return
        with self.market.works.reading() as work:
            need_id = queries.called(work.session, self.id)[-1].need.id
        order = [named] if self.way is Way.DIRECT else list(self.queue if self.way is Way.ROTATION else self.living)
        made = Call(need_id, asked, [one for one in order if one in asked], "open")
        self.calls.append(made)
        if self.way is Way.PRICE:
            made.closes_at = self.read(Need, need_id).closes_at
        else:
            made.prices = dict(asked)
            self.taken(made, made.order[0])
        self.tick()

    def taken(self, call: Call, place: int) -> None:
        """Know who serves a call; whoever takes a turn goes to the end."""
        award = self.award_of(call.need_id)
        assert award is not None
        assert (self.place_of(award.agency_id), award.amount) == (place, Money(call.prices[place]))
        call.state, call.holder = "awarded", place
        self.turned(place)

    def turned(self, place: int) -> None:
        """Put a member at the end of the rotation."""
        if place in self.queue:
            self.queue = [*(one for one in self.queue if one != place), place]

    @precondition(lambda self: any(one.state in {"open", "selecting"} for one in self.calls))
    @rule(place=AGENCIES, cut=st.integers(-1, 4))
    def answer(self, place: int, cut: int) -> None:
        """Quote in a second competition, which only members may, and nobody above its own price."""
        call = next(one for one in reversed(self.calls) if one.state in {"open", "selecting"})
        fen = self.prices.get(place, 60_000) - 1_000 * cut + place
        allowed = call.state == "open" and place in call.caps and place not in call.out and fen <= call.caps[place]
        command = SubmitQuote(Money(fen), None, 15, "按期完成")
        if self.act(allowed, self.agent(place), quotes.submit, call.need_id, command):
            call.prices[place] = fen

    @precondition(lambda self: any(one.state in {"open", "selecting"} for one in self.calls))
    @rule(behind=st.sampled_from([0, 0, 1]))
    def choose(self, behind: int) -> None:
        """Choose the lowest of a second competition."""
        call = next(one for one in self.calls if one.state in {"open", "selecting"})
        able = sorted(set(call.prices) - call.out, key=lambda place: call.prices[place])
        wanted = able[min(behind, len(able) - 1)] if able else 0
        row = self.quote_of(wanted, call.need_id)
        allowed = call.state == "selecting" and bool(able) and wanted == able[0]
        deed = GiveAward(row.id if row else 0, WHY)
        if self.act(allowed, self.market.owner, selection.award, call.need_id, deed):
            call.order = able
            self.taken(call, wanted)
            self.tick()

    @precondition(lambda self: any(one.holder is not None for one in self.calls))
    @rule(which=LEVELS, chance=st.integers(0, 2))
    def decline(self, which: int, chance: int) -> None:
        """Let whoever serves a call step back: the next in turn follows, but for a direct choice."""
        held = [one for one in self.calls if one.holder is not None]
        call = held[which % len(held)]
        award, place = self.award_of(call.need_id), call.holder
        if chance or award is None or place is None:
            return
        assert self.act(True, self.agent(place), selection.decline, award.id, Why(WHY))
        call.out.add(place)
        call.holder, call.state = None, "failed"
        self.turned(place)
        heirs = [one for one in call.order if one not in call.out] if self.way is not Way.DIRECT else []
        if heirs:
            self.taken(call, heirs[0])
        self.tick()

    @precondition(lambda self: bool(self.members))
    @rule(which=st.integers(0, WANTED - 1), by_owner=st.booleans(), chance=st.integers(0, 3))
    def leave(self, which: int, by_owner: bool, chance: int) -> None:
        """Leave the panel, or be taken out of it; calls under way choose this member no more."""
        place = self.members[which % len(self.members)]
        row = self.member(place)
        if chance or row is None:
            return
        words = Remove(Removal.REFUSED, DEED) if by_owner else Leave(Leaving.CAPACITY, DEED)
        actor, deed = (self.market.owner, leaving.remove) if by_owner else (self.agent(place), leaving.withdraw)
        allowed = self.state == "in_force" and place not in self.left
        if not self.act(allowed, actor, deed, row.id, words):
            return
        self.left.add(place)
        self.queue = [one for one in self.queue if one != place]
        for call in self.calls:
            if call.holder != place:
                call.out.add(place)
        self.state = self.state if self.living else "closed"

    @precondition(lambda self: self.state in {"inviting", "provisional", "in_force"})
    @rule(chance=st.integers(0, 15), early=st.booleans())
    def call_off(self, chance: int, early: bool) -> None:
        """Take the notice back before the panel, or end the framework before its term."""
        deed, allowed = (service.withdraw, self.state == "inviting") if early else (
            publicity.close, self.state == "in_force",
        )  # fmt: skip
        if not chance and self.act(allowed, self.market.owner, deed, self.id, Ending(DEED)):
            self.state = "withdrawn" if early else "closed"

    def go_on(self, level: int) -> None:
        """Do what a framework that goes well would do next."""
        if self.state == "inviting" and not self.opened:
            self.quote_all(level, 2 + level % 4) if len(self.prices) < LEAST else self.wait(240)
        elif self.state == "inviting":
            self.admit()
        elif self.state == "provisional":
            self.wait(24)
        elif any(one.state == "open" for one in self.calls):
            self.answer(self.members[level % len(self.members)], 1) if level < 4 else self.wait(240)
        elif any(one.state == "selecting" for one in self.calls):
            self.choose(0)
        elif self.state == "in_force" and level < 4:
            self.call(level, level % 2)
        elif self.calls:
            self.decline(level, 0) if any(one.holder is not None for one in self.calls) else self.wait(1)

    go_further = rule(level=LEVELS)(go_on)
    go_along = rule(level=LEVELS)(go_on)
    go_ahead = rule(level=LEVELS)(go_on)

    @invariant()
    def everything_stands_where_the_model_has_it(self) -> None:
        """See framework, notice, members, rotation, calls and what they come to."""
        assert str(self.read(Framework, self.id).state) == self.state
        assert str(self.read(Need, self.need_id).state) in NEED_STATE[self.state]
        members = self.hall.members(self.id)
        assert [self.place_of(one.agency_id) for one in members] == self.members
        assert [one.price for one in members] == [Money(self.prices[one]) for one in self.members]
        assert {self.place_of(one.agency_id) for one in members if one.state != "member"} == self.left
        with self.market.works.reading() as work:
            if self.way is Way.ROTATION:
                order = {one.id: self.place_of(one.agency_id) for one in members}
                assert [order[one] for one in queries.waiting(work.session, self.id)] == self.queue
            called = queries.called(work.session, self.id)
            assert queries.spent(work.session, self.id) == Money(sum(one.counts for one in self.calls))
        assert [str(one.need.state) for one in called] == [one.state for one in self.calls]
        holders = [None if one.award is None else self.place_of(one.award.agency_id) for one in called]
        assert holders == [one.holder for one in self.calls]
        assert self.total is None or sum(one.counts for one in self.calls) <= self.total.fen

    @invariant()
    def nothing_is_overdue(self) -> None:
        """See that what is due was done."""
        self.nothing_waits()
