"""Batch audits in JSON: hand in rows or a file, watch, fetch the result, cancel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from flask import request, url_for
from flask_smorest import Blueprint

from accounts.gate import may, reading, writing
from admin.audits import forms, queries, service, wording
from admin.audits.limits import limits
from admin.audits.models import FeeAudit
from admin.audits.packing import unpack
from admin.audits.reading import Table, cell_text, made, read_table
from admin.audits.schemas import FeeAuditResultQuerySchema, FeeAuditResultSchema, FeeAuditSchema
from core.errors import Invalid
from core.work import Work

api = Blueprint("audits-api", __name__, url_prefix="/api/v1/fee-audits", description="批量核查收费 · Fee audits")


def loaded(work: Work, fee_audit_id: int) -> FeeAudit:
    """Return the audit an address names. Raises NotFound."""
    return queries.audit_by_id(work.session, fee_audit_id)


@api.post("")
@may("fee_audit:open")
@api.response(202, FeeAuditSchema)
def hand_in() -> FeeAudit:
    """Hand in rows and start: `rows` (objects) with `mapping` as JSON, or a `file` with `mapping` as a form.

    mapping names columns: schedule, on, base, charged, service, funding, given (inputs as JSON); `fixed` holds values
    by role, `fields` a column for each name of a schedule's field, `inputs` columns taken by their headings,
    `base_unit` and `charged_unit` what bare numbers are in.
    `{"source": "contracts"}` audits every signed contract stored here.
    """
    body = _body()
    if body.get("source") == service.CONTRACTS:
        with writing() as work:
            return service.open_contracts(work)
    table, mapping = _table(body), body.get("mapping") or {}
    if not isinstance(mapping, Mapping):
        raise Invalid("audit-column-unknown", field="mapping", name=str(mapping)[:40])
    try:
        columns = forms.by_headings(table.headings, mapping)
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("audit-column-unknown", field="mapping", name=str(error).strip("'")[:40]) from None
    with writing() as work:
        audit = service.open_audit(work, table)
        return service.start(work, audit.id, columns)


def _body() -> Mapping[str, Any]:
    """Return what was sent as an object; a form's mapping is read as JSON."""
    if request.files:
        try:
            mapping = json.loads(request.form.get("mapping") or "{}")
        except ValueError:
            raise Invalid("audit-column-unknown", field="mapping", name=request.form["mapping"][:40]) from None
        return {"mapping": mapping}
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, Mapping) else {}


def _table(body: Mapping[str, Any]) -> Table:
    """Return the rows sent. Raises Invalid."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return read_table(cast("BinaryIO", upload.stream), upload.filename)
    rows = body.get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise Invalid("audit-rows-missing", field="rows")
    if len(rows) > limits().most_rows:
        raise Invalid("audit-too-many-rows", field="rows", most=limits().most_rows)
    headings = list(dict.fromkeys(str(key) for row in rows for key in row))
    return made("json", [headings, *([_cell(row.get(key)) for key in headings] for row in rows)])


def _cell(value: Any) -> str:
    """Write a value of JSON as a cell; an object stays JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else cell_text(value)


@api.get("/<int:fee_audit_id>")
@may("fee_audit:read", subject=loaded)
@api.response(200, FeeAuditSchema)
def show(fee_audit_id: int) -> FeeAudit:
    """Say how far an audit is."""
    with reading() as work:
        return loaded(work, fee_audit_id)


@api.get("/<int:fee_audit_id>/result")
@may("fee_audit:read", subject=loaded)
@api.arguments(FeeAuditResultQuerySchema, location="query")
@api.response(200, FeeAuditResultSchema)
def result(query: dict[str, Any], fee_audit_id: int) -> dict[str, Any]:
    """Return one part of what was found, in the rows' order; `next` leads on while parts are done."""
    with reading() as work:
        audit = loaded(work, fee_audit_id)
        part = queries.part(work.session, audit.id, query["part"])
        if part is None or part.found is None:
            return {"items": [], "next": None}
        first = query["part"] * limits().part_rows
        pairs = zip(unpack(part.given), unpack(part.found), strict=True)
        items = [_verdict(first + at, audit.headings, *pair) for at, pair in enumerate(pairs, 1)]
        more = first + len(items) < audit.rows_done
    following = url_for("audits-api.result", fee_audit_id=fee_audit_id, part=query["part"] + 1) if more else None
    return {"items": items, "next": following}


def _verdict(row: int, headings: list[str], given: list[str], found: list[Any]) -> dict[str, Any]:
    names = ("outcome", "schedule", "version", "charged_fen", "low_fen", "base_fen", "high_fen", "status",
             "deviation_fen", "reason", "fault", "working")  # fmt: skip
    one = dict(zip(names, found, strict=True))
    one["fault"] = wording.fault_sentence(*[*one["fault"], one["schedule"]]) if one["fault"] else None
    return {**one, "row": row, "given": dict(zip(headings, given, strict=True))}


@api.delete("/<int:fee_audit_id>")
@may("fee_audit:cancel", subject=loaded)
@api.response(200, FeeAuditSchema)
def cancel(fee_audit_id: int) -> FeeAudit:
    """Stop an audit; what it found so far stays until its time of keeping ends."""
    with writing() as work:
        return service.cancel(work, fee_audit_id)
