"""What selection judges: rankings, ties, the draw, low prices, too few quotes, and who may be chosen."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, Invalid
from core.money import Money
from marketplace.selection import rules
from marketplace.selection.draw import Draw, commitment, draw, factor, list_hash
from marketplace.selection.merit import price_points, rank_merit
from marketplace.selection.ranking import By, Criterion, Entrant, rank_lowest
from marketplace.selection.rules import Enough, LowRatios

FIVE = {f"91440101MA5{letter * 5}{n}X": 1 for n, letter in enumerate("ABCDE", 1)}
BEACON = bytes.fromhex(
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
)
SECRETS = (bytes(range(32)), bytes(range(32, 64)))
NAME = "need-000123/1"


def entrant(quote_id: int, yuan: int, standing: int | None = 4000, **more: object) -> Entrant:
    return Entrant(quote_id, f"K{quote_id}", Money.from_yuan(yuan), standing, **more)  # type: ignore[arg-type]


def order_of(entrants: list[Entrant]) -> tuple[str, ...]:
    return draw(b"seed", {e.key: 1 for e in entrants})


def letters(ranking: tuple[str, ...]) -> str:
    return "".join(key[11] for key in ranking)


def vector(secrets: tuple[bytes, ...] = SECRETS, weights: dict[str, int] | None = None) -> Draw:
    commits = tuple(commitment(NAME, secret) for secret in SECRETS)
    return Draw(NAME, weights or FIVE, BEACON, secrets, commits)


def test_the_published_vector_of_the_draw_comes_out_to_the_digit() -> None:
    found = vector()
    assert list_hash(FIVE).hex() == "b6d1b094cdf7d7b4355c0570c24d287bd10850ce37272f2b86feae1b5c06afa1"
    assert [commit.hex() for commit in found.commits] == [
        "99fe9454e3c1b26f6cb6bf24628e0659b838c90412654e2f0c4c28be851222bd",
        "f20458a9692229c8594fa55fad0b3532adaa566676dd76f815ce8a12dd204818",
    ]
    assert found.seed.hex() == "95d038c97fb708cb1af2762fbb1f6ef68c0cf22c6869a040d3c35105d6ae4b58"
    assert letters(found.ranking()) == "DBECA"
    assert factor(found.seed) == 96


def test_a_withheld_secret_leaves_a_draw_that_goes_on() -> None:
    assert letters(vector(secrets=(SECRETS[0], b"")).ranking()) == "BAECD"


def test_a_weight_of_three_gives_three_tickets() -> None:
    heavier = {key: 3 if key[11] == "A" else 1 for key in FIVE}
    assert letters(vector(weights=heavier).ranking()) == "ACEDB"


@given(st.permutations(sorted(FIVE)), st.binary(min_size=1, max_size=32))
def test_a_draw_ignores_the_order_of_entrants(keys: list[str], seed: bytes) -> None:
    assert draw(seed, dict.fromkeys(keys, 1)) == draw(seed, FIVE)


@given(st.sampled_from(sorted(FIVE)), st.binary(min_size=1, max_size=32))
def test_taking_one_entrant_away_moves_nobody_else(gone: str, seed: bytes) -> None:
    rest = {key: weight for key, weight in FIVE.items() if key != gone}
    assert draw(seed, rest) == tuple(key for key in draw(seed, FIVE) if key != gone)


def test_the_bundle_carries_what_a_bystander_needs() -> None:
    bundle: dict[str, Any] = json.loads(json.dumps(vector().bundle()))
    secrets = tuple(bytes.fromhex(secret) for secret in bundle["secrets"])
    again = Draw(bundle["draw"], bundle["weights"], bytes.fromhex(bundle["beacon_sig"]), secrets, ())
    assert list(again.ranking()) == bundle["ranking"]


def test_the_lowest_of_three_one_and_two_wins() -> None:
    lines = rank_lowest(quotes := [entrant(1, 3), entrant(2, 1), entrant(3, 2)], order_of(quotes))
    assert [line.entrant.quote_id for line in lines] == [2, 3, 1]
    assert [line.decided_by for line in lines] == [None, By.PRICE, By.PRICE]


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 3), (0, 3)])
def test_a_tie_is_seen_wherever_it_stands_and_standing_decides_it(pair: tuple[int, int]) -> None:
    prices = [100, 200, 300, 400]
    prices[pair[1]] = prices[pair[0]]
    quotes = [entrant(n, price, 5000 if n == pair[1] else 3000) for n, price in enumerate(prices)]
    lines = rank_lowest(quotes, order_of(quotes))
    behind = next(line for line in lines if line.entrant.quote_id == pair[0])
    ahead = next(line for line in lines if line.entrant.quote_id == pair[1])
    assert ahead.rank is not None
    assert behind.rank == ahead.rank + 1
    assert behind.decided_by is By.STANDING


@pytest.mark.parametrize("size", [2, 3, 5])
def test_equals_in_everything_are_separated_by_the_draw(size: int) -> None:
    quotes = [entrant(n, 100) for n in range(size)]
    lines = rank_lowest(quotes, order_of(quotes))
    assert tuple(line.entrant.key for line in lines) == order_of(quotes)
    assert all(line.decided_by is By.DRAW for line in lines[1:])


@given(st.lists(st.integers(1, 4), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_ranking_ignores_the_order_of_arrival(prices: list[int], shuffler: object) -> None:
    quotes = [entrant(n, price) for n, price in enumerate(prices)]
    mixed = list(quotes)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    assert rank_lowest(quotes, order_of(quotes)) == rank_lowest(mixed, order_of(quotes))


def test_an_agency_without_standing_comes_after_one_with() -> None:
    quotes = [entrant(1, 100, None), entrant(2, 100, 0)]
    assert rank_lowest(quotes, order_of(quotes))[0].entrant.quote_id == 2


def test_a_quote_with_a_fault_has_no_rank_and_moves_nobody() -> None:
    quotes = [entrant(1, 50, faults=("not-listed",)), entrant(2, 100), entrant(3, 90)]
    lines = rank_lowest(quotes, order_of(quotes))
    assert [(line.entrant.quote_id, line.rank) for line in lines] == [(3, 1), (2, 2), (1, None)]


CRITERIA = [Criterion("报价", 30, is_price=True), Criterion("方案", 50), Criterion("人员", 20)]


def test_merit_weighs_points_and_scores_the_price_by_the_published_formula() -> None:
    quotes = [entrant(1, 90_000, points={"方案": 80, "人员": 70}), entrant(2, 100_000, points={"方案": 90, "人员": 80})]
    first, second = rank_merit(quotes, CRITERIA, order_of(quotes))
    assert (first.entrant.quote_id, first.scores["报价"], first.total) == (2, Decimal("90.00"), Decimal("88.00"))
    assert (second.total, second.decided_by) == (Decimal("84.00"), By.TOTAL)


def test_equal_totals_go_to_higher_standing_then_to_the_lower_price() -> None:
    only = [Criterion("方案", 1)]
    quotes = [
        entrant(1, 300, 4000, points={"方案": 80}),
        entrant(2, 200, 4000, points={"方案": 80}),
        entrant(3, 400, 4500, points={"方案": 80}),
    ]
    lines = rank_merit(quotes, only, order_of(quotes))
    assert [line.entrant.quote_id for line in lines] == [3, 2, 1]
    assert [line.decided_by for line in lines] == [None, By.STANDING, By.PRICE]


def test_merit_refuses_to_rank_while_points_are_missing() -> None:
    quotes = [entrant(1, 100, points={"方案": 80})]
    with pytest.raises(Conflict, match="scores-missing"):
        rank_merit(quotes, CRITERIA, order_of(quotes))


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_price_points_stay_between_nought_and_a_hundred(one: int, other: int) -> None:
    lowest, amount = sorted((one, other))
    assert Decimal(0) <= price_points(Money(amount), Money(lowest)) <= Decimal(100)


def test_a_price_under_half_the_mean_the_next_or_the_ceiling_share_is_flagged() -> None:
    amounts = {1: Money(40), 2: Money(100), 3: Money(110)}
    assert rules.low_flags(amounts, Money(120), LowRatios()) == {
        1: ("low-against-mean", "low-against-next", "low-against-ceiling")
    }


def test_a_single_quote_is_not_held_against_its_own_mean() -> None:
    assert rules.low_flags({1: Money(60)}, Money(100), LowRatios()) == {}


@pytest.mark.parametrize(
    ("valid", "minimum", "least", "expected"),
    [
        (0, 1, None, Enough(failure="no-valid-quotes")),
        (1, 1, None, Enough(single=True)),
        (1, 3, 2, Enough(failure="too-few-quotes")),
        (2, 3, 2, Enough(needs_reason=True)),
        (2, 3, None, Enough(failure="too-few-quotes")),
        (3, 3, 2, Enough()),
    ],
)
def test_the_number_of_quotes_is_judged_by_the_rules_of_the_fund(
    valid: int, minimum: int, least: int | None, expected: Enough
) -> None:
    assert rules.enough(valid, minimum, least) == expected


LONG = "方案更贴近本项目的进度要求"


@pytest.mark.parametrize("method", ["direct", "lowest", "merit"])
def test_every_method_can_choose_its_first(method: str) -> None:
    lines = rank_lowest(quotes := [entrant(1, 1), entrant(2, 2)], order_of(quotes))
    reason = LONG if method == "direct" else ""
    assert rules.judge_choice(method, lines, 1, reason, Enough()).rank == 1


def test_the_lowest_method_takes_nobody_but_the_first_even_with_a_reason() -> None:
    lines = rank_lowest(quotes := [entrant(1, 1), entrant(2, 2)], order_of(quotes))
    with pytest.raises(Invalid, match="lowest-takes-first"):
        rules.judge_choice("lowest", lines, 2, LONG, Enough())


@pytest.mark.parametrize(("method", "quote_id"), [("merit", 2), ("direct", 1)])
def test_a_choice_that_needs_a_reason_is_refused_without_one(method: str, quote_id: int) -> None:
    lines = rank_lowest(quotes := [entrant(1, 1), entrant(2, 2)], order_of(quotes))
    with pytest.raises(Invalid, match="reason-too-short"):
        rules.judge_choice(method, lines, quote_id, "因为好", Enough())
    assert rules.judge_choice(method, lines, quote_id, LONG, Enough()).entrant.quote_id == quote_id


def test_a_quote_that_does_not_count_cannot_be_chosen() -> None:
    lines = rank_lowest(quotes := [entrant(1, 1, faults=("avoided",)), entrant(2, 2)], order_of(quotes))
    with pytest.raises(Invalid, match="quote-does-not-count"):
        rules.judge_choice("merit", lines, 1, LONG, Enough())


def test_nobody_is_chosen_when_the_quotes_are_too_few() -> None:
    lines = rank_lowest(quotes := [entrant(1, 1)], order_of(quotes))
    with pytest.raises(Conflict, match="too-few-quotes"):
        rules.judge_choice("lowest", lines, 1, "", rules.enough(1, 3, 2))


def test_each_loser_is_told_what_decided() -> None:
    quotes = [entrant(1, 1), entrant(2, 2), entrant(3, 1, 3000), entrant(4, 1, faults=("avoided",)), entrant(5, 1)]
    lines = {line.entrant.quote_id: line for line in rank_lowest(quotes, ("K1", "K2", "K3", "K4", "K5"))}
    told = {n: rules.why_not(lines[n], lines[1], "lowest") for n in (2, 3, 4, 5)}
    assert told == {2: "price-higher", 3: "standing-lower", 4: "quote-did-not-count", 5: "draw-later"}
    assert rules.why_not(lines[1], lines[2], "merit") == "owner-chose-otherwise"
