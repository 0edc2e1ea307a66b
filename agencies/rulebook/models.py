"""The tables of changes of rules and of notices that change the calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from agencies.catalogue.models import ANY
from agencies.rulebook.lifecycle import CALENDAR_NOTICE, RULE_CHANGE, ChangeState, NoticeState
from core import db


class RuleChange(db.Aggregate, db.Base):
    """One change of a parameter or a method's switch, from its proposal to the row it became.

    Empty ``fund``, ``item_code`` or ``town_code`` mean any, as on the rule's row. ``before`` is the value the change
    was proposed against, ``ends_on`` the first day it no longer holds. ``self_check``: ``[{code, risk}]``, with
    ``note`` on why a risk is borne.
    """

    __tablename__ = "rule_change"

    key: Mapped[str] = db.text(60, index=True)
    fund: Mapped[str] = db.text(20, default=ANY)
    item_code: Mapped[str] = db.text(20, default=ANY)
    town_code: Mapped[str] = db.text(20, default=ANY)
    unit: Mapped[str] = db.text(20)
    value: Mapped[Any] = mapped_column(JSON)
    before: Mapped[Any] = mapped_column(JSON)
    effective_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    citation: Mapped[str] = mapped_column(Text)
    self_check: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ChangeState] = db.state_column(RULE_CHANGE)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    author_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approver_org_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("rule.id"), unique=True)
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        db.check("approver_id is null or approver_id <> author_id", "two_persons"),
        db.check("(state = 'approved') = (rule_id is not null)", "row"),
        db.check("state not in ('approved', 'rejected') or approver_id is not null", "judged"),
        db.check("state not in ('approved', 'rejected') or decision is not null", "decided"),
        db.check("ends_on is null or ends_on > effective_on", "days"),
    )


class CalendarNotice(db.Aggregate, db.Base):
    """A document that makes days worked or free, from its proposal by one person to its approval by another.

    days: ``[{day, working, name}]``, days in ISO form. affected: the open deadlines that lay on or after the first of
    these days when the notice was approved, ``[{kind, object, due_at, on_day}]``; they stay as they are.
    """

    __tablename__ = "calendar_notice"

    document: Mapped[str] = db.text(200)
    source: Mapped[str] = db.text(300)
    days: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[NoticeState] = db.state_column(CALENDAR_NOTICE)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    author_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approver_org_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(Text)
    affected: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    affected_n: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        db.check("approver_id is null or approver_id <> author_id", "two_persons"),
        db.check("state not in ('approved', 'rejected') or approver_id is not null", "judged"),
        db.check("state not in ('approved', 'rejected') or decision is not null", "decided"),
    )
