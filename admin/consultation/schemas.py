"""What consultation reads and writes."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from admin.consultation import rules
from admin.consultation.commands import Answer, Approve, Ask, Reason
from core.forms import CommandSchema, Day, Text


class AskSchema(CommandSchema):
    """A question as typed."""

    command = Ask
    question = Text(max=rules.LONGEST, min=rules.SHORTEST)
    about = Text(max=200, required=False)
    item_code = Text(max=20, required=False)
    life = Text(max=60, required=False)


class AnswerSchema(CommandSchema):
    """An answer as typed."""

    command = Answer
    answer = Text(max=rules.LONGEST, min=rules.SHORTEST)
    rule_key = Text(max=60, required=False)
    life = Text(max=60, required=False)


class ApproveSchema(CommandSchema):
    """An approval: the day of review."""

    command = Approve
    review_on = Day(required=True)


class ConsultationReasonSchema(CommandSchema):
    """Why something ends."""

    command = Reason
    reason = Text(max=rules.LONGEST, min=rules.SHORTEST)


class HelpQuerySchema(Schema):
    """What is looked for among the approved answers."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    item = fields.String(load_default="", validate=validate.Length(max=20))
    life = fields.String(load_default="", validate=validate.Length(max=60))


class ConsultationSchema(Schema):
    """One question with its answer."""

    id = fields.Integer()
    question = fields.String()
    answer = fields.String()
    item_code = fields.String()
    life = fields.String()
    state = fields.String()
    cites = fields.List(fields.Dict())
    asked_at = fields.AwareDateTime()
    due_at = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    published_at = fields.AwareDateTime(allow_none=True)
    review_on = fields.Date(allow_none=True)
