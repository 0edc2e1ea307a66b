"""Ratings in JSON."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, public, reading, writing
from accounts.listing import listed
from core.work import Work
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import contract_by_id
from ratings import explanation, queries, service
from ratings.commands import GiveRating, RemoveRating, ReplyToRating
from ratings.models import Rating
from ratings.rules import Event
from ratings.schemas import (
    GiveRatingSchema,
    RatingPageSchema,
    RatingQuerySchema,
    RatingReceiptSchema,
    RatingReplySchema,
    RemoveRatingSchema,
    StandingSchema,
)

api = Blueprint("ratings-api", __name__, url_prefix="/api/v1", description="评价与信用 · Ratings and standing")


def contract_loader(work: Work, contract_id: int) -> Contract:
    """Return the contract an address names. Raises NotFound."""
    return contract_by_id(work.session, contract_id)


def rating_loader(work: Work, rating_id: int) -> Rating:
    """Return the rating an address names. Raises NotFound."""
    return queries.rating_by_id(work.session, rating_id)


@api.post("/contracts/<int:contract_id>/ratings")
@may("rating:give", subject=contract_loader)
@api.arguments(GiveRatingSchema)
@api.response(201, RatingReceiptSchema)
def give(command: GiveRating, contract_id: int) -> Rating:
    """Rate the other side of a contract; sealed until both are in or the window ends."""
    with writing() as work:
        return service.rate(work, contract_id, command)


@api.get("/agencies/<int:agency_id>/ratings")
@public
@api.arguments(RatingQuerySchema, location="query")
@api.response(200, RatingPageSchema)
def of_agency(query: dict[str, Any], agency_id: int) -> dict[str, Any]:
    """List what enterprises said of an agency, newest first; a removed rating stays as a stub."""
    with reading() as work:
        queries.listed_agency(work.session, agency_id)
        page = queries.shown_ratings(work.session, agency_id, after=query["after"], limit=query["limit"])
    return listed(page)


@api.get("/agencies/<int:agency_id>/standing")
@public
@api.response(200, StandingSchema)
def standing(agency_id: int) -> dict[str, Any]:
    """Return an agency's standing; what the events add is in ten-thousandths of a star and adds up to ``total``."""
    with reading() as work:
        queries.listed_agency(work.session, agency_id)
        why = explanation.explain(work, agency_id)
    return {
        "agency_id": agency_id,
        "as_of": why.as_of,
        "ratings_n": why.standing.ratings_n,
        "mean_milli": why.standing.mean_milli,
        "low_milli": why.standing.low_milli,
        "high_milli": why.standing.high_milli,
        "grade": why.standing.grade,
        "counts": list(why.standing.counts),
        "aspects_milli": list(why.standing.aspects),
        "total": why.aggregate.printed,
        "events": [_event(why.prior, ""), *(_event(event, rated.contract_number) for event, rated in why.lines)],
        "parts": [
            {
                "code": part.code,
                "share": f"{part.share:.4f}",
                "weight": f"{part.weight:.2f}",
                "points": f"{part.points:.2f}",
            }
            for part in why.parts
        ],
    }


def _event(event: Event, contract_number: str) -> dict[str, Any]:
    """Return what one rating, or the prior, adds."""
    return {
        "rating_id": event.rating_id,
        "contract_number": contract_number,
        "stars": f"{event.stars:.1f}",
        "weight": f"{event.weight:.4f}",
        "adds": event.printed,
        "capped": event.capped,
    }


@api.post("/ratings/<int:rating_id>/reply")
@may("rating:reply", subject=rating_loader)
@api.arguments(RatingReplySchema)
@api.response(200, RatingReceiptSchema)
def reply(command: ReplyToRating, rating_id: int) -> Rating:
    """Answer a published rating, once."""
    with writing() as work:
        return service.reply(work, rating_id, command)


@api.post("/ratings/<int:rating_id>/remove")
@may("rating:remove", subject=rating_loader)
@api.arguments(RemoveRatingSchema)
@api.response(200, RatingReceiptSchema)
def remove(command: RemoveRating, rating_id: int) -> Rating:
    """Take a rating, or its words, away for a listed reason."""
    with writing() as work:
        return service.remove(work, rating_id, command)
