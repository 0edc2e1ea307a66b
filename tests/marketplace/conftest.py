"""The market that selection's and contracts' tests play in."""

import pytest

from agencies.catalogue.service import load_catalogue
from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.work import Works
from tests.agencies.registration.world import OTHER_TOWN, World
from tests.marketplace.selection.world import Market
from tests.marketplace.selection.world import market as lay_out


@pytest.fixture
def market(works: Works, clock: FixedClock) -> Market:
    """Lay out operators, the catalogue and one enterprise."""
    with works.system() as work:
        load_catalogue(work)
    nobody = Actor()
    world = World(works, nobody, nobody, nobody, nobody)
    world.town = world.actor(OrgKind.TOWN_OPERATOR, "南城街道运营机构")
    world.other_town = world.actor(OrgKind.TOWN_OPERATOR, "东城街道运营机构", OTHER_TOWN)
    world.city = world.actor(OrgKind.CITY_OPERATOR, "市级运营机构", None)
    return lay_out(world, works, clock)
