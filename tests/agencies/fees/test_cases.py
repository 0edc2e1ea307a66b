"""Fee cases from the finding to the decision: service and rights."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.models import Message
from agencies.fees import appeals, evidence, queries, service
from agencies.fees.lifecycle import FEE_CASE, CaseState
from agencies.fees.models import FeeCase
from agencies.fees.permissions import POLICY
from agencies.fees.queries import CaseAsk
from core import deadlines
from core.access import ANONYMOUS, SYSTEM, Actor, MemberRole, OrgKind, allows
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from marketplace.contracts.lifecycle import CONTRACT
from marketplace.needs.events import DEADLINE_MOVED
from marketplace.needs.lifecycle import NEED
from marketplace.quotes.lifecycle import QUOTE
from tests.agencies.fees.conftest import Market
from tests.agencies.registration.world import OTHER_TOWN

WORDS = "超出部分是业主追加的范围"


def state_of(market: Market, case_id: int) -> CaseState:
    with market.works.reading() as work:
        return queries.case_by_id(work.session, case_id).state


def reply(market: Market, case_id: int) -> None:
    with market.works.writing(market.agency) as work:
        service.reply(work, case_id, WORDS)


def test_a_case_asks_the_agency_within_five_working_days(market: Market, clock: FixedClock) -> None:
    case = market.case()
    assert case.state is CaseState.OPEN
    assert case.due_at.isoformat() == "2026-03-25T09:00:00+00:00"
    with market.works.reading() as work:
        due = work.session.scalars(select(deadlines.Deadline).where(deadlines.Deadline.kind == service.REPLY)).one()
        told = work.session.scalars(select(Message).where(Message.code == "fee-case-opened")).one()
    assert (due.object_id, due.due_at) == (case.id, case.due_at)
    assert (told.org_id, told.is_todo, told.due_at) == (market.agency.org_id, True, case.due_at)


def test_the_same_finding_opens_one_case(market: Market) -> None:
    first = market.case()
    again = market.case(found=Money(1_300_000))
    assert again.id == first.id
    assert again.found == Money(1_300_000)
    assert market.case(object_id=2).id != first.id


def test_what_was_replied_to_is_not_changed_behind_the_agency(market: Market) -> None:
    case = market.case()
    reply(market, case.id)
    assert market.case(found=Money(1_300_000)).found == Money(1_200_000)


def test_a_price_within_its_limit_opens_no_case(market: Market) -> None:
    with pytest.raises(Invalid, match="case-not-above"):
        market.case(found=Money(1_000_000))


def test_a_reply_ends_the_deadline_and_the_task(market: Market, clock: FixedClock) -> None:
    case = market.case()
    reply(market, case.id)
    assert state_of(market, case.id) is CaseState.REPLIED
    clock.instant = case.due_at + timedelta(hours=1)
    assert deadlines.run_due(market.works, {service.REPLY: service.reply_overdue}) == 0
    with market.works.reading() as work:
        told = work.session.scalars(select(Message).where(Message.code == "fee-case-opened")).one()
    assert told.done_at is not None


def test_nobody_is_found_at_fault_unheard(market: Market, clock: FixedClock) -> None:
    case = market.case()
    with pytest.raises(Conflict, match="case-reply-awaited"), market.works.writing(market.regulator) as work:
        service.uphold(work, case.id, WORDS)
    clock.instant = case.due_at
    with market.works.writing(market.regulator) as work:
        service.uphold(work, case.id, WORDS)
    assert state_of(market, case.id) is CaseState.UPHELD


def test_a_case_may_be_dismissed_before_the_reply(market: Market) -> None:
    case = market.case()
    with market.works.writing(market.regulator) as work:
        service.dismiss(work, case.id, WORDS)
    assert state_of(market, case.id) is CaseState.DISMISSED
    with market.works.reading(market.agency) as work:
        seen = queries.cases_page(work.session, work.actor)
        told = work.session.scalars(select(Message.code).where(Message.org_id == market.agency.org_id)).all()
    assert [one.id for one in seen.items] == [case.id]
    assert "fee-case-dismissed" in told


def test_a_decided_case_takes_no_reply_and_no_second_decision(market: Market) -> None:
    case = market.case()
    with market.works.writing(market.regulator) as work:
        service.dismiss(work, case.id, WORDS)
    with pytest.raises(Conflict, match="wrong-state"):
        reply(market, case.id)
    with pytest.raises(Conflict, match="wrong-state"), market.works.writing(market.regulator) as work:
        service.uphold(work, case.id, WORDS)


def test_a_reason_must_say_something(market: Market) -> None:
    case = market.case()
    with pytest.raises(Invalid, match="case-text-too-short"), market.works.writing(market.regulator) as work:
        service.dismiss(work, case.id, "不成立")


def test_silence_is_recorded_and_told_to_the_regulator(market: Market, clock: FixedClock) -> None:
    case = market.case()
    clock.instant = case.due_at
    assert deadlines.run_due(market.works, {service.REPLY: service.reply_overdue}) == 1
    with market.works.reading() as work:
        leaves = work.session.scalars(select(AuditLeaf.verb).where(AuditLeaf.kind == "fee_case")).all()
        told = work.session.scalars(select(Message.code).where(Message.org_id == market.regulator.org_id)).all()
    assert "fee_case.reply_overdue" in leaves
    assert "fee-case-unanswered" in told


def test_only_the_regulator_decides_and_only_the_agency_replies(market: Market) -> None:
    case = market.case()
    stranger, _agency_id = market.world.agency()
    for actor in (market.enterprise, market.world.city, market.world.town, stranger, market.regulator):
        with pytest.raises(Forbidden), market.works.writing(actor) as work:
            service.reply(work, case.id, WORDS)
    for actor in (market.enterprise, market.world.city, market.world.town, market.agency):
        with pytest.raises(Forbidden), market.works.writing(actor) as work:
            service.dismiss(work, case.id, WORDS)


def test_the_list_shows_just_what_may_be_read(market: Market) -> None:
    other, other_id = market.world.listed(town=None)
    market.case(1)
    market.case(2, town_code=OTHER_TOWN)
    market.case(3, agency_id=other_id)
    readers = [
        ANONYMOUS, SYSTEM, market.regulator, market.enterprise, market.agency, other, market.world.city,
        market.world.town, market.world.other_town, Actor(9, 99, OrgKind.ADMINISTRATION, MemberRole.READER),
        Actor(9, 99, OrgKind.DEPARTMENT, MemberRole.READER), Actor(9, None, OrgKind.AGENCY, MemberRole.READER),
        Actor(9, 98, OrgKind.TOWN_OPERATOR, MemberRole.READER, None),
    ]  # fmt: skip
    seen: list[int] = []
    with market.works.reading() as work:
        every = work.session.scalars(select(FeeCase)).all()
        for actor in readers:
            listed = set(work.session.scalars(select(FeeCase.id).where(queries.visible_cases(actor))))
            assert listed == {one.id for one in every if allows(POLICY, "fee_case:read", actor, one)}
            seen.append(len(listed))
    assert seen == [0, 3, 3, 0, 2, 1, 3, 2, 1, 3, 0, 0, 0]


def test_answered_cases_stand_before_those_that_wait(market: Market) -> None:
    first, second = market.case(1), market.case(2)
    reply(market, second.id)
    with market.works.reading() as work:
        queue = queries.case_queue(work.session, market.regulator)
    assert [one.id for one in queue] == [second.id, first.id]


def test_the_queue_begins_with_what_is_most_at_stake(market: Market) -> None:
    small, large = market.case(1), market.case(2, found=Money(9_000_000))
    with market.works.reading() as work:
        first = [one.id for one in queries.ranked_cases(work.session, market.regulator, CaseAsk())]
        oldest = [one.id for one in queries.ranked_cases(work.session, market.regulator, CaseAsk(order="age"))]
        rest = queries.ranked_cases(work.session, market.regulator, CaseAsk(), skip=1, limit=1)
    assert first == [large.id, small.id]
    assert oldest == [small.id, large.id]
    assert [one.id for one in rest] == [small.id]


def test_an_appealed_case_waits_and_is_not_closed(market: Market) -> None:
    case = market.case()
    with market.works.writing(market.regulator) as work:
        service.dismiss(work, case.id, WORDS)
    with market.works.writing(market.world.city) as work:
        appeals.appeal(work, case.id, WORDS)
    with market.works.reading() as work:
        waiting = queries.cases_page(work.session, market.regulator, decided=False)
        closed = queries.cases_page(work.session, market.regulator, decided=True)
    assert [one.id for one in waiting.items] == [case.id]
    assert list(closed.items) == []


def test_every_step_around_a_case_is_told_in_words() -> None:
    steps = [f"{life.name}.{move.verb}" for life in (NEED, QUOTE, CONTRACT, FEE_CASE) for move in life.moves]
    recorded = ["contract.signed-by-one", "contract.contract-not-signed", "contract.result-late", "need.edited",
                DEADLINE_MOVED, "need.created", "quote.submitted", "contract.drafted", "fee_case.final"]  # fmt: skip
    assert [step for step in [*steps, *recorded] if step not in evidence.TOLD] == []
