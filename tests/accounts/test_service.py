"""Organisations, people, delegations, reference data and messages."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from accounts import messages, queries, reference, service
from accounts.commands import BeginMembership, EditOrganisation, EditPerson, SignUp
from accounts.models import Division, Membership, Message, Organisation, User
from accounts.permissions import POLICY
from accounts.viewer import by_cookie
from core.access import ANONYMOUS, Actor, MemberRole, OrgKind, allows
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.work import Works
from tests.accounts.people import TOWN, People, credit_code

GIVEN = SignUp(
    kind=OrgKind.ENTERPRISE, name="东江水务", credit_code=credit_code(900), town_code=TOWN, display_name="何水",
    mobile="13600000001", email="He@Example.com", password="东江边上的早茶很香啊", terms=True,
)  # fmt: skip
TODAY = date(2026, 3, 18)


def actor_of(org: Organisation, user: User, role: MemberRole = MemberRole.MANAGER) -> Actor:
    return Actor(user.id, org.id, org.kind, role, org.town_code)


def test_reference_data_loads_once_and_follows_its_file(works: Works) -> None:
    for _ in range(2):
        with works.system() as work:
            service.load_reference(work)
    with works.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Division)) == len(reference.divisions()) == 35
        offices = work.session.scalars(select(Organisation).where(Organisation.department_code.is_not(None))).all()
        assert {one.kind for one in offices} == {OrgKind.DEPARTMENT}
        assert len(offices) == len(reference.departments())
        leaves = work.session.scalar(select(func.count()).select_from(AuditLeaf))
    with works.system() as work:
        row = work.session.scalars(select(Division)).first()
        row.name = "旧名"
        work.record(row, "division.changed")
    with works.system() as work:
        service.load_reference(work)
    with works.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Division).where(Division.name == "旧名")) == 0
        assert work.session.scalar(select(func.count()).select_from(AuditLeaf)) == leaves + 2


def test_signing_up_enters_organisation_and_manager(works: Works) -> None:
    with works.writing(ANONYMOUS) as work:
        org, user = service.sign_up(work, GIVEN)
    with works.reading() as work:
        (seat,) = queries.seats_of_person(work, user.id)
        assert (seat.org.id, seat.membership.role) == (org.id, MemberRole.MANAGER)
        assert queries.find_person(work.session, "he@example.com").id == user.id


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"kind": OrgKind.CITY_OPERATOR}, "sign-in-required", None),
        ({"terms": False}, "terms-not-agreed", "terms"),
        ({"town_code": "999"}, "town-unknown", "town_code"),
        ({"credit_code": "91350100M000100Y44"}, "credit-code", "credit_code"),
        ({"password": "short"}, "password-short", "password"),
        ({"password": "13600000001"}, "password-guessable", "password"),
        ({"mobile": "123"}, "mobile-number", "mobile"),
    ],
)
def test_a_wrong_sign_up_is_refused(works: Works, changes: dict[str, object], code: str, field: str | None) -> None:
    with pytest.raises(DomainError) as refused, works.writing(ANONYMOUS) as work:
        service.sign_up(work, replace(GIVEN, **changes))  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.facts.get("field")) == (code, field)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "organisation-known"),
        ({"credit_code": credit_code(901)}, "email-taken"),
        ({"credit_code": credit_code(901), "email": "other@example.com"}, "mobile-taken"),
    ],
)
def test_what_is_known_already_is_not_entered_twice(works: Works, changes: dict[str, str], code: str) -> None:
    with works.writing(ANONYMOUS) as work:
        service.sign_up(work, GIVEN)
    with pytest.raises(Conflict) as refused, works.writing(ANONYMOUS) as work:
        service.sign_up(work, replace(GIVEN, **changes))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_personal_data_is_encrypted_at_rest_and_absent_from_the_record(works: Works) -> None:
    with works.writing(ANONYMOUS) as work:
        service.sign_up(work, GIVEN)
    with works.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM user_account")).one()
        leaves = connection.execute(text("SELECT facts FROM audit_leaf")).all()
    for plain in (GIVEN.mobile, "he@example.com", GIVEN.display_name):
        assert all(plain.encode() not in bytes(value) for value in row if isinstance(value, bytes | memoryview))
        assert all(plain not in str(value) for value in (*row, *leaves) if not isinstance(value, bytes))


def begin(works: Works, actor: Actor, org: Organisation, **changes: object) -> Membership:
    given = BeginMembership("新人", "13500000001", "new@example.com", MemberRole.DELEGATE)
    with works.writing(actor) as work:
        return service.begin_membership(work, org.id, replace(given, **changes))  # type: ignore[arg-type]


def test_a_delegation_holds_from_its_first_to_its_last_day(works: Works, people: People, clock: FixedClock) -> None:
    org = people.organisation()
    actor = actor_of(org, people.person(org))
    row = begin(works, actor, org, valid_from=TODAY + timedelta(days=1), valid_to=TODAY + timedelta(days=2))
    held = []
    for _ in range(5):
        with works.reading() as work:
            held.append(len(queries.seats_of_person(work, row.user_id)))
        clock.advance(timedelta(days=1))
    assert held == [0, 1, 1, 0, 0]


def test_ending_a_delegation_works_at_once_on_open_sign_ins(works: Works, people: People) -> None:
    org = people.organisation()
    manager, other = people.person(org), people.person(org, MemberRole.DELEGATE)
    token = people.token(other)
    with works.reading() as work:
        seat = next(one for one in queries.seats_of_organisation(work.session, org.id) if one.user.id == other.id)
        assert by_cookie(work, token).actor.org_id == org.id
    with works.writing(actor_of(org, manager)) as work:
        service.end_membership(work, seat.membership.id)
    with works.reading() as work:
        assert by_cookie(work, token).actor.org_id is None
    with pytest.raises(Conflict), works.writing(actor_of(org, manager)) as work:
        service.end_membership(work, seat.membership.id)
    begin(works, actor_of(org, manager), org, mobile=other.mobile, email=other.email)
    with works.reading() as work:
        assert by_cookie(work, token).actor.role is MemberRole.DELEGATE


def test_the_last_manager_stays(works: Works, people: People) -> None:
    org = people.organisation()
    manager = people.person(org)
    with works.reading() as work:
        (seat,) = queries.seats_of_organisation(work.session, org.id)
    with pytest.raises(Conflict) as refused, works.writing(actor_of(org, manager)) as work:
        service.end_membership(work, seat.membership.id)
    assert refused.value.code == "last-manager"


def test_only_the_organisations_own_manager_delegates(works: Works, people: People) -> None:
    org, other = people.organisation(), people.organisation()
    user = people.person(org)
    for actor in (actor_of(org, user, MemberRole.DELEGATE), actor_of(other, people.person(other))):
        with pytest.raises(Forbidden):
            begin(works, actor, org)
    with pytest.raises(NotFound):
        begin(works, actor_of(org, user), Organisation(id=10_000))


def test_a_person_with_an_account_keeps_it(works: Works, people: People) -> None:
    org = people.organisation()
    manager, known = people.person(org), people.person(None)
    row = begin(works, actor_of(org, manager), org, mobile=known.mobile, email=known.email)
    assert row.user_id == known.id
    with pytest.raises(Conflict) as refused:
        begin(works, actor_of(org, manager), org, mobile=known.mobile, email=known.email)
    assert refused.value.code == "member-already"
    other = people.person(None)
    with pytest.raises(Conflict):
        begin(works, actor_of(org, manager), org, mobile=known.mobile, email=other.email)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "code"),
    [(None, TODAY - timedelta(days=1), "term-reversed"), (date(2026, 1, 1), date(2026, 2, 1), "term-over")],
)
def test_a_delegation_ends_after_it_begins(
    works: Works, people: People, valid_from: date | None, valid_to: date, code: str
) -> None:
    org = people.organisation()
    with pytest.raises(Invalid) as refused:
        begin(works, actor_of(org, people.person(org)), org, valid_from=valid_from, valid_to=valid_to)
    assert refused.value.code == code


def test_an_agencys_town_changes_only_by_its_registration(works: Works, people: People) -> None:
    for kind, town in ((OrgKind.AGENCY, TOWN), (OrgKind.ENTERPRISE, "441900004")):
        org = people.organisation(kind)
        with works.writing(actor_of(org, people.person(org))) as work:
            changed = service.edit_organisation(work, org.id, EditOrganisation("莞太路 1 号", "0769-1", "441900004"))
        assert (changed.town_code, changed.address) == (town, "莞太路 1 号")


def test_an_empty_number_keeps_the_one_known(works: Works, people: People) -> None:
    user, other = people.person(None), people.person(None)
    with works.writing(Actor(user_id=user.id)) as work:
        changed = service.edit_person(work, user.id, EditPerson("新名", "", "new@example.com"))
        assert (changed.mobile, changed.email) == (user.mobile, "new@example.com")
    with pytest.raises(Conflict), works.writing(Actor(user_id=user.id)) as work:
        service.edit_person(work, user.id, EditPerson("新名", other.mobile or "", ""))
    with pytest.raises(Forbidden), works.writing(Actor(user_id=other.id)) as work:
        service.edit_person(work, user.id, EditPerson("冒名", "", ""))


def test_a_suspended_organisation_lets_nobody_act(works: Works, people: People) -> None:
    org = people.organisation()
    token = people.token(people.person(org))
    for suspended in (True, False):
        with works.system() as work:
            service.suspend_organisation(work, org.id, suspended=suspended)
        with works.reading() as work:
            assert (by_cookie(work, token).actor.org_id is None) is suspended


def test_the_query_shows_the_organisations_the_policy_lets_read(works: Works, people: People) -> None:
    orgs = [people.organisation(kind) for kind in (OrgKind.ENTERPRISE, OrgKind.AGENCY, OrgKind.CITY_OPERATOR)]
    actors = [ANONYMOUS, Actor(is_system=True), *(actor_of(org, User(id=1)) for org in orgs)]
    for actor in actors:
        with works.reading(actor) as work:
            shown = set(work.session.scalars(select(Organisation.id).where(queries.visible_organisations(actor))))
        assert shown == {org.id for org in orgs if allows(POLICY, "organisation:read", actor, org)}


def test_a_message_is_told_once_and_only_its_organisation_settles_it(works: Works, people: People) -> None:
    org, other = people.organisation(), people.organisation()
    mine, theirs = actor_of(org, people.person(org)), actor_of(other, people.person(other))
    with works.system() as work:
        for _ in range(2):
            messages.tell(
                work, org.id, "contract-to-sign", "/contracts/1", is_todo=True, unique_key="sign-1", need="桥"
            )
        messages.tell(work, org.id, "award-won", "/needs/1", need="桥")
    with works.reading() as work:
        assert queries.open_counts(work.session, org.id) == (1, 1)
        (todo,) = queries.todo_of(work.session, org.id)
    with pytest.raises(Forbidden), works.writing(theirs) as work:
        messages.finish(work, work.session.get_one(Message, todo.id))
    with works.writing(mine) as work:
        messages.read_all(work)
        messages.finish(work, work.session.get_one(Message, todo.id))
    with works.reading() as work:
        assert queries.open_counts(work.session, org.id) == (0, 0)
        assert [row.code for row in queries.notices_of(work.session, org.id).items] == ["award-won", "contract-to-sign"]


def test_what_is_due_first_stands_first(works: Works, people: People, clock: FixedClock) -> None:
    org = people.organisation()
    with works.system() as work:
        for code, days in (("result-delivered", None), ("rate-now", 2), ("contract-to-sign", 1)):
            due = clock.now() + timedelta(days=days) if days else None
            messages.tell(work, org.id, code, "/", is_todo=True, due_at=due)
    with works.reading() as work:
        assert [row.code for row in queries.todo_of(work.session, org.id)] == [
            "contract-to-sign", "rate-now", "result-delivered",
        ]  # fmt: skip
