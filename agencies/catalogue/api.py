"""The catalogue in JSON."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from flask_smorest import Blueprint

from accounts.gate import may, public, reading, writing
from agencies.catalogue import queries
from agencies.catalogue.schemas import (
    MethodSchema,
    ServicePageSchema,
    ServiceQuerySchema,
    ServiceSchema,
    SwitchMethodSchema,
)
from agencies.catalogue.service import SwitchMethod
from agencies.catalogue.service import switch_method as change_method
from agencies.catalogue.wording import switches
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


@api.get("/methods")
@public
@api.response(200, MethodSchema(many=True))
def methods() -> list[dict[str, Any]]:
    """List the methods of selection: open or closed for each kind of fund today, with the basis."""
    with reading() as work:
        return switches(work, current_app.extensions.get("methods_in_use"))


@api.post("/methods")
@may("catalogue:switch-method")
@api.arguments(SwitchMethodSchema)
@api.response(201, MethodSchema(many=True))
def switch_method(command: SwitchMethod) -> list[dict[str, Any]]:
    """Open or close a method from today, with the document that says so."""
    with writing() as work:
        change_method(work, command)
        work.session.flush()
        return switches(work, current_app.extensions.get("methods_in_use"))


@api.get("/services/<string:code>")
@public
@api.response(200, ServiceSchema)
def service(code: str) -> Any:
    """Return one service item with thresholds, time limits, demands and their marks of confidence."""
    with reading() as work:
        return queries.item_by_code(work.session, code)
