"""What revisions read and write."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from agencies.revisions import rules
from agencies.revisions.commands import JudgeRevision, WriteRevision
from core.forms import CommandSchema, Day, Fen, Text, page_of
from core.paging import MOST


class WriteRevisionSchema(CommandSchema):
    """A revision as typed; the text may come as a file instead, which the page reads first."""

    command = WriteRevision
    schedule_id = Text(max=60)
    text = Text(max=rules.LONGEST_TEXT)
    effective_on = Day(required=True)
    reason = Text(max=rules.LONGEST_REASON, min=rules.SHORTEST_REASON)
    citation = Text(max=rules.LONGEST_REASON, min=rules.SHORTEST_REASON)
    base_sha256 = Text(max=64, required=False)


class JudgeRevisionSchema(CommandSchema):
    """A verdict's reason."""

    command = JudgeRevision
    reason = Text(max=rules.LONGEST_REASON, min=rules.SHORTEST_REASON)


class FeeRevisionRowSchema(Schema):
    """One revision without its text."""

    id = fields.Integer()
    schedule_id = fields.String()
    state = fields.String()
    effective_on = fields.Date()
    correction = fields.Boolean()
    reason = fields.String()
    citation = fields.String()
    text_sha256 = fields.String()
    base_sha256 = fields.String()
    author_org_id = fields.Integer()
    approver_org_id = fields.Integer(allow_none=True)
    approved_no = fields.Integer(allow_none=True)
    decision = fields.String(allow_none=True)
    drafted_at = fields.AwareDateTime()
    proposed_at = fields.AwareDateTime(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    in_force_at = fields.AwareDateTime(allow_none=True)
    recomputed_at = fields.AwareDateTime(allow_none=True)


class FeeRevisionSchema(FeeRevisionRowSchema):
    """One revision in full."""

    text = fields.String()
    base_text = fields.String()


FeeRevisionPageSchema = page_of(FeeRevisionRowSchema, "FeeRevisionPageSchema")


class FeeRevisionQuerySchema(Schema):
    """What the list is narrowed by."""

    schedule_id = fields.String(load_default="")
    after = fields.Integer(load_default=None)
    limit = fields.Integer(load_default=None, validate=validate.Range(1, MOST))


class RevisedFindingSchema(Schema):
    """A past fee case a correction changes: benchmark and limit before and after, and whether it would stand."""

    case_id = fields.Integer()
    old_base_fen = Fen(attribute="old_base", allow_none=True)
    new_base_fen = Fen(attribute="new_base", allow_none=True)
    old_limit_fen = Fen(attribute="old_limit", allow_none=True)
    new_limit_fen = Fen(attribute="new_limit", allow_none=True)
    stands = fields.Boolean()


class RevisedFindingsSchema(Schema):
    """All findings a correction changes."""

    items = fields.List(fields.Nested(RevisedFindingSchema))
