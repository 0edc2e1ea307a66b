"""What a complaint stands on: the business complained of, its window, both sides, the office, who worked on it.

Source of the windows: the province's guide to complaints (see the rules' basis); the days are dated rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from accounts.queries import offices
from agencies.catalogue.queries import item_by_code, rule
from agencies.registration.models import Agency, Material, Offering
from agencies.registration.queries import reviewing_org
from core.access import Actor, OrgKind
from core.audit import AuditLeaf
from core.clock import beijing_day
from core.corrections import days_after
from core.errors import Conflict, NotFound
from core.work import Work
from marketplace.complaints import queries
from marketplace.complaints.lifecycle import Aspect, ComplaintState, Subject
from marketplace.complaints.models import Complaint
from marketplace.complaints.rules import AGAINST_AGENCY, USUAL_DAYS, Window
from marketplace.needs.models import Need
from marketplace.needs.queries import frozen_rule
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.selection.queries import award_of, awards_of, selection_of

OFFICE_VERBS: Final = tuple(
    f"registration.{verb}"
    for verb in ("send_back", "accept", "accept_with_gaps", "close_gaps", "suspend", "resume", "remove")
)
OFFICES: Final = {
    Subject.ENTRY: (OrgKind.CITY_OPERATOR, OrgKind.ADMINISTRATION),
    Subject.SELECTION: (OrgKind.CITY_OPERATOR, OrgKind.ADMINISTRATION),
    Subject.OPERATOR: (OrgKind.ADMINISTRATION, OrgKind.CITY_OPERATOR),
}


@dataclass(frozen=True, slots=True)
class About:
    """What somebody wants to complain of: a need, an agency's registration, or how an earlier complaint was handled."""

    subject: Subject
    need_id: int | None = None
    agency_id: int | None = None
    earlier_id: int | None = None

    @property
    def query(self) -> str:
        """The address's query that names it again."""
        named = (("need_id", self.need_id), ("agency_id", self.agency_id), ("earlier_id", self.earlier_id))
        return "&".join([f"subject={self.subject}", *(f"{key}={value}" for key, value in named if value is not None)])


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is known of it before anything is filed."""

    title: str
    window: Window
    standing: str
    respondent_org_id: int
    need: Need | None = None
    award_id: int | None = None
    winner_org_id: int | None = None
    agency: Agency | None = None
    participants: dict[int, Agency] = field(default_factory=dict)
    handled_by: int | None = None
    involved: tuple[int, ...] = ()


def days_of(work: Work, key: str, need: Need | None = None) -> int:
    """Return the days of a dated rule in force today, for a need's kind of money where there is one."""
    fund = need.fund if need is not None else "social"
    town, item = (need.town_code, need.item_code) if need is not None else (None, None)
    try:
        on = beijing_day(work.clock.now())
        return int(rule(work.session, key, fund=fund, on=on, item_code=item, town_code=town))
    except NotFound:
        return USUAL_DAYS[key]


def grounds(work: Work, about: About, aspect: Aspect | None = None) -> Grounds:
    """Gather what a complaint about this would stand on. Raises NotFound."""
    if about.subject is Subject.SELECTION:
        return _of_need(work, about.need_id or 0, aspect)
    if about.earlier_id is not None and about.subject is Subject.OPERATOR:
        return _of_handling(work, about.earlier_id)
    return _of_registration(work, about.agency_id or 0)


def own_agency(session: Session, actor: Actor) -> Agency | None:
    """Return the agency an actor acts for."""
    return session.scalars(select(Agency).where(Agency.org_id == actor.org_id)).one_or_none()


def _of_need(work: Work, need_id: int, aspect: Aspect | None) -> Grounds:
    need, session = work.session.get(Need, need_id), work.session
    if need is None or need.published_at is None:
        raise NotFound("need-not-found", id=need_id)
    award = award_of(session, need_id) or next(reversed(awards_of(session, need_id)), None)
    took_part = {
        row.id: row
        for row in session.scalars(
            select(Agency)
            .join(Quote, Quote.agency_id == Agency.id)
            .where(Quote.need_id == need_id, Quote.opened_at.is_not(None))
        )
    }
    return Grounds(
        title=need.title,
        window=Window(need.published_at, _end_of(work, need, award)),
        standing=_standing(work, need, aspect),
        respondent_org_id=need.org_id,
        need=need,
        award_id=None if award is None else award.id,
        winner_org_id=None if award is None else award.agency_org_id,
        participants=took_part,
    )


def _end_of(work: Work, need: Need, award: Any) -> datetime | None:
    """Return when the time to complain of a need ends; None while nothing is decided."""
    if award is not None:
        end: datetime = award.publicity_until
        return end
    selection = selection_of(work.session, need.id)
    if selection is not None and selection.decided_at is not None:
        return days_after(selection.decided_at, int(frozen_rule(work.session, need, "publicity-days", 1)))
    over = need.state in {"withdrawn", "failed"}
    return need.closes_at if over else None


def _standing(work: Work, need: Need, aspect: Aspect | None) -> str:
    """Say by a code why this reader may not complain of a need: only agencies that quoted, or could, may."""
    agency = own_agency(work.session, work.actor) if work.actor.org_kind is OrgKind.AGENCY else None
    if agency is None or agency.listed_at is None:
        return "complaint-agencies-only"
    gone = (QuoteState.WITHDRAWN, QuoteState.REPLACED)
    quoted = select(Quote.id).where(
        Quote.need_id == need.id, Quote.agency_id == agency.id, Quote.state.not_in(gone)
    ).limit(1)  # fmt: skip
    if work.session.scalar(quoted) is not None:
        return ""
    offers = select(Offering.id).where(Offering.agency_id == agency.id, Offering.item_code == need.item_code).limit(1)
    if aspect in {None, Aspect.NOTICE} and work.session.scalar(offers) is not None:
        return ""
    return "complaint-no-standing"


