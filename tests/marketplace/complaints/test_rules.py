"""The pure rules of complaints: windows to the instant, one list, what may be accepted, what may follow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core import corrections
from core.corrections import ItemVerdict
from marketplace.complaints import rules
from marketplace.complaints.lifecycle import COMPLAINT, ComplaintState, Outcome, Remedy, Subject
from marketplace.complaints.permissions import POLICY
from marketplace.complaints.rules import Window
from marketplace.selection.lifecycle import AWARD
from marketplace.selection.permissions import POLICY as SELECTION

OPENS = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
CLOSES = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
V = ItemVerdict


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        (OPENS - TICK, "complaint-not-yet"), (OPENS, ""), (CLOSES - TICK, ""), (CLOSES, "complaint-too-late"),
    ],
)  # fmt: skip
def test_a_window_is_half_open(now: datetime, fault: str) -> None:
    assert Window(OPENS, CLOSES).fault(now) == fault


def test_a_window_without_an_end_stays_open_and_without_a_beginning_is_shut() -> None:
    assert Window(OPENS).fault(CLOSES + timedelta(days=900)) == ""
    assert Window().fault(CLOSES) == "complaint-not-yet"


def test_days_are_working_days_that_close_at_five() -> None:
    assert corrections.days_after(OPENS, 5) == CLOSES


@pytest.mark.parametrize(
    ("wrong", "before", "code"),
    [
        ([], None, "complaint-nothing-to-correct"),
        (["standing"], None, "complaint-not-correctable"),
        (["clause", "evidence"], None, ""),
        (["evidence"], {"clause", "evidence"}, ""),
        (["matter"], {"clause", "evidence"}, "complaint-said-before"),
    ],
)
def test_a_list_says_everything_at_once(wrong: list[str], before: set[str] | None, code: str) -> None:
    assert rules.judge_list(wrong, before) == code


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([V.PASSED, V.PROMISED], ""),
        ([V.PASSED, V.PENDING], "complaint-verdicts-missing"),
        ([V.PASSED, V.TO_CORRECT], "complaint-not-all-passed"),
    ],
)
def test_what_waits_or_is_wrong_is_not_accepted(verdicts: list[ItemVerdict], code: str) -> None:
    assert rules.judge_acceptance(verdicts) == code


def test_a_promise_lies_within_its_working_days() -> None:
    today = date(2026, 3, 18)
    fits = [corrections.promise_fits(today + timedelta(days=step), today, 2) for step in range(4)]
    assert fits == [False, True, True, False]


def test_a_remedy_fits_its_subject_and_its_outcome() -> None:
    bare = rules.remedies_for(Subject.ENTRY, has_award=True)
    awarded = rules.remedies_for(Subject.SELECTION, has_award=True)
    assert bare == (Remedy.NONE,)
    assert Remedy.CORRECT_NOTICE in rules.remedies_for(Subject.SELECTION, has_award=False)
    assert rules.judge_remedy(Outcome.UPHELD, Remedy.NEXT, awarded) == ""
    assert rules.judge_remedy(Outcome.UPHELD, Remedy.NEXT, bare) == "complaint-remedy"
    assert rules.judge_remedy(Outcome.DISMISSED, Remedy.NEXT, awarded) == "complaint-remedy-of-dismissed"


def test_every_move_has_a_permission_and_every_state_a_way_out_or_is_an_end() -> None:
    assert set(COMPLAINT.permissions()) <= set(POLICY)
    assert set(AWARD.permissions()) <= set(SELECTION)
    state = ComplaintState
    assert COMPLAINT.ends == {state.CONFIRMED, state.OVERTURNED, state.REFUSED, state.WITHDRAWN, state.LAPSED}
