"""API tokens: made with password and code for one organisation, shown once, over within a year."""

from __future__ import annotations

import secrets as random_source
from datetime import timedelta
from typing import Final

from accounts import queries
from accounts.commands import MakeToken
from accounts.models import ApiToken
from accounts.permissions import POLICY
from accounts.viewer import SECOND_FACTOR_KINDS, standing_membership
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.secrets import token_hash
from core.work import Work

SCOPES: Final = ("read", "write")
MOST_DAYS: Final = 365
MOST_TOKENS: Final = 20
PREFIX: Final = "dgzj_"


def make(work: Work, user_id: int, cmd: MakeToken, *, org_id: int | None, second_factor: bool) -> tuple[ApiToken, str]:
    """Make a token; return its row and the token itself, which is kept nowhere. The caller has checked who asks.

    Raises Invalid for scopes or days out of range, Forbidden for a suspended person, without membership or without a
    needed second factor, Conflict when there are too many.
    """
    user = queries.person(work.session, user_id)
    if user.suspended_at is not None:
        raise Forbidden("not-a-member")
    if not cmd.scopes or not set(cmd.scopes) <= set(SCOPES):
        raise Invalid("scopes-missing", field="scopes")
    if not 1 <= cmd.days <= MOST_DAYS:
        raise Invalid("days-range", field="days", most=MOST_DAYS)
    if org_id is not None:
        seat = standing_membership(work.session, user_id, org_id, work)
        if seat is None:
            raise Forbidden("not-a-member")
        if seat[1].kind in SECOND_FACTOR_KINDS and not second_factor:
            raise Forbidden("second-factor-required")
    now = work.clock.now()
    live = sum(row.revoked_at is None and row.ends_at > now for row, _name in queries.tokens_of(work.session, user.id))
    if live >= MOST_TOKENS:
        raise Conflict("tokens-many", most=MOST_TOKENS)
    token = PREFIX + random_source.token_urlsafe(32)
    row = ApiToken(
        token_hash=token_hash(token), user_id=user.id, org_id=org_id, label=cmd.label, scopes=sorted(set(cmd.scopes)),
        second_factor=second_factor, created_at=now, ends_at=now + timedelta(days=cmd.days), revoked_at=None,
    )  # fmt: skip
    work.add(row, "token.made", scopes=row.scopes)
    return row, token


def revoke(work: Work, token_id: int) -> ApiToken:
    """Revoke one of one's own tokens, at once. Raises NotFound, also for another's, and Conflict when it has ended."""
    row = work.session.get(ApiToken, token_id)
    if row is None or not work.allows(POLICY, "token:revoke", row):
        raise NotFound("token-not-found")
    if row.revoked_at is not None:
        raise Conflict("token-over")
    row.revoked_at = work.clock.now()
    work.record(row, "token.revoked")
    return row
