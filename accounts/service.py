"""Use cases of people and organisations: reference data, founding, joining."""

from __future__ import annotations

from datetime import date
from typing import Final

from argon2 import PasswordHasher
from sqlalchemy import select

from accounts import reference
from accounts.models import Division, Membership, Organisation, User
from core.access import MemberRole, OrgKind
from core.clock import beijing_day
from core.errors import Conflict, Invalid
from core.identifiers import is_credit_code
from core.secrets import keyed_hash
from core.work import Work

HASHER: Final = PasswordHasher()
LEAST_PASSWORD: Final = 10


def load_reference(work: Work) -> None:
    """Bring divisions and departments to what the data files say; what is there and unchanged stays."""
    known = {row.code: row for row in work.session.scalars(select(Division))}
    for data in reference.divisions():
        row = known.get(data.code)
        if row is None:
            row = Division(
                code=data.code,
                name=data.name,
                name_en=data.name_en,
                kind=str(data.kind),
                grid_row=data.row,
                grid_col=data.col,
            )
            work.add(row, "division.loaded", code=data.code)
    offices = {code for code in work.session.scalars(select(Organisation.department_code)) if code}
    for office in reference.departments():
        if office.code not in offices:
            found_organisation(work, OrgKind.DEPARTMENT, office.name, department_code=office.code, is_public_body=True)


def found_organisation(
    work: Work,
    kind: OrgKind,
    name: str,
    *,
    credit_code: str | None = None,
    town_code: str | None = None,
    address: str = "",
    contact_phone: str = "",
    is_public_body: bool = False,
    department_code: str | None = None,
    is_demo: bool = False,
) -> Organisation:
    """Enter an organisation. Raises Invalid for a credit code whose check fails, Conflict when it is known already.

    Source of the check: GB 32100-2015.
    """
    if credit_code is not None and not is_credit_code(credit_code):
        raise Invalid("credit-code", field="credit_code")
    if credit_code is not None and work.session.scalar(
        select(Organisation.id).where(Organisation.credit_code == credit_code)
    ):
        raise Conflict("organisation-known", credit_code=credit_code)
    org = Organisation(
        kind=kind, name=name, credit_code=credit_code, town_code=town_code, address=address, contact_phone=contact_phone,
        is_public_body=is_public_body, department_code=department_code, is_demo=is_demo, founded_at=work.clock.now(),
    )  # fmt: skip
    work.add(org, "organisation.founded", kind=str(kind))
    return org


def add_person(
    work: Work,
    org_id: int | None,
    *,
    display_name: str,
    email: str | None = None,
    mobile: str | None = None,
    password: str = "",
    password_hash: str = "",
    role: MemberRole = MemberRole.MANAGER,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> User:
    """Enter a person, member of an organisation where one is given. ``password_hash`` saves hashing in bulk.

    Raises Invalid for a short password, Conflict when the mobile number or e-mail is taken.
    """
    if not password_hash and len(password) < LEAST_PASSWORD:
        raise Invalid("password-short", field="password", least=LEAST_PASSWORD)
    user = User(
        display_name=display_name, email=email, mobile=mobile, created_at=work.clock.now(),
        email_hash=keyed_hash("email", email.lower()) if email else None,
        mobile_hash=keyed_hash("mobile", mobile) if mobile else None,
        password_hash=password_hash or HASHER.hash(password), preferences={},
    )  # fmt: skip
    work.add(user, "person.entered")
    if org_id is not None:
        first = valid_from or beijing_day(work.clock.now())
        member = Membership(user_id=user.id, org_id=org_id, role=role, valid_from=first, valid_to=valid_to)
        work.add(member, "membership.began", org_id=org_id, role=str(role))
    return user
