"""Search in JSON."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_smorest import Blueprint

from accounts.gate import may, public, reading, signed_in, writing
from search import saved, service, wording
from search.backend import MOST_PAGES, Hit, Query
from search.commands import FollowSearch
from search.loaders import saved_loader
from search.models import SavedSearch
from search.schemas import FollowSchema, SavedSearchSchema, SearchQuerySchema, SearchResultSchema, to_query

api = Blueprint(
    "search-api",
    __name__,
    url_prefix="/api/v1",
    description="搜索 · One search over items, agencies, notices and fee schedules",
)


@api.get("/search")
@public
@api.arguments(SearchQuerySchema, location="query")
@api.response(200, SearchResultSchema)
def search(asked: dict[str, Any]) -> dict[str, Any]:
    """Find things, with counts to narrow by, why each was found, and what gave way where nothing fitted."""
    query = to_query(asked)
    with reading() as work:
        found = service.search(work, query)
    results = found.results
    return {
        "items": [_hit(one) for one in results.hits],
        "beside": [_hit(one) for one in results.beside],
        "total": results.total,
        "facets": {
            str(dimension): [{"value": value, "count": count} for value, count in counts]
            for dimension, counts in results.facets.items()
        },
        "offers": {str(dimension): count for dimension, count in results.offers},
        "chips": results.chips,
        "relaxed": results.relaxed,
        "corrected": results.corrected,
        "amount_fen": results.amount_fen,
        "degraded": found.degraded,
        "took_ms": round(results.took_ms, 2),
        "next": _next(query, results.total),
    }


@api.get("/searches")
@signed_in
@api.response(200, SavedSearchSchema(many=True))
def saved_list() -> list[SavedSearch]:
    """List the searches of notices one follows."""
    with reading() as work:
        return list(saved.own(work))


@api.post("/searches")
@may("saved_search:make")
@api.arguments(FollowSchema)
@api.response(201, SavedSearchSchema)
def follow(cmd: FollowSearch) -> SavedSearch:
    """Follow a search of notices: whoever follows is told once of each new notice that fits."""
    with writing() as work:
        return saved.follow(work, cmd)


@api.put("/searches/<int:search_id>")
@may("saved_search:keep", subject=saved_loader)
@api.arguments(FollowSchema)
@api.response(200, SavedSearchSchema)
def change(cmd: FollowSearch, search_id: int) -> SavedSearch:
    """Rename a followed search or change what narrows it."""
    with writing() as work:
        return saved.change(work, search_id, cmd)


@api.delete("/searches/<int:search_id>")
@may("saved_search:keep", subject=saved_loader)
@api.response(204)
def stop(search_id: int) -> None:
    """Follow a search no more."""
    with writing() as work:
        saved.stop(work, search_id)


def _hit(hit: Hit) -> dict[str, Any]:
    document = hit.document
    why = [
        {"where": one.where, "found": one.found, "typed": one.typed, "via": one.via, "text": wording.reason(one)}
        for one in hit.why
    ]
    names = (
        "kind",
        "id",
        "title",
        "url",
        "town_code",
        "item_codes",
        "grade",
        "state",
        "price_fen",
        "on_time",
        "rating",
    )
    shown = {name: getattr(document, name) for name in names}
    times = {"published_at": document.published_at, "closes_at": document.closes_at}
    return {**shown, **times, "score": round(hit.score, 3), "snippet": hit.snippet, "why": why}


def _next(query: Query, total: int) -> str | None:
    if query.page * query.size >= total or query.page >= MOST_PAGES:
        return None
    kept: dict[str, Any] = {key: request.args.getlist(key) for key in request.args if key != "page"}
    return url_for("search-api.search", **{**kept, "page": query.page + 1})
