"""The aggregate: its influence bound, the attacks it must stand, and events that add up again."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money
from ratings import rules
from ratings.rules import Facts, Given, Weighing

UNSHARED = Weighing(owner_share=None)
FULL = Money(5_000_000)
SMALL = Money(100_000)


def honest(owners: int, stars: int = 4) -> list[Given]:
    """Return one rating each of honest enterprises, spread over the last half year."""
    return [Given(n, n, (stars,) * 5, FULL, n * 182 // max(owners - 1, 1)) for n in range(owners)]


def attack(owners: int, contracts: int, stars: int, value: Money = FULL) -> list[Given]:
    return [
        Given(1000 + owner * 100 + n, 1000 + owner, (stars,) * 5, value, 0)
        for owner in range(owners)
        for n in range(contracts)
    ]


@pytest.mark.parametrize(
    ("decent", "hostile", "shift"),
    [
        (30, attack(1, 30, 5), "0.05"),
        (30, attack(3, 10, 5), "0.13"),
        (30, attack(10, 1, 5, SMALL), "0.04"),
        (30, attack(10, 3, 5), "0.33"),
        (10, attack(1, 30, 5), "0.10"),
        (30, attack(1, 10, 1), "-0.14"),
    ],
)
def test_an_attack_moves_the_mean_no_more_than_the_table_says(decent: int, hostile: list[Given], shift: str) -> None:
    before = rules.aggregate(honest(decent)).mean
    after = rules.aggregate([*honest(decent), *hostile]).mean
    assert abs((after - before) - Decimal(shift)) <= Decimal("0.01")


@pytest.mark.parametrize(("decent", "most"), [(30, "0.06"), (10, "0.12")])
def test_one_owner_with_any_effort_stays_under_the_target(decent: int, most: str) -> None:
    before = rules.aggregate(honest(decent)).mean
    for contracts in (1, 5, 30, 300):
        after = rules.aggregate([*honest(decent), *attack(1, contracts, 5)]).mean
        assert after - before <= Decimal(most)


scores = st.tuples(*[st.integers(1, 5)] * 5)
values = st.integers(1, 10**9).map(Money)


def ratings(first_owner: int, owners: int, most: int) -> st.SearchStrategy[list[Given]]:
    one = st.builds(Given, st.integers(1, 10**6), st.integers(first_owner, first_owner + owners - 1), scores, values,
                    st.integers(0, 2000))  # fmt: skip
    return st.lists(one, max_size=most)


@settings(max_examples=400, deadline=None)
@given(ratings(1, 30, 30), ratings(1000, 6, 20))
def test_new_owners_together_never_pass_the_influence_bound(decent: list[Given], hostile: list[Given]) -> None:
    before = rules.aggregate(decent, UNSHARED)
    after = rules.aggregate([*decent, *hostile], UNSHARED)
    whole = sum((event.weight for event in before.events), Decimal(0))
    most = UNSHARED.owner_most * len({one.owner_id for one in hostile})
    bound = most * (5 - before.mean) / (whole + most)
    assert after.mean - before.mean <= bound + Decimal("1e-20")


@settings(max_examples=300, deadline=None)
@given(ratings(1, 12, 25))
def test_no_owner_weighs_more_than_its_cap_or_a_fifth_of_all(found: list[Given]) -> None:
    raw: dict[int, Decimal] = {}
    for one in found:
        raw[one.owner_id] = raw.get(one.owner_id, Decimal(0)) + rules.raw_weight(one)
    capped = rules.owner_weights(raw)
    whole = 5 + sum(capped.values(), Decimal(0))
    for owner, weight in capped.items():
        assert weight <= min(raw[owner], Decimal("1.5"))
        assert weight <= whole / 5 + Decimal("1e-20")
        tight = (raw[owner], Decimal("1.5"), whole / 5)
        assert any(abs(weight - limit) < Decimal("1e-20") for limit in tight)


@settings(max_examples=300, deadline=None)
@given(ratings(1, 12, 40))
def test_the_events_add_up_to_the_score_to_the_last_printed_digit(found: list[Given]) -> None:
    total = rules.aggregate(found)
    assert sum(event.printed for event in total.events) == total.printed
    assert abs(sum((event.contribution for event in total.events), Decimal(0)) - total.mean) < Decimal("1e-20")
    for event in total.events:
        assert abs(event.contribution * rules.PRINTED - event.printed) < 1


@settings(max_examples=200, deadline=None)
@given(ratings(1, 12, 40), st.randoms(use_true_random=False))
def test_the_order_of_ratings_does_not_matter_and_the_score_stays_in_range(found: list[Given], order: object) -> None:
    total = rules.aggregate(found)
    mixed = list(found)
    order.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis hands a random.Random
    again = rules.aggregate(mixed)
    assert round(total.mean, 15) == round(again.mean, 15)
    assert 1 <= total.low <= total.mean <= total.high <= 5


def test_a_higher_score_never_lowers_the_mean() -> None:
    low = rules.aggregate([*honest(4), Given(9, 99, (3, 3, 3, 3, 3), FULL, 10)]).mean
    high = rules.aggregate([*honest(4), Given(9, 99, (3, 3, 3, 3, 4), FULL, 10)]).mean
    assert high > low


def test_a_rating_of_a_year_ago_weighs_half_and_a_quarter_of_the_value_weighs_half() -> None:
    assert rules.raw_weight(Given(1, 1, (4,) * 5, FULL, 365)) == Decimal("0.5")
    assert rules.raw_weight(Given(1, 1, (4,) * 5, Money(1_250_000), 0)) == Decimal("0.5")


def test_more_agreeing_owners_narrow_the_interval() -> None:
    few, many = rules.aggregate(honest(3)), rules.aggregate(honest(30))
    assert many.high - many.low < few.high - few.low


def test_there_is_no_grade_under_three_ratings() -> None:
    standing = rules.standing_of(honest(2), Facts(2, 2, 2, 2))
    assert (standing.mean_milli, standing.grade, standing.ratings_n) == (None, None, 2)
    assert rules.standing_of(honest(3), Facts(3, 3, 3, 3)).grade is not None


def test_nobody_starts_with_a_rating() -> None:
    standing = rules.standing_of([], Facts())
    assert (standing.mean_milli, standing.counts, standing.aspects) == (None, (0, 0, 0, 0, 0), ())


def test_good_work_gets_an_a_and_late_returned_work_a_d() -> None:
    assert rules.standing_of(honest(20, 5), Facts(20, 20, 20, 20)).grade == "A"
    assert rules.standing_of(honest(20, 2), Facts(20, 8, 6, 10)).grade == "D"


@pytest.mark.parametrize(("points", "grade"), [("90", "A"), ("89.99", "B"), ("75", "B"), ("60", "C"), ("59.99", "D")])
def test_a_grade_begins_at_its_bound(points: str, grade: str) -> None:
    assert rules.grade_of(Decimal(points)) == grade


def test_the_parts_weigh_a_hundred_together() -> None:
    parts = rules.parts_of(Decimal(5), Facts(0, 0, 0, 0))
    assert sum(part.weight for part in parts) == 100
    assert parts[1].share == Decimal("0.9")


def test_the_window_ends_at_the_close_of_the_tenth_working_day() -> None:
    accepted = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)
    assert rules.window_end(accepted) == datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_scores", "wanted"), [((2, 3, 4, 3, 2), False), ((5, 3, 3, 3, 3), True), ((3, 3, 3, 3, 1), True)]
)
def test_the_lowest_and_highest_steps_want_a_reason(given_scores: tuple[int, ...], wanted: bool) -> None:
    assert rules.wants_reason(given_scores) is wanted
