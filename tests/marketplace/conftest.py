"""The market that selection's and contracts' tests play in."""

import pytest

from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.work import Works
from tests.agencies.registration.world import World, operators
from tests.marketplace.selection.world import Market
from tests.worlds import Worlds


@pytest.fixture
def market(works: Works, clock: FixedClock, worlds: Worlds) -> Market:
    """Lay out operators, the catalogue and one enterprise."""
    world, owner = worlds.begin("marketplace", works, with_owner)
    return Market(world, works, clock, owner)


def with_owner(works: Works) -> tuple[World, Actor]:
    """Put the enterprise that buys beside the operators."""
    world = operators(works)
    return world, world.actor(OrgKind.ENTERPRISE, "东莞市乙实业有限公司")
