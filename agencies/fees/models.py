"""Tables of posted prices (明码标价) and of fee cases."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from agencies.fees.lifecycle import FEE_CASE, FeeCaseState
from core import db
from core.money import Money


class PostedPrice(db.Aggregate, db.Base):
    """What an agency asks for an item from a day on; a newer row supersedes it."""

    __tablename__ = "posted_price"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    item_code: Mapped[str] = db.text(20)
    basis: Mapped[str] = db.text(10)
    amount: Mapped[Money | None]
    unit_name: Mapped[str] = db.text(20, default="")
    discount_rate: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    schedule_id: Mapped[str | None] = db.text(60)
    included: Mapped[str] = mapped_column(Text, default="")
    extra: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date]
    posted_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]

    __table_args__ = (
        db.check("basis in ('fixed', 'unit', 'formula', 'discount')", "basis"),
        db.check("basis not in ('fixed', 'unit') or amount is not null", "amount"),
        db.check("basis <> 'discount' or (discount_rate is not null and schedule_id is not null)", "discount"),
        Index("ix__posted_price__agency_id__item_code", "agency_id", "item_code", "posted_at"),
    )


class FeeCase(db.Aggregate, db.Base):
    """A fee that is out of line, with its evidence, the agency's reply and the decision."""

    __tablename__ = "fee_case"

    kind: Mapped[str] = db.text(40)
    object_kind: Mapped[str] = db.text(20)
    object_id: Mapped[int] = mapped_column(BigInteger)
    need_id: Mapped[int] = mapped_column(BigInteger, index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    town_code: Mapped[str] = db.text(20, index=True)
    item_code: Mapped[str] = db.text(20)
    found: Mapped[Money]
    compared: Mapped[Money]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[FeeCaseState] = db.state_column(FEE_CASE)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("kind", "object_kind", "object_id"), db.check("found > compared", "excess"))
