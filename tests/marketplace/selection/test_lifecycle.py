"""Every state of selections and awards with every verb, and who may what."""

from __future__ import annotations

import pytest

from core.access import Actor, MemberRole, OrgKind, allows
from core.errors import Conflict
from marketplace.selection.lifecycle import AWARD, SELECTION, AwardState, SelectionState
from marketplace.selection.models import Award, Selection
from marketplace.selection.permissions import POLICY

ALLOWED = {
    ("committed", "begin"),
    ("committed", "start_rounds"),
    ("bidding", "end_rounds"),
    ("weighing", "decide"),
    ("weighing", "fail"),
    ("decided", "resume"),
}


@pytest.mark.parametrize("state", list(SelectionState))
@pytest.mark.parametrize("verb", [move.verb for move in SELECTION.moves])
def test_a_selection_moves_only_along_its_life(state: SelectionState, verb: str) -> None:
    if (str(state), verb) in ALLOWED:
        assert SELECTION.follow(verb, state).verb == verb
    else:
        with pytest.raises(Conflict, match="wrong-state"):
            SELECTION.follow(verb, state)


def test_an_award_is_declined_once() -> None:
    assert AWARD.follow("decline", AwardState.PROVISIONAL).target is AwardState.DECLINED
    with pytest.raises(Conflict, match="wrong-state"):
        AWARD.follow("decline", AwardState.DECLINED)


def test_every_move_has_a_permission() -> None:
    assert {*SELECTION.permissions(), *AWARD.permissions()} <= set(POLICY)


@pytest.mark.parametrize("kind", [kind for kind in OrgKind if kind is not OrgKind.ENTERPRISE])
@pytest.mark.parametrize("permission", ["award:give", "selection:score", "selection:reject", "selection:fail"])
def test_no_office_and_no_agency_chooses(kind: OrgKind, permission: str) -> None:
    office = Actor(1, 7, kind, MemberRole.MANAGER, "441900003", second_factor=True)
    assert not allows(POLICY, permission, office, Selection(org_id=7, town_code="441900003"))


@pytest.mark.parametrize(
    ("org", "role", "expected"), [(7, "manager", True), (7, "reader", False), (8, "manager", False)]
)
def test_an_enterprise_chooses_for_its_own_need_only(org: int, role: str, expected: bool) -> None:
    actor = Actor(1, org, OrgKind.ENTERPRISE, MemberRole(role))
    assert allows(POLICY, "award:give", actor, Selection(org_id=7)) is expected


def test_a_town_reads_awards_of_its_own_town_only() -> None:
    award = Award(org_id=7, agency_org_id=9, town_code="441900003")
    town = Actor(1, 20, OrgKind.TOWN_OPERATOR, MemberRole.MANAGER, "441900003")
    other = Actor(1, 21, OrgKind.TOWN_OPERATOR, MemberRole.MANAGER, "441900004")
    assert allows(POLICY, "award:read", town, award)
    assert not allows(POLICY, "award:read", other, award)
