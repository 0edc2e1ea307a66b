"""What fees reads and writes: posted prices, cases, replies, decisions, calculations and schedules."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields, validate

from agencies.fees import rules
from agencies.fees.commands import AppealCase, DecideCase, PostPrice, PriceBasis, RecordReturn, ReplyToCase, ReviewCase
from agencies.fees.engine.schedule import InputField, Status
from core.forms import Amount, Choice, CommandSchema, Day, Fen, Rate, Text, page_of
from core.paging import MOST

LONGEST_NOTE: Final = 1000


class PostPriceSchema(CommandSchema):
    """A price as typed; ``item_code`` comes from the address."""

    command = PostPrice
    item_code = Text(max=20, required=True)
    basis = Choice(PriceBasis, required=True)
    amount = Amount(unit="yuan")
    unit_name = Text(max=20, required=False)
    schedule_id = Text(max=60, required=False)
    discount_rate = Rate(high="99.9999")
    included = Text(max=LONGEST_NOTE, required=False)
    extra = Text(max=LONGEST_NOTE, required=False)
    valid_from = Day(load_default=None, allow_none=True)


class FeeReplySchema(CommandSchema):
    """An agency's reply to a case."""

    command = ReplyToCase
    text = Text(max=rules.LONGEST_TEXT, required=True, min=rules.SHORTEST_TEXT)


class FeeDecisionSchema(CommandSchema):
    """A regulator's decision."""

    command = DecideCase
    verdict = Choice(("uphold", "dismiss"), required=True)
    reason = Text(max=rules.LONGEST_TEXT, required=True, min=rules.SHORTEST_TEXT)


class FeeAppealSchema(CommandSchema):
    """An appeal against a decision."""

    command = AppealCase
    text = Text(max=rules.LONGEST_TEXT, required=True, min=rules.SHORTEST_TEXT)


class FeeReviewSchema(CommandSchema):
    """A second person's decision on an appeal."""

    command = ReviewCase
    verdict = Choice(("confirm", "overturn"), required=True)
    reason = Text(max=rules.LONGEST_TEXT, required=True, min=rules.SHORTEST_TEXT)


class FeeReturnSchema(CommandSchema):
    """What was given back."""

    command = RecordReturn
    amount = Amount(unit="yuan", required=True)


class PostedPriceSchema(Schema):
    """One version of a posted price; ``discount_percent`` is what is taken off the schedule."""

    id = fields.Integer()
    item_code = fields.String()
    basis = fields.String()
    amount_fen = Fen(attribute="amount", allow_none=True)
    unit_name = fields.String()
    schedule_id = fields.String(allow_none=True)
    discount_percent = Rate(attribute="discount_rate", allow_none=True)
    included = fields.String()
    extra = fields.String()
    posted_at = fields.AwareDateTime()
    valid_from = fields.AwareDateTime()
    superseded_at = fields.AwareDateTime(allow_none=True)
    state = fields.String()


class PostedPricesSchema(Schema):
    """The prices an agency has posted, those in force now."""

    items = fields.List(fields.Nested(PostedPriceSchema))


class FeeCaseSchema(Schema):
    """One fee case in full."""

    id = fields.Integer()
    kind = fields.String()
    state = fields.String()
    object_kind = fields.String()
    object_id = fields.Integer()
    need_id = fields.Integer(allow_none=True)
    agency_id = fields.Integer()
    enterprise_id = fields.Integer()
    town_code = fields.String()
    item_code = fields.String()
    found_fen = Fen(attribute="found")
    compared_fen = Fen(attribute="compared")
    deviation_fen = Fen(attribute="deviation")
    evidence = fields.Dict()
    opened_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    reply = fields.String(allow_none=True)
    replied_at = fields.AwareDateTime(allow_none=True)
    decision = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    appeal_by = fields.AwareDateTime(allow_none=True)
    appeal = fields.String(allow_none=True)
    appealed_at = fields.AwareDateTime(allow_none=True)
    review_by = fields.AwareDateTime(allow_none=True)
    review = fields.String(allow_none=True)
    reviewed_at = fields.AwareDateTime(allow_none=True)
    returned_fen = Fen(attribute="returned", allow_none=True)
    stands = fields.Boolean()


FeeCasePageSchema = page_of(FeeCaseSchema, "FeeCasePageSchema")


