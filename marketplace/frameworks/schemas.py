"""What comes in and goes out of frameworks, for pages and API alike."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from core.fields import MISSING, fold
from core.forms import Amount, Choice, CommandSchema, Fen, Instant, Many, Rate, Text, Whole, page_of
from core.i18n import gettext as _
from marketplace.frameworks.commands import Admit, CallOffFrom, Ending, Leave, Remove, WriteFramework
from marketplace.frameworks.lifecycle import Entry, Leaving, Removal, Way
from marketplace.needs.rules import QUOTINGS


class Quantity(fields.Field[Decimal]):
    """How many units, more than nought, to three decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.metadata = {"type": "string", **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_options: Any) -> Decimal:
        text = fold(str(value)).replace(",", "")
        if not text:
            raise ValidationError(MISSING)
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValidationError(_("填大于 0 的数，如 2 或 1.5")) from None
        if not number.is_finite() or not 0 < number <= 10**9 or number != number.quantize(Decimal("0.001")):
            raise ValidationError(_("填大于 0 的数，最多三位小数"))
        return number

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_options: Any) -> str | None:
        return None if value is None else format(Decimal(value).normalize(), "f")


class WriteFrameworkSchema(CommandSchema):
    """A framework as it is written."""

    command = WriteFramework
    item_code = Text(max=20)
    title = Text(max=60, min=4)
    scale = Text(max=2000, min=2)
    fund = Choice(("social", "fiscal"), required=True)
    way = Choice(Way, required=True)
    entry = Choice(Entry, load_default=Entry.PRICE)
    quoting = Choice(QUOTINGS, load_default="amount")
    unit = Text(max=20, required=False)
    ceiling = Amount()
    ceiling_fen = Fen(load_default=None, low=1)
    total = Amount(unit="wan")
    total_fen = Fen(load_default=None, low=1)
    months = Whole(low=1, high=120, load_default=12)
    wanted = Whole(low=1, high=50, load_default=3)
    share = Whole(low=1, high=90, load_default=20)
    towns = Many(fields.String())
    requirements = Text(max=4000, required=False)
    time_limit_days = Whole(low=1, high=1000, load_default=20)
    closes_at = Instant()
    contact_phone = Text(max=40, required=False)
    fee_inputs = fields.Dict(load_default=dict)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> WriteFramework:
        for name in ("ceiling", "total"):
            data[name] = data.pop(f"{name}_fen") or data[name]
        return WriteFramework(**data)


class CallOffFromSchema(CommandSchema):
    """A purchase to call off."""

    command = CallOffFrom
    title = Text(max=60, min=4)
    scale = Text(max=2000, min=2)
    quantity = Quantity(load_default=Decimal(1))
    town_code = Text(max=20, required=False)
    item_code = Text(max=20, required=False)
    member_id = fields.Integer(strict=False, load_default=None, allow_none=True)
    amount = Amount()
    amount_fen = Fen(load_default=None, low=1)
    reason = Text(max=500, required=False)
    closes_at = Instant()
    time_limit_days = Whole(low=1, high=1000)
    requirements = Text(max=4000, required=False)
    project_code = Text(max=30, required=False)
    fee_inputs = fields.Dict(load_default=dict)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> CallOffFrom:
        data["amount"] = data.pop("amount_fen") or data["amount"]
        return CallOffFrom(**data)


class AdmitSchema(CommandSchema):
    """A reason, where the rules want one."""

    command = Admit
    reason = Text(max=500, required=False)


class FrameworkEndingSchema(CommandSchema):
    """Why a framework is taken back or ended."""

    command = Ending
    reason = Text(max=500)


class LeaveSchema(CommandSchema):
    """Why an agency leaves a panel."""

    command = Leave
    cause = Choice(Leaving, required=True)
    reason = Text(max=500)


class RemoveSchema(CommandSchema):
    """Why an agency is taken out of a panel."""

    command = Remove
    cause = Choice(Removal, required=True)
    reason = Text(max=500)


