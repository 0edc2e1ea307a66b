"""People and organisations for the tests of accounts, and a browser that carries forms' tokens."""

import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts import factors, passwords, service, signing
from accounts.models import Organisation, User
from core.access import MemberRole, OrgKind
from core.identifiers import credit_check
from core.work import Works

PASSWORD = "松湖的早晨有雾，十点散"
HASH = passwords.make_hash(PASSWORD)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOWN = "441900003"


def credit_code(number: int) -> str:
    """Make a code whose check character fits."""
    first = f"91441900MA6{number:06d}"
    return first + credit_check(first)


@dataclass
class People:
    """A maker of organisations with one person each, numbered."""

    works: Works
    count: int = 0
    made: list[int] = field(default_factory=list)

    def organisation(self, kind: OrgKind = OrgKind.ENTERPRISE, *, is_demo: bool = False) -> Organisation:
        """Found an organisation with the next number in its name and code."""
        self.count += 1
        with self.works.system() as work:
            code = credit_code(self.count)
            name = f"第{self.count}号单位"
            return service.found_organisation(work, kind, name, credit_code=code, town_code=TOWN, is_demo=is_demo)

    def person(self, org: Organisation | None, role: MemberRole = MemberRole.MANAGER, **more: Any) -> User:
        """Enter a person with the password every test knows; None for nobody's member."""
        self.count += 1
        with self.works.system() as work:
            return service.add_person(
                work, org.id if org else None, display_name=f"人{self.count}", email=f"p{self.count}@example.com",
                mobile=f"139{self.count:08d}", password_hash=HASH, role=role, **more,
            )  # fmt: skip

    def second_factor(self, user: User) -> None:
        """Set up a second factor with the known secret."""
        with self.works.system() as work:
            row = work.session.get_one(User, user.id)
            row.totp_secret, row.totp_confirmed_at = SECRET, work.clock.now()
            work.record(row, "person.second-factor-set")

    def code(self) -> str:
        """Return the code of this half minute."""
        return factors.code_at(SECRET, factors.step_of(self.works.clock.now()))

    def token(self, user: User, *, second_factor: bool = False) -> str:
        """Open a sign-in and return its token."""
        with self.works.system() as work:
            return signing.open_sign_in(work, work.session.get_one(User, user.id), second_factor=second_factor)


def first(pattern: str, text: str) -> str:
    """Return the first match's group, or the whole of it. Fails when there is none."""
    found = re.search(pattern, text)
    assert found is not None, pattern
    return found[found.re.groups]


def body(answer: TestResponse) -> Any:
    """Return an answer's JSON."""
    return answer.get_json()


@dataclass
class Browser:
    """A client that fetches a page's form token before it posts."""

    client: FlaskClient

    def get(self, url: str) -> TestResponse:
        """Get a page."""
        return self.client.get(url)

    def post(self, url: str, data: dict[str, Any], *, page: str = "", **more: Any) -> TestResponse:
        """Post a form with the token of the page it stands on, which is its own address unless named."""
        return self.client.post(url, data={**data, "csrf_token": self.csrf(page or url)}, **more)

    def csrf(self, page: str) -> str:
        """Return a page's token, empty where it has none."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(page, follow_redirects=True).text)
        return found[1] if found else ""

    def sign_in(self, user: User, password: str = PASSWORD, **more: Any) -> TestResponse:
        """Sign in on the page with mobile number and password."""
        return self.post("/sign-in", {"identifier": user.mobile, "password": password, **more}, page="/sign-in")

    def use(self, token: str) -> None:
        """Carry a sign-in opened elsewhere."""
        with self.client.session_transaction() as session:
            session["_user_id"] = token
