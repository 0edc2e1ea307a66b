"""Qualifications on their way, in JSON: judge, send back once, answer, promise, accept; and a person's new term."""

from __future__ import annotations

from typing import Any

from accounts.gate import may, reading, works, writing
from agencies.registration import queries, service
from agencies.registration.api_base import api
from agencies.registration.change_pages import changed
from agencies.registration.changes import catch_up
from agencies.registration.commands import AnswerList, ItemJudged
from agencies.registration.desk import reviewed
from agencies.registration.models import Qualification
from agencies.registration.schemas import (
    AcceptanceSchema,
    AnswerListSchema,
    ChangeNoticeSchema,
    ChangeSchema,
    ItemsJudgedSchema,
    PractitionerOutSchema,
    PromisedSchema,
    SendBackSchema,
    TermSchema,
)
from core.work import Work


def _whole(work: Work, row: Qualification) -> dict[str, Any]:
    work.session.flush()
    return {
        **{name: getattr(row, name) for name in ChangeSchema.OWN},
        "items": list(queries.change_items(work.session, row.id).values()),
        "notices": queries.change_notices(work.session, row.id),
    }


@api.get("/qualifications/<int:qualification_id>")
@may("qualification:see_change", subject=changed)
@api.response(200, ChangeSchema)
def change(qualification_id: int) -> dict[str, Any]:
    """Return a qualification with what was judged of it and every correction list; what is late is done first."""
    catch_up(works(), qualification_id)
    with reading() as work:
        return _whole(work, changed(work, qualification_id))


@api.put("/qualifications/<int:qualification_id>/verdicts")
@may("qualification:judge", subject=changed)
@api.arguments(ItemsJudgedSchema)
@api.response(200, ChangeSchema)
def judge_change(command: dict[str, list[ItemJudged]], qualification_id: int) -> dict[str, Any]:
    """Keep verdicts on items; nothing is sent yet."""
    with writing() as work:
        return _whole(work, service.judge_change(work, qualification_id, command["verdicts"]))


@api.post("/qualifications/<int:qualification_id>/correction")
@may("qualification:send_back", subject=changed)
@api.arguments(SendBackSchema)
@api.response(201, ChangeNoticeSchema)
def send_change_back(command: dict[str, str], qualification_id: int) -> Any:
    """Send the one correction list; every item must have its verdict."""
    with writing() as work:
        return service.send_change_back(work, qualification_id, command["supervisor_reason"])


@api.post("/qualifications/<int:qualification_id>/acceptance")
@may("qualification:judge", subject=changed)
@api.arguments(AcceptanceSchema)
@api.response(200, ChangeSchema)
def accept_change(command: dict[str, bool], qualification_id: int) -> dict[str, Any]:
    """Let a change count, perhaps while promised minor papers follow."""
    with writing() as work:
        deed = service.accept_change_with_gaps if command["with_gaps"] else service.accept_change
        return _whole(work, deed(work, qualification_id))


@api.post("/qualifications/<int:qualification_id>/answers")
@may("qualification:answer", subject=changed)
@api.arguments(AnswerListSchema)
@api.response(200, ChangeSchema)
def answer_change(command: AnswerList, qualification_id: int) -> dict[str, Any]:
    """Answer the correction list, all of it."""
    with writing() as work:
        return _whole(work, service.answer(work, qualification_id, command))


@api.post("/qualifications/<int:qualification_id>/promised")
@may("qualification:answer", subject=changed)
@api.arguments(PromisedSchema)
@api.response(200, ChangeSchema)
def bring_promised(command: dict[str, Any], qualification_id: int) -> dict[str, Any]:
    """Hand in a promised paper by the id of a stored file."""
    with writing() as work:
        return _whole(work, service.bring_promised(work, qualification_id, command["key"], command["file_id"]))


@api.post("/qualifications/<int:qualification_id>/gaps-closed")
@may("qualification:close_gaps", subject=changed)
@api.response(200, ChangeSchema)
def close_change_gaps(qualification_id: int) -> dict[str, Any]:
    """Record that every promised paper came."""
    with writing() as work:
        return _whole(work, service.close_change_gaps(work, qualification_id))


@api.put("/registrations/<int:agency_id>/practitioners/<int:practitioner_id>/term")
@may("registration:edit", subject=reviewed)
@api.arguments(TermSchema)
@api.response(200, PractitionerOutSchema)
def renew_practitioner(command: dict[str, Any], agency_id: int, practitioner_id: int) -> Any:
    """Enter the new last day of a person's certificate."""
    with writing() as work:
        return service.renew_practitioner(work, agency_id, practitioner_id, command["valid_to"])
