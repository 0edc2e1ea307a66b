"""The organisation and its people: details, delegations begun and ended."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import factors, forms, messages, queries, reference, rules, schemas, service
from accounts.gate import may, reading, writing
from accounts.models import Organisation
from accounts.pages import membership, own_organisation, pages, refuse, site
from accounts.permissions import POLICY
from accounts.queries import Seat
from core.clock import beijing_day
from core.errors import DomainError
from core.forms import Form, blank_form, read_form
from core.i18n import current_lang
from core.i18n import gettext as _
from core.identifiers import mask_mobile
from core.work import Work


@pages.get("/organisation")
@may("organisation:read", subject=own_organisation)
def organisation() -> ResponseReturnValue:
    """Show the organisation's details and who may act for it."""
    with reading() as work:
        org = own_organisation(work)
        seats = [_seat(work, seat) for seat in queries.seats_of_organisation(work.session, org.id)]
        manages = work.allows(POLICY, "organisation:manage", org)
    return render_template(
        "accounts/organisation.html", org=org, kind=forms.KINDS[org.kind], town=_town(org), seats=seats, manages=manages
    )


def _town(org: Organisation) -> str:
    row = next((one for one in reference.all_divisions() if one.code == org.town_code), None)
    return (row.name_en if current_lang() == "en" else row.name) if row else ""


def _seat(work: Work, seat: Seat) -> dict[str, Any]:
    row, today = seat.membership, beijing_day(work.clock.now())
    ended = row.ended_at is not None
    if ended or (row.valid_to is not None and row.valid_to < today):
        state = (_("已结束"), "plain")
    elif row.valid_from > today:
        state = (_("还没开始"), "info")
    else:
        state = (_("有效"), "ok")
    return {
        "id": row.id,
        "name": seat.user.display_name,
        "mobile": mask_mobile(seat.user.mobile) if seat.user.mobile else "",
        "email": rules.mask_email(seat.user.email) if seat.user.email else "",
        "role": forms.ROLES[row.role],
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "state": state,
        "ended": ended,
        "has_totp": seat.user.totp_confirmed_at is not None,
        "self": seat.user.id == work.actor.user_id,
    }


@pages.get("/organisation/edit")
@may("organisation:manage", subject=own_organisation)
def edit() -> ResponseReturnValue:
    """Ask for the details a manager may change."""
    with reading() as work:
        org = own_organisation(work)
    return _draw_edit(blank_form(_layout(org), _details(org)), org, 200)


def _details(org: Organisation) -> dict[str, Any]:
    return {"address": org.address, "contact_phone": org.contact_phone, "town_code": org.town_code}


def _layout(org: Organisation) -> list[Any]:
    return [item for item in forms.ORGANISATION if item.name != "town_code" or org.kind == "enterprise"]


def _draw_edit(form: Form[Any], org: Organisation, status: int) -> ResponseReturnValue:
    return render_template("accounts/organisation_edit.html", form=form, org=org), status


@pages.post("/organisation/edit")
@may("organisation:manage", subject=own_organisation)
def save() -> ResponseReturnValue:
    """Change the details."""
    with reading() as work:
        org = own_organisation(work)
    form = read_form(schemas.OrganisationEditSchema(), _layout(org), request.form, _details(org))
    if form.command is None:
        return _draw_edit(form, org, 422)
    try:
        with writing() as work:
            service.edit_organisation(work, org.id, form.command)
    except DomainError as error:
        refuse(form, error, field="address")
        return _draw_edit(form, org, 422)
    flash(_("单位资料已保存。"), "ok")
    return redirect(url_for("accounts.organisation"), 303)


@pages.get("/organisation/members/new")
@may("organisation:manage", subject=own_organisation)
def new_member() -> ResponseReturnValue:
    """Ask who shall act for the organisation."""
    return _draw_member(blank_form(forms.MEMBER, {"role": "delegate"}), 200)


def _draw_member(form: Form[Any], status: int) -> ResponseReturnValue:
    return render_template("accounts/member.html", form=form), status


@pages.post("/organisation/members/new")
@may("organisation:manage", subject=own_organisation)
def add_member() -> ResponseReturnValue:
    """Let a person act for the organisation."""
    form = read_form(schemas.MemberSchema(), forms.MEMBER, request.form)
    if form.command is None:
        return _draw_member(form, 422)
    try:
        with writing() as work:
            begun = service.begin_membership(work, own_organisation(work).id, form.command, site=site())
            messages.tell(work, begun.org_id, "membership-began", "/organisation", role=str(forms.ROLES[begun.role]))
    except DomainError as error:
        refuse(form, error, field="mobile")
        return _draw_member(form, 422)
    flash(_("授权已生效。没有账号的人会收到设置密码的邮件。"), "ok")
    return redirect(url_for("accounts.organisation"), 303)


@pages.get("/organisation/members/<int:membership_id>/end")
@may("membership:end", subject=membership)
def ask_end(membership_id: int) -> ResponseReturnValue:
    """Ask once more before a delegation ends, or a colleague's second factor is cleared."""
    with reading() as work:
        row = membership(work, membership_id)
        seats = queries.seats_of_organisation(work.session, row.org_id)
        seat = next(_seat(work, one) for one in seats if one.membership.id == row.id)
        may_clear = work.actor.second_factor and seat["has_totp"] and not seat["self"]
    return render_template("accounts/member_end.html", seat=seat, may_clear=may_clear)


@pages.post("/organisation/members/<int:membership_id>/end")
@may("membership:end", subject=membership)
def end_member(membership_id: int) -> ResponseReturnValue:
    """End a delegation at once."""
    with writing() as work:
        ended = service.end_membership(work, membership_id)
        messages.tell(work, ended.org_id, "membership-ended", "/organisation")
    flash(_("授权已结束，马上生效。"), "ok")
    return redirect(url_for("accounts.organisation"), 303)


@pages.post("/organisation/members/<int:membership_id>/second-factor/clear")
@may("membership:end", subject=membership)
def clear_second_factor(membership_id: int) -> ResponseReturnValue:
    """Clear a colleague's second factor after a lost phone."""
    with writing() as work:
        factors.clear(work, membership_id)
    flash(_("动态验证码已清除，对方登录后要重新设置。"), "ok")
    return redirect(url_for("accounts.organisation"), 303)
