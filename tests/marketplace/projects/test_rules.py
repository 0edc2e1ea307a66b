"""The plan as a graph: earliest times, the critical path, loops, lanes, and how far an entry is."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.catalogue import order
from marketplace.projects import rules
from marketplace.projects.rules import Bought, Progress, Slot

P = Progress
# 勘察 30 → 设计 45 → 图审 15；方案 20 → 设计；节能 25 只等方案；交评不需要
DAYS = {1: 30, 2: 45, 3: 15, 4: 20, 5: 25, 6: 0}
EDGES = [(1, 2), (4, 2), (2, 3), (4, 5), (5, 6), (6, 3)]


def test_times_the_critical_path_and_what_side_by_side_saves_are_worked_by_hand() -> None:
    found = rules.schedule(DAYS, EDGES)
    assert found.slots[1] == Slot(0, 30, 0, 0)
    assert found.slots[2] == Slot(30, 75, 0, 0)
    assert found.slots[3] == Slot(75, 90, 0, 0)
    assert (found.slots[4].start, found.slots[4].finish, found.slots[4].slack) == (0, 20, 10)
    assert (found.slots[5].start, found.slots[5].finish, found.slots[5].slack) == (20, 45, 30)
    assert (found.slots[6].start, found.slots[6].slack, found.slots[6].critical) == (45, 30, False)
    assert found.critical == (1, 2, 3)
    assert (found.total, found.in_turn, found.saved) == (90, 135, 45)


def test_a_critical_path_goes_on_through_what_takes_no_time() -> None:
    found = rules.schedule({1: 5, 2: 0, 3: 0, 4: 7, 5: 3}, [(1, 2), (2, 3), (3, 4), (5, 4)])
    assert found.critical == (1, 4)
    assert found.total == 12


def test_an_empty_plan_takes_no_time_and_edges_to_what_is_gone_are_left_out() -> None:
    assert rules.schedule({}, []).total == 0
    assert rules.schedule({1: 3}, [(9, 1), (1, 8)]).total == 3


@pytest.mark.parametrize(
    ("edges", "way"),
    [
        ([], ()),
        ([(1, 2), (2, 3), (1, 3)], ()),
        ([(1, 1)], (1, 1)),
        ([(1, 2), (2, 1)], (1, 2, 1)),
        ([(1, 2), (2, 3), (3, 4), (4, 2)], (2, 3, 4, 2)),
        ([(5, 6), (1, 2), (6, 7), (7, 5)], (5, 6, 7, 5)),
        ([(1, 2), (1, 3), (2, 4), (3, 4), (4, 5)], ()),
    ],
)
def test_a_loop_is_found_and_told_whole(edges: list[tuple[int, int]], way: tuple[int, ...]) -> None:
    assert rules.loop(edges) == way
    if way:
        with pytest.raises(ValueError, match="circle"):
            rules.schedule(dict.fromkeys(range(1, 9), 1), edges)


PLANS = st.dictionaries(st.integers(1, 12), st.integers(0, 90), max_size=12)
PAIRS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=30)


@given(PLANS, PAIRS)
def test_a_schedule_respects_every_dependency_and_is_no_longer_than_the_sum(
    days: dict[int, int], pairs: list[tuple[int, int]]
) -> None:
    edges = [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]  # smaller first: never a loop
    assert rules.loop(edges) == ()
    found = rules.schedule(days, edges)
    slots = found.slots
    assert set(slots) == set(days)
    for before, after in edges:
        if before in slots and after in slots:
            assert slots[before].finish <= slots[after].start
            assert slots[before].finish + slots[before].slack <= slots[after].start + slots[after].slack
    assert max(days.values(), default=0) <= found.total <= found.in_turn == sum(days.values())
    assert all(slot.slack >= 0 and slot.finish + slot.slack <= found.total for slot in slots.values())
    assert sum(days[one] for one in found.critical) == found.total
    assert all(slots[one].critical for one in found.critical)
    lanes: dict[int, list[Slot]] = {}
    for slot in slots.values():
        lanes.setdefault(slot.lane, []).append(slot)
    for row in lanes.values():
        timed = sorted((slot for slot in row if slot.finish > slot.start), key=lambda slot: slot.start)
        assert all(one.finish <= other.start for one, other in itertools.pairwise(timed))


@given(PAIRS)
def test_a_loop_is_told_exactly_where_one_stands(pairs: list[tuple[int, int]]) -> None:
    way = rules.loop(pairs)
    if way:
        assert way[0] == way[-1]
        assert set(itertools.pairwise(way)) <= set(pairs)
    else:
        rules.schedule(dict.fromkeys(range(1, 13), 1), pairs)


def need(number: int, state: str, deal: str = "", notice: int = 0, repeats: int | None = None) -> Bought:
    return Bought(number, notice or number, state, deal, repeats)


@pytest.mark.parametrize(
    ("needs", "reached"),
    [
        ([], P.NOT_STARTED),
        ([need(1, "draft")], P.DRAFTED),
        ([need(1, "open")], P.OPEN),
        ([need(1, "selecting")], P.SELECTING),
        ([need(1, "awarded", "drafted")], P.SELECTED),
        ([need(1, "contracted", "in_service")], P.IN_CONTRACT),
        ([need(1, "contracted", "delivered")], P.DELIVERED),
        ([need(1, "contracted", "accepted")], P.ACCEPTED),
        ([need(1, "completed", "settled")], P.ACCEPTED),
        ([need(1, "failed")], P.NOT_STARTED),
        ([need(1, "failed"), need(2, "open", repeats=1)], P.OPEN),
        # 两个标段：取办得最慢的；一个未成交又没有重新采购，等于还有一部分没开始
        ([need(1, "contracted", "accepted"), need(2, "contracted", "in_service", notice=1)], P.IN_CONTRACT),
        ([need(1, "contracted", "accepted"), need(2, "failed", notice=1)], P.NOT_STARTED),
        ([need(1, "contracted", "accepted"), need(2, "failed", notice=1), need(3, "open", repeats=2)], P.OPEN),
    ],
)
def test_progress_is_read_from_needs_and_contracts(needs: list[Bought], reached: Progress) -> None:
    assert rules.progress(needs) is reached


def test_what_is_ready_waits_for_nothing_and_is_not_begun() -> None:
    reached = {1: P.ACCEPTED, 2: P.NOT_STARTED, 3: P.NOT_STARTED, 4: P.OWN, 5: P.NOT_STARTED, 6: P.NOT_NEEDED}
    edges = [(1, 2), (2, 3), (4, 5), (6, 2)]
    assert rules.ready(edges, reached) == [2]
    assert rules.waits_for(edges, reached)[3] == (2,)
    assert rules.ready(edges, {**reached, 4: P.OWN_DONE}) == [2, 5]


def test_days_come_from_the_contract_before_the_notice_before_the_plan() -> None:
    assert rules.agreed_days(20, None, None) == (20, "plan")
    assert rules.agreed_days(20, 15, None) == (15, "notice")
    assert rules.agreed_days(20, 15, 12) == (12, "contract")


def test_the_dated_orders_make_no_loop_and_hold_for_every_kind_of_project() -> None:
    codes = {code: place for place, code in enumerate({one.before for one in order.orders()}
                                                     | {one.after for one in order.orders()})}  # fmt: skip
    assert rules.loop((codes[one.before], codes[one.after]) for one in order.orders()) == ()
    assert {one.confidence for one in order.orders()} <= {"M-high", "M-med", "R"}
    pairs = {(one.before, one.after) for one in order.orders()}
    assert {("DG-C-48", "DG-C-49"), ("DG-C-49", "DG-C-50"), ("DG-A-02", "DG-B-25"), ("DG-A-02", "DG-B-31")} <= pairs
    for kind in order.kinds():
        assert len(set(kind.items)) == len(kind.items)
    assert order.usual_days("DG-C-48") == 30
    assert order.usual_days("DG-B-47") == 20
