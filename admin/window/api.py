"""The window desk in JSON; the same services as the pages. A signed paper is sent as multipart, all else as JSON."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from accounts.gate import may, public, reading, works, writing
from accounts.models import Organisation
from accounts.pages import site
from admin.window import courier, filing, queries, service, showing, standing_in
from admin.window.commands import Announce, End, FoundEnterprise, Receive, RecordConsent, Scan, Send, Sign, TypeCode
from admin.window.counter_pages import tallies
from admin.window.lifecycle import ConsentKind
from admin.window.models import Consent, Shipment, Visit
from admin.window.rules import bucket
from admin.window.schemas import (
    AnnounceSchema,
    ConsentCodeSchema,
    ConsentSchema,
    FiledComplaintSchema,
    FoundedSchema,
    FoundEnterpriseSchema,
    PurchaseWindowSchema,
    ReceiveSchema,
    RecordConsentSchema,
    SendSchema,
    ShipmentSchema,
    SignShipmentSchema,
    VisitQuerySchema,
    VisitRowSchema,
    VisitSchema,
    VisitShareSchema,
    WindowEndSchema,
)
from agencies.fees.commands import PostPrice
from agencies.fees.schemas import PostedPriceSchema, PostPriceSchema
from agencies.registration.commands import AddQualification
from agencies.registration.schemas import QualificationOutSchema, QualificationSchema
from core.errors import Invalid
from core.work import Work
from marketplace.complaints.commands import FileComplaint
from marketplace.complaints.loaders import sent_files
from marketplace.complaints.schemas import FileComplaintSchema
from marketplace.needs.commands import WriteNeed
from marketplace.needs.schemas import NeedSchema, QuestionSchema, TextSchema, WriteNeedSchema

api = Blueprint("window-api", __name__, url_prefix="/api/v1", description="镇街窗口 · Window desk")


class ScanFileSchema(Schema):
    """The scan of a signed paper, sent as multipart."""

    file = fields.Raw(metadata={"type": "string", "format": "binary"})


@api.post("/window/visits")
@may("window:receive")
@api.arguments(ReceiveSchema)
@api.response(201, VisitSchema)
def receive(command: Receive) -> dict[str, Any]:
    """Receive a visitor."""
    with writing() as work:
        return _whole(work, service.receive(work, command))


@api.get("/window/visits")
@may("window:desk")
@api.response(200, VisitRowSchema(many=True))
def visit_list() -> list[Visit]:
    """List the town's newest visits, open ones first."""
    with reading() as work:
        return [row for row, _name in queries.visits_of_town(work.session, work.actor)]


@api.post("/window/enterprises")
@may("window:receive")
@api.arguments(FoundEnterpriseSchema)
@api.response(201, FoundedSchema)
def found(command: FoundEnterprise) -> Organisation:
    """Enter a visitor's enterprise; its manager sets the password by mail."""
    with writing() as work:
        return service.found_enterprise(work, command, site=site())


@api.get("/window/visits/<int:visit_id>")
@may("visit:read", subject=showing.visit_of)
@api.response(200, VisitSchema)
def visit(visit_id: int) -> dict[str, Any]:
    """Return a visit with its consent and the code of its receipt."""
    service.expire_if_due(works(), visit_id)
    with reading() as work:
        return _whole(work, queries.visit_by_id(work.session, visit_id))


@api.post("/window/visits/<int:visit_id>/consents")
@may("consent:record", subject=showing.visit_of)
@api.arguments(ScanFileSchema, location="files")
@api.arguments(RecordConsentSchema, location="form")
@api.response(201, ConsentSchema)
def record(_files: dict[str, Any], command: RecordConsent, visit_id: int) -> dict[str, Any]:
    """Record a consent, as multipart; with ``kind`` code the answer holds the code for the visitor to type."""
    sent = request.files.get("file")
    scan = Scan(sent.stream, sent.filename or "") if sent is not None and sent.filename else None
    with writing() as work:
        row = service.record_consent(work, visit_id, command, scan)
        return {**_plain(row), "code": service.code_of(row) if row.kind is ConsentKind.CODE else ""}


