"""Revisions in JSON: list, read, propose and judge; the same services as the pages."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, reading, writing
from accounts.listing import listed
from agencies.revisions import queries, service
from agencies.revisions.commands import JudgeRevision, WriteRevision
from agencies.revisions.models import FeeRevision
from agencies.revisions.schemas import (
    FeeRevisionPageSchema,
    FeeRevisionQuerySchema,
    FeeRevisionSchema,
    JudgeRevisionSchema,
    RevisedFindingsSchema,
    WriteRevisionSchema,
)
from agencies.revisions.showing import loaded
from agencies.revisions.writing_pages import UNREADABLE, sentence_of
from core.errors import Invalid

api = Blueprint(
    "revisions-api", __name__, url_prefix="/api/v1/fee-revisions", description="收费标准修订 · Revisions of schedules"
)


@api.get("")
@may("fee_revision:list")
@api.arguments(FeeRevisionQuerySchema, location="query")
@api.response(200, FeeRevisionPageSchema)
def revisions(query: dict[str, Any]) -> dict[str, Any]:
    """List revisions without their texts, newest first."""
    with reading() as work:
        page = queries.revisions_page(work.session, work.actor, **query)
    return listed(page)


@api.post("")
@may("fee_revision:draft")
@api.arguments(WriteRevisionSchema)
@api.response(201, FeeRevisionSchema)
def draft(command: WriteRevision) -> FeeRevision:
    """Check a text and keep it as a draft; what cannot be read is refused with line, table and key."""
    try:
        with writing() as work:
            return service.draft(work, command)
    except Invalid as refusal:
        if refusal.code != UNREADABLE:
            raise
        sentence = sentence_of(refusal, command.text)
        raise Invalid(UNREADABLE, **{**refusal.facts, "sentence": sentence}) from refusal


@api.get("/<int:revision_id>")
@may("fee_revision:read", subject=loaded)
@api.response(200, FeeRevisionSchema)
def revision(revision_id: int) -> FeeRevision:
    """Return one revision with its text and the text it was drafted from."""
    with reading() as work:
        return queries.revision_by_id(work.session, revision_id)


@api.post("/<int:revision_id>/proposal")
@may("fee_revision:propose", subject=loaded)
@api.response(200, FeeRevisionSchema)
def propose(revision_id: int) -> FeeRevision:
    """Hand a draft to a second person."""
    with writing() as work:
        return service.propose(work, revision_id)


@api.post("/<int:revision_id>/withdrawal")
@may("fee_revision:withdraw", subject=loaded)
@api.response(200, FeeRevisionSchema)
def withdraw(revision_id: int) -> FeeRevision:
    """Take a draft or proposal back."""
    with writing() as work:
        return service.withdraw(work, revision_id)


@api.post("/<int:revision_id>/approval")
@may("fee_revision:approve", subject=loaded)
@api.arguments(JudgeRevisionSchema)
@api.response(200, FeeRevisionSchema)
def approve(command: JudgeRevision, revision_id: int) -> FeeRevision:
    """Let a proposed text stand, as the second person."""
    with writing() as work:
        return service.approve(work, revision_id, command.reason)


@api.post("/<int:revision_id>/rejection")
@may("fee_revision:reject", subject=loaded)
@api.arguments(JudgeRevisionSchema)
@api.response(200, FeeRevisionSchema)
def reject(command: JudgeRevision, revision_id: int) -> FeeRevision:
    """Refuse a proposed text with a reason, as the second person."""
    with writing() as work:
        return service.reject(work, revision_id, command.reason)


@api.get("/<int:revision_id>/findings")
@may("fee_revision:read", subject=loaded)
@api.response(200, RevisedFindingsSchema)
def findings(revision_id: int) -> dict[str, Any]:
    """List the past fee cases a correction changes."""
    with reading() as work:
        return {"items": [one for one, _case in queries.findings(work.session, revision_id)]}
