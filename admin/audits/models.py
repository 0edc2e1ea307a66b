"""Tables of batch audits: the job, and its rows in parts with what was found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from admin.audits.lifecycle import FEE_AUDIT, AuditState
from core import db


class FeeAudit(db.Aggregate, db.Base):
    """One audit. ``source`` is the file's name, ``json`` or ``contracts``.

    mapping: which column is what (see ``judging.Mapping``). counts: rows by outcome. top: the largest deviations.
    faults: the first rows that could not be read. one_by_one: rows the exact engine did without columns.
    """

    __tablename__ = "fee_audit"

    org_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = db.text(200)
    state: Mapped[AuditState] = db.state_column(FEE_AUDIT)
    headings: Mapped[list[str]] = mapped_column(JSON)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rows_total: Mapped[int] = mapped_column(Integer)
    rows_done: Mapped[int] = mapped_column(Integer, default=0)
    one_by_one: Mapped[int] = mapped_column(Integer, default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    top: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    faults: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    delete_at: Mapped[datetime]

    __table_args__ = (
        db.check("rows_done >= 0 and rows_done <= rows_total", "progress"),
        db.check("state = 'draft' or state = 'cancelled' or started_at is not null", "started"),
        db.check("(state in ('done', 'cancelled')) = (ended_at is not null)", "ended"),
        db.check("state <> 'done' or rows_done = rows_total", "whole"),
    )


class FeeAuditPart(db.Base):
    """Some rows of an audit as given (packed), and what was found for each (packed), once that is done."""

    __tablename__ = "fee_audit_part"
    __audited__ = False

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    audit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("fee_audit.id", ondelete="CASCADE"))
    no: Mapped[int] = mapped_column(Integer)
    given: Mapped[bytes] = mapped_column(LargeBinary)
    found: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("audit_id", "no"),)
