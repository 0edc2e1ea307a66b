"""Tables of quotes: sealed bytes first, readable columns only after opening; and the explanations of low prices."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, LargeBinary, Numeric, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.money import Money
from marketplace.quotes.lifecycle import EXPLANATION, QUOTE, ExplanationState, QuoteState

LIVE = "state in ('sealed', 'opened', 'won', 'lost', 'invalid', 'declined')"


class Quote(db.Aggregate, db.Base):
    """One quote of one agency for one need; a replacement is a new row.

    knows_amendment: the number of the need's last amendment the agency knew of when it quoted or confirmed. lines: the
    unit prices, ``[{name, unit, quantity, price_fen}]``; files: ``[{name, sha256, size}]``; both empty while sealed.
    """

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
    knows_amendment: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    confirmed_at: Mapped[datetime | None]
    lines: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    files: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)

    __table_args__ = (
        db.check("state not in ('sealed', 'replaced', 'withdrawn') or (amount is null and days is null)", "sealed"),
        db.check("state in ('sealed', 'replaced', 'withdrawn') or opened_at is not null", "opened"),
        Index(
            "uq__quote__live", "need_id", "agency_id", unique=True, sqlite_where=text(LIVE), postgresql_where=text(LIVE)
        ),
    )


class QuoteFile(db.Base):
    """One attachment of a quote, sealed as the quote is: its name, kind and content are readable only after opening."""

    __tablename__ = "quote_file"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))
    number: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("quote_id", "number"),)


class Explanation(db.Aggregate, db.Base):
    """What an agency is asked to explain of an abnormally low price, its answer, and the enterprise's decision.

    org_id is the enterprise's organisation. test: which ratio asked. decide_by: until when the enterprise decides; past
    it the quote goes on counting.
    """

    __tablename__ = "explanation"

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"), unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    agency_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    town_code: Mapped[str] = db.text(20)
    test: Mapped[str] = db.text(40)
    state: Mapped[ExplanationState] = db.state_column(EXPLANATION)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    text: Mapped[str | None] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    answered_at: Mapped[datetime | None]
    decide_by: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        db.check("state <> 'answered' or text is not null", "answered"),
        db.check("(state in ('accepted', 'rejected')) = (reason is not null)", "decided"),
    )
