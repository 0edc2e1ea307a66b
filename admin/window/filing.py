"""Filing for an enterprise: the market's own use cases, done by a clerk under a consent in force, with a receipt.

The leaves name the clerk and the window; ``window.filed`` names the consent. Papers are Chinese and not translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from accounts import messages
from accounts.models import Organisation
from admin.window import queries, service
from admin.window.lifecycle import Matter, VisitState
from admin.window.models import Consent, Visit
from admin.window.permissions import POLICY
from admin.window.receipts import written
from agencies.registration import service as registration
from agencies.registration.commands import AddQualification
from agencies.registration.models import Qualification
from agencies.registration.queries import agency_of_org
from agencies.registration.rules import TAIL
from core import papers
from core.access import Actor, MemberRole, OrgKind
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

RECEIPT: Final = "window_receipt"
FIRST_FIELDS: Final = {
    Matter.NEED: "item_code", Matter.COMPLAINT: "aspect", Matter.QUALIFICATION: "category", Matter.QUESTION: "text",
    Matter.RECEIPT: "form", Matter.REGISTRATION: "form", Matter.PRICE: "basis",
}  # fmt: skip


def file_need(work: Work, visit_id: int, command: WriteNeed) -> Need:
    """Draft and publish a need for the visitor's enterprise, in the clerk's town, and issue the receipt.

    Raises NotFound, Forbidden without a consent in force, Conflict when it or the visit is over, Invalid when the
    consent names another item or the need may not be published.
    """
    visit, consent = under(work, visit_id, Matter.NEED)
    if command.item_code != consent.item_code:
        raise Invalid("consent-names-other", field="item_code")
    acting = for_enterprise(work, consent)
    need = needs.create(acting, replace(command, town_code=visit.town_code))
    needs.publish(acting, need.id)
    work.record(need, "window.filed", consent=consent.id, visit=visit.id, window=visit.window_org_id)
    visit.need_id = need.id
    work.record(visit, "visit.filed", need=need.id)
    service.note_filing(work, consent, Matter.NEED, need_id=need.id)
    paper = issue(work, visit, consent)
    window = work.session.get_one(Organisation, visit.window_org_id).name
    url = service.url_of(visit.id)
    messages.tell(work, need.org_id, "window-filed", url, window=window, need=need.title, receipt=paper.code)
    return need


def file_complaint(
    work: Work, visit_id: int, command: FileComplaint, evidence: Sequence[Upload] = ()
) -> Complaint:  # fmt: skip
    """File a complaint for the visitor, and issue the receipt.

    An agency's is about the notice of the visit, an enterprise's about how a complaint of that notice was handled.
    Raises as ``file_need``, Conflict for a visit about nothing to complain of, and what filing a complaint raises.
    """
    visit, consent = under(work, visit_id, Matter.COMPLAINT)
    row = complaints.file(for_enterprise(work, consent), about(work.session, visit), command, evidence)
    work.record(row, "window.filed", consent=consent.id, visit=visit.id, window=visit.window_org_id)
    service.note_filing(work, consent, Matter.COMPLAINT, need_id=about_need(visit), complaint_id=row.id)
    paper = issue(work, visit, consent)
    window = work.session.get_one(Organisation, visit.window_org_id).name
    url = service.url_of(visit.id)
    messages.tell(work, row.org_id, "window-complained", url, window=window, number=row.number, receipt=paper.code)
    return row


def about_need(visit: Visit) -> int:
    """Return the notice a visit is about. Raises Conflict where it is about none."""
    if visit.need_id is None:
        raise Conflict("window-complaint-need", id=visit.id)
    return visit.need_id


def about(session: Session, visit: Visit) -> About:
    """Return what the visitor of a visit would complain of. Raises Conflict where there is nothing."""
    need_id = about_need(visit)
    if session.get_one(Organisation, visit.org_id).kind is OrgKind.AGENCY:
        return About(Subject.SELECTION, need_id=need_id)
    handled = queries.handled_complaint(session, need_id, visit.org_id)
    if handled is None:
        raise Conflict("window-handling-none", id=visit.id)
    return About(Subject.OPERATOR, earlier_id=handled)


def register(work: Work, visit_id: int, command: AddQualification) -> Qualification:
    """Enter a qualification for the visitor's agency, which is judged as always, and issue the receipt.

    Raises as ``file_need``, and what entering a qualification raises.
    """
    visit, consent = under(work, visit_id, Matter.QUALIFICATION)
    agency = agency_of_org(work.session, visit.org_id)
    if agency is None:
        raise NotFound("registration-not-opened")
    row = registration.add_qualification(for_enterprise(work, consent), agency.id, command)
    work.record(row, "window.filed", consent=consent.id, visit=visit.id, window=visit.window_org_id)
    service.note_filing(work, consent, Matter.QUALIFICATION, qualification_id=row.id)
    paper = issue(work, visit, consent)
    window = work.session.get_one(Organisation, visit.window_org_id).name
    url, tail = service.url_of(visit.id), row.number[-TAIL:]
    messages.tell(work, visit.org_id, "window-registered", url, window=window, number=tail, receipt=paper.code)
    return row


def under(work: Work, visit_id: int, matter: Matter) -> tuple[Visit, Consent]:
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


def issue(work: Work, visit: Visit, consent: Consent) -> IssuedPaper:
    """Issue the receipt of everything filed at a visit so far."""
    return papers.issue(work, RECEIPT, visit.id, "letter", written(work.session, visit, consent, work.clock.now()))


def for_enterprise(work: Work, consent: Consent) -> Work:
    """Return the same unit of work in which the clerk stands in for who consented, as a delegate does."""
    kind = work.session.get_one(Organisation, consent.org_id).kind
    standing_in = Actor(work.actor.user_id, consent.org_id, kind, MemberRole.DELEGATE, consent.town_code)
    return replace(work, actor=standing_in)


def receipt_of(session: Session, visit_id: int) -> IssuedPaper | None:
    """Return the receipt of a visit, once something was filed."""
    return papers.latest(session, RECEIPT, visit_id)
