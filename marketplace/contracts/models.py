"""Tables of contracts: the deal, its versions, pauses, amendments, early end, what departments said, what was paid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.money import Money
from marketplace.contracts.lifecycle import (
    AMENDMENT,
    CONTRACT,
    DELIVERABLE,
    PAUSE,
    SETTLEMENT,
    TERMINATION,
    AmendmentState,
    ContractState,
    DeliverableState,
    PauseState,
    SettlementState,
    TerminationState,
)
from marketplace.contracts.rules import DayKind
from marketplace.contracts.timing import Cause
from marketplace.contracts.turns import AmendmentKind, EndCause, Finding, Source


class Contract(db.Aggregate, db.Base):
    """One deal. At most one contract of a need lives at a time.

    days, day_kind: the time limit. due_at: the end of the last day, put off by what the enterprise takes to look and by
    pauses that are not the agency's doing; agreed_due_at is what both signed, amendments among it. amount: as amended;
    signed_amount stays what the contract was signed with. late_days: of the accepted version. rounds: how often the
    result was sent back.
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
    signed_amount: Mapped[Money | None]
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


class Pause(db.Aggregate, db.Base):
    """One stop of the contract's clock: who asked, whose doing it is, and from when to when it ran.

    asked_at: from when it counts once the other side agrees or says nothing until answer_by. running_at: when that was.
    At most one pause of a contract is open at a time.
    """

    __tablename__ = "contract_pause"

    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    no: Mapped[int] = mapped_column(Integer)
    enterprise_org_id: Mapped[int] = mapped_column(BigInteger)
    agency_org_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[PauseState] = db.state_column(PAUSE)
    cause: Mapped[Cause] = db.enum_column(Cause)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_org_id: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    running_at: Mapped[datetime | None]
    was_deemed: Mapped[bool] = mapped_column(Boolean, default=False)
    answer: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    ended_by_org_id: Mapped[int | None] = mapped_column(BigInteger)
    put_off_days: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        UniqueConstraint("contract_id", "no"),
        Index(
            "uq__contract_pause__open",
            "contract_id",
            unique=True,
            sqlite_where=sql("state IN ('asked', 'running')"),
            postgresql_where=sql("state IN ('asked', 'running')"),
        ),
        db.check("(state IN ('running', 'ended')) = (running_at IS NOT NULL)", "running"),
        db.check("(state IN ('refused', 'withdrawn', 'ended')) = (ended_at IS NOT NULL)", "ended"),
        db.check("state <> 'refused' OR answer <> ''", "refused"),
        db.check("ended_at IS NULL OR ended_at >= asked_at", "forward"),
    )


class Amendment(db.Aggregate, db.Base):
    """One change of a signed contract, with what stood before; in force once both sides have signed it.

    Proposing is signing for one's own side. clause_before, clause_after: the wording of one clause, empty where no
    clause changes. content_hash covers what both sign.
    """

    __tablename__ = "contract_amendment"

    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    no: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = db.text(50, unique=True)
    enterprise_org_id: Mapped[int] = mapped_column(BigInteger)
    agency_org_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[AmendmentState] = db.state_column(AMENDMENT)
    kind: Mapped[AmendmentKind] = db.enum_column(AmendmentKind)
    reason: Mapped[str] = mapped_column(Text)
    amount_before: Mapped[Money]
    amount_after: Mapped[Money]
    days_before: Mapped[int] = mapped_column(Integer)
    days_after: Mapped[int] = mapped_column(Integer)
    clause_heading: Mapped[str] = db.text(80, default="")
    clause_before: Mapped[str] = mapped_column(Text, default="")
    clause_after: Mapped[str] = mapped_column(Text, default="")
    content_hash: Mapped[str] = db.text(64)
    asked_by_org_id: Mapped[int] = mapped_column(BigInteger)
    asked_by: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("contract_id", "no"),
        Index(
            "uq__contract_amendment__open",
            "contract_id",
            unique=True,
            sqlite_where=sql("state = 'proposed'"),
            postgresql_where=sql("state = 'proposed'"),
        ),
        db.check("(state = 'in_force') = (signed_at IS NOT NULL)", "signed"),
        db.check("(state = 'proposed') = (ended_at IS NULL)", "ended"),
        db.check("amount_after > 0 AND days_after > 0", "amount_and_days"),
        db.check(
            "amount_after <> amount_before OR days_after <> days_before OR clause_after <> clause_before", "different"
        ),
    )


class Termination(db.Aggregate, db.Base):
    """How a signed contract ended early: by whom, why, what was delivered and is payable, and the other side's view."""

    __tablename__ = "contract_termination"

    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"), unique=True)
    enterprise_org_id: Mapped[int] = mapped_column(BigInteger)
    agency_org_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[TerminationState] = db.state_column(TERMINATION)
    cause: Mapped[EndCause] = db.enum_column(EndCause)
    reason: Mapped[str] = mapped_column(Text)
    delivered: Mapped[str] = mapped_column(Text, default="")
    versions: Mapped[int] = mapped_column(Integer)
    payable: Mapped[Money]
    asked_by_org_id: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    agrees: Mapped[bool | None] = mapped_column(Boolean)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        db.check("(state = 'answered') = (answered_at IS NOT NULL)", "answered"),
        db.check("state <> 'answered' OR agrees IS NOT NULL", "view"),
        db.check("payable >= 0", "payable"),
    )


class Outcome(db.Base):
    """What a department said of a result handed to it: the first one of a contract is its first pass."""

    __tablename__ = "department_outcome"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    no: Mapped[int] = mapped_column(Integer)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"), index=True)
    deliverable_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("deliverable.id"))
    finding: Mapped[Finding] = db.enum_column(Finding)
    codes: Mapped[list[str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    department_code: Mapped[str] = db.text(40)
    decided_on: Mapped[date] = mapped_column(Date)
    source: Mapped[Source] = db.enum_column(Source)
    entered_by_org_id: Mapped[int] = mapped_column(BigInteger)
    entered_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("contract_id", "no"),)


class Settlement(db.Base):
    """What was paid in the end: the total, and the lines it adds up from.

    Lines are ``[{name, amount_fen, kind, quantity, difference_fen}]``; the earliest rows hold name and amount alone.
    answer_by: until when the side whose turn it is says its word; objection is the agency's, kept_reason the
    enterprise's.
    """

    __tablename__ = "settlement"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"), unique=True)
    enterprise_org_id: Mapped[int] = mapped_column(BigInteger)
    agency_org_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[SettlementState] = db.state_column(SETTLEMENT)
    paid: Mapped[Money]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime]
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    objection: Mapped[str] = mapped_column(Text, default="")
    kept_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        db.check("state <> 'disputed' OR objection <> ''", "disputed"),
        db.check("(state IN ('recorded', 'disputed')) = (answer_by IS NOT NULL)", "answer"),
    )
