"""Complaints about a purchase in their window, and what they do to its award, as the model knows them.

The law for an award: held while a complaint filed in time waits to be judged; suspended once one is accepted, at most
to the cap set by the first; suspended beyond it only while one upheld against it is not final; let go otherwise.
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
from tests.life.bids import Bids
from tests.life.choosing import CROWD, EARLY
from tests.life.held import CLOCK_OF, DECIDED, UNDECIDED, UNJUDGED, Case, Held
from tests.marketplace.complaints.court import WHY as WORDS
from tests.marketplace.complaints.court import Court, evidence, wrongs

MOST_CASES = 3
CAP_DAYS, WINDOW_DAYS = 20, 1
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


class Disputes(Bids):
    """Complaints of agencies about one need, each against what the model says of it."""

    court: ClassVar[Court]
    cases: list[Case]
    questions: dict[int, str]

    def anew(self) -> None:
        """Forget what was complained of, and asked, about the need before."""
        self.cases, self.questions = [], {}

    def officer(self, name: str) -> Actor:
        """Return one of the officers."""
        return {"city": self.court.city, "other": self.court.other_officer, "above": self.court.above}[name]

    def case(self, which: int) -> Case | None:
        """Return one of the cases there are."""
        return self.cases[which % len(self.cases)] if self.cases else None

    def window_ends(self) -> datetime | None:
        """Return when the time to complain ends; None while nothing is decided."""
        if self.awards:
            return self.last_until
        if self.decided_at is not None:
            return days_after(self.decided_at, WINDOW_DAYS)
        return self.closes_at if self.state in {"failed", "withdrawn"} else None

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
        if chance and self.state != "awarded":
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

    def fits(self, verdict: str, remedy: Remedy) -> bool:
        """Say whether what follows fits the verdict and what there is to annul."""
        if verdict == "dismiss" or remedy is Remedy.NONE:
            return remedy is Remedy.NONE
        return (remedy is not Remedy.CORRECT_NOTICE) == (self.held is not None)

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

    def carry_out(self, case: Case) -> None:
        """End the award, or the notice, a complaint was upheld against; what is too late changes nothing."""
        held, on_notice = self.held, case.remedy == "correct_notice"
        if held is None:
            if on_notice and self.state in EARLY:
                if self.state == "selecting" and not self.bidding and not self.fresh:
                    self.decided_at = self.now
                self.state, self.bidding = "failed", False
                self.questions_end()
            return
        if self.state != "awarded" or (case.award not in {0, held.no} and not on_notice):
            return
        del self.prices[held.place]
        if case.remedy == "next":
            self.inherit()
            return
        self.held = self.holder = None
        if case.remedy == "annul" and not self.is_short():
            self.state = "selecting"
        else:
            self.failed()

    def align(self) -> None:
        """Bring the award in line with what is complained of."""
        held = self.held
        if held is None or self.state != "awarded" or held.status == "confirmed":
            return
        about = [one for one in self.cases if one.is_open and one.filed_at < held.until]
        against = any(one.is_against for one in about)
        if against or any(one.state in UNDECIDED for one in about):
            self.suspend(held)
            if not against and held.cap is not None and held.cap <= self.now:
                held.status = "confirmed"
        elif not any(one.state in UNJUDGED for one in about):
            held.status = "confirmed" if self.now >= held.until else "provisional"

    def suspend(self, held: Held) -> None:
        """Suspend an award; how long at most is set once."""
        if held.cap is None:
            held.cap = days_after(self.now, CAP_DAYS)
        if held.status == "provisional" and held.cap > self.now:
            held.status = "suspended"

    def time_up(self, kind: str, object_id: int) -> None:
        """Follow a deadline of a complaint or of the award that has come."""
        case = next((one for one in self.cases if one.id == object_id), None)
        if kind in {"award.suspension", "award.publicity"}:
            self.award_due(object_id)
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

    def award_due(self, award_id: int) -> None:
        held = self.held
        against = any(one.is_against for one in self.cases)
        if held is not None and held.id == award_id and self.state == "awarded" and not against:
            past_cap = held.cap is not None and held.cap <= self.now
            if held.status == "suspended" and past_cap:
                held.status = "confirmed"

    def complaints_stand(self) -> None:
        """See that each complaint stands where the model has it, and has its clock."""
        for case in self.cases:
            row: Any = self.read(Complaint, case.id)
            assert str(row.state) == case.state, case
            wanted = set() if case.is_final else CLOCK_OF.get(case.state, set())
            kinds = {f"complaint.{one}" for one in ("accept", "correct", "reply", "appeal", "review")}
            assert {one.split(".")[1] for one in self.clocks(case.id, *kinds)} == wanted, case
            assert (row.remedy_note == "done") <= case.is_final
