"""Use cases of organisations and people: reference data, founding, signing up, delegations, details."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from accounts import passwords, queries, reference, rules
from accounts.commands import BeginMembership, EditOrganisation, EditPerson, FoundOffice, SignUp
from accounts.models import Division, Membership, Organisation, User
from accounts.permissions import POLICY
from accounts.rules import LEAST_PASSWORD, MOST_PASSWORD
from core.access import MemberRole, OrgKind
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.identifiers import is_credit_code, is_mobile
from core.secrets import keyed_hash
from core.work import Work


def load_reference(work: Work) -> None:
    """Bring divisions and departments to what the data files say; what is there and unchanged stays."""
    known = {row.code: row for row in work.session.scalars(select(Division))}
    for data in reference.divisions():
        row = known.get(data.code)
        told: dict[str, str | int] = {"name": data.name, "name_en": data.name_en, "kind": str(data.kind)}
        told.update(grid_row=data.row, grid_col=data.col)
        if row is None:
            work.add(Division(code=data.code, **told), "division.loaded", code=data.code)
        elif any(getattr(row, key) != value for key, value in told.items()):
            for key, value in told.items():
                setattr(row, key, value)
            work.record(row, "division.changed", code=data.code)
    _load_departments(work)


def _load_departments(work: Work) -> None:
    rows = work.session.scalars(select(Organisation).where(Organisation.department_code.is_not(None)))
    known = {row.department_code: row for row in rows}
    today = beijing_day(work.clock.now())
    for office in reference.departments():
        if office.valid_from > today or (office.valid_to is not None and office.valid_to < today):
            continue
        row = known.get(office.code)
        if row is None:
            found_organisation(work, OrgKind.DEPARTMENT, office.name, department_code=office.code, is_public_body=True)
        elif row.name != office.name:
            row.name = office.name
            work.record(row, "organisation.renamed")


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
    """Enter an organisation.

    Raises Forbidden, Invalid for a credit code whose check fails, Conflict when the code is known already.
    Source of the check: GB 32100-2015.
    """
    work.require(POLICY, "organisation:found")
    return _found(
        work,
        Organisation(
            kind=kind, name=name, credit_code=credit_code, town_code=town_code, address=address, is_demo=is_demo,
            contact_phone=contact_phone, is_public_body=is_public_body, department_code=department_code,
            founded_at=work.clock.now(),
        ),
    )  # fmt: skip


def found_office(work: Work, cmd: FoundOffice, *, site: str = "") -> Membership:
    """Enter an office with its first manager, who is mailed how to set a password; a town's operator needs its town.

    site: the address that the mailed link begins with. Raises Forbidden, Invalid, Conflict.
    """
    if cmd.kind is OrgKind.TOWN_OPERATOR or cmd.town_code:
        _refuse_unknown_town(cmd.town_code)
    org = found_organisation(
        work, cmd.kind, cmd.name, credit_code=cmd.credit_code or None, town_code=cmd.town_code or None,
        contact_phone=cmd.contact_phone, is_public_body=True,
    )  # fmt: skip
    manager = BeginMembership(cmd.display_name, cmd.mobile, cmd.email, MemberRole.MANAGER)
    return begin_membership(work, org.id, manager, site=site)


def _found(work: Work, org: Organisation) -> Organisation:
    if org.credit_code is not None:
        if not is_credit_code(org.credit_code):
            raise Invalid("credit-code", field="credit_code")
        known = select(Organisation.id).where(Organisation.credit_code == org.credit_code)
        if work.session.scalar(known) is not None:
            raise Conflict("organisation-known", field="credit_code")
    work.add(org, "organisation.founded", kind=str(org.kind))
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

    Raises Forbidden, Invalid for a weak password, Conflict when the mobile number or e-mail is taken.
    """
    work.require(POLICY, "organisation:found")
    user = _enter(work, display_name, email, mobile, password_hash or _new_hash(password, email, mobile))
    if org_id is not None:
        _seat(work, org_id, user.id, role, (valid_from, valid_to))
    return user


