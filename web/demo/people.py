"""The demo world's organisations and people: numbers with true check digits, invented names."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from accounts import passwords, reference
from accounts import service as accounts
from accounts.models import Organisation, User
from core.access import Actor, MemberRole, OrgKind
from core.identifiers import credit_check, identity_check
from core.work import Work
from web.demo import cast


@dataclass(frozen=True, slots=True)
class Player:
    """An organisation of the demo world and the actor who plays it."""

    org_id: int
    name: str
    town: str
    actor: Actor


class Registry:
    """Founds organisations and people with numbers of its own; one password hash serves all of them."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.names: set[str] = set()
        self.orgs = 0
        self.people = 0
        self.password_hash = passwords.make_hash(cast.PASSWORD)
        self.towns = reference.divisions()

    def found(
        self, work: Work, kind: OrgKind, name: str, town: str, mobile: str = "", *, public_body: bool = False
    ) -> Player:
        """Found an organisation with one manager."""
        self.orgs += 1
        org = accounts.found_organisation(
            work,
            kind,
            name,
            credit_code=self.credit_code(),
            town_code=town or None,
            address=f"东莞市{self.town_name(town)}示范路 {self.orgs} 号",
            contact_phone=f"0769-8{self.orgs:07d}",
            is_public_body=public_body,
            is_demo=True,
        )
        return self.player(
            org, self.person(work, org.id, mobile, staff=kind not in {OrgKind.ENTERPRISE, OrgKind.AGENCY})
        )

    def person(self, work: Work, org_id: int, mobile: str = "", *, staff: bool = False) -> User:
        """Enter a person; staff get the demo world's second factor."""
        self.people += 1
        user = accounts.add_person(
            work,
            org_id,
            display_name=self.person_name(),
            mobile=mobile or f"139{self.people:08d}",
            password_hash=self.password_hash,
            role=MemberRole.MANAGER,
        )
        if staff:
            user.totp_secret, user.totp_confirmed_at = cast.TOTP_SECRET, work.clock.now()
        return user

    def player(self, org: Organisation, user: User) -> Player:
        """Return the player of an organisation."""
        actor = Actor(user.id, org.id, OrgKind(org.kind), MemberRole.MANAGER, org.town_code, False, True)
        return Player(org.id, org.name, org.town_code or "", actor)

    def town_name(self, code: str) -> str:
        """Return a town's name."""
        return next((town.name for town in self.towns if town.code == code), "")

    def person_name(self) -> str:
        """Invent a person's name."""
        return self.rng.choice(cast.SURNAMES) + self.rng.choice(cast.GIVEN)

    def firm_name(self, town: str, trade: str, rng: Random) -> str:
        """Invent a firm's name that nobody in this world bears yet, by the lots it is given."""
        place = place_of(self.town_name(town))
        for _try in range(1000):
            core = rng.choice(cast.FIRST) + rng.choice(cast.SECOND)
            name = f"{'' if place.startswith('东莞') else '东莞市'}{place}{core}{trade}有限公司"
            if name not in self.names:
                break
        self.names.add(name)
        return name

    def credit_code(self) -> str:
        """Return a unified social credit code whose check character fits."""
        first = f"91441900MA{self.orgs:07d}"
        return first + credit_check(first)

    def identity(self) -> str:
        """Return an identity number whose check character fits, of nobody: a day that no calendar has ended on."""
        self.people += 1
        born = f"{1960 + self.people % 40}{1 + self.people % 12:02d}{1 + self.people % 28:02d}"
        first = f"441900{born}{self.people % 1000:03d}"
        return first + identity_check(first)


def place_of(town: str) -> str:
    """Return a town's or park's name as firms carry it: 大岭山 for 大岭山镇, 松山湖 for the park of that name."""
    for ending in ("街道", "镇", "高新技术产业开发区", "管理委员会", "开发区", "管委会"):
        town = town.removesuffix(ending)
    return town


def short_name(name: str) -> str:
    """Return what a notice calls its buyer: 莞城正禾 for 东莞市莞城正禾电子有限公司, a public body without its 中心."""
    name = name.removeprefix("东莞市")
    for maker in cast.MAKERS:
        if name.endswith(f"{maker}有限公司"):
            return name.removesuffix(f"{maker}有限公司")
    return name.removesuffix("中心").removesuffix("服务")
