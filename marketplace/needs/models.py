"""Tables of needs, their lots, questions, amendments, avoidances, invitations and admissions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    event,
    insert,
)  # fmt: skip
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


class Lot(db.Aggregate, db.Base):
    """One lot (标段) of a notice; every need is exactly one, from its birth lot 1 of its own notice.

    need_id: the need that takes this lot through quotes, selection and contract. notice_id: the need of lot 1, whose
    number and title are the notice's. title: the notice's own title while it has several lots, kept on lot 1; empty
    otherwise. most_wins: how many lots one agency may win, kept on lot 1; None for no limit.
    """

    __tablename__ = "lot"

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), unique=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("need.id"))
    number: Mapped[int] = mapped_column(Integer, default=1)
    name: Mapped[str] = db.text(30, default="")
    title: Mapped[str] = db.text(120, default="")
    most_wins: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        db.check("number >= 1", "number"),
        db.check("(number = 1) = (notice_id = need_id)", "leads"),
        db.check("most_wins is null or (number = 1 and most_wins >= 1)", "most_wins"),
    )


@event.listens_for(Need, "after_insert")
def _first_lot(_mapper: Any, connection: Connection, need: Need) -> None:
    """Give every need its lot in the same statement run, whoever makes it."""
    row = {"need_id": need.id, "notice_id": need.id, "number": 1, "name": "", "title": "", "version": 1}
    connection.execute(insert(Lot).values(row))


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


class Admission(db.Base):
    """An agency admitted to a need that is closed to all others, such as a call-off; without such rows it is open.

    ceiling: the most this agency may quote. place: its place in a rotation, from 1. is_over: it was admitted, and may
    be chosen no longer.
    """

    __tablename__ = "admission"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    ceiling: Mapped[Money | None]
    place: Mapped[int] = mapped_column(Integer)
    is_over: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (UniqueConstraint("need_id", "agency_id"),)
