"""Needs for programs: the same use cases as the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, public, reading, writing
from accounts.listing import listed
from marketplace.needs import amending, inviting, lots, queries, service
from marketplace.needs.commands import AmendNeed, WriteLot, WriteNeed
from marketplace.needs.loaders import need_of, need_of_lot, need_of_question, open_what_is_due
from marketplace.needs.lot_view import lots_view
from marketplace.needs.models import Invitation, Need, NeedAmendment, Question
from marketplace.needs.schemas import (
    AmendNeedSchema,
    InvitationSchema,
    InviteSchema,
    LotLimitSchema,
    LotsSchema,
    MoveDeadlineSchema,
    NeedAmendmentSchema,
    NeedListArgs,
    NeedPageSchema,
    NeedReasonSchema,
    NeedSchema,
    QuestionSchema,
    RepeatSchema,
    TextSchema,
    WriteLotSchema,
    WriteNeedSchema,
)

api = Blueprint("needs-api", __name__, url_prefix="/api/v1", description="Needs, their questions and answers.")


@api.get("/needs")
@public
@api.arguments(NeedListArgs, location="query")
@api.response(200, NeedPageSchema)
def list_needs(args: dict[str, Any]) -> dict[str, Any]:
    """List published needs, newest first; ``mine`` lists the caller's own, drafts too."""
    after, limit, mine = args.pop("after"), args.pop("limit"), args.pop("mine")
    with reading() as work:
        filters = queries.Filters(**args, org_id=work.actor.org_id if mine else None)
        page = queries.list_needs(work.session, work.actor, filters, work.clock.now(), after=after, limit=limit)
    return listed(page)


@api.post("/needs")
@may("need:create")
@api.arguments(WriteNeedSchema)
@api.response(201, NeedSchema)
def create_need(command: WriteNeed) -> Need:
    """Write a draft."""
    with writing() as work:
        return service.create(work, command)


@api.get("/needs/<int:need_id>")
@public
@api.response(200, NeedSchema)
def show_need(need_id: int) -> Need:
    """Show a need; one whose deadline has passed is opened first."""
    open_what_is_due(need_id)
    with reading() as work:
        return queries.need_by_id(work, need_id)


@api.put("/needs/<int:need_id>")
@may("need:edit", subject=need_of)
@api.arguments(WriteNeedSchema)
@api.response(200, NeedSchema)
def edit_need(command: WriteNeed, need_id: int) -> Need:
    """Change a draft."""
    with writing() as work:
        return service.edit(work, need_id, command)


@api.post("/needs/<int:need_id>/publish")
@may("need:publish", subject=need_of)
@api.response(200, NeedSchema)
def publish_need(need_id: int) -> Need:
    """Open a draft to quotes."""
    with writing() as work:
        return service.publish(work, need_id)


@api.post("/needs/<int:need_id>/deadline")
@may("need:move-deadline", subject=need_of)
@api.arguments(MoveDeadlineSchema)
@api.response(200, NeedSchema)
def move_deadline(data: dict[str, Any], need_id: int) -> Need:
    """Put the deadline of an open need off."""
    with writing() as work:
        return service.move_deadline(work, need_id, data["closes_at"], data["reason"])


@api.post("/needs/<int:need_id>/withdraw")
@may("need:withdraw", subject=need_of)
@api.arguments(NeedReasonSchema)
@api.response(200, NeedSchema)
def withdraw_need(data: dict[str, Any], need_id: int) -> Need:
    """Take a need back before an award."""
    with writing() as work:
        return service.withdraw(work, need_id, data["reason"])


@api.post("/needs/<int:need_id>/repeat")
@may("need:repeat", subject=need_of)
@api.arguments(RepeatSchema)
@api.response(201, NeedSchema)
def repeat_need(data: dict[str, Any], need_id: int) -> Need:
    """Copy a need that failed or was withdrawn into a new draft."""
    with writing() as work:
        return service.repeat(work, need_id, data["method"])


@api.get("/needs/<int:need_id>/amendments")
@public
@api.response(200, NeedAmendmentSchema(many=True))
def list_amendments(need_id: int) -> Sequence[NeedAmendment]:
    """List what was changed of a notice while it was open, in order."""
    with reading() as work:
        return queries.amendments_of(work.session, queries.need_by_id(work, need_id).id)


