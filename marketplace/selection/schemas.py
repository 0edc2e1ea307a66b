"""Shape and range of what selection takes in, and of what it gives out as JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from core.forms import MISSING, Amount, CommandSchema, Fen, PostedSchema, Text, Whole
from core.money import Money
from marketplace.selection.commands import GiveAward, GivePoints, Reason, RejectQuote, ScoreSheet
from marketplace.selection.merit import FULL_POINTS
from marketplace.selection.rules import SHORTEST_REASON

MOST_REASON = 1000


class GivePointsSchema(CommandSchema):
    """Points of one quote on one criterion."""

    command = GivePoints
    quote_id = Whole(low=1, required=True)
    criterion = Text(max=80)
    points = Whole(low=0, high=FULL_POINTS, required=True)
    reason = Text(max=500)


class ScoreSheetSchema(CommandSchema):
    """Points for some or all quotes."""

    scores = fields.List(fields.Nested(GivePointsSchema), required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> ScoreSheet:
        return ScoreSheet(tuple(data["scores"]))


class RejectQuoteSchema(CommandSchema):
    """A quote found invalid, and why."""

    command = RejectQuote
    quote_id = Whole(low=1, required=True)
    reason = Text(max=MOST_REASON, min=SHORTEST_REASON)


class LoserNoteSchema(PostedSchema):
    """A note to one loser."""

    quote_id = Whole(low=1, required=True)
    note = Text(max=500)


class GiveAwardSchema(CommandSchema):
    """The quote chosen; the reason where one is needed; notes to losers."""

    quote_id = Whole(low=1, required=True)
    reason = Text(max=MOST_REASON, required=False)
    notes = fields.List(fields.Nested(LoserNoteSchema), load_default=list)

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> GiveAward:
        return GiveAward(
            data["quote_id"], data["reason"], {entry["quote_id"]: entry["note"] for entry in data["notes"]}
        )


class SelectionReasonSchema(CommandSchema):
    """A typed reason and nothing else."""

    command = Reason
    reason = Text(max=MOST_REASON, min=SHORTEST_REASON)


class BidSchema(CommandSchema):
    """An offer in a round of bidding: ``amount`` as people type it or ``amount_fen``."""

    amount = Amount()
    amount_fen = Fen(load_default=None, low=1)

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_options: Any) -> None:
        if data.get("amount") is None and data.get("amount_fen") is None:
            raise ValidationError(MISSING, "amount")

    @post_load
    def _make(self, data: dict[str, Any], **_options: Any) -> Money:
        amount: Money = data["amount_fen"] or data["amount"]
        return amount


class BiddingSchema(Schema):
    """Where the rounds of a need stand, as the reader may see it."""

    need_id = fields.Integer()
    is_on = fields.Boolean()
    round = fields.Integer(allow_none=True)
    rounds = fields.Integer(allow_none=True)
    starts_at = fields.DateTime(allow_none=True)
    ends_at = fields.DateTime(allow_none=True)
    extensions = fields.Integer(allow_none=True)
    bidders = fields.Integer()
    lowest_fen = Fen(attribute="lowest", allow_none=True)
    own_fen = Fen(attribute="own", allow_none=True)
    own_place = fields.Integer(allow_none=True)
    most_fen = Fen(attribute="most", allow_none=True)


class AwardSchema(Schema):
    """One award as JSON."""

    id = fields.Integer()
    number = fields.String()
    need_id = fields.Integer()
    quote_id = fields.Integer()
    agency_id = fields.Integer()
    amount_fen = Fen(attribute="amount")
    rank = fields.Integer()
    state = fields.String()
    reason = fields.String()
    awarded_at = fields.DateTime()
    publicity_until = fields.DateTime()
    confirm_at = fields.DateTime()
    confirmed_at = fields.DateTime(allow_none=True)
    suspended_until = fields.DateTime(allow_none=True)
    annulled_at = fields.DateTime(allow_none=True)
    annul_reason = fields.String()
    sign_by = fields.DateTime()
    declined_at = fields.DateTime(allow_none=True)
    decline_reason = fields.String()


class SelectionResultSchema(Schema):
    """The result of a need as JSON: its awards and the protocol."""

    need_id = fields.Integer()
    number = fields.String()
    state = fields.String()
    failed_reason = fields.String(allow_none=True)
    draw_commitment = fields.String(allow_none=True)
    award = fields.Nested(AwardSchema, allow_none=True)
    declined = fields.List(fields.Nested(AwardSchema))
    annulled = fields.List(fields.Nested(AwardSchema))
    protocol = fields.Dict(allow_none=True)


class SelectionBoardSchema(Schema):
    """What the enterprise chooses from, as JSON."""

    need_id = fields.Integer()
    state = fields.String()
    method = fields.String()
    missing_scores = fields.Integer()
    failure = fields.String(allow_none=True)
    needs_reason = fields.Boolean()
    single = fields.Boolean()
    terms = fields.Dict()
    working = fields.List(fields.Dict())
    lines = fields.List(fields.Dict())
