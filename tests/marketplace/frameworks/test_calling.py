"""Calling off from a framework: in turn, by direct choice, by a second competition, and never outside the agreement."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from agencies.registration import service as registration
from agencies.registration.models import Agency, Qualification
from core.audit import AuditLeaf
from core.clock import beijing_day
from core.errors import Forbidden
from core.money import Money
from marketplace.frameworks import admitting, calling, queries
from marketplace.frameworks.commands import Admit, CallOffFrom
from marketplace.frameworks.lifecycle import Way
from marketplace.needs import service as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes import service as quotes
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.queries import fitting_needs
from marketplace.selection import queries as selections
from marketplace.selection import service as selection
from tests.marketplace.frameworks.world import WHY, Hall, refused

OTHER_TOWN = "441900004"


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
    hall.suspend(fourth.agency_id)
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
        assert queries.spent(queries.called(work.session, framework_id)) == Money.from_yuan(500 + 700 + 500 + 800)


def test_a_rotation_all_step_back_from_comes_to_an_end(hall: Hall) -> None:
    framework_id = hall.in_force(500, 600, 990)
    need_id = hall.call(framework_id).need_id
    hall.decline(need_id)
    hall.decline(need_id)
    assert (hall.need(need_id).state, hall.need(need_id).failed_reason) == (NeedState.FAILED, "winner-declined")
    with hall.works.reading() as work:
        assert queries.spent(queries.called(work.session, framework_id)) == Money(0)
    assert hall.served_by(hall.call(framework_id).need_id) == 1


def test_a_panel_of_one_serves_every_time(hall: Hall) -> None:
    framework_id = hall.in_force(500, 990)
    assert refused(lambda: hall.call(framework_id, town_code="000000")).code == "call-other-town"
    assert [hall.served_by(hall.call(framework_id).need_id) for _time in range(2)] == [1, 1]


def test_nobody_able_is_said_with_what_is_missing(hall: Hall) -> None:
    framework_id = hall.in_force(500, 990)
    agency_id = hall.members(framework_id)[0].agency_id
    with hall.works.system() as work:
        held = work.session.scalars(select(Qualification).where(Qualification.agency_id == agency_id)).one()
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
    assert (left.code, left.facts["left"]) == ("call-above-total", Money(0))


def test_the_total_holds_though_a_call_passes_on_to_a_dearer_member(hall: Hall) -> None:
    framework_id = hall.in_force(500, 900, 990, total=Money.from_yuan(1500))
    first = hall.call(framework_id)
    refusal = refused(lambda: hall.call(framework_id))
    assert (refusal.code, refusal.facts["left"]) == ("call-above-total", Money.from_yuan(600))
    hall.decline(first.need_id)
    with hall.works.reading() as work:
        assert queries.spent(queries.called(work.session, framework_id)) == Money.from_yuan(900)


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
    hall.suspend(member.agency_id)
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
    assert "need-published" in hall.market.told(actors[0].org_id)
    assert hall.market.told(outsider.org_id).count("need-published") == 0
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


def test_another_enterprise_calls_nothing_off(hall: Hall) -> None:
    framework_id = hall.in_force(500, 990)
    with hall.works.writing(hall.agent(hall.members(framework_id)[0].agency_id)) as work, pytest.raises(Forbidden):
        calling.call(work, framework_id, CallOffFrom("某项目", "投资 8000 万元"))


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
