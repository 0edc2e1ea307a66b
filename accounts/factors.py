"""The second factor: a code that changes each half minute (RFC 6238), set up once, never taken twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

import pyotp

from accounts import queries, rules, signing
from accounts.models import Membership, User
from accounts.permissions import POLICY
from core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from core.work import Work

ISSUER: Final = "莞中介"
DRIFT: Final = (0, -1, 1)
MEMORY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a code was right, and how long to wait before the next when tries run out."""

    ok: bool
    wait_seconds: int = 0


def step_of(instant: datetime) -> int:
    """Return the half minute an instant lies in, counted from 1970."""
    return int(instant.timestamp()) // rules.STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """Return the code of one half minute."""
    return pyotp.TOTP(secret).generate_otp(step)


def accepted_step(secret: str, typed: str, now: datetime, last_step: int | None) -> int | None:
    """Return the half minute a typed code belongs to, or None.

    The one before and the one after count too; none at or before the last accepted does, whatever spaces are added.
    """
    code = rules.normal_code(typed)
    if code is None:
        return None
    for drift in DRIFT:
        step = step_of(now) + drift
        if compare_digest(code_at(secret, step), code):
            return step if last_step is None or step > last_step else None
    return None


def address_of(user: User) -> str:
    """Return the otpauth address a phone reads from the square code. Raises NotFound without a secret."""
    if user.totp_secret is None:
        raise NotFound("second-factor-missing")
    name = user.mobile[-4:] if user.mobile else rules.mask_email(user.email or "@")
    return pyotp.TOTP(user.totp_secret).provisioning_uri(name=name, issuer_name=ISSUER)


def prepare(work: Work, user_id: int) -> User:
    """Give a person a secret to set up, unless one waits already. Raises NotFound, Conflict when it is set up."""
    user = queries.person(work.session, user_id)
    work.require(POLICY, "person:edit", user)
    if user.totp_confirmed_at is not None:
        raise Conflict("second-factor-set")
    if user.totp_secret is None:
        user.totp_secret = pyotp.random_base32()
        work.record(user, "person.second-factor-prepared")
    return user


def check(work: Work, user_id: int, typed: str) -> Checked:
    """Check a code and keep its half minute against a second use; tries are throttled like passwords."""
    user = queries.person(work.session, user_id)
    key = f"code:{user.id}"
    wait = signing.charge(work, key, rules.ACCOUNT_TRIES, memory=MEMORY)
    if wait > timedelta(0):
        return Checked(ok=False, wait_seconds=max(1, int(min(wait, rules.LONGEST_WAIT).total_seconds())))
    step = accepted_step(user.totp_secret, typed, work.clock.now(), user.totp_last_step) if user.totp_secret else None
    if step is None:
        return Checked(ok=False)
    user.totp_last_step = step
    signing.discharge(work, key)
    work.record(user, "person.passed-second-factor")
    return Checked(ok=True)


def refuse_unchecked(checked: Checked) -> None:
    """Refuse after a code that was not right. Raises TooMany, or Invalid for the field ``code``."""
    if checked.wait_seconds:
        raise TooMany("code-waits", retry_after=checked.wait_seconds, seconds=checked.wait_seconds)
    if not checked.ok:
        raise Invalid("code-wrong", field="code")


def confirm(work: Work, user_id: int, typed: str) -> Checked:
    """Take the second factor into use when the first code is right."""
    checked = check(work, user_id, typed)
    user = queries.person(work.session, user_id)
    if checked.ok and user.totp_confirmed_at is None:
        user.totp_confirmed_at = work.clock.now()
        work.record(user, "person.second-factor-set")
    return checked


def clear(work: Work, membership_id: int) -> None:
    """Take a colleague's second factor away after a lost phone; they are signed out and set up a new one.

    Only a manager of the same organisation may, with a second factor of their own, and not for themselves.
    Raises NotFound, Forbidden.
    """
    member = work.session.get(Membership, membership_id)
    if member is None:
        raise NotFound("membership-not-found")
    work.require(POLICY, "membership:end", member)
    if member.user_id == work.actor.user_id or not (work.actor.second_factor or work.actor.is_system):
        raise Forbidden("second-factor-of-another")
    user = queries.person(work.session, member.user_id)
    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = None
    signing.revoke_all(work, user)
    signing.discharge(work, f"code:{user.id}")
    work.record(user, "person.second-factor-cleared")


def drop(work: Work, user_id: int) -> None:
    """Give up one's own second factor; the caller has checked a code. Raises NotFound."""
    user = queries.person(work.session, user_id)
    work.require(POLICY, "person:edit", user)
    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = None
    work.record(user, "person.second-factor-dropped")
