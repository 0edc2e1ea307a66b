"""What comes in and goes out of projects, for pages and API alike."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates

from agencies.catalogue import order
from agencies.catalogue.necessity import VARIABLES
from core.fields import read_amount
from core.forms import Amount, Choice, CommandSchema, Day, Fen, PostedSchema, Text, Whole
from core.i18n import gettext as _
from core.identifiers import is_project_code
from marketplace.needs.schemas import NeedRowSchema
from marketplace.projects.commands import WriteProject


class WriteProjectSchema(CommandSchema):
    """A project as it is written; its numbers by the variables of the catalogue's thresholds."""

    code = Text(max=30)
    name = Text(max=60, min=2)
    kind = Choice(tuple(one.code for one in order.kinds()), required=True)
    fund = Choice(("social", "fiscal"), required=True)
    scale = Text(max=2000, required=False)
    town_code = Text(max=20, required=False)
    investment = Amount(unit="wan")
    investment_fen = Fen(load_default=None, low=1)
    starts_on = Day(load_default=None)
    facts = fields.Dict(keys=fields.String(), values=fields.Raw(), load_default=dict)

    @validates("code")
    def _code(self, value: str, **_options: Any) -> None:
        if not is_project_code(value):
            raise ValidationError(_("写成 2026-441900-47-01-000123 的样子"))

    @validates("facts")
    def _facts(self, value: dict[str, Any], **_options: Any) -> None:
        for name, given in value.items():
            number = read_amount(str(given)) if name in VARIABLES else None
            if number is None or number < 0:
                raise ValidationError({name: [_("只填数字，如 3200 或 3,200.5")]})

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> WriteProject:
        given = data.pop("investment_fen")
        data["investment"] = given or data["investment"]
        data["facts"] = {name: str(read_amount(str(value))) for name, value in data["facts"].items()}
        return WriteProject(**data)


class PlanItemSchema(PostedSchema):
    """An item to put into the plan."""

    item_code = Text(max=20)


class PlanEntryChangeSchema(PostedSchema):
    """How long an entry takes, and the entries it waits for."""

    days = Whole(low=1, high=3000, required=True)
    before = fields.List(fields.Integer(strict=False), load_default=list)


class EntryMoveSchema(PostedSchema):
    """What is to become of an entry, with the reason where one is asked for."""

    verb = Choice(("waive", "take_on", "finish", "restore", "remove"), required=True)
    reason = Text(max=200, required=False)


class ProjectMoveSchema(PostedSchema):
    """How a project ends or goes on, with the reason where one is asked for."""

    verb = Choice(("finish", "reopen", "cancel"), required=True)
    reason = Text(max=200, required=False)


class ProjectSchema(Schema):
    """A project as its enterprise sees it. The investment is whole fen."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    kind = fields.String()
    fund = fields.String()
    scale = fields.String()
    town_code = fields.String()
    investment_fen = Fen(attribute="investment", allow_none=True)
    facts = fields.Dict()
    starts_on = fields.Date()
    state = fields.String()
    end_reason = fields.String()


class PurchaseSchema(Schema):
    """One need of an entry."""

    need_id = fields.Integer()
    number = fields.String(allow_none=True)
    state = fields.String()
    contract_id = fields.Integer(allow_none=True)


class PlanLineSchema(Schema):
    """One entry of a plan: when it runs by days from the plan's first, how far it is, what it waits for."""

    id = fields.Integer()
    item_code = fields.String()
    days = fields.Integer()
    days_from = fields.String()
    start = fields.Integer()
    finish = fields.Integer()
    slack = fields.Integer()
    lane = fields.Integer()
    critical = fields.Boolean()
    progress = fields.String()
    is_ready = fields.Boolean()
    reason = fields.String()
    by_rule = fields.Boolean()
    waits_for = fields.List(fields.Integer())
    purchases = fields.List(fields.Nested(PurchaseSchema))


class PlanOrderSchema(Schema):
    """One entry that waits for the result of another."""

    before = fields.Integer()
    after = fields.Integer()


class PlanSchema(Schema):
    """A plan: its entries, what waits for what, the whole in days, the critical path, what side by side saves."""

    project_id = fields.Integer()
    total_days = fields.Integer()
    in_turn_days = fields.Integer()
    saved_days = fields.Integer()
    left_days = fields.Integer()
    critical = fields.List(fields.Integer())
    entries = fields.List(fields.Nested(PlanLineSchema))
    orders = fields.List(fields.Nested(PlanOrderSchema))


class DraftedSchema(Schema):
    """The needs drafted of what was ready."""

    need_ids = fields.List(fields.Integer())


class ProjectNoticesSchema(Schema):
    """The published notices of a project's code."""

    code = fields.String()
    items = fields.List(fields.Nested(NeedRowSchema))
