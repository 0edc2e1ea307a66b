"""Complaints from filing to being accepted by the services: windows, what lacks, one correction, promised papers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.clock import beijing_day
from core.corrections import ItemVerdict
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from core.workdays import add_workdays, close_of
from marketplace.complaints import deciding, queries, service
from marketplace.complaints.commands import AnswerItem, FileComplaint, JudgeItem
from marketplace.complaints.grounds import About
from marketplace.complaints.lifecycle import Aspect, ComplaintState, Subject
from marketplace.contracts import queries as contracts
from marketplace.contracts import service as contracting
from marketplace.contracts.commands import SignContract
from marketplace.selection.lifecycle import AwardState
from tests.marketplace.complaints.court import Court, after_own, before, evidence, wrongs

S = ComplaintState
WRONG = JudgeItem("evidence", ItemVerdict.TO_CORRECT, "证据看不清，重新扫描")


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
