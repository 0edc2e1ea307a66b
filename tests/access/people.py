"""Who may knock at a route: everybody's role, the two ways to come in, and how they act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from accounts.models import ApiToken, Membership, SignIn, User
from core import deadlines, outbox
from core.access import ANONYMOUS, Actor, MemberRole, OrgKind
from core.clock import FixedClock
from core.secrets import token_hash
from core.work import Works
from tests.agencies.registration.world import World
from web.wiring import DEADLINES, EVENTS

QUIET = {
    name: [one for one in many if not one.__module__.startswith("search")]
    for name, many in EVENTS.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody who knocks: a name, the actor the policy sees, and the two ways to come in.

    unproven: one of the staff whose second factor is still missing.
    """

    name: str
    actor: Actor
    cookie: str = ""
    bearer: str = ""
    unproven: bool = False
    scopes: frozenset[str] = frozenset({"read", "write"})


@dataclass
class Side:
    """One enterprise with its agencies and what they have between them."""

    town: str
    owner: Actor
    winner: Actor
    loser: Actor
    agency_id: int
    needs: dict[str, int] = field(default_factory=dict)
    contracts: dict[str, int] = field(default_factory=dict)
    frameworks: dict[str, int] = field(default_factory=dict)


@dataclass
class Everything:
    """The finished world: who may knock, and which ids an address may name."""

    works: Works
    roles: list[Role] = field(default_factory=list)
    ids: dict[str, list[Any]] = field(default_factory=dict)
    sides: list[Side] = field(default_factory=list)
    nested: set[tuple[str, Any, Any]] = field(default_factory=set)


class People:
    """Enters people and lets them act by the services, so that every row lived its own life."""

    made: Everything
    staff: dict[OrgKind, Actor]

    def __init__(self, works: Works, clock: FixedClock) -> None:
        self.works, self.clock = works, clock
        nobody = Actor()
        self.world = World(works, nobody, nobody, nobody, nobody)
        self.made = Everything(works)
        self.roles = 0

    def _act(self, actor: Actor, deed: Callable[..., Any], *words: Any) -> Any:
        with self.works.writing(actor) as work:
            return deed(work, *words)

    def settle(self) -> None:
        """Do what is due and hand out what was told, until it is quiet."""
        while deadlines.run_due(self.works, DEADLINES) + outbox.relay(self.works, QUIET):
            pass

    def member(self, of: Actor, role: MemberRole, *, ended: bool = False) -> Actor:
        """Enter one more person of an organisation; an ended membership acts for none."""
        self.world.count += 1
        with self.works.system() as work:
            now = work.clock.now()
            user = User(display_name="某人", email_hash=f"{self.world.count:064d}", password_hash="x", created_at=now)
            work.add(user, "test.user")
            until = date(2026, 3, 1) if ended else None
            row = Membership(user_id=user.id, org_id=of.org_id, role=role, valid_from=date(2026, 1, 1), valid_to=until)
            work.add(row, "test.member")
        return Actor(user.id) if ended else replace(of, user_id=user.id, role=role)

    def _enter_roles(self) -> None:
        mine, theirs = self.made.sides
        world, staff = self.world, self.staff
        self._knocks("anonymous", ANONYMOUS)
        self._knocks("enterprise, manager", mine.owner)
        self._knocks("enterprise, delegate", self.member(mine.owner, MemberRole.DELEGATE))
        self._knocks("enterprise, reader", self.member(mine.owner, MemberRole.READER))
        self._knocks("another enterprise", theirs.owner)
        self._knocks("winning agency", mine.winner)
        self._knocks("winning agency, delegate", self.member(mine.winner, MemberRole.DELEGATE))
        self._knocks("winning agency, reader", self.member(mine.winner, MemberRole.READER))
        self._knocks("losing agency", mine.loser)
        self._knocks("another town's agency", theirs.winner)
        self._knocks("town operator", world.town)
        self._knocks("town operator, delegate", self.member(world.town, MemberRole.DELEGATE))
        self._knocks("town operator, reader", self.member(world.town, MemberRole.READER))
        self._knocks("another town's operator", world.other_town)
        self._knocks("city operator", world.city)
        self._knocks("city operator, delegate", self.member(world.city, MemberRole.DELEGATE))
        self._knocks("city operator, reader", self.member(world.city, MemberRole.READER))
        for kind in staff:
            self._knocks(str(kind), staff[kind])
        self._knocks("price regulator, reader", self.member(staff[OrgKind.PRICE_REGULATOR], MemberRole.READER))
        self._knocks("administration, delegate", self.member(staff[OrgKind.ADMINISTRATION], MemberRole.DELEGATE))
        self._knocks("administration, reader", self.member(staff[OrgKind.ADMINISTRATION], MemberRole.READER))
        self._knocks("ended membership", self.member(mine.owner, MemberRole.MANAGER, ended=True), at=mine.owner)
        regulator = self.member(staff[OrgKind.PRICE_REGULATOR], MemberRole.MANAGER)
        self._knocks("staff without second factor", regulator, proven=False)
        self._knocks("suspended person", self._suspended(mine.owner), at=mine.owner)
        self._knocks("read-only token", mine.owner, scopes=("read",))

    def _suspended(self, of: Actor) -> Actor:
        actor = self.member(of, MemberRole.MANAGER)
        with self.works.system() as work:
            row = work.session.get_one(User, actor.user_id)
            row.suspended_at = work.clock.now()
            work.record(row, "test.suspend")
        return actor

    def _knocks(
        self, name: str, actor: Actor, *, at: Actor | None = None, proven: bool = True,
        scopes: tuple[str, ...] = ("read", "write"),
    ) -> None:  # fmt: skip
        """Give a role a sign-in and a token of its own."""
        self.roles += 1
        cookie, bearer = f"sign-in-{self.roles}", f"bearer-{self.roles}"
        seen = ANONYMOUS if name == "suspended person" else actor
        if actor.user_id is None:
            self.made.roles.append(Role(name, seen))
            return
        org_id = (at or actor).org_id
        with self.works.system() as work:
            now = work.clock.now()
            entry = SignIn(token_hash=token_hash(cookie), user_id=actor.user_id, org_id=org_id, second_factor=proven)
            entry.created_at, entry.seen_at, entry.ends_at = now, now, now + timedelta(days=1)
            work.session.add(entry)
            token = ApiToken(token_hash=token_hash(bearer), user_id=actor.user_id, org_id=org_id, label="t")
            token.scopes, token.second_factor, token.created_at = list(scopes), proven, now
            token.ends_at = now + timedelta(days=1)
            work.add(token, "test.token")
        seen = replace(seen, second_factor=proven)
        if not proven:
            seen = Actor(user_id=actor.user_id)
        self.made.roles.append(Role(name, seen, cookie, bearer, not proven, frozenset(scopes)))
