"""A town's operator, a city's operator, an agency's manager, and an agency at any point of its way."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import ApiToken, Membership, Organisation, SignIn, User
from agencies.catalogue.service import load_catalogue
from agencies.registration import queries, service
from agencies.registration.commands import AddPractitioner, AddQualification, MaterialVerdict, SaveDetails
from agencies.registration.lifecycle import Verdict
from core.access import Actor, MemberRole, OrgKind
from core.identifiers import credit_check, identity_check
from core.secrets import token_hash
from core.work import Works

TOWN = "441900003"
OTHER_TOWN = "441900004"
ITEMS = ("DG-A-01", "DG-A-02")
QUALIFICATION = AddQualification(
    "engineering-consulting", "甲232023011111", "全国投资项目在线审批监管平台", valid_to=date(2027, 6, 30)
)


def credit_code(number: int) -> str:
    """Make a code whose check character fits."""
    first = f"91441900MA5{number:06d}"
    return first + credit_check(first)


def identity(number: int) -> str:
    """Make an identity number whose check character fits."""
    first = f"44190019850101{number:03d}"
    return first + identity_check(first)


def person(number: int = 1, **changes: Any) -> AddPractitioner:
    """Make a practitioner's entry."""
    return replace(
        AddPractitioner("李文", identity(number), "consulting-engineer-investment", f"咨{number:05d}"), **changes
    )


@dataclass
class World:
    """A small market: operators, and agencies made on demand."""

    works: Works
    town: Actor
    other_town: Actor
    city: Actor
    reader: Actor
    count: int = 0

    def organisation(self, kind: OrgKind, name: str, town: str | None = TOWN) -> int:
        """Found an organisation with the next credit code; return its id."""
        self.count += 1
        with self.works.system() as work:
            row = Organisation(
                kind=kind, name=name, credit_code=credit_code(self.count), town_code=town, founded_at=work.clock.now()
            )
            work.add(row, "test.organisation")
            return row.id

    def actor(self, kind: OrgKind, name: str, town: str | None = TOWN, role: MemberRole = MemberRole.MANAGER) -> Actor:
        """Enter one person of a new organisation; return them as an actor with a second factor."""
        org_id = self.organisation(kind, name, town)
        with self.works.system() as work:
            now = work.clock.now()
            user = User(display_name=name, email_hash=f"{self.count:064d}", password_hash="x", created_at=now)
            work.add(user, "test.user")
            work.add(Membership(user_id=user.id, org_id=org_id, role=role, valid_from=date(2026, 1, 1)), "test.member")
        return Actor(user.id, org_id, kind, role, town, second_factor=True)

    def sign_in(self, client: FlaskClient, actor: Actor) -> None:
        """Sign an actor in at a browser."""
        token = f"token-of-{actor.user_id}"
        with self.works.system() as work:
            now = work.clock.now()
            known = select(SignIn).where(SignIn.token_hash == token_hash(token))
            if work.session.scalars(known).one_or_none() is None:
                row = SignIn(token_hash=token_hash(token), user_id=actor.user_id or 0, org_id=actor.org_id)
                row.second_factor, row.created_at, row.seen_at, row.ends_at = True, now, now, now + timedelta(days=1)
                work.session.add(row)
        with client.session_transaction() as session:
            session["_user_id"] = token

    def api_token(self, actor: Actor) -> dict[str, str]:
        """Return the headers of an API call of this actor."""
        token = f"api-of-{actor.user_id}"
        with self.works.system() as work:
            now = work.clock.now()
            row = ApiToken(token_hash=token_hash(token), user_id=actor.user_id or 0, org_id=actor.org_id, label="t")
            row.scopes, row.second_factor, row.created_at, row.ends_at = (
                ["read", "write"],
                True,
                now,
                now + timedelta(90),
            )
            work.add(row, "test.token")
        return {"Authorization": f"Bearer {token}"}

    def agency(self, *, town: str | None = TOWN) -> tuple[Actor, int]:
        """Open a registration; return its manager and its id."""
        actor = self.actor(OrgKind.AGENCY, f"东莞甲{self.count}咨询有限公司", town)
        with self.works.writing(actor) as work:
            return actor, service.open_registration(work, actor.org_id or 0).id

    def ready(self, **options: Any) -> tuple[Actor, int]:
        """Fill a registration in so far that it may be handed in."""
        actor, agency_id = self.agency(**options)
        with self.works.writing(actor) as work:
            service.save_details(work, agency_id, SaveDetails("陈静", "13800138000", "专做前期咨询"))
            service.add_qualification(work, agency_id, QUALIFICATION)
            service.choose_items(work, agency_id, ITEMS)
            service.commit(work, agency_id)
        return actor, agency_id

    def submitted(self, **options: Any) -> tuple[Actor, int]:
        """Hand a filled-in registration in; return its manager and its id."""
        actor, agency_id = self.ready(**options)
        with self.works.writing(actor) as work:
            service.submit(work, agency_id)
        return actor, agency_id

    def asked(self, agency_id: int) -> list[str]:
        """Return the codes of the materials asked of a registration."""
        with self.works.reading() as work:
            return [one.code for one in queries.asked_for(work.session, agency_id)]

    def verdicts(self, agency_id: int, **special: MaterialVerdict) -> list[MaterialVerdict]:
        """Pass every material but those named (dashes written as underscores)."""
        named = {key.replace("_", "-"): verdict for key, verdict in special.items()}
        return [named.get(key, MaterialVerdict(key, Verdict.PASSED)) for key in self.asked(agency_id)]

    def listed(self, **options: Any) -> tuple[Actor, int]:
        """Take a registration all the way onto the shelf; return its manager and its id."""
        actor, agency_id = self.submitted(**options)
        reviewer = self.city if options.get("town", TOWN) is None else self.town
        with self.works.writing(reviewer) as work:
            service.judge(work, agency_id, self.verdicts(agency_id))
            service.accept(work, agency_id)
        return actor, agency_id


def operators(works: Works) -> World:
    """Load the catalogue and put the operators of two towns and of the city in their places."""
    with works.system() as work:
        load_catalogue(work)
    nobody = Actor()
    made = World(works, nobody, nobody, nobody, nobody)
    made.town = made.actor(OrgKind.TOWN_OPERATOR, "南城街道运营机构")
    made.other_town = made.actor(OrgKind.TOWN_OPERATOR, "东城街道运营机构", OTHER_TOWN)
    made.city = made.actor(OrgKind.CITY_OPERATOR, "市级运营机构", None)
    return made


def with_reader(works: Works) -> World:
    """Put an enterprise beside the operators."""
    made = operators(works)
    made.reader = made.actor(OrgKind.ENTERPRISE, "东莞某厂")
    return made
