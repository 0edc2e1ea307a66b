"""Every state of a need with every verb, and who may what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.access import Actor, MemberRole, OrgKind, allows
from core.errors import Conflict
from marketplace.needs.lifecycle import NEED, PUBLISHED, NeedState
from marketplace.needs.models import Need
from marketplace.needs.permissions import POLICY

ALLOWED = {
    ("draft", "publish"): "open",
    ("draft", "withdraw"): "withdrawn",
    ("open", "amend"): "open",
    ("open", "extend"): "open",
    ("open", "open_quotes"): "selecting",
    ("open", "withdraw"): "withdrawn",
    ("open", "fail"): "failed",
    ("selecting", "award"): "awarded",
    ("selecting", "withdraw"): "withdrawn",
    ("selecting", "fail"): "failed",
    ("awarded", "contract"): "contracted",
    ("awarded", "reselect"): "selecting",
    ("awarded", "fail"): "failed",
    ("contracted", "complete"): "completed",
    ("contracted", "fail"): "failed",
}
MORNING = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("state", list(NeedState))
@pytest.mark.parametrize("verb", [move.verb for move in NEED.moves])
def test_a_need_moves_only_along_its_life(state: NeedState, verb: str) -> None:
    target = ALLOWED.get((str(state), verb))
    if target is not None:
        assert str(NEED.follow(verb, state).target) == target
    else:
        with pytest.raises(Conflict, match="wrong-state"):
            NEED.follow(verb, state)


def test_a_need_ends_completed_failed_or_withdrawn() -> None:
    assert NEED.ends == {NeedState.COMPLETED, NeedState.FAILED, NeedState.WITHDRAWN}
    assert NeedState.DRAFT not in PUBLISHED


def test_every_move_has_a_permission() -> None:
    assert set(NEED.permissions()) <= set(POLICY)


@pytest.mark.parametrize(
    "permission",
    [
        "need:edit",
        "need:publish",
        "need:withdraw",
        "need:answer",
        "need:repeat",
        "need:create",
        "need:amend",
        "need:invite",
    ],
)
@pytest.mark.parametrize("kind", [kind for kind in OrgKind if kind is not OrgKind.ENTERPRISE])
def test_no_office_and_no_agency_steers_a_need(permission: str, kind: OrgKind) -> None:
    actor = Actor(1, 7, kind, MemberRole.MANAGER, "441900003", second_factor=True)
    assert not allows(POLICY, permission, actor, Need(org_id=7, town_code="441900003", state=NeedState.DRAFT))


@pytest.mark.parametrize(
    ("org", "role", "expected"),
    [(7, "manager", True), (7, "delegate", True), (7, "reader", False), (8, "manager", False)],
)
def test_an_enterprise_steers_its_own_need_only(org: int, role: str, expected: bool) -> None:
    actor = Actor(1, org, OrgKind.ENTERPRISE, MemberRole(role))
    need = Need(org_id=7, state=NeedState.DRAFT)
    assert allows(POLICY, "need:edit", actor, need) is expected
    assert allows(POLICY, "need:publish", actor, need) is expected


def test_a_published_need_is_edited_by_nobody() -> None:
    owner = Actor(1, 7, OrgKind.ENTERPRISE, MemberRole.MANAGER)
    assert not allows(POLICY, "need:edit", owner, Need(org_id=7, state=NeedState.OPEN, published_at=MORNING))


@pytest.mark.parametrize("verb", ["extend", "open_quotes", "award", "contract", "complete", "fail"])
def test_people_never_make_the_systems_moves(verb: str) -> None:
    for kind in OrgKind:
        assert not allows(POLICY, f"need:{verb}", Actor(1, 7, kind, MemberRole.MANAGER), Need(org_id=7))


def test_a_stranger_reads_what_was_published_and_no_draft() -> None:
    nobody, other = Actor(), Actor(2, 8, OrgKind.ENTERPRISE, MemberRole.MANAGER)
    draft, notice = Need(org_id=7, state=NeedState.DRAFT), Need(org_id=7, state=NeedState.OPEN, published_at=MORNING)
    for actor in (nobody, other, Actor(3, 9, OrgKind.CITY_OPERATOR, MemberRole.MANAGER)):
        assert not allows(POLICY, "need:read", actor, draft)
        assert allows(POLICY, "need:read", actor, notice)
    assert allows(POLICY, "need:read", Actor(1, 7, OrgKind.ENTERPRISE, MemberRole.READER), draft)
