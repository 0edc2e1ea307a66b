"""Shape and range of what contracts take in, and of what they give out as JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from core.forms import MISSING, Amount, Choice, CommandSchema, Fen, Flag, Text, Whole
from core.i18n import gettext as _
from marketplace.contracts.commands import Deliver, Reason, ReviseContract, Settle, SignContract
from marketplace.contracts.rules import SHORTEST_REASON, LineKind, PaidLine
from marketplace.contracts.turn_schemas import (
    MOST_REASON,
    ContractAmendmentSchema,
    OutcomeSchema,
    PauseSchema,
    TerminationSchema,
    TimeSchema,
)

MOST_PIECES = 100_000


class ReviseSchema(CommandSchema):
    """Another amount, as people type it."""

    command = ReviseContract
    amount = Amount(required=True)
    reason = Text(max=MOST_REASON, required=False)


class ReviseJsonSchema(CommandSchema):
    """Another amount, in fen."""

    command = ReviseContract
    amount = Fen(required=True, data_key="amount_fen", strict=True)
    reason = Text(max=MOST_REASON, required=False)


class SignSchema(CommandSchema):
    """The signature on the text whose fingerprint is given; on a page a tick says that it was read."""

    content_hash = Text(max=64)
    agree = Flag(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> SignContract:
        if not data["agree"]:
            raise ValidationError({"agree": [_("勾选后才能签署")]})
        return SignContract(data["content_hash"])


class SignJsonSchema(CommandSchema):
    """The signature on the text whose fingerprint is given."""

    command = SignContract
    content_hash = Text(max=64)


class DeliverSchema(CommandSchema):
    """What goes with a version of the result; the file comes beside it."""

    command = Deliver
    note = Text(max=1000, required=False)


class ContractReasonSchema(CommandSchema):
    """A typed reason and nothing else."""

    command = Reason
    reason = Text(max=MOST_REASON, min=SHORTEST_REASON)


class PaidLineSchema(CommandSchema):
    """One line of what was paid, as people type it."""

    command = PaidLine
    name = Text(max=60)
    amount = Amount(required=True)
    kind = Choice(LineKind, load_default=LineKind.AGREED)
    quantity = Whole(low=1, high=MOST_PIECES, load_default=1)


class PaidLineJsonSchema(CommandSchema):
    """One line of what was paid, in fen."""

    command = PaidLine
    name = Text(max=60)
    amount = Fen(required=True, data_key="amount_fen", strict=True)
    kind = Choice(LineKind, load_default=LineKind.AGREED)
    quantity = Whole(low=1, high=MOST_PIECES, load_default=1)


def _settle(data: dict[str, Any]) -> Settle:
    if not data["lines"]:
        raise ValidationError({"lines": [MISSING]})
    return Settle(tuple(data["lines"]), data["reason"])


class SettleSchema(CommandSchema):
    """What was paid, line by line, as people type it."""

    lines = fields.List(fields.Nested(PaidLineSchema), required=True)
    reason = Text(max=MOST_REASON, required=False)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> Settle:
        return _settle(data)


class SettleJsonSchema(CommandSchema):
    """What was paid, line by line, in fen."""

    lines = fields.List(fields.Nested(PaidLineJsonSchema), required=True)
    reason = Text(max=MOST_REASON, required=False)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> Settle:
        return _settle(data)


class DeliverableSchema(Schema):
    """One version of a result as JSON."""

    id = fields.Integer()
    no = fields.Integer()
    sha256 = fields.String()
    note = fields.String()
    state = fields.String()
    reasons = fields.String()
    submitted_at = fields.DateTime()
    decided_at = fields.DateTime(allow_none=True)


class SettlementSchema(Schema):
    """What was paid and what the agency said of it, as JSON."""

    state = fields.String()
    answer_by = fields.DateTime(allow_none=True)
    objection = fields.String()
    kept_reason = fields.String()
    paid_fen = Fen(attribute="paid")
    lines = fields.List(fields.Dict())
    reason = fields.String()
    recorded_at = fields.DateTime()


class ContractSummarySchema(Schema):
    """What the public may see of a contract."""

    id = fields.Integer()
    number = fields.String()
    need_id = fields.Integer()
    title = fields.String()
    agency_id = fields.Integer()
    town_code = fields.String(allow_none=True)
    item_code = fields.String()
    state = fields.String()
    amount_fen = Fen(attribute="amount")
    quote_amount_fen = Fen(attribute="quote_amount")
    paid_fen = Fen(attribute="paid", allow_none=True)
    days = fields.Integer()
    day_kind = fields.String()
    starts_at = fields.DateTime(allow_none=True)
    due_at = fields.DateTime(allow_none=True)
    delivered_at = fields.DateTime(allow_none=True)
    accepted_at = fields.DateTime(allow_none=True)
    settled_at = fields.DateTime(allow_none=True)
    late_days = fields.Integer(allow_none=True)


class ContractSchema(ContractSummarySchema):
    """A contract for those who may read it; the text is there for its parties only."""

    award_id = fields.Integer()
    sign_by = fields.DateTime()
    enterprise_signed_at = fields.DateTime(allow_none=True)
    agency_signed_at = fields.DateTime(allow_none=True)
    signed_amount_fen = Fen(attribute="signed_amount", allow_none=True)
    agreed_due_at = fields.DateTime(allow_none=True)
    amount_reason = fields.String()
    rounds = fields.Integer()
    content_hash = fields.String()
    model_version = fields.String()
    terminated_at = fields.DateTime(allow_none=True)
    termination_reason = fields.String()
    text = fields.String(allow_none=True)
    deliverables = fields.List(fields.Nested(DeliverableSchema))
    settlement = fields.Nested(SettlementSchema, allow_none=True)
    pauses = fields.List(fields.Nested(PauseSchema))
    amendments = fields.List(fields.Nested(ContractAmendmentSchema))
    termination = fields.Nested(TerminationSchema, allow_none=True)
    outcomes = fields.List(fields.Nested(OutcomeSchema))
    time = fields.Nested(TimeSchema, allow_none=True)


class PaperSchema(Schema):
    """What was issued under a verification code."""

    code = fields.String()
    kind = fields.String()
    sha256 = fields.String()
    issued_at = fields.DateTime()
    title = fields.String()
    number = fields.String()
    lines = fields.List(fields.List(fields.String()))
