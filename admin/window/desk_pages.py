"""Pages of visits: the desk of a town's window, entering an enterprise, one visit and its consent."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from accounts.acting import acted
from accounts.downloads import hand_out
from accounts.gate import may, reading, works, writing
from accounts.pages import site
from admin.window import forms, queries, service, showing
from admin.window.acting import refuse
from admin.window.commands import Scan
from admin.window.pages import pages
from admin.window.permissions import POLICY
from admin.window.schemas import (
    ConsentCodeSchema,
    FoundEnterpriseSchema,
    ReceiveSchema,
    RecordConsentSchema,
    WindowEndSchema,
)
from admin.window.wording import VISITS
from core import files
from core.clock import beijing_day
from core.errors import NotFound
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work


@pages.get("/desk/window")
@may("window:desk")
def desk() -> ResponseReturnValue:
    """List the town's visits, and receive a visitor."""
    with reading() as work:
        return _desk(work, blank_form(forms.RECEIVING), None)


@pages.post("/desk/window")
@may("window:receive")
def receive() -> ResponseReturnValue:
    """Receive a visitor; what was typed comes back with what is wrong."""
    form = read_form(ReceiveSchema(), forms.RECEIVING, request.form)
    return acted(
        form,
        service.receive,
        lambda row: service.url_of(row.id),
        lambda work: _desk(work, form, form),
        mark=refuse,
        told=_("来访已登记。"),
    )


@pages.get("/desk/window/enterprises")
@may("window:receive")
def enterprise() -> ResponseReturnValue:
    """Ask what is needed to enter a visitor's enterprise."""
    return render_template("window/enterprise.html", drawn=blank_form(forms.FOUNDING), form=None)


@pages.post("/desk/window/enterprises")
@may("window:receive")
def found() -> ResponseReturnValue:
    """Enter the enterprise; the password is set by mail."""
    form = read_form(FoundEnterpriseSchema(), forms.FOUNDING, request.form)
    return acted(
        form,
        lambda work, command: service.found_enterprise(work, command, site=site()),
        "/desk/window",
        lambda _work: render_template("window/enterprise.html", drawn=form, form=form),
        mark=refuse,
        told=_("企业已登记，设置密码的网址已寄到管理员邮箱。"),
    )


@pages.get("/window/visits/<int:visit_id>")
@may("visit:read", subject=showing.visit_of)
def visit(visit_id: int) -> ResponseReturnValue:
    """Show a visit with its consent; one whose day is over ends now."""
    service.expire_if_due(works(), visit_id)
    with reading() as work:
        return showing.visit_page(work, visit_id)


@pages.post("/window/visits/<int:visit_id>/consents")
@may("consent:record", subject=showing.visit_of)
def record(visit_id: int) -> ResponseReturnValue:
    """Record what the enterprise lets the window file."""
    service.expire_if_due(works(), visit_id)
    with reading() as work:
        layout = showing.consenting(work, queries.visit_by_id(work.session, visit_id))
    form = read_form(RecordConsentSchema(), layout, request.form)
    if not request.form.getlist("covers"):
        form.refuse("covers", _("至少勾选一件可以代办的事。"))
    sent = request.files.get("file")
    scan = Scan(sent.stream, sent.filename or "") if sent is not None and sent.filename else None
    return acted(
        form,
        lambda work, command: service.record_consent(work, visit_id, command, scan),
        service.url_of(visit_id),
        lambda work: showing.visit_page(work, visit_id, {"consent": form}, form),
        mark=refuse,
        told=_("授权已登记。"),
    )


@pages.post("/window/visits/<int:visit_id>/finish")
@may("visit:finish", subject=showing.visit_of)
def finish(visit_id: int) -> ResponseReturnValue:
    """End a visit whose matter is done."""
    with writing() as work:
        service.finish(work, visit_id)
    flash(_("来访已办结。"), "ok")
    return redirect(service.url_of(visit_id), 303)


@pages.post("/window/visits/<int:visit_id>/cancel")
@may("visit:cancel", subject=showing.visit_of)
def cancel(visit_id: int) -> ResponseReturnValue:
    """End a visit entered in error."""
    form = read_form(WindowEndSchema(), forms.ENDING, request.form)
    return acted(
        form,
        lambda work, command: service.cancel(work, visit_id, command),
        service.url_of(visit_id),
        lambda work: showing.visit_page(work, visit_id, {"end": form}, form),
        mark=refuse,
        told=_("来访已作废，不计次数。"),
    )


@pages.post("/window/consents/<int:consent_id>/code")
@may("consent:give", subject=showing.consent_of)
def confirm(consent_id: int) -> ResponseReturnValue:
    """Give a consent by the code shown at the window."""
    with reading() as work:
        visit_id = queries.consent_by_id(work.session, consent_id).visit_id
    form = read_form(ConsentCodeSchema(), forms.CODE, request.form)
    if form.command is not None:
        with writing() as work:
            right = service.confirm(work, consent_id, form.command)
        if right:
            flash(_("授权已确认，窗口可以代办。"), "ok")
            return redirect(service.url_of(visit_id), 303)
        form.refuse("code", _("验证码不对，照窗口屏幕上的 6 位数字再填一次。"))
    with reading() as work:
        return showing.visit_page(work, visit_id, {"code": form}, form), 422


@pages.post("/window/consents/<int:consent_id>/withdraw")
@may("consent:withdraw", subject=showing.consent_of)
def withdraw(consent_id: int) -> ResponseReturnValue:
    """Take a consent back."""
    with writing() as work:
        visit_id = service.withdraw(work, consent_id).visit_id
    flash(_("授权已撤回，窗口不能再代办。"), "ok")
    return redirect(service.url_of(visit_id), 303)


@pages.get("/window/consents/<int:consent_id>/scan")
@may("consent:read", subject=showing.scanned)
def scan(consent_id: int) -> ResponseReturnValue:
    """Hand out the scan of a signed consent. Raises NotFound once it was deleted."""
    with reading() as work:
        consent = queries.consent_by_id(work.session, consent_id)
        if consent.scan_deleted_at is not None:
            raise NotFound("consent-scan-gone", id=consent_id)
        return hand_out(work.session.get_one(files.StoredFile, consent.file_id))


def _desk(work: Work, drawn: Form[Any], wrong: Form[Any] | None) -> str:
    rows = queries.visits_of_town(work.session, work.actor)
    may_receive = work.allows(POLICY, "window:receive")
    lines = []
    for row, name in rows:
        label, kind = VISITS[row.state]
        shown = {"text": str(label), "kind": kind}
        lines.append(
            [{"text": name, "url": service.url_of(row.id)}, row.matter, shown, beijing_day(row.opened_at).isoformat()]
        )
    return render_template("window/desk.html", rows=lines, may_receive=may_receive, drawn=drawn, form=wrong)
