"""Shape and range of what selection takes in, and of what it gives out as JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load

from core.forms import CommandSchema, Fen, Text, Whole
from marketplace.selection.commands import GiveAward, GivePoints, Reason, RejectQuote, ScoreSheet
from marketplace.selection.rules import FULL_POINTS, SHORTEST_REASON

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


class LoserNoteSchema(Schema):
    """A note to one loser."""

    class Meta:
        """Unknown keys are left aside."""

        unknown = EXCLUDE

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
    lines = fields.List(fields.Dict())
