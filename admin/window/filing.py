"""Filing for an enterprise: the market's own use cases, done by a clerk under a consent in force, with a receipt.

The leaves name the clerk and the window; ``window.filed`` names the consent. Papers are Chinese and not translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from accounts import messages
from accounts.models import Organisation
from admin.window import queries, service
from admin.window.lifecycle import Matter, VisitState
from admin.window.models import Consent, Filing, Visit
from admin.window.permissions import POLICY
from agencies.catalogue.queries import item_by_code
from agencies.registration import service as registration
from agencies.registration.commands import AddQualification
from agencies.registration.models import Qualification
from agencies.registration.queries import agency_of_org
from agencies.registration.rules import TAIL
from core import papers
from core.access import Actor, MemberRole
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.papers import IssuedPaper
from core.work import Work
from marketplace.complaints import service as complaints
from marketplace.complaints.commands import FileComplaint, Upload
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Subject
from marketplace.complaints.models import Complaint
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteNeed
from marketplace.needs.models import Need
from marketplace.selection.letters import HOUSE, day, moment

RECEIPT: Final = "window_receipt"
FIRST_FIELDS: Final = {Matter.NEED: "item_code", Matter.COMPLAINT: "aspect", Matter.QUALIFICATION: "category"}


def file_need(work: Work, visit_id: int, command: WriteNeed) -> Need:
    """Draft and publish a need for the visitor's enterprise, in the clerk's town, and issue the receipt.

    Raises NotFound, Forbidden without a consent in force, Conflict when it or the visit is over, Invalid when the
    consent names another item or the need may not be published.
    """
    visit, consent = _under(work, visit_id, Matter.NEED)
    if command.item_code != consent.item_code:
        raise Invalid("consent-names-other", field="item_code")
    acting = for_enterprise(work, consent)
    need = needs.create(acting, replace(command, town_code=visit.town_code))
    needs.publish(acting, need.id)
    work.record(need, "window.filed", consent=consent.id, visit=visit.id, window=visit.window_org_id)
    visit.need_id = need.id
    work.record(visit, "visit.filed", need=need.id)
    service.note_filing(work, consent, Matter.NEED, need_id=need.id)
    paper = _receipt(work, visit, consent)
    window = work.session.get_one(Organisation, visit.window_org_id).name
    url = service.url_of(visit.id)
    messages.tell(work, need.org_id, "window-filed", url, window=window, need=need.title, receipt=paper.code)
    return need


def file_complaint(
    work: Work, visit_id: int, command: FileComplaint, evidence: Sequence[Upload] = ()
) -> Complaint:  # fmt: skip
    """File a complaint about the notice of a visit for the visitor's agency, and issue the receipt.

    Raises as ``file_need``, Conflict for a visit about no notice, and what filing a complaint raises.
    """
    visit, consent = _under(work, visit_id, Matter.COMPLAINT)
    if visit.need_id is None:
        raise Conflict("window-complaint-need", id=visit_id)
    about = About(Subject.SELECTION, need_id=visit.need_id)
    row = complaints.file(for_enterprise(work, consent), about, command, evidence)
    work.record(row, "window.filed", consent=consent.id, visit=visit.id, window=visit.window_org_id)
    service.note_filing(work, consent, Matter.COMPLAINT, need_id=visit.need_id, complaint_id=row.id)
    paper = _receipt(work, visit, consent)
    window = work.session.get_one(Organisation, visit.window_org_id).name
    url = service.url_of(visit.id)
    messages.tell(work, row.org_id, "window-complained", url, window=window, number=row.number, receipt=paper.code)
    return row


def register(work: Work, visit_id: int, command: AddQualification) -> Qualification:
    """Enter a qualification for the visitor's agency, which is judged as always, and issue the receipt.

    Raises as ``file_need``, and what entering a qualification raises.
    """
    visit, consent = _under(work, visit_id, Matter.QUALIFICATION)
    agency = agency_of_org(work.session, visit.org_id)
    if agency is None:
        raise NotFound("registration-not-opened")
    row = registration.add_qualification(for_enterprise(work, consent), agency.id, command)
    work.record(row, "window.filed", consent=consent.id, visit=visit.id, window=visit.window_org_id)
    service.note_filing(work, consent, Matter.QUALIFICATION, qualification_id=row.id)
    paper = _receipt(work, visit, consent)
    window = work.session.get_one(Organisation, visit.window_org_id).name
    url, tail = service.url_of(visit.id), row.number[-TAIL:]
    messages.tell(work, visit.org_id, "window-registered", url, window=window, number=tail, receipt=paper.code)
    return row


def _under(work: Work, visit_id: int, matter: Matter) -> tuple[Visit, Consent]:
    """Return an open visit and its consent in force that still covers this matter. Raises as ``file_need``."""
    visit = service.locked_visit(work, visit_id)
    consent = service.locked_consent(work, queries.consent_of(work.session, visit_id).id)
    work.require(POLICY, "window:file", consent)
    if visit.state is not VisitState.OPEN:
        raise Conflict("wrong-state", kind="visit", state=str(visit.state), verb="file")
    if consent.until <= work.clock.now():
        raise Conflict("consent-over", id=consent.id)
    if matter not in queries.left_of(work.session, consent):
        raise Invalid("consent-covers-not", field=FIRST_FIELDS[matter])
    return visit, consent


def _receipt(work: Work, visit: Visit, consent: Consent) -> IssuedPaper:
    """Issue the receipt of everything filed at a visit so far."""
    return papers.issue(work, RECEIPT, visit.id, "letter", receipt(work.session, visit, consent, work.clock.now()))


def for_enterprise(work: Work, consent: Consent) -> Work:
    """Return the same unit of work in which the clerk stands in for who consented, as a delegate does."""
    kind = work.session.get_one(Organisation, consent.org_id).kind
    standing_in = Actor(work.actor.user_id, consent.org_id, kind, MemberRole.DELEGATE, consent.town_code)
    return replace(work, actor=standing_in)


def receipt_of(session: Session, visit_id: int) -> IssuedPaper | None:
    """Return the receipt of a visit, once something was filed."""
    return papers.latest(session, RECEIPT, visit_id)


def receipt(session: Session, visit: Visit, consent: Consent, at: datetime) -> dict[str, Any]:
    """Write the receipt: what was filed, when, by which window, what happens next. No person is named."""
    buyer = session.get_one(Organisation, visit.org_id)
    window = session.get_one(Organisation, visit.window_org_id)
    filed = queries.filings_of(session, visit.id)
    lines = [line for one in filed for line in _filed(session, one)]
    lines += [
        ["委托单位", f"{buyer.name}　{buyer.credit_code or ''}"],
        ["代办窗口", window.name],
        ["代办时间", moment(at)],
    ]
    return {
        "title": "窗口代办回执",
        "number": f"DGC-{beijing_day(visit.opened_at).year}-{visit.id:06d}",
        "to": buyer.name,
        "from": f"{HOUSE}　{window.name}",
        "dated": day(at),
        "paragraphs": [
            "本窗口按贵单位的授权，代为办理了下列事项。",
            *(_next(session, one) for one in filed),
            _rest(queries.left_of(session, consent)),
        ],
        "lines": lines,
        "public": lines,
    }


def _filed(session: Session, one: Filing) -> list[list[str]]:
    """Return what a receipt says of one filing."""
    if one.qualification_id is not None:
        row = session.get_one(Qualification, one.qualification_id)
        return [["代办事项", "登记资质"], ["证书编号", row.number], ["发证机关", row.issued_by]]
    need = session.get_one(Need, one.need_id)
    if one.complaint_id is not None:
        complaint = session.get_one(Complaint, one.complaint_id)
        return [["代办事项", "提交投诉"], ["投诉编号", complaint.number or ""], ["关于公告", need.number or ""]]
    item = item_by_code(session, need.item_code).name
    head = [["代办事项", "发布采购公告"], ["公告编号", need.number or ""]]
    return [*head, ["项目", need.title], ["服务事项", item]]


def _next(session: Session, one: Filing) -> str:
    """Say what happens after one filing."""
    if one.qualification_id is not None:
        review_by = session.get_one(Qualification, one.qualification_id).review_by
        until = f"最晚{moment(review_by)}" if review_by is not None else "随入驻材料"
        return f"接下来：运营机构{until}核对资质，逾期未告知视为通过。"
    if one.complaint_id is not None:
        judged = moment(session.get_one(Complaint, one.complaint_id).judge_by)
        return f"接下来：受理机关最晚{judged}决定是否受理，逾期视为受理；贵单位登录后可以看进度，也可以撤回。"
    need = session.get_one(Need, one.need_id)
    closes = moment(need.closes_at) if need.closes_at is not None else ""
    return (
        f"接下来：报价至{closes}截止，届时全部报价同时开启，由贵单位按公告的办法选定机构。"
        "贵单位登录后在工作台可以看到这份公告，选定前可以撤回。"
    )


def _rest(left: Sequence[Matter]) -> str:
    names = {Matter.NEED: "发布采购公告", Matter.COMPLAINT: "提交投诉", Matter.QUALIFICATION: "登记资质"}
    if not left:
        return "本次授权已经用完，再次代办须重新授权。"
    return f"本次授权还可以代办：{'、'.join(names[one] for one in left)}。"
