"""The way in and out: signing in, the code, signing up, setting a password by mail, signing out."""

from __future__ import annotations

from typing import Any

import segno
from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup

from accounts import drafts, factors, forms, messages, queries, reset, schemas, service, signing
from accounts.commands import Credentials
from accounts.gate import may, public, reading, viewer, works, writing
from accounts.models import User
from accounts.pages import browser, charge_sign_up, demo_org, log_in, network, pages, refuse, site, wanted
from accounts.refusing import sentence
from accounts.viewer import SECOND_FACTOR_KINDS, Viewer, by_cookie
from core.access import SYSTEM, OrgKind
from core.errors import DomainError, Forbidden, Invalid, TooMany
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work


@pages.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for number or address and password."""
    person = viewer()
    if person.signed_in:
        return redirect(wanted(request.args.get("next")) or person.home_url, 303)
    if person.awaits_code:
        return redirect(url_for("accounts.code", **_way()), 303)
    return _draw_sign_in(blank_form(forms.SIGN_IN), 200)


def _way() -> dict[str, Any]:
    """Return where to go afterwards and what was typed before, as this request carries them."""
    found = {"next": wanted(request.values.get("next")), "kept": request.values.get("kept", "")[:100]}
    return {name: value for name, value in found.items() if value}


def _draw_sign_in(form: Form[Any], status: int, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    return render_template("accounts/sign_in.html", form=form, way=_way()), status, headers or {}


@pages.post("/sign-in")
@public
def enter() -> ResponseReturnValue:
    """Let in whoever's password fits, or show the form again: the same words for unknown and known names."""
    form = read_form(schemas.CredentialsSchema(), forms.SIGN_IN, request.form)
    if form.command is None:
        return _draw_sign_in(form, 422)
    try:
        token = entered(form.command)
    except TooMany as error:
        refuse(form, error, field="identifier")
        wait = error.facts.get("retry_after")
        return _draw_sign_in(form, 429, {"Retry-After": str(wait)} if wait else None)
    except Invalid as error:
        refuse(form, error)
        return _draw_sign_in(form, 422)
    way = _way()
    log_in(token)
    if viewer_of(token).awaits_code:
        return redirect(url_for("accounts.code", **way), 303)
    return _onward(token, way)


def entered(given: Credentials) -> str:
    """Return the token of a new sign-in. Raises TooMany, or Invalid for what does not fit."""
    with works().writing(SYSTEM) as work:
        attempt = signing.begin(work, given.identifier, network())
    signing.refuse_waiting(attempt)
    token = None
    if signing.matches(attempt, given.password):
        with writing() as work:
            token = signing.succeed(work, attempt, given.password, browser())
    if token is None:
        raise Invalid("credentials-wrong", field="identifier")
    return token


def viewer_of(token: str) -> Viewer:
    """Return who a fresh token stands for."""
    with reading() as work:
        return by_cookie(work, token) or Viewer()


def _onward(token: str, way: dict[str, Any]) -> ResponseReturnValue:
    """Go where the reader wanted, with what was typed there; first choose whom to act for, when there is a choice."""
    person = viewer_of(token)
    goal = way.get("next") or "/desk"
    if person.user_id is None:
        return redirect(url_for("accounts.sign_in"), 303)
    if "kept" in way:
        with works().writing(person.actor) as work:
            drafts.adopt(work, way["kept"], person.user_id, goal)
    with reading() as work:
        seats = queries.seats_of_person(work, person.user_id)
        user = queries.person(work.session, person.user_id)
        chosen = signing.LAST_ORG in (user.preferences or {})
    if person.needs_second_factor:
        return redirect(url_for("accounts.totp", next=goal), 303)
    if len(seats) > 1 and not chosen:
        return redirect(url_for("accounts.choose", next=goal), 303)
    return redirect(goal, 303)


@pages.get("/sign-in/code")
@public
def code() -> ResponseReturnValue:
    """Ask for the second factor's code."""
    if not viewer().awaits_code:
        return redirect(url_for("accounts.sign_in", **_way()), 303)
    return _draw_code(blank_form(forms.CODE), 200)


