"""Signing in and out: throttled tries, sign-ins with their ends, switching organisations.

A try is charged before the password is looked at, so that many at once count as many; success takes the charge back.
The slow part, the password's hash, runs outside any unit of work: `begin`, then `matches`, then `succeed`.
"""

from __future__ import annotations

import secrets as random_source
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from accounts import passwords, queries, rules
from accounts.models import SignIn, Throttle, User
from accounts.permissions import POLICY
from accounts.viewer import IDLE, standing_membership
from core.errors import Forbidden, Invalid, NotFound, TooMany
from core.secrets import keyed_hash, token_hash
from core.work import Work

LIFE: Final = timedelta(hours=12)
NETWORK_MEMORY: Final = timedelta(minutes=30)
FORGOTTEN: Final = timedelta(days=90)
TOKEN_BYTES: Final = 32
NETWORK_BITS: Final = {4: 24, 6: 64}
LAST_ORG: Final = "org_id"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in: whom it names, if anybody, and how long it must wait first."""

    user_id: int | None
    password_hash: str | None
    account_key: str
    network_key: str
    wait_seconds: int = 0
    stopped: bool = False


def network_of(address: str) -> str:
    """Return the network an address lies in: a whole /24, or /64 in version 6; an unreadable one is itself."""
    try:
        bits = NETWORK_BITS[ip_address(address).version]
        return str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return address[:40]


def begin(work: Work, identifier: str, network: str) -> Attempt:
    """Charge a try to the account and the network, and say whose password to look at, or how long to wait.

    A name nobody has is charged and answered like any other.
    """
    kind, value = rules.normal_identifier(identifier)
    account_key = "account:" + keyed_hash(kind, value)[:40]
    network_key = "network:" + keyed_hash("network", network_of(network))[:40]
    _forget(work)
    waits = [
        charge(work, account_key, rules.ACCOUNT_TRIES),
        charge(work, network_key, rules.NETWORK_TRIES, memory=NETWORK_MEMORY),
    ]
    user = queries.find_person(work.session, identifier)
    wait = max(waits)
    return Attempt(
        user.id if user else None, user.password_hash if user else None, account_key, network_key,
        int(min(wait, rules.LONGEST_WAIT).total_seconds()), wait > rules.LONGEST_WAIT,
    )  # fmt: skip


def matches(attempt: Attempt, password: str) -> bool:
    """Say whether the password is right; as slow for nobody as for somebody."""
    return passwords.fits(attempt.password_hash, password[: rules.MOST_PASSWORD + 1])


def succeed(work: Work, attempt: Attempt, password: str, agent: str = "") -> str | None:
    """Take the charge back and open a sign-in; return its token, or None for a suspended person.

    Where a second factor is set, the sign-in awaits its code and lets nobody in before.
    """
    user = work.session.get(User, attempt.user_id)
    if user is None or user.suspended_at is not None:
        return None
    settle_attempt(work, attempt)
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.make_hash(password)
    work.record(user, "person.signed-in")
    return open_sign_in(work, user, awaits_code=user.totp_confirmed_at is not None, agent=agent)


def settle_attempt(work: Work, attempt: Attempt) -> None:
    """Take back what a try that succeeded was charged."""
    discharge(work, attempt.account_key)
    _refund(work, attempt.network_key)


def refuse_waiting(attempt: Attempt) -> None:
    """Refuse a try that must wait. Raises TooMany."""
    if attempt.stopped:
        raise TooMany("sign-in-stopped")
    if attempt.wait_seconds:
        raise TooMany("sign-in-waits", retry_after=attempt.wait_seconds, seconds=attempt.wait_seconds)


def charge(work: Work, key: str, free: int, *, memory: timedelta | None = None) -> timedelta:
    """Count a failure before it is known to be one; return how long to wait, zero when the try may go on.

    memory: after so long without a try the count begins anew.
    """
    now = work.clock.now()
    row = _counter(work, key)
    if row.failures >= rules.STOP and memory is None:
        return rules.STOPPED_WAIT
    if row.until is not None and now < row.until:
        return row.until - now
    if memory is not None and row.seen_at + memory <= now:
        row.failures = 0
    row.failures, row.seen_at = row.failures + 1, now
    row.until = now + min(rules.wait_after(row.failures, free), rules.LONGEST_WAIT)
    work.session.flush()
    return timedelta(0)


def _counter(work: Work, key: str) -> Throttle:
    """Return a count, locked; of two that begin it at once the later finds the earlier's."""
    query = select(Throttle).where(Throttle.key == key).with_for_update()
    row = work.session.scalars(query).one_or_none()
    if row is not None:
        return row
    row = Throttle(key=key, failures=0, until=None, seen_at=work.clock.now())
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        return work.session.scalars(query).one()
    return row


def discharge(work: Work, key: str) -> None:
    """Begin the count anew, after a success."""
    work.session.execute(delete(Throttle).where(Throttle.key == key))


def _refund(work: Work, key: str) -> None:
    """Take back one try of a network: others there may still be guessing."""
    row = work.session.scalars(select(Throttle).where(Throttle.key == key)).one_or_none()
    if row is not None and row.failures > 0:
        row.failures -= 1
        if row.failures < rules.NETWORK_TRIES:
            row.until = None


