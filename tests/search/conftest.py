"""The tables the search room reads in its tests, and an index of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agencies.catalogue.service import load_catalogue
from core.access import Actor, OrgKind
from core.work import Works
from search import service
from tests.agencies.registration.world import OTHER_TOWN, World
from tests.search.world import Shop


@pytest.fixture
def shop(works: Works) -> Shop:
    """Lay out the catalogue, operators and one enterprise."""
    with works.system() as work:
        load_catalogue(work)
    nobody = Actor()
    world = World(works, nobody, nobody, nobody, nobody)
    world.town = world.actor(OrgKind.TOWN_OPERATOR, "南城街道运营机构")
    world.other_town = world.actor(OrgKind.TOWN_OPERATOR, "东城街道运营机构", OTHER_TOWN)
    world.city = world.actor(OrgKind.CITY_OPERATOR, "市级运营机构", None)
    world.reader = world.actor(OrgKind.ENTERPRISE, "东莞某厂")
    return Shop(world)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Path]:
    """Give this test an index folder of its own."""
    kept, folders = dict(service._configured), dict(service._folders)
    service.configure(tmp_path / "index")
    yield tmp_path / "index"
    service._configured.clear()
    service._configured.update(kept)
    service._folders.update(folders)
