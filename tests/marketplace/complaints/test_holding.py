"""What several complaints about one purchase do to its award together, and to what hangs on its notice."""

from __future__ import annotations

from core.clock import beijing_day
from core.workdays import add_workdays, close_of
from marketplace.complaints import deciding, service
from marketplace.complaints.commands import DecideComplaint
from marketplace.complaints.lifecycle import Aspect, ComplaintState, Remedy
from marketplace.needs import service as needs
from marketplace.needs.lifecycle import NeedState, QuestionState
from marketplace.needs.models import Question
from marketplace.selection.lifecycle import AwardState
from marketplace.selection.queries import opened_quotes
from tests.marketplace.complaints.court import WHY, Court, after_own, before

S = ComplaintState


def test_a_detention_that_falls_away_leaves_the_suspension_its_cap(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    first, second = (hall.file(need_id, place=place) for place in (1, 2))
    hall.accepted(first.id)
    cap = hall.award(need_id).suspended_until
    hall.accepted(second.id)
    done = hall.decided(first.id, remedy=Remedy.RERUN)
    assert hall.award(need_id).suspended_until == after_own(done.appeal_by) < cap
    hall.act(hall.market.agents[0][0], deciding.appeal, first.id, WHY)
    hall.act(hall.other_officer, deciding.review, first.id, DecideComplaint("overturn", WHY))
    assert (hall.award(need_id).state, hall.award(need_id).suspended_until) == (AwardState.SUSPENDED, cap)
    hall.until(before(cap))
    assert hall.award(need_id).state is AwardState.SUSPENDED
    hall.until(cap)
    assert hall.award(need_id).state is AwardState.CONFIRMED


def test_past_the_cap_nothing_undecided_holds_what_was_detained_for_another(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    first, second = (hall.accepted(hall.file(need_id, place=place).id) for place in (1, 2))
    cap = hall.award(need_id).suspended_until
    hall.until(before(cap))
    hall.decided(first.id, remedy=Remedy.RERUN)
    hall.until(cap)
    assert hall.award(need_id).state is AwardState.SUSPENDED
    hall.act(hall.market.agents[0][0], deciding.appeal, first.id, WHY)
    hall.act(hall.other_officer, deciding.review, first.id, DecideComplaint("overturn", WHY))
    assert hall.award(need_id).state is AwardState.CONFIRMED
    assert hall.now(second.id).state is S.HEARD


def test_a_detention_that_falls_away_leaves_the_cap_to_what_waits_to_be_judged_too(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    first, second = (hall.file(need_id, place=place) for place in (1, 2))
    hall.accepted(first.id)
    cap = hall.award(need_id).suspended_until
    hall.upheld_at_once(first.id, Remedy.RERUN)
    hall.overturned(first.id)
    assert (hall.award(need_id).state, hall.award(need_id).suspended_until) == (AwardState.SUSPENDED, cap)
    assert hall.now(second.id).state is S.FILED


def test_a_second_suspension_keeps_the_first_ones_cap_not_a_detentions(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    first = hall.accepted(hall.file(need_id, place=1).id)
    cap = hall.award(need_id).suspended_until
    hall.upheld_at_once(first.id, Remedy.RERUN)
    hall.overturned(first.id)
    assert hall.award(need_id).state is AwardState.PROVISIONAL
    second = hall.file(need_id, place=2)
    hall.returned_twice(second.id, place=2)
    assert cap is not None
    hall.until(before(min(hall.now(second.id).judge_by, cap)))
    hall.accepted(second.id)
    assert (hall.award(need_id).state, hall.award(need_id).suspended_until) == (AwardState.SUSPENDED, cap)


def test_what_is_taken_up_past_the_cap_holds_an_award_no_longer(hall: Court) -> None:
    need_id, _award = hall.awarded(100, 200, 300)
    first = hall.accepted(hall.file(need_id, place=1).id)
    cap = hall.award(need_id).suspended_until
    hall.act(hall.market.agents[1][0], service.withdraw, first.id, WHY)
    second = hall.file(need_id, place=2)
    hall.returned_twice(second.id, place=2)
    hall.until(cap)
    assert (hall.now(second.id).state, hall.award(need_id).state) == (S.FILED, AwardState.PROVISIONAL)
    hall.accepted(second.id)
    assert hall.award(need_id).state is AwardState.CONFIRMED


def test_a_notice_found_wrong_ends_whoever_was_chosen_meanwhile(hall: Court) -> None:
    need_id, award = hall.awarded(100, 200, 300)
    row = hall.accepted(hall.file(need_id, aspect=Aspect.NOTICE).id)
    other = hall.accepted(hall.file(need_id, place=2).id)
    hall.until(hall.decided(other.id, remedy=Remedy.ANNUL).appeal_by)
    assert hall.need(need_id).state is NeedState.SELECTING
    done = hall.decided(row.id, remedy=Remedy.CORRECT_NOTICE)
    with hall.market.works.reading() as work:
        second = opened_quotes(work.session, need_id)[1].id
    assert hall.market.award(need_id, second).id != award.id
    hall.settle()
    assert hall.award(need_id).state is AwardState.SUSPENDED
    hall.until(done.appeal_by)
    assert (hall.need(need_id).state, hall.award(need_id)) == (NeedState.FAILED, None)
    assert hall.now(row.id).remedy_note == "done"


def test_a_question_ends_with_the_notice_that_was_found_wrong(hall: Court) -> None:
    late = close_of(add_workdays(beijing_day(hall.market.clock.now()), 60))
    need_id = hall.market.publish(closes_at=late)
    asker = hall.market.agency()[0]
    row = hall.accepted(hall.file(need_id, place=0, aspect=Aspect.NOTICE).id)
    question = hall.act(asker, needs.ask, need_id, "成果要几份纸质版？")
    hall.until(hall.decided(row.id, remedy=Remedy.CORRECT_NOTICE).appeal_by)
    with hall.market.works.reading() as work:
        assert work.session.get_one(Question, question.id).state is QuestionState.LAPSED
    assert "question-lapsed" in hall.told(asker)
