"""Shapes of oversight."""

from __future__ import annotations

from marshmallow import Schema, fields

from core.forms import CommandSchema, Text, page_of


class ReasonSchema(CommandSchema):
    """Why an organisation is suspended or resumed."""

    reason = Text(max=300, min=5)


class LeafQuerySchema(Schema):
    """What the record is narrowed by."""

    kind = fields.String(load_default="")
    object_id = fields.Integer(load_default=None)
    verb = fields.String(load_default="")
    after = fields.Integer(load_default=None)
    limit = fields.Integer(load_default=20)


class LeafSchema(Schema):
    """One change of state as recorded; ids and states, no personal data."""

    seq = fields.Integer()
    at = fields.DateTime()
    verb = fields.String()
    kind = fields.String()
    object_id = fields.Integer()
    state_from = fields.String(allow_none=True)
    state_to = fields.String(allow_none=True)
    org_id = fields.Integer(allow_none=True)
    role = fields.String()
    leaf_hash = fields.String()
    chain_hash = fields.String()


LeafPageSchema = page_of(LeafSchema, "LeafPageSchema")


class VerificationSchema(Schema):
    """Whether the record fits: the first leaf that does not, or null, and how many were hashed again."""

    first_break = fields.Integer(allow_none=True)
    leaves = fields.Integer()
    head = fields.String(allow_none=True)
