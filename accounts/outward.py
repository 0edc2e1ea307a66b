"""What leaves by other programs: an organisation's calendar, and the address its own system is called at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import calendars, forms, preferences, queries, schemas, webhooks
from accounts.gate import may, public, reading, works, writing
from accounts.pages import own_organisation, pages, refuse, site
from accounts.sent import line
from core import icalendar
from core.errors import DomainError
from core.forms import Form, blank_form, read_form
from core.i18n import gettext as _

CALENDAR: Final = "/calendar/{token}.ics"


@pages.get("/calendar/<string:token>.ics")
@public
def calendar(token: str) -> ResponseReturnValue:
    """Give an organisation's deadlines to whoever holds the address. Raises NotFound once it was stopped."""
    with works().reading() as work:
        actor = calendars.reader(work, token)
    with works().reading(actor) as work:
        found = [*calendars.entries(work)]
        for entries_of in current_app.extensions["calendar_entries"]:
            found += entries_of(work)
        name = queries.organisation(work.session, actor.org_id).name
        now = work.clock.now()
    host = site().partition("://")[2].partition(":")[0]
    whole = [replace(one, uid=f"{one.uid}@{host}", url=site() + one.url) for one in found]
    text = icalendar.write(whole, now, name=_("%(org)s的期限", org=name), product="deadlines")
    headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    return Response(text, mimetype="text/calendar", headers=headers)


@pages.get("/organisation/webhook")
@may("organisation:manage", subject=own_organisation)
def webhook() -> ResponseReturnValue:
    """Show where the organisation's system is called, and how the last calls went."""
    with reading() as work:
        row = webhooks.of_organisation(work.session, own_organisation(work).id)
    return _draw_webhook(blank_form(forms.WEBHOOK, {"url": row.url if row is not None else ""}), 200)


def _draw_webhook(form: Form[Any], status: int, secret: str = "") -> ResponseReturnValue:
    with reading() as work:
        org = own_organisation(work)
        row = webhooks.of_organisation(work.session, org.id)
        sent = [line(*pair) for pair in preferences.lately(work.session, f"org:{org.id}", limit=20)]
    return render_template("accounts/webhook.html", form=form, row=row, sent=sent, secret=secret), status


def loopback() -> bool:
    """Say whether this machine itself may be called: never in production."""
    return not current_app.extensions["config"].production


@pages.post("/organisation/webhook")
@may("organisation:manage", subject=own_organisation)
def set_webhook() -> ResponseReturnValue:
    """Set where the organisation's system is called; the key is shown this once."""
    form = read_form(schemas.WebhookSchema(), forms.WEBHOOK, request.form)
    if form.command is None:
        return _draw_webhook(form, 422)
    try:
        with writing() as work:
            org = own_organisation(work)
            secret = webhooks.set_address(work, org.id, form.command["url"], loopback=loopback())
    except DomainError as error:
        refuse(form, error, field="url")
        return _draw_webhook(form, 422)
    return _draw_webhook(form, 201, secret)


@pages.post("/organisation/webhook/drop")
@may("organisation:manage", subject=own_organisation)
def drop_webhook() -> ResponseReturnValue:
    """Call the organisation's system no more."""
    with writing() as work:
        webhooks.drop(work, own_organisation(work).id)
    flash(_("已停止推送。"), "ok")
    return redirect(url_for("accounts.webhook"), 303)
