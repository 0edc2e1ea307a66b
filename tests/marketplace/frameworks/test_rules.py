"""The panel's ranking and elimination, and the rotation: by tables and, where a law holds for all, by Hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Conflict, DomainError, Invalid
from core.money import Money
from marketplace.frameworks import rules
from marketplace.frameworks.lifecycle import FRAMEWORK, MEMBER, FrameworkState, MemberState
from marketplace.frameworks.rules import Agreement, Turn
from marketplace.selection.draw import Draw, commitment
from marketplace.selection.methods import METHODS
from marketplace.selection.panel import BEYOND, ELIMINATED, by_turn, left_out, panel, seats
from marketplace.selection.ranking import By, Entrant, Frozen, Line

NOW = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
FIFTH = Fraction(1, 5)
SECRET = b"s" * 32


def frozen(entrants: Sequence[Entrant], turns: dict[str, int] | None = None, **terms: Any) -> Frozen:
    drawn = Draw("n/1", {one.key: 1 for one in entrants}, b"beacon", (SECRET,), (commitment("n/1", SECRET),))
    return Frozen(tuple(entrants), drawn, (), {"wanted": 3, "share": 20, **terms}, turns or {})


def quotes(*fen: int, standings: Sequence[int | None] = ()) -> list[Entrant]:
    return [
        Entrant(n, f"K{n}", Money(price), standings[n - 1] if standings else None) for n, price in enumerate(fen, 1)
    ]


def inside(lines: Sequence[Line]) -> list[int]:
    return [line.entrant.quote_id for line in lines if line.rank is not None and not line.out]


@pytest.mark.parametrize(
    ("count", "share", "least", "out"),
    [(0, "0.2", 1, 0), (1, "0.2", 1, 1), (2, "0.2", 1, 1), (5, "0.2", 1, 1), (6, "0.2", 1, 2), (10, "0.2", 1, 2),
     (11, "0.2", 1, 3), (10, "0.4", 1, 4), (3, "0.2", 2, 2)],
)  # fmt: skip
def test_the_share_left_out_is_rounded_up_and_at_least_one(count: int, share: str, least: int, out: int) -> None:
    assert left_out(count, Fraction(share), least) == out


@pytest.mark.parametrize(
    ("count", "wanted", "got"), [(0, 3, 0), (1, 3, 0), (2, 3, 1), (4, 3, 3), (5, 3, 3), (5, 9, 4), (10, 9, 8)]
)
def test_the_panel_is_no_larger_than_wanted_and_than_what_is_left(count: int, wanted: int, got: int) -> None:
    assert seats(count, wanted, FIFTH, 1) == got


def test_every_line_of_a_panel_says_why_it_is_out() -> None:
    lines = panel(frozen(quotes(500, 100, 300, 200, 400, 600))).lines
    assert [(line.entrant.amount.fen, line.rank, line.out) for line in lines] == [
        (100, 1, ""), (200, 2, ""), (300, 3, ""), (400, 4, BEYOND), (500, 5, ELIMINATED), (600, 6, ELIMINATED),
    ]  # fmt: skip


def test_a_quote_that_does_not_count_is_neither_in_nor_among_those_the_share_is_of() -> None:
    found = quotes(100, 200, 300)
    found.append(Entrant(9, "K9", Money(50), faults=("above-ceiling",)))
    outcome = panel(frozen(found))
    assert inside(outcome.lines) == [1, 2]
    assert outcome.working[0][1]["count"] == 3
    assert [(line.rank, line.out) for line in outcome.lines][-1] == (None, "")


def test_equal_prices_at_the_edge_are_separated_by_standing_and_then_by_the_draw() -> None:
    better = panel(frozen(quotes(100, 100, standings=(3000, 4000)))).lines
    assert inside(better) == [2]
    assert better[1].decided_by is By.STANDING
    tied = panel(frozen(quotes(100, 100))).lines
    assert tied[1].decided_by is By.DRAW
    assert inside(tied) == inside(panel(frozen(list(reversed(quotes(100, 100))))).lines)


def test_where_standing_ranks_a_newcomer_keeps_a_place() -> None:
    found = quotes(10, 20, 30, 40, 50, standings=(4500, 4000, 3500, 3000, None))
    assert inside(panel(frozen(found, by_credit=1)).lines) == [1, 2, 5]
    assert inside(panel(frozen(found, by_credit=1, wanted=1)).lines) == [1]


def test_a_notice_may_leave_out_more_than_the_rule_asks_for_and_never_less() -> None:
    found = quotes(*range(100, 1100, 100))
    assert len(inside(panel(frozen(found, wanted=50, share=50)).lines)) == 5
    assert len(inside(panel(frozen(found, wanted=50, share=1)).lines)) == 8


@settings(max_examples=80)
@given(
    prices=st.lists(st.integers(1, 500), max_size=14), wanted=st.integers(1, 10), by_credit=st.booleans(),
    standings=st.lists(st.one_of(st.none(), st.integers(1000, 5000)), min_size=14, max_size=14),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_a_panel_is_never_too_large_and_does_not_depend_on_the_order_of_arrival(
    prices: list[int], wanted: int, by_credit: bool, standings: list[int | None], seed: int
) -> None:
    found = quotes(*prices, standings=standings)
    terms: dict[str, Any] = {"wanted": wanted, "by_credit": int(by_credit)}
    lines = panel(frozen(found, **terms)).lines
    chosen = inside(lines)
    assert len(chosen) == seats(len(prices), wanted, FIFTH, 1) <= min(wanted, max(0, len(prices) - 1))
    assert all(line.out in {BEYOND, ELIMINATED} for line in lines if line.entrant.quote_id not in chosen)
    assert sum(line.out == ELIMINATED for line in lines) == left_out(len(prices), FIFTH, 1)
    shuffled = list(found)
    Random(seed).shuffle(shuffled)
    assert panel(frozen(shuffled, **terms)).lines == lines
    if not by_credit and chosen:
        dearest = max(line.entrant.amount for line in lines if line.entrant.quote_id in chosen)
        assert all(line.entrant.amount >= dearest for line in lines if line.entrant.quote_id not in chosen)


def test_turns_rank_whatever_the_price() -> None:
    lines = by_turn(frozen(quotes(100, 200, 300), {"K1": 3, "K2": 1, "K3": 2})).lines
    assert [line.entrant.quote_id for line in lines] == [2, 3, 1]
    assert lines[1].decided_by is By.TURN
    assert METHODS["call-turn"].passes_on


def turn(minute: int, member_id: int, award_id: int = 0) -> Turn:
    return Turn(NOW + timedelta(minutes=minute), award_id or minute, member_id)


# A whole rotation of four, move by move: who took a turn (by serving or by stepping back), and who waits then.
ROTATION = [
    (None, (1, 2, 3, 4)),
    (1, (2, 3, 4, 1)),  # 1 serves
    (2, (3, 4, 1, 2)),  # 2 is given it
    (2, (3, 4, 1, 2)),  # 2 steps back: it is last already
    (3, (4, 1, 2, 3)),  # so 3 serves
    (4, (1, 2, 3, 4)),
    (1, (2, 3, 4, 1)),  # the second lap begins with 1 again
    (3, (2, 4, 1, 3)),  # 2 may not serve for now and keeps its place; 3 serves
    (2, (4, 1, 3, 2)),  # 2 may again, and is the first
]


def test_a_whole_rotation_goes_round() -> None:
    turns: list[Turn] = []
    for minute, (member_id, expected) in enumerate(ROTATION):
        if member_id is not None:
            turns.append(turn(minute, member_id))
        assert rules.queue((1, 2, 3, 4), reversed(turns)) == expected, minute


def test_turns_of_the_same_instant_count_in_the_order_of_their_awards() -> None:
    both = [Turn(NOW, 8, 2), Turn(NOW, 7, 1)]
    assert rules.queue((1, 2, 3), both) == (3, 1, 2)


def test_who_left_is_not_asked_and_who_may_not_serve_keeps_the_place() -> None:
    assert rules.queue((1, 3), [turn(1, 2), turn(2, 1)]) == (3, 1)
    assert rules.queue((), [turn(1, 2)]) == ()
    assert rules.able_in_turn((3, 1, 2), {1}) == (3, 2)
    assert rules.able_in_turn((3, 1), {1, 3}) == ()


@settings(max_examples=60)
@given(count=st.integers(1, 8), taken=st.lists(st.integers(1, 8), max_size=40))
def test_a_rotation_loses_nobody_and_nobody_waits_longer_than_a_lap(count: int, taken: list[int]) -> None:
    published = tuple(range(1, count + 1))
    turns = [turn(minute, member_id) for minute, member_id in enumerate(taken)]
    waiting = rules.queue(published, turns)
    assert sorted(waiting) == list(published)
    served = []
    for minute in range(count):
        first = rules.queue(published, turns)[0]
        served.append(first)
        turns.append(turn(100 + minute, first))
    assert sorted(served) == list(published)
    assert rules.queue(published, turns) == waiting


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [((2026, 3, 18), 12, "2027-03-18"), ((2026, 1, 31), 1, "2026-02-28"), ((2028, 1, 31), 1, "2028-02-29"),
     ((2026, 12, 1), 24, "2028-12-01"), ((2026, 11, 30), 3, "2027-02-28")],
)  # fmt: skip
def test_a_term_ends_on_the_same_day_of_a_later_month(start: tuple[int, int, int], months: int, end: str) -> None:
    found = rules.end_of_term(datetime(*start, 9, 30, tzinfo=UTC), months)
    assert (found.date().isoformat(), found.hour, found.utcoffset()) == (end, 0, timedelta(hours=8))


def agreement(**changes: Any) -> Agreement:
    known: dict[str, Any] = {
        "is_in_force": True, "starts_at": NOW, "ends_at": NOW + timedelta(days=30), "item_code": "A",
        "towns": ("1", "2"), "total": Money(1000), "reserved": Money(400),
    }  # fmt: skip
    return Agreement(**{**known, **changes})


@pytest.mark.parametrize(
    ("changes", "item", "town", "later", "code"),
    [
        ({}, "A", "1", timedelta(0), ""),
        ({"towns": ("1", "9")}, "A", "9", timedelta(0), ""),
        ({}, "A", "1", timedelta(days=30) - timedelta(seconds=1), ""),
        ({}, "A", "1", timedelta(days=30), "call-after-term"),
        ({"is_in_force": False}, "A", "1", timedelta(0), "call-not-in-force"),
        ({"is_in_force": False, "starts_at": None, "ends_at": None}, "A", "1", timedelta(0), "call-not-in-force"),
        ({}, "A", "1", timedelta(seconds=-1), "call-not-in-force"),
        ({}, "B", "1", timedelta(0), "call-other-item"),
        ({}, "A", "9", timedelta(0), "call-other-town"),
    ],
)
def test_a_call_must_fit_the_agreement(
    changes: dict[str, Any], item: str, town: str, later: timedelta, code: str
) -> None:
    if not code:
        rules.judge_call(agreement(**changes), item, town, NOW + later)
        return
    with pytest.raises(DomainError) as refused:
        rules.judge_call(agreement(**changes), item, town, NOW + later)
    assert refused.value.code == code


def test_a_call_never_passes_the_total() -> None:
    rules.judge_total(agreement(), Money(600))
    rules.judge_total(agreement(total=None), Money(10**9))
    with pytest.raises(Invalid) as refused:
        rules.judge_total(agreement(), Money(601))
    assert (refused.value.code, refused.value.facts["left"]) == ("call-above-total", Money(600))


def test_the_most_a_member_may_ask_is_rounded_once() -> None:
    assert rules.cap(Money(333), None, Decimal("1.5"), None) == Money(500)
    assert rules.cap(None, Decimal("0.15"), Decimal(1), Money(101)) == Money(86)
    assert rules.cap(None, Decimal("0.15"), Decimal(1), None) is None


@pytest.mark.parametrize(("months", "share", "field"), [(0, 20, "months"), (25, 20, "months"), (24, 19, "share")])
def test_a_term_too_long_and_too_few_left_out_are_refused(months: int, share: int, field: str) -> None:
    rules.judge_writing(24, 24, 20, Decimal("0.20"))
    with pytest.raises(Invalid) as refused:
        rules.judge_writing(months, 24, share, Decimal("0.20"))
    assert refused.value.facts["field"] == field


def test_a_bare_reason_is_refused() -> None:
    assert rules.reason("  这一家熟悉现场和资料  ") == "这一家熟悉现场和资料"
    with pytest.raises(Invalid, match="reason-too-short"):
        rules.reason("  可以  ")


FRAMEWORK_MOVES = {
    ("draft", "publish"): "inviting", ("draft", "withdraw"): "withdrawn", ("inviting", "withdraw"): "withdrawn",
    ("inviting", "fail"): "failed", ("inviting", "admit"): "provisional", ("provisional", "confirm"): "in_force",
    ("provisional", "suspend"): "suspended", ("suspended", "resume"): "provisional",
    ("provisional", "annul"): "failed", ("suspended", "annul"): "failed", ("in_force", "close"): "closed",
    ("in_force", "expire"): "expired",
}  # fmt: skip


@pytest.mark.parametrize("state", list(FrameworkState))
@pytest.mark.parametrize("verb", [move.verb for move in FRAMEWORK.moves])
def test_a_framework_moves_only_along_its_life(state: FrameworkState, verb: str) -> None:
    target = FRAMEWORK_MOVES.get((str(state), verb))
    if target is not None:
        assert str(FRAMEWORK.follow(verb, state).target) == target
    else:
        with pytest.raises(Conflict, match="wrong-state"):
            FRAMEWORK.follow(verb, state)


def test_a_member_that_left_is_not_moved_again() -> None:
    assert MEMBER.ends == {MemberState.WITHDRAWN, MemberState.REMOVED}
    assert FRAMEWORK.ends == {
        FrameworkState.EXPIRED, FrameworkState.CLOSED, FrameworkState.FAILED, FrameworkState.WITHDRAWN,
    }  # fmt: skip
