"""The tables of consultation: questions with their answers, and whether readers were helped."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from admin.consultation.lifecycle import CONSULTATION, ConsultationState
from core import db


class Consultation(db.Aggregate, db.Base):
    """One question. ``about`` is the page it was asked on; ``life`` the step of the way, ``item_code`` the service.

    folded: question and answer in one script, for searching. cites: ``[{kind, key, version}]``, the versions of rules
    and guides the answer rests on. org_id: who asked; owner_org_id: the office that answers for it.
    """

    __tablename__ = "consultation"

    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    folded: Mapped[str] = mapped_column(Text, default="")
    about: Mapped[str] = db.text(200, default="")
    item_code: Mapped[str] = db.text(20, default="", index=True)
    life: Mapped[str] = db.text(60, default="")
    town_code: Mapped[str | None] = db.text(20)
    cites: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    state: Mapped[ConsultationState] = db.state_column(CONSULTATION)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    owner_org_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    review_on: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        db.check("state in ('asked', 'closed') or (answer <> '' and answered_by is not null)", "answered"),
        db.check("state not in ('published', 'retired') or published_by is not null", "published"),
        db.check("published_by is null or published_by <> answered_by", "two_persons"),
        db.check("state <> 'published' or review_on is not null", "review"),
        db.check("(state in ('retired', 'closed')) = (ended_at is not null)", "ended"),
        Index("ix__consultation__state__due_at", "state", "due_at"),
    )


class Helped(db.Base):
    """Whether a published answer helped one reader; the last word counts."""

    __tablename__ = "consultation_helped"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    helped: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("consultation_id", "user_id"),)
