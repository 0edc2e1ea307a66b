"""Reads of complaints: one case with what hangs on it, lists by reader, what is open about a need or an award."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from core.access import Actor, OrgKind
from core.audit import AuditLeaf
from core.errors import NotFound
from core.files import StoredFile
from core.paging import Page, newest
from marketplace.complaints.lifecycle import UNDECIDED, UNJUDGED, ComplaintState
from marketplace.complaints.models import Complaint, ComplaintFile, ComplaintItem, ComplaintNotice

WORKING = (*UNJUDGED, *UNDECIDED, ComplaintState.APPEALED)


def complaint_by_id(session: Session, complaint_id: int) -> Complaint:
    """Return one complaint. Raises NotFound."""
    row = session.get(Complaint, complaint_id)
    if row is None:
        raise NotFound("complaint-not-found", id=complaint_id)
    return row


def items_of(session: Session, complaint_id: int) -> dict[str, ComplaintItem]:
    """Return what a complaint needs, by key, in the order it is judged."""
    query = select(ComplaintItem).where(ComplaintItem.complaint_id == complaint_id).order_by(ComplaintItem.id)
    return {row.key: row for row in session.scalars(query)}


def notices_of(session: Session, complaint_id: int) -> Sequence[ComplaintNotice]:
    """Return the correction lists sent, the first first."""
    query = select(ComplaintNotice).where(ComplaintNotice.complaint_id == complaint_id)
    return session.scalars(query.order_by(ComplaintNotice.number)).all()


def files_of(session: Session, complaint_id: int) -> list[tuple[ComplaintFile, StoredFile]]:
    """Return the files of both sides, oldest first."""
    query = select(ComplaintFile, StoredFile).join(StoredFile, StoredFile.id == ComplaintFile.file_id)
    rows = session.execute(query.where(ComplaintFile.complaint_id == complaint_id).order_by(ComplaintFile.id))
    return [(row[0], row[1]) for row in rows]


def leaves_of(session: Session, complaint_id: int) -> Sequence[AuditLeaf]:
    """Return the log of a complaint, newest first."""
    query = select(AuditLeaf).where(AuditLeaf.kind == "complaint", AuditLeaf.object_id == complaint_id)
    return session.scalars(query.order_by(AuditLeaf.seq.desc())).all()


def visible_complaints(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is the twin of ``complaint:read``."""
    if actor.is_system or actor.org_kind is OrgKind.ADMINISTRATION:
        return true()
    if actor.org_id is None:
        return false()
    return or_(
        Complaint.org_id == actor.org_id,
        Complaint.office_org_id == actor.org_id,
        and_(Complaint.respondent_org_id == actor.org_id, Complaint.accepted_at.is_not(None)),
        and_(Complaint.interested_org_id == actor.org_id, Complaint.outcome.is_not(None)),
    )


def complaints_page(session: Session, actor: Actor, *, after: int | None, limit: int | None = None) -> Page[Complaint]:
    """Return the complaints this reader may read, newest first."""
    query = select(Complaint).where(visible_complaints(actor))
    return newest(session, query, Complaint.id, after=after, limit=limit)


def waiting(session: Session, actor: Actor, limit: int) -> Sequence[Complaint]:
    """Return the complaints this reader may read that are not at an end, oldest first."""
    query = select(Complaint).where(visible_complaints(actor), Complaint.state.in_(WORKING))
    return session.scalars(query.order_by(Complaint.id).limit(limit)).all()


def twice_returned(session: Session, actor: Actor) -> tuple[int, int]:
    """Return how many complaints got a second correction list, and how many got any: the figure offices watch."""
    seen = select(func.count()).select_from(Complaint).where(visible_complaints(actor))
    second = session.scalar(seen.where(Complaint.corrections_n > 1)) or 0
    return second, session.scalar(seen.where(Complaint.corrections_n > 0)) or 0


def public_of_need(session: Session, need_id: int) -> Sequence[Complaint]:
    """Return the complaints about a need that the public is told of: those found receivable, oldest first."""
    query = select(Complaint).where(Complaint.need_id == need_id, Complaint.accepted_at.is_not(None))
    return session.scalars(query.where(Complaint.state != ComplaintState.WITHDRAWN).order_by(Complaint.id)).all()


def open_of_need(session: Session, need_id: int) -> Sequence[Complaint]:
    """Return the complaints about a need that may still change its award."""
    alive = Complaint.state.not_in((ComplaintState.REFUSED, ComplaintState.WITHDRAWN, ComplaintState.LAPSED))
    query = select(Complaint).where(Complaint.need_id == need_id, alive, Complaint.final_at.is_(None))
    return session.scalars(query.order_by(Complaint.id)).all()


def file_of(session: Session, complaint_id: int, file_id: int) -> StoredFile:
    """Return a stored file of a complaint. Raises NotFound, also for a file of something else."""
    query = (
        select(StoredFile)
        .join(ComplaintFile, ComplaintFile.file_id == StoredFile.id)
        .where(ComplaintFile.complaint_id == complaint_id, StoredFile.id == file_id)
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("complaint-file-not-found", id=file_id)
    return found
