"""What the window desk reads and writes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from admin.window import rules
from admin.window.commands import Announce, End, FoundEnterprise, Receive, RecordConsent, Send, Sign, TypeCode
from admin.window.lifecycle import ConsentKind, Matter, Party, Signer
from core.forms import Choice, CommandSchema, CreditCode, Day, Email, Flag, Instant, Many, Mobile, Text


class ReceiveSchema(CommandSchema):
    """A visitor as entered."""

    command = Receive
    enterprise = Text(max=120)
    visitor_name = Text(max=60)
    matter = Text(max=200, min=2)
    need_number = Text(max=24, required=False)


class FoundEnterpriseSchema(CommandSchema):
    """An enterprise entered at the window."""

    command = FoundEnterprise
    name = Text(max=120, min=4)
    credit_code = CreditCode(max=40)
    display_name = Text(max=60)
    mobile = Mobile(max=20)
    email = Email(max=120)
    terms = Flag()


class FoundedSchema(Schema):
    """The enterprise that was entered."""

    id = fields.Integer()
    name = fields.String()
    town_code = fields.String()


class RecordConsentSchema(CommandSchema):
    """What an enterprise lets the window file."""

    command = RecordConsent
    kind = Choice(ConsentKind, required=True)
    item_code = Text(max=20, required=False)
    purpose = Text(max=200, min=2)
    until = Day(required=True)
    covers = Many(Choice(Matter))

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> RecordConsent:
        covers = tuple(dict.fromkeys(data.get("covers") or (Matter.NEED,)))
        return RecordConsent(**{**data, "covers": covers})


class ConsentCodeSchema(CommandSchema):
    """The code as typed."""

    command = TypeCode
    code = Text(max=12)


class WindowEndSchema(CommandSchema):
    """Why a visit or a shipment ends."""

    command = End
    reason = Text(max=200, min=rules.SHORTEST_REASON)


class AnnounceSchema(CommandSchema):
    """What will be couriered."""

    command = Announce
    receiver = Choice(Party, required=True)
    carrier = Choice(tuple(rules.SHAPES), required=True)
    content = Text(max=200, min=2)
    is_originals = Flag()


class SendSchema(CommandSchema):
    """The carrier's number."""

    command = Send
    tracking = Text(max=40)


class SignShipmentSchema(CommandSchema):
    """Who signed, in which role, and when."""

    command = Sign
    signed_at = Instant(required=True)
    signed_by = Choice(Signer, required=True)


class VisitQuerySchema(Schema):
    """By what the shares of visits are drawn."""

    by = fields.String(load_default="item", validate=validate.OneOf(("item", "town")))


class ConsentSchema(Schema):
    """One consent; the code is shown once, to the clerk who asks for it."""

    id = fields.Integer()
    visit_id = fields.Integer()
    item_code = fields.String()
    purpose = fields.String()
    kind = fields.String()
    until = Instant()
    state = fields.String()
    given_at = Instant()
    need_id = fields.Integer(allow_none=True)
    covers = fields.List(fields.String())
    scan_deleted_at = Instant()
    code = fields.String()


class FiledComplaintSchema(Schema):
    """A complaint as the window gets it back: its number and until when it is judged."""

    id = fields.Integer()
    number = fields.String()
    state = fields.String()
    judge_by = Instant()


class VisitRowSchema(Schema):
    """One visit in a list."""

    id = fields.Integer()
    org_id = fields.Integer()
    town_code = fields.String()
    matter = fields.String()
    need_id = fields.Integer(allow_none=True)
    state = fields.String()
    opened_at = Instant()
    ended_at = Instant()


class VisitSchema(VisitRowSchema):
    """One visit, for the window and the enterprise, with its consent and the code of its receipt."""

    consent = fields.Nested(ConsentSchema, allow_none=True)
    receipt = fields.String(allow_none=True)


class ShipmentSchema(Schema):
    """One shipment."""

    id = fields.Integer()
    need_id = fields.Integer()
    contract_id = fields.Integer(allow_none=True)
    sender = fields.String()
    receiver = fields.String()
    carrier = fields.String()
    tracking = fields.String()
    content = fields.String()
    is_originals = fields.Boolean()
    state = fields.String()
    sent_at = Instant()
    signed_at = Instant()
    signed_by = fields.String(allow_none=True)


class PurchaseWindowSchema(Schema):
    """A purchase's visits and shipments, beside the clock of its contract."""

    need_id = fields.Integer()
    visits = fields.Integer()
    bucket = fields.String()
    due_at = Instant()
    delivered_at = Instant()
    shipments = fields.List(fields.Nested(ShipmentSchema))


class VisitShareSchema(Schema):
    """How purchases of one service item or town came to the window; shares in percent, none under three purchases."""

    code = fields.String()
    n = fields.Integer()
    zero = fields.Decimal(as_string=True, allow_none=True)
    one = fields.Decimal(as_string=True, allow_none=True)
    more = fields.Decimal(as_string=True, allow_none=True)
