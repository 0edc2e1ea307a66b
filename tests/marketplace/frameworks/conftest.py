"""The hall in which frameworks are agreed."""

import pytest

from tests.marketplace.conftest import market
from tests.marketplace.frameworks.world import Hall
from tests.marketplace.selection.world import Market

__all__ = ["market"]


@pytest.fixture
def hall(market: Market) -> Hall:
    """Lay out the market and nothing else."""
    return Hall(market)
