"""What comes in and goes out of needs, for pages and API alike."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, missing, post_load, validates

from core.forms import Amount, Choice, CommandSchema, Fen, Instant, Many, PostedSchema, Text, Whole, page_of
from core.i18n import gettext as _
from core.identifiers import is_project_code
from marketplace.needs.commands import AmendNeed, WriteLot, WriteNeed
from marketplace.needs.rules import OFFERED, QUOTINGS


class CriterionSchema(Schema):
    """One criterion of a merit selection; weights come to 100."""

    name = fields.String(required=True)
    weight = fields.Integer(required=True)
    kind = fields.String(load_default="merit")


class AvoidSchema(Schema):
    """An agency declared out, with the reason."""

    agency_id = fields.Integer(required=True)
    reason = fields.String(required=True)


class WriteNeedSchema(CommandSchema):
    """A need as it is written; only title, scale and fund have no default."""

    item_code = Text(max=20)
    title = Text(max=60, min=4)
    scale = Text(max=2000, min=2)
    fund = Choice(("social", "fiscal"), required=True)
    project_name = Text(max=120, required=False)
    project_code = Text(max=30, required=False)
    requirements = Text(max=4000, required=False)
    time_limit_days = Whole(low=1, high=1000, load_default=20)
    ceiling = Amount(unit="wan")
    ceiling_fen = Fen(load_default=None, low=1)
    no_ceiling_reason = Text(max=200, required=False)
    quoting = Choice(QUOTINGS, load_default="amount")
    method = Choice(OFFERED, load_default="merit")
    method_basis = Text(max=200, required=False)
    criteria = Many(fields.Nested(CriterionSchema))
    terms = fields.Dict(keys=fields.String(), values=fields.Integer(strict=False), load_default=dict)
    fee_inputs = fields.Dict(load_default=dict)
    closes_at = Instant()
    avoid = Many(fields.Nested(AvoidSchema))
    contact_name = Text(max=60, required=False)
    contact_phone = Text(max=40, required=False)
    town_code = Text(max=20, required=False)

    @validates("project_code")
    def _project_code(self, value: str, **_options: Any) -> None:
        if value and not is_project_code(value):
            raise ValidationError(_("写成 2026-441900-47-01-000123 的样子"))

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> WriteNeed:
        ceiling = data.pop("ceiling_fen")
        data["ceiling"] = ceiling or data["ceiling"]
        data["avoid"] = tuple((entry["agency_id"], entry["reason"]) for entry in data["avoid"])
        return WriteNeed(**data)


class WriteLotSchema(CommandSchema):
    """What is one lot's own; only name and scale have no default."""

    name = Text(max=30)
    scale = Text(max=2000, min=2)
    time_limit_days = Whole(low=1, high=1000, load_default=20)
    ceiling = Amount(unit="wan")
    ceiling_fen = Fen(load_default=None, low=1)
    no_ceiling_reason = Text(max=200, required=False)
    fee_inputs = fields.Dict(load_default=dict)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> WriteLot:
        ceiling = data.pop("ceiling_fen")
        data["ceiling"] = ceiling or data["ceiling"]
        return WriteLot(**data)


class LotLimitSchema(CommandSchema):
    """How many lots of a notice one agency may win; nothing for no limit."""

    most_wins = Whole(low=1, high=20, load_default=None, allow_none=True)


class LotSchema(Schema):
    """One lot: its number and name, the need that takes it through, and what is its own. Amounts are whole fen."""

    number = fields.Integer()
    name = fields.String()
    need_id = fields.Integer()
    need_number = fields.String(allow_none=True)
    state = fields.String()
    scale = fields.String()
    time_limit_days = fields.Integer()
    ceiling_fen = Fen(attribute="ceiling", allow_none=True)
    no_ceiling_reason = fields.String()
    fee_inputs = fields.Dict()
    benchmark_base_fen = Fen(attribute="benchmark_base", allow_none=True)
    share_fen = Fen(attribute="share", allow_none=True)
    closes_at = Instant()


class LotsSchema(Schema):
    """A notice's lots, how many one agency may win, their benchmarks together, and what splitting must mind."""

    notice_id = fields.Integer()
    number = fields.String(allow_none=True)
    title = fields.String()
    most_wins = fields.Integer(allow_none=True)
    apart_fen = Fen(attribute="apart", allow_none=True)
    at_once_fen = Fen(attribute="at_once", allow_none=True)
    warning = fields.String()
    lots = fields.List(fields.Nested(LotSchema))


class TextSchema(PostedSchema):
    """A question or an answer."""

    text = Text(max=1000, min=2)


class NeedReasonSchema(PostedSchema):
    """A reason everybody may read."""

    reason = Text(max=200, min=4)


