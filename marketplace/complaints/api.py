"""The JSON face of complaints: the same use cases as the pages."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint

from accounts.gate import may, public, reading, works, writing
from accounts.listing import listed
from core.work import Work
from marketplace.complaints import deciding, queries, service
from marketplace.complaints.acts import AFTERWARDS
from marketplace.complaints.commands import AnswerItem, DecideComplaint, FileComplaint, SayComplaint
from marketplace.complaints.loaders import asked_about, complaint_loader, sent_files
from marketplace.complaints.models import Complaint
from marketplace.complaints.permissions import POLICY
from marketplace.complaints.rules import CORRECTABLE
from marketplace.complaints.schemas import (
    ComplaintPageSchema,
    ComplaintQuerySchema,
    ComplaintSchema,
    ComplaintStubSchema,
    ComplaintTextSchema,
    DecideComplaintSchema,
    FileComplaintSchema,
    JudgeItemsSchema,
    ReviewComplaintSchema,
    SayComplaintSchema,
)
from marketplace.needs.loaders import need_of

api = Blueprint("complaints-api", __name__, url_prefix="/api/v1", description="异议和投诉 · Complaints")
TEXTS = ("matter", "clause", "wish", "reply", "appeal")


@api.get("/complaints")
@may("complaint:list")
@api.arguments(ComplaintQuerySchema, location="query")
@api.response(200, ComplaintPageSchema)
def index(query: dict[str, Any]) -> dict[str, Any]:
    """List the complaints this reader may read, newest first."""
    with reading() as work:
        page = queries.complaints_page(work.session, work.actor, **query)
    return listed(page)


@api.get("/needs/<int:need_id>/complaints")
@public
@api.response(200, ComplaintStubSchema(many=True))
def stubs(need_id: int) -> Any:
    """Tell the public of the complaints about a need; nobody is named."""
    with reading() as work:
        need_of(work, need_id)
        return queries.public_of_need(work.session, need_id)


@api.post("/complaints")
@may("complaint:file")
@api.arguments(FileComplaintSchema, location="form")
@api.response(201, ComplaintTextSchema)
def file(command: FileComplaint) -> dict[str, Any]:
    """File a complaint about what the address's query names; ``faults`` of a refusal lists everything missing."""
    about = asked_about()
    with writing() as work:
        return _told(work, service.file(work, about, command, sent_files()))


@api.get("/complaints/<int:complaint_id>")
@may("complaint:read", subject=complaint_loader)
@api.response(200, ComplaintTextSchema)
def one(complaint_id: int) -> dict[str, Any]:
    """Return one complaint, with its text for those who may read it."""
    deciding.catch_up(works(), complaint_id)
    with reading() as work:
        return _told(work, queries.complaint_by_id(work.session, complaint_id))


@api.post("/complaints/<int:complaint_id>/verdicts")
@may("complaint:judge", subject=complaint_loader)
@api.arguments(JudgeItemsSchema)
@api.response(200, ComplaintTextSchema)
def judge(command: dict[str, Any], complaint_id: int) -> dict[str, Any]:
    """Keep verdicts on the items, and accept or send back where asked."""
    with writing() as work:
        row = service.judge_items(work, complaint_id, command["items"])
        work.session.flush()
        if command["action"] in AFTERWARDS:
            AFTERWARDS[command["action"]](work, complaint_id)
        return _told(work, row)


@api.post("/complaints/<int:complaint_id>/refusal")
@may("complaint:refuse", subject=complaint_loader)
@api.arguments(SayComplaintSchema)
@api.response(200, ComplaintSchema)
def refuse(command: SayComplaint, complaint_id: int) -> Complaint:
    """Find a complaint not receivable."""
    with writing() as work:
        return service.refuse(work, complaint_id, command.text)


@api.post("/complaints/<int:complaint_id>/answers")
@may("complaint:answer", subject=complaint_loader)
@api.response(200, ComplaintTextSchema)
def answer(complaint_id: int) -> dict[str, Any]:
    """Answer the correction list: ``answer-KEY`` and ``file-KEY`` for each item it names."""
    words = [AnswerItem(key, request.form.get(f"answer-{key}", "")[:3000]) for key in CORRECTABLE]
    sent = [(key, upload) for key in CORRECTABLE for upload in sent_files(f"file-{key}")]
    with writing() as work:
        return _told(work, service.answer(work, complaint_id, words, sent))


@api.post("/complaints/<int:complaint_id>/withdrawal")
@may("complaint:withdraw", subject=complaint_loader)
@api.arguments(SayComplaintSchema)
@api.response(200, ComplaintSchema)
def withdraw(command: SayComplaint, complaint_id: int) -> Complaint:
    """Take a complaint back."""
    with writing() as work:
        return service.withdraw(work, complaint_id, command.text)


@api.post("/complaints/<int:complaint_id>/reply")
@may("complaint:reply", subject=complaint_loader)
@api.arguments(SayComplaintSchema, location="form")
@api.response(200, ComplaintTextSchema)
def reply(command: SayComplaint, complaint_id: int) -> dict[str, Any]:
    """Answer a complaint as the side complained of."""
    with writing() as work:
        return _told(work, deciding.reply(work, complaint_id, command.text, sent_files()))


@api.post("/complaints/<int:complaint_id>/decision")
@may("complaint:decide", subject=complaint_loader)
@api.arguments(DecideComplaintSchema)
@api.response(200, ComplaintTextSchema)
def decide(command: DecideComplaint, complaint_id: int) -> dict[str, Any]:
    """Decide a complaint."""
    with writing() as work:
        return _told(work, deciding.decide(work, complaint_id, command))


@api.post("/complaints/<int:complaint_id>/appeal")
@may("complaint:appeal", subject=complaint_loader)
@api.arguments(SayComplaintSchema)
@api.response(200, ComplaintSchema)
def appeal(command: SayComplaint, complaint_id: int) -> Complaint:
    """Ask for a review by another officer."""
    with writing() as work:
        return deciding.appeal(work, complaint_id, command.text)


@api.post("/complaints/<int:complaint_id>/review")
@may("complaint:review", subject=complaint_loader)
@api.arguments(ReviewComplaintSchema)
@api.response(200, ComplaintTextSchema)
def review(command: DecideComplaint, complaint_id: int) -> dict[str, Any]:
    """Confirm or overturn a decision as another officer."""
    with writing() as work:
        return _told(work, deciding.review(work, complaint_id, command))


def _told(work: Work, row: Complaint) -> dict[str, Any]:
    """Return what this reader may read of a complaint as plain values; contact data never."""
    work.session.flush()
    told = {name: getattr(row, name) for name in ComplaintSchema().fields}
    if work.allows(POLICY, "complaint:text", row):
        told |= {name: getattr(row, name) for name in TEXTS}
        told["conditions"] = list(queries.items_of(work.session, row.id).values())
    return told
