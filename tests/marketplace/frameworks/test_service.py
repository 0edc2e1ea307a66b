"""Agreeing a framework on a real database: the notice, the panel and how it is ranked, its publicity and its term."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.money import Money
from marketplace.frameworks import admitting, publicity, queries, service
from marketplace.frameworks.commands import Admit, WriteFramework
from marketplace.frameworks.lifecycle import Entry, FrameworkState
from marketplace.frameworks.models import Framework
from marketplace.needs import amending
from marketplace.needs import service as needs
from marketplace.needs.commands import AmendNeed
from marketplace.needs.lifecycle import NeedState
from marketplace.selection import queries as selections
from marketplace.selection import service as selection
from marketplace.selection.commands import GiveAward, RejectQuote
from marketplace.selection.models import Selection
from tests.marketplace.frameworks.world import DEED, WHY, WRITTEN, Hall, refused
from tests.marketplace.selection.test_ends import switch_on
from tests.marketplace.selection.world import WHY as REASON

S = FrameworkState


def protocol(hall: Hall, framework_id: int) -> dict[str, Any]:
    with hall.works.reading() as work:
        need_id = work.session.get_one(Framework, framework_id).need_id
        found = work.session.scalars(select(Selection).where(Selection.need_id == need_id)).one().protocol
    assert found is not None
    return found


def test_a_panel_leaves_out_a_fifth_and_keeps_each_members_own_price(hall: Hall) -> None:
    framework_id = hall.admitted(900, 700, 800, 950)
    assert [(one.place, one.price) for one in hall.members(framework_id)] == [
        (1, Money.from_yuan(700)), (2, Money.from_yuan(800)), (3, Money.from_yuan(900)),
    ]  # fmt: skip
    assert hall.framework(framework_id).state is S.PROVISIONAL
    assert hall.need_of(framework_id).state is NeedState.AWARDED
    lines = protocol(hall, framework_id)["lines"]
    assert [(one["rank"], one["won"], one["why_not"]) for one in lines] == [
        (1, True, None), (2, True, None), (3, True, None), (4, False, "eliminated"),
    ]  # fmt: skip
    assert protocol(hall, framework_id)["working"][0]["facts"]["share"] == "20%"
    by_agency = {agency_id: actor.org_id for actor, agency_id in hall.market.agents}
    assert "framework-admitted" in hall.market.told(by_agency[lines[0]["agency_id"]])
    assert "framework-not-admitted" in hall.market.told(by_agency[lines[3]["agency_id"]])


def test_a_framework_comes_into_force_after_its_publicity_and_ends_after_its_term(hall: Hall) -> None:
    framework_id = hall.admitted(700, 800, months=6)
    row = hall.framework(framework_id)
    assert row.confirm_at is not None
    hall.clock.instant = row.confirm_at - timedelta(seconds=1)
    hall.due()
    assert hall.framework(framework_id).state is S.PROVISIONAL
    assert refused(lambda: hall.call(framework_id)).code == "call-not-in-force"
    hall.clock.instant = row.confirm_at
    hall.due()
    row = hall.framework(framework_id)
    assert (row.state, row.starts_at, hall.need_of(framework_id).state) == (
        S.IN_FORCE, row.confirm_at, NeedState.CONTRACTED,
    )  # fmt: skip
    assert row.ends_at is not None
    hall.clock.instant = row.ends_at
    assert refused(lambda: hall.call(framework_id)).code == "call-after-term"
    publicity.settle_if_due(hall.works, framework_id)
    assert hall.framework(framework_id).state is S.EXPIRED
    assert hall.need_of(framework_id).state is NeedState.COMPLETED
    assert hall.market.told(hall.market.owner.org_id)[-1] == "framework-expired"


@pytest.mark.parametrize(("prices", "reason"), [((), "no-quotes"), ((700,), "one-quote")])
def test_too_few_quotes_fail_with_their_reason(hall: Hall, prices: tuple[int, ...], reason: str) -> None:
    framework_id = hall.quoted(*prices)
    need = hall.need_of(framework_id)
    with hall.works.system() as work:
        service.on_need_failed(work, {"id": need.id})
        service.on_need_failed(work, {"id": need.id})
    row = hall.framework(framework_id)
    assert (need.state, row.state, row.end_reason) == (NeedState.FAILED, S.FAILED, reason)
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Conflict, match="wrong-state"):
        admitting.admit(work, framework_id, Admit())


def test_a_panel_left_with_one_quote_fails_by_the_enterprises_own_rejection(hall: Hall) -> None:
    framework_id = hall.quoted(700, 800)
    need_id = hall.need_of(framework_id).id
    with hall.works.writing(hall.market.owner) as work:
        first = selections.opened_quotes(work.session, need_id)[0]
        selection.reject(work, need_id, RejectQuote(first.id, REASON))
    assert hall.need(need_id).failed_reason == "too-few-quotes"


def test_equal_prices_at_the_edge_are_drawn_in_public(hall: Hall) -> None:
    framework_id = hall.admitted(800, 800, 700, wanted=2)
    lines = protocol(hall, framework_id)["lines"]
    assert [one["rank"] for one in lines] == [1, 2, 3]
    assert lines[2]["decided_by"] == "draw"
    assert [one["key"] for one in lines if one["amount_fen"] == 80000] == [
        key for key in protocol(hall, framework_id)["draw"]["ranking"] if key != lines[0]["key"]
    ]


def test_standing_may_rank_the_panel(hall: Hall) -> None:
    for standing in (3000, 4500, 4000):
        hall.market.agency(standing)
    framework_id = hall.admitted(500, 900, 800, entry=Entry.CREDIT)
    assert [one.price for one in hall.members(framework_id)] == [Money.from_yuan(900), Money.from_yuan(800)]


def test_the_switch_of_the_rulebook_closes_the_method_with_its_reason(hall: Hall) -> None:
    framework_id = hall.written(fund="social")
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Invalid) as closed:
        service.publish(work, framework_id)
    assert (closed.value.code, closed.value.facts["field"], closed.value.facts["basis"]) == (
        "framework-off", "fund", "默认值",
    )  # fmt: skip
    switch_on(hall.market, "framework")
    with hall.works.writing(hall.market.owner) as work:
        assert service.publish(work, framework_id).state is S.INVITING


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"months": 25}, "months", "framework-months"),
        ({"share": 19}, "share", "framework-share"),
        ({"unit": ""}, "unit", "framework-unit"),
        ({"ceiling": None}, "ceiling", "framework-ceiling"),
        ({"quoting": "discount"}, "quoting", "discount-needs-benchmark"),
    ],
)
def test_a_draft_that_breaks_a_rule_names_its_field(hall: Hall, changes: dict[str, Any], field: str, code: str) -> None:
    framework_id = hall.written(**changes)
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Invalid) as wrong:
        service.publish(work, framework_id)
    assert (wrong.value.code, wrong.value.facts["field"]) == (code, field)
    assert hall.framework(framework_id).need_id is None


def test_only_a_draft_is_edited_and_only_before_the_panel_is_it_taken_back(hall: Hall) -> None:
    framework_id = hall.written()
    command = WriteFramework(**{**WRITTEN, "title": "改了名称的框架协议"})
    with hall.works.writing(hall.market.owner) as work:
        service.edit(work, framework_id, command)
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Invalid):
        service.edit(work, framework_id, WriteFramework(**{**WRITTEN, "towns": ("000000",)}))
    with hall.works.writing(hall.market.owner) as work:
        service.publish(work, framework_id)
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Forbidden):
        service.edit(work, framework_id, command)
    with hall.works.writing(hall.market.owner) as work:
        service.withdraw(work, framework_id, DEED)
    assert hall.framework(framework_id).state is S.WITHDRAWN
    assert hall.need_of(framework_id).state is NeedState.WITHDRAWN
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Conflict, match="wrong-state"):
        service.withdraw(work, framework_id, DEED)


def test_a_notice_taken_back_on_its_own_page_takes_the_framework_along(hall: Hall) -> None:
    framework_id = hall.published()
    need_id = hall.need_of(framework_id).id
    with hall.works.writing(hall.market.owner) as work:
        needs.withdraw(work, need_id, "项目取消，不再采购")
    with hall.works.system() as work:
        service.on_need_withdrawn(work, {"id": need_id})
    assert (hall.framework(framework_id).state, hall.framework(framework_id).end_reason) == (
        S.WITHDRAWN, "项目取消，不再采购",
    )  # fmt: skip
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Conflict, match="repeat-in-framework"):
        needs.repeat(work, need_id)


def test_a_panel_is_not_awarded_one_by_one(hall: Hall) -> None:
    framework_id = hall.quoted(700, 800)
    need_id = hall.need_of(framework_id).id
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Conflict, match="chosen-as-panel"):
        selection.award(work, need_id, GiveAward(selections.opened_quotes(work.session, need_id)[0].id, WHY))


def test_a_stranger_sees_no_draft(hall: Hall) -> None:
    framework_id = hall.written()
    with hall.works.reading(hall.market.world.city) as work, pytest.raises(NotFound):
        queries.framework_by_id(work, framework_id)


def test_an_amended_notice_is_what_is_agreed(hall: Hall) -> None:
    framework_id = hall.published()
    need_id = hall.need_of(framework_id).id
    changes = {"ceiling": Money.from_yuan(900), "requirements": "每份附现场照片"}
    with hall.works.writing(hall.market.owner) as work:
        amending.amend(work, need_id, AmendNeed(changes, "最高单价和要求写错了"))
    with hall.works.system() as work:
        service.on_need_amended(work, {"id": need_id, "is_material": True})
    row = hall.framework(framework_id)
    assert (row.ceiling, row.requirements) == (Money.from_yuan(900), "每份附现场照片")
