"""Reads of the window desk: visits of a town or an enterprise, consents, shipments of a purchase, counts of visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from accounts.queries import offices
from admin.window.lifecycle import ConsentState, Matter, Party, ShipmentState, VisitState
from admin.window.models import Consent, Filing, Shipment, Visit
from admin.window.rules import Tally
from core.access import Actor, OrgKind
from core.errors import NotFound
from core.work import Work
from marketplace.complaints.lifecycle import ComplaintState
from marketplace.complaints.models import Complaint
from marketplace.contracts import queries as contracts
from marketplace.contracts.models import Contract
from marketplace.needs import queries as needs
from marketplace.needs.lifecycle import QuestionState
from marketplace.needs.models import Need, Question

LIVE = (ConsentState.ASKED, ConsentState.GIVEN)
UNDER_WAY = (ShipmentState.ANNOUNCED, ShipmentState.SENT)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A need with its contract, as permissions ask for it: whose, of which town, by which agency."""

    need: Need
    contract: Contract | None

    @property
    def org_id(self) -> int:
        """The enterprise."""
        return self.need.org_id

    @property
    def town_code(self) -> str:
        """The town of the purchase."""
        return self.need.town_code

    @property
    def agency_org_id(self) -> int | None:
        """The agency that has the contract."""
        return self.contract.agency_org_id if self.contract is not None else None


def visit_by_id(session: Session, visit_id: int) -> Visit:
    """Return one visit. Raises NotFound."""
    row = session.get(Visit, visit_id)
    if row is None:
        raise NotFound("visit-not-found", id=visit_id)
    return row


def consent_by_id(session: Session, consent_id: int) -> Consent:
    """Return one consent. Raises NotFound."""
    row = session.get(Consent, consent_id)
    if row is None:
        raise NotFound("consent-not-found", id=consent_id)
    return row


def shipment_by_id(session: Session, shipment_id: int) -> Shipment:
    """Return one shipment. Raises NotFound."""
    row = session.get(Shipment, shipment_id)
    if row is None:
        raise NotFound("shipment-not-found", id=shipment_id)
    return row


def latest_consent(session: Session, visit_id: int) -> Consent | None:
    """Return the newest consent of a visit."""
    query = select(Consent).where(Consent.visit_id == visit_id).order_by(Consent.id.desc()).limit(1)
    return session.scalars(query).one_or_none()


def consent_of(session: Session, visit_id: int) -> Consent:
    """Return the newest consent of a visit. Raises NotFound."""
    row = latest_consent(session, visit_id)
    if row is None:
        raise NotFound("consent-not-found", id=visit_id)
    return row


def live_consent(session: Session, visit_id: int) -> Consent | None:
    """Return the consent of a visit that is asked for or in force."""
    return session.scalars(select(Consent).where(Consent.visit_id == visit_id, Consent.state.in_(LIVE))).one_or_none()


def purchase(work: Work, need_id: int) -> Purchase:
    """Return a need that its reader may see, with its living contract. Raises NotFound."""
    need = needs.need_by_id(work, need_id)
    return Purchase(need, contracts.live_contract(work.session, need.id))


def enterprises_named(session: Session, text: str) -> Sequence[Organisation]:
    """Return the enterprises and agencies of exactly this credit code or name; nobody browses them here."""
    same = or_(Organisation.credit_code == text.upper(), Organisation.name == text)
    query = select(Organisation).where(Organisation.kind.in_((OrgKind.ENTERPRISE, OrgKind.AGENCY)), same)
    return session.scalars(query.order_by(Organisation.id)).all()


def visits_of_town(session: Session, actor: Actor, limit: int = 50) -> Sequence[tuple[Visit, str]]:
    """Return the visits of a clerk's town with the enterprises' names, open ones first, newest first."""
    query = (
        select(Visit, Organisation.name)
        .join(Organisation, Organisation.id == Visit.org_id)
        .where(Visit.town_code == (actor.town_code or "-"))
        .order_by(Visit.state != VisitState.OPEN, Visit.id.desc())
    )
    return [(row, name) for row, name in session.execute(query.limit(limit))]


def consents_of(session: Session, org_id: int, limit: int = 10) -> Sequence[tuple[Consent, str]]:
    """Return an enterprise's consents with the matters they were given for, those alive first, newest first."""
    query = (
        select(Consent, Visit.matter)
        .join(Visit, Visit.id == Consent.visit_id)
        .where(Consent.org_id == org_id)
        .order_by(Consent.state.not_in(LIVE), Consent.id.desc())
    )
    return [(row, matter) for row, matter in session.execute(query.limit(limit))]


