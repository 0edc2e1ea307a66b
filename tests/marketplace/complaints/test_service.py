"""Complaints from filing to their end by the services: windows, one correction, hearing, decision, appeal, awards."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from agencies.registration import service as registration
from core.access import SYSTEM, Actor, MemberRole, allows
from core.audit import AuditLeaf
from core.clock import beijing_day
from core.corrections import ItemVerdict, days_after
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from core.work import Work
from core.workdays import add_workdays, close_of
from marketplace.complaints import deciding, grounds, queries, service
from marketplace.complaints.commands import AnswerItem, DecideComplaint, FileComplaint, JudgeItem
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Aspect, ComplaintState, Remedy, Subject
from marketplace.complaints.models import Complaint
from marketplace.complaints.permissions import POLICY
from marketplace.contracts import queries as contracts
from marketplace.contracts import service as contracting
from marketplace.contracts.commands import SignContract
from marketplace.contracts.lifecycle import ContractState
from marketplace.needs.lifecycle import NeedState
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.queries import opened_quotes
from tests.marketplace.complaints.court import PERSON, PHONE, WHY, Court, before, court, evidence, wrongs
from tests.marketplace.selection.world import Market

S = ComplaintState
WRONG = JudgeItem("evidence", ItemVerdict.TO_CORRECT, "证据看不清，重新扫描")


def after_own(instant: datetime | None) -> datetime:
    assert instant is not None
    return days_after(instant, 1)


@pytest.fixture
def hall(market: Market) -> Court:
    """Lay out the market with its offices."""
    return court(market)


def test_an_award_is_public_before_it_is_final_to_the_second(hall: Court) -> None:
    need_id, award = hall.awarded()
    assert award.state is AwardState.PROVISIONAL
    assert award.publicity_until == close_of(add_workdays(beijing_day(hall.market.clock.now()), 1))
    hall.until(before(award.publicity_until))
    assert hall.award(need_id).state is AwardState.PROVISIONAL
    hall.until(award.publicity_until)
    final = hall.award(need_id)
    assert (final.state, final.confirmed_at) == (AwardState.CONFIRMED, award.publicity_until)
    assert "contract-to-sign" in hall.told(hall.market.owner)


def test_fiscal_money_is_public_for_three_working_days(hall: Court) -> None:
    _need, award = hall.awarded(200, 250, 300, fund="fiscal", ceiling=Money.from_yuan(400))
    assert award.publicity_until == close_of(add_workdays(beijing_day(award.awarded_at), 3))


def test_a_purchase_is_complained_of_until_its_publicity_ends_and_not_a_moment_longer(hall: Court) -> None:
    need_id, award = hall.awarded()
    hall.until(before(award.publicity_until))
    row = hall.file(need_id)
    assert (row.state, row.number) == (S.FILED, f"TS-2026-{row.id:06d}")
    hall.market.clock.instant = award.publicity_until
    with pytest.raises(Invalid, match="complaint-incomplete") as refusal:
        hall.file(need_id, aspect=Aspect.PROCESS)
    assert [fault["code"] for fault in refusal.value.facts["faults"]] == ["complaint-too-late"]


def test_what_a_filing_lacks_is_said_all_at_once(hall: Court) -> None:
    need_id, _award = hall.awarded()
    empty = FileComplaint(Aspect.PARTICIPANT, matter="不公")
    with pytest.raises(Invalid) as refusal:
        hall.act(hall.market.agents[1][0], service.file, About(Subject.SELECTION, need_id=need_id), empty)
    assert [fault["code"] for fault in refusal.value.facts["faults"]] == [
        "complaint-against", "complaint-matter-short", "complaint-clause-missing", "complaint-contact-name",
        "complaint-contact-phone", "complaint-evidence-missing", "complaint-unsealed",
    ]  # fmt: skip


def test_only_who_took_part_complains_of_a_result_and_nobody_twice(hall: Court) -> None:
    need_id, _award = hall.awarded()
    hall.market.agency()
    with pytest.raises(Invalid) as refusal:
        hall.file(need_id, place=2)
    assert "complaint-no-standing" in str(refusal.value.facts["faults"])
    assert hall.file(need_id, place=2, aspect=Aspect.NOTICE).state is S.FILED
    hall.file(need_id)
    with pytest.raises(Invalid) as refusal:
        hall.file(need_id)
    assert "complaint-decided-before" in str(refusal.value.facts["faults"])
    with pytest.raises(Forbidden):
        hall.act(hall.city, service.file, About(Subject.SELECTION, need_id=need_id), wrongs(), [evidence()])


def test_a_filing_holds_the_award_and_an_accepted_one_suspends_it(hall: Court) -> None:
    need_id, award = hall.awarded()
    row = hall.file(need_id)
    hall.until(award.publicity_until)
    held = hall.award(need_id)
    assert (held.state, held.confirm_at) == (AwardState.PROVISIONAL, after_own(row.judge_by))
    hall.accepted(row.id)
    stopped = hall.award(need_id)
    cap = close_of(add_workdays(beijing_day(hall.market.clock.now()), 20))
    assert (stopped.state, stopped.suspended_until) == (AwardState.SUSPENDED, cap)
    with hall.market.works.reading() as work:
        contract = contracts.live_contract(work.session, need_id)
    with pytest.raises(Conflict, match="award-suspended"):
        hall.act(hall.market.owner, contracting.sign, contract.id, SignContract(contract.content_hash))
    assert "award-suspended" in hall.told(hall.market.owner)
    hall.until(before(cap))
    assert hall.award(need_id).state is AwardState.SUSPENDED
    hall.until(cap)
    assert hall.award(need_id).state is AwardState.CONFIRMED
    assert hall.now(row.id).state is S.HEARD
    hall.act(hall.market.owner, contracting.sign, contract.id, SignContract(contract.content_hash))


def test_a_second_complaint_does_not_prolong_the_suspension(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    first, second = hall.file(need_id), hall.file(need_id, place=2)
    hall.accepted(first.id)
    cap = hall.award(need_id).suspended_until
    hall.until(hall.market.clock.now() + timedelta(days=2))
    hall.accepted(second.id)
    assert hall.award(need_id).suspended_until == cap


def test_a_refused_or_withdrawn_complaint_lets_the_award_go_at_once(hall: Court) -> None:
    need_id, award = hall.awarded()
    row = hall.file(need_id)
    hall.until(award.publicity_until)
    hall.act(hall.city, service.refuse, row.id, "投诉人没有参加报价，不符合受理条件")
    assert hall.award(need_id).state is AwardState.CONFIRMED
    assert hall.now(row.id).state is S.REFUSED
    again, given = hall.awarded()
    other = hall.file(again)
    hall.accepted(other.id)
    hall.until(given.publicity_until)
    assert hall.award(again).state is AwardState.SUSPENDED
    hall.act(hall.market.agents[1][0], service.withdraw, other.id, "与业主沟通清楚，不再投诉")
    assert hall.award(again).state is AwardState.CONFIRMED


def test_one_list_says_everything_and_the_second_only_what_the_first_named(hall: Court) -> None:
    need_id, _award = hall.awarded()
    row = hall.file(need_id)
    hall.judge(row.id, evidence=WRONG)
    with pytest.raises(Conflict, match="complaint-not-all-passed"):
        hall.act(hall.city, service.accept, row.id)
    hall.act(hall.city, service.send_back, row.id)
    complainant = hall.market.agents[1][0]
    with pytest.raises(Invalid, match="complaint-answer-missing"):
        hall.act(complainant, service.answer, row.id, [])
    hall.act(complainant, service.answer, row.id, [AnswerItem("evidence")], [("evidence", evidence("清晰.pdf"))])
    with hall.market.works.reading() as work:
        items = queries.items_of(work.session, row.id)
    assert {key for key, item in items.items() if item.verdict is ItemVerdict.PENDING} == {"evidence"}
    clause = JudgeItem("clause", ItemVerdict.TO_CORRECT, "条款写得不具体")
    hall.judge(row.id, clause=clause)
    with pytest.raises(Conflict, match="complaint-said-before"):
        hall.act(hall.city, service.send_back, row.id)
    hall.judge(row.id, evidence=WRONG)
    assert hall.act(hall.city, service.send_back, row.id).number == 2
    with hall.market.works.reading(hall.city) as work:
        assert queries.twice_returned(work.session, hall.city) == (1, 1)
    hall.act(complainant, service.answer, row.id, [AnswerItem("evidence", "见原件第三页")])
    hall.judge(row.id, evidence=WRONG)
    with pytest.raises(Conflict, match="complaint-corrected-twice"):
        hall.act(hall.city, service.send_back, row.id)


def test_a_correction_that_does_not_come_ends_the_complaint_and_frees_the_award(hall: Court) -> None:
    need_id, _award = hall.awarded()
    row = hall.file(need_id)
    hall.judge(row.id, evidence=WRONG)
    hall.act(hall.city, service.send_back, row.id)
    due = hall.now(row.id).correct_by
    hall.until(before(due))
    assert (hall.now(row.id).state, hall.award(need_id).state) == (S.RETURNED, AwardState.PROVISIONAL)
    hall.until(due)
    assert (hall.now(row.id).state, hall.award(need_id).state) == (S.LAPSED, AwardState.CONFIRMED)
    assert hall.clocks(row.id) == {}


def test_who_is_not_answered_in_time_is_deemed_accepted(hall: Court) -> None:
    need_id, _award = hall.awarded()
    row = hall.file(need_id)
    hall.until(row.judge_by)
    taken = hall.now(row.id)
    assert (taken.state, taken.deemed, taken.accepted_by) == (S.ACCEPTED, True, None)
    assert set(hall.clocks(row.id)) == {"reply", "decide"}
    assert hall.award(need_id).state is AwardState.SUSPENDED


def test_promised_evidence_is_reminded_of_and_missed_with_its_consequence(hall: Court) -> None:
    need_id, _award = hall.awarded()
    day = add_workdays(beijing_day(hall.market.clock.now()), 6)
    about, complainant = About(Subject.SELECTION, need_id=need_id), hall.market.agents[1][0]
    row = hall.act(complainant, service.file, about, wrongs(promised_on=day))
    hall.judge(row.id, evidence=JudgeItem("evidence", ItemVerdict.PROMISED, promised_on=day))
    hall.act(hall.city, service.accept, row.id)
    assert beijing_day(hall.clocks(row.id)["promise"]) < day
    for _call in ("five working days before", "one working day before"):
        hall.until(hall.clocks(row.id)["promise"])
    assert "complaint-promise-near" in hall.told(complainant)
    assert hall.clocks(row.id)["promise"] == close_of(day)
    hall.until(close_of(day))
    assert "complaint-promise-missed" in hall.told(complainant)
    with hall.market.works.reading() as work:
        assert queries.items_of(work.session, row.id)["evidence"].verdict is ItemVerdict.MISSED
    assert hall.now(row.id).state in {S.ACCEPTED, S.HEARD}


def test_a_promise_kept_passes_and_a_missing_seal_ends_the_complaint(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    day, late = (add_workdays(beijing_day(hall.market.clock.now()), days) for days in (3, 20))
    row = hall.file(need_id)
    with pytest.raises(Invalid, match="complaint-promise-day"):
        hall.judge(row.id, seal=JudgeItem("seal", ItemVerdict.PROMISED, promised_on=late))
    with pytest.raises(Invalid, match="complaint-promise-day"):
        hall.judge(row.id, matter=JudgeItem("matter", ItemVerdict.PROMISED, promised_on=day))
    hall.judge(row.id, seal=JudgeItem("seal", ItemVerdict.PROMISED, promised_on=day))
    hall.act(hall.city, service.accept, row.id)
    other = hall.file(need_id, place=2)
    hall.judge(other.id, seal=JudgeItem("seal", ItemVerdict.PROMISED, promised_on=day))
    hall.act(hall.city, service.accept, other.id)
    hall.act(hall.market.agents[1][0], deciding.bring_promised, row.id, "seal", evidence("盖章.pdf"))
    hall.until(close_of(day))
    assert (hall.now(row.id).state, hall.now(other.id).state) == (S.ACCEPTED, S.LAPSED)


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
