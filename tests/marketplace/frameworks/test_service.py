"""Frameworks on a real database: the panel, its publicity, the ways of calling off, and how each ends."""

from __future__ import annotations

from marketplace.frameworks.lifecycle import FrameworkState, Way
from marketplace.needs.lifecycle import NeedState
from tests.marketplace.frameworks.world import WHY, Hall


def test_a_panel_leaves_out_a_fifth_and_comes_into_force_after_its_publicity(hall: Hall) -> None:
    framework_id = hall.admitted(900, 700, 800, 950)
    assert [(one.place, one.price.yuan if one.price else None) for one in hall.members(framework_id)] == [
        (1, 700), (2, 800), (3, 900),
    ]  # fmt: skip
    assert hall.framework(framework_id).state is FrameworkState.PROVISIONAL
    assert hall.need_of(framework_id).state is NeedState.AWARDED


def test_a_whole_rotation(hall: Hall) -> None:
    framework_id = hall.in_force()
    assert hall.framework(framework_id).state is FrameworkState.IN_FORCE
    served = [hall.served_by(hall.call(framework_id).need_id) for _time in range(4)]
    assert served == [1, 2, 3, 1]
    assert hall.waiting(framework_id) == [2, 3, 1]
    assert Way.ROTATION
    assert WHY
