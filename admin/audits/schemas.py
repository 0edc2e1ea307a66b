"""How batch audits look in JSON."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.forms import page_of


class FeeAuditSchema(Schema):
    """An audit and how far it is."""

    id = fields.Integer()
    source = fields.String()
    state = fields.String()
    rows_total = fields.Integer()
    rows_done = fields.Integer()
    one_by_one = fields.Integer()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    created_at = fields.DateTime(format="iso")
    started_at = fields.DateTime(format="iso", allow_none=True)
    ended_at = fields.DateTime(format="iso", allow_none=True)
    delete_at = fields.DateTime(format="iso")


class FeeAuditResultQuerySchema(Schema):
    """Which part of the result is asked for: the parts are counted from nought."""

    part = fields.Integer(load_default=0, validate=validate.Range(0, 10**6 - 1))


class FeeVerdictSchema(Schema):
    """What was found for one row; amounts in fen."""

    row = fields.Integer()
    outcome = fields.String()
    schedule = fields.String()
    version = fields.String()
    charged_fen = fields.Integer(allow_none=True)
    low_fen = fields.Integer(allow_none=True)
    base_fen = fields.Integer(allow_none=True)
    high_fen = fields.Integer(allow_none=True)
    status = fields.String()
    deviation_fen = fields.Integer()
    reason = fields.String()
    fault = fields.String(allow_none=True)
    working = fields.String()
    given = fields.Dict(keys=fields.String(), values=fields.String())


FeeAuditResultSchema = page_of(FeeVerdictSchema, "FeeAuditResultSchema")
