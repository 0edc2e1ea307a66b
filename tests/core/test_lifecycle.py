"""A life is declared once; what nobody reaches is refused at once, and every other move is a conflict."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Actor, OrgKind, Policy, anybody, is_manager, is_signed_in, require
from core.errors import Conflict, Forbidden, SignInRequired
from core.lifecycle import Lifecycle, Move


class Door(StrEnum):
    SHUT = "shut"
    OPEN = "open"
    BROKEN = "broken"


OPENS = Move("push", "opened", (Door.SHUT,), Door.OPEN)
SHUTS = Move("pull", "shut", (Door.OPEN,), Door.SHUT)
BREAKS = Move("kick", "broke", (Door.SHUT, Door.OPEN), Door.BROKEN)
LIFE = Lifecycle("door", Door, initial=Door.SHUT, moves=[OPENS, SHUTS, BREAKS])


def test_every_state_with_every_verb_either_moves_or_is_a_conflict() -> None:
    allowed = {(verb, state) for state in Door for verb in LIFE.open_to(state)}
    assert allowed == {("push", Door.SHUT), ("pull", Door.OPEN), ("kick", Door.SHUT), ("kick", Door.OPEN)}
    for state in Door:
        for move in LIFE.moves:
            if (move.verb, state) in allowed:
                assert LIFE.follow(move.verb, state) is move
            else:
                with pytest.raises(Conflict) as refused:
                    LIFE.follow(move.verb, state)
                assert (refused.value.code, refused.value.facts["state"]) == ("wrong-state", str(state))


def test_a_life_knows_its_ends_and_its_permissions() -> None:
    assert LIFE.ends == {Door.BROKEN}
    assert list(LIFE.permissions()) == ["door:push", "door:pull", "door:kick"]
    with pytest.raises(KeyError):
        LIFE.follow("paint", Door.SHUT)


def test_a_state_nobody_reaches_and_a_verb_said_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="nobody reaches broken"):
        Lifecycle("door", Door, initial=Door.SHUT, moves=[OPENS, SHUTS])
    with pytest.raises(ValueError, match="declared twice"):
        Lifecycle("door", Door, initial=Door.SHUT, moves=[OPENS, SHUTS, BREAKS, OPENS])


POLICY: Policy = {
    "door:see": [[anybody]],
    "door:push": [[is_signed_in, is_manager]],
    "door:kick": [],
}


def test_a_policy_denies_what_no_line_allows() -> None:
    stranger, reader = Actor(), Actor(user_id=1, org_id=1, org_kind=OrgKind.AGENCY)
    require(POLICY, "door:see", stranger)
    with pytest.raises(SignInRequired):
        require(POLICY, "door:push", stranger)
    with pytest.raises(Forbidden):
        require(POLICY, "door:push", reader)
    with pytest.raises(Forbidden):
        require(POLICY, "door:kick", reader)
    with pytest.raises(KeyError):
        require(POLICY, "door:paint", reader)


class Point(StrEnum):
    A = "a"
    B = "b"
    C = "c"
    D = "d"


def test_a_ring_that_nothing_leads_into_is_refused() -> None:
    ring = [Move("to-b", "b", (Point.A,), Point.B), Move("c-d", "d", (Point.C,), Point.D)]
    with pytest.raises(ValueError, match="nobody reaches c, d"):
        Lifecycle("walk", Point, initial=Point.A, moves=[*ring, Move("d-c", "c", (Point.D,), Point.C)])


STEPS = st.lists(st.tuples(st.sampled_from(Point), st.sampled_from(Point)), max_size=8)


@given(STEPS)
def test_a_life_is_refused_exactly_when_some_state_cannot_be_walked_to(steps: list[tuple[Point, Point]]) -> None:
    moves = [Move(f"step-{number}", "went", (start,), end) for number, (start, end) in enumerate(steps)]
    here = {Point.A}
    for _state in Point:  # the longest way visits each state once
        here |= {end for start, end in steps if start in here}
    if here == set(Point):
        life = Lifecycle("walk", Point, initial=Point.A, moves=moves)
        assert life.ends == {point for point in Point if not life.open_to(point)}
        assert sum(len(life.open_to(point)) for point in Point) == len(moves)
    else:
        with pytest.raises(ValueError, match="nobody reaches"):
            Lifecycle("walk", Point, initial=Point.A, moves=moves)


def test_a_refused_move_says_what_kind_of_thing_in_which_state_and_which_verb() -> None:
    with pytest.raises(Conflict) as refused:
        LIFE.follow("push", Door.BROKEN)
    assert refused.value.facts == {"kind": "door", "state": "broken", "verb": "push"}


def test_the_verbs_open_to_a_state_stand_in_the_order_declared() -> None:
    assert LIFE.open_to(Door.SHUT) == ("push", "kick")
    assert LIFE.open_to(Door.OPEN) == ("pull", "kick")
    assert LIFE.open_to(Door.BROKEN) == ()
