"""Every state of contracts with every verb, and who may what."""

from __future__ import annotations

import pytest

from core.access import SYSTEM, Actor, MemberRole, OrgKind, allows
from core.errors import Conflict
from marketplace.contracts.lifecycle import CONTRACT, DELIVERABLE, ContractState, DeliverableState
from marketplace.contracts.models import Contract
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
    assert {*CONTRACT.permissions(), *DELIVERABLE.permissions()} <= set(POLICY)


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
