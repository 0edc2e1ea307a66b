"""The catalogue in JSON."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from accounts.gate import public, reading
from accounts.listing import next_page
from agencies.catalogue import necessity, queries
from agencies.catalogue.rules import Answers, Verdict, judge
from agencies.catalogue.schemas import NeededArgs, NeededSchema, ServicePageSchema, ServiceQuerySchema, ServiceSchema
from core.errors import Invalid
from core.fields import read_amount
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
    return {"items": rows[:size], "next": next_page(rows[size - 1].number if len(rows) > size else None)}


@api.get("/services/<string:code>")
@public
@api.response(200, ServiceSchema)
def service(code: str) -> Any:
    """Return one service item with thresholds, time limits, demands and their marks of confidence."""
    with reading() as work:
        return queries.item_by_code(work.session, code)


@api.get("/services/<string:code>/needed")
@public
@api.arguments(NeededArgs, location="query")
@api.response(200, NeededSchema)
def needed(args: dict[str, Any], code: str) -> Verdict:
    """Say whether a service is needed for a project, with the clauses and the next step."""
    with reading() as work:
        item = queries.item_by_code(work.session, code)
    numbers = {}
    for name in {one["variable"] for one in item.thresholds} & set(request.args):
        found = read_amount(request.args[name])
        if found is None or found < 0:
            raise Invalid("number-unreadable", field=name)
        numbers[name] = found
    return judge(necessity.facts_of(item), Answers(numbers, args["asked"], args["own"]))
