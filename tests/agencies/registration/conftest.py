"""The small market registration's tests play in."""

import pytest

from core.work import Works
from tests.agencies.registration.world import World, with_reader
from tests.worlds import Worlds


@pytest.fixture
def world(works: Works, worlds: Worlds) -> World:
    """Lay out a market: the catalogue loaded, its operators in place, an enterprise beside them."""
    return worlds.begin("registration", works, with_reader)
