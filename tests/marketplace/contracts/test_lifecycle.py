"""Every state of contracts with every verb, and who may what."""

from __future__ import annotations

import pytest

from core.access import SYSTEM, Actor, MemberRole, OrgKind, allows
from core.errors import Conflict
from core.lifecycle import Lifecycle
from marketplace.contracts.lifecycle import (
    AMENDMENT,
    CONTRACT,
    DELIVERABLE,
    PAUSE,
    TERMINATION,
    ContractState,
    DeliverableState,
)
from marketplace.contracts.models import Contract, Pause
from marketplace.contracts.permissions import POLICY

ALLOWED = {
    ("drafted", "sign"),
    ("in_service", "deliver"),
    ("delivered", "send_back"),
    ("delivered", "accept"),
    ("accepted", "settle"),
    ("drafted", "terminate"),
    ("in_service", "terminate"),
    ("delivered", "terminate"),
}
BUYER = Actor(1, 7, OrgKind.ENTERPRISE, MemberRole.DELEGATE)
SELLER = Actor(2, 9, OrgKind.AGENCY, MemberRole.DELEGATE)


@pytest.mark.parametrize("state", list(ContractState))
@pytest.mark.parametrize("verb", [move.verb for move in CONTRACT.moves])
def test_a_contract_moves_only_along_its_life(state: ContractState, verb: str) -> None:
    if (str(state), verb) in ALLOWED:
        assert CONTRACT.follow(verb, state).verb == verb
    else:
        with pytest.raises(Conflict, match="wrong-state"):
            CONTRACT.follow(verb, state)


@pytest.mark.parametrize("verb", ["accept", "send_back"])
def test_a_version_is_decided_once(verb: str) -> None:
    assert DELIVERABLE.follow(verb, DeliverableState.SUBMITTED)
    with pytest.raises(Conflict, match="wrong-state"):
        DELIVERABLE.follow(verb, DeliverableState.ACCEPTED)


def test_every_move_has_a_permission() -> None:
    lives: list[Lifecycle] = [CONTRACT, DELIVERABLE, PAUSE, AMENDMENT, TERMINATION]
    assert {permission for life in lives for permission in life.permissions()} <= set(POLICY)


@pytest.mark.parametrize(
    ("life", "allowed"),
    [
        (PAUSE, {"asked": "agree lapse refuse withdraw", "running": "resume"}),
        (AMENDMENT, {"proposed": "sign refuse withdraw lapse"}),
        (TERMINATION, {"notified": "answer lapse"}),
    ],
    ids=["pause", "amendment", "termination"],
)
def test_a_turn_is_answered_once_and_then_stays(life: Lifecycle, allowed: dict[str, str]) -> None:
    for state in life.states:
        assert " ".join(life.open_to(state)) == allowed.get(str(state), "")


def test_the_side_that_asked_takes_back_and_the_other_answers() -> None:
    asked = Pause(enterprise_org_id=7, agency_org_id=9, asked_by_org_id=9)
    stranger = Actor(3, 11, OrgKind.AGENCY, MemberRole.MANAGER)
    reader = Actor(1, 7, OrgKind.ENTERPRISE, MemberRole.READER)
    for permission, who in (("pause:agree", [BUYER]), ("pause:withdraw", [SELLER]), ("pause:resume", [BUYER, SELLER])):
        people = [BUYER, SELLER, stranger, reader]
        assert [one for one in people if allows(POLICY, permission, one, asked)] == who


@pytest.mark.parametrize(
    ("permission", "buyer", "seller"),
    [
        ("contract:text", True, True),
        ("contract:revise", True, False),
        ("contract:sign", True, True),
        ("contract:deliver", False, True),
        ("contract:accept", True, False),
        ("contract:send_back", True, False),
        ("contract:settle", True, False),
        ("contract:terminate", True, True),
    ],
)
def test_each_side_does_its_own_part(permission: str, buyer: bool, seller: bool) -> None:
    contract = Contract(enterprise_org_id=7, agency_org_id=9, state=ContractState.IN_SERVICE)
    assert allows(POLICY, permission, BUYER, contract) is buyer
    assert allows(POLICY, permission, SELLER, contract) is seller


@pytest.mark.parametrize("kind", [OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION])
def test_offices_see_the_deal_and_never_its_text(kind: OrgKind) -> None:
    contract = Contract(enterprise_org_id=7, agency_org_id=9, town_code="441900003", state=ContractState.IN_SERVICE)
    office = Actor(3, 30, kind, MemberRole.MANAGER)
    assert allows(POLICY, "contract:read", office, contract)
    assert not allows(POLICY, "contract:text", office, contract)


def test_a_draft_is_not_terminated_by_its_parties() -> None:
    draft = Contract(enterprise_org_id=7, agency_org_id=9, state=ContractState.DRAFTED)
    assert not allows(POLICY, "contract:terminate", BUYER, draft)
    assert allows(POLICY, "contract:terminate", SYSTEM, draft)
