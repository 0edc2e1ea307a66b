"""Tables of revisions: the texts, the register's own number, and what a correction changes in past findings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from agencies.revisions.lifecycle import FEE_REVISION, RevisionState
from core import db
from core.money import Money


class FeeRevision(db.Aggregate, db.Base):
    """A whole text of one schedule, from its draft to its force. ``base_text`` is what it was drafted from.

    correction: it takes effect back in time. approved_no: its place in the order of approvals, which is the order in
    which the texts lie over each other. base_sha256 is empty for a schedule that had no text.
    """

    __tablename__ = "fee_revision"

    schedule_id: Mapped[str] = db.text(60, index=True)
    text: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str] = db.text(64)
    base_text: Mapped[str] = mapped_column(Text, default="")
    base_sha256: Mapped[str] = db.text(64, default="")
    effective_on: Mapped[date] = mapped_column(Date)
    correction: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    citation: Mapped[str] = mapped_column(Text)
    state: Mapped[RevisionState] = db.state_column(FEE_REVISION)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    author_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approver_org_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    approved_no: Mapped[int | None] = mapped_column(Integer, unique=True)
    drafted_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(Text)
    in_force_at: Mapped[datetime | None]
    recomputed_at: Mapped[datetime | None]
    recomputed: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        db.check("approver_id is null or approver_id <> author_id", "two_persons"),
        db.check(
            "(state in ('approved', 'in_force')) = (approved_no is not null)",
            "numbered",
        ),
        db.check("state not in ('approved', 'in_force', 'rejected') or approver_id is not null", "judged"),
        db.check("state not in ('approved', 'in_force', 'rejected') or decision is not null", "decided"),
        db.check("state in ('draft', 'withdrawn') or proposed_at is not null", "proposed"),
        db.check("(state = 'in_force') = (in_force_at is not null)", "in_force"),
        db.check("text_sha256 <> base_sha256", "different"),
    )


class FeeRegister(db.Base):
    """One row: how many approvals there were and a hash over them all, which tells every process when to read again."""

    __tablename__ = "fee_register"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = db.text(64)


class RevisedFinding(db.Base):
    """A past fee case whose numbers a correction changes; the case itself stays as it is until somebody decides."""

    __tablename__ = "revised_finding"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fee_revision.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("fee_case.id"), index=True)
    old_base: Mapped[Money | None]
    new_base: Mapped[Money | None]
    old_limit: Mapped[Money | None]
    new_limit: Mapped[Money | None]
    stands: Mapped[bool]

    __table_args__ = (UniqueConstraint("revision_id", "case_id"),)
