"""Tables of projects, the entries of their plans, and what waits for what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.money import Money
from marketplace.projects.lifecycle import ENTRY, PROJECT, EntryState, ProjectState

IN_PLAN = "state <> 'removed'"


class Project(db.Aggregate, db.Base):
    """One investment project of one enterprise, by its unified code.

    kind: a code of ``agencies.catalogue.order``. facts: the project's numbers by the variables of the catalogue's
    thresholds, as decimal texts. starts_on: the day the plan counts from.
    """

    __tablename__ = "project"

    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    code: Mapped[str] = db.text(30, index=True)
    name: Mapped[str] = db.text(120)
    town_code: Mapped[str] = db.text(20)
    kind: Mapped[str] = db.text(20)
    fund: Mapped[str] = db.text(10)
    scale: Mapped[str] = mapped_column(Text, default="")
    investment: Mapped[Money | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    starts_on: Mapped[date] = mapped_column(Date)
    state: Mapped[ProjectState] = db.state_column(PROJECT)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = db.text(200, default="")

    __table_args__ = (
        UniqueConstraint("org_id", "code"),
        db.check("fund in ('fiscal', 'social')", "fund"),
        db.check("(state = 'running') = (ended_at is null)", "ended"),
        db.check("state <> 'cancelled' or end_reason <> ''", "reason"),
    )


class PlanEntry(db.Aggregate, db.Base):
    """One service item of a project's plan; removed ones are kept and may be planned anew.

    days: how long it takes by the plan; the notice's and then the contract's days go before it. by_rule: the
    catalogue's thresholds said that it is not needed, and not the enterprise.
    """

    __tablename__ = "plan_entry"

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    item_code: Mapped[str] = db.text(20)
    days: Mapped[int] = mapped_column(Integer)
    state: Mapped[EntryState] = db.state_column(ENTRY)
    reason: Mapped[str] = db.text(200, default="")
    by_rule: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq__plan_entry__project_id_item_code", "project_id", "item_code", unique=True,
            sqlite_where=text(IN_PLAN), postgresql_where=text(IN_PLAN),
        ),
        db.check("days > 0", "days"),
        db.check("state not in ('own', 'own_done', 'not_needed') or reason <> ''", "reason"),
    )  # fmt: skip


class PlanEdge(db.Base):
    """One entry waits for the result of another. is_own: the enterprise said so, and not the dated file."""

    __tablename__ = "plan_edge"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("plan_entry.id"))
    after_id: Mapped[int] = mapped_column(ForeignKey("plan_entry.id"), index=True)
    is_own: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (UniqueConstraint("before_id", "after_id"), db.check("before_id <> after_id", "two"))
