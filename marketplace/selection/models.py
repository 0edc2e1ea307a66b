"""Tables of selection: the choosing of one need, the points given, and the awards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from core.money import Money
from marketplace.selection.lifecycle import AWARD, SELECTION, AwardState, SelectionState

HOLDS = "state IN ('provisional', 'suspended', 'confirmed')"


class Selection(db.Aggregate, db.Base):
    """The choosing of one need, from the commitment of its draw to the protocol.

    entrants: the list frozen at the opening, ``{quote_id, agency_id, key, standing, commitment, stood, numbers}``;
    stood says whether the quote counted then, numbers how many it has in the draw; turn, where there is one, its place
    in a rotation. protocol: every line of the ranking
    with its working and the draw's materials, written when the choice was made. round_*: where rounds of bidding stand.
    """

    __tablename__ = "selection"

    need_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("need.id"), unique=True)
    org_id: Mapped[int] = mapped_column(BigInteger, index=True)
    town_code: Mapped[str] = db.text(20)
    method: Mapped[str] = db.text(20)
    state: Mapped[SelectionState] = db.state_column(SELECTION)
    draw_name: Mapped[str] = db.text(60)
    draw_commitment: Mapped[str] = db.text(64)
    committed_at: Mapped[datetime]
    entrants: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    frozen_at: Mapped[datetime | None]
    protocol: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    round_number: Mapped[int | None] = mapped_column(Integer)
    round_starts_at: Mapped[datetime | None]
    round_ends_at: Mapped[datetime | None]
    round_extensions: Mapped[int] = mapped_column(Integer, default=0, server_default="0")

    __table_args__ = (
        db.check("state <> 'bidding' OR (round_number IS NOT NULL AND round_ends_at IS NOT NULL)", "bidding"),
        db.check("state = 'committed' OR frozen_at IS NOT NULL", "frozen"),
        db.check("state <> 'decided' OR (decided_at IS NOT NULL AND protocol IS NOT NULL)", "decided"),
    )


class Score(db.Base):
    """The points of one quote on one criterion, from 0 to 100, with the reason."""

    __tablename__ = "score"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    selection_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("selection.id"))
    quote_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("quote.id"))
    criterion: Mapped[str] = mapped_column(String(80))
    points: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("selection_id", "quote_id", "criterion"),
        db.check("points BETWEEN 0 AND 100", "points"),
    )


class Bid(db.Base):
    """One offer in a round of bidding; a quote's price only ever goes down."""

    __tablename__ = "bid"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    selection_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("selection.id"), index=True)
    quote_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("quote.id"))
    round_number: Mapped[int] = mapped_column(Integer)
    amount: Mapped[Money]
    placed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("quote_id", "amount"), db.check("amount > 0", "amount"))


class Award(db.Aggregate, db.Base):
    """One choice made. At most one award of a need holds at a time; the database keeps that, too.

    org_id is the enterprise's organisation. losers: ``[{quote_id, agency_id, code, note}]``, what each was told.
    publicity_until ends the time to object; confirm_at is when the award becomes final by itself, later while a
    complaint filed in time waits to be judged. suspended_until: the latest end of a suspension, set once an award.
    """

    __tablename__ = "award"

    number: Mapped[str] = db.text(40, unique=True)
    need_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("need.id"))
    selection_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("selection.id"), index=True)
    quote_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("quote.id"), unique=True)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"), index=True)
    agency_org_id: Mapped[int] = mapped_column(BigInteger, index=True)
    org_id: Mapped[int] = mapped_column(BigInteger, index=True)
    town_code: Mapped[str] = db.text(20)
    item_code: Mapped[str] = db.text(20)
    amount: Mapped[Money]
    rank: Mapped[int] = mapped_column(Integer)
    state: Mapped[AwardState] = db.state_column(AWARD)
    reason: Mapped[str] = mapped_column(Text, default="")
    losers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    awarded_at: Mapped[datetime]
    publicity_until: Mapped[datetime]
    sign_by: Mapped[datetime]
    confirm_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(Text, default="")
    annulled_at: Mapped[datetime | None]
    annul_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index(
            "uq__award__need_id",
            "need_id",
            unique=True,
            sqlite_where=text(HOLDS),
            postgresql_where=text(HOLDS),
        ),
        Index("ix__award__item_code__amount", "item_code", "amount"),
        db.check("state <> 'declined' OR declined_at IS NOT NULL", "declined"),
        db.check("state <> 'confirmed' OR confirmed_at IS NOT NULL", "confirmed"),
        db.check("state <> 'suspended' OR suspended_until IS NOT NULL", "suspended"),
        db.check("state <> 'annulled' OR (annulled_at IS NOT NULL AND annul_reason <> '')", "annulled"),
        db.check("amount >= 0", "amount"),
    )
