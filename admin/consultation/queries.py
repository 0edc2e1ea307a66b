"""Reads of consultation: approved answers that fit, one's own questions, what waits at an office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import Session

from admin.consultation import rules
from admin.consultation.lifecycle import ConsultationState
from admin.consultation.models import Consultation, Helped
from admin.guide import queries as guides
from agencies.catalogue.models import ANY, Rule
from core.access import Actor, OrgKind, is_staff
from core.errors import NotFound
from search.folding import fold

MOST: int = 20
_S = ConsultationState


@dataclass(frozen=True, slots=True)
class Counted:
    """How many readers an answer helped, of how many who said."""

    helped: int
    said: int


def by_id(session: Session, consultation_id: int) -> Consultation:
    """Return one question. Raises NotFound("consultation-not-found")."""
    row = session.get(Consultation, consultation_id)
    if row is None:
        raise NotFound("consultation-not-found", id=consultation_id)
    return row


def readable(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    """Return one question its reader may see. Raises NotFound for any other, as if there were none."""
    row = session.scalars(select(Consultation).where(Consultation.id == consultation_id, visible(actor))).one_or_none()
    if row is None:
        raise NotFound("consultation-not-found", id=consultation_id)
    return row


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return what a reader sees: offices all, others what was approved and what their own organisation asked."""
    if is_staff(actor, None):
        return true()
    own = Consultation.org_id == actor.org_id if actor.signed_in and actor.org_id is not None else false()
    return or_(Consultation.state == _S.PUBLISHED, own)


def approved(session: Session, *, q: str = "", item_code: str = "", life: str = "") -> list[Consultation]:
    """Return approved answers, those that fit best first; without words the newest.

    q: in either script; an answer fits when it holds at least a third of the words' pieces.
    """
    query = select(Consultation).where(Consultation.state == _S.PUBLISHED)
    if item_code:
        query = query.where(Consultation.item_code.in_((item_code, "")))
    if life:
        query = query.where(Consultation.life == life)
    wanted = rules.pieces(fold(q))
    if wanted:
        query = query.where(or_(*(Consultation.folded.contains(one, autoescape=True) for one in wanted)))
    rows = session.scalars(query.order_by(Consultation.published_at.desc(), Consultation.id.desc())).all()
    if not wanted:
        return list(rows[:MOST])
    fitting = [(rules.share(wanted, row.folded), row) for row in rows]
    best = sorted((one for one in fitting if one[0] >= rules.LEAST_SHARE), key=lambda one: -one[0])
    return [row for _share, row in best[:MOST]]


def own(session: Session, actor: Actor) -> Sequence[Consultation]:
    """Return what an organisation asked, newest first."""
    if actor.org_id is None:
        return []
    query = select(Consultation).where(Consultation.org_id == actor.org_id).order_by(Consultation.id.desc())
    return session.scalars(query.limit(MOST)).all()


def waiting(session: Session, actor: Actor, limit: int = 100) -> Sequence[Consultation]:
    """Return what waits at an office, the most urgent first: to answer, to approve, to look at again."""
    if not is_staff(actor, None):
        return []
    query = select(Consultation).where(Consultation.state.in_((_S.ASKED, _S.ANSWERED)))
    if actor.org_kind is OrgKind.TOWN_OPERATOR:
        query = query.where(Consultation.town_code == actor.town_code, Consultation.state == _S.ASKED)
    return session.scalars(query.order_by(Consultation.due_at, Consultation.id).limit(limit)).all()


def to_review(session: Session, actor: Actor, today: date) -> Sequence[Consultation]:
    """Return approved answers of an office whose day of review has come."""
    query = select(Consultation).where(
        Consultation.state == _S.PUBLISHED, Consultation.review_on <= today, Consultation.owner_org_id == actor.org_id
    )
    return session.scalars(query.order_by(Consultation.review_on)).all()


def counted(session: Session, consultation_id: int) -> Counted:
    """Count the readers an answer helped."""
    query = select(func.count(), func.count().filter(Helped.helped)).where(Helped.consultation_id == consultation_id)
    said, helped = session.execute(query).one()
    return Counted(int(helped), int(said))


def rule_version(session: Session, key: str, on: date) -> str:
    """Return the day from which the newest general row of a rule holds; empty for a key nobody knows."""
    query = select(func.max(Rule.valid_from)).where(
        Rule.key == key, Rule.item_code == ANY, Rule.town_code == ANY, Rule.valid_from <= on
    )
    found = session.scalar(query)
    return found.isoformat() if found is not None else ""


def guide_version(session: Session, life: str) -> str:
    """Return the number of a guide's newest version; empty for a life nobody knows."""
    try:
        return str(guides.versions_of(session, life)[0].number)
    except NotFound:
        return ""


def version_now(session: Session, kind: str, key: str, now: date) -> str:
    """Return the version in force of what an answer cites."""
    return rule_version(session, key, now) if kind == "rule" else guide_version(session, key)


def overdue(session: Session, now: datetime) -> int:
    """Count questions whose time to be answered is over."""
    query = select(func.count()).where(Consultation.state == _S.ASKED, Consultation.due_at <= now)
    return int(session.scalar(query) or 0)