@api.post("/window/visits/<int:visit_id>/filing")
@may("window:file", subject=showing.consent_of_visit)
@api.arguments(WriteNeedSchema)
@api.response(201, NeedSchema)
def file_need(command: WriteNeed, visit_id: int) -> Any:
    """Draft and publish a need for the visitor's enterprise."""
    with writing() as work:
        return filing.file_need(work, visit_id, command)


@api.post("/window/visits/<int:visit_id>/complaint")
@may("window:file", subject=showing.consent_of_visit)
@api.arguments(FileComplaintSchema, location="form")
@api.response(201, FiledComplaintSchema)
def file_complaint(command: FileComplaint, visit_id: int) -> Any:
    """File a complaint about the visit's notice for the visitor's agency."""
    with writing() as work:
        return filing.file_complaint(work, visit_id, command, sent_files())


@api.post("/window/visits/<int:visit_id>/qualification")
@may("window:file", subject=showing.consent_of_visit)
@api.arguments(QualificationSchema)
@api.response(201, QualificationOutSchema)
def register(command: AddQualification, visit_id: int) -> Any:
    """Enter a qualification for the visitor's agency."""
    with writing() as work:
        return filing.register(work, visit_id, command)


@api.post("/window/visits/<int:visit_id>/question")
@may("window:file", subject=showing.consent_of_visit)
@api.arguments(TextSchema)
@api.response(201, QuestionSchema)
def question(data: dict[str, Any], visit_id: int) -> Any:
    """Ask about the visit's notice for an agency; answer what waits there for its enterprise."""
    with writing() as work:
        return standing_in.ask_or_answer(work, visit_id, data["text"])


@api.post("/window/visits/<int:visit_id>/receipt")
@may("window:file", subject=showing.consent_of_visit)
@api.response(200, VisitSchema)
def receipt(visit_id: int) -> dict[str, Any]:
    """Accept the delivered result of the visit's notice for its enterprise."""
    with writing() as work:
        standing_in.take_result(work, visit_id)
        return _whole(work, queries.visit_by_id(work.session, visit_id))


@api.post("/window/visits/<int:visit_id>/registration")
@may("window:file", subject=showing.consent_of_visit)
@api.response(200, VisitSchema)
def registration(visit_id: int) -> dict[str, Any]:
    """Hand the registration of the visitor's agency in."""
    with writing() as work:
        standing_in.hand_in(work, visit_id)
        return _whole(work, queries.visit_by_id(work.session, visit_id))


@api.post("/window/visits/<int:visit_id>/price")
@may("window:file", subject=showing.consent_of_visit)
@api.arguments(PostPriceSchema)
@api.response(201, PostedPriceSchema)
def price(command: PostPrice, visit_id: int) -> Any:
    """Post a price of the visitor's agency."""
    with writing() as work:
        return standing_in.post_price(work, visit_id, command)


@api.post("/window/visits/<int:visit_id>/finish")
@may("visit:finish", subject=showing.visit_of)
@api.response(200, VisitSchema)
def finish(visit_id: int) -> dict[str, Any]:
    """End a visit whose matter is done."""
    with writing() as work:
        return _whole(work, service.finish(work, visit_id))


@api.post("/window/visits/<int:visit_id>/cancel")
@may("visit:cancel", subject=showing.visit_of)
@api.arguments(WindowEndSchema)
@api.response(200, VisitSchema)
def cancel(command: End, visit_id: int) -> dict[str, Any]:
    """End a visit entered in error."""
    with writing() as work:
        return _whole(work, service.cancel(work, visit_id, command))


@api.post("/window/consents/<int:consent_id>/code")
@may("consent:give", subject=showing.consent_of)
@api.arguments(ConsentCodeSchema)
@api.response(200, ConsentSchema)
def confirm(command: TypeCode, consent_id: int) -> dict[str, Any]:
    """Give a consent by the code shown at the window."""
    with writing() as work:
        right = service.confirm(work, consent_id, command)
    if not right:
        raise Invalid("consent-code-wrong", field="code")
    with reading() as work:
        return _plain(queries.consent_by_id(work.session, consent_id))


@api.post("/window/consents/<int:consent_id>/withdraw")
@may("consent:withdraw", subject=showing.consent_of)
@api.response(200, ConsentSchema)
def withdraw(consent_id: int) -> dict[str, Any]:
    """Take a consent back."""
    with writing() as work:
        return _plain(service.withdraw(work, consent_id))


