"""What comes in and goes out of quotes, for pages and API alike."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load

from core.forms import Amount, Choice, CommandSchema, Fen, Flag, Instant, Rate, Text, Whole, fold, page_of
from core.i18n import gettext as _
from core.money import Money
from marketplace.quotes.commands import Attachment, Decide, Explain, SubmitQuote
from marketplace.quotes.lifecycle import ExplanationState
from marketplace.quotes.rules import QuoteLine

MOST_LINES: Final = 200
PARTS: Final = 4
MOST_QUANTITY: Final = Decimal(10) ** 9
FINEST: Final = -6


class Lines(fields.Field[tuple[QuoteLine, ...]]):
    """Unit prices: lines of text "name unit quantity price" as people type them, or a list of objects.

    An object holds ``name``, ``unit``, ``quantity`` as text and ``price_fen``.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(load_default=(), metadata={"type": "array", "items": {"type": "object"}}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> tuple[QuoteLine, ...]:
        rows = [line for line in value.splitlines() if line.strip()] if isinstance(value, str) else value
        if not isinstance(rows, list):
            raise ValidationError(_("写成一行一项"))
        if len(rows) > MOST_LINES:
            raise ValidationError(_("最多写 %(max)s 行", max=MOST_LINES))
        return tuple(_of_object(row) if isinstance(row, Mapping) else _of_text(str(row)) for row in rows)


def _of_text(line: str) -> QuoteLine:
    parts = fold(line).rsplit(None, PARTS - 1)
    price = Amount(required=True)
    if len(parts) != PARTS:
        raise ValidationError(_("每行写“名称 单位 数量 单价”。改这一行：%(line)s", line=line.strip()))
    try:
        return QuoteLine(parts[0][:80], parts[1][:20], _quantity(parts[2]), price.deserialize(parts[3]))
    except ValidationError:
        raise ValidationError(_("数量和单价填大于 0 的数，单价到分。改这一行：%(line)s", line=line.strip())) from None


def _of_object(row: Mapping[str, Any]) -> QuoteLine:
    try:
        price = Money(int(row["price_fen"]))
        line = QuoteLine(str(row["name"])[:80], str(row["unit"])[:20], _quantity(str(row["quantity"])), price)
    except (KeyError, TypeError, ValueError):
        raise ValidationError(_("每项要有 name、unit、quantity、price_fen")) from None
    if price.fen <= 0 or not line.name.strip():
        raise ValidationError(_("每项要有 name、unit、quantity、price_fen"))
    return line


def _quantity(text: str) -> Decimal:
    """Read a quantity above nought with at most six decimals. Raises ValidationError."""
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValidationError(_("填大于 0 的数")) from None
    exponent = found.as_tuple().exponent
    if not found.is_finite() or not isinstance(exponent, int) or exponent < FINEST or not 0 < found <= MOST_QUANTITY:
        raise ValidationError(_("填大于 0 的数"))
    return found


class Attachments(fields.Field[tuple[Attachment, ...]]):
    """Files that go under the seal: those of a page's upload, or objects with ``name`` and ``content`` in base64."""

    def __init__(self, **options: Any) -> None:
        super().__init__(load_default=(), metadata={"type": "array", "items": {"type": "object"}}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> tuple[Attachment, ...]:
        if not isinstance(value, list | tuple):
            raise ValidationError(_("附件写成列表"))
        return tuple(one if isinstance(one, Attachment) else _attachment(one) for one in value)


def _attachment(one: Any) -> Attachment:
    try:
        return Attachment(str(one["name"])[:200], base64.b64decode(one["content"], validate=True))
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise ValidationError(_("每个附件要有 name 和 base64 的 content")) from None


class SubmitQuoteSchema(CommandSchema):
    """A quote: ``amount`` as people type it or ``amount_fen``, or ``discount_rate`` in percent, as the notice asks."""

    amount = Amount()
    amount_fen = Fen(load_default=None, low=1)
    discount_rate = Rate(high="99.99")
    days = Whole(low=1, high=3650, required=True)
    plan = Text(max=8000, required=False)
    commitment_given = Flag()
    lines = Lines()
    files = Attachments()

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
    lines = fields.List(fields.Dict(), allow_none=True)
    files = fields.List(fields.Dict(), allow_none=True)
    confirmed_at = Instant()
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
    lines = fields.List(fields.Dict(), allow_none=True)
    files = fields.List(fields.Dict(), allow_none=True)


class QuoteVersionSchema(Schema):
    """A version an agency replaced before the deadline: when it came and its hash; what it held stays sealed."""

    agency_id = fields.Integer()
    agency_name = fields.String()
    received_at = Instant()
    commitment = fields.String()


class ExplainSchema(CommandSchema):
    """An agency's words on its low price."""

    command = Explain
    text = Text(max=2000, min=10)


class DecideSchema(CommandSchema):
    """Whether the words convince, and why."""

    command = Decide
    verdict = Choice(("accept", "reject"), required=True)
    reason = Text(max=280, min=10)


class ExplanationSchema(Schema):
    """The explanation of a low price as its parties and the offices read it."""

    class Meta:
        """Nothing else is told."""

        unknown = EXCLUDE

    id = fields.Integer()
    need_id = fields.Integer()
    quote_id = fields.Integer()
    agency_id = fields.Integer()
    test = fields.String()
    state = fields.Enum(ExplanationState, by_value=True)
    asked_at = Instant()
    due_at = Instant()
    text = fields.String(allow_none=True)
    answered_at = Instant()
    decide_by = Instant()
    reason = fields.String(allow_none=True)
    decided_at = Instant()


class QuoteListSchema(Schema):
    """The opened quotes of a need the caller may read; empty before the opening, whatever was handed in."""

    items = fields.List(fields.Nested(QuoteRowSchema))
    versions = fields.List(fields.Nested(QuoteVersionSchema))
    next = fields.String(allow_none=True)


OwnQuotesSchema = page_of(QuoteReceiptSchema, "OwnQuotesSchema")


class OwnQuotesArgs(Schema):
    """Which page of one's own quotes."""

    after = fields.Integer(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=20)
