"""The workbench, messages, drafts, and how pages are shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import desk, drafts, forms, messages, queries
from accounts.gate import may, public, reading, signed_in, viewer, writing
from accounts.models import Message
from accounts.pages import message, pages, told, wanted
from accounts.permissions import POLICY
from core.access import OrgKind
from core.errors import Invalid
from core.i18n import LANGS
from core.i18n import gettext as _
from core.i18n import lazy_gettext as _l
from core.work import Work

YEAR: Final = int(timedelta(days=365).total_seconds())
PREFERENCES: Final[dict[str, frozenset[str]]] = {
    "lang": frozenset(LANGS.values()),
    "theme": frozenset({"auto", "light", "dark"}),
    "text_size": frozenset({"normal", "large", "larger"}),
}
DOORS: Final[dict[OrgKind, list[tuple[Any, str]]]] = {
    OrgKind.ENTERPRISE: [(_l("发布需求"), "/needs/new"), (_l("找机构"), "/services"), (_l("我的合同"), "/contracts")],
    OrgKind.AGENCY: [(_l("看新公告"), "/needs"), (_l("我的入驻"), "/join"), (_l("我的合同"), "/contracts")],
    OrgKind.TOWN_OPERATOR: [(_l("核对入驻"), "/desk/registrations"), (_l("履约看板"), "/performance")],
    OrgKind.CITY_OPERATOR: [(_l("核对入驻"), "/desk/registrations"), (_l("履约看板"), "/performance")],
    OrgKind.PRICE_REGULATOR: [(_l("收费核查"), "/cases"), (_l("履约看板"), "/performance")],
    OrgKind.ADMINISTRATION: [
        (_l("看单位"), "/organisations"),
        (_l("审计记录"), "/audit"),
        (_l("交易规则"), "/rules"),
    ],
}


def _line(work: Work, row: Message) -> dict[str, Any]:
    late = row.done_at is None and row.due_at is not None and row.due_at <= work.clock.now()
    return {
        "id": row.id, "text": told(row), "url": row.url, "at": row.at, "due_at": row.due_at, "late": late,
        "done": row.done_at is not None, "is_todo": row.is_todo,
    }  # fmt: skip


@pages.get("/desk")
@signed_in
def workbench() -> ResponseReturnValue:
    """Show what waits for this person: what must be done first, then what each room has."""
    with reading() as work:
        org_id, me = work.actor.org_id, work.actor.user_id
        waiting = queries.todo_of(work.session, org_id, user_id=me, limit=12) if org_id else []
        known = queries.notices_of(work.session, org_id, user_id=me, limit=5).items if org_id else []
        todo, notices = [_line(work, row) for row in waiting], [_line(work, row) for row in known]
        panels = desk.gather(work, current_app.extensions["desk_panels"])
        kept = drafts.drafts_of(work)
        seats_n = len(queries.seats_of_person(work, work.actor.user_id or 0))
    kind, role = viewer().actor.org_kind, viewer().actor.role
    return render_template(
        "accounts/desk.html", todo=todo, notices=notices, panels=panels, drafts=kept, seats_n=seats_n,
        kind=forms.KINDS[kind] if kind else None, doors=_doors(kind), role=forms.ROLES[role] if role else None,
    )  # fmt: skip


def _doors(kind: OrgKind | None) -> list[tuple[Any, str]]:
    return DOORS.get(kind, []) if kind else []


@pages.get("/messages")
@signed_in
def message_list() -> ResponseReturnValue:
    """Show what is to be done, and what the organisation was told."""
    after = request.args.get("after", type=int)
    with reading() as work:
        org_id, me = work.actor.org_id or 0, work.actor.user_id
        waiting = queries.todo_of(work.session, org_id, user_id=me) if after is None else []
        todo = [_line(work, row) for row in waiting]
        page = queries.notices_of(work.session, org_id, user_id=me, after=after)
        notices = [_line(work, row) for row in page.items]
        settles = work.allows(POLICY, "message:settle", Message(org_id=org_id))
    following = url_for("accounts.message_list", after=page.after) if page.after else None
    return render_template(
        "accounts/messages.html", todo=todo, notices=notices, following=following, settles=settles, first=after is None
    )


@pages.post("/messages/<int:message_id>/done")
@may("message:settle", subject=message)
def message_done(message_id: int) -> ResponseReturnValue:
    """Mark one message as done or read."""
    with writing() as work:
        messages.finish(work, queries.message(work.session, message_id))
    return redirect(url_for("accounts.message_list"), 303)


@pages.post("/messages/read")
@signed_in
def messages_read() -> ResponseReturnValue:
    """Mark all notices as read; things to do stay."""
    with writing() as work:
        messages.read_all(work)
    flash(_("知会都已标为看过。"), "ok")
    return redirect(url_for("accounts.message_list"), 303)


@pages.post("/drafts")
@signed_in
def save_draft() -> ResponseReturnValue:
    """Keep what is typed on a page; ``path`` says which.

    Raises Invalid when the path is none of this site's, and what ``drafts.save`` refuses.
    """
    path = wanted(request.args.get("path") or request.form.get("path"))
    if not path:
        raise Invalid("draft-too-large", field="path")
    with writing() as work:
        drafts.save(work, path, request.form)
    return "", 204


@pages.post("/drafts/discard")
@signed_in
def discard_draft() -> ResponseReturnValue:
    """Throw a draft away."""
    with writing() as work:
        drafts.drop(work, request.form.get("path", ""))
    flash(_("草稿已删除。"), "ok")
    return redirect(url_for("accounts.workbench"), 303)


@pages.get("/preferences")
@public
def preferences() -> ResponseReturnValue:
    """Remember language, colours or size of text in this browser, and go back."""
    response = redirect(wanted(request.args.get("next")) or "/", 303)
    for name, known in PREFERENCES.items():
        chosen = request.args.get("text" if name == "text_size" and "text" in request.args else name)
        if chosen in known:
            secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
            response.set_cookie(name, chosen or "", max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response
