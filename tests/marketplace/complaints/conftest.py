"""The court in which complaints are heard."""

from __future__ import annotations

import pytest

from tests.marketplace.complaints.court import Court, court
from tests.marketplace.selection.world import Market


@pytest.fixture
def hall(market: Market) -> Court:
    """Lay out the market with its offices."""
    return court(market)