def _new_hash(password: str, *known: str | None) -> str:
    refuse_weak(password, *known)
    return passwords.make_hash(password)


def refuse_weak(password: str, *known: str | None) -> None:
    """Refuse a password that is short, endless or the first to be guessed. Raises Invalid."""
    fault = rules.password_fault(password, [text for text in known if text])
    if fault is not None:
        raise Invalid(fault, field="password", least=LEAST_PASSWORD, most=MOST_PASSWORD, count=len(password))


def _enter(work: Work, display_name: str, email: str | None, mobile: str | None, password_hash: str) -> User:
    if not email and not mobile:
        raise Invalid("unreachable", field="mobile")
    user = User(display_name=display_name, password_hash=password_hash, created_at=work.clock.now(), preferences={})
    _set_reach(work, user, email, mobile)
    work.add(user, "person.entered")
    return user


def _set_reach(work: Work, user: User, email: str | None, mobile: str | None) -> None:
    """Set where a person is reached. Raises Invalid, or Conflict when somebody else has the number or address."""
    email = email.strip().lower() if email else None
    if mobile and not is_mobile(mobile):
        raise Invalid("mobile-number", field="mobile")
    for field, value, column in (("email", email, User.email_hash), ("mobile", mobile, User.mobile_hash)):
        if value:
            taken = select(User.id).where(column == keyed_hash(field, value), User.id != (user.id or -1))
            with work.session.no_autoflush:
                if work.session.scalar(taken) is not None:
                    raise Conflict(f"{field}-taken", field=field)
    user.email, user.email_hash = email, keyed_hash("email", email) if email else None
    user.mobile, user.mobile_hash = mobile or None, keyed_hash("mobile", mobile) if mobile else None


def sign_up(work: Work, cmd: SignUp) -> tuple[Organisation, User]:
    """Enter an enterprise or an agency with its first manager.

    Raises Forbidden for another kind, Invalid for terms not agreed to, a wrong code or town or a weak password,
    Conflict for a code, number or address known already.
    """
    org = Organisation(
        kind=cmd.kind, name=cmd.name, credit_code=cmd.credit_code, town_code=cmd.town_code, address=cmd.address,
        is_public_body=cmd.is_public_body and cmd.kind is OrgKind.ENTERPRISE, founded_at=work.clock.now(),
    )  # fmt: skip
    work.require(POLICY, "organisation:sign-up", org)
    if not cmd.terms:
        raise Invalid("terms-not-agreed", field="terms")
    _refuse_unknown_town(cmd.town_code)
    _found(work, org)
    user = _enter(
        work, cmd.display_name, cmd.email, cmd.mobile, _new_hash(cmd.password, cmd.email, cmd.mobile, cmd.credit_code)
    )
    _seat(work, org.id, user.id, MemberRole.MANAGER)
    work.record(user, "person.agreed-to-terms")
    work.emit("organisation.signed-up", id=org.id)
    return org, user


def _refuse_unknown_town(code: str) -> None:
    if code not in {division.code for division in reference.divisions()}:
        raise Invalid("town-unknown", field="town_code")


def begin_membership(work: Work, org_id: int, cmd: BeginMembership, *, site: str = "") -> Membership:
    """Let a person act for the organisation; somebody new is entered and must set a password by mail.

    Somebody with an account keeps it: number or address find them. site: the address that the mailed link begins with.
    Raises NotFound, Forbidden, Invalid, Conflict("member-already").
    """
    org = queries.organisation(work.session, org_id)
    work.require(POLICY, "membership:begin", org)
    user = _known_person(work, cmd)
    if user is None:
        user = _enter(work, cmd.display_name, cmd.email, cmd.mobile, passwords.UNSET)
    member = _seat(work, org_id, user.id, cmd.role, (cmd.valid_from, cmd.valid_to))
    work.emit("membership.began", id=member.id, user_id=user.id, org_id=org_id, site=site)
    return member


