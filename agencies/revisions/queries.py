"""Reads of revisions: the list, one, the newest text of a schedule, and the findings a correction changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session, defer

from agencies.fees import texts
from agencies.fees.models import FeeCase
from agencies.fees.texts import RevisedText
from agencies.revisions.lifecycle import STANDING, UNDECIDED
from agencies.revisions.models import FeeRegister, FeeRevision, RevisedFinding
from core.access import Actor, OrgKind
from core.audit import AuditLeaf
from core.errors import NotFound
from core.paging import Page, newest

REGISTER: int = 1


def revision_by_id(session: Session, revision_id: int) -> FeeRevision:
    """Return one revision. Raises NotFound("fee-revision-not-found")."""
    row = session.get(FeeRevision, revision_id)
    if row is None:
        raise NotFound("fee-revision-not-found", id=revision_id)
    return row


def visible_revisions(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is the twin of ``fee_revision:read``."""
    kinds = (OrgKind.ADMINISTRATION, OrgKind.PRICE_REGULATOR, OrgKind.CITY_OPERATOR)
    return true() if actor.org_kind in kinds else false()


def revisions_page(
    session: Session, actor: Actor, *, schedule_id: str = "", after: int | None = None, limit: int | None = None
) -> Page[FeeRevision]:
    """Return the revisions a reader may see, newest first, without their texts."""
    query = select(FeeRevision).where(visible_revisions(actor))
    query = query.options(defer(FeeRevision.text), defer(FeeRevision.base_text))
    if schedule_id:
        query = query.where(FeeRevision.schedule_id == schedule_id)
    return newest(session, query, FeeRevision.id, after=after, limit=limit)


def undecided(session: Session, actor: Actor, limit: int) -> Sequence[FeeRevision]:
    """Return the drafts and proposals a reader may see, the oldest first."""
    query = select(FeeRevision).where(visible_revisions(actor), FeeRevision.state.in_(UNDECIDED))
    query = query.options(defer(FeeRevision.text), defer(FeeRevision.base_text))
    return session.scalars(query.order_by(FeeRevision.state.desc(), FeeRevision.id).limit(limit)).all()


def newest_text(session: Session, schedule_id: str) -> str:
    """Return the text a new revision of a schedule begins from: the last approved, else the file's, else none."""
    query = select(FeeRevision.text).where(FeeRevision.schedule_id == schedule_id, FeeRevision.state.in_(STANDING))
    found = session.scalar(query.order_by(FeeRevision.approved_no.desc()).limit(1))
    return found if found is not None else texts.file_text(schedule_id)


def approved(session: Session, *, until: int | None = None) -> list[RevisedText]:
    """Return every approved text in the order of approval.

    until: the number of an approval, from 1; those approved later are left out.
    """
    query = select(FeeRevision).where(FeeRevision.state.in_(STANDING))
    if until is not None:
        query = query.where(FeeRevision.approved_no <= until)
    return [
        RevisedText(row.schedule_id, row.text, row.text_sha256, row.effective_on, row.decided_at)
        for row in session.scalars(query.order_by(FeeRevision.approved_no))
        if row.decided_at is not None
    ]


def register_digest(session: Session) -> str:
    """Return the hash over all approvals; empty before the first."""
    return session.scalar(select(FeeRegister.digest).where(FeeRegister.id == REGISTER)) or ""


def findings(session: Session, revision_id: int) -> Sequence[tuple[RevisedFinding, FeeCase]]:
    """Return the findings a correction changes with their cases, those that would fall first."""
    query = select(RevisedFinding, FeeCase).join(FeeCase, FeeCase.id == RevisedFinding.case_id)
    query = query.where(RevisedFinding.revision_id == revision_id)
    return [(row[0], row[1]) for row in session.execute(query.order_by(RevisedFinding.stands, RevisedFinding.id))]


def cases_after(session: Session, after: int, limit: int) -> Sequence[FeeCase]:
    """Return the next fee cases by id that name a schedule, for working them again in chunks."""
    named = FeeCase.evidence["schedule"].as_string().is_not(None)
    return session.scalars(select(FeeCase).where(FeeCase.id > after, named).order_by(FeeCase.id).limit(limit)).all()


def leaves(session: Session, revision_id: int) -> Sequence[AuditLeaf]:
    """Return what happened to a revision, newest first."""
    query = select(AuditLeaf).where(AuditLeaf.kind == "fee_revision", AuditLeaf.object_id == revision_id)
    return session.scalars(query.order_by(AuditLeaf.seq.desc())).all()
