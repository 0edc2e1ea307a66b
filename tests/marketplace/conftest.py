"""The market that selection's and contracts' tests play in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.work import Works
from tests.agencies.registration.world import World, operators
from tests.browser import Browse
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


@pytest.fixture
def browse(app: Flask, market: Market) -> Browse:
    """Return what makes a browser that is signed in as an actor."""

    def as_actor(actor: Actor) -> FlaskClient:
        client = app.test_client()
        market.world.sign_in(client, actor)
        return client

    return as_actor
