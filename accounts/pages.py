"""The room's blueprint, and what its pages share; ``views`` gathers the pages that hang on it."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request, session
from flask_login import login_user

from accounts import channels, drafts, mail, queries, reset, signing, telling
from accounts.channels import Carrier, FolderCarrier, MailCarrier
from accounts.gate import reading, viewer, works, writing
from accounts.models import Membership, Message, Organisation
from accounts.refusing import sentence
from accounts.rules import is_local
from accounts.telling import Channel
from accounts.viewer import Viewer
from accounts.webhooks import WebhookCarrier
from core import recall
from core.access import SYSTEM
from core.errors import DomainError, NotFound, TooMany
from core.forms import Form
from core.i18n import gettext as _
from core.secrets import keyed_hash
from core.work import Work

SIGN_UPS: Final = 20
pages = Blueprint("accounts", __name__, template_folder="templates")

BROWSERS: Final = (("Edg/", "Edge"), ("OPR/", "Opera"), ("MicroMessenger", "微信"), ("Firefox/", "Firefox"),
                   ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
SYSTEMS: Final = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
                  ("Mac OS", "macOS"), ("HarmonyOS", "HarmonyOS"), ("Linux", "Linux"))  # fmt: skip


@pages.record
def _set_up(state: Any) -> None:
    """Say where mails go and where forms find what was typed before."""
    config = state.app.extensions.get("config")
    recall.configure(drafts.recalled)
    if config is not None:
        host = urlsplit(config.site_url).hostname
        sender = f"noreply@{host}" if host else mail.SENDER
        mail.configure(mail.post_for(config.smtp_url, config.mail), sender=sender)
        carriers: dict[Channel, Carrier] = {
            Channel.MAIL: MailCarrier(),
            Channel.SMS: FolderCarrier(config.sms),
            Channel.WEBHOOK: WebhookCarrier(loopback=not config.production),
        }
        channels.configure(carriers, config.site_url)


@pages.before_app_request
def _stay() -> None:
    """Write down, once a minute at most, that a sign-in is in use."""
    if request.endpoint == "static":
        return
    person = viewer()
    if person.seen_long_ago and person.sign_in_id is not None:
        with works().writing(SYSTEM) as work:
            signing.touch(work, person.sign_in_id)


@pages.after_app_request
def _forget(response: Response) -> Response:
    drafts.forget_sent(response.status_code)
    return response


def refuse(form: Form[Any], error: DomainError, *, field: str = "") -> None:
    """Show a refusal at the field it names, or at the one given."""
    form.refuse(str(error.facts.get("field", field)), sentence(error))


def network() -> str:
    """Return the address the request comes from."""
    return request.remote_addr or ""


def site() -> str:
    """Return the site's own address for links in mails: the one set, else the one asked at."""
    return str(current_app.extensions["config"].site_url or request.url_root).rstrip("/")


def browser() -> str:
    """Name the browser and system in two words, for the list of sign-ins."""
    text = request.headers.get("User-Agent", "")
    names = (next((name for mark, name in marks if mark in text), "") for marks in (BROWSERS, SYSTEMS))
    return " · ".join(name for name in names if name)


def log_in(token: str) -> None:
    """Begin a fresh browser session that carries this sign-in and nothing of the former one."""
    session.clear()
    login_user(Viewer(token=token))


def wanted(url: str | None) -> str:
    """Return where the reader wanted to go, if that is on this site; else an empty text."""
    return url if url and is_local(url) else ""


def own_organisation(work: Work, **_view_args: Any) -> Organisation:
    """Load the organisation acted for, for a gate. Raises NotFound."""
    return queries.organisation(work.session, work.actor.org_id)


def own_user_id() -> int:
    """Return the id of who is signed in. Raises NotFound for nobody."""
    user_id = viewer().actor.user_id
    if user_id is None:
        raise NotFound("person-not-found")
    return user_id


def proves(password: str) -> signing.Attempt:
    """Check the password of who is signed in, throttled. Raises TooMany, or Invalid for the field ``password``."""
    with writing() as work:
        attempt = signing.begin_proof(work, own_user_id())
    signing.refuse_proof_waiting(attempt)
    signing.refuse_mismatch(attempt, password)
    with writing() as work:
        signing.discharge(work, attempt.account_key)
    return attempt


def demo_org(user_id: int) -> bool:
    """Say whether a person belongs to the invented world, on a site that shows it."""
    if not current_app.config["DEMO"]:
        return False
    with reading() as work:
        return any(seat.org.is_demo for seat in queries.seats_of_person(work, user_id))


def told(row: Message) -> str:
    """Return a message's sentence in the reader's language."""
    return telling.said(row.code, row.facts) or _("有一条新消息，打开看看")


def message(work: Work, message_id: int) -> Message:
    """Load a message for the gate. Raises NotFound."""
    return queries.message(work.session, message_id)


def membership(work: Work, membership_id: int) -> Membership:
    """Load a delegation for the gate. Raises NotFound."""
    row = work.session.get(Membership, membership_id)
    if row is None:
        raise NotFound("membership-not-found")
    return row


def charge_sign_up() -> None:
    """Count a sign-up against the network it comes from. Raises TooMany."""
    with works().writing(SYSTEM) as work:
        key = "sign-up:" + keyed_hash("network", signing.network_of(network()))[:40]
        wait = signing.charge(work, key, SIGN_UPS, memory=reset.MEMORY)
    if wait:
        raise TooMany("sign-up-waits", retry_after=max(1, int(wait.total_seconds())))
