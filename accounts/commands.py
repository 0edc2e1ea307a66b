"""What people send to accounts, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.access import MemberRole, OrgKind


@dataclass(frozen=True, slots=True)
class SignUp:
    """An organisation and its first manager."""

    kind: OrgKind
    name: str
    credit_code: str
    town_code: str
    display_name: str
    mobile: str
    email: str
    password: str
    terms: bool
    address: str = ""
    is_public_body: bool = False


@dataclass(frozen=True, slots=True)
class EditOrganisation:
    """What a manager may change of the organisation: name and code follow the business register, not us."""

    address: str = ""
    contact_phone: str = ""
    town_code: str = ""


@dataclass(frozen=True, slots=True)
class EditPerson:
    """What a person may change of themselves; the password proves who asks when number or address change."""

    display_name: str
    mobile: str
    email: str
    password: str = ""


@dataclass(frozen=True, slots=True)
class BeginMembership:
    """Who may act for the organisation, in which role, from when to when."""

    display_name: str
    mobile: str
    email: str
    role: MemberRole
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class FoundOffice:
    """An operator, department, regulator, association or evaluator, and its first manager."""

    kind: OrgKind
    name: str
    display_name: str
    mobile: str
    email: str
    credit_code: str = ""
    town_code: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person signs in with."""

    identifier: str
    password: str


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """The password that holds and the one that shall."""

    password: str
    new_password: str


@dataclass(frozen=True, slots=True)
class MakeToken:
    """A token's label, scopes and term, with the proof that its owner asks."""

    label: str
    scopes: tuple[str, ...]
    days: int
    password: str
    code: str = ""
    identifier: str = ""
    org_id: int | None = None