def _draw_code(form: Form[Any], status: int) -> ResponseReturnValue:
    return render_template("accounts/code.html", form=form, way=_way(), demo_code=demo_code(viewer().user_id)), status


@pages.post("/sign-in/code")
@public
def pass_code() -> ResponseReturnValue:
    """Let in whoever's code fits."""
    person = viewer()
    if not person.awaits_code or person.user_id is None or person.sign_in_id is None:
        return redirect(url_for("accounts.sign_in", **_way()), 303)
    form = read_form(schemas.CodeSchema(), forms.CODE, request.form)
    token = _passed(form, person.user_id, person.sign_in_id) if form.command is not None else None
    if token is None:
        return _draw_code(form, 422)
    way = _way()
    log_in(token)
    return _onward(token, way)


def _passed(form: Form[Any], user_id: int, sign_in_id: int) -> str | None:
    """Return the sign-in's new token when the code is right; else mark the form."""
    with writing() as work:
        checked = factors.check(work, user_id, form.fields["code"].value)
        if checked.ok:
            return signing.rotate(work, sign_in_id, second_factor=True)
    try:
        factors.refuse_unchecked(checked)
    except DomainError as error:
        refuse(form, error, field="code")
    return None


def demo_code(user_id: int | None) -> str | None:
    """Return the code that would be taken now, for people of the invented world alone."""
    if user_id is None or not demo_org(user_id):
        return None
    with reading() as work:
        user = queries.person(work.session, user_id)
        if user.totp_secret is None:
            return None
        step = max(factors.step_of(work.clock.now()), (user.totp_last_step or 0) + 1)
        return factors.code_at(user.totp_secret, step)


@pages.get("/account/second-factor")
@may("account:secure")
def totp() -> ResponseReturnValue:
    """Set up the second factor, pass it, or see that it is set up."""
    return _draw_totp(blank_form(forms.CODE), 200)


def _draw_totp(form: Form[Any], status: int) -> ResponseReturnValue:
    person = viewer()
    with writing() as work:
        user = (factors.prepare if not person.has_totp else _person)(work, person.user_id or 0)
        secret = user.totp_secret or ""
        address = factors.address_of(user) if not person.has_totp else ""
    stage = "set" if not person.has_totp else "done" if person.actor.second_factor else "pass"
    page = render_template(
        "accounts/second_factor.html", form=form, way=_way(), secret=secret, stage=stage, staff=_is_staff(),
        square=_square(address) if address else None, demo_code=demo_code(person.user_id),
    )  # fmt: skip
    return page, status


def _person(work: Work, user_id: int) -> User:
    return queries.person(work.session, user_id)


def _is_staff() -> bool:
    return viewer().needs_second_factor or viewer().actor.org_kind in SECOND_FACTOR_KINDS


def _square(address: str) -> Markup:
    """Draw the square code a phone reads, black on white in every theme."""
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="square")
    return Markup(drawn)  # noqa: S704 - drawn by us from a secret of base-32 letters


@pages.post("/account/second-factor")
@may("account:secure")
def set_totp() -> ResponseReturnValue:
    """Take the second factor into use, or pass it, when the code is right."""
    person = viewer()
    form = read_form(schemas.CodeSchema(), forms.CODE, request.form)
    if form.command is None or person.user_id is None or person.sign_in_id is None:
        return _draw_totp(form, 422)
    was_set = person.has_totp
    with writing() as work:
        checked = factors.confirm(work, person.user_id, form.fields["code"].value)
        token = signing.rotate(work, person.sign_in_id, second_factor=True) if checked.ok else None
    if token is None:
        try:
            factors.refuse_unchecked(checked)
        except DomainError as error:
            refuse(form, error, field="code")
        return _draw_totp(form, 422)
    way = _way()
    log_in(token)
    if not was_set:
        flash(_("动态验证码已启用。以后登录要再填一组 6 位数字。"), "ok")
    return redirect(way.get("next") or url_for("accounts.security"), 303)