def _forget(work: Work) -> None:
    old = work.clock.now() - FORGOTTEN
    work.session.execute(delete(Throttle).where(Throttle.seen_at < old, Throttle.failures < rules.STOP))


def open_sign_in(
    work: Work,
    user: User,
    *,
    org_id: int | None = None,
    second_factor: bool = False,
    awaits_code: bool = False,
    agent: str = "",
) -> str:
    """Open a sign-in and return the token its cookie carries.

    org_id: the organisation to act for; without one the last used, else the first that holds today.
    """
    now = work.clock.now()
    token = random_source.token_urlsafe(TOKEN_BYTES)
    work.session.add(
        SignIn(
            token_hash=token_hash(token), user_id=user.id, org_id=org_id or usual_org(work, user), agent=agent[:60],
            second_factor=second_factor, awaits_code=awaits_code, created_at=now, seen_at=now, ends_at=now + LIFE,
        )
    )  # fmt: skip
    work.session.flush()
    return token


def usual_org(work: Work, user: User) -> int | None:
    """Return the organisation a person last acted for, else the first that holds today."""
    seats = [seat.org.id for seat in queries.seats_of_person(work, user.id)]
    last = (user.preferences or {}).get(LAST_ORG)
    return last if last in seats else next(iter(seats), None)


def rotate(work: Work, sign_in_id: int, *, second_factor: bool | None = None, org_id: int | None = None) -> str:
    """Give a sign-in a new token, at once the only one that holds; return it. Raises NotFound when it has ended."""
    row = work.session.get(SignIn, sign_in_id, with_for_update=True)
    if row is None or row.revoked_at is not None:
        raise NotFound("sign-in-ended")
    token = random_source.token_urlsafe(TOKEN_BYTES)
    row.token_hash, row.seen_at = token_hash(token), work.clock.now()
    if second_factor is not None:
        row.second_factor, row.awaits_code = second_factor, False
    if org_id is not None:
        row.org_id = org_id
    return token


def switch_organisation(work: Work, sign_in_id: int, user_id: int, org_id: int) -> str:
    """Act for another of one's organisations from now on; return the sign-in's new token. Raises Forbidden."""
    if standing_membership(work.session, user_id, org_id, work) is None:
        raise Forbidden("not-a-member")
    user = queries.person(work.session, user_id)
    user.preferences = {**(user.preferences or {}), LAST_ORG: org_id}
    work.record(user, "person.switched-organisation", org_id=org_id)
    return rotate(work, sign_in_id, org_id=org_id)


def touch(work: Work, sign_in_id: int) -> None:
    """Write down that a sign-in was just used, so that it does not idle out."""
    work.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=work.clock.now()))


def sign_out(work: Work, sign_in_id: int) -> None:
    """End one sign-in."""
    now = work.clock.now()
    live = update(SignIn).where(SignIn.id == sign_in_id, SignIn.revoked_at.is_(None))
    work.session.execute(live.values(revoked_at=now))


def end_sign_in(work: Work, sign_in_id: int) -> None:
    """End one of one's own sign-ins, on another device perhaps. Raises NotFound."""
    row = work.session.get(SignIn, sign_in_id)
    if row is None or row.user_id != work.actor.user_id or row.revoked_at is not None:
        raise NotFound("sign-in-ended")
    row.revoked_at = work.clock.now()


def sign_out_everywhere(work: Work, user_id: int, *, but: int | None = None) -> None:
    """End all of a person's sign-ins, or all but one. Raises NotFound, Forbidden."""
    user = queries.person(work.session, user_id)
    work.require(POLICY, "person:edit", user)
    revoke_all(work, user, but=but)
    work.record(user, "person.signed-out-everywhere")


def revoke_all(work: Work, user: User, *, but: int | None = None) -> None:
    """Revoke a person's sign-ins, all but the one of this id where it is given."""
    ending = update(SignIn).where(SignIn.user_id == user.id, SignIn.revoked_at.is_(None), SignIn.id != (but or -1))
    work.session.execute(ending.values(revoked_at=work.clock.now()))


def is_live(row: SignIn, work: Work) -> bool:
    """Say whether a sign-in still lets its browser in."""
    now = work.clock.now()
    return row.revoked_at is None and now < row.ends_at and now < row.seen_at + IDLE


def begin_proof(work: Work, user_id: int) -> Attempt:
    """Charge a try of somebody signed in to prove who they are by password."""
    user = queries.person(work.session, user_id)
    key = f"proof:{user.id}"
    wait = charge(work, key, rules.ACCOUNT_TRIES, memory=NETWORK_MEMORY)
    return Attempt(user.id, user.password_hash, key, "", int(min(wait, rules.LONGEST_WAIT).total_seconds()))


def refuse_proof_waiting(attempt: Attempt) -> None:
    """Refuse a proof that must wait. Raises TooMany for the field ``password``."""
    if attempt.wait_seconds:
        raise TooMany(
            "password-waits", field="password", retry_after=attempt.wait_seconds, seconds=attempt.wait_seconds
        )


def refuse_mismatch(attempt: Attempt, password: str) -> None:
    """Refuse a wrong password of somebody signed in. Raises Invalid for the field ``password``."""
    if not matches(attempt, password):
        raise Invalid("password-wrong", field="password")
