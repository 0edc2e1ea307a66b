"""Projects for programs: the same use cases as the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, public, reading, writing
from core.work import Work
from marketplace.projects import queries, service
from marketplace.projects.commands import WriteProject
from marketplace.projects.loaders import entry_of, project_of
from marketplace.projects.models import Project
from marketplace.projects.queries import Line, Plan
from marketplace.projects.schemas import (
    DraftedSchema,
    EntryMoveSchema,
    PlanEntryChangeSchema,
    PlanItemSchema,
    PlanSchema,
    ProjectMoveSchema,
    ProjectNoticesSchema,
    ProjectSchema,
    WriteProjectSchema,
)

api = Blueprint("projects-api", __name__, url_prefix="/api/v1", description="Projects and the plans of what they need.")


@api.get("/projects")
@may("project:list")
@api.response(200, ProjectSchema(many=True))
def list_projects() -> Sequence[Project]:
    """List the caller's own projects, newest first."""
    with reading() as work:
        return queries.projects_of(work.session, work.actor.org_id or 0)


@api.post("/projects")
@may("project:create")
@api.arguments(WriteProjectSchema)
@api.response(201, ProjectSchema)
def create_project(command: WriteProject) -> Project:
    """Write a project with the plan its kind is first thought to need."""
    with writing() as work:
        return service.create(work, command)


@api.get("/projects/<int:project_id>")
@may("project:read", subject=project_of)
@api.response(200, ProjectSchema)
def show_project(project_id: int) -> Project:
    """Show a project."""
    with reading() as work:
        return queries.project_by_id(work, project_id)


@api.put("/projects/<int:project_id>")
@may("project:edit", subject=project_of)
@api.arguments(WriteProjectSchema)
@api.response(200, ProjectSchema)
def edit_project(command: WriteProject, project_id: int) -> Project:
    """Change what is known of a project."""
    with writing() as work:
        return service.edit(work, project_id, command)


@api.post("/projects/<int:project_id>/moves")
@may("project:edit", subject=project_of)
@api.arguments(ProjectMoveSchema)
@api.response(200, ProjectSchema)
def move_project(data: dict[str, Any], project_id: int) -> Project:
    """Finish, reopen or cancel a project."""
    with writing() as work:
        return service.end(work, project_id, data["verb"], data["reason"] or "")


@api.get("/projects/<int:project_id>/plan")
@may("project:read", subject=project_of)
@api.response(200, PlanSchema)
def show_plan(project_id: int) -> Mapping[str, Any]:
    """Show the plan with its times and how far each entry is."""
    with reading() as work:
        return _plan(work, project_id)


@api.post("/projects/<int:project_id>/plan")
@may("project:edit", subject=project_of)
@api.arguments(PlanItemSchema)
@api.response(201, PlanSchema)
def add_plan_item(data: dict[str, Any], project_id: int) -> Mapping[str, Any]:
    """Put an item into the plan."""
    with writing() as work:
        service.add_item(work, project_id, data["item_code"])
        return _plan(work, project_id)


@api.put("/plan-entries/<int:entry_id>")
@may("plan_entry:edit", subject=entry_of)
@api.arguments(PlanEntryChangeSchema)
@api.response(200, PlanSchema)
def change_plan_entry(data: dict[str, Any], entry_id: int) -> Mapping[str, Any]:
    """Say how long an entry takes and which entries it waits for."""
    with writing() as work:
        entry = service.change(work, entry_id, data["days"], data["before"])
        work.session.flush()
        return _plan(work, entry.project_id)


@api.post("/plan-entries/<int:entry_id>/moves")
@may("plan_entry:edit", subject=entry_of)
@api.arguments(EntryMoveSchema)
@api.response(200, PlanSchema)
def move_plan_entry(data: dict[str, Any], entry_id: int) -> Mapping[str, Any]:
    """Take an entry out, prepare it oneself, finish that, plan it again or remove it."""
    with writing() as work:
        entry = service.mark(work, entry_id, data["verb"], data["reason"] or "")
        work.session.flush()
        return _plan(work, entry.project_id)


@api.post("/projects/<int:project_id>/purchases")
@may("project:buy", subject=project_of)
@api.response(201, DraftedSchema)
def buy_ready(project_id: int) -> Mapping[str, Any]:
    """Draft a need for every entry that can be bought now."""
    with writing() as work:
        return {"need_ids": [one.id for one in service.buy_ready(work, project_id)]}


@api.get("/projects/by-code/<string:project_code>/notices")
@public
@api.response(200, ProjectNoticesSchema)
def list_project_notices(project_code: str) -> Mapping[str, Any]:
    """List the published notices of a project's code; the plan is its enterprise's own."""
    with reading() as work:
        return {"code": project_code, "items": queries.notices_of(work.session, work.actor, project_code)}


def _plan(work: Work, project_id: int) -> Mapping[str, Any]:
    plan = queries.plan_of(work.session, queries.project_by_id(work, project_id))
    timed = plan.schedule
    return {
        "project_id": project_id,
        "total_days": timed.total,
        "in_turn_days": timed.in_turn,
        "saved_days": timed.saved,
        "left_days": plan.left,
        "critical": timed.critical,
        "entries": [_line(one) for one in plan.lines],
        "orders": _orders(plan),
    }


def _orders(plan: Plan) -> list[Mapping[str, int]]:
    return [{"before": before, "after": after} for before, after in plan.edges]


def _line(one: Line) -> Mapping[str, Any]:
    entry, slot = one.entry, one.slot
    return {
        **{name: getattr(entry, name) for name in ("id", "item_code", "reason", "by_rule")},
        **{name: getattr(slot, name) for name in ("start", "finish", "slack", "lane", "critical")},
        **{
            name: getattr(one, name) for name in ("days", "days_from", "progress", "is_ready", "waits_for", "purchases")
        },
    }
