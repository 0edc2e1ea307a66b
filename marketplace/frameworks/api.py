"""Frameworks for programs: the same use cases as the pages."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, public, reading, works, writing
from accounts.listing import listed
from marketplace.frameworks import admitting, calling, leaving, publicity, queries, service, showing
from marketplace.frameworks.commands import Admit, CallOffFrom, Ending, Leave, Remove, WriteFramework
from marketplace.frameworks.models import Framework
from marketplace.frameworks.queries import Called
from marketplace.frameworks.schemas import (
    AdmitSchema,
    CallOffFromSchema,
    CallOffSchema,
    FrameworkEndingSchema,
    FrameworkListArgs,
    FrameworkMembershipSchema,
    FrameworkPageSchema,
    FrameworkSchema,
    LeaveSchema,
    RemoveSchema,
    WholeFrameworkSchema,
    WriteFrameworkSchema,
)

api = Blueprint("frameworks-api", __name__, url_prefix="/api/v1", description="框架协议 · Framework agreements")


@api.get("/frameworks")
@public
@api.arguments(FrameworkListArgs, location="query")
@api.response(200, FrameworkPageSchema)
def list_frameworks(args: dict[str, Any]) -> dict[str, Any]:
    """List published frameworks, newest first; ``mine`` lists the caller's own, drafts too."""
    with reading() as work:
        page = queries.list_frameworks(
            work.session, work.actor, state=args["state"], item=args["item"], after=args["after"], limit=args["limit"],
            org_id=work.actor.org_id if args["mine"] else None,
        )  # fmt: skip
    return listed(page)


@api.post("/frameworks")
@may("framework:create")
@api.arguments(WriteFrameworkSchema)
@api.response(201, FrameworkSchema)
def create_framework(command: WriteFramework) -> Framework:
    """Write a draft."""
    with writing() as work:
        return service.create(work, command)


@api.get("/frameworks/<int:framework_id>")
@public
@api.response(200, WholeFrameworkSchema)
def show_framework(framework_id: int) -> dict[str, Any]:
    """Show a framework with members, prices, turns and call-offs; one that is late is moved first."""
    publicity.settle_if_due(works(), framework_id)
    with reading() as work:
        return showing.plain(work, queries.framework_by_id(work, framework_id))


@api.put("/frameworks/<int:framework_id>")
@may("framework:edit", subject=showing.framework_of)
@api.arguments(WriteFrameworkSchema)
@api.response(200, FrameworkSchema)
def edit_framework(command: WriteFramework, framework_id: int) -> Framework:
    """Change a draft."""
    with writing() as work:
        return service.edit(work, framework_id, command)


@api.post("/frameworks/<int:framework_id>/publish")
@may("framework:publish", subject=showing.framework_of)
@api.response(200, FrameworkSchema)
def publish_framework(framework_id: int) -> Framework:
    """Publish the notice that asks for the panel's quotes."""
    with writing() as work:
        return service.publish(work, framework_id)


@api.post("/frameworks/<int:framework_id>/withdraw")
@may("framework:withdraw", subject=showing.framework_of)
@api.arguments(FrameworkEndingSchema)
@api.response(200, FrameworkSchema)
def withdraw_framework(command: Ending, framework_id: int) -> Framework:
    """Take back a draft, or a notice before its panel."""
    with writing() as work:
        return service.withdraw(work, framework_id, command)


@api.post("/frameworks/<int:framework_id>/panel")
@may("framework:admit", subject=showing.framework_of)
@api.arguments(AdmitSchema)
@api.response(201, WholeFrameworkSchema)
def make_panel(command: Admit, framework_id: int) -> dict[str, Any]:
    """Make the panel of the opened quotes."""
    with writing() as work:
        return showing.plain(work, admitting.admit(work, framework_id, command))


@api.post("/frameworks/<int:framework_id>/close")
@may("framework:close", subject=showing.framework_of)
@api.arguments(FrameworkEndingSchema)
@api.response(200, FrameworkSchema)
def close_framework(command: Ending, framework_id: int) -> Framework:
    """End a framework before its term."""
    with writing() as work:
        return publicity.close(work, framework_id, command)


@api.get("/frameworks/<int:framework_id>/call-offs")
@public
@api.response(200, CallOffSchema(many=True))
def list_call_offs(framework_id: int) -> list[Called]:
    """List what was called off, in order, with who has it for how much."""
    with reading() as work:
        return queries.called(work.session, queries.framework_by_id(work, framework_id).id)


@api.post("/frameworks/<int:framework_id>/call-offs")
@may("framework:call", subject=showing.framework_of)
@api.arguments(CallOffFromSchema)
@api.response(201, CallOffSchema)
def call_off(command: CallOffFrom, framework_id: int) -> Called:
    """Call a purchase off by the way the notice states."""
    publicity.settle_if_due(works(), framework_id)
    with writing() as work:
        made = calling.call(work, framework_id, command)
        work.session.flush()
        return next(one for one in queries.called(work.session, framework_id) if one.row.id == made.id)


@api.get("/framework-memberships")
@may("framework:memberships")
@api.response(200, FrameworkMembershipSchema(many=True))
def list_memberships() -> list[dict[str, Any]]:
    """List the memberships of the caller's agency."""
    with reading() as work:
        return [showing.membership(*row) for row in queries.memberships(work.session, work.actor.org_id)]


@api.post("/framework-members/<int:member_id>/withdraw")
@may("framework_member:withdraw", subject=showing.member_of)
@api.arguments(LeaveSchema)
@api.response(200, FrameworkMembershipSchema)
def leave_framework(command: Leave, member_id: int) -> dict[str, Any]:
    """Leave a panel."""
    with writing() as work:
        member = leaving.withdraw(work, member_id, command)
        return showing.membership(member, work.session.get_one(Framework, member.framework_id))


@api.post("/framework-members/<int:member_id>/remove")
@may("framework_member:remove", subject=showing.member_of)
@api.arguments(RemoveSchema)
@api.response(200, FrameworkMembershipSchema)
def remove_member(command: Remove, member_id: int) -> dict[str, Any]:
    """Take an agency out of a panel."""
    with writing() as work:
        member = leaving.remove(work, member_id, command)
        return showing.membership(member, work.session.get_one(Framework, member.framework_id))