def _of_registration(work: Work, agency_id: int) -> Grounds:
    """Gather what the operator did last to an agency's registration, and everybody who worked on it."""
    session, agency = work.session, work.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("agency-not-found", id=agency_id)
    acts = and_(AuditLeaf.kind == "agency", AuditLeaf.object_id == agency_id, AuditLeaf.verb.in_(OFFICE_VERBS))
    materials = select(Material.id).where(Material.agency_id == agency_id)
    judged = and_(AuditLeaf.kind == "material", AuditLeaf.object_id.in_(materials), AuditLeaf.verb == "material.judged")
    last = session.scalars(select(AuditLeaf).where(acts).order_by(AuditLeaf.seq.desc()).limit(1)).one_or_none()
    users = session.scalars(select(AuditLeaf.user_id).where(or_(acts, judged)).distinct()).all()
    office = last.org_id if last is not None and last.org_id is not None else reviewing_org(session, agency)
    days = days_of(work, "complaint-window-days")
    return Grounds(
        title=agency.name,
        window=Window() if last is None else Window(last.at, days_after(last.at, days)),
        standing="" if agency.org_id == work.actor.org_id else "complaint-no-standing",
        respondent_org_id=office or 0,
        agency=agency,
        handled_by=None if last is None else last.user_id,
        involved=tuple(sorted(one for one in users if one is not None)),
    )


def _of_handling(work: Work, earlier_id: int) -> Grounds:
    """Gather how an office handled an earlier complaint, for those who were its sides."""
    earlier = queries.complaint_by_id(work.session, earlier_id)
    finished = earlier.reviewed_at or earlier.decided_at
    if earlier.state is ComplaintState.REFUSED:
        finished = earlier.ended_at
    days = days_of(work, "complaint-window-days")
    officers = (earlier.accepted_by, earlier.decided_by, earlier.reviewed_by, earlier.ended_by)
    sides = {earlier.org_id, earlier.respondent_org_id} if earlier.accepted_at is not None else {earlier.org_id}
    return Grounds(
        title=earlier.number or "",
        window=Window() if finished is None else Window(finished, days_after(finished, days)),
        standing="" if work.actor.org_id in sides else "complaint-no-standing",
        respondent_org_id=earlier.office_org_id,
        handled_by=earlier.reviewed_by or earlier.decided_by or earlier.ended_by,
        involved=tuple(sorted({one for one in officers if one is not None})),
    )


def respondent_of(found: Grounds, aspect: Aspect, against: int | None) -> int:
    """Return the organisation complained of: the enterprise or operator, or another participant."""
    if aspect in AGAINST_AGENCY and against in found.participants:
        return found.participants[against].org_id
    return found.respondent_org_id


def office_for(session: Session, subject: Subject, aspect: Aspect, found: Grounds, respondent: int) -> int:
    """Return the office that decides: never the one complained of. Raises Conflict when there is none.

    A participant's qualification goes to the industry department of the item, where the market has it.
    """
    if aspect is Aspect.QUALIFICATION and found.need is not None:
        codes = item_by_code(session, found.need.item_code).departments
        query = select(Organisation.id).where(
            Organisation.kind == OrgKind.DEPARTMENT, Organisation.department_code.in_(codes)
        )
        department = session.scalars(query.order_by(Organisation.id).limit(1)).one_or_none()
        if department is not None:
            return department
    for kind in OFFICES[subject]:
        office = next((one for one in offices(session, kind) if one != respondent), None)
        if office is not None:
            return office
    raise Conflict("complaint-no-office")


def decided_before(session: Session, about: About, aspect: Aspect, org_id: int, against: int | None) -> bool:
    """Say whether this organisation's complaint of the same matter was decided, or is being decided, already."""
    ended = (ComplaintState.REFUSED, ComplaintState.WITHDRAWN, ComplaintState.LAPSED)
    query = select(Complaint.id).where(
        Complaint.org_id == org_id, Complaint.subject == about.subject, Complaint.aspect == aspect,
        Complaint.state.not_in(ended), Complaint.need_id.is_not_distinct_from(about.need_id),
        Complaint.earlier_id.is_not_distinct_from(about.earlier_id),
    )  # fmt: skip
    if about.subject is Subject.SELECTION:
        agency = against if aspect in AGAINST_AGENCY else None
        query = query.where(Complaint.agency_id.is_not_distinct_from(agency))
        award = award_of(session, about.need_id or 0)
        if aspect is Aspect.RESULT and award is not None:
            query = query.where(Complaint.award_id == award.id)
        return session.scalar(query.limit(1)) is not None
    # A registration is judged again and again: what was finished since is another matter.
    finished = select(AuditLeaf.at).where(
        AuditLeaf.kind == "agency", AuditLeaf.object_id == about.agency_id, AuditLeaf.verb.in_(OFFICE_VERBS)
    ).order_by(AuditLeaf.seq.desc()).limit(1)  # fmt: skip
    last = session.scalars(finished).one_or_none() if about.earlier_id is None else None
    if last is not None:
        query = query.where(Complaint.filed_at >= last)
    return session.scalar(query.limit(1)) is not None
