"""Filing for an enterprise: the market's own use cases, done by a clerk under a consent in force, with a receipt.

The leaves name the clerk and the window; ``window.filed`` names the consent. Papers are Chinese and not translated.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from accounts import messages
from accounts.models import Organisation
from admin.window import queries, service
from admin.window.lifecycle import VisitState
from admin.window.models import Consent, Visit
from admin.window.permissions import POLICY
from agencies.catalogue.queries import item_by_code
from core import papers
from core.access import Actor, MemberRole, OrgKind
from core.clock import beijing_day
from core.errors import Conflict, Invalid
from core.papers import IssuedPaper
from core.work import Work
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteNeed
from marketplace.needs.models import Need
from marketplace.selection.letters import HOUSE, day, moment

RECEIPT: Final = "window_receipt"


def file_need(work: Work, visit_id: int, command: WriteNeed) -> Need:
    """Draft and publish a need for the visitor's enterprise, in the clerk's town, and issue the receipt.

    Raises NotFound, Forbidden without a consent in force, Conflict when it or the visit is over, Invalid when the
    consent names another item or the need may not be published.
    """
    visit = service.locked_visit(work, visit_id)
    consent = service.locked_consent(work, queries.consent_of(work.session, visit_id).id)
    work.require(POLICY, "window:file", consent)
    if visit.state is not VisitState.OPEN:
        raise Conflict("wrong-state", kind="visit", state=str(visit.state), verb="file")
    if consent.until <= work.clock.now():
        raise Conflict("consent-over", id=consent.id)
    if command.item_code != consent.item_code:
        raise Invalid("consent-names-other", field="item_code")
    acting = for_enterprise(work, consent)
    need = needs.create(acting, replace(command, town_code=visit.town_code))
    needs.publish(acting, need.id)
    work.record(need, "window.filed", consent=consent.id, visit=visit.id, window=visit.window_org_id)
    visit.need_id = need.id
    work.record(visit, "visit.filed", need=need.id)
    service.use_up(work, consent, need.id)
    paper = papers.issue(work, RECEIPT, visit.id, "letter", receipt(work.session, visit, need, work.clock.now()))
    window = work.session.get_one(Organisation, visit.window_org_id).name
    url = service.url_of(visit.id)
    messages.tell(work, need.org_id, "window-filed", url, window=window, need=need.title, receipt=paper.code)
    return need


def for_enterprise(work: Work, consent: Consent) -> Work:
    """Return the same unit of work in which the clerk stands in for the enterprise, as a delegate does."""
    standing_in = Actor(work.actor.user_id, consent.org_id, OrgKind.ENTERPRISE, MemberRole.DELEGATE, consent.town_code)
    return replace(work, actor=standing_in)


def receipt_of(session: Session, visit_id: int) -> IssuedPaper | None:
    """Return the receipt of a visit, once something was filed."""
    return papers.latest(session, RECEIPT, visit_id)


def receipt(session: Session, visit: Visit, need: Need, at: datetime) -> dict[str, Any]:
    """Write the receipt: what was filed, when, by which window, what happens next. No person is named."""
    buyer = session.get_one(Organisation, need.org_id)
    window = session.get_one(Organisation, visit.window_org_id)
    lines = [
        ["代办事项", "发布采购公告"],
        ["公告编号", need.number or ""],
        ["项目", need.title],
        ["服务事项", item_by_code(session, need.item_code).name],
        ["项目业主", f"{buyer.name}　{buyer.credit_code or ''}"],
        ["代办窗口", window.name],
        ["代办时间", moment(at)],
    ]
    closes = moment(need.closes_at) if need.closes_at is not None else ""
    return {
        "title": "窗口代办回执",
        "number": f"DGC-{beijing_day(visit.opened_at).year}-{visit.id:06d}",
        "to": buyer.name,
        "from": f"{HOUSE}　{window.name}",
        "dated": day(at),
        "paragraphs": [
            "本窗口按贵单位的授权，代为办理了下列事项。",
            f"接下来：报价至{closes}截止，届时全部报价同时开启，由贵单位按公告的办法选定机构。",
            "贵单位登录后在工作台可以看到这份公告，选定前可以撤回；本次授权已经用完，再次代办须重新授权。",
        ],
        "lines": lines,
        "public": lines,
    }
