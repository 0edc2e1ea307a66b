"""The table of ratings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core import db
from ratings.lifecycle import RATING, RatingState, RemovalReason, Side


class Rating(db.Aggregate, db.Base):
    """One side's verdict on one contract.

    While hidden, scores and words are only in ``sealed``; the columns are filled when it is published. d1 to d5 are, of
    an agency: quality, timeliness, attitude, charging, standardisation; of an enterprise: clarity, cooperation,
    payment, fairness, communication. ``removed_at`` with state published means that only the words were taken away.
    """

    __tablename__ = "rating"

    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    side: Mapped[Side] = db.enum_column(Side)
    rater_org_id: Mapped[int] = mapped_column(BigInteger, index=True)
    rated_org_id: Mapped[int] = mapped_column(BigInteger, index=True)
    agency_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("agency.id"))
    town_code: Mapped[str | None] = db.text(20)
    item_code: Mapped[str] = db.text(20)
    state: Mapped[RatingState] = db.state_column(RATING)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    d1: Mapped[int | None] = mapped_column(Integer)
    d2: Mapped[int | None] = mapped_column(Integer)
    d3: Mapped[int | None] = mapped_column(Integer)
    d4: Mapped[int | None] = mapped_column(Integer)
    d5: Mapped[int | None] = mapped_column(Integer)
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    text: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removal_reason: Mapped[RemovalReason | None] = db.enum_column(RemovalReason)
    removal_note: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("contract_id", "side"),
        Index("ix__rating__agency", "agency_id", "side", "state", "id"),
        db.check(
            "state = 'hidden' AND sealed IS NOT NULL AND d1 IS NULL AND d2 IS NULL AND d3 IS NULL AND d4 IS NULL "
            "AND d5 IS NULL AND text = '' AND reason = '' OR state <> 'hidden' AND sealed IS NULL "
            "AND published_at IS NOT NULL AND d1 BETWEEN 1 AND 5 AND d2 BETWEEN 1 AND 5 AND d3 BETWEEN 1 AND 5 "
            "AND d4 BETWEEN 1 AND 5 AND d5 BETWEEN 1 AND 5",
            "sealed_or_shown",
        ),
        db.check("state <> 'removed' OR (removed_at IS NOT NULL AND removal_reason IS NOT NULL)", "removed"),
    )

    @property
    def scores(self) -> tuple[int, ...]:
        """The five scores; empty while hidden."""
        return tuple(score for score in (self.d1, self.d2, self.d3, self.d4, self.d5) if score is not None)
