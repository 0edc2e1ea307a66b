"""A framework taken through its panel stage by the services, and called off from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from agencies.registration import service as registration
from core import deadlines
from core.access import Actor
from core.errors import DomainError
from core.money import Money
from marketplace.frameworks import admitting, calling, queries, service
from marketplace.frameworks.commands import Admit, CallOffFrom, Ending, WriteFramework
from marketplace.frameworks.lifecycle import Way
from marketplace.frameworks.models import CallOff, Framework, FrameworkMember
from marketplace.needs.models import Need
from marketplace.selection import queries as selections
from marketplace.selection import service as selection
from marketplace.selection.commands import Reason
from marketplace.selection.models import Award
from tests.marketplace.selection.world import ITEM, Market
from web.wiring import DEADLINES

WHY = "项目急需，该机构熟悉现场情况"
WRITTEN: dict[str, Any] = {
    "item_code": ITEM,
    "title": "年度项目建议书框架协议",
    "scale": "每份对应一个投资 1 亿元以下的项目",
    "fund": "fiscal",
    "way": Way.ROTATION,
    "unit": "份",
    "ceiling": Money.from_yuan(1000),
    "wanted": 3,
    "time_limit_days": 20,
}
DEED = Ending("本单位今年的项目已经全部办完")


def refused(deed: Callable[[], Any]) -> DomainError:
    """Return what a deed is refused with."""
    with pytest.raises(DomainError) as found:
        deed()
    return found.value


class Hall:
    """A market with one enterprise that agrees frameworks."""

    def __init__(self, market: Market) -> None:
        self.market, self.works, self.clock = market, market.works, market.clock

    def written(self, **changes: Any) -> int:
        """Write a draft; return its id."""
        with self.works.writing(self.market.owner) as work:
            return service.create(work, WriteFramework(**{**WRITTEN, **changes})).id

    def published(self, **changes: Any) -> int:
        """Write and publish; return the framework's id."""
        framework_id = self.written(**changes)
        with self.works.writing(self.market.owner) as work:
            service.publish(work, framework_id)
        with self.works.system() as work:
            selection.commit_draw(work, {"id": self.framework(framework_id).need_id})
        return framework_id

    def quoted(self, *prices: int, **changes: Any) -> int:
        """Publish, quote these prices, open; return the framework's id."""
        framework_id = self.published(**changes)
        need_id = self.need_of(framework_id).id
        for place, price in enumerate(prices):
            self.market.quote(need_id, place, price)
        self.market.close(need_id)
        return framework_id

    def admitted(self, *prices: int, **changes: Any) -> int:
        """Make the panel of these quotes."""
        framework_id = self.quoted(*prices, **changes)
        with self.works.writing(self.market.owner) as work:
            admitting.admit(work, framework_id, Admit())
        return framework_id

    def in_force(self, *prices: int, **changes: Any) -> int:
        """Let the publicity of the panel pass."""
        framework_id = self.admitted(*(prices or (700, 800, 900, 950)), **changes)
        confirm_at = self.framework(framework_id).confirm_at
        assert confirm_at is not None
        self.clock.instant = max(self.clock.instant, confirm_at)
        self.due()
        return framework_id

    def due(self) -> None:
        """Do what is due."""
        while deadlines.run_due(self.works, DEADLINES):
            pass

    def framework(self, framework_id: int) -> Framework:
        """Read a framework."""
        with self.works.reading() as work:
            return work.session.get_one(Framework, framework_id)

    def need_of(self, framework_id: int) -> Need:
        """Read the need of a panel stage."""
        with self.works.reading() as work:
            return work.session.get_one(Need, self.framework(framework_id).need_id)

    def need(self, need_id: int) -> Need:
        """Read a need."""
        return self.market.need(need_id)

    def members(self, framework_id: int) -> list[FrameworkMember]:
        """Read the members in the order published."""
        with self.works.reading() as work:
            return list(queries.members_of(work.session, framework_id))

    def waiting(self, framework_id: int) -> list[int]:
        """Return the places of the members in the order they are asked next."""
        places = {one.id: one.place for one in self.members(framework_id)}
        with self.works.reading() as work:
            return [places[member_id] for member_id in queries.waiting(work.session, framework_id)]

    def call(self, framework_id: int, **changes: Any) -> CallOff:
        """Call off as the owner."""
        asked = {"title": "南城学校扩建项目建议书", "scale": "投资 8000 万元", **changes}
        with self.works.writing(self.market.owner) as work:
            made = calling.call(work, framework_id, CallOffFrom(**asked))
        self.clock.instant += timedelta(seconds=1)
        return made

    def award(self, need_id: int) -> Award | None:
        """Read the award of a need that holds."""
        with self.works.reading() as work:
            return selections.award_of(work.session, need_id)

    def agent(self, agency_id: int) -> Actor:
        """Return who acts for an agency."""
        return next(actor for actor, one in self.market.agents if one == agency_id)

    def outside(self, framework_id: int) -> int:
        """Return the place, among the market's agencies, of one that is not in the panel."""
        inside = {one.agency_id for one in self.members(framework_id)}
        return next(place for place, (_actor, one) in enumerate(self.market.agents) if one not in inside)

    def suspend(self, agency_id: int) -> None:
        """Take an agency off the shelf for a while."""
        with self.works.writing(self.market.world.city) as work:
            registration.suspend(work, agency_id, "资质年检未通过，暂停承接")

    def decline(self, need_id: int) -> None:
        """Let whoever was chosen step back."""
        award = self.award(need_id)
        assert award is not None
        with self.works.writing(self.agent(award.agency_id)) as work:
            selection.decline(work, award.id, Reason("近期人手都在别的项目上"))
        self.clock.instant += timedelta(seconds=1)

    def served_by(self, need_id: int) -> int | None:
        """Return the place in the panel of whoever holds the award."""
        award, row = self.award(need_id), None
        if award is None:
            return None
        with self.works.reading() as work:
            made = queries.call_of_need(work.session, need_id)
            assert made is not None
            row = next(
                one for one in queries.members_of(work.session, made.framework_id) if one.agency_id == award.agency_id
            )
        return row.place
