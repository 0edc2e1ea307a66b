"""The catalogue in JSON."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_smorest import Blueprint

from accounts.gate import public, reading
from agencies.catalogue import queries
from agencies.catalogue.schemas import ServicePageSchema, ServiceQuerySchema, ServiceSchema
from core.paging import clamp

api = Blueprint(
    "catalogue-api", __name__, url_prefix="/api/v1", description="服务事项 · Service items of the official catalogue"
)


@api.get("/services")
@public
@api.arguments(ServiceQuerySchema, location="query")
@api.response(200, ServicePageSchema)
def services(query: dict[str, Any]) -> dict[str, Any]:
    """List service items by number, narrowed by stage or department."""
    size = clamp(query["limit"])
    with reading() as work:
        rows = [
            item
            for item in queries.all_items(work.session)
            if item.number > query["after"]
            and query["stage"] in {None, item.stage}
            and (query["department"] is None or query["department"] in item.departments)
        ]
    more = len(rows) > size
    kept = {key: value for key, value in query.items() if value is not None}
    following = url_for("catalogue-api.services", **{**kept, "after": rows[size - 1].number}) if more else None
    return {"items": rows[:size], "next": following}


@api.get("/services/<string:code>")
@public
@api.response(200, ServiceSchema)
def service(code: str) -> Any:
    """Return one service item with thresholds, time limits, demands and their marks of confidence."""
    with reading() as work:
        return queries.item_by_code(work.session, code)
