"""One small world with two of everything, mine and another's, and everybody who may knock at a route."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select

from accounts import service as accounts
from accounts.messages import tell
from accounts.models import ApiToken, Membership, Message, Organisation, SignIn, User
from admin.audits import service as audits
from admin.audits.judging import Columns
from admin.audits.reading import Table
from admin.compliance import service as bulletins
from admin.compliance.queries import PAPER
from admin.compliance.rules import month_of
from admin.consultation import service as consultation
from admin.consultation.commands import Answer as Reply
from admin.consultation.commands import Approve, Ask
from admin.consultation.models import Consultation
from admin.window import courier
from admin.window import service as windows
from admin.window.commands import Announce, Receive, RecordConsent, Scan
from admin.window.lifecycle import ConsentKind, Party
from admin.window.models import Consent, Shipment, Visit
from agencies.catalogue.service import load_catalogue
from agencies.fees import service as fees
from agencies.fees.commands import PostPrice
from agencies.fees.lifecycle import CaseKind
from agencies.fees.models import FeeCase
from agencies.registration import service as registration
from agencies.registration.models import Practitioner, Qualification
from agencies.revisions import service as revisions
from agencies.revisions.commands import WriteRevision
from agencies.revisions.models import FeeRevision
from agencies.rulebook import calendar
from agencies.rulebook import service as rulebook
from agencies.rulebook.commands import NoticedDay, ProposeChange, ProposeNotice
from agencies.rulebook.models import CalendarNotice, RuleChange
from core import deadlines, outbox, papers
from core.access import ANONYMOUS, Actor, MemberRole, OrgKind
from core.clock import FixedClock, beijing_day
from core.corrections import ItemVerdict
from core.money import Money
from core.papers import IssuedPaper
from core.secrets import token_hash
from core.work import Works
from marketplace.complaints import deciding
from marketplace.complaints import rules as complaint_rules
from marketplace.complaints import service as complaints
from marketplace.complaints.commands import DecideComplaint, FileComplaint, JudgeItem
from marketplace.complaints.commands import Upload as Complained
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Aspect, Subject
from marketplace.complaints.models import Complaint, ComplaintFile
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
from marketplace.frameworks.models import Framework, FrameworkMember
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteNeed
from marketplace.needs.models import Need, Question
from marketplace.projects import service as projects
from marketplace.projects.commands import WriteProject
from marketplace.projects.models import PlanEntry, Project
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.models import Explanation, Quote
from marketplace.selection import service as selection
from marketplace.selection.commands import GiveAward
from marketplace.selection.models import Award
from ratings import service as ratings
from ratings.commands import GiveRating
from ratings.models import Rating
from search import saved
from search.commands import FollowSearch
from tests.agencies.registration.world import OTHER_TOWN, TOWN, World, person
from tests.agencies.revisions.conftest import TEXT
from web.wiring import DEADLINES, EVENTS

ITEM = "DG-A-01"
DEPARTMENT = "dev-reform"
WHY = "审批部门要求补充论证内容"
PDF = b"%PDF-1.7\nthe report\n%%EOF"
STAGES = ("settled", "accepted", "delivered", "ended", "drafted", "selecting")
FAIR = GiveRating(4, 4, 4, 4, 4)
QUIET = {
    name: [one for one in many if not one.__module__.startswith("search")]
    for name, many in EVENTS.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody who knocks: a name, the actor the policy sees, and the two ways to come in.

    unproven: one of the staff whose second factor is still missing.
    """

    name: str
    actor: Actor
    cookie: str = ""
    bearer: str = ""
    unproven: bool = False
    scopes: frozenset[str] = frozenset({"read", "write"})


@dataclass
class Side:
    """One enterprise with its agencies and what they have between them."""

    town: str
    owner: Actor
    winner: Actor
    loser: Actor
    agency_id: int
    needs: dict[str, int] = field(default_factory=dict)
    contracts: dict[str, int] = field(default_factory=dict)
    frameworks: dict[str, int] = field(default_factory=dict)


@dataclass
class Everything:
    """The finished world: who may knock, and which ids an address may name."""

    works: Works
    roles: list[Role] = field(default_factory=list)
    ids: dict[str, list[Any]] = field(default_factory=dict)
    sides: list[Side] = field(default_factory=list)
    nested: set[tuple[str, Any, Any]] = field(default_factory=set)


