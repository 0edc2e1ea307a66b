"""Shapes of performance in JSON."""

from __future__ import annotations

from marshmallow import Schema, fields


class PerformanceQuerySchema(Schema):
    """What figures may be narrowed by."""

    months = fields.Integer(load_default=12)
    item = fields.String(load_default=None)
    town = fields.String(load_default=None)
    after = fields.Integer(load_default=None)
    limit = fields.Integer(load_default=20)


class PerformanceRowsQuerySchema(PerformanceQuerySchema):
    """Which rows: a row set, and perhaps an agency, a month or a bin of price ÷ benchmark."""

    of = fields.String(load_default="signed")
    agency = fields.Integer(load_default=None)
    month = fields.String(load_default=None)
    bin = fields.Integer(load_default=None)


class DeliveryMonthSchema(Schema):
    """One month's acceptances."""

    month = fields.String()
    accepted = fields.Integer()
    on_time = fields.Integer()


class FunnelStepSchema(Schema):
    """One step of the way from published to rated."""

    step = fields.String()
    count = fields.Integer()


class RatioBinSchema(Schema):
    """One bin of price ÷ benchmark."""

    low = fields.String()
    high = fields.String()
    count = fields.Integer()


class PerformanceSummarySchema(Schema):
    """The dashboard's figures; quartiles are null where fewer than eight values stand behind them."""

    signed = fields.Integer()
    accepted = fields.Integer()
    on_time = fields.Integer()
    ratio_n = fields.Integer()
    ratio_q1 = fields.String(allow_none=True)
    ratio_median = fields.String(allow_none=True)
    ratio_q3 = fields.String(allow_none=True)
    days_to_award_n = fields.Integer()
    days_to_award_median = fields.Integer(allow_none=True)
    open_cases = fields.Integer()
    months = fields.List(fields.Nested(DeliveryMonthSchema))
    funnel = fields.List(fields.Nested(FunnelStepSchema))
    ratios = fields.List(fields.Nested(RatioBinSchema))


class PerformanceLinesSchema(Schema):
    """A list of plain lines; ``next`` is the address of the following page, or null."""

    items = fields.List(fields.Dict())
    next = fields.String(allow_none=True)
