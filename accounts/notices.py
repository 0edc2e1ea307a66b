"""How a person is told: channels and times, a try, the calendar's address, and the link that stops mail."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import calendars, forms, preferences, queries, schemas, stops
from accounts.gate import may, public, reading, viewer, works, writing
from accounts.models import Preference
from accounts.outward import CALENDAR
from accounts.pages import own_user_id, pages, refuse, site
from accounts.sent import line
from core.access import SYSTEM
from core.errors import DomainError
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _
from core.work import Work


@pages.record
def _let_mail_programs_in(state: Any) -> None:
    """Take the POST of a mail program without our form's token: the address itself is signed (RFC 8058)."""
    guard = state.app.extensions.get("csrf")
    if guard is not None:
        guard.exempt(f"{__name__}.stop_mail")


@pages.get("/account/notifications")
@may("account:own")
def notifications() -> ResponseReturnValue:
    """Show how one is told, and what was sent lately."""
    with reading() as work:
        chosen = preferences.of_person(work.session, own_user_id())
    return _draw(blank_form(forms.NOTIFICATIONS, _shown(chosen)), 200)


def _shown(chosen: Preference) -> dict[str, Any]:
    return {item.name: getattr(chosen, item.name) for item in forms.NOTIFICATIONS}


def _draw(form: Form[Any], status: int, address: str = "") -> ResponseReturnValue:
    with reading() as work:
        user = queries.person(work.session, own_user_id())
        sent = [line(*pair) for pair in preferences.lately(work.session, f"user:{user.id}")]
        row = calendars.live(work.session, user.id, work.actor.org_id)
        page = render_template(
            "accounts/notifications.html", form=form, sent=sent, calendar=row, address=address,
            has_email=bool(user.email), has_mobile=bool(user.mobile),
        )  # fmt: skip
    return page, status


@pages.post("/account/notifications")
@may("account:own")
def save_notifications() -> ResponseReturnValue:
    """Keep how one wants to be told."""
    form = read_form(schemas.WishesSchema(), forms.NOTIFICATIONS, request.form)
    if form.command is None:
        return _draw(form, 422)
    try:
        with writing() as work:
            preferences.choose(work, form.command)
    except DomainError as error:
        refuse(form, error, field="todo_channels")
        return _draw(form, 422)
    flash(_("通知设置已保存。"), "ok")
    return redirect(url_for("accounts.notifications"), 303)


@pages.post("/account/notifications/try")
@may("account:own")
def try_notifications() -> ResponseReturnValue:
    """Send oneself a message by every way chosen."""
    with writing() as work:
        preferences.try_out(work)
    flash(_("试发的通知已交出，几秒后在下面看结果。"), "ok")
    return redirect(url_for("accounts.notifications"), 303)


@pages.post("/account/calendar")
@may("account:secure")
def make_calendar() -> ResponseReturnValue:
    """Make a new calendar address and show it this once; the former one stops."""
    with writing() as work:
        token = calendars.make(work)
    with reading() as work:
        chosen = preferences.of_person(work.session, own_user_id())
    address = f"{site()}{CALENDAR.format(token=token)}"
    return _draw(blank_form(forms.NOTIFICATIONS, _shown(chosen)), 201, address)


@pages.post("/account/calendar/revoke")
@may("account:secure")
def revoke_calendar() -> ResponseReturnValue:
    """Stop the calendar address."""
    with writing() as work:
        calendars.revoke(work)
    flash(_("日历网址已停用，马上失效。"), "ok")
    return redirect(url_for("accounts.notifications"), 303)


@pages.get("/mail/stop/<string:token>")
@public
def ask_stop_mail(token: str) -> ResponseReturnValue:
    """Ask once whether mails shall stop; nothing changes by looking. Raises NotFound."""
    stops.subject_of(stops.MAIL, token)
    return _draw_stop(done=False)


@pages.post("/mail/stop/<string:token>")
@public
def stop_mail(token: str) -> ResponseReturnValue:
    """Send no more mails of messages to whoever the link was written for. Raises NotFound."""
    user_id = stops.subject_of(stops.MAIL, token)
    with works().writing(SYSTEM) as work:
        _stopped(work, user_id)
    return _draw_stop(done=True)


def _stopped(work: Work, user_id: int) -> None:
    preferences.stop_mail(work, queries.person(work.session, user_id).id)


def _draw_stop(*, done: bool) -> str:
    return render_template(
        "accounts/stop.html", done=done, title=_("停发消息邮件"),
        question=_("停发以后，消息只在站内看。设置密码的邮件照常寄。"),
        answer=_("不再寄消息邮件了。站内消息照常有，登录后随时可以改回来。"),
        back="/account/notifications" if viewer().signed_in else "/sign-in?next=/account/notifications",
        back_text=_("通知设置"),
    )  # fmt: skip
