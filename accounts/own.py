"""One's own account: profile, organisations to act for, security, API tokens."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import factors, forms, queries, reset, schemas, service, signing, tokens
from accounts.commands import ChangePassword, EditPerson, MakeToken
from accounts.gate import may, reading, viewer, writing
from accounts.models import SignIn, User
from accounts.pages import log_in, own_user_id, pages, proves, refuse, wanted
from accounts.rules import mask_email
from core.errors import DomainError, Invalid
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.identifiers import mask_mobile
from core.work import Work


@pages.get("/account")
@may("account:own")
def profile() -> ResponseReturnValue:
    """Show one's own details, masked, and where one may act."""
    return _draw_profile(None, 200)


def _draw_profile(form: Form[Any] | None, status: int) -> ResponseReturnValue:
    with reading() as work:
        user = queries.person(work.session, own_user_id())
        seats = queries.seats_of_person(work, user.id)
    shown = form or blank_form(forms.PROFILE, {"display_name": user.display_name})
    return render_template("accounts/profile.html", form=shown, reach=_reach(user), seats=_seats(seats)), status


def _reach(user: User) -> dict[str, str]:
    return {
        "mobile": mask_mobile(user.mobile) if user.mobile else "",
        "email": mask_email(user.email) if user.email else "",
    }


def _seats(seats: Any) -> list[dict[str, Any]]:
    return [
        {
            "org_id": seat.org.id,
            "name": seat.org.name,
            "kind": forms.KINDS[seat.org.kind],
            "role": forms.ROLES[seat.membership.role],
            "until": seat.membership.valid_to,
            "current": seat.org.id == viewer().org_id,
        }
        for seat in seats
    ]


@pages.post("/account")
@may("account:secure")
def save_profile() -> ResponseReturnValue:
    """Change one's name; number and address only with the password."""
    form = read_form(schemas.ProfileSchema(), forms.PROFILE, request.form)
    if form.command is None:
        return _draw_profile(form, 422)
    cmd: EditPerson = form.command
    try:
        if cmd.mobile or cmd.email:
            proves(cmd.password)
        with writing() as work:
            service.edit_person(work, own_user_id(), cmd)
    except DomainError as error:
        refuse(form, error, field="display_name")
        return _draw_profile(form, 422)
    flash(_("资料已保存。"), "ok")
    return redirect(url_for("accounts.profile"), 303)


@pages.get("/account/organisations")
@may("account:own")
def choose() -> ResponseReturnValue:
    """Show the organisations one may act for."""
    with reading() as work:
        seats = queries.seats_of_person(work, own_user_id())
    return render_template("accounts/choose.html", seats=_seats(seats), goal=wanted(request.args.get("next")))


@pages.post("/account/organisations")
@may("account:secure")
def switch() -> ResponseReturnValue:
    """Act for the organisation chosen from now on, with a fresh cookie."""
    org_id = request.form.get("org_id", type=int)
    sign_in_id = viewer().sign_in_id
    if org_id is None or sign_in_id is None:
        return redirect(url_for("accounts.choose"), 303)
    with writing() as work:
        token = signing.switch_organisation(work, sign_in_id, own_user_id(), org_id)
    log_in(token)
    return redirect(wanted(request.form.get("next")) or "/desk", 303)


@pages.get("/account/security")
@may("account:secure")
def security() -> ResponseReturnValue:
    """Show password, second factor and every sign-in of one's own."""
    return _draw_security(blank_form(forms.CHANGE_PASSWORD), 200)


def _draw_security(form: Form[Any], status: int) -> ResponseReturnValue:
    with reading() as work:
        rows = [_sign_in(row) for row in queries.sign_ins(work, own_user_id()) if signing.is_live(row, work)]
    return render_template("accounts/security.html", form=form, sign_ins=rows, has_totp=viewer().has_totp), status


def _sign_in(row: SignIn) -> dict[str, Any]:
    return {
        "id": row.id,
        "agent": row.agent or _("未知浏览器"),
        "created_at": row.created_at,
        "seen_at": row.seen_at,
        "current": row.id == viewer().sign_in_id,
    }


