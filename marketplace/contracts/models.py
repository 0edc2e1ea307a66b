"""Tables of contracts: the deal, the numbered versions of its result, and what was paid."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.money import Money
from marketplace.contracts.lifecycle import CONTRACT, DELIVERABLE, ContractState, DeliverableState
from marketplace.contracts.rules import DayKind


class Contract(db.Aggregate, db.Base):
    """One deal. At most one contract of a need lives at a time.

    days, day_kind: the time limit. due_at: the end of the last day, put off by what the enterprise takes to look;
    agreed_due_at stays what was signed. late_days: of the accepted version. rounds: how often the result was sent back.
    """

    __tablename__ = "contract"

    number: Mapped[str] = db.text(40, unique=True)
    need_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("need.id"))
    award_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("award.id"), unique=True)
    enterprise_org_id: Mapped[int] = mapped_column(BigInteger, index=True)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"), index=True)
    agency_org_id: Mapped[int] = mapped_column(BigInteger, index=True)
    town_code: Mapped[str] = db.text(20, index=True)
    item_code: Mapped[str] = db.text(20, index=True)
    title: Mapped[str] = db.text(200)
    state: Mapped[ContractState] = db.state_column(CONTRACT)
    amount: Mapped[Money]
    quote_amount: Mapped[Money]
    amount_reason: Mapped[str] = mapped_column(Text, default="")
    days: Mapped[int] = mapped_column(Integer)
    day_kind: Mapped[DayKind] = db.enum_column(DayKind)
    model_version: Mapped[str] = db.text(20)
    text: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = db.text(64)
    drafted_at: Mapped[datetime]
    sign_by: Mapped[datetime]
    enterprise_signed_at: Mapped[datetime | None]
    enterprise_signed_by: Mapped[int | None] = mapped_column(BigInteger)
    agency_signed_at: Mapped[datetime | None]
    agency_signed_by: Mapped[int | None] = mapped_column(BigInteger)
    starts_at: Mapped[datetime | None]
    agreed_due_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    delivered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    paid: Mapped[Money | None]
    late_days: Mapped[int | None] = mapped_column(Integer)
    rounds: Mapped[int] = mapped_column(Integer, default=0)
    terminated_at: Mapped[datetime | None]
    terminated_by_org_id: Mapped[int | None] = mapped_column(BigInteger)
    termination_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index(
            "uq__contract__need_id",
            "need_id",
            unique=True,
            sqlite_where=sql("state <> 'terminated'"),
            postgresql_where=sql("state <> 'terminated'"),
        ),
        db.check(
            "state NOT IN ('in_service', 'delivered', 'accepted', 'settled') OR (enterprise_signed_at IS NOT NULL "
            "AND agency_signed_at IS NOT NULL AND starts_at IS NOT NULL AND due_at IS NOT NULL)",
            "signed_by_both",
        ),
        db.check(
            "state NOT IN ('accepted', 'settled') OR (accepted_at IS NOT NULL AND late_days IS NOT NULL)", "accepted"
        ),
        db.check("state <> 'settled' OR (settled_at IS NOT NULL AND paid IS NOT NULL)", "settled"),
        db.check("state <> 'terminated' OR terminated_at IS NOT NULL", "terminated"),
        db.check("amount > 0 AND days > 0", "amount_and_days"),
    )


class Deliverable(db.Base):
    """One numbered version of the result: a stored file, its hash, and what became of it."""

    __tablename__ = "deliverable"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    no: Mapped[int] = mapped_column(Integer)
    file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("stored_file.id"))
    sha256: Mapped[str] = db.text(64)
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[DeliverableState] = db.state_column(DELIVERABLE)
    reasons: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("contract_id", "no"),
        db.check("state = 'submitted' OR decided_at IS NOT NULL", "decided"),
        db.check("state <> 'returned' OR reasons <> ''", "reasons"),
    )


class Settlement(db.Base):
    """What was paid in the end: the total, and the lines it adds up from, ``[{name, amount_fen}]``."""

    __tablename__ = "settlement"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"), unique=True)
    paid: Mapped[Money]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime]
