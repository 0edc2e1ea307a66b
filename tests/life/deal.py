"""The contract as the model knows it: signing, pauses, amendments, rounds of rework, settlement, an early end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

import marketplace.contracts.service as contracts
import ratings.service
from core.access import Actor
from core.money import Money
from marketplace.contracts import amending, ending, pausing, queries, settling
from marketplace.contracts.commands import (
    Answer,
    AskPause,
    Deliver,
    ProposeAmendment,
    Reason,
    Settle,
    SignContract,
    Terminate,
    View,
)
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import PaidLine
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause
from ratings.commands import GiveRating
from ratings.rules import window_end
from tests.life.disputes import Disputes
from tests.marketplace.contracts.deal import pdf

FAIR = GiveRating(4, 4, 4, 4, 4)
SIDES = st.sampled_from(["enterprise", "agency"])
CHANGED = ("in_service", "delivered", "accepted")
OTHER = {"enterprise": "agency", "agency": "enterprise"}
WORDS = "加印二十份报告，双方有往来函件"
LONG = 250
KINDS = st.sampled_from([AmendmentKind.EXTENSION, AmendmentKind.PRICE, AmendmentKind.SCOPE_CHANGED])


class Deal(Disputes):
    """A signed contract to its settlement or early end, and both sides' ratings."""

    rated: set[str]
    pause: str
    asked_by: str
    pauses: int
    answer_by: datetime
    change: str
    change_by: str
    changed: tuple[int, int]
    terms: tuple[int, int]
    changes: int
    bill: str
    bill_by: datetime | None
    paid: int
    sent: int
    returned: int
    ended_by: str
    view_by: datetime

    def anew(self) -> None:
        """Forget the contract of the need before."""
        super().anew()
        self.rated, self.pause, self.asked_by, self.pauses = set(), "", "", 0
        self.change, self.change_by, self.changes = "", "", 0
        self.bill, self.bill_by, self.paid = "", None, 0
        self.sent = self.returned = 0
        self.ended_by = ""

    def begun(self, actor: Actor, wanted: str, deed: Callable[..., Any], *words: Any) -> bool:
        """Act on a contract that was signed; allowed in one state only."""
        contract = self.contract()
        return (
            contract is not None and bool(self.deal) and self.act(self.deal == wanted, actor, deed, contract.id, *words)
        )

    @precondition(lambda self: self.state == "awarded")
    @rule(side=SIDES)
    def sign(self, side: str) -> None:
        """Sign for one side; the second signature starts the service."""
        contract = self.contract()
        if contract is None or self.held is None:
            return
        final = self.state == "awarded" and self.held.status == "confirmed" and self.held.place not in self.unfit
        command = SignContract(contract.content_hash)
        if self.act(final and side not in self.signed, self.side(side), contracts.sign, contract.id, command):
            self.signed.add(side)
            if len(self.signed) == 2:
                self.state, self.deal = "contracted", "in_service"
                signed = self.signed_contract()
                self.terms = (signed.amount.fen, signed.days)
                assert signed.amount == Money(self.prices[self.held.place])

    def signed_contract(self) -> Contract:
        """Read the contract, which there is."""
        contract = self.contract()
        assert contract is not None
        return contract

    @precondition(lambda self: self.deal in {"in_service", "delivered"})
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
        pause, before = self.open_pause(), self.signed_contract()
        allowed = self.pause == "running" or side == self.asked_by
        if self.act(allowed, self.side(side), pausing.end, pause.contract_id, pause.no):
            assert self.signed_contract().due_at >= before.due_at
            self.pause = ""

    @precondition(lambda self: self.deal in CHANGED and self.changes < 3)
    @rule(side=SIDES, kind=KINDS, more=st.integers(0, 3))
    def propose(self, side: str, kind: AmendmentKind, more: int) -> None:
        """Propose to change the contract: a longer time, another price, or both; nothing is no change."""
        amount, days = self.terms
        after = (amount + 100 * more * (kind is not AmendmentKind.EXTENSION), days + LONG * (more > 1))
        if kind is AmendmentKind.PRICE:
            after = (after[0], days)
        command = ProposeAmendment(kind, "规划条件调整，双方商定变更", Money(after[0]), after[1])
        sound = after[1] > days if kind is AmendmentKind.EXTENSION else after[0] != amount or after[1] > days
        in_time = after[1] == days or self.deal == "in_service"
        allowed = self.deal in CHANGED and not self.change and sound and in_time
        if self.act(allowed, self.side(side), amending.propose, self.signed_contract().id, command):
            self.change, self.change_by, self.changed, self.changes = "open", side, after, self.changes + 1

    @precondition(lambda self: bool(self.change))
    @rule(side=SIDES, word=st.sampled_from(["sign", "sign", "refuse", "withdraw"]))
    def answer_change(self, side: str, word: str) -> None:
        """Sign what the other side proposed, refuse it, or take one's own back."""
        if not self.change:
            return
        contract, own = self.signed_contract(), side == self.change_by
        if word == "withdraw":
            done = self.act(own, self.side(side), amending.withdraw, contract.id, self.changes)
        else:
            in_time = word == "refuse" or self.changed[1] == self.terms[1] or self.deal == "in_service"
            said = Answer(word == "sign", WORDS)
            done = self.act(not own and in_time, self.side(side), amending.answer, contract.id, self.changes, said)
        if done:
            self.terms = self.changed if word == "sign" else self.terms
            self.change = ""

    @precondition(lambda self: bool(self.deal) and self.deal != "settled")
    @rule(side=SIDES)
    def deliver(self, side: str = "agency") -> None:
        """Hand the result in; a pause ends with it."""
        wanted = "in_service" if side == "agency" and self.holder not in self.lapsed else "nobody's"
        if self.begun(self.side(side), wanted, contracts.deliver, pdf(), Deliver("终稿")):
            self.deal, self.pause, self.sent = "delivered", "", self.sent + 1

    @precondition(lambda self: self.deal in CHANGED)
    @rule()
    def send_back(self) -> None:
        """Send the result back: one more round of rework."""
        if self.begun(self.market.owner, "delivered", contracts.send_back, Reason("缺少附图，补齐后再交")):
            self.deal, self.returned = "in_service", self.returned + 1

    @precondition(lambda self: self.deal in CHANGED)
    @rule()
    def accept(self) -> None:
        """Accept the result."""
        if self.begun(self.market.owner, "delivered", contracts.accept):
            self.deal = "accepted"

    @precondition(lambda self: self.deal in {"delivered", "accepted"})
    @rule(more=st.sampled_from([0, 0, 500]))
    def pay(self, more: int) -> None:
        """Record what was paid; what is still proposed to be changed falls."""
        command = Settle((PaidLine("服务费", Money(self.terms[0] + more)),), WORDS if more else "")
        if self.begun(self.market.owner, "accepted", contracts.settle, command):
            self.deal, self.state, self.change = "settled", "completed", ""
            self.bill, self.paid = "recorded", self.terms[0] + more
            self.bill_by = self.until()

    def until(self) -> datetime | None:
        """Return when the other side's turn on the settlement ends."""
        with self.market.works.reading() as work:
            row = queries.settlement_of(work.session, self.signed_contract().id)
        assert row is not None
        return row.answer_by

    @precondition(lambda self: self.bill in {"recorded", "disputed"})
    @rule(
        side=SIDES, word=st.sampled_from(["confirm", "dispute", "dispute", "correct", "keep"]), more=st.integers(0, 2)
    )
    def bill_word(self, side: str, word: str, more: int) -> None:
        """Say a side's word on the settlement: the agency's yes or no, the enterprise's correction or standing by."""
        contract, ours = self.signed_contract(), word in {"correct", "keep"}
        allowed = self.bill == ("disputed" if ours else "recorded") and side == ("enterprise" if ours else "agency")
        words: dict[str, tuple[Callable[..., Any], Any]] = {
            "confirm": (settling.answer, View(agrees=True)),
            "dispute": (settling.answer, View(agrees=False, text=WORDS)),
            "correct": (settling.correct, Settle((PaidLine("服务费", Money(self.terms[0] + more)),), WORDS)),
            "keep": (settling.keep, Reason("合同约定只付这些，加印没有约定")),
        }  # fmt: skip
        deed, command = words[word]
        if self.act(allowed, self.side(side), deed, contract.id, command):
            self.bill = {"confirm": "confirmed", "dispute": "disputed", "correct": "recorded", "keep": "kept"}[word]
            self.paid = self.terms[0] + more if word == "correct" else self.paid
            self.bill_by = self.until()

    @precondition(lambda self: self.deal in CHANGED)
    @rule(chance=st.integers(0, 11), side=SIDES)
    def end(self, chance: int, side: str) -> None:
        """End the contract early, now and then; after acceptance nobody can."""
        command = Terminate(EndCause.ENTERPRISE_BREACH, "业主逾期三个月没有提供资料", Money(0), "没有完成")
        wanted = self.deal if self.deal != "accepted" else "in_service"
        if not chance and self.begun(self.side(side), wanted, contracts.terminate, command):
            self.deal, self.state, self.pause, self.change = "terminated", "failed", "", ""
            self.ended_by = side
            with self.market.works.reading() as work:
                found = queries.termination_of(work.session, self.signed_contract().id)
            assert found is not None
            self.view_by = found.answer_by

    @precondition(lambda self: bool(self.ended_by))
    @rule(side=SIDES, agrees=st.booleans())
    def view(self, side: str, agrees: bool) -> None:
        """Say the other side's view of the early end, once and in time."""
        if self.ended_by:
            allowed = side != self.ended_by and self.now < self.view_by
            said = View(agrees, WORDS)
            if self.act(allowed, self.side(side), ending.answer, self.signed_contract().id, said):
                self.ended_by = ""

    @precondition(lambda self: self.deal in {"delivered", "accepted", "settled"} and len(self.rated) < 2)
    @rule(side=SIDES)
    def rate(self, side: str) -> None:
        """Rate the other side, once, within the window."""
        contract = self.contract()
        if contract is None or not self.deal:
            return
        over = contract.accepted_at is None or self.now >= window_end(contract.accepted_at)
        allowed = self.deal in {"accepted", "settled"} and side not in self.rated and not over
        if self.act(allowed, self.side(side), ratings.service.rate, contract.id, FAIR):
            self.rated.add(side)

    def turns_end(self, kind: str) -> None:
        """Follow what silence means where a side's time on the contract has come."""
        if kind == "pause.answer" and self.pause == "asked":
            self.pause = "running"
        elif kind == "amendment.answer":
            self.change = ""
        elif kind == "settlement.answer":
            self.bill = {"recorded": "confirmed", "disputed": "kept"}.get(self.bill, self.bill)

    def contract_stands(self) -> None:
        """See that the contract says what was agreed, and how often it was handed in."""
        contract = self.contract()
        if not self.deal:
            return
        assert contract is not None
        assert (str(contract.state), contract.amount.fen, contract.days) == (self.deal, *self.terms)
        assert contract.rounds == self.returned
        with self.market.works.reading() as work:
            assert len(queries.deliverables_of(work.session, contract.id)) == self.sent
            row = queries.settlement_of(work.session, contract.id)
            standing = [one for one in queries.amendments_of(work.session, contract.id) if one.state == "proposed"]
        assert bool(standing) == bool(self.change)
        assert ("" if row is None else str(row.state)) == self.bill
        assert (0 if contract.paid is None else contract.paid.fen) == self.paid
