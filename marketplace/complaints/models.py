"""Tables of complaints: the case, the things it needs, the correction lists, and the files of both sides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.corrections import ItemVerdict
from marketplace.complaints.lifecycle import (
    COMPLAINT,
    DECIDED,
    REVIEWED,
    UNDECIDED,
    Aspect,
    ComplaintState,
    Outcome,
    Remedy,
    Subject,
)


def _among(*states: ComplaintState) -> str:
    return ", ".join(f"'{state}'" for state in states)


JUDGED = _among(*UNDECIDED, *DECIDED, ComplaintState.APPEALED, *REVIEWED)
SETTLED = _among(*DECIDED, ComplaintState.APPEALED, *REVIEWED)


class Complaint(db.Aggregate, db.Base):
    """One complaint, from its filing to the review of its decision.

    org_id complains, respondent_org_id is complained of, office_org_id decides; interested_org_id is the agency whose
    award hangs on it. handled_by finished the business complained of, involved lists everybody who worked on it: none
    of them decides. clocks: the dated rules it was filed under, days by key. Contact data is encrypted.
    """

    __tablename__ = "complaint"

    number: Mapped[str | None] = db.text(24, unique=True)
    subject: Mapped[Subject] = db.enum_column(Subject)
    aspect: Mapped[Aspect] = db.enum_column(Aspect)
    state: Mapped[ComplaintState] = db.state_column(COMPLAINT)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    respondent_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    office_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    interested_org_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), index=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    earlier_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    handled_by: Mapped[int | None] = mapped_column(BigInteger)
    involved: Mapped[list[int]] = mapped_column(JSON, default=list)
    matter: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = db.text(300)
    wish: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(db.EncryptedText)
    contact_phone: Mapped[str] = mapped_column(db.EncryptedText)
    clocks: Mapped[dict[str, int]] = mapped_column(JSON)
    window_closes_at: Mapped[datetime | None]
    filed_at: Mapped[datetime]
    judge_by: Mapped[datetime]
    correct_by: Mapped[datetime | None]
    corrections_n: Mapped[int] = mapped_column(Integer, default=0)
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(BigInteger)
    deemed: Mapped[bool] = mapped_column(Boolean, default=False)
    reply_by: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None]
    decide_by: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = db.enum_column(Outcome)
    decision: Mapped[str] = mapped_column(Text, default="")
    decision_clause: Mapped[str] = db.text(300, default="")
    remedy: Mapped[Remedy | None] = db.enum_column(Remedy)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    appeal_by: Mapped[datetime | None]
    appeal: Mapped[str | None] = mapped_column(Text)
    appealed_at: Mapped[datetime | None]
    appellant_org_id: Mapped[int | None] = mapped_column(BigInteger)
    review_by: Mapped[datetime | None]
    review: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(BigInteger)
    final_at: Mapped[datetime | None]
    remedy_note: Mapped[str] = db.text(60, default="")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
    ended_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        db.check("subject <> 'selection' OR need_id IS NOT NULL", "need"),
        db.check(f"state NOT IN ({JUDGED}) OR accepted_at IS NOT NULL", "accepted"),
        db.check(
            f"state NOT IN ({SETTLED}) OR (outcome IS NOT NULL AND remedy IS NOT NULL AND decision <> '' "
            "AND decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            "decided",
        ),
        db.check("outcome <> 'dismissed' OR remedy = 'none' OR reviewed_at IS NOT NULL", "dismissed"),
        db.check("decided_by IS NULL OR handled_by IS NULL OR decided_by <> handled_by", "another_decides"),
        db.check(
            "reviewed_by IS NULL OR (reviewed_by <> decided_by AND (handled_by IS NULL OR reviewed_by <> handled_by))",
            "another_reviews",
        ),
        db.check("state NOT IN ('appealed', 'confirmed', 'overturned') OR appeal IS NOT NULL", "appealed"),
        db.check("state NOT IN ('confirmed', 'overturned') OR reviewed_at IS NOT NULL", "reviewed"),
        db.check(
            "state NOT IN ('refused', 'withdrawn', 'lapsed') OR (ended_at IS NOT NULL AND ended_reason <> '')", "ended"
        ),
        db.check("corrections_n BETWEEN 0 AND 2", "corrections"),
    )

    @property
    def stands(self) -> bool:
        """Whether the complaint is right as things are, in whole or in part, its review counted."""
        found = self.outcome in {Outcome.UPHELD, Outcome.PARTLY}
        return not found if self.state is ComplaintState.OVERTURNED else found


class ComplaintItem(db.Base):
    """One thing a complaint needs to be receivable, and what the officer said of it; note tells how to correct it."""

    __tablename__ = "complaint_item"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    key: Mapped[str] = db.text(20)
    verdict: Mapped[ItemVerdict] = db.enum_column(ItemVerdict)
    note: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    promised_on: Mapped[date | None] = mapped_column(Date)
    judged_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("complaint_id", "key"),
        db.check("verdict <> 'promised' OR promised_on IS NOT NULL", "promise"),
    )


class ComplaintNotice(db.Base):
    """One correction list (一次性补正告知) of a complaint: ``items`` holds ``{key, note}``. A second is the last."""

    __tablename__ = "complaint_notice"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    number: Mapped[int] = mapped_column(Integer)
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None] = mapped_column(BigInteger)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    answered_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("complaint_id", "number"), db.check("number IN (1, 2)", "number"))


class ComplaintFile(db.Base):
    """A file one side handed in: evidence, a corrected paper, or what goes with a reply."""

    __tablename__ = "complaint_file"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    org_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = db.text(20)
    at: Mapped[datetime]
