"""A market with offices that judge complaints, and a complaint taken to any point of its way by the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select

from core import deadlines, outbox
from core.access import Actor, MemberRole, OrgKind
from core.corrections import ItemVerdict, days_after
from core.deadlines import Deadline
from marketplace.complaints import deciding, queries, rules, service
from marketplace.complaints.commands import AnswerItem, DecideComplaint, FileComplaint, JudgeItem, Upload
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Aspect, Remedy, Subject
from marketplace.complaints.models import Complaint
from marketplace.needs.models import Need
from marketplace.selection.models import Award
from marketplace.selection.queries import award_of
from tests.marketplace.selection.world import Market
from web.wiring import DEADLINES, EVENTS

PDF = b"%PDF-1.7\nthe evidence\n%%EOF"
WHY = "核对了公告、报价和开启记录，理由如下"
PHONE = "13800138777"
PERSON = "投诉联系人林某"
ALOUD = {name: [one for one in many if not one.__module__.startswith("search")] for name, many in EVENTS.items()}


def evidence(name: str = "证据.pdf") -> Upload:
    """Make a small file that passes as a PDF."""
    return Upload(BytesIO(PDF), name)


def wrongs(aspect: Aspect = Aspect.RESULT, **changes: Any) -> FileComplaint:
    """Make a complaint that has everything it needs."""
    whole = FileComplaint(
        aspect, "中选机构的报价没有包含公告要求的二期内容，业主仍然选定，与公告不符。", "公告第三条", "撤销中选结果",
        PERSON, PHONE, sealed=True,
    )  # fmt: skip
    return replace(whole, **changes)


@dataclass
class Court:
    """The market, its offices, and what is done in them."""

    market: Market
    city: Actor
    other_officer: Actor
    above: Actor

    def act(self, actor: Actor, deed: Callable[..., Any], *words: Any) -> Any:
        """Do one deed as one person."""
        with self.market.works.writing(actor) as work:
            return deed(work, *words)

    def settle(self) -> None:
        """Do what is due and hand out what was told, until it is quiet."""
        works = self.market.works
        while deadlines.run_due(works, DEADLINES) + outbox.relay(works, ALOUD):
            pass

    def until(self, instant: datetime | None) -> None:
        """Move the clock to an instant and let the worker follow."""
        assert instant is not None
        self.market.clock.instant = max(self.market.clock.instant, instant)
        self.settle()

    def awarded(self, *prices: int, **changes: Any) -> tuple[int, Award]:
        """Award the lowest of these prices; the second agency is the loser who may complain."""
        need_id, ids = self.market.opened(*(prices or (100, 200)), **changes)
        award = self.market.award(need_id, ids[0])
        self.settle()
        return need_id, award

    def file(self, need_id: int, *files: Upload, place: int = 1, **changes: Any) -> Complaint:
        """File a complaint about a need as the agency at this place."""
        about = About(Subject.SELECTION, need_id=need_id)
        sent = files or (evidence(),)
        row: Complaint = self.act(self.market.agents[place][0], service.file, about, wrongs(**changes), sent)
        self.settle()
        return row

    def judge(self, complaint_id: int, officer: Actor | None = None, **special: JudgeItem) -> None:
        """Pass every item but those named."""
        said = [special.get(key, JudgeItem(key, ItemVerdict.PASSED)) for key in rules.ITEMS]
        self.act(officer or self.city, service.judge_items, complaint_id, said)

    def accepted(self, complaint_id: int, officer: Actor | None = None) -> Complaint:
        """Find a complaint receivable."""
        self.judge(complaint_id, officer)
        row: Complaint = self.act(officer or self.city, service.accept, complaint_id)
        self.settle()
        return row

    def decided(
        self, complaint_id: int, verdict: str = "uphold", remedy: Remedy = Remedy.NONE, officer: Actor | None = None
    ) -> Complaint:  # fmt: skip
        """Let the hearing pass and decide."""
        self.until(self.now(complaint_id).reply_by)
        command = DecideComplaint(verdict, WHY, "公告第三条" if verdict != "dismiss" else "", remedy)
        row: Complaint = self.act(officer or self.city, deciding.decide, complaint_id, command)
        self.settle()
        return row

    def upheld_at_once(self, complaint_id: int, remedy: Remedy) -> None:
        """Hear the enterprise and uphold on the same day."""
        self.act(self.market.owner, deciding.reply, complaint_id, WHY)
        self.act(self.city, deciding.decide, complaint_id, DecideComplaint("uphold", WHY, "公告第三条", remedy))

    def overturned(self, complaint_id: int) -> None:
        """Let the enterprise ask for a review at once, and the review find for it."""
        self.act(self.market.owner, deciding.appeal, complaint_id, WHY)
        self.act(self.other_officer, deciding.review, complaint_id, DecideComplaint("overturn", WHY))
        self.settle()

    def returned_twice(self, complaint_id: int, place: int) -> None:
        """Send a complaint back at the last moment and let it be corrected so, two times."""
        wrong = JudgeItem("evidence", ItemVerdict.TO_CORRECT, "证据看不清，重新扫描")
        for _list in range(2):
            self.until(before(self.now(complaint_id).judge_by))
            self.judge(complaint_id, evidence=wrong)
            self.act(self.city, service.send_back, complaint_id)
            self.until(before(self.now(complaint_id).correct_by))
            answers = [AnswerItem("evidence", "见原件第三页，已重新扫描")]
            self.act(self.market.agents[place][0], service.answer, complaint_id, answers)
            self.settle()

    def now(self, complaint_id: int) -> Complaint:
        """Read a complaint as it is now."""
        with self.market.works.reading() as work:
            return queries.complaint_by_id(work.session, complaint_id)

    def award(self, need_id: int) -> Award | None:
        """Read the award of a need that holds."""
        with self.market.works.reading() as work:
            return award_of(work.session, need_id)

    def need(self, need_id: int) -> Need:
        """Read a need as it is now."""
        return self.market.need(need_id)

    def told(self, actor: Actor) -> list[str]:
        """Return the codes of what an organisation was told, in order."""
        return self.market.told(actor.org_id)

    def clocks(self, complaint_id: int) -> Mapping[str, datetime]:
        """Return what is on the clock for a complaint."""
        with self.market.works.reading() as work:
            rows = work.session.scalars(
                select(Deadline).where(
                    Deadline.object_id == complaint_id, Deadline.kind.like("complaint.%"), Deadline.done_at.is_(None)
                )
            )
            return {row.kind.removeprefix("complaint."): row.due_at for row in rows}


def court(market: Market) -> Court:
    """Set the offices up: the city's with two officers, and the administration above."""
    city = market.world.city
    with market.works.system() as work:
        work.session.flush()
    second = market.world.actor(OrgKind.EVALUATOR, "第二名工作人员", None)
    other = replace(city, user_id=second.user_id, role=MemberRole.DELEGATE)
    return Court(market, city, other, market.world.actor(OrgKind.ADMINISTRATION, "市政务服务管理局", None))


def before(instant: datetime | None) -> datetime:
    """Return the last moment before an instant."""
    assert instant is not None
    return instant - timedelta(microseconds=1)


def after_own(instant: datetime | None) -> datetime:
    """Return the end of the working day after an instant of the complaint: an award is held one day longer."""
    assert instant is not None
    return days_after(instant, 1)