@api.get("/needs/<int:need_id>/window")
@may("window:purchase", subject=showing.purchase_of)
@api.response(200, PurchaseWindowSchema)
def purchase(need_id: int) -> dict[str, Any]:
    """Return a purchase's visits and shipments, beside the clock of its contract."""
    with reading() as work:
        found = queries.purchase(work, need_id)
        visits = queries.visits_n(work.session, need_id)
        return {
            "need_id": need_id,
            "visits": visits,
            "bucket": bucket(visits),
            "due_at": found.contract.due_at if found.contract is not None else None,
            "delivered_at": found.contract.delivered_at if found.contract is not None else None,
            "shipments": queries.shipments_of(work.session, need_id),
        }


@api.post("/needs/<int:need_id>/shipments")
@may("shipment:announce", subject=showing.purchase_of)
@api.arguments(AnnounceSchema)
@api.response(201, ShipmentSchema)
def announce(command: Announce, need_id: int) -> Shipment:
    """Say what will be couriered."""
    with writing() as work:
        return courier.announce(work, need_id, command)


@api.get("/shipments/<int:shipment_id>")
@may("shipment:read", subject=showing.shipment_of)
@api.response(200, ShipmentSchema)
def shipment(shipment_id: int) -> Shipment:
    """Return one shipment."""
    with reading() as work:
        return queries.shipment_by_id(work.session, shipment_id)


@api.post("/shipments/<int:shipment_id>/send")
@may("shipment:send", subject=showing.shipment_of)
@api.arguments(SendSchema)
@api.response(200, ShipmentSchema)
def send(command: Send, shipment_id: int) -> Shipment:
    """Note that it left, with the carrier's number."""
    with writing() as work:
        return courier.send(work, shipment_id, command)


@api.post("/shipments/<int:shipment_id>/sign")
@may("shipment:sign", subject=showing.shipment_of)
@api.arguments(SignShipmentSchema)
@api.response(200, ShipmentSchema)
def sign(command: Sign, shipment_id: int) -> Shipment:
    """Record who signed, in which role, and when."""
    with writing() as work:
        return courier.sign(work, shipment_id, command)


@api.post("/shipments/<int:shipment_id>/return")
@may("shipment:send_back", subject=showing.shipment_of)
@api.arguments(WindowEndSchema)
@api.response(200, ShipmentSchema)
def send_back(command: End, shipment_id: int) -> Shipment:
    """Note that it came back."""
    with writing() as work:
        return courier.send_back(work, shipment_id, command)


@api.post("/shipments/<int:shipment_id>/loss")
@may("shipment:lose", subject=showing.shipment_of)
@api.arguments(WindowEndSchema)
@api.response(200, ShipmentSchema)
def lose(command: End, shipment_id: int) -> Shipment:
    """Note that it was lost."""
    with writing() as work:
        return courier.lose(work, shipment_id, command)


@api.get("/visits")
@public
@api.arguments(VisitQuerySchema, location="query")
@api.response(200, VisitShareSchema(many=True))
def visits(query: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the shares of purchases with no visit, one, more; per service item or town, of the last twelve months."""
    with reading() as work:
        found = tallies(work, query["by"])
    return [
        {"code": row.code, "n": row.n, "zero": row.share(row.zero), "one": row.share(row.one)}
        | {"more": row.share(row.more)}
        for row in found
    ]


def _whole(work: Work, row: Visit) -> dict[str, Any]:
    consent = queries.latest_consent(work.session, row.id)
    paper = filing.receipt_of(work.session, row.id)
    plain = {name: getattr(row, name) for name in ("id", "org_id", "town_code", "matter", "need_id", "state")}
    return {
        **plain,
        "opened_at": row.opened_at,
        "ended_at": row.ended_at,
        "consent": _plain(consent) if consent is not None else None,
        "receipt": paper.code if paper is not None else None,
    }


def _plain(row: Consent) -> dict[str, Any]:
    names = ("id", "visit_id", "item_code", "purpose", "kind", "until", "state", "given_at", "need_id",
             "covers", "scan_deleted_at")  # fmt: skip
    return {name: getattr(row, name) for name in names}
