"""The rulebook in JSON; the same services as the pages."""

from __future__ import annotations

from typing import Any

from accounts.gate import may, public, reading, writing
from accounts.listing import listed
from agencies.rulebook import calendar_api, queries, service
from agencies.rulebook.api_base import api
from agencies.rulebook.commands import JudgeChange, ProposeChange
from agencies.rulebook.models import RuleChange
from agencies.rulebook.queries import InForce
from agencies.rulebook.schemas import (
    JudgeChangeSchema,
    ProposeChangeSchema,
    RuleChangePageSchema,
    RuleChangeQuerySchema,
    RuleChangeSchema,
    RuleQuerySchema,
    RuleSchema,
)
from agencies.rulebook.showing import loaded
from core.clock import beijing_day

__all__ = ["api", "calendar_api"]


@api.get("/rules")
@public
@api.arguments(RuleQuerySchema, location="query")
@api.response(200, RuleSchema(many=True))
def rules(query: dict[str, Any]) -> list[InForce]:
    """Return every rule in force for a kind of fund, an item and a town on a day."""
    with reading() as work:
        day = query["on"] or beijing_day(work.clock.now())
        return queries.in_force(
            work.session, fund=query["fund"], on=day, item_code=query["item"], town_code=query["town"]
        )


@api.get("/rule-changes")
@may("rule_change:read")
@api.arguments(RuleChangeQuerySchema, location="query")
@api.response(200, RuleChangePageSchema)
def changes(query: dict[str, Any]) -> dict[str, Any]:
    """List changes, newest first."""
    with reading() as work:
        page = queries.changes_page(work.session, work.actor, **query)
    return listed(page)


@api.post("/rule-changes")
@may("rule_change:propose")
@api.arguments(ProposeChangeSchema)
@api.response(201, RuleChangeSchema)
def propose(command: ProposeChange) -> RuleChange:
    """Propose a change."""
    with writing() as work:
        return service.propose(work, command)


@api.get("/rule-changes/<int:change_id>")
@may("rule_change:read", subject=loaded)
@api.response(200, RuleChangeSchema)
def change(change_id: int) -> RuleChange:
    """Return one change."""
    with reading() as work:
        return queries.change_by_id(work.session, change_id)


@api.post("/rule-changes/<int:change_id>/approval")
@may("rule_change:approve", subject=loaded)
@api.arguments(JudgeChangeSchema)
@api.response(200, RuleChangeSchema)
def approve(command: JudgeChange, change_id: int) -> RuleChange:
    """Let a change stand, as the second person."""
    with writing() as work:
        return service.approve(work, change_id, command.reason)


@api.post("/rule-changes/<int:change_id>/rejection")
@may("rule_change:reject", subject=loaded)
@api.arguments(JudgeChangeSchema)
@api.response(200, RuleChangeSchema)
def reject(command: JudgeChange, change_id: int) -> RuleChange:
    """Refuse a change, as the second person."""
    with writing() as work:
        return service.reject(work, change_id, command.reason)


@api.post("/rule-changes/<int:change_id>/withdrawal")
@may("rule_change:withdraw", subject=loaded)
@api.response(200, RuleChangeSchema)
def withdraw(change_id: int) -> RuleChange:
    """Take a proposal back."""
    with writing() as work:
        return service.withdraw(work, change_id)