class FeeCaseQuerySchema(Schema):
    """Which cases: all, or only decided or undecided ones, and where the page begins."""

    decided = fields.Boolean(load_default=None, allow_none=True)
    after = fields.Integer(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, MOST))


class FeeCalculateSchema(Schema):
    """A calculation to make: a schedule by any spelling of its number, a day (today when left out), the inputs."""

    schedule = fields.String(required=True, validate=validate.Length(1, 200))
    on = fields.Date(load_default=None, allow_none=True)
    inputs = fields.Dict(keys=fields.String(), load_default=dict)


class FeeStepSchema(Schema):
    """One line of the working; numbers are exact text in ``unit``."""

    label = fields.String()
    expression = fields.String()
    value = fields.String()
    unit = fields.String()
    clause = fields.String()


class FeeSaidSchema(Schema):
    """A code with its sentence in the reader's language."""

    code = fields.String()
    sentence = fields.String()


class FeeInputSchema(Schema):
    """How an input was understood."""

    name = fields.String()
    label = fields.String()
    given = fields.String()
    taken = fields.String()


class FeeReadingSchema(Schema):
    """What another reading of a rule gives."""

    field = fields.String()
    choice = fields.String()
    label = fields.String()
    low_fen = fields.Integer(allow_none=True)
    base_fen = fields.Integer(allow_none=True)
    high_fen = fields.Integer(allow_none=True)
    base = fields.String(allow_none=True)


class FeeCalculationSchema(Schema):
    """A fee with its working; ``base`` is the base amount in ``unit``, a plain decimal."""

    schedule = fields.String()
    document = fields.String()
    version = fields.String()
    service = fields.String()
    on = fields.Date()
    stage = fields.String()
    unit = fields.String()
    low_fen = fields.Integer(allow_none=True)
    base_fen = fields.Integer(allow_none=True)
    high_fen = fields.Integer(allow_none=True)
    base = fields.String(allow_none=True)
    binding_cap_fen = fields.Integer(allow_none=True)
    is_maximum = fields.Boolean()
    status = fields.String()
    status_label = fields.String()
    citation = fields.String()
    funding = fields.String(allow_none=True)
    inputs = fields.List(fields.Nested(FeeInputSchema))
    steps = fields.List(fields.Nested(FeeStepSchema))
    readings = fields.List(fields.Nested(FeeReadingSchema))
    lots_fen = fields.List(fields.Integer())
    reason = fields.Nested(FeeSaidSchema, allow_none=True)
    notes = fields.List(fields.Nested(FeeSaidSchema))


class FeeScheduleRowSchema(Schema):
    """A schedule: what it is and its legal force today."""

    id = fields.String()
    document = fields.String()
    title = fields.String()
    issuer = fields.String()
    level = fields.String()
    subject = fields.String()
    unit = fields.String()
    in_force_from = fields.Date()
    status = fields.String(allow_none=True)
    citation = fields.String(allow_none=True)
    mark = fields.String()
    url = fields.String()


class FeeScheduleSchema(FeeScheduleRowSchema):
    """A schedule with its force over time, its versions, and a JSON Schema (2020-12) of each service's inputs."""

    aliases = fields.List(fields.String())
    charge_base = fields.String()
    statuses = fields.List(fields.Dict())
    repeals = fields.List(fields.Dict())
    notes = fields.List(fields.String())
    versions = fields.List(fields.Dict())


class FeeScheduleQuerySchema(Schema):
    """Which schedules: a text their names hold, a legal force on a day, and where the page begins."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    status = fields.Enum(Status, by_value=True, load_default=None, allow_none=True)
    on = fields.Date(load_default=None, allow_none=True)
    after = fields.String(load_default="", validate=validate.Length(max=100))
    limit = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, MOST))


FeeSchedulesSchema = page_of(FeeScheduleRowSchema, "FeeSchedulesSchema")


def schedule_fields(drawn: InputField) -> dict[str, Any]:
    """Return one input field of a schedule for a program."""
    return {
        "name": drawn.name,
        "kind": str(drawn.kind),
        "label": drawn.label.zh,
        "unit": drawn.unit,
        "required": drawn.required,
        "default": drawn.default,
        "choices": [{"key": one.key, "label": one.label.zh} for one in drawn.choices],
    }
