"""The small market registration's tests play in."""

import pytest

from agencies.catalogue.service import load_catalogue
from core.access import Actor, OrgKind
from core.work import Works
from tests.agencies.registration.world import OTHER_TOWN, World


@pytest.fixture
def world(works: Works) -> World:
    """Lay out a market: the catalogue loaded, its operators in place."""
    with works.system() as work:
        load_catalogue(work)
    empty = Actor()
    made = World(works, empty, empty, empty, empty)
    made.town = made.actor(OrgKind.TOWN_OPERATOR, "南城街道运营机构")
    made.other_town = made.actor(OrgKind.TOWN_OPERATOR, "东城街道运营机构", OTHER_TOWN)
    made.city = made.actor(OrgKind.CITY_OPERATOR, "市级运营机构", None)
    made.reader = made.actor(OrgKind.ENTERPRISE, "东莞某厂")
    return made