@api.post("/needs/<int:need_id>/amendments")
@may("need:amend", subject=need_of)
@api.arguments(AmendNeedSchema)
@api.response(201, NeedAmendmentSchema)
def amend_need(command: AmendNeed, need_id: int) -> NeedAmendment:
    """Change an open notice in public."""
    with writing() as work:
        return amending.amend(work, need_id, command)


@api.get("/needs/<int:need_id>/invitations")
@public
@api.response(200, InvitationSchema(many=True))
def list_invitations(need_id: int) -> Sequence[Invitation]:
    """List the agencies invited to a notice; everybody else who fits may quote as well."""
    with reading() as work:
        return queries.invitations_of(work.session, queries.need_by_id(work, need_id).id)


@api.post("/needs/<int:need_id>/invitations")
@may("need:invite", subject=need_of)
@api.arguments(InviteSchema)
@api.response(201, InvitationSchema(many=True))
def invite_agencies(data: dict[str, Any], need_id: int) -> Sequence[Invitation]:
    """Invite agencies that offer the item."""
    with writing() as work:
        return inviting.invite(work, need_id, data["agency_ids"])


@api.get("/needs/<int:need_id>/lots")
@public
@api.response(200, LotsSchema)
def list_lots(need_id: int) -> Mapping[str, Any]:
    """List all lots of the notice a need belongs to; each is a need, which takes quotes by itself."""
    with reading() as work:
        return lots_view(work, queries.need_by_id(work, need_id))


@api.post("/needs/<int:need_id>/lots")
@may("need:divide", subject=need_of)
@api.arguments(WriteLotSchema)
@api.response(201, LotsSchema)
def add_lot(command: WriteLot, need_id: int) -> Mapping[str, Any]:
    """Add a lot to a draft."""
    with writing() as work:
        lots.add(work, need_id, command)
        return lots_view(work, queries.need_by_id(work, need_id))


@api.put("/needs/<int:need_id>/lots/<int:no>")
@may("need:divide", subject=need_of_lot)
@api.arguments(WriteLotSchema)
@api.response(200, LotsSchema)
def change_lot(command: WriteLot, need_id: int, no: int) -> Mapping[str, Any]:
    """Change one lot of a draft."""
    with writing() as work:
        lots.change(work, need_id, no, command)
        return lots_view(work, queries.need_by_id(work, need_id))


@api.delete("/needs/<int:need_id>/lots/<int:no>")
@may("need:divide", subject=need_of_lot)
@api.response(200, LotsSchema)
def remove_lot(need_id: int, no: int) -> Mapping[str, Any]:
    """Take a further lot out of a draft; the later ones move up."""
    with writing() as work:
        lots.remove(work, need_id, no)
        return lots_view(work, queries.need_by_id(work, need_id))


@api.put("/needs/<int:need_id>/lot-limit")
@may("need:divide", subject=need_of)
@api.arguments(LotLimitSchema)
@api.response(200, LotsSchema)
def limit_lots(data: dict[str, Any], need_id: int) -> Mapping[str, Any]:
    """Say in the notice how many of its lots one agency may win."""
    with writing() as work:
        lots.limit(work, need_id, data["most_wins"])
        return lots_view(work, queries.need_by_id(work, need_id))


@api.get("/needs/<int:need_id>/questions")
@public
@api.response(200, QuestionSchema(many=True))
def list_questions(need_id: int) -> Sequence[Question]:
    """List the questions on a notice with their answers; who asked is not told."""
    with reading() as work:
        return queries.questions_of(work.session, queries.need_by_id(work, need_id).id)


@api.post("/needs/<int:need_id>/questions")
@may("need:ask", subject=need_of)
@api.arguments(TextSchema)
@api.response(201, QuestionSchema)
def ask_question(data: dict[str, Any], need_id: int) -> Question:
    """Ask in public."""
    with writing() as work:
        return service.ask(work, need_id, data["text"])


@api.put("/questions/<int:question_id>/answer")
@may("need:answer", subject=need_of_question)
@api.arguments(TextSchema)
@api.response(200, QuestionSchema)
def answer_question(data: dict[str, Any], question_id: int) -> Question:
    """Answer a question for everybody."""
    with writing() as work:
        return service.answer(work, question_id, data["text"])
