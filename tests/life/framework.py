"""A framework agreement against a model: its panel, its term, and every way of calling off from it."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

import marketplace.quotes.service as quotes
import marketplace.selection.service as selection
from agencies.registration.models import Agency
from core.corrections import days_after
from core.money import Money
from marketplace.complaints.lifecycle import Aspect, Remedy
from marketplace.frameworks import admitting, leaving, publicity, queries, service
from marketplace.frameworks.commands import Admit, Ending, Leave, Remove
from marketplace.frameworks.lifecycle import Entry, Leaving, Removal, Way
from marketplace.frameworks.models import Framework
from marketplace.needs.models import Need
from marketplace.quotes.commands import SubmitQuote
from marketplace.selection.commands import RejectQuote
from tests.life.calls import AGENCIES, LEVELS, WANTED, Calls
from tests.life.complaints import Complaints
from tests.life.held import Case, Held
from tests.marketplace.frameworks.world import Hall
from tests.marketplace.selection.world import WHY

WAYS = st.sampled_from([Way.ROTATION, Way.ROTATION, Way.DIRECT, Way.PRICE, Way.MERIT])
ENTRIES = st.sampled_from([Entry.PRICE, Entry.CREDIT])
TOTALS = st.sampled_from([None, None, Money.from_yuan(2500)])
DEED = "本单位今年的项目已经全部办完"
LEAST, WINDOW_DAYS = 2, 3
NEED_STATE = {
    "inviting": {"open", "selecting"}, "provisional": {"awarded"}, "suspended": {"awarded"},
    "in_force": {"contracted"}, "expired": {"completed"}, "closed": {"completed"}, "failed": {"failed"},
    "withdrawn": {"withdrawn"},
}  # fmt: skip
CLOCKS = {
    "provisional": "framework.publicity", "suspended": "framework.suspension", "in_force": "framework.end",
}  # fmt: skip


class Agreement(Complaints, Calls):
    """One framework from its notice to the end of its term, and what is called off from it."""

    chosen = Framework

    @initialize(way=WAYS, total=TOTALS, entry=ENTRIES)
    def publish(self, way: Way, total: Money | None, entry: Entry) -> None:
        """Publish the notice of a framework at the same morning for every life."""
        self.market.clock.instant = self.start
        self.begin(way, total, entry)

    def begin(self, way: Way, total: Money | None, entry: Entry = Entry.PRICE) -> None:
        """Publish the notice."""
        self.way, self.total, self.entry, self.hall = way, total, entry, Hall(self.market)
        self.standings = [self.read(Agency, agency_id).standing_milli for _actor, agency_id in self.market.agents]
        self.id = self.hall.published(way=way, total=total, entry=entry, wanted=WANTED, months=2)
        self.need_id = self.hall.need_of(self.id).id
        self.state, self.opened = "inviting", False
        self.prices, self.members, self.left, self.queue, self.calls = {}, [], set(), [], []
        self.cases: list[Case] = []
        self.held: Held | None = None
        self.awards, self.last_place, self.fresh = 0, None, False
        self.until: datetime | None = None
        self.ends_at: datetime | None = None
        self.decided_at: datetime | None = None
        self.settle()
        self.closes_at = self.read(Need, self.need_id).closes_at

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
        due = self.due()
        self.settle()
        for kind, object_id in due:
            self.fresh = ((kind, object_id) == ("need.close", self.need_id) and self.state == "inviting") or self.fresh
            if kind == "need.close" and object_id == self.need_id and self.state == "inviting":
                self.opened = len(self.prices) >= LEAST
                self.state = "inviting" if self.opened else "failed"
            self.time_up(kind, object_id)
        self.fresh = False
        if self.state == "in_force" and self.ends_at is not None and self.now >= self.ends_at:
            self.state = "expired"
        for call in self.calls:
            if call.state == "open" and call.closes_at is not None and self.now >= call.closes_at:
                call.state = "selecting" if call.able else "failed"

    @precondition(lambda self: self.state == "inviting" and self.opened)
    @rule(place=AGENCIES, chance=st.integers(0, 3))
    def reject(self, place: int, chance: int) -> None:
        """Find a quote invalid; one alone makes no panel."""
        row = self.quote_of(place)
        if row is None or place not in self.prices or chance:
            return
        assert self.act(True, self.market.owner, selection.reject, self.need_id, RejectQuote(row.id, WHY))
        del self.prices[place]
        if len(self.prices) < LEAST:
            self.state, self.decided_at = "failed", self.now

    def inside(self, room: int) -> list[int]:
        """Return who gets the places: the lowest, or the best of standing beside one newcomer at least."""
        rising = sorted(self.prices, key=lambda place: self.prices[place])
        if self.entry is Entry.PRICE:
            return rising[:room]
        graded = sorted((one for one in rising if self.standings[one]), key=lambda one: -(self.standings[one] or 0))
        newcomers = [one for one in rising if not self.standings[one]]
        kept = min(len(newcomers), max(int(room > 1), room - len(graded)))
        return [*graded[: room - kept], *newcomers[:kept]]

    @precondition(lambda self: self.state in {"inviting", "provisional"})
    @rule()
    def admit(self) -> None:
        """Make the panel: a fifth is left out, at least one, and no more are in than wanted."""
        allowed = self.state == "inviting" and self.opened
        if self.act(allowed, self.market.owner, admitting.admit, self.id, Admit()):
            count = len(self.prices)
            self.members = self.inside(min(WANTED, count - max(1, math.ceil(count / 5))))
            self.queue, self.state = list(self.members), "provisional"
            self.until = days_after(self.now, WINDOW_DAYS)
            assert self.hall.framework(self.id).publicity_until == self.until
            self.held = Held(self.id, 0, -1, self.until)
            self.align()

    def window_ends(self) -> datetime | None:
        """Return when the time to complain ends; None while no panel was made."""
        if self.until is not None:
            return self.until
        if self.decided_at is not None:
            return days_after(self.decided_at, WINDOW_DAYS)
        return self.closes_at if self.state in {"failed", "withdrawn"} else None

    @property
    def is_chosen(self) -> bool:
        """Whether the panel is public and not in force."""
        return self.state in {"provisional", "suspended"}

    @property
    def contested(self) -> Held | None:
        """The panel while it is public."""
        return self.held if self.is_chosen else None

    def fits(self, verdict: str, remedy: Remedy) -> bool:
        """Say whether what follows fits the verdict: a panel falls whole, before one the notice alone."""
        if verdict == "dismiss" or remedy is Remedy.NONE:
            return remedy is Remedy.NONE
        return remedy is (Remedy.RERUN if self.is_chosen else Remedy.CORRECT_NOTICE)

    def carry_out(self, case: Case) -> None:
        """End the panel, or the notice before there is one; what is too late changes nothing."""
        if self.is_chosen:
            self.state = "failed"
        elif case.remedy == "correct_notice" and self.state == "inviting":
            self.state, self.decided_at = "failed", self.now if self.opened and not self.fresh else None

    def align(self) -> None:
        """Bring the panel in line with what is complained of; its term begins with its being in force."""
        super().align()
        if self.contested is not None and self.held is not None:
            self.state = {"confirmed": "in_force"}.get(self.held.status, self.held.status)
        if self.state == "in_force" and self.ends_at is None:
            self.ends_at = self.hall.framework(self.id).ends_at
            assert self.ends_at is not None
            assert timedelta(days=58) < self.ends_at - self.now < timedelta(days=63)

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
        elif self.is_chosen:
            self.towards_its_term(level)
        elif any(one.state == "open" for one in self.calls):
            self.answer(self.members[level % len(self.members)], 1) if level < 4 else self.wait(240)
        elif any(one.state == "selecting" for one in self.calls):
            self.compete(level)
        elif self.state == "in_force" and level < 4:
            self.call(level, level % 2)
        elif self.calls:
            self.decline(level, 0) if any(one.holder is not None for one in self.calls) else self.wait(1)

    def towards_its_term(self, level: int) -> None:
        """Let a complaint take its way, or the publicity pass."""
        case = next((one for one in self.cases if one.is_open), None)
        if case is not None:
            self.argue(case, level, Remedy.RERUN if level == 3 else Remedy.NONE)
        elif level > 3 and not self.cases:
            self.complain(max(self.prices), Aspect.RESULT, 0)
        else:
            self.wait(24)

    def compete(self, level: int) -> None:
        """Choose the first in line of a second competition, scored before where points decide."""
        if self.way is Way.MERIT and not self.line(next(one for one in self.calls if one.state == "selecting")):
            self.score(level, some=False)
        self.choose(int(level == 5))

    go_further = rule(level=LEVELS)(go_on)
    go_along = rule(level=LEVELS)(go_on)
    go_ahead = rule(level=LEVELS)(go_on)

    @invariant()
    def everything_stands_where_the_model_has_it(self) -> None:
        """See framework, notice, members, rotation, calls and what they come to."""
        assert str(self.read(Framework, self.id).state) == self.state
        assert self.clocks(self.id, *CLOCKS.values()) == ({CLOCKS[self.state]} if self.state in CLOCKS else set())
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
            assert queries.spent(queries.called(work.session, self.id)) == Money(sum(one.counts for one in self.calls))
        assert [str(one.need.state) for one in called] == [one.state for one in self.calls]
        holders = [None if one.award is None else self.place_of(one.award.agency_id) for one in called]
        assert holders == [one.holder for one in self.calls]
        assert self.total is None or sum(one.counts for one in self.calls) <= self.total.fen

    @invariant()
    def complaints_stand_where_the_model_has_them(self) -> None:
        """See that complaints stand, and have their clocks, and hold the panel up."""
        self.complaints_stand()

    @invariant()
    def nothing_is_overdue(self) -> None:
        """See that what is due was done."""
        self.nothing_waits()
