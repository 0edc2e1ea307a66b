"""Tables of needs, their questions, amendments, avoidances and invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.money import Money
from marketplace.needs.lifecycle import NEED, QUESTION, NeedState, QuestionState
from marketplace.needs.methods import ASKED


class Need(db.Aggregate, db.Base):
    """One need. Its rules are frozen when it is published; the number names it in public.

    terms: the whole numbers its method asks for, such as the sizes of lists; see ``needs.methods``. extensions: how
    often too few quotes put its deadline off. binding_amendment: the number of the last amendment a quote must know of
    to count, 0 when there is none.
    """

    __tablename__ = "need"

    number: Mapped[str | None] = db.text(24, unique=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    town_code: Mapped[str] = db.text(20)
    item_code: Mapped[str] = db.text(20)
    title: Mapped[str] = db.text(120)
    project_name: Mapped[str] = db.text(120, default="")
    project_code: Mapped[str | None] = db.text(30, index=True)
    scale: Mapped[str] = mapped_column(Text)
    fund: Mapped[str] = db.text(10)
    requirements: Mapped[str] = mapped_column(Text, default="")
    time_limit_days: Mapped[int] = mapped_column(Integer)
    time_limit_from: Mapped[str] = db.text(40, default="contract")
    ceiling: Mapped[Money | None]
    no_ceiling_reason: Mapped[str] = db.text(200, default="")
    quoting: Mapped[str] = db.text(10, default="amount")
    method: Mapped[str] = db.text(10)
    method_basis: Mapped[str] = db.text(200, default="")
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    schedule_id: Mapped[str | None] = db.text(60)
    fee_inputs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    benchmark_low: Mapped[Money | None]
    benchmark_base: Mapped[Money | None]
    benchmark_high: Mapped[Money | None]
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    contact_name: Mapped[str] = db.text(60, default="")
    contact_phone: Mapped[str] = db.text(40, default="")
    complaint_phone: Mapped[str] = db.text(40, default="")
    state: Mapped[NeedState] = db.state_column(NEED)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    questions_until: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    failed_reason: Mapped[str] = db.text(200, default="")
    withdrawn_reason: Mapped[str] = db.text(200, default="")
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"))
    extensions: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    binding_amendment: Mapped[int] = mapped_column(Integer, default=0, server_default="0")

    __table_args__ = (
        db.check("fund in ('fiscal', 'social')", "fund"),
        db.check(f"method in ({', '.join(repr(code) for code in sorted(ASKED))})", "method"),
        db.check("quoting in ('amount', 'discount')", "quoting"),
        db.check("state in ('draft', 'withdrawn') or published_at is not null", "published"),
        db.check("published_at is null or (number is not null and closes_at is not null)", "numbered"),
        Index("ix__need__state__closes_at", "state", "closes_at"),
        Index("ix__need__state__id", "state", "id"),
        Index("ix__need__state__published", "state", "published_at"),  # these three alone count the list's filters
        Index("ix__need__town__published", "town_code", "published_at"),
        Index("ix__need__item__published", "item_code", "published_at"),
    )


class Question(db.Aggregate, db.Base):
    """A question on a notice and its public answer. Who asked (org_id) is never shown; enterprise_org_id is asked."""

    __tablename__ = "question"

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    enterprise_org_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[QuestionState] = db.state_column(QUESTION)
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]

    __table_args__ = (
        db.check("(state = 'answered') = (answer is not null and answered_at is not null)", "answered"),
        db.check("(state = 'lapsed') = (lapsed_at is not null)", "lapsed"),
    )


class Avoidance(db.Base):
    """An agency the enterprise declares out of this need, with the reason that must be given."""

    __tablename__ = "avoidance"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    reason: Mapped[str] = db.text(200)

    __table_args__ = (UniqueConstraint("need_id", "agency_id"), db.check("reason <> ''", "reason"))


class NeedAmendment(db.Aggregate, db.Base):
    """A change of an open notice (更正公告), numbered from 1 within its need; never edited.

    changes: ``[{field, before, after}]`` as plain values, money in fen. is_material: whether it restarted the clock and
    asks those who quoted to confirm or replace.
    """

    __tablename__ = "need_amendment"

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = db.text(200)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    is_material: Mapped[bool] = mapped_column(Boolean)
    closes_before: Mapped[datetime]
    closes_after: Mapped[datetime]
    amended_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("need_id", "number"), db.check("reason <> ''", "reason"))


class Invitation(db.Base):
    """An agency the enterprise asked to quote; everybody else who fits may quote as well."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    invited_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("need_id", "agency_id"),)
