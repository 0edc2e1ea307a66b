"""A need with its enterprise and agencies, taken through publication, sealed quotes and opening by the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from accounts.models import Message, SignIn
from agencies.catalogue.models import Rule
from agencies.catalogue.queries import METHOD, method_is_enabled, rule_row
from agencies.registration.rules import Standing
from agencies.registration.service import set_standing
from core.access import Actor, OrgKind
from core.clock import FixedClock, beijing_day
from core.money import Money
from core.work import Works
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteNeed
from marketplace.needs.methods import ASKED
from marketplace.needs.models import Need
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from marketplace.selection import publicity, queries, service
from marketplace.selection.commands import GiveAward, GivePoints, ScoreSheet
from marketplace.selection.models import Award
from tests.agencies.registration.world import World

ITEM = "DG-A-01"
WHY = "方案更贴近本项目的进度要求"
CRITERIA: Sequence[Mapping[str, Any]] = (
    {"name": "价格", "weight": 30, "kind": "price"},
    {"name": "服务方案", "weight": 70, "kind": "merit"},
)


@dataclass
class Market:
    """The market of one need."""

    world: World
    works: Works
    clock: FixedClock
    owner: Actor
    agents: list[tuple[Actor, int]] = field(default_factory=list)

    def agency(self, standing: int | None = None) -> tuple[Actor, int]:
        """List one more agency, with a standing in thousandths of a star."""
        actor, agency_id = self.world.listed()
        if standing is not None:
            with self.works.system() as work:
                set_standing(work, agency_id, Standing(standing, standing, standing, 3, "A"))
        self.agents.append((actor, agency_id))
        return actor, agency_id

    def publish(self, **changes: Any) -> int:
        """Write and publish a need of social funds; return its id."""
        usual = {
            "item_code": ITEM,
            "title": "长安厂房扩建项目建议书",
            "scale": "建筑面积 3 万平方米",
            "fund": "social",
            "method": "lowest",
            "method_basis": "镇街招标采购管理办法第五条",
            "no_ceiling_reason": "首次采购，没有可比价格",
            "town_code": "441900003",
        }
        asked = {**usual, **changes}
        if asked["fund"] in ASKED[asked["method"]].switched:
            self.switch_on(ASKED[asked["method"]].catalogue, fund=asked["fund"])
        with self.works.writing(self.owner) as work:
            need = needs.create(work, WriteNeed(**asked))
            needs.publish(work, need.id)
            need_id = need.id
        with self.works.system() as work:
            service.commit_draw(work, {"id": need_id})
        return need_id

    def switch_on(self, *codes: str, fund: str = "social") -> None:
        """Switch methods on from today: the row an approved change of the rulebook leaves."""
        today = beijing_day(self.clock.now())
        with self.works.system() as work:
            for code in codes:
                if method_is_enabled(work.session, code, fund=fund, on=today):
                    continue
                former = rule_row(work.session, METHOD + code, fund=fund, on=today)
                row = Rule(
                    key=former.key, fund=fund, name=former.name, name_en=former.name_en, value=True, unit=former.unit,
                    valid_from=today, basis="东府办〔2026〕1号第三条", confidence="R",
                )  # fmt: skip
                work.add(row, "test.switch")

    def quote(self, need_id: int, place: int, yuan: int, days: int = 15) -> int:
        """Let the agency at this place quote; return the quote's id."""
        while len(self.agents) <= place:
            self.agency()
        with self.works.writing(self.agents[place][0]) as work:
            return quotes.submit(work, need_id, SubmitQuote(Money.from_yuan(yuan), None, days, "按期完成")).id

    def close(self, need_id: int) -> None:
        """Let the deadline pass, open the quotes and freeze the list."""
        self.clock.instant = max(self.clock.instant, self.closes_at(need_id)) + timedelta(minutes=1)
        quotes.open_if_due(self.works, need_id)
        with self.works.system() as work:
            service.begin(work, need_id)

    def opened(self, *prices: int, **changes: Any) -> tuple[int, list[int]]:
        """Publish, quote these prices, open; return the need's id and the quotes' ids."""
        need_id = self.publish(**changes)
        ids = [self.quote(need_id, place, price) for place, price in enumerate(prices)]
        self.close(need_id)
        return need_id, ids

    def score(self, need_id: int, points: Mapping[int, int]) -> None:
        """Give points for the proposal."""
        sheet = ScoreSheet(tuple(GivePoints(one, "服务方案", given, "对照评分表") for one, given in points.items()))
        with self.works.writing(self.owner) as work:
            service.score(work, need_id, sheet)

    def award(self, need_id: int, quote_id: int, reason: str = "", **notes: Any) -> Award:
        """Award as the owner."""
        with self.works.writing(self.owner) as work:
            return service.award(work, need_id, GiveAward(quote_id, reason, **notes))

    def need(self, need_id: int) -> Need:
        """Read a need as it is now."""
        with self.works.reading() as work:
            return work.session.get_one(Need, need_id)

    def newest(self) -> Need:
        """Read the need written last."""
        with self.works.reading() as work:
            return work.session.scalars(select(Need).order_by(Need.id.desc()).limit(1)).one()

    def closes_at(self, need_id: int) -> datetime:
        """Return the deadline of a published need."""
        closes_at = self.need(need_id).closes_at
        assert closes_at is not None
        return closes_at

    def told(self, org_id: int | None) -> list[str]:
        """Return the codes of what an organisation was told, in order."""
        with self.works.reading() as work:
            return list(work.session.scalars(select(Message.code).where(Message.org_id == org_id).order_by(Message.id)))

    def stay_signed_in(self) -> None:
        """Let every sign-in hold another day from now."""
        with self.works.system() as work:
            for row in work.session.scalars(select(SignIn)):
                row.seen_at, row.ends_at = work.clock.now(), work.clock.now() + timedelta(days=1)

    def final(self, need_id: int) -> Award:
        """Let the publicity of a need's award pass and the award become final."""
        with self.works.reading() as work:
            award = queries.award_of(work.session, need_id)
        assert award is not None
        self.clock.instant = max(self.clock.instant, award.confirm_at)
        with self.works.system() as work:
            publicity.confirm_due(work, award.id)
            return queries.award_by_id(work.session, award.id)


def market(world: World, works: Works, clock: FixedClock) -> Market:
    """Lay out a market with an enterprise and nothing else."""
    return Market(world, works, clock, world.actor(OrgKind.ENTERPRISE, "东莞市乙实业有限公司"))
