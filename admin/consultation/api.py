"""Consultation in JSON; the same services as the pages."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, public, reading, writing
from admin.consultation import queries, service
from admin.consultation.commands import Answer, Approve, Ask, Reason
from admin.consultation.models import Consultation
from admin.consultation.schemas import (
    AnswerSchema,
    ApproveSchema,
    AskSchema,
    ConsultationReasonSchema,
    ConsultationSchema,
    HelpQuerySchema,
)
from admin.consultation.showing import loaded

api = Blueprint("consultation-api", __name__, url_prefix="/api/v1/consultations", description="咨询 · Consultation")


@api.get("")
@public
@api.arguments(HelpQuerySchema, location="query")
@api.response(200, ConsultationSchema(many=True))
def approved(query: dict[str, Any]) -> list[Consultation]:
    """Return the approved answers that fit best."""
    with reading() as work:
        return queries.approved(work.session, q=query["q"], item_code=query["item"], life=query["life"])


@api.post("")
@may("consultation:ask")
@api.arguments(AskSchema)
@api.response(201, ConsultationSchema)
def ask(command: Ask) -> Consultation:
    """Ask the offices."""
    with writing() as work:
        return service.ask(work, command)


@api.get("/<int:consultation_id>")
@public
@api.response(200, ConsultationSchema)
def show(consultation_id: int) -> Consultation:
    """Return one question with its answer."""
    with reading() as work:
        return queries.readable(work.session, work.actor, consultation_id)


@api.post("/<int:consultation_id>/answer")
@may("consultation:answer", subject=loaded)
@api.arguments(AnswerSchema)
@api.response(200, ConsultationSchema)
def answer(command: Answer, consultation_id: int) -> Consultation:
    """Answer the one who asked."""
    with writing() as work:
        return service.answer(work, consultation_id, command)


@api.post("/<int:consultation_id>/publication")
@may("consultation:publish", subject=loaded)
@api.arguments(ApproveSchema)
@api.response(200, ConsultationSchema)
def publish(command: Approve, consultation_id: int) -> Consultation:
    """Approve the answer for everybody."""
    with writing() as work:
        return service.publish(work, consultation_id, command)


@api.post("/<int:consultation_id>/closing")
@may("consultation:close", subject=loaded)
@api.arguments(ConsultationReasonSchema)
@api.response(200, ConsultationSchema)
def close(command: Reason, consultation_id: int) -> Consultation:
    """End the question without a public answer."""
    with writing() as work:
        return service.close(work, consultation_id, command)
