"""The operator's side: verdicts, one correction list, acceptance and gaps, silence, leaving the shelf."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import Message
from agencies.registration import queries, review, service
from agencies.registration.commands import MaterialVerdict
from agencies.registration.lifecycle import RegistrationState as S
from agencies.registration.lifecycle import Verdict
from agencies.registration.models import Agency, Material
from core.access import Actor, MemberRole, OrgKind
from core.audit import AuditLeaf
from core.clock import FixedClock
from core.deadlines import run_due
from core.errors import Conflict, Forbidden, Invalid
from tests.agencies.registration.world import World

LICENCE, INSURANCE = "business-licence", "delegate-social-insurance"
WRONG = MaterialVerdict(LICENCE, Verdict.TO_CORRECT, ("incomplete-pages",), "缺副本背面")
HANDLERS = {review.REVIEW: service.deem_accepted, review.GAPS: service.gaps_due}


def promised(day: date = date(2026, 4, 8)) -> MaterialVerdict:
    return MaterialVerdict(INSURANCE, Verdict.PROMISED, promised_on=day)


def agency_of(world: World, agency_id: int) -> Agency:
    with world.works.reading() as work:
        return queries.agency_by_id(work.session, agency_id)


def judge(world: World, agency_id: int, **special: MaterialVerdict) -> None:
    with world.works.writing(world.town) as work:
        service.judge(work, agency_id, world.verdicts(agency_id, **special))


def returned(world: World) -> tuple[Actor, int]:
    actor, agency_id = world.submitted()
    judge(world, agency_id, business_licence=WRONG)
    with world.works.writing(world.town) as work:
        service.send_back(work, agency_id)
    return actor, agency_id


def resubmitted(world: World) -> tuple[Actor, int]:
    actor, agency_id = returned(world)
    with world.works.writing(actor) as work:
        service.give_material(work, agency_id, LICENCE, statement="已补背面")
        service.submit(work, agency_id)
    return actor, agency_id


def test_an_operator_sees_only_its_town_and_the_city_sees_all(world: World) -> None:
    _here, here = world.submitted()
    _outside, outside = world.submitted(town=None)
    with world.works.reading() as work:
        assert [one.id for one in queries.review_queue(work.session, world.town)] == [here]
        assert queries.review_queue(work.session, world.other_town) == []
        assert {one.id for one in queries.review_queue(work.session, world.city)} == {here, outside}
        assert queries.review_queue(work.session, world.reader) == []


def test_another_town_may_not_judge(world: World) -> None:
    actor, agency_id = world.submitted()
    for stranger in (world.other_town, world.reader, actor):
        with world.works.writing(stranger) as work, pytest.raises(Forbidden):
            service.judge(work, agency_id, [WRONG])


@pytest.mark.parametrize("act", [service.send_back, service.accept, service.accept_with_gaps])
def test_nothing_is_sent_before_every_material_has_its_verdict(world: World, act: Callable[..., Any]) -> None:
    _actor, agency_id = world.submitted()
    with world.works.writing(world.town) as work:
        service.judge(work, agency_id, [WRONG])
    with world.works.writing(world.town) as work, pytest.raises(Conflict) as refusal:
        act(work, agency_id)
    assert refusal.value.code == "verdicts-missing"
    assert refusal.value.facts["count"] == len(world.asked(agency_id)) - 1


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (MaterialVerdict(LICENCE, Verdict.TO_CORRECT), "reason-missing"),
        (MaterialVerdict(LICENCE, Verdict.TO_CORRECT, ("not-sealed",)), "reason-unknown"),
        (MaterialVerdict(LICENCE, Verdict.PROMISED, promised_on=date(2026, 4, 1)), "promise-key"),
        (MaterialVerdict(INSURANCE, Verdict.PROMISED), "promise-day"),
        (promised(date(2026, 3, 18)), "promise-day"),
        (promised(date(2026, 6, 17)), "promise-day"),
    ],
)
def test_a_verdict_says_why_and_promises_only_what_may_wait(world: World, verdict: MaterialVerdict, code: str) -> None:
    _actor, agency_id = world.submitted()
    with world.works.writing(world.town) as work, pytest.raises(Invalid) as refusal:
        service.judge(work, agency_id, [verdict])
    assert refusal.value.code == code


def test_one_list_says_everything_and_only_that_is_answered(world: World) -> None:
    actor, agency_id = returned(world)
    with world.works.reading() as work:
        notice = queries.notices_of(work.session, agency_id)[0]
        told = work.session.scalars(select(Message).where(Message.org_id == actor.org_id)).one()
        waiting = work.session.scalars(select(Message).where(Message.org_id == world.town.org_id)).one()
    assert notice.items == [{"material": LICENCE, "reasons": ["incomplete-pages"], "note": "缺副本背面"}]
    assert (told.code, told.is_todo) == ("registration-returned", True)
    assert waiting.done_at is not None
    with world.works.writing(actor) as work:
        with pytest.raises(Conflict) as refusal:
            service.give_material(work, agency_id, INSURANCE, statement="再交一次")
        assert refusal.value.code == "material-passed"
        with pytest.raises(Conflict) as refusal:
            service.submit(work, agency_id)
        assert refusal.value.facts["missing"] == ["correction-unanswered"]


def test_an_answer_starts_a_new_clock_and_closes_the_list(world: World, clock: FixedClock) -> None:
    actor, agency_id = returned(world)
    clock.advance(timedelta(days=20))
    assert run_due(world.works, HANDLERS) == 0
    with world.works.writing(actor) as work:
        service.give_material(work, agency_id, LICENCE, statement="已补背面")
        service.submit(work, agency_id)
    agency = agency_of(world, agency_id)
    assert agency.state is S.SUBMITTED
    assert agency.due_at > clock.now()
    with world.works.reading() as work:
        assert queries.notices_of(work.session, agency_id)[0].answered_at == clock.now()
        verdicts = {row.key: row.verdict for row in work.session.scalars(select(Material))}
    assert verdicts.pop(LICENCE) is Verdict.PENDING
    assert set(verdicts.values()) == {Verdict.PASSED}


def test_a_second_list_needs_a_supervisor_and_a_reason_and_is_counted(world: World) -> None:
    _actor, agency_id = resubmitted(world)
    judge(world, agency_id, business_licence=WRONG)
    with world.works.writing(world.town) as work, pytest.raises(Invalid) as refusal:
        service.send_back(work, agency_id)
    assert refusal.value.code == "supervisor-reason"
    clerk = replace(world.town, role=MemberRole.DELEGATE)
    with world.works.writing(clerk) as work, pytest.raises(Forbidden):
        service.send_back(work, agency_id, "上次漏看了背面")
    with world.works.writing(world.town) as work:
        notice = service.send_back(work, agency_id, "上次漏看了背面")
    assert (notice.number, notice.supervisor_reason) == (2, "上次漏看了背面")
    assert agency_of(world, agency_id).corrections_n == 2


def test_a_list_without_anything_to_correct_is_not_sent(world: World) -> None:
    _actor, agency_id = world.submitted()
    judge(world, agency_id)
    with world.works.writing(world.town) as work, pytest.raises(Conflict) as refusal:
        service.send_back(work, agency_id)
    assert refusal.value.code == "nothing-to-correct"


def test_acceptance_lists_the_agency_at_once(world: World, clock: FixedClock) -> None:
    _actor, agency_id = world.listed()
    agency = agency_of(world, agency_id)
    assert (agency.state, agency.listed_at, agency.deemed) == (S.LISTED, clock.now(), False)
    with world.works.reading() as work:
        assert all(row.verified_at for row in queries.qualifications_of(work.session, agency_id))
        assert "registration.accept" in set(work.session.scalars(select(AuditLeaf.verb)))


def test_acceptance_needs_every_material_to_pass(world: World) -> None:
    _actor, agency_id = world.submitted()
    judge(world, agency_id, delegate_social_insurance=promised())
    with world.works.writing(world.town) as work, pytest.raises(Conflict) as refusal:
        service.accept(work, agency_id)
    assert refusal.value.code == "not-all-passed"


def test_gaps_need_a_promise_and_nothing_to_correct(world: World) -> None:
    _actor, agency_id = world.submitted()
    judge(world, agency_id)
    with world.works.writing(world.town) as work, pytest.raises(Conflict) as refusal:
        service.accept_with_gaps(work, agency_id)
    assert refusal.value.code == "no-gap-promised"
    judge(world, agency_id, delegate_social_insurance=promised(), business_licence=WRONG)
    with world.works.writing(world.town) as work, pytest.raises(Conflict) as refusal:
        service.accept_with_gaps(work, agency_id)
    assert refusal.value.code == "not-all-passed"


def with_gaps(world: World) -> tuple[Actor, int]:
    actor, agency_id = world.submitted()
    judge(world, agency_id, delegate_social_insurance=promised())
    with world.works.writing(world.town) as work:
        service.accept_with_gaps(work, agency_id)
    return actor, agency_id


def test_an_agency_with_gaps_is_on_the_shelf_and_closes_them(world: World) -> None:
    actor, agency_id = with_gaps(world)
    with world.works.reading() as work:
        assert queries.eligible(work.session, agency_id, "DG-A-02", date(2026, 3, 19)).ok
        assert [one.id for one in queries.gap_queue(work.session, world.town)] == [agency_id]
    with world.works.writing(world.town) as work, pytest.raises(Conflict) as refusal:
        service.close_gaps(work, agency_id)
    assert refusal.value.code == "gap-open"
    with world.works.writing(actor) as work:
        service.give_material(work, agency_id, INSURANCE, statement="社保已缴满三个月，可查")
    with world.works.writing(world.town) as work:
        service.close_gaps(work, agency_id)
    assert agency_of(world, agency_id).state is S.LISTED


def test_a_promise_not_kept_suspends(world: World, clock: FixedClock) -> None:
    actor, agency_id = with_gaps(world)
    clock.advance(timedelta(days=20))
    assert run_due(world.works, HANDLERS) == 1
    with world.works.reading() as work:
        told = work.session.scalars(select(Message.code).where(Message.org_id == actor.org_id)).all()
    assert told[-1] == "registration-promise-near"
    assert agency_of(world, agency_id).state is S.LISTED_WITH_GAPS
    clock.advance(timedelta(days=2))
    assert run_due(world.works, HANDLERS) == 1
    agency = agency_of(world, agency_id)
    assert agency.state is S.SUSPENDED
    assert agency.closing_reason


def test_a_promise_kept_but_not_yet_read_costs_nothing(world: World, clock: FixedClock) -> None:
    actor, agency_id = with_gaps(world)
    with world.works.writing(actor) as work:
        service.give_material(work, agency_id, INSURANCE, statement="已缴")
    clock.advance(timedelta(days=22))
    run_due(world.works, HANDLERS)
    assert agency_of(world, agency_id).state is S.LISTED_WITH_GAPS


def test_silence_for_five_working_days_counts_as_acceptance(world: World, clock: FixedClock) -> None:
    _actor, agency_id = world.submitted()
    clock.advance(agency_of(world, agency_id).due_at - clock.now() - timedelta(seconds=1))
    assert run_due(world.works, HANDLERS) == 0
    clock.advance(timedelta(seconds=1))
    assert run_due(world.works, HANDLERS) == 1
    agency = agency_of(world, agency_id)
    assert (agency.state, agency.deemed, agency.listed_at) == (S.LISTED, True, clock.now())
    with world.works.reading() as work:
        leaf = work.session.scalars(select(AuditLeaf).where(AuditLeaf.verb == "registration.accept")).one()
        assert (leaf.role, leaf.facts) == ("system", {"deemed": True})
        assert queries.eligible(work.session, agency_id, "DG-A-02", date(2026, 4, 1)).ok


def test_the_deadline_does_nothing_to_a_registration_already_judged(world: World, clock: FixedClock) -> None:
    _actor, agency_id = returned(world)
    clock.advance(timedelta(days=30))
    with world.works.system() as work:
        service.deem_accepted(work, agency_id)
    assert agency_of(world, agency_id).state is S.RETURNED


def test_only_the_city_takes_an_agency_off_the_shelf_and_says_why(world: World) -> None:
    actor, agency_id = world.listed()
    for stranger in (actor, world.town, world.reader):
        with world.works.writing(stranger) as work, pytest.raises(Forbidden):
            service.suspend(work, agency_id, "多次失联")
    with world.works.writing(world.city) as work, pytest.raises(Invalid) as refusal:
        service.suspend(work, agency_id, " ")
    assert refusal.value.code == "closing-reason"
    administration = world.actor(OrgKind.ADMINISTRATION, "市政务和数据局", None)
    for who, act, state in (
        (world.city, service.suspend, S.SUSPENDED),
        (administration, service.resume, S.LISTED),
        (administration, service.remove, S.REMOVED),
    ):
        with world.works.writing(who) as work:
            assert act(work, agency_id, "多次失联").state is state
    with world.works.reading() as work:
        assert queries.eligible(work.session, agency_id, "DG-A-02", date(2026, 4, 1)).missing == ("agency-not-listed",)
