"""Pages of batch audits: hand in, say what the columns are, watch, read the result."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, Final, cast

from flask import Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import may, reading, writing
from admin.audits import forms, queries, refusals, results, service, wording
from admin.audits.guessing import guess
from admin.audits.judging import Columns
from admin.audits.lifecycle import AuditState
from admin.audits.limits import limits
from admin.audits.models import FeeAudit
from admin.audits.packing import unpack
from admin.audits.pages import pages
from admin.audits.permissions import POLICY
from admin.audits.reading import read_table
from agencies.fees.engine.schedule import InputField
from core.errors import Invalid
from core.i18n import gettext as _
from core.money import Money
from core.work import Work

REFRESH_SECONDS: Final = "3"
SAMPLE_ROWS: Final = 3
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def loaded(work: Work, fee_audit_id: int, ending: str = "") -> FeeAudit:
    """Return the audit an address names; the ending of a file tells nothing. Raises NotFound."""
    del ending
    return queries.audit_by_id(work.session, fee_audit_id)


@pages.get("/fee-audits")
@may("fee_audit:see")
def index() -> ResponseReturnValue:
    """List the office's audits, with the way to begin one."""
    return _index([])


def _index(errors: list[tuple[str, str]]) -> str:
    given = request.args.get("after", "")
    after = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None  # noqa: PLR2004 - an id
    with reading() as work:
        page = queries.audits_page(work.session, work.actor, after=after)
        may_open = work.allows(POLICY, "fee_audit:open")
    rows = [_line(one) for one in page.items]
    following = url_for("audits.index", after=page.after) if page.after else None
    form = type("Errors", (), {"errors": errors}) if errors else None
    return render_template(
        "audits/index.html", rows=rows, following=following, may_open=may_open, limits=limits(), form=form,
        file_error=errors[0][1] if errors else "",
    )  # fmt: skip


def _line(one: FeeAudit) -> list[Any]:
    label, kind = wording.STATES[one.state]
    return [
        {"text": wording.source_name(one.source), "url": url_for("audits.show", fee_audit_id=one.id)},
        {"text": str(label), "kind": kind}, f"{one.rows_done:,} / {one.rows_total:,}",
        f"{one.counts.get('above_cap', 0) + one.counts.get('above_reference', 0):,}",
        f"{one.created_at:%Y-%m-%d}",
    ]  # fmt: skip


