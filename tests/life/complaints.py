"""Complaints about what was chosen, an award or a panel, and what they do to it, as the model knows them.

The law for what was chosen: held while a complaint filed in time waits to be judged; suspended once one is accepted, at
most to the cap set by the first; suspended beyond it only while one upheld against it is not final; let go otherwise.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.access import Actor
from core.corrections import ItemVerdict, days_after
from core.work import Work
from marketplace.complaints import deciding, queries, rules, service
from marketplace.complaints.commands import AnswerItem, DecideComplaint, JudgeItem
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Aspect, Remedy, Subject
from marketplace.complaints.models import Complaint
from tests.life.ground import Ground
from tests.life.held import CLOCK_OF, DECIDED, UNDECIDED, UNJUDGED, Case, Held
from tests.marketplace.complaints.court import WHY as WORDS
from tests.marketplace.complaints.court import Court, evidence, wrongs

MOST_CASES, CROWD = 3, 6
CAP_DAYS = 20
ASPECTS = st.sampled_from([Aspect.NOTICE, Aspect.PROCESS, Aspect.RESULT])
OFFICERS = st.sampled_from(["city", "other", "above"])
WHICH = st.integers(0, MOST_CASES - 1)
REMEDIES = st.sampled_from(Remedy)


def take_up(work: Work, complaint_id: int) -> None:
    """Find everything in order and accept."""
    service.judge_items(work, complaint_id, [JudgeItem(key, ItemVerdict.PASSED) for key in rules.ITEMS])
    service.accept(work, complaint_id)


def hand_back(work: Work, complaint_id: int) -> None:
    """Find the evidence wanting and send the list."""
    wrong = JudgeItem("evidence", ItemVerdict.TO_CORRECT, "证据看不清，重新扫描")
    said = [wrong if key == "evidence" else JudgeItem(key, ItemVerdict.PASSED) for key in rules.ITEMS]
    service.judge_items(work, complaint_id, said)
    service.send_back(work, complaint_id)


class Complaints(Ground):
    """Complaints of agencies about one need, each against what the model says of it."""

    court: ClassVar[Court]
    chosen: ClassVar[type[Any]]
    cases: list[Case]
    held: Held | None
    awards: int
    last_place: int | None

    def window_ends(self) -> datetime | None:
        """Return when the time to complain ends; None while nothing is decided."""
        raise NotImplementedError

    @property
    def is_chosen(self) -> bool:
        """Whether somebody was chosen whom nothing has made final for good."""
        raise NotImplementedError

    @property
    def contested(self) -> Held | None:
        """What was chosen and is not final yet."""
        raise NotImplementedError

    def fits(self, verdict: str, remedy: Remedy) -> bool:
        """Say whether what follows fits the verdict and what there is to annul."""
        raise NotImplementedError

    def carry_out(self, case: Case) -> None:
        """End what a complaint was upheld against; what is too late changes nothing."""
        raise NotImplementedError

    def officer(self, name: str) -> Actor:
        """Return one of the officers."""
        return {"city": self.court.city, "other": self.court.other_officer, "above": self.court.above}[name]

    def case(self, which: int) -> Case | None:
        """Return one of the cases there are."""
        return self.cases[which % len(self.cases)] if self.cases else None

    def may_file(self, place: int, aspect: Aspect) -> bool:
        """Say whether this agency's complaint of this is in time, its own to make, and new."""
        end = self.window_ends()
        took_part = aspect is Aspect.NOTICE or self.quote_of(place) is not None
        held = 0 if self.held is None else self.held.no
        before = [
            one for one in self.cases
            if one.place == place and one.aspect == aspect and one.state not in {"refused", "withdrawn", "lapsed"}
            and (aspect is not Aspect.RESULT or not held or one.award == held)
        ]  # fmt: skip
        return (end is None or self.now < end) and took_part and not before

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule(place=st.integers(0, CROWD - 1), aspect=ASPECTS, chance=st.integers(0, 3))
    def complain(self, place: int, aspect: Aspect, chance: int) -> None:
        """File a complaint that has everything it needs."""
        if chance and not self.is_chosen:
            return
        about, allowed = About(Subject.SELECTION, need_id=self.need_id), self.may_file(place, aspect)
        if self.act(allowed, self.agent(place), service.file, about, wrongs(aspect), [evidence()]):
            with self.market.works.reading() as work:
                made = max(one.id for one in queries.open_of_need(work.session, self.need_id))
            self.cases.append(Case(made, place, aspect, self.now, self.awards, self.last_place))
            self.align()

    @precondition(lambda self: any(one.state in UNJUDGED for one in self.cases))
    @rule(which=WHICH, officer=OFFICERS, back=st.booleans())
    def judge(self, which: int, officer: str, back: bool) -> None:
        """Accept a complaint, or send the list of what it lacks, twice at most; the office alone may."""
        case = self.case(which)
        if case is None:
            return
        allowed = case.state == "filed" and officer != "above" and (not back or case.lists < 2)
        if self.act(allowed, self.officer(officer), hand_back if back else take_up, case.id):
            case.state, case.lists = ("returned", case.lists + 1) if back else ("accepted", case.lists)
            self.align()

    @precondition(lambda self: any(one.state == "returned" for one in self.cases))
    @rule(which=WHICH)
    def correct(self, which: int) -> None:
        """Answer the list."""
        case = self.case(which)
        if case is None:
            return
        words = [AnswerItem("evidence", "见原件第三页，已重新扫描")]
        if self.act(case.state == "returned", self.agent(case.place), service.answer, case.id, words):
            case.state = "filed"
            self.align()

    @precondition(lambda self: any(one.is_open for one in self.cases))
    @rule(which=WHICH, ends=st.sampled_from(["refuse", "withdraw"]), chance=st.integers(0, 3))
    def drop(self, which: int, ends: str, chance: int) -> None:
        """Refuse a complaint, or take it back."""
        case = self.case(which)
        if case is None or chance:
            return
        if ends == "refuse":
            allowed, actor, deed = case.state == "filed", self.court.city, service.refuse
        else:
            allowed, actor = case.state in {*UNJUDGED, *UNDECIDED}, self.agent(case.place)
            deed = service.withdraw
        if self.act(allowed, actor, deed, case.id, WORDS):
            case.state = "refused" if ends == "refuse" else "withdrawn"
            self.align()

    @precondition(lambda self: any(one.state in UNDECIDED for one in self.cases))
    @rule(which=WHICH, mine=st.integers(0, 3))
    def reply(self, which: int, mine: int) -> None:
        """Let the enterprise be heard."""
        case = self.case(which)
        if case is not None:
            actor = self.market.owner if mine else self.agent(case.place)
            if self.act(case.state == "accepted" and bool(mine), actor, deciding.reply, case.id, WORDS):
                case.state = "heard"

    @precondition(lambda self: any(one.state in UNDECIDED for one in self.cases))
    @rule(which=WHICH, officer=OFFICERS, verdict=st.sampled_from(sorted(DECIDED)), remedy=REMEDIES)
    def decide(self, which: int, officer: str, verdict: str, remedy: Remedy) -> None:
        """Decide once both sides were heard."""
        case = self.case(which)
        if case is None:
            return
        command = DecideComplaint(verdict, WORDS, "公告第三条", remedy)
        allowed = case.state == "heard" and officer != "above" and self.fits(verdict, remedy)
        if self.act(allowed, self.officer(officer), deciding.decide, case.id, command):
            case.state, case.verdict, case.remedy = DECIDED[verdict], verdict, str(remedy)
            case.decided_by = officer
            case.award = self.held.no if self.held is not None and remedy is not Remedy.NONE else case.award
            self.align()

    @precondition(lambda self: any(one.state in DECIDED.values() for one in self.cases))
    @rule(which=WHICH, who=st.sampled_from(["complainant", "enterprise", "winner"]))
    def appeal(self, which: int, who: str) -> None:
        """Ask for a review, as whoever the decision went against, before it is final."""
        case = self.case(which)
        if case is None or (who == "winner" and case.winner is None):
            return
        place = case.place if who == "complainant" else case.winner or 0
        complained = who != "enterprise" and place == case.place
        defended = who == "enterprise" or place == case.winner
        against = (complained and case.verdict != "uphold") or (defended and case.verdict != "dismiss")
        actor = self.market.owner if who == "enterprise" else self.agent(place)
        allowed = case.state in DECIDED.values() and not case.is_final and against
        if self.act(allowed, actor, deciding.appeal, case.id, WORDS):
            case.state = "appealed"
            self.align()

    @precondition(lambda self: any(one.state == "appealed" for one in self.cases))
    @rule(which=WHICH, officer=OFFICERS, verdict=st.sampled_from(["confirm", "overturn"]), remedy=REMEDIES)
    def review(self, which: int, officer: str, verdict: str, remedy: Remedy) -> None:
        """Review as another officer; the result acts at once."""
        case = self.case(which)
        if case is None:
            return
        turns = verdict == "overturn" and case.verdict == "dismiss"
        allowed = case.state == "appealed" and officer != case.decided_by and (not turns or self.fits("uphold", remedy))
        command = DecideComplaint(verdict, WORDS, "公告第三条", remedy)
        if self.act(allowed, self.officer(officer), deciding.review, case.id, command):
            case.state = "confirmed" if verdict == "confirm" else "overturned"
            if verdict == "overturn":
                case.remedy = str(remedy) if turns else "none"
            if turns and remedy is not Remedy.NONE and self.held is not None:
                case.award = self.held.no
            self.final(case)

    def final(self, case: Case) -> None:
        """Let a decision act that is final now."""
        case.is_final = True
        if case.upheld and case.remedy != "none":
            self.carry_out(case)
        self.align()

    def align(self) -> None:
        """Bring what was chosen in line with what is complained of."""
        held = self.contested
        if held is None:
            return
        about = [one for one in self.cases if one.is_open and one.filed_at < held.until]
        against = any(one.is_against for one in about)
        if against or any(one.state in UNDECIDED for one in about):
            self.suspend(held)
        elif not any(one.state in UNJUDGED for one in about):
            held.status = "confirmed" if self.now >= held.until else "provisional"
            return
        if held.cap is not None and held.cap <= self.now and not against:
            held.status = "confirmed"

    def suspend(self, held: Held) -> None:
        """Suspend what was chosen; how long at most is set once."""
        if held.cap is None:
            held.cap = days_after(self.now, CAP_DAYS)
        if held.status == "provisional" and held.cap > self.now:
            held.status = "suspended"

    def time_up(self, kind: str, object_id: int) -> None:
        """Follow a deadline of a complaint or of what was chosen that has come."""
        case = next((one for one in self.cases if one.id == object_id), None)
        if kind.endswith((".suspension", ".publicity")):
            self.time_of(object_id)
        elif case is None or not kind.startswith("complaint."):
            return
        elif kind == "complaint.accept" and case.state == "filed":
            case.state = "accepted"
        elif kind == "complaint.correct" and case.state == "returned":
            case.state = "lapsed"
        elif kind == "complaint.reply" and case.state == "accepted":
            case.state = "heard"
        elif kind == "complaint.appeal" and case.state in DECIDED.values() and not case.is_final:
            self.final(case)
        elif kind == "complaint.review" and case.state == "appealed":
            case.state = "confirmed"
            self.final(case)
        self.align()

    def time_of(self, chosen_id: int) -> None:
        held = self.contested
        if held is not None and held.id == chosen_id and not any(one.is_against for one in self.cases):
            past_cap = held.cap is not None and held.cap <= self.now
            if held.status == "suspended" and past_cap:
                held.status = "confirmed"

    def argue(self, case: Case, level: int, remedy: Remedy) -> None:
        """Take a complaint one step on its way."""
        which = self.cases.index(case)
        if case.state == "filed":
            self.judge(which, "city", back=level == 5)
        elif case.state in UNDECIDED and level == 1:
            self.wait(240)
        elif case.state == "accepted":
            self.reply(which, 1)
        elif case.state in UNDECIDED:
            self.decide(which, "other", "dismiss" if remedy is Remedy.NONE else "uphold", remedy)
        else:
            self.wait(72)

    def wait(self, hours: int) -> None:
        """Let time pass."""
        raise NotImplementedError

    def complaints_stand(self) -> None:
        """See that each complaint stands where the model has it, and has its clock; a suspension has its cap."""
        held = self.contested
        if held is not None and held.status == "suspended" and not any(one.is_against for one in self.cases):
            assert self.read(self.chosen, held.id).suspended_until == held.cap
        for case in self.cases:
            row: Any = self.read(Complaint, case.id)
            assert str(row.state) == case.state, case
            wanted = set() if case.is_final else CLOCK_OF.get(case.state, set())
            kinds = {f"complaint.{one}" for one in ("accept", "correct", "reply", "appeal", "review")}
            assert {one.split(".")[1] for one in self.clocks(case.id, *kinds)} == wanted, case
            assert (row.remedy_note == "done") <= case.is_final
