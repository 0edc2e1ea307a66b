"""The table of quotes: sealed bytes first, readable columns only after opening."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.money import Money
from marketplace.quotes.lifecycle import QUOTE, QuoteState

LIVE = "state in ('sealed', 'opened', 'won', 'lost', 'invalid', 'declined')"


class Quote(db.Aggregate, db.Base):
    """One quote of one agency for one need; a replacement is a new row."""

    __tablename__ = "quote"

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[QuoteState] = db.state_column(QUOTE)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    commitment: Mapped[str] = db.text(64)
    receipt_code: Mapped[str] = db.text(24, unique=True)
    received_at: Mapped[datetime]
    amount: Mapped[Money | None]
    discount_rate: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    days: Mapped[int | None] = mapped_column(Integer)
    plan: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = db.text(64)
    opened_at: Mapped[datetime | None]
    invalid_reason: Mapped[str] = db.text(300, default="")
    flags: Mapped[str] = db.text(120, default="")

    __table_args__ = (
        db.check("state not in ('sealed', 'replaced', 'withdrawn') or (amount is null and days is null)", "sealed"),
        db.check("state in ('sealed', 'replaced', 'withdrawn') or opened_at is not null", "opened"),
        Index(
            "uq__quote__live", "need_id", "agency_id", unique=True, sqlite_where=text(LIVE), postgresql_where=text(LIVE)
        ),
    )
