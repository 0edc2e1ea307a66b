"""Shapes of ratings coming in and going out."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import Schema, fields

from core.forms import Choice, CommandSchema, Many, Text, Whole, page_of
from ratings.commands import GiveRating, RemoveRating, ReplyToRating
from ratings.lifecycle import RatingState, RemovalReason


def _score(about: str) -> Whole:
    return Whole(low=1, high=5, required=True, metadata={"description": about})


class GiveRatingSchema(CommandSchema):
    """One side's five scores, tags and words."""

    command: ClassVar[type[Any] | None] = GiveRating

    d1 = _score("quality of an agency's work; clarity of an enterprise's wishes")
    d2 = _score("timeliness; cooperation")
    d3 = _score("attitude; payment")
    d4 = _score("charging; fairness")
    d5 = _score("standardisation; communication")
    reason = Text(max=500, required=False)
    text = Text(max=1000, required=False)
    tags = Many(fields.String())


class RatingReplySchema(CommandSchema):
    """An answer to a rating."""

    command: ClassVar[type[Any] | None] = ReplyToRating

    reply = Text(max=1000, min=2)


class RemoveRatingSchema(CommandSchema):
    """Why a rating is taken away."""

    command: ClassVar[type[Any] | None] = RemoveRating

    removal_reason = Choice(RemovalReason, required=True)
    note = Text(max=300, min=5)


class RatingReceiptSchema(Schema):
    """What a rater is told: that it was received, and nothing of what it holds."""

    id = fields.Integer()
    contract_id = fields.Integer()
    side = fields.String()
    state = fields.String()
    submitted_at = fields.DateTime()


class RatingSchema(Schema):
    """A public rating, or the stub of a removed one."""

    id = fields.Integer(attribute="rating.id")
    contract_id = fields.Integer(attribute="rating.contract_id")
    contract_number = fields.String()
    item_code = fields.String(attribute="rating.item_code")
    rater = fields.String()
    side = fields.String(attribute="rating.side")
    state = fields.String(attribute="rating.state")
    scores = fields.Method("scores_of")
    tags = fields.Method("tags_of")
    text = fields.Method("text_of")
    reason = fields.Method("reason_of")
    reply = fields.String(attribute="rating.reply")
    late_days = fields.Integer(allow_none=True)
    published_at = fields.DateTime(attribute="rating.published_at")
    removed_at = fields.DateTime(attribute="rating.removed_at", allow_none=True)
    removal_reason = fields.String(attribute="rating.removal_reason", allow_none=True)

    def scores_of(self, one: Any) -> list[int]:
        """Return the five scores of a rating that counts."""
        return list(one.rating.scores) if one.rating.state is RatingState.PUBLISHED else []

    def tags_of(self, one: Any) -> list[str]:
        """Return the tags of a rating that counts."""
        return list(one.rating.tags) if one.rating.state is RatingState.PUBLISHED else []

    def text_of(self, one: Any) -> str:
        """Return the words of a rating that counts."""
        return str(one.rating.text) if one.rating.state is RatingState.PUBLISHED else ""

    def reason_of(self, one: Any) -> str:
        """Return the reason of a rating that counts."""
        return str(one.rating.reason) if one.rating.state is RatingState.PUBLISHED else ""


RatingPageSchema = page_of(RatingSchema, "RatingPageSchema")


class RatingQuerySchema(Schema):
    """Where a page begins and how long it is."""

    after = fields.Integer(load_default=None)
    limit = fields.Integer(load_default=20)


class StandingEventSchema(Schema):
    """What one rating adds to the mean, in ten-thousandths of a star; the prior has no rating."""

    rating_id = fields.Integer(allow_none=True)
    contract_number = fields.String()
    stars = fields.String()
    weight = fields.String()
    adds = fields.Integer()
    capped = fields.Boolean()


class StandingPartSchema(Schema):
    """One part of the points behind the grade."""

    code = fields.String()
    share = fields.String()
    weight = fields.String()
    points = fields.String()


class StandingSchema(Schema):
    """An agency's standing with everything that adds up to it."""

    agency_id = fields.Integer()
    as_of = fields.DateTime()
    ratings_n = fields.Integer()
    mean_milli = fields.Integer(allow_none=True)
    low_milli = fields.Integer(allow_none=True)
    high_milli = fields.Integer(allow_none=True)
    grade = fields.String(allow_none=True)
    counts = fields.List(fields.Integer())
    aspects_milli = fields.List(fields.Integer())
    total = fields.Integer()
    events = fields.List(fields.Nested(StandingEventSchema))
    parts = fields.List(fields.Nested(StandingPartSchema))
