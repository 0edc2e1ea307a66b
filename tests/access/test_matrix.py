"""Every route × every role × mine or another's: the answer is the policy's, and never a fault of ours."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest
from flask import Flask

from accounts.gate import refuse_ungated
from core.access import is_system
from tests.access.matrix import NO, OK, STRANGER, UNSAFE, Call, Door, Tally, calls, judged, surprise


def sweep(door: Door) -> Tally:
    """Make every call of the matrix."""
    tally = Tally()
    for call in calls(door.app, door.world):
        tally.take(call, door.knock(call))
    return tally


@pytest.fixture(scope="module")
def tally(door: Door) -> Tally:
    """Sweep once for the tests that look at the result."""
    return sweep(door)


@pytest.mark.timeout(600)
def test_every_route_answers_every_role_as_the_policy_says(
    door: Door, tally: Tally, record_property: Callable[[str, object], None]
) -> None:
    record_property("calls", tally.made)
    sys.stdout.write(f"\n{tally.made} calls, {len(tally.surprises)} surprises\n")
    assert tally.surprises == []
    assert tally.made > 10_000
