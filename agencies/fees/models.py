"""Tables of fees: the prices agencies post, and the cases where a price went above what limits it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from agencies.fees.commands import PriceBasis
from agencies.fees.lifecycle import FEE_CASE, PRICE, CaseKind, CaseState, PriceState
from core import db
from core.money import Money


class PostedPrice(db.Base):
    """One version of an agency's price for an item, in force from ``valid_from`` until just before ``superseded_at``.

    A version posted and replaced before it began has both instants equal; the state follows the instants.
    Source: 价格法第十三条 (明码标价).
    """

    __tablename__ = "posted_price"

    id: Mapped[int] = mapped_column(db.BIG_ID, primary_key=True, autoincrement=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    org_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[PriceState] = db.state_column(PRICE)
    item_code: Mapped[str] = db.text(20)
    basis: Mapped[PriceBasis] = db.enum_column(PriceBasis)
    amount: Mapped[Money | None]
    unit_name: Mapped[str] = db.text(20, default="")
    discount_rate: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    schedule_id: Mapped[str | None] = db.text(60)
    included: Mapped[str] = mapped_column(Text, default="")
    extra: Mapped[str] = mapped_column(Text, default="")
    posted_at: Mapped[datetime]
    valid_from: Mapped[datetime]
    superseded_at: Mapped[datetime | None]

    __table_args__ = (
        db.check("(amount is not null) = (basis in ('fixed', 'unit'))", "amount"),
        db.check("amount is null or amount > 0", "positive"),
        db.check("(unit_name <> '') = (basis = 'unit')", "unit"),
        db.check("(discount_rate is not null) = (basis = 'discount')", "discount"),
        db.check("discount_rate is null or (discount_rate >= 0 and discount_rate < 1)", "rate"),
        db.check("(schedule_id is not null) = (basis in ('formula', 'discount'))", "schedule"),
        db.check("superseded_at is null or superseded_at >= valid_from", "span"),
        db.check("state <> 'superseded' or superseded_at is not null", "superseded"),
        Index("ix__posted_price__agency_id__item_code", "agency_id", "item_code", "valid_from"),
        Index("ix__posted_price__item_code__valid_from", "item_code", "valid_from"),
    )


class FeeCase(db.Aggregate, db.Base):
    """A price found beyond what it is held against, the agency's reply, the decision, and its review when appealed.

    ``found`` and ``compared`` are the price and what it is held against; ``appeal_by`` ends the time to appeal,
    ``review_by`` that to review; ``was_upheld`` is the first decision; ``returned`` is what the agency gave back.
    ``evidence`` holds what was known when the case was opened
    (see ``evidence.py`` for its keys); ``due_at`` ends the agency's time to reply.
    """

    __tablename__ = "fee_case"

    kind: Mapped[CaseKind] = db.enum_column(CaseKind)
    object_kind: Mapped[str] = db.text(40)
    object_id: Mapped[int]
    need_id: Mapped[int | None] = mapped_column(index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    agency_org_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    town_code: Mapped[str] = db.text(20, index=True)
    item_code: Mapped[str] = db.text(20)
    found: Mapped[Money]
    compared: Mapped[Money]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[CaseState] = db.state_column(FEE_CASE)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    was_upheld: Mapped[bool | None]
    appeal_by: Mapped[datetime | None]
    appeal: Mapped[str | None] = mapped_column(Text)
    appealed_at: Mapped[datetime | None]
    review_by: Mapped[datetime | None]
    review: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None]
    returned: Mapped[Money | None]
    returned_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("kind", "object_kind", "object_id"),
        db.check("found > compared or (kind in ('unusual_price', 'abnormally_low') and found < compared)", "above"),
        db.check("state <> 'replied' or reply is not null", "replied"),
        db.check("(state not in ('open', 'replied')) = (decision is not null)", "decided"),
        db.check("(state in ('appealed', 'confirmed', 'overturned')) = (appeal is not null)", "appealed"),
        db.check("(state in ('confirmed', 'overturned')) = (review is not null)", "reviewed"),
        db.check("returned is null or returned >= 0", "returned"),
    )

    @property
    def deviation(self) -> Money:
        """How far the price lies from what it is held against: the amount at stake."""
        return self.found - self.compared if self.found > self.compared else self.compared - self.found

    @property
    def stands(self) -> bool:
        """Whether the finding holds as things are: upheld and not overturned, or a dismissal that was overturned."""
        if self.state is CaseState.OVERTURNED:
            return not self.was_upheld
        return bool(self.was_upheld)