def open_visits(session: Session, actor: Actor) -> int:
    """Count the open visits of a clerk's town."""
    query = select(func.count()).where(Visit.town_code == (actor.town_code or "-"), Visit.state == VisitState.OPEN)
    return int(session.scalar(query) or 0)


def shipments_of(session: Session, need_id: int) -> Sequence[Shipment]:
    """Return the shipments of a purchase, newest first."""
    return session.scalars(select(Shipment).where(Shipment.need_id == need_id).order_by(Shipment.id.desc())).all()


def shipments_to_sign(session: Session, org_id: int, limit: int = 10) -> Sequence[Shipment]:
    """Return what is on its way to an organisation."""
    query = select(Shipment).where(Shipment.to_org_id == org_id, Shipment.state.in_(UNDER_WAY))
    return session.scalars(query.order_by(Shipment.id.desc()).limit(limit)).all()


def tracking_known(session: Session, carrier: str, tracking: str) -> bool:
    """Say whether a waybill was entered already."""
    query = select(Shipment.id).where(Shipment.carrier == carrier, Shipment.tracking == tracking)
    return session.scalar(query) is not None


def org_of(session: Session, found: Purchase, party: Party) -> int | None:
    """Return the organisation that is this side of a purchase."""
    if party is Party.ENTERPRISE:
        return found.org_id
    if party is Party.AGENCY:
        return found.agency_org_id
    return next(iter(offices(session, OrgKind.TOWN_OPERATOR, found.town_code)), None)


def visits_n(session: Session, need_id: int) -> int:
    """Count the visits its enterprise made for one purchase, without those cancelled."""
    query = select(func.count()).select_from(Visit).join(Need, Need.id == Visit.need_id)
    query = query.where(Visit.need_id == need_id, Visit.org_id == Need.org_id, Visit.state != VisitState.CANCELLED)
    return int(session.scalar(query) or 0)


def tallies(session: Session, by: str, since: datetime, until: datetime) -> list[Tally]:
    """Count the notices of a period by their visits, per service item or per town, most notices first.

    by: ``item`` or ``town``. since, until: of publication, both included.
    """
    counted = (
        select(Visit.need_id.label("need_id"), func.count().label("visits"))
        .join(Need, Need.id == Visit.need_id)
        .where(Visit.org_id == Need.org_id, Visit.state != VisitState.CANCELLED)
        .group_by(Visit.need_id)
        .subquery()
    )
    code = Need.item_code if by == "item" else Need.town_code
    visits = func.coalesce(counted.c.visits, 0)
    query = (
        select(
            code,
            func.sum(case((visits == 0, 1), else_=0)),
            func.sum(case((visits == 1, 1), else_=0)),
            func.sum(case((visits > 1, 1), else_=0)),
        )
        .outerjoin(counted, counted.c.need_id == Need.id)
        .where(Need.published_at >= since, Need.published_at <= until)
        .group_by(code)
    )
    rows = [Tally(str(key), int(zero), int(one), int(more)) for key, zero, one, more in session.execute(query)]
    return sorted(rows, key=lambda row: (-row.n, row.code))


def filings_of(session: Session, visit_id: int) -> Sequence[Filing]:
    """Return what was filed at a visit, in order."""
    return session.scalars(select(Filing).where(Filing.visit_id == visit_id).order_by(Filing.id)).all()


def handled_complaint(session: Session, need_id: int, org_id: int) -> int | None:
    """Return the newest complaint of a notice that was handled and had this organisation as a side."""
    query = select(Complaint.id).where(
        Complaint.need_id == need_id, or_(Complaint.org_id == org_id, Complaint.respondent_org_id == org_id),
        or_(Complaint.decided_at.is_not(None), Complaint.state == ComplaintState.REFUSED),
    )  # fmt: skip
    return session.scalars(query.order_by(Complaint.id.desc()).limit(1)).one_or_none()


def open_question(session: Session, need_id: int) -> Question | None:
    """Return the oldest question of a notice that waits for its answer."""
    query = select(Question).where(Question.need_id == need_id, Question.state == QuestionState.ASKED)
    return session.scalars(query.order_by(Question.id).limit(1)).one_or_none()


def left_of(session: Session, consent: Consent) -> tuple[Matter, ...]:
    """Return what a consent still covers: each matter once."""
    done = set(session.scalars(select(Filing.matter).where(Filing.consent_id == consent.id)))
    return tuple(Matter(one) for one in consent.covers if Matter(one) not in done)
