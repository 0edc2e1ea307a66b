"""Pages where the administration enters offices (operators, departments, regulators) and their first managers."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import forms, schemas, service
from accounts.gate import may, reading, writing
from accounts.models import Organisation
from accounts.pages import refuse, site
from admin.oversight.pages import pages
from core.errors import DomainError, NotFound
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work

MANAGER = tuple(item for item in forms.MEMBER if item.name != "role")


def organisation(work: Work, org_id: int, **_rest: Any) -> Organisation:
    """Load an organisation for the gate. Raises NotFound."""
    found = work.session.get(Organisation, org_id)
    if found is None:
        raise NotFound("organisation-not-found", id=org_id)
    return found


@pages.get("/organisations/new")
@may("organisation:found")
def new_office() -> ResponseReturnValue:
    """Ask for an office and its first manager."""
    return _draw_office(blank_form(forms.OFFICE), 200)


def _draw_office(form: Form[Any], status: int) -> ResponseReturnValue:
    return render_template("oversight/office.html", form=form), status


@pages.post("/organisations/new")
@may("organisation:found")
def found() -> ResponseReturnValue:
    """Enter the office; its manager is mailed how to set a password."""
    form = read_form(schemas.OfficeSchema(), forms.OFFICE, request.form)
    if form.command is None:
        return _draw_office(form, 422)
    try:
        with writing() as work:
            service.found_office(work, form.command, site=site())
    except DomainError as error:
        refuse(form, error, field="name")
        return _draw_office(form, 422)
    flash(_("单位已建立。管理员会收到设置密码的邮件。"), "ok")
    return redirect(url_for("oversight.organisations", kind=form.command.kind), 303)


@pages.get("/organisations/<int:org_id>/manager")
@may("membership:begin", subject=organisation)
def manager(org_id: int) -> ResponseReturnValue:
    """Ask who shall manage the office."""
    return _draw_manager(org_id, blank_form(MANAGER), 200)


def _draw_manager(org_id: int, form: Form[Any], status: int) -> ResponseReturnValue:
    with reading() as work:
        office = organisation(work, org_id)
    return render_template("oversight/manager.html", form=form, office=office), status


@pages.post("/organisations/<int:org_id>/manager")
@may("membership:begin", subject=organisation)
def appoint(org_id: int) -> ResponseReturnValue:
    """Let somebody manage the office."""
    form = read_form(schemas.ManagerSchema(), MANAGER, request.form)
    if form.command is None:
        return _draw_manager(org_id, form, 422)
    try:
        with writing() as work:
            service.begin_membership(work, org_id, form.command, site=site())
    except DomainError as error:
        refuse(form, error, field="mobile")
        return _draw_manager(org_id, form, 422)
    flash(_("授权已生效。没有账号的人会收到设置密码的邮件。"), "ok")
    return redirect(url_for("oversight.organisations"), 303)
