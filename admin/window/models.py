"""The tables of the window desk: visits, consents to file, shipments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from admin.window.lifecycle import (
    CONSENT,
    SHIPMENT,
    VISIT,
    ConsentKind,
    ConsentState,
    Matter,
    ShipmentState,
    Signer,
    VisitState,
)
from core import db

LIVE = "state in ('asked', 'given')"


class Visit(db.Aggregate, db.Base):
    """Somebody of an enterprise or agency came to a town's window. ``need_id``: the purchase it was about, if any."""

    __tablename__ = "window_visit"

    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    town_code: Mapped[str] = db.text(20, index=True)
    window_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    clerk_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    visitor_name: Mapped[str] = mapped_column(db.EncryptedText)
    matter: Mapped[str] = db.text(200)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), index=True)
    state: Mapped[VisitState] = db.state_column(VISIT)
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        db.check("(state = 'open') = (ended_at is null)", "ended"),
        db.check("state <> 'cancelled' or end_reason <> ''", "reason"),
    )


class Consent(db.Aggregate, db.Base):
    """An enterprise or agency lets a window file what ``covers`` names, each once. At most one of a visit is alive.

    A need is filed for one service item. until: the instant it ends. tries: wrong codes typed. given_by: who typed the
    code, or who scanned the paper. need_id: the need that was filed. scan_deleted_at: when the scan's time was over.
    """

    __tablename__ = "window_consent"

    visit_id: Mapped[int] = mapped_column(ForeignKey("window_visit.id"), index=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    town_code: Mapped[str] = db.text(20)
    item_code: Mapped[str] = db.text(20)
    purpose: Mapped[str] = db.text(200)
    kind: Mapped[ConsentKind] = db.enum_column(ConsentKind)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    until: Mapped[datetime]
    tries: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[ConsentState] = db.state_column(CONSENT)
    asked_at: Mapped[datetime]
    given_at: Mapped[datetime | None]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), unique=True)
    covers: Mapped[list[str]] = mapped_column(JSON)
    ended_at: Mapped[datetime | None]
    scan_deleted_at: Mapped[datetime | None]

    __table_args__ = (
        db.check("kind <> 'paper' or file_id is not null", "paper"),
        db.check("state not in ('given', 'used_up') or (given_at is not null and given_by is not null)", "given"),
        db.check("(state in ('asked', 'given')) = (ended_at is null)", "ended"),
        Index(
            "uq__window_consent__visit_id", "visit_id", unique=True, sqlite_where=sql(LIVE), postgresql_where=sql(LIVE)
        ),
    )


class Filing(db.Base):
    """One thing a window filed under a consent: what it was, and the row it made."""

    __tablename__ = "window_filing"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("window_consent.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("window_visit.id"), index=True)
    matter: Mapped[Matter] = db.enum_column(Matter)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    qualification_id: Mapped[int | None] = mapped_column(ForeignKey("qualification.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"))
    price_id: Mapped[int | None] = mapped_column(ForeignKey("posted_price.id"))
    filed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("consent_id", "matter"),
        db.check("matter <> 'need' or need_id is not null", "need"),
        db.check("(matter = 'complaint') = (complaint_id is not null)", "complaint"),
        db.check("(matter = 'qualification') = (qualification_id is not null)", "qualification"),
        db.check("(matter = 'question') = (question_id is not null)", "question"),
        db.check("(matter = 'receipt') = (contract_id is not null)", "receipt"),
        db.check("(matter = 'price') = (price_id is not null)", "price"),
    )


class Shipment(db.Aggregate, db.Base):
    """Papers of one purchase on their way between enterprise, agency and window.

    signed_at, signed_by: when and in which role somebody signed for it; recorded_by: whose account says so.
    """

    __tablename__ = "window_shipment"

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"), index=True)
    town_code: Mapped[str] = db.text(20, index=True)
    sender: Mapped[str] = db.text(20)
    receiver: Mapped[str] = db.text(20)
    from_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    to_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    carrier: Mapped[str] = db.text(20)
    tracking: Mapped[str] = db.text(40, default="")
    content: Mapped[str] = db.text(200)
    is_originals: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[ShipmentState] = db.state_column(SHIPMENT)
    announced_at: Mapped[datetime]
    announced_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sent_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[Signer | None] = db.enum_column(Signer)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        db.check("sender in ('enterprise', 'agency', 'window')", "sender"),
        db.check("receiver in ('enterprise', 'agency', 'window') and receiver <> sender", "receiver"),
        db.check("state in ('announced', 'returned') or (sent_at is not null and tracking <> '')", "sent"),
        db.check("(state = 'signed') = (signed_at is not null and signed_by is not null)", "signed"),
        db.check("(state in ('announced', 'sent')) = (ended_at is null)", "ended"),
        db.check("state not in ('returned', 'lost') or end_reason <> ''", "reason"),
        Index(
            "uq__window_shipment__carrier_tracking",
            "carrier",
            "tracking",
            unique=True,
            sqlite_where=sql("tracking <> ''"),
            postgresql_where=sql("tracking <> ''"),
        ),
    )
