"""Frameworks on a real database: the panel, its publicity, every way of calling off, and how each ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import Message
from agencies.registration import service as registration
from agencies.registration.models import Agency, Qualification
from core.audit import AuditLeaf
from core.clock import beijing_day
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.money import Money
from marketplace.complaints.lifecycle import Remedy
from marketplace.frameworks import admitting, calling, leaving, publicity, queries, service
from marketplace.frameworks.commands import Admit, CallOffFrom, Ending, Leave, Remove, WriteFramework
from marketplace.frameworks.lifecycle import Entry, FrameworkState, Leaving, MemberState, Removal, Way
from marketplace.frameworks.models import Framework
from marketplace.needs import amending
from marketplace.needs import service as needs
from marketplace.needs.commands import AmendNeed
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.queries import fitting_needs
from marketplace.selection import queries as selections
from marketplace.selection import service as selection
from marketplace.selection.commands import GiveAward, RejectQuote
from marketplace.selection.models import Selection
from tests.marketplace.complaints.court import court
from tests.marketplace.frameworks.world import WHY, WRITTEN, Hall
from tests.marketplace.selection.test_ends import switch_on
from tests.marketplace.selection.world import WHY as REASON

S = FrameworkState
OTHER_TOWN = "441900004"
DEED = Ending("本单位今年的项目已经全部办完")


def refused(deed: Callable[[], Any]) -> DomainError:
    """Return what a deed is refused with."""
    with pytest.raises(DomainError) as found:
        deed()
    return found.value


def told(hall: Hall, org_id: int | None) -> list[str]:
    """Return the codes of what an organisation was told."""
    with hall.works.reading() as work:
        return list(work.session.scalars(select(Message.code).where(Message.org_id == org_id).order_by(Message.id)))


def protocol(hall: Hall, framework_id: int) -> dict[str, Any]:
    with hall.works.reading() as work:
        need_id = work.session.get_one(Framework, framework_id).need_id
        found = work.session.scalars(select(Selection).where(Selection.need_id == need_id)).one().protocol
    assert found is not None
    return found


def suspend(hall: Hall, place: int) -> None:
    """Take an agency off the shelf for a while."""
    with hall.works.writing(hall.market.world.city) as work:
        registration.suspend(work, hall.market.agents[place][1], "资质年检未通过，暂停承接")


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
    assert "framework-admitted" in told(hall, by_agency[lines[0]["agency_id"]])
    assert "framework-not-admitted" in told(hall, by_agency[lines[3]["agency_id"]])


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
    assert told(hall, hall.market.owner.org_id)[-1] == "framework-expired"


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


def test_a_whole_rotation_by_the_services(hall: Hall) -> None:
    """Four serve in turn; the second steps back and the third follows; the fourth is suspended and keeps its place."""
    framework_id = hall.in_force(500, 600, 700, 800, 990, wanted=4)
    first = hall.call(framework_id)
    assert hall.served_by(first.need_id) == 1
    award = hall.award(first.need_id)
    assert award is not None
    assert award.amount == Money.from_yuan(500)
    second = hall.call(framework_id)
    assert hall.served_by(second.need_id) == 2
    hall.decline(second.need_id)
    assert hall.served_by(second.need_id) == 3
    assert hall.waiting(framework_id) == [4, 1, 2, 3]
    fourth = hall.members(framework_id)[3]
    place = next(n for n, (_actor, agency_id) in enumerate(hall.market.agents) if agency_id == fourth.agency_id)
    suspend(hall, place)
    third = hall.call(framework_id)
    assert hall.served_by(third.need_id) == 1
    assert third.skipped[0]["member_id"] == fourth.id
    assert third.skipped[0]["lacks"][0]["code"] == "agency-not-listed"
    assert hall.waiting(framework_id) == [4, 2, 3, 1]
    with hall.works.writing(hall.market.world.city) as work:
        registration.resume(work, fourth.agency_id, "年检已经通过，恢复承接")
    assert hall.served_by(hall.call(framework_id).need_id) == 4
    with hall.works.reading() as work:
        declined = queries.declined_of(work.session, framework_id)
        assert [(call.number, award.decline_reason) for award, call, _name in declined] == [
            (2, "近期人手都在别的项目上")
        ]
        assert queries.spent(work.session, framework_id) == Money.from_yuan(500 + 700 + 500 + 800)


def test_a_rotation_all_step_back_from_comes_to_an_end(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 990)
    need_id = hall.call(framework_id).need_id
    hall.decline(need_id)
    hall.decline(need_id)
    assert (hall.need(need_id).state, hall.need(need_id).failed_reason) == (NeedState.FAILED, "winner-declined")
    with hall.works.reading() as work:
        assert queries.spent(work.session, framework_id) == Money(0)
    assert hall.served_by(hall.call(framework_id).need_id) == 1


def test_a_panel_of_one_serves_every_time(hall: Hall) -> None:
    framework_id = hall.in_force(500, 990)
    assert refused(lambda: hall.call(framework_id, town_code="000000")).code == "call-other-town"
    assert [hall.served_by(hall.call(framework_id).need_id) for _time in range(2)] == [1, 1]


def test_nobody_able_is_said_with_what_is_missing(hall: Hall) -> None:
    framework_id = hall.in_force(500, 990)
    place = next(n for n, (_a, one) in enumerate(hall.market.agents) if one == hall.members(framework_id)[0].agency_id)
    with hall.works.system() as work:
        held = work.session.scalars(
            select(Qualification).where(Qualification.agency_id == hall.market.agents[place][1])
        ).one()
        held.valid_to = beijing_day(hall.clock.now()) - timedelta(days=1)
        work.record(held, "test.expired")
    found = refused(lambda: hall.call(framework_id))
    assert found.code == "call-nobody-able"
    assert "到期" in str(found.facts["what"])
    with hall.works.reading() as work:
        assert queries.called(work.session, framework_id) == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"item_code": "DG-A-02"}, "call-other-item", "item_code"),
        ({"town_code": OTHER_TOWN}, "call-other-town", "town_code"),
        ({"quantity": Decimal(3)}, "call-above-total", "quantity"),
        ({"quantity": Decimal(0)}, "call-quantity", "quantity"),
    ],
)
def test_a_call_outside_the_agreement_is_refused(hall: Hall, changes: dict[str, Any], code: str, field: str) -> None:
    framework_id = hall.in_force(500, 600, 990, total=Money.from_yuan(1500), towns=("441900003",))
    found = refused(lambda: hall.call(framework_id, **changes))
    assert (found.code, found.facts["field"]) == (code, field)
    assert hall.call(framework_id, quantity=Decimal("2.5")).ceiling == Money.from_yuan(1500)
    left = refused(lambda: hall.call(framework_id))
    assert (left.code, left.facts["left"]) == ("call-above-total", Money.from_yuan(250))


def test_a_direct_choice_wants_a_reason_and_never_more_than_the_members_price(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 990, way=Way.DIRECT)
    member = hall.members(framework_id)[1]
    chosen = {"member_id": member.id, "reason": WHY}
    assert refused(lambda: hall.call(framework_id)).code == "call-member-unknown"
    assert refused(lambda: hall.call(framework_id, member_id=member.id)).code == "reason-too-short"
    above = refused(lambda: hall.call(framework_id, **chosen, amount=Money.from_yuan(601)))
    assert (above.code, above.facts["most"]) == ("call-above-price", Money.from_yuan(600))
    made = hall.call(framework_id, **chosen, amount=Money.from_yuan(550))
    award = hall.award(made.need_id)
    assert award is not None
    assert (award.agency_id, award.amount, award.reason) == (member.agency_id, Money.from_yuan(550), WHY)
    assert hall.award(hall.call(framework_id, **chosen).need_id).amount == Money.from_yuan(600)
    hall.decline(made.need_id)
    assert hall.need(made.need_id).state is NeedState.FAILED
    place = next(n for n, (_actor, one) in enumerate(hall.market.agents) if one == member.agency_id)
    suspend(hall, place)
    assert refused(lambda: hall.call(framework_id, **chosen)).code == "call-member-unfit"


def test_a_second_competition_is_for_members_alone_each_below_its_own_price(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 990, way=Way.PRICE)
    made = hall.call(framework_id)
    need = hall.need(made.need_id)
    assert (need.state, need.ceiling) == (NeedState.OPEN, Money.from_yuan(600))
    with hall.works.system() as work:
        selection.commit_draw(work, {"id": need.id})
        needs.tell_agencies(work, {"id": need.id})
    actors = [hall.agent(one.agency_id) for one in hall.members(framework_id)]
    outsider = next(actor for actor, _one in hall.market.agents if actor not in actors)
    assert "need-published" in told(hall, actors[0].org_id)
    assert told(hall, outsider.org_id).count("need-published") == 0
    with hall.works.reading() as work:
        assert need.id in [one.id for one in fitting_needs(work.session, actors[0].org_id or 0, work.clock.now(), 9)]
        assert fitting_needs(work.session, outsider.org_id or 0, work.clock.now(), 9) == []

    def quote(place: int, yuan: int) -> None:
        actor = outsider if place < 0 else actors[place]
        with hall.works.writing(actor) as work:
            quotes.submit(work, need.id, SubmitQuote(Money.from_yuan(yuan), None, 15, "按期完成"))

    assert refused(lambda: quote(-1, 100)).code == "not-admitted"
    above = refused(lambda: quote(0, 501))
    assert (above.code, above.facts["ceiling"]) == ("above-ceiling", Money.from_yuan(500))
    quote(0, 490)
    quote(1, 480)
    hall.market.close(need.id)
    with hall.works.reading() as work:
        cheapest = min(selections.opened_quotes(work.session, need.id), key=lambda one: one.amount or Money(0))
    hall.market.award(need.id, cheapest.id)
    assert hall.served_by(need.id) == 2
    hall.decline(need.id)
    assert hall.served_by(need.id) == 1


def test_a_tie_in_the_second_competition_is_drawn(hall: Hall) -> None:
    framework_id = hall.in_force(500, 500, 990, way=Way.PRICE)
    need_id = hall.call(framework_id).need_id
    with hall.works.system() as work:
        selection.commit_draw(work, {"id": need_id})
    for member in hall.members(framework_id):
        with hall.works.writing(hall.agent(member.agency_id)) as work:
            quotes.submit(work, need_id, SubmitQuote(Money.from_yuan(450), None, 15, "按期完成"))
    hall.market.close(need_id)
    with hall.works.reading() as work:
        found = selections.selection_of(work.session, need_id)
        assert found is not None
        weighing = selections.weigh(work.session, hall.need(need_id), found, beijing_day(hall.clock.now()))
    assert [str(line.decided_by) for line in weighing.lines] == ["None", "draw"]
    hall.market.award(need_id, weighing.lines[0].entrant.quote_id)
    assert hall.need(need_id).state is NeedState.AWARDED


def test_a_second_competition_on_merit_scores_and_one_nobody_answers_ends(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 990, way=Way.MERIT)
    first, second = hall.call(framework_id).need_id, hall.call(framework_id).need_id
    assert hall.need(first).criteria[0]["name"] == "价格"
    with hall.works.writing(hall.agent(hall.members(framework_id)[0].agency_id)) as work:
        quotes.submit(work, first, SubmitQuote(Money.from_yuan(450), None, 15, "按期完成"))
    for need_id in (first, second):
        with hall.works.system() as work:
            selection.commit_draw(work, {"id": need_id})
        hall.market.close(need_id)
    assert (hall.need(second).state, hall.need(second).failed_reason) == (NeedState.FAILED, "no-quotes")
    with hall.works.reading() as work:
        only = selections.opened_quotes(work.session, first)[0]
        found = selections.selection_of(work.session, first)
        assert found is not None
        weighing = selections.weigh(work.session, hall.need(first), found, beijing_day(hall.clock.now()))
    assert (only.state, weighing.missing) == (QuoteState.OPENED, 3)


def test_an_agency_leaves_with_a_cause_and_the_last_one_ends_the_framework(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 990)
    first, second = hall.members(framework_id)
    leave = Leave(Leaving.CAPACITY, "人手都安排在其他项目上了")
    with hall.works.writing(hall.agent(second.agency_id)) as work, pytest.raises(Forbidden):
        leaving.withdraw(work, first.id, leave)
    with hall.works.writing(hall.agent(first.agency_id)) as work:
        assert leaving.withdraw(work, first.id, leave).state is MemberState.WITHDRAWN
    assert hall.waiting(framework_id) == [2]
    assert told(hall, hall.market.owner.org_id)[-1] == "framework-member-left"
    with hall.works.writing(hall.agent(first.agency_id)) as work, pytest.raises(Conflict, match="wrong-state"):
        leaving.withdraw(work, first.id, leave)
    with hall.works.writing(hall.market.owner) as work:
        leaving.remove(work, second.id, Remove(Removal.REFUSED, "三次轮到都没有说明理由就不承接"))
    row = hall.framework(framework_id)
    assert (row.state, row.end_reason) == (S.CLOSED, publicity.NOBODY_LEFT)
    assert "framework-member-removed" in told(hall, hall.agent(second.agency_id).org_id)
    assert refused(lambda: hall.call(framework_id)).code == "call-not-in-force"


def test_who_left_is_not_the_heir_of_a_call_that_was_under_way(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 700, 990)
    second = hall.members(framework_id)[1]
    need_id = hall.call(framework_id).need_id
    with hall.works.writing(hall.agent(second.agency_id)) as work:
        leaving.withdraw(work, second.id, Leave(Leaving.CLOSING, "本机构今后不再做这项服务"))
    hall.decline(need_id)
    assert hall.served_by(need_id) == 3
    with hall.works.reading() as work:
        found = selections.selection_of(work.session, need_id)
        assert found is not None
        assert found.protocol is not None
        assert ["membership-over"] in [[fault["code"] for fault in line["faults"]] for line in found.protocol["lines"]]


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


def test_closing_early_leaves_what_was_called_off_alone(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 990)
    need_id = hall.call(framework_id).need_id
    with hall.works.writing(hall.market.owner) as work, pytest.raises(Invalid):
        publicity.close(work, framework_id, Ending("不要了"))
    with hall.works.writing(hall.market.owner) as work:
        publicity.close(work, framework_id, DEED)
    assert (hall.framework(framework_id).state, hall.need(need_id).state) == (S.CLOSED, NeedState.AWARDED)
    with hall.works.writing(hall.agent(hall.members(framework_id)[0].agency_id)) as work, pytest.raises(Conflict):
        leaving.withdraw(work, hall.members(framework_id)[0].id, Leave(Leaving.OTHER, "协议已经结束了还想退出"))


def test_another_enterprise_calls_nothing_off(hall: Hall) -> None:
    framework_id = hall.in_force(500, 990)
    with hall.works.writing(hall.agent(hall.members(framework_id)[0].agency_id)) as work, pytest.raises(Forbidden):
        calling.call(work, framework_id, CallOffFrom("某项目", "投资 8000 万元"))


def test_an_accepted_complaint_suspends_the_panel_and_one_upheld_ends_it(hall: Hall) -> None:
    hearing = court(hall.market)
    framework_id = hall.admitted(700, 800, 900)
    need_id = hall.need_of(framework_id).id
    place = next(
        n for n, (_actor, one) in enumerate(hall.market.agents)
        if one not in {member.agency_id for member in hall.members(framework_id)}
    )  # fmt: skip
    filed = hearing.file(need_id, place=place)
    row = hall.framework(framework_id)
    assert row.confirm_at is not None
    assert row.publicity_until is not None
    assert row.confirm_at > row.publicity_until
    hearing.accepted(filed.id)
    assert hall.framework(framework_id).state is S.SUSPENDED
    hearing.decided(filed.id, remedy=Remedy.RERUN)
    hearing.until(hearing.now(filed.id).appeal_by)
    row = hall.framework(framework_id)
    assert (row.state, hall.need(need_id).state) == (S.FAILED, NeedState.FAILED)
    assert hearing.now(filed.id).remedy_note == "done"
    assert "framework-annulled" in told(hall, hall.market.owner.org_id)


def test_a_complaint_dismissed_lets_the_panel_come_into_force(hall: Hall) -> None:
    hearing = court(hall.market)
    framework_id = hall.admitted(700, 800, 900)
    place = next(
        n for n, (_actor, one) in enumerate(hall.market.agents)
        if one not in {member.agency_id for member in hall.members(framework_id)}
    )  # fmt: skip
    filed = hearing.file(hall.need_of(framework_id).id, place=place)
    hearing.accepted(filed.id)
    hearing.decided(filed.id, "dismiss")
    hearing.until(hearing.now(filed.id).appeal_by)
    assert hall.framework(framework_id).state is S.IN_FORCE


def test_a_suspension_ends_by_itself(hall: Hall) -> None:
    framework_id = hall.admitted(700, 800, 900)
    with hall.works.system() as work:
        publicity.suspend(work, service.locked(work, framework_id))
    row = hall.framework(framework_id)
    assert (row.state, row.suspended_until is not None) == (S.SUSPENDED, True)
    assert row.suspended_until is not None
    hall.clock.instant = row.suspended_until
    hall.due()
    assert hall.framework(framework_id).state is S.IN_FORCE


def test_a_framework_of_discounts_is_called_off_from_the_benchmark_of_each_call(hall: Hall) -> None:
    fee = {"service": "proposal", "investment": "3200万", "industry": "building"}
    framework_id = hall.published(quoting="discount", unit="", ceiling=None, fee_inputs=fee)
    need_id = hall.need_of(framework_id).id
    for place, rate in enumerate(("0.2", "0.3", "0.1")):
        while len(hall.market.agents) <= place:
            hall.market.agency()
        with hall.works.writing(hall.market.agents[place][0]) as work:
            quotes.submit(work, need_id, SubmitQuote(None, Decimal(rate), 15, "按期完成"))
    hall.market.close(need_id)
    with hall.works.writing(hall.market.owner) as work:
        admitting.admit(work, framework_id, Admit())
    assert [one.discount_rate for one in hall.members(framework_id)] == [Decimal("0.3"), Decimal("0.2")]
    confirm_at = hall.framework(framework_id).confirm_at
    assert confirm_at is not None
    hall.clock.instant = confirm_at
    hall.due()
    assert refused(lambda: hall.call(framework_id)).code == "call-no-benchmark"
    made = hall.call(framework_id, fee_inputs=fee)
    need, award = hall.need(made.need_id), hall.award(made.need_id)
    assert need.benchmark_base is not None
    assert award is not None
    assert award.amount == need.benchmark_base.times(Decimal("0.7"))


def test_every_step_of_a_framework_is_in_the_record(hall: Hall) -> None:
    framework_id = hall.in_force(500, 990)
    hall.call(framework_id)
    with hall.works.reading() as work:
        query = select(AuditLeaf.verb).where(AuditLeaf.kind == "framework", AuditLeaf.object_id == framework_id)
        verbs = list(work.session.scalars(query.order_by(AuditLeaf.seq)))
        assert verbs == [
            "framework.created", "framework.publish", "framework.admit", "framework.confirm", "framework.called",
        ]  # fmt: skip
        assert work.session.scalars(select(Agency.id)).first()
