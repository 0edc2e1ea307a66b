"""What is called off from a framework in force, by every way, as the model knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

import marketplace.quotes.service as quotes
import marketplace.selection.service as selection
from core.money import Money
from marketplace.frameworks import calling, queries
from marketplace.frameworks.commands import CallOffFrom
from marketplace.frameworks.lifecycle import Way
from marketplace.frameworks.models import FrameworkMember
from marketplace.needs.models import Need
from marketplace.needs.rules import usual_criteria
from marketplace.quotes.commands import SubmitQuote
from marketplace.selection.commands import GiveAward, GivePoints, ScoreSheet
from marketplace.selection.commands import Reason as Why
from tests.life.ground import Ground, half_up
from tests.marketplace.frameworks.world import Hall
from tests.marketplace.selection.world import WHY

AGENCIES = st.integers(0, 5)
LEVELS = st.integers(0, 5)
POINTS = (70, 85, 85, 60, 90, 75)
CRITERIA = [str(one["name"]) for one in usual_criteria() if one["kind"] != "price"]
COMPETED = (Way.PRICE, Way.MERIT)
WANTED = 3


@dataclass
class Call:
    """A call-off. caps: the most each member may ask. order: who is asked after whom. prices: what was quoted.

    points: what each proposal was given, the same on every criterion.
    """

    need_id: int
    caps: dict[int, int]
    order: list[int]
    state: str
    closes_at: datetime | None = None
    prices: dict[int, int] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)
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

    @property
    def able(self) -> set[int]:
        """Who may win it."""
        return set(self.prices) - self.out

    def total(self, place: int) -> Fraction:
        """Weigh a proposal as the notice says: thirty for the price, seventy for all the rest."""
        lowest = min(self.prices[one] for one in self.able)
        return half_up((half_up(Fraction(lowest * 100, self.prices[place])) * 30 + self.points[place] * 70) / 100)


class Calls(Ground):
    """A panel that is called off from."""

    id: int
    way: Way
    total: Money | None
    hall: Hall
    state: str
    prices: dict[int, int]
    standings: list[int | None]
    members: list[int]
    left: set[int]
    queue: list[int]
    calls: list[Call]

    def tick(self) -> None:
        """Let a second pass, so that turns of a rotation have an order in time."""
        self.market.clock.instant += timedelta(seconds=1)

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
        if self.way in COMPETED:
            made.closes_at = self.read(Need, need_id).closes_at
        else:
            made.prices = dict(asked)
            self.taken(made, made.order[0])
        self.tick()

    def line(self, call: Call) -> list[int]:
        """Return who may win a call now, the first first: by turn, by price, or by points."""
        if self.way not in COMPETED:
            return [one for one in call.order if one not in call.out]
        if self.way is Way.PRICE:
            return sorted(call.able, key=lambda place: call.prices[place])
        if not call.able <= set(call.points):
            return []
        return sorted(call.able, key=lambda one: (-call.total(one), -(self.standings[one] or -1), call.prices[one]))

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
        """Choose the lowest of a second competition; or of one with points the best, or with a reason another."""
        call = next(one for one in self.calls if one.state in {"open", "selecting"})
        able = self.line(call)
        wanted = able[min(behind, len(able) - 1)] if able else min(call.able, default=0)
        row, first_only = self.quote_of(wanted, call.need_id), self.way is Way.PRICE
        allowed = call.state == "selecting" and bool(able) and (wanted == able[0] or not first_only)
        deed = GiveAward(row.id if row else 0, WHY)
        if self.act(allowed, self.market.owner, selection.award, call.need_id, deed):
            self.taken(call, wanted)
            self.tick()

    @precondition(lambda self: self.way is Way.MERIT and any(one.prices for one in self.calls))
    @rule(turn=LEVELS, some=st.booleans())
    def score(self, turn: int, some: bool) -> None:
        """Give points to every proposal of a second competition, or to one."""
        call = next((one for one in self.calls if one.state == "selecting"), self.calls[-1])
        ids = {place: row.id for place in sorted(call.able) if (row := self.quote_of(place, call.need_id)) is not None}
        given = {place: POINTS[(place + turn) % len(POINTS)] for place in list(ids)[: 1 if some else None]}
        deed = ScoreSheet(
            tuple(GivePoints(ids[one], name, points, WHY) for one, points in given.items() for name in CRITERIA)
        )
        if self.act(call.state == "selecting", self.market.owner, selection.score, call.need_id, deed):
            call.points |= given

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
        heirs = self.line(call) if self.way is not Way.DIRECT else []
        if heirs:
            self.taken(call, heirs[0])
        self.tick()
