"""The lots of one notice against a model: published and withdrawn together, each decided by itself and in its turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import select

import marketplace.needs.service as needs
import marketplace.quotes.service as quotes
import marketplace.selection.service as selection
from core.money import Money
from marketplace.needs import amending
from marketplace.needs.commands import AmendNeed
from marketplace.needs.models import Need
from marketplace.quotes.commands import SubmitQuote
from marketplace.selection.commands import GiveAward, RejectQuote
from marketplace.selection.commands import Reason as Why
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.models import Award
from tests.life.ground import Ground
from tests.marketplace.selection.test_lotting import notice
from tests.marketplace.selection.world import WHY

COUNT, PLACES = 3, 4
LOTS, AGENCIES = st.integers(0, COUNT - 1), st.integers(0, PLACES - 1)
LEVELS = st.integers(0, 5)
UNDECIDED = ("open", "selecting")


class Lots(Ground):
    """A notice of three lots, chosen by the lowest price; perhaps with a limit of lots one agency may win."""

    @initialize(most=st.sampled_from([None, 1, 1, 2]))
    def publish(self, most: int | None) -> None:
        """Publish the notice at the same morning for every life."""
        self.market.clock.instant = self.start
        self.begin(most)

    def begin(self, most: int | None) -> None:
        """Publish one notice."""
        self.most, self.ids = most, notice(self.market, COUNT, most)
        self.states = ["open"] * COUNT
        self.prices: list[dict[int, int]] = [{} for _lot in self.ids]
        self.knows: list[dict[int, int]] = [{} for _lot in self.ids]
        self.binding = [0] * COUNT
        self.holders: list[int | None] = [None] * COUNT
        self.rejected: list[set[int]] = [set() for _lot in self.ids]
        self.settle()
        self.closes_at: datetime = self.read(Need, self.ids[0]).closes_at

    @precondition(lambda self: bool(set(self.states) & set(UNDECIDED)))
    @rule(lot=LOTS, place=AGENCIES, level=LEVELS)
    def quote(self, lot: int, place: int, level: int) -> None:
        """Quote for one lot."""
        fen = 10_000 + 1_000 * level + 100 * place
        command = SubmitQuote(Money(fen), None, 15, "按期完成")
        if self.act(self.states[lot] == "open", self.agent(place), quotes.submit, self.ids[lot], command):
            self.prices[lot][place], self.knows[lot][place] = fen, self.binding[lot]

    @precondition(lambda self: "open" in self.states)
    @rule(level=LEVELS)
    def quote_all(self, level: int) -> None:
        """Let three agencies quote for every lot."""
        for lot in range(COUNT):
            for place in range(3):
                if place not in self.prices[lot]:
                    self.quote(lot, place, (level + lot * place) % 6)

    @precondition(lambda self: "open" in self.states)
    @rule(lot=LOTS, shared=st.booleans(), chance=st.integers(0, 3))
    def amend(self, lot: int, shared: bool, chance: int) -> None:
        """Change what is one lot's own, or what all have in common; the deadline stays the same for all."""
        if chance:
            return
        changes = {"requirements": f"提交纸质版 {sum(self.binding) + 2} 份"} if shared else {
            "scale": f"{self.binding[lot] + 3} 万平方米"
        }  # fmt: skip
        if self.act(True, self.market.owner, amending.amend, self.ids[lot], AmendNeed(changes, "按设计调整")):
            touched = range(COUNT) if shared else [lot]
            for one in touched:
                self.binding[one] += 1
            rows = [self.read(Need, one) for one in self.ids]
            assert [row.binding_amendment for row in rows] == self.binding
            assert len({row.closes_at for row in rows}) == 1
            assert rows[0].closes_at >= self.closes_at
            self.closes_at = rows[0].closes_at

    @precondition(lambda self: any(self.binding))
    @rule(lot=LOTS, place=AGENCIES)
    def confirm(self, lot: int, place: int) -> None:
        """Let a quote stand for the lot as amended."""
        if place in self.prices[lot] and self.states[lot] != "awarded":
            stale = self.states[lot] == "open" and self.knows[lot][place] < self.binding[lot]
            if self.act(stale, self.agent(place), quotes.confirm, self.ids[lot]):
                self.knows[lot][place] = self.binding[lot]

    @rule(hours=st.sampled_from([24, 72, 240]))
    def wait(self, hours: int) -> None:
        """Let time pass; all lots close together."""
        if self.now - self.start > timedelta(days=250):
            return
        self.market.clock.instant += timedelta(hours=hours)
        self.settle()
        if "open" not in self.states or self.now < self.closes_at:
            return
        for lot, state in enumerate(self.states):
            if state == "open":
                known = self.prices[lot].items()
                self.prices[lot] = {one: fen for one, fen in known if self.knows[lot][one] == self.binding[lot]}
                self.states[lot] = "selecting" if self.prices[lot] else "failed"

    def able(self, lot: int) -> list[int]:
        """Return who may win a lot, the lowest first: nobody who holds as many others as the notice allows."""
        prices = self.prices[lot]
        fit = [place for place in prices if self.most is None or self.won(place, lot) < self.most]
        return sorted(fit, key=lambda place: prices[place])

    def won(self, place: int, lot: int) -> int:
        """Count the other lots an agency holds."""
        return sum(holder == place for other, holder in enumerate(self.holders) if other != lot)

    @precondition(lambda self: "selecting" in self.states)
    @rule(lot=LOTS, behind=st.sampled_from([0, 0, 0, 1]))
    def choose(self, lot: int, behind: int) -> None:
        """Choose the first in rank of a lot in its turn."""
        able = self.able(lot)
        wanted = able[min(behind, len(able) - 1)] if able else 0
        row = self.quote_of(wanted, self.ids[lot])
        waits = self.most is not None and any(one in UNDECIDED for one in self.states[:lot])
        allowed = self.states[lot] == "selecting" and not waits and bool(able) and wanted == able[0]
        deed = GiveAward(row.id if row else 0, WHY)
        if self.act(allowed, self.market.owner, selection.award, self.ids[lot], deed):
            self.given(lot, wanted)

    def given(self, lot: int, place: int) -> None:
        """Know a lot's award, and the others that nobody may win any more."""
        award = self.award_of(self.ids[lot])
        assert award is not None
        assert (self.place_of(award.agency_id), award.amount) == (place, Money(self.prices[lot][place]))
        self.holders[lot], self.states[lot] = place, "awarded"
        if self.most is not None:
            for other, state in enumerate(self.states):
                if state == "selecting" and not self.able(other):
                    self.states[other] = "failed"

    @precondition(lambda self: any(one is not None for one in self.holders))
    @rule(lot=LOTS, chance=st.integers(0, 2))
    def decline(self, lot: int, chance: int) -> None:
        """Let the winner of a lot step back: the next follows who may still win it."""
        holder, award = self.holders[lot], self.award_of(self.ids[lot])
        if holder is None or award is None or chance:
            return
        assert self.act(True, self.agent(holder), selection.decline, award.id, Why(WHY))
        del self.prices[lot][holder]
        self.holders[lot] = None
        heirs = self.able(lot)
        if heirs:
            self.given(lot, heirs[0])
        else:
            self.states[lot] = "failed"

    @precondition(lambda self: "selecting" in self.states)
    @rule(lot=LOTS, place=AGENCIES, chance=st.integers(0, 2))
    def reject(self, lot: int, place: int, chance: int) -> None:
        """Find one quote of a lot invalid; a lot left without anybody who may win it fails."""
        row = self.quote_of(place, self.ids[lot])
        if row is None or place not in self.prices[lot] or chance:
            return
        deed, allowed = RejectQuote(row.id, WHY), self.states[lot] == "selecting"
        if self.act(allowed, self.market.owner, selection.reject, self.ids[lot], deed):
            del self.prices[lot][place]
            if not self.able(lot):
                self.states[lot] = "failed"

    @precondition(lambda self: bool(set(self.states) & set(UNDECIDED)))
    @rule(lot=LOTS, chance=st.integers(0, 15))
    def call_off(self, lot: int, chance: int) -> None:
        """Take the notice back: all lots that have no award yet go together."""
        allowed = self.states[lot] in UNDECIDED
        if not chance and self.act(allowed, self.market.owner, needs.withdraw, self.ids[lot], "项目暂停，择期再购"):
            self.states = ["withdrawn" if one in UNDECIDED else one for one in self.states]

    @precondition(lambda self: not set(self.states) & set(UNDECIDED))
    @rule(most=st.sampled_from([None, 1, 2]))
    def another(self, most: int | None) -> None:
        """Publish one more notice when all lots of this one are decided."""
        if not set(self.states) & set(UNDECIDED):
            self.begin(most)

    def go_on(self, level: int) -> None:
        """Do what a notice that goes well would do next."""
        if "open" in self.states:
            self.quote_all(level) if not any(self.prices) else self.wait(240)
        elif "selecting" in self.states:
            self.choose(self.states.index("selecting"), 0)
        elif level > 2:
            self.another(level % 3 or None)
        else:
            self.decline(level, 0)

    go_further = rule(level=LEVELS)(go_on)
    go_along = rule(level=LEVELS)(go_on)

    @invariant()
    def each_lot_stands_where_the_model_has_it(self) -> None:
        """See states and holders, and that nobody holds more than the notice allows."""
        with self.market.works.reading() as work:
            rows: Any = {one.id: one for one in work.session.scalars(select(Need).where(Need.id.in_(self.ids)))}
            held = select(Award).where(Award.need_id.in_(self.ids), Award.state.in_(HOLDING))
            awards = {one.need_id: one.agency_id for one in work.session.scalars(held)}
        assert [str(rows[one].state) for one in self.ids] == self.states
        assert {need: self.place_of(agency) for need, agency in awards.items()} == {
            need: holder for need, holder in zip(self.ids, self.holders, strict=True) if holder is not None
        }
        if self.most is not None:
            assert all(list(awards.values()).count(agency) <= self.most for agency in awards.values())

    @invariant()
    def nothing_is_overdue(self) -> None:
        """See that what is due was done."""
        self.nothing_waits()