class Maker:
    """Lays the world out by the services, so that every row lived its own life."""

    def __init__(self, works: Works, clock: FixedClock) -> None:
        self.works, self.clock = works, clock
        nobody = Actor()
        self.world = World(works, nobody, nobody, nobody, nobody)
        self.made = Everything(works)
        self.roles = 0

    def bulletin(self) -> str:
        """Issue the bulletin of the month before; return its month."""
        month = month_of(self.clock.instant).before()
        with self.works.system() as work:
            found = bulletins.printed(month, bulletins.figures(work, month), dated="")
            papers.issue(work, PAPER, month.key, "notice", found)
        return month.text

    def make(self) -> Everything:
        """Lay everything out; return it with its roles and ids."""
        with self.works.system() as work:
            accounts.load_reference(work)
            load_catalogue(work)
        world = self.world
        world.town = world.actor(OrgKind.TOWN_OPERATOR, "南城街道运营机构")
        world.other_town = world.actor(OrgKind.TOWN_OPERATOR, "东城街道运营机构", OTHER_TOWN)
        world.city = world.actor(OrgKind.CITY_OPERATOR, "市级运营机构", None)
        self.staff = {
            kind: world.actor(kind, f"{kind}机构", None)
            for kind in (
                OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION, OrgKind.DEPARTMENT,
                OrgKind.ASSOCIATION, OrgKind.EVALUATOR,
            )
        }  # fmt: skip
        with self.works.system() as work:
            office = work.session.get_one(Organisation, self.staff[OrgKind.DEPARTMENT].org_id)
            office.department_code = DEPARTMENT
            work.record(office, "test.department")
        self.made.sides = [self._side(TOWN, "甲"), self._side(OTHER_TOWN, "乙")]
        self._advance(self.made.sides)
        self._revise()
        self._judge_cases()
        self._change_rules()
        self._consult()
        self._receive()
        self._plan()
        waiting = [world.submitted(town=TOWN)[1], world.submitted(town=OTHER_TOWN)[1], world.agency()[1]]
        self._enter_roles()
        self._collect(waiting)
        return self.made

    def _revise(self) -> None:
        """Draft two revisions, one of each office, and propose the first."""
        for place, kind in enumerate((OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION)):
            text = TEXT.replace("demo-fee", f"demo-fee-{place}")
            command = WriteRevision(f"demo-fee-{place}", text, date(2020, 1, 1), "收录演示标准", "演示价[2020]1号")
            row = self._act(self.staff[kind], revisions.draft, command)
            if not place:
                self._act(self.staff[kind], revisions.propose, row.id)

    def _judge_cases(self) -> None:
        """Decide a fee case of each side, one upheld by the office that knocks, one dismissed by another person."""
        office = self.staff[OrgKind.PRICE_REGULATOR]
        mine, theirs = self.made.sides
        decisions = ((mine, office, fees.uphold), (theirs, self.member(office, MemberRole.MANAGER), fees.dismiss))
        for side, judge, deed in decisions:
            with self.works.reading() as work:
                of_side = select(FeeCase.id).where(FeeCase.agency_id == side.agency_id).order_by(FeeCase.id)
                case_id = work.session.scalars(of_side).all()[-1]
            self._act(side.winner, fees.reply, case_id, "应项目业主要求加印二十份报告")
            self._act(judge, deed, case_id, "核对了加印的收据和往来函件")

    def _consult(self) -> None:
        """Let each side ask; answer the first, approve one more for everybody."""
        mine, theirs = self.made.sides
        first, second = (
            self._act(side.owner, consultation.ask, Ask("项目建议书要多少天？")) for side in (mine, theirs)
        )
        public = self._act(mine.winner, consultation.ask, Ask("缺一份社保证明能不能先入驻？"))
        for row in (first, public):
            self._act(self.world.city, consultation.answer, row.id, Reply("按合同约定的期限，一般十五个工作日。"))
        day = beijing_day(self.clock.now()) + timedelta(days=90)
        self._act(self.staff[OrgKind.ADMINISTRATION], consultation.publish, public.id, Approve(day))
        assert second.id

    def _receive(self) -> None:
        """Receive visitors who consent by paper and by code, another's by paper; courier between all sides."""
        mine, theirs = self.made.sides
        for side, clerk, kind in (
            (mine, self.world.town, ConsentKind.PAPER),
            (mine, self.world.town, ConsentKind.CODE),
            (theirs, self.world.other_town, ConsentKind.PAPER),
        ):
            with self.works.reading() as work:
                name = work.session.get_one(Organisation, side.owner.org_id).name
            visit = self._act(clerk, windows.receive, Receive(name, "某人", "发布采购需求"))
            consent = RecordConsent(kind, ITEM, "发布采购需求", beijing_day(self.clock.now()) + timedelta(days=9))
            self._act(clerk, windows.record_consent, visit.id, consent, Scan(BytesIO(PDF), "授权书.pdf"))
        to_agency, to_window = Announce(Party.AGENCY, "sf", "证照复印件"), Announce(Party.WINDOW, "sf", "报告原件")
        for side, sender, said in (
            (mine, mine.owner, to_agency),
            (mine, self.world.town, to_agency),
            (mine, mine.winner, to_window),
            (theirs, theirs.winner, to_window),
        ):
            self._act(sender, courier.announce, side.needs["settled"], said)

    def _plan(self) -> None:
        """Plan a project of each side: one item to buy, one that waits for it."""
        for place, side in enumerate(self.made.sides):
            written = WriteProject(f"2026-441900-47-01-00012{place}", f"{side.town}厂房扩建", "other", "social")
            project = self._act(side.owner, projects.create, written)
            for item in ("DG-C-48", "DG-C-49"):
                self._act(side.owner, projects.add_item, project.id, item)

    def _change_rules(self) -> None:
        """Propose one change of a rule."""
        tomorrow = beijing_day(self.clock.now()) + timedelta(days=1)
        change = ProposeChange("publicity-days", "social", "2", tomorrow, "镇街来函要求", "镇街招标采购管理办法第九条")
        self._act(self.staff[OrgKind.ADMINISTRATION], rulebook.propose, change)
        saturday = beijing_day(self.clock.now()) + timedelta(days=90)
        saturday += timedelta(days=5 - saturday.weekday())
        notice = ProposeNotice(
            "市政府办公室关于调整上班时间的通知", "", (NoticedDay(saturday, True, "调休"),), "按来文录入"
        )
        self._act(self.staff[OrgKind.ADMINISTRATION], calendar.propose, notice)

    def settle(self) -> None:
        """Do what is due and hand out what was told, until it is quiet."""
        while deadlines.run_due(self.works, DEADLINES) + outbox.relay(self.works, QUIET):
            pass

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

    def _act(self, actor: Actor, deed: Callable[..., Any], *words: Any) -> Any:
        with self.works.writing(actor) as work:
            return deed(work, *words)

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

    def member(self, of: Actor, role: MemberRole, *, ended: bool = False) -> Actor:
        """Enter one more person of an organisation; an ended membership acts for none."""
        self.world.count += 1
        with self.works.system() as work:
            now = work.clock.now()
            user = User(display_name="某人", email_hash=f"{self.world.count:064d}", password_hash="x", created_at=now)
            work.add(user, "test.user")
            until = date(2026, 3, 1) if ended else None
            row = Membership(user_id=user.id, org_id=of.org_id, role=role, valid_from=date(2026, 1, 1), valid_to=until)
            work.add(row, "test.member")
        return Actor(user.id) if ended else replace(of, user_id=user.id, role=role)

    def _enter_roles(self) -> None:
        mine, theirs = self.made.sides
        world, staff = self.world, self.staff
        self._knocks("anonymous", ANONYMOUS)
        self._knocks("enterprise, manager", mine.owner)
        self._knocks("enterprise, delegate", self.member(mine.owner, MemberRole.DELEGATE))
        self._knocks("enterprise, reader", self.member(mine.owner, MemberRole.READER))
        self._knocks("another enterprise", theirs.owner)
        self._knocks("winning agency", mine.winner)
        self._knocks("winning agency, delegate", self.member(mine.winner, MemberRole.DELEGATE))
        self._knocks("winning agency, reader", self.member(mine.winner, MemberRole.READER))
        self._knocks("losing agency", mine.loser)
        self._knocks("another town's agency", theirs.winner)
        self._knocks("town operator", world.town)
        self._knocks("town operator, delegate", self.member(world.town, MemberRole.DELEGATE))
        self._knocks("town operator, reader", self.member(world.town, MemberRole.READER))
        self._knocks("another town's operator", world.other_town)
        self._knocks("city operator", world.city)
        self._knocks("city operator, delegate", self.member(world.city, MemberRole.DELEGATE))
        self._knocks("city operator, reader", self.member(world.city, MemberRole.READER))
        for kind in staff:
            self._knocks(str(kind), staff[kind])
        self._knocks("price regulator, reader", self.member(staff[OrgKind.PRICE_REGULATOR], MemberRole.READER))
        self._knocks("administration, delegate", self.member(staff[OrgKind.ADMINISTRATION], MemberRole.DELEGATE))
        self._knocks("administration, reader", self.member(staff[OrgKind.ADMINISTRATION], MemberRole.READER))
        self._knocks("ended membership", self.member(mine.owner, MemberRole.MANAGER, ended=True), at=mine.owner)
        regulator = self.member(staff[OrgKind.PRICE_REGULATOR], MemberRole.MANAGER)
        self._knocks("staff without second factor", regulator, proven=False)
        self._knocks("suspended person", self._suspended(mine.owner), at=mine.owner)
        self._knocks("read-only token", mine.owner, scopes=("read",))

    def _suspended(self, of: Actor) -> Actor:
        actor = self.member(of, MemberRole.MANAGER)
        with self.works.system() as work:
            row = work.session.get_one(User, actor.user_id)
            row.suspended_at = work.clock.now()
            work.record(row, "test.suspend")
        return actor

    def _knocks(
        self, name: str, actor: Actor, *, at: Actor | None = None, proven: bool = True,
        scopes: tuple[str, ...] = ("read", "write"),
    ) -> None:  # fmt: skip
        """Give a role a sign-in and a token of its own."""
        self.roles += 1
        cookie, bearer = f"sign-in-{self.roles}", f"bearer-{self.roles}"
        seen = ANONYMOUS if name == "suspended person" else actor
        if actor.user_id is None:
            self.made.roles.append(Role(name, seen))
            return
        org_id = (at or actor).org_id
        with self.works.system() as work:
            now = work.clock.now()
            entry = SignIn(token_hash=token_hash(cookie), user_id=actor.user_id, org_id=org_id, second_factor=proven)
            entry.created_at, entry.seen_at, entry.ends_at = now, now, now + timedelta(days=1)
            work.session.add(entry)
            token = ApiToken(token_hash=token_hash(bearer), user_id=actor.user_id, org_id=org_id, label="t")
            token.scopes, token.second_factor, token.created_at = list(scopes), proven, now
            token.ends_at = now + timedelta(days=1)
            work.add(token, "test.token")
        seen = replace(seen, second_factor=proven)
        if not proven:
            seen = Actor(user_id=actor.user_id)
        self.made.roles.append(Role(name, seen, cookie, bearer, not proven, frozenset(scopes)))

    def _audit(self, actor: Actor, *, started: bool = False) -> int:
        """Hand in a batch audit, and set it to work where asked."""
        with self.works.writing(actor) as work:
            audit = audits.open_audit(work, Table("合同.csv", ["文号", "日期", "基数", "收费"], [["a", "b", "c", "d"]]))
            if started:
                audits.start(work, audit.id, Columns({"schedule": 0, "on": 1, "base": 2, "charged": 3}))
            return int(audit.id)

    def _followed(self, actor: Actor) -> int:
        """Let somebody follow a search of notices."""
        with self.works.writing(actor) as work:
            return int(saved.follow(work, FollowSearch("造价", "instant", words="造价")).id)

    def _collect(self, waiting: list[int]) -> None:
        """Gather what an address may name: mine first, then another's, then nothing's."""
        mine, theirs = self.made.sides
        regulator = self.staff[OrgKind.PRICE_REGULATOR]
        two = [(mine, mine.winner), (theirs, theirs.winner)]
        with self.works.system() as work:
            for side in (mine, theirs):
                for actor in (side.owner, side.winner):
                    tell(work, actor.org_id or 0, "registration-accepted", "/agencies/1")

        def ids(column: Any, condition: Any) -> list[Any]:
            with self.works.reading() as work:
                return list(work.session.scalars(select(column).where(condition).order_by(column)))

        found = self.made.ids
        steps = ("draft", "open", "selecting", "settled")
        found["need_id"] = [mine.needs[one] for one in steps] + [theirs.needs[one] for one in ("draft", "open")]
        signed = ("drafted", "delivered", "settled", "ended")
        found["contract_id"] = [mine.contracts[one] for one in signed]
        found["contract_id"] += [theirs.contracts[one] for one in ("delivered", "ended")]
        found["framework_id"] = [side.frameworks[one] for side in (mine, theirs) for one in ("draft", "agreed")]
        found["member_id"] = ids(FrameworkMember.id, FrameworkMember.framework_id.in_(select(Framework.id)))
        found["agency_id"] = [mine.agency_id, theirs.agency_id, *waiting]
        of_needs = [Award.need_id.in_([side.needs["drafted"] for side, _actor in two])]
        found["award_id"] = ids(Award.id, of_needs[0])
        found["case_id"] = ids(FeeCase.id, FeeCase.kind != CaseKind.ABNORMALLY_LOW)
        found["quote_id"] = ids(Quote.id, Quote.need_id.in_([side.needs["selecting"] for side, _actor in two]))[:1]
        found["explanation_id"] = ids(Explanation.id, Explanation.id > 0)
        found["complaint_id"] = ids(Complaint.id, Complaint.id > 0)
        found["complaints:key"] = ["evidence", "no-such"]
        found["file_id"] = ids(ComplaintFile.file_id, ComplaintFile.id > 0)[:1]
        found["revision_id"] = ids(FeeRevision.id, FeeRevision.id > 0)
        found["consultation_id"] = ids(Consultation.id, Consultation.id > 0)
        found["visit_id"] = ids(Visit.id, Visit.id > 0)
        found["consent_id"] = ids(Consent.id, Consent.id > 0)
        found["shipment_id"] = ids(Shipment.id, Shipment.id > 0)
        found["project_id"] = ids(Project.id, Project.id > 0)
        found["entry_id"] = ids(PlanEntry.id, PlanEntry.id > 0)[::2]
        found["change_id"] = ids(RuleChange.id, RuleChange.id > 0)
        found["notice_id"] = ids(CalendarNotice.id, CalendarNotice.id > 0)
        found["fee_audit_id"] = [self._audit(regulator), self._audit(regulator, started=True)]
        found["month"] = [self.bulletin()]
        found["question_id"] = ids(Question.id, Question.id > 0)
        found["rating_id"] = ids(Rating.id, Rating.id > 0)[1:5]
        found["message_id"] = [
            ids(Message.id, Message.org_id == actor.org_id)[0]
            for side, _actor in two
            for actor in (side.owner, side.winner)
        ]
        found["org_id"] = [mine.owner.org_id, mine.winner.org_id, theirs.owner.org_id, self.world.city.org_id]
        found["membership_id"] = [
            ids(Membership.id, Membership.org_id == actor.org_id)[-1]
            for actor in (mine.owner, mine.winner, theirs.owner)
        ]
        for name, model in (("practitioner_id", Practitioner), ("qualification_id", Qualification)):
            found[name] = [ids(model.id, model.agency_id == side.agency_id)[0] for side, _actor in two]
            self.made.nested.update((name, side.agency_id, found[name][place]) for place, (side, _a) in enumerate(two))
        found["search_id"] = [self._followed(mine.owner), self._followed(theirs.owner)]
        users = [mine.owner.user_id, theirs.owner.user_id]
        found["sign_in_id"] = [ids(SignIn.id, SignIn.user_id == one)[0] for one in users]
        found["token_id"] = [ids(ApiToken.id, ApiToken.user_id == one)[0] for one in users]
        found["papers:code"] = [*ids(IssuedPaper.code, IssuedPaper.id > 0)[:2], "NONESUCH"]
        numbers = ids(Need.number, Need.id.in_(found["need_id"]))
        found["number"] = [*filter(None, numbers), "DG-2026-999999"]


def world(works: Works, clock: FixedClock) -> Everything:
    """Lay the world out."""
    return Maker(works, clock).make()


PLAIN: Mapping[str, list[Any]] = {
    "code": [ITEM, "DG-Z-99"],
    "item_code": [ITEM],
    "schedule_id": ["计价格[2002]1980号", "no-such"],
    "no": [1],
    "key": ["business-licence", "no-such"],
    "verb": ["suspend", "resume", "remove"],
    "name": ["needs", "no-such"],
    "ending": ["csv", "json"],
    "token": ["spent"],
    "life": ["need", "no-such"],
    "project_code": ["2026-441900-47-01-000120", "no-such"],
    "rules:key": ["enrolment-min-days", "no-such"],
}
