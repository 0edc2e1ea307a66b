"""Who may: a policy grants only by a clause that holds whole, and denies everything else."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import access
from core.access import ANONYMOUS, SYSTEM, Actor, MemberRole, OrgKind, Policy, allows, require
from core.errors import Forbidden, SignInRequired


def yes(_actor: Actor, _subject: Any) -> bool:
    return True


def no(_actor: Actor, _subject: Any) -> bool:
    return False


def owns(actor: Actor, subject: Any) -> bool:
    return bool(actor.org_id == subject.org_id)


PERSON = Actor(user_id=1, org_id=7, org_kind=OrgKind.AGENCY, role=MemberRole.DELEGATE)


@pytest.mark.parametrize(
    ("clauses", "granted"),
    [
        ([[yes]], True),
        ([[yes, no]], False),
        ([[no, yes]], False),
        ([[no], [yes]], True),
        ([[yes, yes], [no]], True),
        ([[no], [no, yes]], False),
    ],
)
def test_one_clause_is_enough_but_it_must_hold_whole(clauses: list[list[access.Predicate]], granted: bool) -> None:
    assert allows({"need:publish": clauses}, "need:publish", PERSON) is granted


@pytest.mark.parametrize("clauses", [[], [[]], [[], [no]]])
def test_a_clause_that_asks_nothing_grants_nothing(clauses: list[list[access.Predicate]]) -> None:
    assert not allows({"need:publish": clauses}, "need:publish", PERSON)
    assert not allows({"need:publish": clauses}, "need:publish", SYSTEM)


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), max_size=4))
def test_another_clause_never_takes_a_right_away_and_another_condition_never_gives_one(table: list[list[bool]]) -> None:
    clauses = [[yes if cell else no for cell in row] for row in table]
    granted = allows({"it:do": clauses}, "it:do", PERSON)
    assert granted is any(False not in row for row in table)
    assert allows({"it:do": [*clauses, [yes]]}, "it:do", PERSON)
    assert not allows({"it:do": [[*clause, no] for clause in clauses]}, "it:do", PERSON)


@pytest.mark.parametrize(
    ("actor", "org_id", "holds"),
    [(PERSON, 7, True), (PERSON, 8, False), (PERSON, None, False), (ANONYMOUS, None, False), (SYSTEM, None, False)],
)
def test_nobody_acts_for_no_organisation(actor: Actor, org_id: int | None, holds: bool) -> None:
    assert actor.is_of(org_id) is holds


def test_predicates_are_asked_about_this_actor_and_this_subject() -> None:
    policy: Policy = {"need:publish": [[owns]]}
    assert allows(policy, "need:publish", PERSON, SimpleNamespace(org_id=7))
    assert not allows(policy, "need:publish", PERSON, SimpleNamespace(org_id=8))


def test_a_stranger_is_asked_to_sign_in_and_everybody_else_is_refused_by_the_permission() -> None:
    policy: Policy = {"need:publish": [[no]]}
    with pytest.raises(SignInRequired):
        require(policy, "need:publish", ANONYMOUS)
    for actor in (PERSON, SYSTEM):
        with pytest.raises(Forbidden) as refused:
            require(policy, "need:publish", actor)
        assert refused.value.facts == {"permission": "need:publish"}
    require({"need:publish": [[yes]]}, "need:publish", ANONYMOUS)


def test_an_error_inside_a_predicate_grants_nothing_and_is_not_hidden() -> None:
    with pytest.raises(AttributeError):
        require({"need:publish": [[owns], [yes]]}, "need:publish", PERSON, None)


def test_a_permission_nobody_declared_is_a_mistake_and_not_a_refusal() -> None:
    for actor in (ANONYMOUS, PERSON, SYSTEM):
        with pytest.raises(KeyError):
            require({}, "need:publish", actor)


def test_nobody_and_the_system_are_not_signed_in_and_a_person_is_not_the_system() -> None:
    assert [access.is_signed_in(actor, None) for actor in (ANONYMOUS, SYSTEM, PERSON)] == [False, False, True]
    assert [access.is_system(actor, None) for actor in (ANONYMOUS, SYSTEM, PERSON)] == [False, True, False]
    assert all(access.anybody(actor, None) for actor in (ANONYMOUS, SYSTEM, PERSON))
    assert access.is_signed_in(Actor(user_id=0), None)


@pytest.mark.parametrize(
    ("role", "acts", "manages"),
    [
        (MemberRole.MANAGER, True, True),
        (MemberRole.DELEGATE, True, False),
        (MemberRole.READER, False, False),
        (None, False, False),
    ],
)
def test_managers_and_delegates_act_and_readers_look(role: MemberRole | None, acts: bool, manages: bool) -> None:
    actor = Actor(user_id=1, role=role)
    assert access.may_act(actor, None) is acts
    assert access.is_manager(actor, None) is manages


@pytest.mark.parametrize(
    ("predicate", "kinds"),
    [
        (access.is_enterprise, {OrgKind.ENTERPRISE}),
        (access.is_agency, {OrgKind.AGENCY}),
        (access.is_town_operator, {OrgKind.TOWN_OPERATOR}),
        (access.is_city_operator, {OrgKind.CITY_OPERATOR}),
        (access.is_price_regulator, {OrgKind.PRICE_REGULATOR}),
        (access.is_administration, {OrgKind.ADMINISTRATION}),
        (
            access.is_staff,
            {
                OrgKind.TOWN_OPERATOR,
                OrgKind.CITY_OPERATOR,
                OrgKind.PRICE_REGULATOR,
                OrgKind.ADMINISTRATION,
                OrgKind.DEPARTMENT,
            },
        ),
    ],
)
def test_each_kind_of_organisation_is_only_what_it_is(predicate: access.Predicate, kinds: set[OrgKind]) -> None:
    assert {kind for kind in OrgKind if predicate(Actor(user_id=1, org_kind=kind), None)} == kinds
    assert not predicate(Actor(user_id=1), None)
    assert not predicate(SYSTEM, None)


def test_a_predicate_of_kinds_is_named_as_a_sentence() -> None:
    assert access.of_kind(OrgKind.AGENCY, OrgKind.DEPARTMENT).__name__ == "is_agency_or_department"


@pytest.mark.parametrize(
    ("mine", "its", "held"),
    [
        ("441900003", "441900003", True),
        ("441900003", "441900004", False),
        (None, None, False),
        ("441900003", None, False),
    ],
)
def test_a_town_sees_its_own_and_no_town_sees_what_lies_in_none(mine: str | None, its: str | None, held: bool) -> None:
    assert access.in_town(Actor(user_id=1, town_code=mine), SimpleNamespace(town_code=its)) is held


def test_a_subject_without_a_town_lies_in_nobodys() -> None:
    assert not access.in_town(Actor(user_id=1, town_code="441900003"), object())
    assert not access.in_town(Actor(user_id=1), object())