class MoveDeadlineSchema(PostedSchema):
    """A later deadline and why."""

    closes_at = Instant(required=True)
    reason = Text(max=200, min=4)


class AmendNeedSchema(Schema):
    """What an open notice changes: the fields given replace those of the notice, the others stay.

    A field that may not change is unknown here, and refused.
    """

    scale = Text(max=2000, min=2, load_default=missing)
    requirements = Text(max=4000, load_default=missing)
    time_limit_days = Whole(low=1, high=1000, load_default=missing)
    ceiling = Amount(unit="wan", load_default=missing)
    ceiling_fen = Fen(allow_none=True, low=1)
    no_ceiling_reason = Text(max=200, load_default=missing)
    criteria = fields.List(fields.Nested(CriterionSchema))
    fee_inputs = fields.Dict()
    contact_name = Text(max=60, load_default=missing)
    contact_phone = Text(max=40, load_default=missing)
    complaint_phone = Text(max=40, load_default=missing)
    closes_at = Instant()
    reason = Text(max=200, min=4)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> AmendNeed:
        reason, closes_at = data.pop("reason"), data.pop("closes_at", None)
        if "ceiling_fen" in data:
            data["ceiling"] = data.pop("ceiling_fen")
        return AmendNeed(data, reason, closes_at)


class NeedAmendmentSchema(Schema):
    """One amendment as everybody sees it: each field before and after, money in fen."""

    number = fields.Integer()
    reason = fields.String()
    changes = fields.List(fields.Dict())
    is_material = fields.Boolean()
    closes_before = Instant()
    closes_after = Instant()
    amended_at = Instant()


class InviteSchema(PostedSchema):
    """The agencies to invite."""

    agency_ids = fields.List(fields.Integer(strict=False), load_default=list)


class InvitationSchema(Schema):
    """One agency invited."""

    agency_id = fields.Integer()
    invited_at = Instant()


class RepeatSchema(PostedSchema):
    """How an ended need is asked again: as before, or to be chosen for directly."""

    method = Choice(("", "direct"), load_default="")


class QuestionSchema(Schema):
    """A question as everybody sees it."""

    id = fields.Integer()
    state = fields.String()
    text = fields.String()
    asked_at = Instant()
    answer = fields.String(allow_none=True)
    answered_at = Instant()


class NeedSchema(Schema):
    """A need as its reader may see it. Amounts are whole fen."""

    id = fields.Integer()
    number = fields.String(allow_none=True)
    title = fields.String()
    state = fields.String()
    item_code = fields.String()
    town_code = fields.String()
    project_name = fields.String()
    project_code = fields.String(allow_none=True)
    scale = fields.String()
    requirements = fields.String()
    fund = fields.String()
    method = fields.String()
    method_basis = fields.String()
    quoting = fields.String()
    criteria = fields.List(fields.Dict())
    terms = fields.Dict()
    time_limit_days = fields.Integer()
    ceiling_fen = Fen(attribute="ceiling", allow_none=True)
    no_ceiling_reason = fields.String()
    benchmark_low_fen = Fen(attribute="benchmark_low", allow_none=True)
    benchmark_base_fen = Fen(attribute="benchmark_base", allow_none=True)
    benchmark_high_fen = Fen(attribute="benchmark_high", allow_none=True)
    schedule_id = fields.String(allow_none=True)
    fee_inputs = fields.Dict()
    rules = fields.Dict()
    contact_phone = fields.String()
    published_at = Instant()
    questions_until = Instant()
    closes_at = Instant()
    opened_at = Instant()
    failed_reason = fields.String()
    withdrawn_reason = fields.String()
    extensions = fields.Integer()
    binding_amendment = fields.Integer()


class NeedRowSchema(Schema):
    """One line of the list of needs."""

    id = fields.Integer()
    number = fields.String(allow_none=True)
    title = fields.String()
    state = fields.String()
    town_code = fields.String()
    town_name = fields.String()
    item_code = fields.String()
    item_name = fields.String()
    org_name = fields.String()
    method = fields.String()
    fund = fields.String()
    ceiling_fen = Fen(attribute="ceiling", allow_none=True)
    published_at = Instant()
    closes_at = Instant()


NeedPageSchema = page_of(NeedRowSchema, "NeedPageSchema")


class NeedListArgs(Schema):
    """How the list is narrowed."""

    state = fields.String(load_default="")
    town = fields.String(load_default="")
    item = fields.String(load_default="")
    closing_soon = fields.Boolean(load_default=False)
    words = fields.String(load_default="")
    method = fields.String(load_default="")
    least = Fen(load_default=None, data_key="least_fen")
    most = Fen(load_default=None, data_key="most_fen")
    mine = fields.Boolean(load_default=False)
    after = fields.Integer(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=20)
