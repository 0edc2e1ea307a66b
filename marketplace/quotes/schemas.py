"""What comes in and goes out of quotes, for pages and API alike."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load

from core.forms import Amount, CommandSchema, Fen, Flag, Instant, Rate, Text, Whole
from marketplace.quotes.commands import SubmitQuote


class SubmitQuoteSchema(CommandSchema):
    """A quote: ``amount`` as people type it or ``amount_fen``, or ``discount_rate`` in percent, as the notice asks."""

    amount = Amount()
    amount_fen = Fen(load_default=None, low=1)
    discount_rate = Rate(high="99.99")
    days = Whole(low=1, high=3650, required=True)
    plan = Text(max=8000, required=False)
    commitment_given = Flag()

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> SubmitQuote:
        amount = data.pop("amount_fen") or data["amount"]
        return SubmitQuote(**{**data, "amount": amount})


class QuoteReceiptSchema(Schema):
    """What the bidder keeps of a sealed quote. The price stands in it only after the opening."""

    need_id = fields.Integer()
    state = fields.String()
    receipt_code = fields.String()
    commitment = fields.String()
    received_at = Instant()
    opened_at = Instant()
    amount_fen = Fen(attribute="amount", allow_none=True)
    discount_rate = Rate()
    days = fields.Integer(allow_none=True)
    salt = fields.String(allow_none=True)
    invalid_reason = fields.String()


class QuoteRowSchema(Schema):
    """One opened quote."""

    id = fields.Integer()
    agency_id = fields.Integer()
    agency_name = fields.String()
    state = fields.String()
    amount_fen = Fen(attribute="amount", allow_none=True)
    discount_rate = Rate()
    days = fields.Integer(allow_none=True)
    plan = fields.String(allow_none=True)
    received_at = Instant()
    invalid_reason = fields.String()
    flags = fields.String()


class QuoteListSchema(Schema):
    """The opened quotes of a need the caller may read; empty before the opening, whatever was handed in."""

    items = fields.List(fields.Nested(QuoteRowSchema))
    next = fields.String(allow_none=True)


class OwnQuotesSchema(Schema):
    """A page of an agency's own receipts."""

    items = fields.List(fields.Nested(QuoteReceiptSchema))
    next = fields.String(allow_none=True)


class OwnQuotesArgs(Schema):
    """Which page of one's own quotes."""

    after = fields.Integer(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=20)