def _known_person(work: Work, cmd: BeginMembership) -> User | None:
    """Find who has this number and address; number and address of two different people are refused."""
    found = {
        user.id: user for user in (queries.find_person(work.session, one) for one in (cmd.mobile, cmd.email)) if user
    }
    if len(found) > 1:
        raise Conflict("email-taken", field="email")
    return next(iter(found.values()), None)


def add_membership(
    work: Work,
    org_id: int,
    user_id: int,
    *,
    role: MemberRole,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Let a known person act for a further organisation. Raises NotFound, Forbidden, Invalid, Conflict."""
    work.require(POLICY, "membership:begin", queries.organisation(work.session, org_id))
    queries.person(work.session, user_id)
    return _seat(work, org_id, user_id, role, (valid_from, valid_to))


def _seat(
    work: Work, org_id: int, user_id: int, role: MemberRole, days: tuple[date | None, date | None] = (None, None)
) -> Membership:
    valid_from, valid_to = days
    today = beijing_day(work.clock.now())
    first = valid_from or today
    fault = rules.term_fault(first, valid_to, today)
    if fault is not None:
        raise Invalid(fault, field="valid_to")
    query = select(Membership).where(Membership.org_id == org_id, Membership.user_id == user_id)
    row = work.session.scalars(query).one_or_none()
    if row is None:
        row = Membership(user_id=user_id, org_id=org_id, role=role, valid_from=first, valid_to=valid_to)
        work.add(row, "membership.began", org_id=org_id, role=str(role))
        return row
    over = row.valid_to is not None and row.valid_to < today
    if row.ended_at is None and not over:
        raise Conflict("member-already", field="mobile")
    row.role, row.valid_from, row.valid_to, row.ended_at = role, first, valid_to, None
    work.record(row, "membership.began", org_id=org_id, role=str(role))
    return row


def end_membership(work: Work, membership_id: int) -> Membership:
    """End a person's right to act for the organisation, at once and everywhere.

    Raises NotFound, Forbidden, Conflict when the last manager would go or it has ended already.
    """
    row = work.session.get(Membership, membership_id, with_for_update=True)
    if row is None:
        raise NotFound("membership-not-found")
    work.require(POLICY, "membership:end", row)
    if row.ended_at is not None:
        raise Conflict("membership-ended")
    row.ended_at = work.clock.now()
    work.session.flush()
    if row.role is MemberRole.MANAGER and queries.managers_n(work, row.org_id) == 0:
        raise Conflict("last-manager")
    work.record(row, "membership.ended", org_id=row.org_id)
    return row


def edit_organisation(work: Work, org_id: int, cmd: EditOrganisation) -> Organisation:
    """Change an organisation's details; an agency moves to another town by its registration.

    Raises NotFound, Forbidden, Invalid for an unknown town.
    """
    org = queries.organisation(work.session, org_id)
    work.require(POLICY, "organisation:manage", org)
    org.address, org.contact_phone = cmd.address, cmd.contact_phone
    if org.kind is OrgKind.ENTERPRISE and cmd.town_code:
        _refuse_unknown_town(cmd.town_code)
        org.town_code = cmd.town_code
    work.record(org, "organisation.edited")
    return org


def suspend_organisation(work: Work, org_id: int, *, suspended: bool) -> Organisation:
    """Stop an organisation's people from acting for it, or let them again. Raises NotFound, Forbidden."""
    org = queries.organisation(work.session, org_id)
    work.require(POLICY, "organisation:suspend", org)
    org.suspended_at = work.clock.now() if suspended else None
    work.record(org, "organisation.suspended" if suspended else "organisation.resumed")
    return org


def edit_person(work: Work, user_id: int, cmd: EditPerson) -> User:
    """Change one's own name, number and address; the caller has checked the password where these two change.

    An empty number or address keeps the one known. Raises NotFound, Forbidden, Invalid, Conflict.
    """
    user = queries.person(work.session, user_id)
    work.require(POLICY, "person:edit", user)
    user.display_name = cmd.display_name
    _set_reach(work, user, cmd.email or user.email, cmd.mobile or user.mobile)
    work.record(user, "person.edited")
    return user