class FrameworkSchema(Schema):
    """A framework as its reader may see it. Amounts are whole fen."""

    id = fields.Integer()
    need_id = fields.Integer(allow_none=True)
    state = fields.String()
    item_code = fields.String()
    town_code = fields.String()
    title = fields.String()
    scale = fields.String()
    fund = fields.String()
    requirements = fields.String()
    time_limit_days = fields.Integer()
    quoting = fields.String()
    unit = fields.String()
    ceiling_fen = Fen(attribute="ceiling", allow_none=True)
    total_fen = Fen(attribute="total", allow_none=True)
    months = fields.Integer()
    wanted = fields.Integer()
    share = fields.Integer()
    entry = fields.String()
    way = fields.String()
    towns = fields.List(fields.String())
    published_at = Instant()
    publicity_until = Instant()
    confirm_at = Instant()
    starts_at = Instant()
    ends_at = Instant()
    ended_at = Instant()
    end_reason = fields.String()


class FrameworkMemberSchema(Schema):
    """One member with its frozen price; served, amount: what it was given so far."""

    id = fields.Integer(attribute="row.id")
    agency_id = fields.Integer(attribute="row.agency_id")
    name = fields.String()
    place = fields.Integer(attribute="row.place")
    price_fen = Fen(attribute="row.price", allow_none=True)
    discount_rate = Rate(attribute="row.discount_rate")
    days = fields.Integer(attribute="row.days")
    state = fields.String(attribute="row.state")
    cause = fields.String(attribute="row.cause")
    reason = fields.String(attribute="row.reason")
    served = fields.Integer()
    amount_fen = Fen(attribute="amount")


class CallOffSchema(Schema):
    """One call-off: the need it is, and who has it for how much."""

    id = fields.Integer(attribute="row.id")
    number = fields.Integer(attribute="row.number")
    need_id = fields.Integer(attribute="row.need_id")
    title = fields.String(attribute="need.title")
    state = fields.String(attribute="need.state")
    way = fields.String(attribute="row.way")
    quantity = Quantity(attribute="row.quantity")
    ceiling_fen = Fen(attribute="row.ceiling")
    reason = fields.String(attribute="row.reason")
    skipped = fields.List(fields.Dict(), attribute="row.skipped")
    turn_order = fields.List(fields.Integer(), attribute="row.order")
    called_at = Instant(attribute="row.called_at")
    agency_id = fields.Integer(attribute="award.agency_id", allow_none=True)
    agency = fields.String()
    amount_fen = Fen(attribute="award.amount", allow_none=True)


class WholeFrameworkSchema(FrameworkSchema):
    """A framework with its members, what was called off, what that comes to, and who is asked next."""

    members = fields.List(fields.Nested(FrameworkMemberSchema))
    call_offs = fields.List(fields.Nested(CallOffSchema))
    spent_fen = Fen(attribute="spent")
    reserved_fen = Fen(attribute="reserved")
    waiting = fields.List(fields.Integer(), metadata={"description": "members' ids in the order they are asked next"})


class FrameworkRowSchema(Schema):
    """One line of the list of frameworks."""

    id = fields.Integer()
    number = fields.String(allow_none=True)
    title = fields.String()
    state = fields.String()
    item_code = fields.String()
    item_name = fields.String()
    org_name = fields.String()
    way = fields.String()
    ends_at = Instant()
    members = fields.Integer()


FrameworkPageSchema = page_of(FrameworkRowSchema, "FrameworkPageSchema")


class FrameworkListArgs(Schema):
    """How the list is narrowed."""

    state = fields.String(load_default="")
    item = fields.String(load_default="")
    mine = fields.Boolean(load_default=False)
    after = fields.Integer(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=20)


class FrameworkMembershipSchema(Schema):
    """One membership of the caller's agency."""

    id = fields.Integer()
    framework_id = fields.Integer()
    title = fields.String()
    framework_state = fields.String()
    state = fields.String()
    place = fields.Integer()
    price_fen = Fen(attribute="price", allow_none=True)
    discount_rate = Rate()
    ends_at = Instant()
