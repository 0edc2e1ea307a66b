"""The JSON face of contracts: the same use cases as the pages."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import Schema, fields

from accounts.gate import may, public, reading, signed_in, works, writing
from accounts.listing import listed
from core import papers
from core.errors import Invalid, NotFound
from core.forms import page_of
from marketplace.contracts import late, queries, service, turn_api
from marketplace.contracts.api_base import api, whole
from marketplace.contracts.commands import Deliver, Reason, ReviseContract, Settle, SignContract, Terminate, Upload
from marketplace.contracts.deal import award_loader, contract_loader
from marketplace.contracts.schemas import (
    ContractReasonSchema,
    ContractSchema,
    ContractSummarySchema,
    DeliverableSchema,
    DeliverSchema,
    PaperSchema,
    ReviseJsonSchema,
    SettleJsonSchema,
    SettlementSchema,
    SignJsonSchema,
)
from marketplace.contracts.turn_schemas import TerminateJsonSchema
from marketplace.selection.queries import award_of

__all__ = ["api", "turn_api"]


class DealPageQuerySchema(Schema):
    """Which page of a list."""

    after = fields.Integer(load_default=None)
    limit = fields.Integer(load_default=None)


DealPageSchema = page_of(ContractSummarySchema, "DealPageSchema")


class ResultFileSchema(Schema):
    """The file of a version, sent as multipart."""

    file = fields.Raw(metadata={"type": "string", "format": "binary"})


@api.get("/contracts")
@signed_in
@api.arguments(DealPageQuerySchema, location="query")
@api.response(200, DealPageSchema)
def mine(args: dict[str, Any]) -> dict[str, Any]:
    """List the contracts this reader may read, newest first."""
    with reading() as work:
        return listed(queries.contracts_page(work.session, work.actor, **args))


@api.get("/deals")
@public
@api.arguments(DealPageQuerySchema, location="query")
@api.response(200, DealPageSchema)
def deals(args: dict[str, Any]) -> dict[str, Any]:
    """List the signed contracts in summary, newest first."""
    with reading() as work:
        return listed(queries.public_contracts(work.session, **args))


@api.get("/needs/<int:need_id>/contract")
@may("award:read", subject=award_loader)
@api.response(200, ContractSchema)
def of_need(need_id: int) -> dict[str, Any]:
    """Return the contract of a need, drafting it when the award's event was not handled yet."""
    with reading() as work:
        award, found = award_of(work.session, need_id), queries.live_contract(work.session, need_id)
        if found is not None and award is not None and found.award_id == award.id:
            return whole(work, found)
    with writing() as work:
        return whole(work, service.contract_for_need(work, need_id))


@api.get("/contracts/<int:contract_id>")
@may("contract:read", subject=contract_loader)
@api.response(200, ContractSchema)
def show(contract_id: int) -> dict[str, Any]:
    """Return one contract; its text for the parties only."""
    late.catch_up(works(), contract_id)
    with reading() as work:
        return whole(work, contract_loader(work, contract_id))


@api.patch("/contracts/<int:contract_id>")
@may("contract:revise", subject=contract_loader)
@api.arguments(ReviseJsonSchema)
@api.response(200, ContractSchema)
def revise(command: ReviseContract, contract_id: int) -> dict[str, Any]:
    """Change the amount of a draft."""
    with writing() as work:
        return whole(work, service.revise(work, contract_id, command))


@api.post("/contracts/<int:contract_id>/signatures")
@may("contract:sign", subject=contract_loader)
@api.arguments(SignJsonSchema)
@api.response(201, ContractSchema)
def sign(command: SignContract, contract_id: int) -> dict[str, Any]:
    """Sign for one's own side the text whose fingerprint is given."""
    with writing() as work:
        return whole(work, service.sign(work, contract_id, command))


@api.post("/contracts/<int:contract_id>/deliverables")
@may("contract:deliver", subject=contract_loader)
@api.arguments(ResultFileSchema, location="files")
@api.arguments(DeliverSchema, location="form")
@api.response(201, DeliverableSchema)
def deliver(_files: dict[str, Any], command: Deliver, contract_id: int) -> Any:
    """Hand in the next version of the result, as multipart with ``file`` and ``note``."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid("file-missing", field="file")
    with writing() as work:
        return service.deliver(work, contract_id, Upload(sent.stream, sent.filename), command)


@api.post("/contracts/<int:contract_id>/returns")
@may("contract:send_back", subject=contract_loader)
@api.arguments(ContractReasonSchema)
@api.response(200, ContractSchema)
def send_back(command: Reason, contract_id: int) -> dict[str, Any]:
    """Send the delivered version back with reasons."""
    with writing() as work:
        return whole(work, service.send_back(work, contract_id, command))


@api.post("/contracts/<int:contract_id>/acceptance")
@may("contract:accept", subject=contract_loader)
@api.response(200, ContractSchema)
def accept(contract_id: int) -> dict[str, Any]:
    """Accept the delivered version."""
    with writing() as work:
        return whole(work, service.accept(work, contract_id))


@api.post("/contracts/<int:contract_id>/settlement")
@may("contract:settle", subject=contract_loader)
@api.arguments(SettleJsonSchema)
@api.response(201, SettlementSchema)
def settle(command: Settle, contract_id: int) -> Any:
    """Record what was paid, line by line."""
    with writing() as work:
        return service.settle(work, contract_id, command)


@api.post("/contracts/<int:contract_id>/termination")
@may("contract:terminate", subject=contract_loader)
@api.arguments(TerminateJsonSchema)
@api.response(200, ContractSchema)
def terminate(command: Terminate, contract_id: int) -> dict[str, Any]:
    """End a signed contract early, for a cause and with what is payable."""
    with writing() as work:
        return whole(work, service.terminate(work, contract_id, command))


@api.get("/papers/<code>")
@public
@api.response(200, PaperSchema)
def paper(code: str) -> dict[str, Any]:
    """Return what was issued under a verification code, as anybody may see it."""
    with reading() as work:
        found = papers.find(work.session, code)
        if found is None:
            raise NotFound("paper-not-found", typed=code)
        return {
            "code": found.code,
            "kind": found.kind,
            "sha256": found.sha256,
            "issued_at": found.issued_at,
            "title": found.data["title"],
            "number": found.data.get("number", ""),
            "lines": found.data.get("public", []),
        }
