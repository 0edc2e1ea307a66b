"""Every state of a registration with every move: what may follow, and what is refused."""

import pytest

from agencies.registration.lifecycle import ON_SHELF, REGISTRATION
from agencies.registration.lifecycle import RegistrationState as S
from agencies.registration.permissions import POLICY
from core.errors import Conflict

MAY = {
    S.DRAFT: {"submit"},
    S.SUBMITTED: {"send_back", "accept", "accept_with_gaps"},
    S.RETURNED: {"submit"},
    S.LISTED: {"suspend", "remove"},
    S.LISTED_WITH_GAPS: {"close_gaps", "suspend", "remove"},
    S.SUSPENDED: {"resume", "remove"},
    S.REMOVED: set(),
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("verb", [move.verb for move in REGISTRATION.moves])
def test_every_move_is_open_in_its_states_and_refused_in_others(state: S, verb: str) -> None:
    if verb in MAY[state]:
        assert REGISTRATION.follow(verb, state).target in S
    else:
        with pytest.raises(Conflict) as refusal:
            REGISTRATION.follow(verb, state)
        assert refusal.value.code == "wrong-state"


def test_every_move_has_its_permission() -> None:
    assert set(REGISTRATION.permissions()) <= set(POLICY)


def test_only_removal_ends_a_registration() -> None:
    assert REGISTRATION.ends == {S.REMOVED}


def test_the_shelf_holds_those_accepted() -> None:
    assert set(ON_SHELF) == {S.LISTED, S.LISTED_WITH_GAPS}
