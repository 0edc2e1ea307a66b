"""Agencies and registration in JSON."""

from __future__ import annotations

from typing import Any

from accounts.gate import may, public, reading, signed_in, writing
from accounts.listing import next_page
from agencies.registration import change_api, queries, service
from agencies.registration.api_base import api
from agencies.registration.commands import AddPractitioner, AddQualification, MaterialVerdict, SaveDetails
from agencies.registration.desk import reviewed
from agencies.registration.models import Agency
from agencies.registration.queries import Shelf
from agencies.registration.schemas import (
    AcceptanceSchema,
    AgencyPageSchema,
    AgencyQuerySchema,
    AgencySchema,
    DetailsSchema,
    GivenSchema,
    ItemsSchema,
    NoticeSchema,
    PractitionerOutSchema,
    PractitionerSchema,
    QualificationOutSchema,
    QualificationSchema,
    ReasonSchema,
    RegistrationSchema,
    SendBackSchema,
    VerdictsSchema,
)
from core.clock import beijing_day
from core.errors import Forbidden
from core.work import Work

__all__ = ["api", "change_api"]


@api.get("/agencies")
@public
@api.arguments(AgencyQuerySchema, location="query")
@api.response(200, AgencyPageSchema)
def agencies(query: dict[str, Any]) -> dict[str, Any]:
    """List agencies on the shelf, best first, narrowed by item, town, grade and on-time share."""
    asked = Shelf(query["item"], tuple(query["town"]), tuple(query["grade"]), query["on_time_percent"], query["sort"])
    with reading() as work:
        page = queries.listed_agencies(work.session, asked, after=query["after"], limit=query["limit"])
    return {"items": page.items, "next": next_page(page.after)}


@api.get("/agencies/<int:agency_id>")
@public
@api.response(200, AgencySchema)
def agency(agency_id: int) -> dict[str, Any]:
    """Return an agency's public record."""
    with reading() as work:
        row = queries.visible_agency(work.session, work.actor, agency_id)
        return {
            **{name: getattr(row, name) for name in AgencySchema().fields if hasattr(row, name)},
            "items": [one.code for one in queries.offered_items(work.session, agency_id)],
            "qualifications": queries.qualifications_of(work.session, agency_id),
            "practitioners": queries.practitioners_of(work.session, agency_id),
        }


def _whole(work: Work, row: Agency) -> dict[str, Any]:
    """Return a registration with what is still missing."""
    asked = [one.code for one in queries.asked_for(work.session, row.id)]
    given = queries.materials_of(work.session, row.id)
    names = ("id", "name", "state", "town_code", "submitted_at", "due_at", "listed_at", "deemed", "corrections_n")
    return {
        **{name: getattr(row, name) for name in names},
        "missing": [one.code for one in queries.readiness(work.session, row, beijing_day(work.clock.now()))],
        "items": [one.code for one in queries.offered_items(work.session, row.id)],
        "materials": [given.get(key, {"key": key, "verdict": "pending", "file_id": None}) for key in asked],
    }


@api.post("/registrations")
@signed_in
@api.response(201, RegistrationSchema)
def open_registration() -> dict[str, Any]:
    """Begin the registration of the caller's own organisation, or return the one begun."""
    with writing() as work:
        if work.actor.org_id is None:
            raise Forbidden("not-allowed", permission="registration:open")
        return _whole(work, service.open_registration(work, work.actor.org_id))


@api.get("/registrations/<int:agency_id>")
@may("registration:see_papers", subject=reviewed)
@api.response(200, RegistrationSchema)
def registration(agency_id: int) -> dict[str, Any]:
    """Return a registration: its state, what is missing, its materials and their verdicts."""
    with reading() as work:
        return _whole(work, queries.agency_by_id(work.session, agency_id))


@api.put("/registrations/<int:agency_id>/details")
@may("registration:edit", subject=reviewed)
@api.arguments(DetailsSchema)
@api.response(200, RegistrationSchema)
def details(command: SaveDetails, agency_id: int) -> dict[str, Any]:
    """Set contact, introduction and founding day."""
    with writing() as work:
        return _whole(work, service.save_details(work, agency_id, command))


@api.post("/registrations/<int:agency_id>/qualifications")
@may("registration:edit", subject=reviewed)
@api.arguments(QualificationSchema)
@api.response(201, QualificationOutSchema)
def add_qualification(command: AddQualification, agency_id: int) -> Any:
    """Enter a qualification."""
    with writing() as work:
        return service.add_qualification(work, agency_id, command)


@api.delete("/registrations/<int:agency_id>/qualifications/<int:qualification_id>")
@may("registration:edit", subject=reviewed)
@api.response(204)
def withdraw_qualification(agency_id: int, qualification_id: int) -> None:
    """Take a qualification off the list."""
    with writing() as work:
        service.withdraw_qualification(work, agency_id, qualification_id)


@api.post("/registrations/<int:agency_id>/practitioners")
@may("registration:edit", subject=reviewed)
@api.arguments(PractitionerSchema)
@api.response(201, PractitionerOutSchema)
def add_practitioner(command: AddPractitioner, agency_id: int) -> Any:
    """Enter a practitioner; the identity number is never given back."""
    with writing() as work:
        return service.add_practitioner(work, agency_id, command)


