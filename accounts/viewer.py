"""Who looks at a page: the person with the organisation acted for, as Flask-Login and the templates see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import ApiToken, Membership, Organisation, SignIn, User
from core.access import ANONYMOUS, Actor, OrgKind
from core.clock import beijing_day
from core.secrets import token_hash
from core.work import Work

IDLE: Final = timedelta(minutes=30)
TOUCH: Final = timedelta(minutes=1)
SECOND_FACTOR_KINDS: Final = frozenset(
    {OrgKind.TOWN_OPERATOR, OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION, OrgKind.DEPARTMENT}
)


@dataclass(slots=True)
class Viewer:
    """The person behind a request, or nobody.

    user_id, org_id: also set while a code is awaited, when the actor is still nobody.
    needs_second_factor: a person of the staff who has not passed a code; the actor then acts for no organisation.
    seen_long_ago: the sign-in's last sight is worth writing down again.
    """

    actor: Actor = ANONYMOUS
    name: str = ""
    org_name: str = ""
    token: str = ""
    by_api: bool = False
    awaits_code: bool = False
    has_totp: bool = False
    sign_in_id: int | None = None
    user_id: int | None = None
    org_id: int | None = None
    is_demo: bool = False
    needs_second_factor: bool = False
    seen_long_ago: bool = False

    @property
    def signed_in(self) -> bool:
        """Whether a person is signed in, second factor included where one is set."""
        return self.actor.signed_in

    @property
    def role(self) -> str:
        """The kind of organisation acted for, or an empty text."""
        return str(self.actor.org_kind or "")

    @property
    def home_url(self) -> str:
        """Where this person's own desk is."""
        return "/desk" if self.signed_in else "/"

    is_authenticated = signed_in
    is_active = True

    @property
    def is_anonymous(self) -> bool:
        """Flask-Login's question, the other way round."""
        return not self.signed_in

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie: the sign-in's own token."""
        return self.token


def by_cookie(work: Work, token: str) -> Viewer | None:
    """Find the person of a sign-in cookie; None when it ended, was revoked, or idled for half an hour."""
    now = work.clock.now()
    row = work.session.execute(
        select(SignIn, User).join(User, User.id == SignIn.user_id).where(SignIn.token_hash == token_hash(token))
    ).one_or_none()
    if row is None:
        return None
    sign_in, user = row
    ended = sign_in.revoked_at or user.suspended_at or sign_in.ends_at <= now or sign_in.seen_at + IDLE <= now
    if ended:
        return None
    if sign_in.awaits_code:
        return Viewer(token=token, awaits_code=True, sign_in_id=sign_in.id, has_totp=True, user_id=user.id)
    viewer = _viewer(work, user, sign_in.org_id, second_factor=sign_in.second_factor)
    viewer.token, viewer.sign_in_id = token, sign_in.id
    viewer.seen_long_ago = sign_in.seen_at + TOUCH <= now
    return viewer


def by_bearer(work: Work, token: str) -> Viewer | None:
    """Find the person of an API token; None when it ended or was revoked."""
    now = work.clock.now()
    row = work.session.execute(
        select(ApiToken, User).join(User, User.id == ApiToken.user_id).where(ApiToken.token_hash == token_hash(token))
    ).one_or_none()
    if row is None or row[0].revoked_at or row[0].ends_at <= now or row[1].suspended_at:
        return None
    viewer = _viewer(work, row[1], row[0].org_id, second_factor=row[0].second_factor, scopes=frozenset(row[0].scopes))
    viewer.by_api = True
    return viewer


def _viewer(
    work: Work, user: User, org_id: int | None, *, second_factor: bool, scopes: frozenset[str] | None = None
) -> Viewer:
    """Judge the membership anew on each request, so that a change of rights holds at once."""
    member = standing_membership(work.session, user.id, org_id, work) if org_id is not None else None
    viewer = Viewer(user_id=user.id, name=user.display_name, has_totp=user.totp_confirmed_at is not None)
    nowhere = Actor(user_id=user.id, second_factor=second_factor, scopes=scopes)
    if member is None:
        viewer.actor = nowhere
        return viewer
    membership, org = member
    viewer.org_id, viewer.org_name, viewer.is_demo = org.id, org.name, org.is_demo
    viewer.needs_second_factor = org.kind in SECOND_FACTOR_KINDS and not second_factor
    acting = replace(nowhere, org_id=org.id, org_kind=org.kind, role=membership.role, town_code=org.town_code)
    viewer.actor = nowhere if viewer.needs_second_factor else acting
    return viewer


def standing_membership(
    session: Session, user_id: int, org_id: int, work: Work
) -> tuple[Membership, Organisation] | None:
    """Return a person's membership of an organisation if it holds today and neither is suspended."""
    today = beijing_day(work.clock.now())
    row = session.execute(
        select(Membership, Organisation)
        .join(Organisation, Organisation.id == Membership.org_id)
        .where(Membership.user_id == user_id, Membership.org_id == org_id, Membership.ended_at.is_(None))
        .where(Membership.valid_from <= today, Organisation.suspended_at.is_(None))
    ).one_or_none()
    if row is None or (row[0].valid_to is not None and row[0].valid_to < today):
        return None
    return row[0], row[1]
