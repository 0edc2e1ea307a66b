"""One small world with two of everything, mine and another's, and everybody who may knock at a route."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select

from accounts import service as accounts
from accounts.messages import tell
from accounts.models import ApiToken, Membership, Message, Organisation, SignIn
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
from agencies.fees.lifecycle import CaseKind
from agencies.fees.models import FeeCase
from agencies.registration.models import Practitioner, Qualification
from agencies.revisions import service as revisions
from agencies.revisions.commands import WriteRevision
from agencies.revisions.models import FeeRevision
from agencies.rulebook import calendar
from agencies.rulebook import service as rulebook
from agencies.rulebook.commands import NoticedDay, ProposeChange, ProposeNotice
from agencies.rulebook.models import CalendarNotice, RuleChange
from core import papers
from core.access import Actor, MemberRole, OrgKind
from core.clock import FixedClock, beijing_day
from core.papers import IssuedPaper
from core.work import Works
from marketplace.complaints.models import Complaint, ComplaintFile
from marketplace.frameworks.models import Framework, FrameworkMember
from marketplace.needs.models import Need, Question
from marketplace.projects import service as projects
from marketplace.projects.commands import WriteProject
from marketplace.projects.models import PlanEntry, Project
from marketplace.quotes.models import Explanation, Quote
from marketplace.selection.models import Award
from ratings.models import Rating
from search import saved
from search.commands import FollowSearch
from tests.access.people import Everything
from tests.access.purchases import ITEM, PDF, Purchases
from tests.agencies.registration.world import OTHER_TOWN, TOWN
from tests.agencies.revisions.conftest import TEXT

DEPARTMENT = "dev-reform"


class Maker(Purchases):
    """Lays the world out by the services, so that every row lived its own life."""

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