@pages.post("/account/second-factor/drop")
@may("account:secure")
def drop_totp() -> ResponseReturnValue:
    """Give up the second factor after one more code; the staff keep theirs. Raises Forbidden for staff."""
    person = viewer()
    form = read_form(schemas.CodeSchema(), forms.CODE, request.form)
    if _is_staff():
        raise Forbidden("second-factor-staff")
    if form.command is None or person.user_id is None:
        return _draw_totp(form, 422)
    with writing() as work:
        checked = factors.check(work, person.user_id, form.fields["code"].value)
        if checked.ok:
            factors.drop(work, person.user_id)
    try:
        factors.refuse_unchecked(checked)
    except DomainError as error:
        refuse(form, error, field="code")
        return _draw_totp(form, 422)
    flash(_("动态验证码已停用。"), "warn")
    return redirect(url_for("accounts.security"), 303)


@pages.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this sign-in."""
    person = viewer()
    if person.sign_in_id is not None:
        with works().writing(person.actor) as work:
            signing.sign_out(work, person.sign_in_id)
    session.clear()
    flash(_("已退出登录。"), "ok")
    return redirect("/", 303)


@pages.get("/sign-up")
@public
def sign_up() -> ResponseReturnValue:
    """Ask what an enterprise or an agency needs to join."""
    kind = request.args.get("kind", OrgKind.ENTERPRISE.value)
    return _draw_sign_up(blank_form(forms.SIGN_UP, {"kind": kind}), 200)


def _draw_sign_up(form: Form[Any], status: int) -> ResponseReturnValue:
    return render_template("accounts/sign_up.html", form=form), status


@pages.post("/sign-up")
@public
def join() -> ResponseReturnValue:
    """Enter the organisation and its first manager, and sign that person in."""
    form = read_form(schemas.SignUpSchema(), forms.SIGN_UP, request.form)
    if form.command is None:
        return _draw_sign_up(form, 422)
    try:
        charge_sign_up()
        with writing() as work:
            org, user = service.sign_up(work, form.command)
            messages.tell(work, org.id, "organisation-welcome", "/desk")
            token = signing.open_sign_in(work, user, org_id=org.id, agent=browser())
            kind = org.kind
    except DomainError as error:
        refuse(form, error, field="name")
        return _draw_sign_up(form, 429 if isinstance(error, TooMany) else 422)
    log_in(token)
    flash(_("单位资料已建好，可以办事了。"), "ok")
    return redirect("/join" if kind is OrgKind.AGENCY else "/desk", 303)


@pages.get("/password-reset")
@public
def forgotten() -> ResponseReturnValue:
    """Ask whose password is forgotten."""
    return render_template("accounts/forgotten.html", form=blank_form(forms.FORGOTTEN), asked=False)


@pages.post("/password-reset")
@public
def ask_reset() -> ResponseReturnValue:
    """Take the request; the answer is the same whether or not somebody is known by that name."""
    form = read_form(schemas.IdentifierSchema(), forms.FORGOTTEN, request.form)
    if form.command is None:
        return render_template("accounts/forgotten.html", form=form, asked=False), 422
    try:
        with works().writing(SYSTEM) as work:
            reset.ask(work, form.fields["identifier"].value, network(), site=site(), locale=str(get_locale()))
    except TooMany as error:
        refuse(form, error, field="identifier")
        return render_template("accounts/forgotten.html", form=form, asked=False), 429
    return render_template("accounts/forgotten.html", form=form, asked=True)


@pages.get("/password-reset/<string:token>")
@public
def new_password(token: str) -> ResponseReturnValue:
    """Ask for the new password, if the mailed address still works."""
    with reading() as work:
        reset.live_token(work, token)
    return render_template("accounts/new_password.html", form=blank_form(forms.NEW_PASSWORD), token=token)


@pages.post("/password-reset/<string:token>")
@public
def set_password(token: str) -> ResponseReturnValue:
    """Set the new password, once."""
    form = read_form(schemas.NewPasswordSchema(), forms.NEW_PASSWORD, request.form)
    if form.command is not None:
        try:
            with works().writing(SYSTEM) as work:
                reset.set_password(work, token, request.form["password"])
        except Invalid as error:
            form.refuse("password", sentence(error))
        else:
            session.clear()
            flash(_("新密码已设置，其他地方的登录都已退出。用新密码登录。"), "ok")
            return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/new_password.html", form=form, token=token), 422
