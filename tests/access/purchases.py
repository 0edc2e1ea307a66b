"""What each of two sides has bought and sold: needs, awards, contracts, complaints and frameworks at every stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from agencies.fees import service as fees
from agencies.fees.commands import PostPrice
from agencies.registration import service as registration
from core.access import Actor, MemberRole, OrgKind
from core.clock import beijing_day
from core.corrections import ItemVerdict
from core.money import Money
from marketplace.complaints import deciding
from marketplace.complaints import rules as complaint_rules
from marketplace.complaints import service as complaints
from marketplace.complaints.commands import DecideComplaint, FileComplaint, JudgeItem
from marketplace.complaints.commands import Upload as Complained
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Aspect, Subject
from marketplace.contracts import amending, outcomes, pausing
from marketplace.contracts import service as contracts
from marketplace.contracts.commands import (
    Answer,
    AskPause,
    Deliver,
    EnterOutcome,
    ProposeAmendment,
    Settle,
    SignContract,
    Terminate,
    Upload,
)
from marketplace.contracts.models import Contract
from marketplace.contracts.rules import PaidLine
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause, Finding
from marketplace.frameworks import admitting
from marketplace.frameworks import service as frameworks
from marketplace.frameworks.commands import Admit, WriteFramework
from marketplace.frameworks.lifecycle import Way
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteNeed
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from marketplace.selection import service as selection
from marketplace.selection.commands import GiveAward
from ratings import service as ratings
from ratings.commands import GiveRating
from tests.access.people import People, Side
from tests.agencies.registration.world import TOWN, person

ITEM = "DG-A-01"
WHY = "审批部门要求补充论证内容"
PDF = b"%PDF-1.7\nthe report\n%%EOF"
STAGES = ("settled", "accepted", "delivered", "ended", "drafted", "selecting")
FAIR = GiveRating(4, 4, 4, 4, 4)


class Purchases(People):
    """Takes the purchases of both sides as far as their names say."""

    def _listed(self, town: str) -> tuple[Actor, int]:
        actor, agency_id = self.world.submitted(town=town)
        with self.works.writing(self.world.city) as work:
            registration.judge(work, agency_id, self.world.verdicts(agency_id))
            registration.accept(work, agency_id)
        with self.works.writing(actor) as work:
            registration.add_practitioner(work, agency_id, person(self.world.count))
            today = beijing_day(work.clock.now())
            fees.post_price(work, agency_id, PostPrice(ITEM, "fixed", today, Money.from_yuan(500), included="报告"))
        return actor, agency_id

    def _side(self, town: str, name: str) -> Side:
        owner = self.world.actor(OrgKind.ENTERPRISE, f"东莞市{name}实业有限公司", town)
        (winner, agency_id), (loser, _loser_id) = self._listed(town), self._listed(town)
        return Side(town, owner, winner, loser, agency_id)

    def _publish(self, side: Side, title: str) -> int:
        need = WriteNeed(
            ITEM, title, "建筑面积 3 万平方米", "social", method="lowest", method_basis="镇街招标采购管理办法第五条",
            no_ceiling_reason="首次采购，没有可比价格", town_code=side.town, contact_name="陈静",
            contact_phone="13800138000",
        )  # fmt: skip
        with self.works.writing(side.owner) as work:
            row = needs.create(work, need)
            if title != "draft":
                needs.publish(work, row.id)
            return int(row.id)

    def _framework(self, side: Side, stage: str) -> None:
        """Write a framework of one side; but for a draft, publish it and let both agencies quote."""
        written = WriteFramework(
            ITEM, f"框架协议 {stage}", "每份对应一个项目", "fiscal", Way.ROTATION, "份", Money.from_yuan(1000)
        )
        side.frameworks[stage] = self._act(side.owner, frameworks.create, written).id
        if stage == "agreed":
            need_id = self._act(side.owner, frameworks.publish, side.frameworks[stage]).need_id
            self.settle()
            self._quote(side.winner, need_id, 700)
            self._quote(side.loser, need_id, 800)

    def _quote(self, actor: Actor, need_id: int, yuan: int) -> None:
        with self.works.writing(actor) as work:
            quotes.submit(work, need_id, SubmitQuote(Money.from_yuan(yuan), None, 15, "按期完成"))

    def _advance(self, sides: list[Side]) -> None:
        """Take each side's needs as far as their names say; one stays open, one a draft."""
        for side in sides:
            for stage in STAGES:
                side.needs[stage] = self._publish(side, stage)
                self.settle()
                self._quote(side.winner, side.needs[stage], 100)
                self._quote(side.loser, side.needs[stage], 250 if stage == "selecting" else 200)
            for stage in ("draft", "agreed"):
                self._framework(side, stage)
        self.clock.instant += timedelta(days=14)
        self.settle()
        for side in sides:
            self._act(side.owner, admitting.admit, side.frameworks["agreed"], Admit())
            for stage in STAGES[:4]:
                side.contracts[stage] = self._awarded(side, side.needs[stage])
        self.clock.instant += timedelta(days=4)
        self.settle()
        for side in sides:
            side.contracts["drafted"] = self._awarded(side, side.needs["drafted"])
            self._complain(side)
            for stage in STAGES[:4]:
                self._delivered(side, side.contracts[stage])
            self._turned(side)
            for stage in STAGES[:2]:
                self._act(side.owner, contracts.accept, side.contracts[stage])
                self.settle()
                self._act(side.winner, ratings.rate, side.contracts[stage], FAIR)
            done = side.contracts["settled"]
            paid = Settle((PaidLine("合同价款", Money.from_yuan(150)),), "应项目业主要求加印二十份报告")
            self._act(side.owner, contracts.settle, done, paid)
            self._act(side.owner, ratings.rate, done, FAIR)
            side.needs["open"], side.needs["draft"] = self._publish(side, "open"), self._publish(side, "draft")
            self.settle()
            self._quote(side.winner, side.needs["open"], 300)
            self._act(side.loser, needs.ask, side.needs["open"], "现场何时可以踏勘？")
        self.settle()

    def _complain(self, side: Side) -> None:
        """Let the loser complain of the award: of its result, upheld; of the notice, dismissed, by another officer."""
        judges = (self.world.city, self.member(self.world.city, MemberRole.MANAGER))
        about = About(Subject.SELECTION, need_id=side.needs["drafted"])
        for aspect, verdict, judge in (
            (Aspect.RESULT, "uphold", judges[0]), (Aspect.NOTICE, "dismiss", judges[1]),
        ):  # fmt: skip
            filed = FileComplaint(
                aspect, "中选机构的报价没有包含公告要求的二期内容，与公告不符。", "公告第三条", "", "林某",
                "13800138777", sealed=True,
            )  # fmt: skip
            row = self._act(side.loser, complaints.file, about, filed, [Complained(BytesIO(PDF), "证据.pdf")])
            passed = [JudgeItem(key, ItemVerdict.PASSED) for key in complaint_rules.ITEMS]
            self._act(judge, complaints.judge_items, row.id, passed)
            self._act(judge, complaints.accept, row.id)
            self._act(side.owner, deciding.reply, row.id, "评审记录里写明了二期内容")
            clause = "公告第三条" if verdict == "uphold" else ""
            self._act(judge, deciding.decide, row.id, DecideComplaint(verdict, "核对了公告、报价和评审记录", clause))
        self._act(side.loser, complaints.file, replace(about, need_id=side.needs["selecting"]), replace(
            filed, aspect=Aspect.PROCESS), [Complained(BytesIO(PDF), "证据.pdf")])  # fmt: skip

    def _awarded(self, side: Side, need_id: int) -> int:
        with self.works.reading() as work:
            entrants = selection._weighing_selection(work, need_id)[1].entrants
        given = self._act(side.owner, selection.award, need_id, GiveAward(min(one["quote_id"] for one in entrants)))
        self.settle()
        with self.works.reading() as work:
            return int(work.session.scalars(select(Contract.id).where(Contract.award_id == given.id)).one())

    def _delivered(self, side: Side, contract_id: int) -> None:
        with self.works.reading() as work:
            read = SignContract(work.session.get_one(Contract, contract_id).content_hash)
        for actor in (side.owner, side.winner):
            self._act(actor, contracts.sign, contract_id, read)
        self.settle()
        asks, told = (side.owner, side.winner) if side.town == TOWN else (side.winner, side.owner)
        self._act(asks, pausing.ask, contract_id, AskPause(Cause.DEPARTMENT, WHY))
        self._act(told, pausing.answer, contract_id, 1, Answer(agrees=True))
        self._act(side.winner, contracts.deliver, contract_id, Upload(BytesIO(PDF), "报告.pdf"), Deliver("终稿"))

    def _turned(self, side: Side) -> None:
        """End one deal early, let a department return another, and propose an amendment to a third.

        My side's enterprise asks and ends, the other side's agency does.
        """
        asks = side.owner if side.town == TOWN else side.winner
        self._act(asks, contracts.terminate, side.contracts["ended"], Terminate(EndCause.AGREED, WHY, Money(0)))
        change = ProposeAmendment(AmendmentKind.PRICE, WHY, Money.from_yuan(110))
        self._act(asks, amending.propose, side.contracts["delivered"], change)
        found = EnterOutcome(Finding.RETURNED, beijing_day(self.clock.instant), ("R01",))
        self._act(self.staff[OrgKind.DEPARTMENT], outcomes.enter, side.contracts["settled"], found)
