"""What the rulebook reads and writes."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from agencies.rulebook import rules
from agencies.rulebook.commands import JudgeChange, NoticedDay, ProposeChange, ProposeNotice
from core.forms import Choice, CommandSchema, Day, Flag, Many, Text, page_of
from core.paging import MOST

FUNDS = ("social", "fiscal")


class ProposeChangeSchema(CommandSchema):
    """A change as typed."""

    command = ProposeChange
    key = Text(max=60)
    fund = Choice(FUNDS, required=True)
    value = Text(max=20)
    effective_on = Day(required=True)
    ends_on = Day(load_default=None)
    item_code = Text(max=20, required=False)
    town_code = Text(max=20, required=False)
    reason = Text(max=rules.LONGEST_REASON, min=rules.SHORTEST_REASON)
    citation = Text(max=rules.LONGEST_REASON, min=rules.SHORTEST_REASON)
    answered = Flag()
    risks = Many(Text(max=40))
    note = Text(max=rules.LONGEST_REASON, required=False)


class JudgeChangeSchema(CommandSchema):
    """A verdict's reason."""

    command = JudgeChange
    reason = Text(max=rules.LONGEST_REASON, min=rules.SHORTEST_REASON)


class NoticedDaySchema(CommandSchema):
    """One day of a notice."""

    command = NoticedDay
    day = Day(required=True)
    working = fields.Boolean(required=True)
    name = Text(max=40)


class ProposeNoticeSchema(CommandSchema):
    """A document that makes days worked or free."""

    document = Text(max=200)
    source = Text(max=300, required=False)
    days = fields.List(fields.Nested(NoticedDaySchema), required=True)
    reason = Text(max=rules.LONGEST_REASON, min=rules.SHORTEST_REASON)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> ProposeNotice:
        return ProposeNotice(**{**data, "days": tuple(data["days"])})


class CalendarNoticeSchema(Schema):
    """One notice; affected are the deadlines it left as they were."""

    id = fields.Integer()
    document = fields.String()
    source = fields.String()
    days = fields.List(fields.Dict())
    state = fields.String()
    proposed_at = fields.AwareDateTime()
    decided_at = fields.AwareDateTime(allow_none=True)
    affected_n = fields.Integer()


CalendarNoticePageSchema = page_of(CalendarNoticeSchema, "CalendarNoticePageSchema")


class CalendarQuerySchema(Schema):
    """Which year."""

    year = fields.String(load_default="")


class CalendarDaySchema(Schema):
    """A day on which the week's pattern does not hold."""

    day = fields.Date()
    working = fields.Boolean()
    name = fields.String()
    source = fields.String()
    document = fields.String()
    notice_id = fields.Integer(allow_none=True)


class CalendarSchema(Schema):
    """A year of the calendar; days not listed follow the week: Monday to Friday are worked."""

    year = fields.Integer()
    days = fields.List(fields.Nested(CalendarDaySchema))


class RuleQuerySchema(Schema):
    """For whom and when the rules are asked."""

    fund = fields.String(load_default="social", validate=validate.OneOf(FUNDS))
    on = fields.Date(load_default=None)
    item = fields.String(load_default="")
    town = fields.String(load_default="")


class RuleSchema(Schema):
    """One rule in force: its value, how far it reaches, since when, and on what basis."""

    key = fields.String(attribute="row.key")
    name = fields.String(attribute="row.name")
    name_en = fields.String(attribute="row.name_en")
    value = fields.Raw(attribute="row.value")
    unit = fields.String(attribute="row.unit")
    reach = fields.String()
    valid_from = fields.Date(attribute="row.valid_from")
    valid_to = fields.Date(attribute="row.valid_to", allow_none=True)
    basis = fields.String(attribute="row.basis")
    confidence = fields.String(attribute="row.confidence")


class RuleChangeSchema(Schema):
    """One change."""

    id = fields.Integer()
    key = fields.String()
    fund = fields.String()
    item_code = fields.String()
    town_code = fields.String()
    unit = fields.String()
    value = fields.Raw()
    before = fields.Raw(allow_none=True)
    effective_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    reason = fields.String()
    citation = fields.String()
    self_check = fields.List(fields.Dict())
    note = fields.String()
    state = fields.String()
    author_org_id = fields.Integer()
    approver_org_id = fields.Integer(allow_none=True)
    decision = fields.String(allow_none=True)
    proposed_at = fields.AwareDateTime()
    decided_at = fields.AwareDateTime(allow_none=True)


RuleChangePageSchema = page_of(RuleChangeSchema, "RuleChangePageSchema")


class RuleChangeQuerySchema(Schema):
    """What the list is narrowed by."""

    after = fields.Integer(load_default=None)
    limit = fields.Integer(load_default=None, validate=validate.Range(1, MOST))
