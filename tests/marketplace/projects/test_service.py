"""A project's plan: laid out from the dated file, changed by its enterprise, read from needs and contracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import Message
from core.access import Actor, OrgKind
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.money import Money
from marketplace.contracts import service as contracts
from marketplace.contracts.commands import Terminate
from marketplace.contracts.turns import EndCause
from marketplace.needs import service as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.projects import queries, service
from marketplace.projects.commands import WriteProject
from marketplace.projects.lifecycle import ProjectState
from marketplace.projects.models import PlanEntry, Project
from marketplace.projects.queries import Line, Plan
from marketplace.projects.rules import Progress
from tests.marketplace.contracts.deal import accepted, signed
from tests.marketplace.selection.world import ITEM, Market

CODE = "2026-441900-47-01-000123"
FACTORY = WriteProject(
    CODE, "长安厂房扩建", "factory", "social", "建筑面积 3 万平方米", investment=Money.from_wan(3200),
    facts={"land_area_ha": "0.3", "earthwork_m3": "500"}, starts_on=date(2026, 3, 18),
)  # fmt: skip


def make(market: Market, command: WriteProject = FACTORY, *items: str) -> int:
    with market.works.writing(market.owner) as work:
        project = service.create(work, command)
        for code in items:
            service.add_item(work, project.id, code)
        return int(project.id)


def plan(market: Market, project_id: int) -> Plan:
    with market.works.reading(market.owner) as work:
        return queries.plan_of(work.session, queries.project_by_id(work, project_id))


def line(market: Market, project_id: int, item: str) -> Line:
    return next(one for one in plan(market, project_id).lines if one.entry.item_code == item)


def mark(market: Market, entry: PlanEntry, verb: str, reason: str = "") -> None:
    with market.works.writing(market.owner) as work:
        service.mark(work, entry.id, verb, reason)


def two_steps(market: Market) -> int:
    """Plan a proposal, and the feasibility study that waits for it."""
    return make(market, replace(FACTORY, kind="other"), ITEM, "DG-A-02")


def test_a_plan_begins_with_what_its_kind_needs_in_the_dated_order(market: Market) -> None:
    found = plan(market, make(market))
    by_item = {one.entry.item_code: one for one in found.lines}
    names = {one.entry.id: one.entry.item_code for one in found.lines}
    orders = {(names[before], names[after]) for before, after in found.edges}
    assert {("DG-C-48", "DG-C-49"), ("DG-C-49", "DG-C-50"), ("DG-A-19", "DG-C-49")} <= orders
    assert [names[key] for key in found.schedule.critical][-2:] == ["DG-C-53", "DG-B-28"]
    # 勘察 30、方案 30 并行 → 施工图 45 → 图审 15 → 监理 360 → 验收 40
    assert found.schedule.total == 30 + 45 + 15 + 360 + 40
    assert by_item["DG-C-49"].starts_on == date(2026, 4, 17)
    assert found.schedule.saved == found.schedule.in_turn - 490 > 0
    soil = by_item["DG-B-31"]
    assert soil.progress is Progress.NOT_NEEDED
    assert soil.entry.by_rule
    assert "不需要" in soil.entry.reason
    assert {one.entry.item_code for one in found.ready} >= {"DG-A-05", "DG-A-19", "DG-C-48"}
    assert by_item["DG-C-49"].waits_for != ()


def test_new_numbers_bring_back_what_the_rules_alone_took_out(market: Market) -> None:
    project_id = make(market)
    with market.works.writing(market.owner) as work:
        service.edit(work, project_id, replace(FACTORY, facts={"land_area_ha": "6"}))
    assert line(market, project_id, "DG-B-31").progress is Progress.NOT_STARTED
    mark(market, line(market, project_id, "DG-B-31").entry, "waive", "主管部门书面答复不用办")
    with market.works.writing(market.owner) as work:
        service.edit(work, project_id, FACTORY)
    assert line(market, project_id, "DG-B-31").entry.reason == "主管部门书面答复不用办"


def test_a_loop_is_refused_by_its_names_and_changes_nothing(market: Market) -> None:
    project_id = make(market)
    survey, design, review = (line(market, project_id, one).entry.id for one in ("DG-C-48", "DG-C-49", "DG-C-50"))
    with pytest.raises(Invalid, match="plan-loop") as refused, market.works.writing(market.owner) as work:
        service.change(work, survey, 30, [review])
    way = refused.value.facts["loop"].split(" → ")
    assert way[0] == way[-1]
    assert {"工程勘察", "施工图设计（含规划/抗震/人防/消防）", "施工图设计文件审查"} == set(way)
    assert line(market, project_id, "DG-C-48").waits_for == ()
    with market.works.writing(market.owner) as work:
        service.change(work, design, 50, [survey])
    changed = line(market, project_id, "DG-C-49")
    assert (changed.days, changed.waits_for) == (50, (survey,))
    for days, before in ((0, [survey]), (5, [design]), (5, [10**6])):
        with pytest.raises(Invalid), market.works.writing(market.owner) as work:
            service.change(work, design, days, before)


def test_progress_days_and_readiness_follow_the_needs_and_contracts_alone(market: Market) -> None:
    project_id = two_steps(market)
    first, second = (line(market, project_id, one) for one in (ITEM, "DG-A-02"))
    assert (first.is_ready, second.is_ready, second.waits_for) == (True, False, (first.entry.id,))
    contract = accepted(market, 100, 200, project_code=CODE, time_limit_days=25)
    first, second = (line(market, project_id, one) for one in (ITEM, "DG-A-02"))
    assert (first.progress, first.days, first.days_from) == (Progress.ACCEPTED, 15, "contract")
    assert (second.is_ready, second.waits_for) == (True, ())
    assert plan(market, project_id).left == 30
    with market.works.system() as work:
        for _twice in range(2):
            service.tell_ready(work, {"id": contract.id})
        told = work.session.scalars(select(Message).where(Message.code == "plan-item-ready")).all()
        assert [(one.org_id, one.url, one.is_todo) for one in told] == [
            (market.owner.org_id, f"/projects/{project_id}", True)
        ]
        assert told[0].facts["item"] == "可行性研究报告编制"
    with pytest.raises(Conflict, match="plan-entry-bought"):
        mark(market, first.entry, "waive", "不用了")
    with market.works.writing(market.owner) as work:
        service.buy_ready(work, project_id)
    with market.works.reading() as work:
        told_now = work.session.scalars(select(Message).where(Message.code == "plan-item-ready")).one()
        assert told_now.done_at is not None


def test_another_enterprises_need_with_the_code_moves_nothing(market: Market) -> None:
    project_id = two_steps(market)
    mine, market.owner = market.owner, market.world.actor(OrgKind.ENTERPRISE, "东莞市丙实业有限公司")
    accepted(market, 100, 200, project_code=CODE)
    market.owner = mine
    assert line(market, project_id, ITEM).progress is Progress.NOT_STARTED


def test_all_that_is_ready_is_drafted_at_once_with_what_is_known(market: Market) -> None:
    project_id = make(market, replace(FACTORY, kind="other"), "DG-B-25", "DG-C-48", "DG-C-49")
    with market.works.writing(market.owner) as work:
        made = service.buy_ready(work, project_id)
    assert [one.item_code for one in made] == ["DG-C-48", "DG-B-25"]  # the critical path first
    with market.works.reading() as work:
        survey, form = (work.session.get_one(Need, one.id) for one in made)
    assert form.title == "长安厂房扩建环境影响报告表编制"
    assert (form.project_code, form.project_name, form.scale) == (CODE, "长安厂房扩建", "建筑面积 3 万平方米")
    assert (form.fund, form.method, form.time_limit_days) == ("social", "merit", 30)
    assert form.fee_inputs == {"investment_wan": "3200"}
    assert survey.state is NeedState.DRAFT
    with pytest.raises(Conflict, match="nothing-ready"), market.works.writing(market.owner) as work:
        service.buy_ready(work, project_id)
    with market.works.writing(market.owner) as work:
        needs.publish(work, survey.id)
        needs.withdraw(work, form.id, "先不办")
    assert [one.entry.item_code for one in plan(market, project_id).ready] == ["DG-B-25"]


def test_an_entry_lives_by_its_moves_with_reasons(market: Market) -> None:
    project_id = two_steps(market)
    entry = line(market, project_id, ITEM).entry
    with pytest.raises(Invalid, match="reason-required"):
        mark(market, entry, "take_on")
    mark(market, entry, "take_on", "已在平台外委托")
    assert not line(market, project_id, "DG-A-02").is_ready
    mark(market, entry, "finish")
    assert line(market, project_id, ITEM).progress is Progress.OWN_DONE
    assert line(market, project_id, "DG-A-02").is_ready
    mark(market, entry, "restore")
    assert line(market, project_id, ITEM).entry.reason == ""
    mark(market, entry, "remove")
    assert [one.entry.item_code for one in plan(market, project_id).lines] == ["DG-A-02"]
    with market.works.writing(market.owner) as work:
        again = service.add_item(work, project_id, ITEM)
        assert again.id != entry.id
    assert line(market, project_id, "DG-A-02").waits_for == (again.id,)
    with pytest.raises(Invalid, match="plan-item-known"), market.works.writing(market.owner) as work:
        service.add_item(work, project_id, ITEM)


def test_a_project_is_finished_when_its_plan_is_and_cancelled_with_a_reason(market: Market) -> None:
    project_id = two_steps(market)

    def end(verb: str, reason: str = "") -> Project:
        with market.works.writing(market.owner) as work:
            return service.end(work, project_id, verb, reason)

    with pytest.raises(Conflict, match="plan-not-done"):
        end("finish")
    for code in (ITEM, "DG-A-02"):
        mark(market, line(market, project_id, code).entry, "waive", "不在范围内")
    assert end("finish").state is ProjectState.DONE
    with pytest.raises(Conflict, match="project-ended"), market.works.writing(market.owner) as work:
        service.buy_ready(work, project_id)
    assert end("reopen").ended_at is None
    with pytest.raises(Invalid, match="reason-required"):
        end("cancel")
    assert end("cancel", "项目停建").state is ProjectState.CANCELLED
    with pytest.raises(Conflict, match="wrong-state"):
        end("reopen")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "2026-441900"}, "project-code-wrong"),
        ({"kind": "castle"}, "project-choice-unknown"),
        ({"fund": "lottery"}, "project-choice-unknown"),
        ({"town_code": "999"}, "project-choice-unknown"),
        ({"code": CODE}, "project-code-known"),
    ],
)
def test_a_project_that_makes_no_sense_is_refused(market: Market, changes: dict[str, Any], code: str) -> None:
    make(market)
    with pytest.raises(Invalid, match=code), market.works.writing(market.owner) as work:
        service.create(work, replace(FACTORY, **{"code": "2026-441900-47-01-000124", **changes}))


def test_a_plan_is_its_enterprises_own_and_the_public_sees_its_notices(market: Market) -> None:
    project_id = two_steps(market)
    stranger = market.world.actor(OrgKind.ENTERPRISE, "东莞市丁实业有限公司")
    entry_id = line(market, project_id, ITEM).entry.id
    for actor in (stranger, market.world.town, Actor()):
        with market.works.reading(actor) as work, pytest.raises(NotFound):
            queries.project_by_id(work, project_id)
        with market.works.writing(actor) as work, pytest.raises((NotFound, Forbidden)):
            service.mark(work, entry_id, "remove")
    with market.works.writing(stranger) as work:
        assert service.create(work, FACTORY).org_id == stranger.org_id  # nobody keeps another from the code
    market.publish(project_code=CODE)
    with market.works.writing(market.owner) as work:
        service.buy_ready(work, make_other(work))
    with market.works.reading(Actor()) as work:
        assert [row.title for row in queries.notices_of(work.session, Actor(), CODE)] == ["长安厂房扩建项目建议书"]


def make_other(work: Any) -> int:
    command = replace(FACTORY, code="2026-441900-47-01-000124", kind="other")
    project = service.create(work, command)
    service.add_item(work, project.id, "DG-C-48")
    return int(project.id)


def test_a_contract_ended_early_leaves_the_entry_to_be_bought_again(market: Market) -> None:
    project_id = two_steps(market)
    contract = signed(market, 100, 200, project_code=CODE)
    assert line(market, project_id, ITEM).progress is Progress.IN_CONTRACT
    with market.works.writing(market.owner) as work:
        contracts.terminate(work, contract.id, Terminate(EndCause.AGREED, "双方同意提前结束本合同", Money(0)))
    assert line(market, project_id, ITEM).progress is Progress.NOT_STARTED
