"""Judgements of registration: papers asked for, qualifications that serve, the place on the shelf."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.reference import Importance, materials
from agencies.registration import rules
from agencies.registration.rules import Demand, Held, Missing

ON = date(2026, 3, 18)
LADDERS = {"design": ("甲级", "乙级", "丙级"), "filing": ()}


def held(grade: str = "乙级", category: str = "design", valid_to: date | None = None, **options: bool) -> Held:
    return Held(category, grade, None, valid_to, **options)


def binding(demand: Demand, *have: Held) -> list[str]:
    return [gap.code for gap in rules.qualification_gaps(demand, have, ON, LADDERS)[0]]


def test_the_grade_asked_for_or_a_higher_one_serves() -> None:
    demand = Demand((("design", "乙级"),))
    assert binding(demand, held("甲级")) == []
    assert binding(demand, held("乙级")) == []
    assert binding(demand, held("丙级")) == ["qualification-grade"]


def test_any_grade_serves_where_none_is_asked_for() -> None:
    assert binding(Demand((("design", ""),)), held("丙级")) == []


def test_the_last_valid_day_counts_as_valid() -> None:
    demand = Demand((("design", ""),))
    assert binding(demand, held(valid_to=ON)) == []
    gaps = rules.qualification_gaps(demand, [held(valid_to=date(2026, 3, 17))], ON, LADDERS)[0]
    assert gaps == (Missing("qualification-expired", {"category": "design", "ended": date(2026, 3, 17)}),)


def test_a_certificate_that_begins_later_does_not_serve_yet() -> None:
    later = Held("design", "甲级", date(2026, 4, 1), None)
    assert binding(Demand((("design", ""),)), later) == ["qualification-not-yet"]


def test_a_certificate_nobody_checked_does_not_serve() -> None:
    assert binding(Demand((("design", ""),)), held(verified=False)) == ["qualification-unverified"]


def test_one_of_several_is_enough_unless_all_are_asked_for() -> None:
    wanted = (("design", ""), ("filing", ""))
    assert binding(Demand(wanted), held()) == []
    assert binding(Demand(wanted, match_all=True), held()) == ["qualification-missing"]


@pytest.mark.parametrize(("mark", "binds"), [("F 34", True), ("M-high", True), ("M-med", False), ("M-low", False)])
def test_a_demand_the_catalogue_is_not_sure_of_refuses_nobody(mark: str, binds: bool) -> None:
    gaps, advice = rules.qualification_gaps(Demand((("design", ""),), confidence=mark), [], ON, LADDERS)
    assert (bool(gaps), bool(advice)) == (binds, not binds)


def test_an_expired_certificate_refuses_even_where_the_demand_is_not_sure() -> None:
    demand = Demand((("design", ""),), confidence="M-med")
    assert binding(demand, held(valid_to=date(2026, 1, 1))) == ["qualification-expired"]


def test_an_item_that_demands_nothing_asks_for_nothing() -> None:
    assert rules.qualification_gaps(Demand(()), [], ON, LADDERS) == ((), ())


def test_papers_follow_from_what_is_offered_and_who_is_named() -> None:
    def keys(**what: bool) -> set[str]:
        parts = {"with_qualification": False, "without_qualification": False, "with_practitioners": False, **what}
        return {one.code for one in rules.asked_for(materials(), **parts)}

    assert keys(with_qualification=True) - keys() == {"qualification-certificate"}
    assert keys(without_qualification=True) - keys() == {"item-commitment"}
    assert keys(with_practitioners=True) - keys() == {
        "practitioner-id",
        "practitioner-social-insurance",
        "practitioner-certificate",
    }


def test_what_can_be_looked_up_need_not_be_handed_in() -> None:
    by_key = {one.code: one for one in materials()}
    assert rules.is_given(by_key["business-licence"], has_file=False, committed=False)
    assert not rules.is_given(by_key["power-of-attorney"], has_file=False, committed=False)
    assert rules.is_given(by_key["power-of-attorney"], has_file=True, committed=False)
    assert rules.is_given(by_key["commitment-letter"], has_file=False, committed=True)


def test_only_secondary_papers_may_follow_later() -> None:
    for material in materials():
        assert rules.may_be_promised(material) is (material.importance is Importance.SECONDARY)


@given(
    low=st.one_of(st.none(), st.integers(0, 5000)),
    delivered=st.integers(0, 10_000),
    share=st.fractions(0, 1),
)
def test_the_place_on_the_shelf_stays_in_range(low: int | None, delivered: int, share: Fraction) -> None:
    assert 0 <= rules.shelf_rank(low, delivered, int(delivered * share)) <= 1000


@given(low=st.integers(0, 4999), delivered=st.integers(1, 500))
def test_better_ratings_and_more_punctuality_never_cost_a_place(low: int, delivered: int) -> None:
    assert rules.shelf_rank(low, delivered, delivered) <= rules.shelf_rank(low + 1, delivered, delivered)
    assert rules.shelf_rank(low, delivered, delivered - 1) <= rules.shelf_rank(low, delivered, delivered)


def test_a_newcomer_stands_between_the_best_and_the_worst() -> None:
    best, worst = rules.shelf_rank(4800, 50, 50), rules.shelf_rank(1500, 50, 20)
    assert worst < rules.shelf_rank(None, 0, 0) < best
