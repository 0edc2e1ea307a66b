"""Complaints heard and decided: what follows an upheld one, appeals, another officer, who sees what."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from agencies.registration import service as registration
from core.access import SYSTEM, Actor, MemberRole, allows
from core.audit import AuditLeaf
from core.clock import beijing_day
from core.errors import Conflict, Forbidden, Invalid
from core.work import Work
from core.workdays import add_workdays, close_of
from marketplace.complaints import deciding, grounds, queries, service
from marketplace.complaints.commands import DecideComplaint
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Aspect, ComplaintState, Remedy, Subject
from marketplace.complaints.models import Complaint
from marketplace.complaints.permissions import POLICY
from marketplace.contracts import queries as contracts
from marketplace.contracts import service as contracting
from marketplace.contracts.commands import SignContract
from marketplace.contracts.lifecycle import ContractState
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes.lifecycle import QuoteState
from marketplace.selection import service as selection
from marketplace.selection.commands import RejectQuote
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.queries import opened_quotes
from tests.marketplace.complaints.court import PERSON, PHONE, WHY, Court, after_own, before, evidence, wrongs

S = ComplaintState


def test_the_other_side_is_heard_before_anything_is_decided(hall: Court) -> None:
    need_id, _award = hall.awarded()
    row = hall.file(need_id)
    with pytest.raises(Forbidden):
        hall.act(hall.market.owner, deciding.reply, row.id, WHY)
    hall.accepted(row.id)
    assert "complaint-to-reply" in hall.told(hall.market.owner)
    command = DecideComplaint("dismiss", WHY)
    with pytest.raises(Conflict, match="wrong-state"):
        hall.act(hall.city, deciding.decide, row.id, command)
    hall.act(hall.market.owner, deciding.reply, row.id, WHY, [evidence("答复.pdf")])
    assert hall.now(row.id).state is S.HEARD
    hall.act(hall.city, deciding.decide, row.id, command)
    assert (hall.now(row.id).state, hall.award(need_id).state) == (S.DISMISSED, AwardState.PROVISIONAL)


def test_upheld_the_next_in_rank_follows_when_the_decision_is_final(hall: Court) -> None:
    need_id, award = hall.awarded(100, 200, 300)
    row = hall.accepted(hall.file(need_id).id)
    done = hall.decided(row.id, remedy=Remedy.NEXT)
    assert done.state is S.UPHELD
    assert hall.award(need_id).suspended_until == after_own(done.appeal_by)
    assert "complaint-upheld" in hall.told(hall.market.agents[0][0])
    hall.until(done.appeal_by)
    given = hall.award(need_id)
    assert (given.id == award.id, given.rank, given.state) == (False, 1, AwardState.PROVISIONAL)
    assert given.agency_id == hall.market.agents[1][1]
    assert "award-annulled" in hall.told(hall.market.agents[0][0])
    assert hall.now(row.id).remedy_note == "done"
    with hall.market.works.reading() as work:
        assert contracts.contract_of_award(work.session, award.id).state is ContractState.TERMINATED
        assert contracts.contract_of_award(work.session, given.id).state is ContractState.DRAFTED
    hall.until(given.publicity_until)
    assert hall.award(need_id).state is AwardState.CONFIRMED


@pytest.mark.parametrize(("remedy", "state"), [(Remedy.RERUN, NeedState.FAILED), (Remedy.ANNUL, NeedState.SELECTING)])
def test_upheld_the_purchase_runs_again_or_the_enterprise_chooses_anew(
    hall: Court, remedy: Remedy, state: NeedState
) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    row = hall.accepted(hall.file(need_id).id)
    hall.until(hall.decided(row.id, remedy=remedy).appeal_by)
    assert (hall.need(need_id).state, hall.award(need_id)) == (state, None)
    if state is NeedState.FAILED:
        assert hall.need(need_id).failed_reason == "complaint-upheld"
        return
    with hall.market.works.reading() as work:
        second = opened_quotes(work.session, need_id)[1].id
    assert hall.market.award(need_id, second).rank == 1


def test_whoever_lost_to_an_annulled_award_is_weighed_again_and_may_be_found_invalid(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    row = hall.accepted(hall.file(need_id).id)
    hall.until(hall.decided(row.id, remedy=Remedy.ANNUL).appeal_by)
    with hall.market.works.reading() as work:
        quotes = {str(one.state): one.id for one in opened_quotes(work.session, need_id)}
        assert sorted(str(one.state) for one in opened_quotes(work.session, need_id)) == ["invalid", "opened", "opened"]
    hall.act(hall.market.owner, selection.reject, need_id, RejectQuote(quotes["opened"], WHY))
    with hall.market.works.reading() as work:
        last = [one.id for one in opened_quotes(work.session, need_id) if one.state is QuoteState.OPENED]
    assert hall.market.award(need_id, last[0]).rank == 1


def test_a_notice_found_wrong_is_written_anew(hall: Court) -> None:
    late = close_of(add_workdays(beijing_day(hall.market.clock.now()), 40))
    need_id = hall.market.publish(closes_at=late)
    hall.market.agency()
    row = hall.file(need_id, place=0, aspect=Aspect.NOTICE)
    hall.accepted(row.id)
    hall.until(hall.decided(row.id, remedy=Remedy.CORRECT_NOTICE).appeal_by)
    need = hall.need(need_id)
    assert (need.state, need.failed_reason) == (NeedState.FAILED, "notice-to-correct")


def test_what_can_no_longer_be_done_is_noted(hall: Court) -> None:
    need_id, _award = hall.awarded()
    row = hall.accepted(hall.file(need_id).id)
    hall.until(hall.award(need_id).suspended_until)
    with hall.market.works.reading() as work:
        contract = contracts.live_contract(work.session, need_id)
    for actor in (hall.market.owner, hall.market.agents[0][0]):
        hall.act(actor, contracting.sign, contract.id, SignContract(contract.content_hash))
    done = hall.decided(row.id, remedy=Remedy.RERUN)
    hall.until(done.appeal_by)
    assert hall.now(row.id).remedy_note == "award-already-contracted"
    assert hall.need(need_id).state is NeedState.CONTRACTED


def test_an_appeal_is_judged_by_another_officer_and_turns_the_decision(hall: Court) -> None:
    need_id, award = hall.awarded(100, 200)
    row = hall.accepted(hall.file(need_id).id)
    done = hall.decided(row.id, remedy=Remedy.RERUN)
    winner, loser = hall.market.agents[0][0], hall.market.agents[1][0]
    with pytest.raises(Forbidden):
        hall.act(loser, deciding.appeal, row.id, WHY)
    hall.act(winner, deciding.appeal, row.id, "报价包含了二期内容，见报价说明第二页")
    assert hall.award(need_id).suspended_until == after_own(hall.now(row.id).review_by)
    assert "complaint-to-review" in hall.told(hall.above)
    overturn = DecideComplaint("overturn", WHY)
    with pytest.raises(Forbidden):
        hall.act(hall.city, deciding.review, row.id, overturn)
    hall.act(hall.other_officer, deciding.review, row.id, overturn)
    after = hall.now(row.id)
    assert (after.state, after.stands, after.remedy, done.outcome) == (S.OVERTURNED, False, Remedy.NONE, "upheld")
    hall.settle()
    assert (hall.award(need_id).id, hall.award(need_id).state) == (award.id, AwardState.CONFIRMED)


def test_a_dismissal_overturned_says_what_follows(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200)
    row = hall.accepted(hall.file(need_id).id)
    done = hall.decided(row.id, "dismiss")
    hall.act(hall.market.agents[1][0], deciding.appeal, row.id, "处理决定没有回应二期内容的问题")
    hall.act(hall.above, deciding.review, row.id, DecideComplaint("overturn", WHY, "", Remedy.RERUN))
    assert done.outcome == "dismissed"
    assert hall.need(need_id).state is NeedState.FAILED


def test_an_appeal_comes_in_time_and_an_unanswered_one_leaves_the_decision(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    one, two = (hall.accepted(hall.file(need_id, place=place).id) for place in (1, 2))
    first, second = (hall.decided(row.id, "dismiss") for row in (one, two))
    assert second.appeal_by is not None
    hall.market.clock.instant = before(first.appeal_by)
    hall.act(hall.market.agents[1][0], deciding.appeal, one.id, WHY)
    hall.market.clock.instant = second.appeal_by
    with pytest.raises(Conflict, match="complaint-appeal-late"):
        hall.act(hall.market.agents[2][0], deciding.appeal, two.id, WHY)
    hall.until(hall.now(one.id).review_by)
    left = hall.now(one.id)
    assert (left.state, left.reviewed_by, left.stands) == (S.CONFIRMED, None, False)
    assert hall.now(two.id).final_at is not None


def test_an_entry_is_complained_of_for_five_working_days_and_not_judged_by_who_did_it(hall: Court) -> None:
    actor, agency_id = hall.market.world.submitted(town=None)
    about = About(Subject.ENTRY, agency_id=agency_id)
    with hall.market.works.reading(actor) as work:
        early = grounds.grounds(work, about).window.fault(work.clock.now())
    assert early == "complaint-not-yet"
    hall.act(hall.city, registration.judge, agency_id, hall.market.world.verdicts(agency_id))
    hall.act(hall.other_officer, registration.accept, agency_id)
    finished = hall.market.clock.now()
    end = close_of(add_workdays(beijing_day(finished), 5))
    hall.market.clock.instant = before(end)
    row = hall.act(actor, service.file, about, wrongs(Aspect.PROCESS), [evidence()])
    assert row.office_org_id == hall.above.org_id
    assert row.handled_by == hall.other_officer.user_id
    assert set(row.involved) == {hall.city.user_id, hall.other_officer.user_id}
    for officer in (hall.city, hall.other_officer):
        assert not allows(POLICY, "complaint:decide", officer, row)
    hall.market.clock.instant = end
    with pytest.raises(Invalid) as refusal:
        hall.act(actor, service.file, about, wrongs(Aspect.RESULT), [evidence()])
    assert "complaint-too-late" in str(refusal.value.facts["faults"])
    hall.accepted(row.id, hall.above)
    assert hall.decided(row.id, "uphold_partly", officer=hall.above).state is S.PARTLY


def breach(work: Work, complaint_id: int, column: str) -> None:
    row = work.session.get_one(Complaint, complaint_id)
    work.record(row, "test.breach")
    work.session.execute(update(Complaint).where(Complaint.id == row.id).values({column: row.decided_by}))


def test_the_database_keeps_the_officers_apart(hall: Court) -> None:
    need_id, _award = hall.awarded()
    row = hall.accepted(hall.file(need_id).id)
    hall.decided(row.id, "dismiss")
    for column in ("handled_by", "reviewed_by"):
        with pytest.raises((Conflict, IntegrityError)):
            hall.act(SYSTEM, breach, row.id, column)


def test_the_operators_speed_is_judged_by_the_administration(hall: Court) -> None:
    need_id, _award = hall.awarded()
    earlier = hall.accepted(hall.file(need_id).id)
    hall.decided(earlier.id, "dismiss")
    about = About(Subject.OPERATOR, earlier_id=earlier.id)
    row = hall.act(hall.market.owner, service.file, about, wrongs(Aspect.SPEED), [evidence()])
    assert (row.office_org_id, row.respondent_org_id) == (hall.above.org_id, hall.city.org_id)
    with pytest.raises(Invalid) as refusal:
        hall.act(hall.market.agents[0][0], service.file, about, wrongs(Aspect.SPEED), [evidence()])
    assert "complaint-no-standing" in str(refusal.value.facts["faults"])
    hall.accepted(row.id, hall.above)
    assert hall.decided(row.id, officer=hall.above).stands


def test_competitors_see_nothing_and_leaves_hold_no_person(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    row = hall.accepted(hall.file(need_id).id)
    winner, complainant, competitor = (hall.market.agents[place][0] for place in (0, 1, 2))
    seen = {
        actor.org_id: allows(POLICY, "complaint:read", actor, row)
        for actor in (winner, complainant, competitor, hall.market.owner, hall.city, hall.above, hall.market.world.town)
    }
    assert list(seen.values()) == [False, True, False, True, True, True, False]
    decided = hall.decided(row.id)
    assert allows(POLICY, "complaint:read", winner, decided)
    assert not allows(POLICY, "complaint:text", winner, decided)
    assert not allows(POLICY, "complaint:contact", hall.market.owner, decided)
    for actor in (winner, competitor, Actor(1, 999, complainant.org_kind, MemberRole.MANAGER)):
        with hall.market.works.reading(actor) as work:
            listed = queries.complaints_page(work.session, actor, after=None).items
            assert [allows(POLICY, "complaint:read", actor, one) for one in listed] == [True] * len(listed)
    with hall.market.works.reading() as work:
        leaves = work.session.scalars(select(AuditLeaf)).all()
        assert not any(word in str(leaf.facts) for leaf in leaves for word in (PERSON, PHONE, "二期内容"))
        stored = work.session.connection().exec_driver_sql("SELECT contact_phone FROM complaint").scalar_one()
        assert PHONE.encode() not in bytes(stored)
