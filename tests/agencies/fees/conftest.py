"""The small market the tests of posted prices and fee cases play in."""

from dataclasses import dataclass
from typing import Any

import pytest

from agencies.fees import service
from agencies.fees.models import FeeCase
from core.access import Actor, OrgKind
from core.money import Money
from core.work import Works
from tests.agencies.registration.world import TOWN, World, with_reader
from tests.worlds import Worlds


@dataclass
class Market:
    """Registration's world with a price regulator, an enterprise and an agency on the shelf."""

    world: World
    regulator: Actor
    enterprise: Actor
    agency: Actor
    agency_id: int

    @property
    def works(self) -> Works:
        """The opener of units of work."""
        return self.world.works

    def case(self, object_id: int = 1, kind: str = "contract_above_quote", **changes: Any) -> FeeCase:
        """Open a case: a contract of 12,000 yuan against a quote of 10,000."""
        facts: dict[str, Any] = {
            "object_kind": "contract", "object_id": object_id, "need_id": 7, "agency_id": self.agency_id,
            "enterprise_id": self.enterprise.org_id, "town_code": TOWN, "item_code": "DG-A-01",
            "found": Money(1_200_000), "compared": Money(1_000_000),
            "evidence": {"contract": "HT-1", "reason": "增加了范围"},
        }  # fmt: skip
        with self.works.system() as work:
            return service.open_case(work, kind, **{**facts, **changes})


@pytest.fixture
def market(works: Works, worlds: Worlds) -> Market:
    """Lay out the market."""
    return worlds.begin("fees", works, lay_out)


def lay_out(works: Works) -> Market:
    """Put a price regulator and a listed agency beside the operators and an enterprise."""
    world = with_reader(works)
    regulator = world.actor(OrgKind.PRICE_REGULATOR, "市场监督管理局", None)
    agency, agency_id = world.listed()
    return Market(world, regulator, world.reader, agency, agency_id)
