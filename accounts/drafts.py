"""What somebody typed and has not sent: kept encrypted on the server, given back on the same page.

Signed in, it is kept by person and page. When a sign-in ended meanwhile, what was sent waits under a token for its
writer to sign in again, an hour at most.
"""

from __future__ import annotations

import json
import secrets as random_source
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import flash, g, has_request_context, request
from sqlalchemy import delete, func, select

from accounts.gate import viewer, works
from accounts.models import Draft
from core.clock import beijing
from core.errors import Invalid
from core.i18n import gettext as _
from core.secrets import token_hash
from core.work import Work

KEPT_PREFIX: Final = "kept:"
KEPT_FOR: Final = timedelta(hours=1)
DRAFT_FOR: Final = timedelta(days=30)
MOST_BYTES: Final = 64 * 1024
MOST_KEPT: Final = 2000
MOST_DRAFTS: Final = 50
PATH_LENGTH: Final = 200
SAVE_PATH: Final = "/drafts"
UNKEPT: Final = frozenset({"csrf_token", "next", "kept", "code", "path"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as a list shows it."""

    path: str
    saved_at: datetime


def typed_values(form: Any) -> dict[str, list[str]]:
    """Return a posted form's fields with their values; passwords, codes and tokens are left out."""
    values = {name: form.getlist(name) if hasattr(form, "getlist") else [str(form[name])] for name in form}
    return {name: given for name, given in values.items() if "password" not in name and name not in UNKEPT}


def keep_typed(form: Mapping[str, Any]) -> str | None:
    """Keep a posted form until its sender has signed in; return the token that finds it, None when it is not kept."""
    data = json.dumps(typed_values(form), ensure_ascii=False)
    if len(data.encode()) > MOST_BYTES or request.path.startswith((SAVE_PATH, "/sign-")):
        return None
    token = random_source.token_urlsafe(24)
    with works().system() as work:
        now = work.clock.now()
        work.session.execute(delete(Draft).where(Draft.user_id.is_(None), Draft.saved_at < now - KEPT_FOR))
        waiting = work.session.scalar(select(func.count()).select_from(Draft).where(Draft.user_id.is_(None)))
        if waiting is not None and waiting >= MOST_KEPT:
            return None
        work.session.add(Draft(user_id=None, path=KEPT_PREFIX + token_hash(token), data=data, saved_at=now))
    return token


def adopt(work: Work, token: str, user_id: int, path: str) -> bool:
    """Give what waited under a token to who has signed in, as the draft of a page; say whether there was any."""
    query = select(Draft).where(Draft.path == KEPT_PREFIX + token_hash(token), Draft.user_id.is_(None))
    row = work.session.scalars(query).one_or_none()
    if row is None or row.saved_at + KEPT_FOR <= work.clock.now() or len(path) > PATH_LENGTH:
        return False
    data = json.loads(row.data)
    work.session.delete(row)
    work.session.flush()
    _store(work, user_id, path, data)
    return True


def save(work: Work, path: str, form: Any) -> None:
    """Keep a form as the actor's draft of a page. Raises Invalid for one that is too large."""
    data = typed_values(form)
    too_long = len(json.dumps(data, ensure_ascii=False).encode()) > MOST_BYTES or len(path) > PATH_LENGTH
    if too_long or work.actor.user_id is None:
        raise Invalid("draft-too-large", field="path")
    _store(work, work.actor.user_id, path, data)


def _store(work: Work, user_id: int, path: str, data: Mapping[str, Any]) -> None:
    now = work.clock.now()
    mine = select(Draft).where(Draft.user_id == user_id)
    row = work.session.scalars(mine.where(Draft.path == path)).one_or_none()
    text = json.dumps(data, ensure_ascii=False)
    if row is not None:
        row.data, row.saved_at = text, now
        return
    work.session.execute(delete(Draft).where(Draft.user_id == user_id, Draft.saved_at < now - DRAFT_FOR))
    for old in work.session.scalars(mine.order_by(Draft.saved_at.desc()).offset(MOST_DRAFTS - 1)):
        work.session.delete(old)
    work.session.add(Draft(user_id=user_id, path=path, data=text, saved_at=now))


def draft_for(work: Work, path: str) -> dict[str, list[str]]:
    """Return what the actor typed on a page and has not sent, each field with its values; empty when nothing."""
    found = _draft(work, path)
    return {} if found is None else dict(json.loads(found.data))


def _draft(work: Work, path: str) -> Draft | None:
    if work.actor.user_id is None:
        return None
    query = select(Draft).where(Draft.user_id == work.actor.user_id, Draft.path == path)
    return work.session.scalars(query).one_or_none()


def drop(work: Work, *paths: str) -> None:
    """Forget the actor's drafts of some pages: they were sent, or thrown away."""
    if work.actor.user_id is not None:
        work.session.execute(delete(Draft).where(Draft.user_id == work.actor.user_id, Draft.path.in_(paths)))


def drafts_of(work: Work) -> Sequence[Kept]:
    """Return the actor's drafts, newest first."""
    query = select(Draft.path, Draft.saved_at).where(Draft.user_id == (work.actor.user_id or -1))
    return [Kept(path, at) for path, at in work.session.execute(query.order_by(Draft.saved_at.desc()).limit(20))]


def here() -> str:
    """Return the address drafts of this request's page are kept under."""
    return request.full_path.rstrip("?")


def recalled() -> Mapping[str, list[str]]:
    """Return what the reader had typed on the page being drawn; asked once a request, told in a line on the page."""
    if not has_request_context() or request.method != "GET" or not viewer().signed_in:
        return {}
    if "recalled" not in g:
        with works().reading(viewer().actor) as work:
            row = _draft(work, here())
            g.recalled = dict(json.loads(row.data)) if row is not None else {}
            if row is not None:
                flash(_("已恢复您 %(time)s 填写、还没有提交的内容。", time=f"{beijing(row.saved_at):%H:%M}"), "info")
    found: Mapping[str, list[str]] = g.recalled
    return found


def forget_sent(status: int) -> None:
    """Forget the drafts of the page whose form was just sent well."""
    sent = request.method == "POST" and status in {302, 303} and not request.path.startswith(("/sign-", SAVE_PATH))
    if not sent or not viewer().signed_in:
        return
    referrer = request.referrer or ""
    pages = {here(), "/" + referrer.partition("://")[2].partition("/")[2]}
    actor = viewer().actor
    with works().reading(actor) as work:
        known = select(func.count()).select_from(Draft).where(Draft.user_id == actor.user_id, Draft.path.in_(pages))
        if not work.session.scalar(known):
            return
    with works().writing(actor) as work:
        drop(work, *pages)
