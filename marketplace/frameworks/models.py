"""Tables of framework agreements: the agreement, its members with their frozen prices, and what was called off."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.money import Money
from marketplace.frameworks.lifecycle import FRAMEWORK, MEMBER, Entry, FrameworkState, MemberState, Way


class Framework(db.Aggregate, db.Base):
    """One framework of one service item. Its panel stage is the need ``need_id``, written when it is published.

    unit: what a price is for, such as 份; a discount needs none. ceiling: the most a unit may cost; total: the most all
    call-offs may come to, None for no limit. towns: codes it serves, empty for the whole city. share: percent of the
    counted quotes to leave out at least. publicity_until ends the time to object; confirm_at is when the agreement
    comes into force by itself. suspended_until: the latest end of a suspension, set once. ends_at: the first instant
    that is outside the term.
    """

    __tablename__ = "framework"

    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"), unique=True)
    town_code: Mapped[str] = db.text(20)
    item_code: Mapped[str] = db.text(20, index=True)
    title: Mapped[str] = db.text(120)
    scale: Mapped[str] = mapped_column(Text)
    fund: Mapped[str] = db.text(10)
    requirements: Mapped[str] = mapped_column(Text, default="")
    time_limit_days: Mapped[int] = mapped_column(Integer)
    quoting: Mapped[str] = db.text(10, default="amount")
    unit: Mapped[str] = db.text(20, default="")
    ceiling: Mapped[Money | None]
    total: Mapped[Money | None]
    months: Mapped[int] = mapped_column(Integer)
    wanted: Mapped[int] = mapped_column(Integer)
    share: Mapped[int] = mapped_column(Integer)
    entry: Mapped[Entry] = db.enum_column(Entry)
    way: Mapped[Way] = db.enum_column(Way)
    towns: Mapped[list[str]] = mapped_column(JSON, default=list)
    fee_inputs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    contact_phone: Mapped[str] = db.text(40, default="")
    closes_at: Mapped[datetime | None]
    state: Mapped[FrameworkState] = db.state_column(FRAMEWORK)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    publicity_until: Mapped[datetime | None]
    confirm_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        db.check("fund in ('fiscal', 'social')", "fund"),
        db.check("quoting in ('amount', 'discount')", "quoting"),
        db.check("state in ('draft', 'withdrawn') or need_id is not null", "published"),
        db.check("state not in ('provisional', 'suspended') or confirm_at is not null", "publicity"),
        db.check("state <> 'suspended' or suspended_until is not null", "suspended"),
        db.check("state not in ('in_force', 'expired', 'closed') or ends_at is not null", "term"),
        db.check("(state in ('expired', 'closed', 'failed', 'withdrawn')) = (ended_at is not null)", "ended"),
        db.check("months > 0 and wanted > 0 and share between 1 and 90", "numbers"),
    )


class FrameworkMember(db.Aggregate, db.Base):
    """One agency of a panel, at the price of its opened quote, frozen: an amount a unit, or a discount.

    place: its rank in the panel, from 1, and so its place in the rotation as published. org_id is the enterprise's.
    """

    __tablename__ = "framework_member"

    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    agency_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"), unique=True)
    place: Mapped[int] = mapped_column(Integer)
    price: Mapped[Money | None]
    discount_rate: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    days: Mapped[int] = mapped_column(Integer)
    state: Mapped[MemberState] = db.state_column(MEMBER)
    admitted_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    cause: Mapped[str] = db.text(20, default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("framework_id", "agency_id"),
        UniqueConstraint("framework_id", "place"),
        db.check("(price is null) <> (discount_rate is null)", "price"),
        db.check("(state = 'member') = (left_at is null)", "left"),
        db.check("state = 'member' or (cause <> '' and reason <> '')", "cause"),
    )


class CallOff(db.Aggregate, db.Base):
    """One purchase called off from a framework; the need ``need_id`` lives like any other from then on.

    ceiling: the most it may come to, which counts against the total until an award says the amount. skipped: members
    that could not serve, ``[{member_id, agency_id, lacks: [{code, facts}]}]``. order: the rotation before this call, by
    members' ids.
    """

    __tablename__ = "call_off"

    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"), index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), unique=True)
    number: Mapped[int] = mapped_column(Integer)
    way: Mapped[Way] = db.enum_column(Way)
    quantity: Mapped[Decimal] = mapped_column(Numeric(14, 3))
    ceiling: Mapped[Money]
    reason: Mapped[str] = mapped_column(Text, default="")
    skipped: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    order: Mapped[list[int]] = mapped_column("turn_order", JSON, default=list)
    called_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("framework_id", "number"),
        db.check("quantity > 0", "quantity"),
        db.check("ceiling > 0", "ceiling"),
    )
