"""What complaints about one panel do to it together: held, suspended to a cap, kept beyond it, let go."""

from __future__ import annotations

import pytest

from marketplace.complaints import service
from marketplace.complaints.lifecycle import Aspect, ComplaintState, Remedy
from marketplace.frameworks import admitting
from marketplace.frameworks.commands import Admit
from marketplace.frameworks.lifecycle import FrameworkState
from tests.marketplace.complaints.court import WHY, Court, after_own, before, court
from tests.marketplace.frameworks.world import Hall

S = FrameworkState
PRICES = (700, 800, 900)


@pytest.fixture
def hearing(hall: Hall) -> Court:
    """Set the offices up."""
    return court(hall.market)


def test_a_panel_is_made_under_what_was_complained_of_before(hall: Hall, hearing: Court) -> None:
    framework_id = hall.quoted(*PRICES)
    need_id = hall.need_of(framework_id).id
    hearing.accepted(hearing.file(need_id, place=1, aspect=Aspect.NOTICE).id)
    with hall.works.writing(hall.market.owner) as work:
        admitting.admit(work, framework_id, Admit())
    hearing.settle()
    assert hall.framework(framework_id).state is S.SUSPENDED


def test_a_detention_that_falls_away_leaves_the_suspension_its_cap(hall: Hall, hearing: Court) -> None:
    framework_id = hall.admitted(*PRICES)
    need_id = hall.need_of(framework_id).id
    first, second = (hearing.file(need_id, place=place) for place in (1, 2))
    hearing.accepted(first.id)
    cap = hall.framework(framework_id).suspended_until
    hearing.accepted(second.id)
    hearing.upheld_at_once(first.id, Remedy.RERUN)
    assert hall.framework(framework_id).suspended_until == after_own(hearing.now(first.id).appeal_by) < cap
    hearing.overturned(first.id)
    assert (hall.framework(framework_id).state, hall.framework(framework_id).suspended_until) == (S.SUSPENDED, cap)
    hearing.until(before(cap))
    assert hall.framework(framework_id).state is S.SUSPENDED
    hearing.until(cap)
    assert hall.framework(framework_id).state is S.IN_FORCE


def test_past_the_cap_nothing_undecided_holds_what_was_detained_for_another(hall: Hall, hearing: Court) -> None:
    framework_id = hall.admitted(*PRICES)
    need_id = hall.need_of(framework_id).id
    first, second = (hearing.accepted(hearing.file(need_id, place=place).id) for place in (1, 2))
    cap = hall.framework(framework_id).suspended_until
    hearing.until(before(cap))
    hearing.decided(first.id, remedy=Remedy.RERUN)
    hearing.until(cap)
    assert hall.framework(framework_id).state is S.SUSPENDED
    hearing.overturned(first.id)
    assert hall.framework(framework_id).state is S.IN_FORCE
    assert hearing.now(second.id).state is ComplaintState.HEARD


def test_a_detention_that_falls_away_leaves_the_cap_to_what_waits_to_be_judged_too(hall: Hall, hearing: Court) -> None:
    framework_id = hall.admitted(*PRICES)
    need_id = hall.need_of(framework_id).id
    first, second = (hearing.file(need_id, place=place) for place in (1, 2))
    hearing.accepted(first.id)
    cap = hall.framework(framework_id).suspended_until
    hearing.upheld_at_once(first.id, Remedy.RERUN)
    hearing.overturned(first.id)
    assert (hall.framework(framework_id).state, hall.framework(framework_id).suspended_until) == (S.SUSPENDED, cap)
    assert hearing.now(second.id).state is ComplaintState.FILED


def test_a_second_suspension_keeps_the_first_ones_cap_not_a_detentions(hall: Hall, hearing: Court) -> None:
    framework_id = hall.admitted(*PRICES)
    need_id = hall.need_of(framework_id).id
    first = hearing.accepted(hearing.file(need_id, place=1).id)
    cap = hall.framework(framework_id).suspended_until
    hearing.upheld_at_once(first.id, Remedy.RERUN)
    hearing.overturned(first.id)
    assert hall.framework(framework_id).state is S.PROVISIONAL
    second = hearing.file(need_id, place=2)
    hearing.returned_twice(second.id, place=2)
    assert hall.framework(framework_id).state is S.PROVISIONAL
    assert cap is not None
    hearing.until(before(min(hearing.now(second.id).judge_by, cap)))
    hearing.accepted(second.id)
    assert (hall.framework(framework_id).state, hall.framework(framework_id).suspended_until) == (S.SUSPENDED, cap)


def test_what_is_taken_up_past_the_cap_holds_a_panel_no_longer(hall: Hall, hearing: Court) -> None:
    framework_id = hall.admitted(*PRICES)
    need_id = hall.need_of(framework_id).id
    first = hearing.accepted(hearing.file(need_id, place=1).id)
    cap = hall.framework(framework_id).suspended_until
    hearing.act(hearing.market.agents[1][0], service.withdraw, first.id, WHY)
    second = hearing.file(need_id, place=2)
    hearing.returned_twice(second.id, place=2)
    hearing.until(cap)
    assert hearing.now(second.id).state is ComplaintState.FILED
    assert hall.framework(framework_id).state is S.PROVISIONAL
    hearing.accepted(second.id)
    assert hall.framework(framework_id).state is S.IN_FORCE
