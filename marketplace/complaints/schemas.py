"""Shape and range of what complaints take in, and of what they give out as JSON. Contact data is never given out."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from core.corrections import ItemVerdict
from core.forms import Choice, CommandSchema, Day, Flag, Text, Whole, page_of
from core.paging import MOST
from marketplace.complaints import rules
from marketplace.complaints.commands import DecideComplaint, FileComplaint, JudgeItem, SayComplaint
from marketplace.complaints.lifecycle import Aspect, Remedy, Subject


class AboutSchema(CommandSchema):
    """What a complaint is about, by the ids in an address."""

    subject = Choice(Subject, required=True)
    need_id = Whole(low=1, required=False, load_default=None)
    agency_id = Whole(low=1, required=False, load_default=None)
    earlier_id = Whole(low=1, required=False, load_default=None)


class FileComplaintSchema(CommandSchema):
    """A complaint as typed; what is missing is judged by the service, all at once."""

    command = FileComplaint
    aspect = Choice(Aspect, required=True)
    matter = Text(max=rules.LONGEST_TEXT, required=False)
    clause = Text(max=300, required=False)
    wish = Text(max=1000, required=False)
    contact_name = Text(max=60, required=False)
    contact_phone = Text(max=40, required=False)
    sealed = Flag(load_default=False)
    promised_on = Day(load_default=None, allow_none=True)
    against = Whole(low=1, required=False, load_default=None)


class JudgeItemSchema(CommandSchema):
    """What an officer says of one item."""

    command = JudgeItem
    key = Text(max=20, required=True)
    verdict = Choice(ItemVerdict, required=True)
    note = Text(max=500, required=False)
    promised_on = Day(load_default=None, allow_none=True)


class JudgeItemsSchema(Schema):
    """What an officer says of several items, and what to do then."""

    items = fields.List(fields.Nested(JudgeItemSchema), load_default=list)
    action = fields.String(load_default="save", validate=validate.OneOf(("save", "accept", "send_back")))


class SayComplaintSchema(CommandSchema):
    """A reply, an appeal, or a reason."""

    command = SayComplaint
    text = Text(max=rules.LONGEST_TEXT, required=True, min=rules.SHORTEST_TEXT)


class DecideComplaintSchema(CommandSchema):
    """A first decision."""

    command = DecideComplaint
    verdict = Choice(("uphold", "uphold_partly", "dismiss"), required=True)
    reason = Text(max=rules.LONGEST_TEXT, required=True, min=rules.SHORTEST_TEXT)
    clause = Text(max=300, required=False)
    remedy = Choice(Remedy, load_default=Remedy.NONE, required=False)


class ReviewComplaintSchema(CommandSchema):
    """Another officer's decision on an appeal; a remedy only where a dismissal is overturned."""

    command = DecideComplaint
    verdict = Choice(("confirm", "overturn"), required=True)
    reason = Text(max=rules.LONGEST_TEXT, required=True, min=rules.SHORTEST_TEXT)
    remedy = Choice(Remedy, load_default=Remedy.NONE, required=False)


class ComplaintSchema(Schema):
    """One complaint as everybody who may read the case sees it."""

    id = fields.Integer()
    number = fields.String()
    subject = fields.String()
    aspect = fields.String()
    state = fields.String()
    need_id = fields.Integer(allow_none=True)
    agency_id = fields.Integer(allow_none=True)
    earlier_id = fields.Integer(allow_none=True)
    filed_at = fields.AwareDateTime()
    judge_by = fields.AwareDateTime()
    correct_by = fields.AwareDateTime(allow_none=True)
    accepted_at = fields.AwareDateTime(allow_none=True)
    deemed = fields.Boolean()
    reply_by = fields.AwareDateTime(allow_none=True)
    decide_by = fields.AwareDateTime(allow_none=True)
    outcome = fields.String(allow_none=True)
    decision = fields.String()
    decision_clause = fields.String()
    remedy = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    appeal_by = fields.AwareDateTime(allow_none=True)
    review_by = fields.AwareDateTime(allow_none=True)
    review = fields.String(allow_none=True)
    reviewed_at = fields.AwareDateTime(allow_none=True)
    final_at = fields.AwareDateTime(allow_none=True)
    remedy_note = fields.String()
    stands = fields.Boolean()


class ComplaintItemSchema(Schema):
    """One thing a complaint needs, and what was said of it."""

    key = fields.String()
    verdict = fields.String()
    note = fields.String()
    answer = fields.String()
    promised_on = fields.Date(allow_none=True)


class ComplaintTextSchema(ComplaintSchema):
    """One complaint with its text, for both sides and the office; the text is absent for who may not read it."""

    matter = fields.String()
    clause = fields.String()
    wish = fields.String()
    reply = fields.String(allow_none=True)
    appeal = fields.String(allow_none=True)
    conditions = fields.List(fields.Nested(ComplaintItemSchema))


ComplaintPageSchema = page_of(ComplaintSchema, "ComplaintPageSchema")


class ComplaintStubSchema(Schema):
    """What the public is told of a complaint about a need."""

    number = fields.String()
    state = fields.String()
    accepted_at = fields.AwareDateTime()
    outcome = fields.String(allow_none=True)
    remedy = fields.String(allow_none=True)


class ComplaintQuerySchema(Schema):
    """Where a page of complaints begins."""

    after = fields.Integer(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, MOST))
