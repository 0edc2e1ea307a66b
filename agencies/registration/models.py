"""Tables of registration: agencies, their papers and people, what they offer, and what an operator said of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from agencies.registration.lifecycle import (
    PRACTITIONER,
    QUALIFICATION,
    REGISTRATION,
    PractitionerState,
    QualificationState,
    RegistrationState,
    Verdict,
)
from core import db
from core.corrections import ItemVerdict


class Agency(db.Aggregate, db.Base):
    """One agency (中介机构) and its registration; name, code and town are copies from its organisation.

    ``town_code`` is None for an agency from outside the city. Figures after ``corrections_n`` are written by
    ``set_standing`` and ``set_performance``; ratings in thousandths of a star, ``rank`` from 0 to 1000.
    """

    __tablename__ = "agency"

    org_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organisation.id"), unique=True)
    town_code: Mapped[str | None] = db.text(20, index=True)
    name: Mapped[str] = db.text(120)
    credit_code: Mapped[str] = db.text(18)
    state: Mapped[RegistrationState] = db.state_column(REGISTRATION)
    intro: Mapped[str] = mapped_column(Text, default="")
    founded_on: Mapped[date | None] = mapped_column(Date)
    contact_name: Mapped[str] = db.text(60, default="")
    contact_mobile: Mapped[str | None] = mapped_column(db.EncryptedText)
    committed_at: Mapped[datetime | None]
    committed_by: Mapped[int | None] = mapped_column(BigInteger)
    submitted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    listed_at: Mapped[datetime | None]
    deemed: Mapped[bool] = mapped_column(default=False)
    corrections_n: Mapped[int] = mapped_column(Integer, default=0)
    closing_reason: Mapped[str] = mapped_column(Text, default="")
    standing_milli: Mapped[int | None] = mapped_column(Integer)
    standing_low_milli: Mapped[int | None] = mapped_column(Integer)
    standing_high_milli: Mapped[int | None] = mapped_column(Integer)
    ratings_n: Mapped[int] = mapped_column(Integer, default=0)
    star_counts: Mapped[list[int]] = mapped_column(JSON, default=list)
    aspects: Mapped[list[int]] = mapped_column(JSON, default=list)
    grade: Mapped[str | None] = db.text(4)
    contracts_n: Mapped[int] = mapped_column(Integer, default=0)
    delivered_n: Mapped[int] = mapped_column(Integer, default=0)
    on_time_n: Mapped[int] = mapped_column(Integer, default=0)
    on_time_milli: Mapped[int | None] = mapped_column(Integer)
    rank: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        db.check("state IN ('draft', 'submitted', 'returned') OR listed_at IS NOT NULL", "listed"),
        db.check("state NOT IN ('submitted', 'returned') OR submitted_at IS NOT NULL", "submitted"),
        db.check("standing_milli IS NULL OR standing_milli BETWEEN 0 AND 5000", "standing"),
        db.check("on_time_n <= delivered_n", "on_time"),
        Index("ix__agency__shelf", "state", "rank", "id"),
    )


class Qualification(db.Base):
    """A qualification (资质) an agency holds; ``valid_to`` is its last valid day, None when it does not end.

    org_id and town_code are copies from the agency. clocks: the dated rules a change was handed in under, days by key;
    empty for one that came with the registration, whose materials are judged there.
    """

    __tablename__ = "qualification"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"), index=True)
    org_id: Mapped[int] = mapped_column(BigInteger)
    town_code: Mapped[str | None] = db.text(20)
    state: Mapped[QualificationState] = db.state_column(QUALIFICATION)
    category: Mapped[str] = db.text(60)
    grade: Mapped[str] = db.text(40, default="")
    number: Mapped[str] = db.text(80)
    issued_by: Mapped[str] = db.text(120)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    clocks: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    submitted_at: Mapped[datetime | None]
    review_by: Mapped[datetime | None]
    correct_by: Mapped[datetime | None]
    corrections_n: Mapped[int] = mapped_column(Integer, default=0)
    deemed: Mapped[bool] = mapped_column(default=False)
    verified_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    lapsed_reason: Mapped[str] = db.text(40, default="")

    __table_args__ = (
        db.check("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", "withdrawn"),
        db.check("state NOT IN ('valid', 'valid_with_gaps', 'expired') OR verified_at IS NOT NULL", "verified"),
        db.check("state NOT IN ('submitted', 'returned') OR submitted_at IS NOT NULL", "submitted"),
        db.check("state <> 'lapsed' OR lapsed_reason <> ''", "lapsed"),
        db.check("corrections_n BETWEEN 0 AND 2", "corrections"),
    )


class QualificationItem(db.Base):
    """One thing judged of a qualification that changes, and what was said of it; note tells how to correct it."""

    __tablename__ = "qualification_item"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    qualification_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("qualification.id"))
    key: Mapped[str] = db.text(20)
    verdict: Mapped[ItemVerdict] = db.enum_column(ItemVerdict, default=ItemVerdict.PENDING)
    note: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("stored_file.id"))
    promised_on: Mapped[date | None] = mapped_column(Date)
    judged_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("qualification_id", "key"),
        db.check("verdict <> 'promised' OR promised_on IS NOT NULL", "promise"),
    )


class QualificationNotice(db.Base):
    """One correction list (一次性补正告知) of a changed qualification: ``items`` holds ``{key, note}``.

    A second is the last, names only what the first one named, and carries the supervisor's reason.
    """

    __tablename__ = "qualification_notice"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    qualification_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("qualification.id"))
    number: Mapped[int] = mapped_column(Integer)
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None] = mapped_column(BigInteger)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    supervisor_reason: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("qualification_id", "number"),
        db.check("number IN (1, 2)", "number"),
        db.check("number = 1 OR supervisor_reason <> ''", "supervised"),
    )


class Practitioner(db.Base):
    """A person with a certificate, in one agency at a time; the number is encrypted, its hash unique while there."""

    __tablename__ = "practitioner"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"), index=True)
    org_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[PractitionerState] = db.state_column(PRACTITIONER)
    name: Mapped[str] = db.text(60)
    identity: Mapped[str] = mapped_column(db.EncryptedText)
    identity_hash: Mapped[str] = db.text(64)
    kind: Mapped[str] = db.text(60)
    certificate: Mapped[str] = db.text(80)
    valid_to: Mapped[date | None] = mapped_column(Date)
    left_at: Mapped[datetime | None]

    __table_args__ = (
        db.check("(state = 'left') = (left_at IS NOT NULL)", "left"),
        Index(
            "uq__practitioner__identity_hash",
            "identity_hash",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )


class Material(db.Base):
    """One paper of a registration and what the operator said of it (``reasons``, ``note``).

    ``statement`` is the agency's own word; ``promised_on`` the day a secondary paper follows.
    """

    __tablename__ = "material"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"))
    key: Mapped[str] = db.text(60)
    file_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("stored_file.id"))
    verdict: Mapped[Verdict] = db.enum_column(Verdict, default=Verdict.PENDING)
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    statement: Mapped[str] = mapped_column(Text, default="")
    promised_on: Mapped[date | None] = mapped_column(Date)
    judged_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("agency_id", "key"),
        db.check("verdict <> 'promised' OR promised_on IS NOT NULL", "promise"),
    )


class CorrectionNotice(db.Base):
    """One correction list (一次性补正告知): everything that does not do, said at once.

    ``items`` holds ``{material, reasons, note}``; a second list carries the supervisor's reason.
    """

    __tablename__ = "correction_notice"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None] = mapped_column(BigInteger)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    supervisor_reason: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("agency_id", "number"),
        db.check("number = 1 OR supervisor_reason <> ''", "supervised"),
    )


class Offering(db.Base):
    """A service item an agency offers."""

    __tablename__ = "offering"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"))
    item_code: Mapped[str] = db.text(20, index=True)
    since: Mapped[datetime]

    __table_args__ = (UniqueConstraint("agency_id", "item_code"),)