@pages.post("/account/security")
@may("account:secure")
def change_password() -> ResponseReturnValue:
    """Change the password; other sign-ins end and this one gets a fresh cookie."""
    form = read_form(schemas.ChangePasswordSchema(), forms.CHANGE_PASSWORD, request.form)
    sign_in_id = viewer().sign_in_id
    if form.command is None or sign_in_id is None:
        return _draw_security(form, 422)
    cmd: ChangePassword = form.command
    try:
        proves(cmd.password)
        with writing() as work:
            reset.change_password(work, own_user_id(), cmd.new_password, keep_sign_in=sign_in_id)
            token = signing.rotate(work, sign_in_id)
    except DomainError as error:
        refuse(form, error, field="password")
        return _draw_security(form, 422)
    log_in(token)
    flash(_("密码已换，其他地方的登录都已退出。"), "ok")
    return redirect(url_for("accounts.security"), 303)


@pages.post("/account/sign-ins/<int:sign_in_id>/end")
@may("account:secure")
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """End one of one's own sign-ins."""
    with writing() as work:
        signing.end_sign_in(work, sign_in_id)
    flash(_("那一处已退出登录。"), "ok")
    return redirect(url_for("accounts.security"), 303)


@pages.post("/account/sign-out-everywhere")
@may("account:secure")
def sign_out_everywhere() -> ResponseReturnValue:
    """End every sign-in but this one."""
    with writing() as work:
        signing.sign_out_everywhere(work, own_user_id(), but=viewer().sign_in_id)
    flash(_("其他地方的登录都已退出。"), "ok")
    return redirect(url_for("accounts.security"), 303)


@pages.get("/account/tokens")
@may("account:secure")
def token_list() -> ResponseReturnValue:
    """Show one's API tokens and the form for a new one."""
    return _draw_tokens(blank_form(forms.TOKEN, {"days": 90, "scopes": ["read"]}), 200)


def _draw_tokens(form: Form[Any], status: int, shown: str = "") -> ResponseReturnValue:
    with reading() as work:
        rows = [_token(work, row, name) for row, name in queries.tokens_of(work.session, own_user_id())]
    return render_template(
        "accounts/tokens.html", form=form, rows=rows, shown=shown, org_name=viewer().org_name
    ), status


def _token(work: Work, row: Any, org_name: str) -> dict[str, Any]:
    names = {"read": _("读"), "write": _("写")}
    return {
        "id": row.id,
        "label": row.label,
        "scopes": [names[scope] for scope in row.scopes],
        "org_name": org_name,
        "ends_at": row.ends_at,
        "live": row.revoked_at is None and row.ends_at > work.clock.now(),
    }


@pages.post("/account/tokens")
@may("account:secure")
def make_token() -> ResponseReturnValue:
    """Make a token and show it this once."""
    form = read_form(schemas.TokenSchema(), forms.TOKEN, request.form)
    if form.command is None:
        return _draw_tokens(form, 422)
    try:
        secret = made_token(form.command, own_user_id(), viewer().org_id)
    except DomainError as error:
        refuse(form, error, field="label")
        return _draw_tokens(form, 422)
    return _draw_tokens(blank_form(forms.TOKEN, {"days": 90, "scopes": ["read"]}), 201, secret)


def made_token(cmd: MakeToken, user_id: int, org_id: int | None) -> str:
    """Check password and code, and return the new token. Raises TooMany, Invalid, Forbidden, Conflict."""
    proves(cmd.password)
    with reading() as work:
        needs_code = queries.person(work.session, user_id).totp_confirmed_at is not None
    if needs_code:
        if not cmd.code:
            raise Invalid("code-wrong", field="code")
        with writing() as work:
            checked = factors.check(work, user_id, cmd.code)
        factors.refuse_unchecked(checked)
    with writing() as work:
        _row, secret = tokens.make(work, user_id, cmd, org_id=org_id, second_factor=needs_code)
    return secret


@pages.post("/account/tokens/<int:token_id>/revoke")
@may("account:secure")
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Revoke a token."""
    with writing() as work:
        tokens.revoke(work, token_id)
    flash(_("令牌已撤销，马上失效。"), "ok")
    return redirect(url_for("accounts.token_list"), 303)