@api.delete("/registrations/<int:agency_id>/practitioners/<int:practitioner_id>")
@may("registration:edit", subject=reviewed)
@api.response(204)
def release_practitioner(agency_id: int, practitioner_id: int) -> None:
    """Record that a practitioner left."""
    with writing() as work:
        service.release_practitioner(work, agency_id, practitioner_id)


@api.put("/registrations/<int:agency_id>/items")
@may("registration:edit", subject=reviewed)
@api.arguments(ItemsSchema)
@api.response(200, RegistrationSchema)
def choose_items(command: dict[str, Any], agency_id: int) -> dict[str, Any]:
    """Set the service items offered."""
    with writing() as work:
        service.choose_items(work, agency_id, command["items"])
        return _whole(work, queries.agency_by_id(work.session, agency_id))


@api.put("/registrations/<int:agency_id>/materials/<string:key>")
@may("registration:edit", subject=reviewed)
@api.arguments(GivenSchema)
@api.response(200, RegistrationSchema)
def give_material(command: dict[str, Any], agency_id: int, key: str) -> dict[str, Any]:
    """Hand in a paper by the id of a stored file, or answer a correction in words."""
    with writing() as work:
        service.give_material(work, agency_id, key, command["file_id"], command["statement"])
        return _whole(work, queries.agency_by_id(work.session, agency_id))


@api.post("/registrations/<int:agency_id>/commitment")
@may("registration:edit", subject=reviewed)
@api.response(200, RegistrationSchema)
def commit(agency_id: int) -> dict[str, Any]:
    """Accept the commitment letter."""
    with writing() as work:
        return _whole(work, service.commit(work, agency_id))


@api.post("/registrations/<int:agency_id>/submission")
@may("registration:submit", subject=reviewed)
@api.response(200, RegistrationSchema)
def submit(agency_id: int) -> dict[str, Any]:
    """Hand the registration in; the operator then has five working days."""
    with writing() as work:
        return _whole(work, service.submit(work, agency_id))


@api.put("/registrations/<int:agency_id>/verdicts")
@may("registration:review", subject=reviewed)
@api.arguments(VerdictsSchema)
@api.response(200, RegistrationSchema)
def judge(command: dict[str, list[MaterialVerdict]], agency_id: int) -> dict[str, Any]:
    """Keep verdicts on materials; nothing is sent yet."""
    with writing() as work:
        return _whole(work, service.judge(work, agency_id, command["verdicts"]))


@api.post("/registrations/<int:agency_id>/correction")
@may("registration:send_back", subject=reviewed)
@api.arguments(SendBackSchema)
@api.response(201, NoticeSchema)
def send_back(command: dict[str, str], agency_id: int) -> Any:
    """Send the one correction list; every material must have its verdict."""
    with writing() as work:
        return service.send_back(work, agency_id, command["supervisor_reason"])


@api.post("/registrations/<int:agency_id>/acceptance")
@may("registration:review", subject=reviewed)
@api.arguments(AcceptanceSchema)
@api.response(200, RegistrationSchema)
def accept(command: dict[str, bool], agency_id: int) -> dict[str, Any]:
    """Accept a registration, or accept it while promised secondary papers follow."""
    with writing() as work:
        if command["with_gaps"]:
            return _whole(work, service.accept_with_gaps(work, agency_id))
        return _whole(work, service.accept(work, agency_id))


@api.post("/registrations/<int:agency_id>/gaps-closed")
@may("registration:close_gaps", subject=reviewed)
@api.response(200, RegistrationSchema)
def close_gaps(agency_id: int) -> dict[str, Any]:
    """Record that every promised paper came."""
    with writing() as work:
        return _whole(work, service.close_gaps(work, agency_id))


@api.post("/registrations/<int:agency_id>/suspension")
@may("registration:suspend", subject=reviewed)
@api.arguments(ReasonSchema)
@api.response(200, RegistrationSchema)
def suspend(command: dict[str, str], agency_id: int) -> dict[str, Any]:
    """Take an agency off the shelf for a time."""
    with writing() as work:
        return _whole(work, service.suspend(work, agency_id, command["reason"]))


@api.post("/registrations/<int:agency_id>/resumption")
@may("registration:resume", subject=reviewed)
@api.arguments(ReasonSchema)
@api.response(200, RegistrationSchema)
def resume(command: dict[str, str], agency_id: int) -> dict[str, Any]:
    """Put a suspended agency back on the shelf."""
    with writing() as work:
        return _whole(work, service.resume(work, agency_id, command["reason"]))


@api.post("/registrations/<int:agency_id>/removal")
@may("registration:remove", subject=reviewed)
@api.arguments(ReasonSchema)
@api.response(200, RegistrationSchema)
def remove(command: dict[str, str], agency_id: int) -> dict[str, Any]:
    """Take an agency off the shelf for good."""
    with writing() as work:
        return _whole(work, service.remove(work, agency_id, command["reason"]))
