"""Setting a password by mail: asked for by anybody, answered alike, used once."""

from __future__ import annotations

import secrets as random_source
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update

from accounts import mail, passwords, queries, rules, service, signing
from accounts.models import ApiToken, ResetToken, User
from core.errors import Invalid, NotFound, TooMany
from core.i18n import force_locale
from core.i18n import gettext as _
from core.secrets import keyed_hash, token_hash
from core.work import Work

LIFE: Final = timedelta(minutes=30)
INVITATION_LIFE: Final = timedelta(days=3)
TRIES: Final = 5
MEMORY: Final = timedelta(hours=1)


def ask(work: Work, identifier: str, network: str, *, site: str, locale: str) -> None:
    """Ask for a mail to set a new password; known and unknown names do the same work here.

    The event holds the name's keyed hash alone, and a handler finds whom it belongs to. Raises TooMany.
    """
    kind, value = rules.normal_identifier(identifier)
    found = keyed_hash(kind, value)
    for key, free in (
        ("reset:" + found[:40], TRIES),
        ("reset-network:" + keyed_hash("network", network)[:40], TRIES * 4),
    ):
        wait = signing.charge(work, key, free, memory=MEMORY)
        if wait > timedelta(0):
            raise TooMany("reset-waits", retry_after=max(1, int(wait.total_seconds())))
    work.emit("password-reset.asked", kind=kind, hash=found, site=site, locale=locale)


def mail_link(work: Work, event: Mapping[str, Any]) -> None:
    """Mail a person the way to set a new password, if the name asked for is somebody's (event handler)."""
    column = User.email_hash if event["kind"] == "email" else User.mobile_hash
    user = work.session.scalars(select(User).where(column == event["hash"])).one_or_none()
    if user is None or user.email is None or user.suspended_at is not None:
        return
    with force_locale(event.get("locale", "zh_Hans_CN")):
        link = event["site"] + _path(make_token(work, user, LIFE))
        mail.queue(
            work,
            user.email,
            _("莞中介：设置新密码"),
            _(
                "%(name)s：\n\n打开下面的网址设置新密码，%(minutes)s 分钟内有效，只能用一次：\n%(link)s\n\n"
                "没有申请过的，不用理会这封邮件，原密码仍然有效。",
                name=user.display_name,
                minutes=int(LIFE.total_seconds() // 60),
                link=link,
            ),
        )


def mail_invitation(work: Work, event: Mapping[str, Any]) -> None:
    """Mail somebody new how to set the first password (event handler of ``membership.began``)."""
    user = work.session.get(User, event["user_id"])
    if user is None or user.email is None or user.password_hash != passwords.UNSET:
        return
    org = queries.organisation(work.session, event["org_id"])
    link = event.get("site", "") + _path(make_token(work, user, INVITATION_LIFE))
    mail.queue(
        work,
        user.email,
        _("莞中介：您已被授权办事"),
        _(
            "%(name)s：\n\n“%(org)s”授权您在东莞市中介服务网上超市办事。打开下面的网址设置密码，"
            "%(days)s 天内有效，只能用一次：\n%(link)s",
            name=user.display_name,
            org=org.name,
            days=INVITATION_LIFE.days,
            link=link,
        ),
    )


def _path(token: str) -> str:
    return f"/password-reset/{token}"


def make_token(work: Work, user: User, life: timedelta) -> str:
    """Make a one-time token; earlier ones of the same person stop working."""
    now = work.clock.now()
    earlier = update(ResetToken).where(ResetToken.user_id == user.id, ResetToken.used_at.is_(None))
    work.session.execute(earlier.values(used_at=now))
    token = random_source.token_urlsafe(signing.TOKEN_BYTES)
    work.session.add(ResetToken(token_hash=token_hash(token), user_id=user.id, ends_at=now + life, used_at=None))
    return token


def live_token(work: Work, token: str) -> ResetToken:
    """Return the row of a token that still works. Raises NotFound("reset-over")."""
    query = select(ResetToken).where(ResetToken.token_hash == token_hash(token)).with_for_update()
    row = work.session.scalars(query).one_or_none()
    if row is None or row.used_at is not None or row.ends_at <= work.clock.now():
        raise NotFound("reset-over")
    return row


def set_password(work: Work, token: str, password: str) -> User:
    """Set a new password once; every sign-in ends, tokens are revoked, and a stopped account may try again.

    Raises NotFound for a used or old token, Invalid for a weak password.
    """
    row = live_token(work, token)
    user = queries.person(work.session, row.user_id)
    service.refuse_weak(password, user.email, user.mobile)
    row.used_at = work.clock.now()
    user.password_hash = passwords.make_hash(password)
    signing.revoke_all(work, user)
    revoke_tokens(work, user)
    for found in (user.email_hash, user.mobile_hash):
        if found:
            signing.discharge(work, "account:" + found[:40])
    work.record(user, "person.reset-password")
    return user


def change_password(work: Work, user_id: int, new_password: str, *, keep_sign_in: int | None) -> User:
    """Change one's own password; the caller has checked the old one. Other sign-ins end.

    Raises NotFound, Invalid for a weak password or the old one again.
    """
    user = queries.person(work.session, user_id)
    try:
        service.refuse_weak(new_password, user.email, user.mobile)
    except Invalid as error:
        raise Invalid(error.code, **{**error.facts, "field": "new_password"}) from error
    user.password_hash = passwords.make_hash(new_password)
    signing.revoke_all(work, user, but=keep_sign_in)
    work.record(user, "person.changed-password")
    return user


def revoke_tokens(work: Work, user: User) -> None:
    """Revoke all of a person's API tokens."""
    now = work.clock.now()
    for row in work.session.scalars(select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))):
        row.revoked_at = now
        work.record(row, "token.revoked")
