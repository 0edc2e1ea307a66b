"""A demo project with its plan in mid-way, and a notice of two lots."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

from agencies.catalogue import reference
from core.clock import beijing_day
from core.money import Money
from core.workdays import add_workdays, close_of
from marketplace.needs import lots
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteLot, WriteNeed
from marketplace.needs.models import Need
from marketplace.projects import queries, service
from marketplace.projects.commands import WriteProject
from marketplace.projects.models import Project
from web.demo import stories
from web.demo.agencies import Firm
from web.demo.people import Player
from web.demo.stage import Stage, Story
from web.demo.stories import Plot

AGO: Final = timedelta(days=118)
EVERY: Final = timedelta(days=12)
DRAFTS_ONLY: Final = timedelta(days=20)
LATELY: Final = timedelta(days=2)
CODE: Final = "2026-441900-47-01-201700"
SERIAL: Final = 2  # of a need that nothing unusual befalls
TENDERS: Final = "DG-C-54"


def project(stage: Stage, buyer: Player, firms: list[Firm]) -> Story:
    """Let an enterprise plan a project, take what it need not buy out, and buy what is ready, again and again."""
    yield stage.end - AGO
    command = WriteProject(
        CODE, "长安精密制造厂房扩建", "factory", "social", "总建筑面积 32,000 平方米，地上六层", "441900119",
        Money.from_wan(9600), {"land_area_ha": "0.42", "earthwork_m3": "860"}, beijing_day(stage.clock.now()),
    )  # fmt: skip
    made = stage.act(buyer.actor, partial(service.create, command=command))
    _mark(stage, buyer, made, "DG-A-11", "waive", "不在地质灾害易发区，主管部门书面答复不用办")
    _mark(stage, buyer, made, "DG-A-05", "take_on", "本单位有能源管理人员，自行编制")
    while stage.clock.now() < stage.end - EVERY:
        for need in _bought(stage, buyer, made):
            able = [firm for firm in firms if need.item_code in firm.items]
            plot = Plot(buyer, reference.item(need.item_code), able, stage.clock.now(), Random(need.id), SERIAL)
            stage.enter(_led(stage, plot, need))
        yield stage.clock.now() + EVERY
        if stage.clock.now() > stage.end - AGO / 2:
            _mark(stage, buyer, made, "DG-A-05", "finish")


def _led(stage: Stage, plot: Plot, need: Need) -> Story:
    yield stage.clock.now()
    yield from stories.lead(stage, plot, need)


def _bought(stage: Stage, buyer: Player, made: Project) -> list[Need]:
    """Draft and publish what is ready, but for the last weeks, when drafts are left to look at."""
    with stage.works.reading(buyer.actor) as work:
        found = queries.plan_of(work.session, queries.project_by_id(work, made.id))
    if not found.ready or stage.clock.now() > stage.end - DRAFTS_ONLY:
        return []
    drafts = stage.attempt(buyer.actor, lambda work: service.buy_ready(work, made.id)) or []
    published = [stage.attempt(buyer.actor, partial(needs.publish, need_id=one.id)) for one in drafts]
    return [one for one in published if one is not None]


def _mark(stage: Stage, buyer: Player, made: Project, item: str, verb: str, reason: str = "") -> None:
    with stage.works.reading(buyer.actor) as work:
        entry = next(one for one in queries.entries_of(work.session, made.id) if one.item_code == item)
    if verb != "finish" or entry.state == "own":
        stage.act(buyer.actor, partial(service.mark, entry_id=entry.id, verb=verb, reason=reason))


def two_lots(stage: Stage, buyer: Player) -> Story:
    """Let the enterprise publish one notice of two lots, of which nobody may win both."""
    yield stage.end - LATELY
    day = beijing_day(stage.clock.now())
    command = WriteNeed(
        TENDERS, "滨海湾两个地块施工招标代理", "北地块：施工招标，概算 300 万元", "social",
        no_ceiling_reason="按市场报价比选，不设限价", fee_inputs={"award_amount_wan": 300, "category": "works"},
        closes_at=close_of(add_workdays(day, 6)),
    )  # fmt: skip
    need = stage.act(buyer.actor, partial(needs.create, command=command))
    north = WriteLot("北地块", command.scale, 20, None, command.no_ceiling_reason, command.fee_inputs)
    south = WriteLot(
        "南地块", "南地块：施工招标，概算 200 万元", 20, None, command.no_ceiling_reason,
        {"award_amount_wan": 200, "category": "works"},
    )  # fmt: skip
    stage.act(buyer.actor, partial(lots.change, notice_id=need.id, number=1, command=north))
    stage.act(buyer.actor, partial(lots.add, notice_id=need.id, command=south))
    stage.act(buyer.actor, partial(lots.limit, notice_id=need.id, most=1))
    stage.act(buyer.actor, partial(needs.publish, need_id=need.id))