@pages.post("/fee-audits")
@may("fee_audit:open")
def hand_in() -> ResponseReturnValue:
    """Take a table."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _index([("f-file", _("文件：选一份 CSV 或 XLSX 表格"))]), 422
    try:
        table = read_table(cast("BinaryIO", upload.stream), upload.filename)
    except Invalid as refused:
        return _index([("f-file", str(refusals.SENTENCES[refused.code]) % refused.facts)]), 422
    with writing() as work:
        audit = service.open_audit(work, table)
    return redirect(url_for("audits.show", fee_audit_id=audit.id), 303)


@pages.post("/fee-audits/contracts")
@may("fee_audit:open")
def contracts() -> ResponseReturnValue:
    """Audit every signed contract stored here."""
    try:
        with writing() as work:
            audit = service.open_contracts(work)
    except Invalid as refused:
        flash(str(refusals.SENTENCES[refused.code]), "warn")
        return redirect(url_for("audits.index"), 303)
    return redirect(url_for("audits.show", fee_audit_id=audit.id), 303)


@pages.get("/fee-audits/<int:fee_audit_id>")
@may("fee_audit:read", subject=loaded)
def show(fee_audit_id: int) -> ResponseReturnValue:
    """Show an audit as it stands: its mapping, its progress or its result."""
    with reading() as work:
        audit = loaded(work, fee_audit_id)
        if audit.state is AuditState.DRAFT:
            return _mapping(
                work, audit, forms.mapping_form(audit.headings, _fields(work, audit, guess(audit.headings)))
            )
        progress = _progress(work, audit)
        may_cancel = work.allows(POLICY, "fee_audit:cancel", audit)
    response = make_response(render_template(
        "audits/show.html", audit=audit, progress=progress, may_cancel=may_cancel, **_summary(audit)))  # fmt: skip
    if audit.state is AuditState.RUNNING:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


def _fields(work: Work, audit: FeeAudit, columns: Columns) -> list[InputField]:
    """Return what the schedules the rows name ask beside the base."""
    return forms.further_fields(service.schedules_named(work, audit, columns))


def _mapping(work: Work, audit: FeeAudit, form: Any) -> str:
    part = queries.part(work.session, audit.id, 0)
    sample = unpack(part.given)[:SAMPLE_ROWS] if part is not None else []
    return render_template(
        "audits/mapping.html", audit=audit, form=form, sample=sample, source=wording.source_name(audit.source),
        may_start=work.allows(POLICY, "fee_audit:start", audit), roles=forms.ASKED,
        named=[one for name, one in form.fields.items() if name.startswith("as_")],
    )  # fmt: skip


@pages.post("/fee-audits/<int:fee_audit_id>/start")
@may("fee_audit:start", subject=loaded)
def start(fee_audit_id: int) -> ResponseReturnValue:
    """Set the audit to work with the columns chosen."""
    with reading() as work:
        headings = loaded(work, fee_audit_id).headings
    columns = forms.read_mapping(headings, request.form)
    missing = columns.missing()
    if missing:
        errors = [(f"col_{one}", _("%(role)s：选一列，或填固定值", role=str(wording.ROLES[one]))) for one in missing]
        with reading() as work:
            audit = loaded(work, fee_audit_id)
            drawn = forms.again(headings, _fields(work, audit, columns), request.form, errors)
            return _mapping(work, audit, drawn), 422
    with writing() as work:
        service.start(work, fee_audit_id, columns)
    return redirect(url_for("audits.show", fee_audit_id=fee_audit_id), 303)


@pages.post("/fee-audits/<int:fee_audit_id>/cancel")
@may("fee_audit:cancel", subject=loaded)
def cancel(fee_audit_id: int) -> ResponseReturnValue:
    """Stop the audit."""
    with writing() as work:
        service.cancel(work, fee_audit_id)
    flash(_("已取消，已经核查的行还在"), "ok")
    return redirect(url_for("audits.show", fee_audit_id=fee_audit_id), 303)


@pages.get("/fee-audits/<int:fee_audit_id>/result.<any(csv,xlsx):ending>")
@may("fee_audit:read", subject=loaded)
def result(fee_audit_id: int, ending: str) -> ResponseReturnValue:
    """Send the result: every column as given and what was found, for the rows done."""
    name = f"fee-audit-{fee_audit_id}.{ending}"
    with reading() as work:
        audit = loaded(work, fee_audit_id)
        rows = queries.rows_with_verdicts(work.session, audit.id)
        if ending == "csv":
            response = Response("".join(results.csv_lines(audit.headings, rows)), mimetype="text/csv")
            response.headers["Content-Disposition"] = f"attachment; filename={name}"
            return response
        out = io.BytesIO()  # packed, a full audit stays within some tens of megabytes
        results.write_xlsx(out, audit.headings, rows)
    out.seek(0)
    return send_file(out, mimetype=XLSX, as_attachment=True, download_name=name)


def _progress(work: Work, audit: FeeAudit) -> dict[str, Any]:
    """Return percent, rows a second and the seconds left."""
    end = audit.ended_at or work.clock.now()
    seconds = (end - audit.started_at).total_seconds() if audit.started_at else 0
    rate = round(audit.rows_done / seconds) if seconds > 0 else 0
    left = round((audit.rows_total - audit.rows_done) / rate) if rate else None
    return {"percent": 100 * audit.rows_done // max(1, audit.rows_total), "rate": rate, "left": left}


def _summary(audit: FeeAudit) -> dict[str, Any]:
    label, kind = wording.STATES[audit.state]
    counts = [[{"text": str(words), "kind": mark}, f"{audit.counts.get(str(key), 0):,}"]
              for key, (words, mark) in wording.OUTCOMES.items()]  # fmt: skip
    top = [
        [str(no), {"text": str(wording.OUTCOMES[outcome][0]), "kind": wording.OUTCOMES[outcome][1]}, document,
         f"{Money(charged or 0).yuan:,.2f}", f"{Money(deviation).yuan:,.2f}"]
        for no, deviation, outcome, charged, document in audit.top[:20]
    ]  # fmt: skip
    faults = [[str(no), wording.fault_sentence(*fault)] for no, *fault in audit.faults[:100]]
    return {
        "source": wording.source_name(audit.source), "state": (str(label), kind), "counts": counts, "top": top,
        "faults": faults, "faults_n": audit.counts.get("row_error", 0), "running": audit.state is AuditState.RUNNING,
    }  # fmt: skip
