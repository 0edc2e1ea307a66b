"""What each method ranks by, worked by hand, and the laws that hold for all of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money
from marketplace.needs.methods import ASKED
from marketplace.selection import credit, mean, rules
from marketplace.selection.draw import Draw
from marketplace.selection.methods import METHODS
from marketplace.selection.ranking import Criterion, Entrant, Frozen, Outcome, to_cent

CRITERIA = (Criterion("价格", 30, is_price=True), Criterion("服务方案", 70))
TERMS: dict[str, Any] = {"large": 4, "small": 2}
TIES = {"none": None, "first": (0, 1), "middle": (1, 2), "last": (-2, -1)}


def frozen(entrants: list[Entrant], secret: bytes = b"s", **terms: Any) -> Frozen:
    """Freeze entrants with a draw of their own."""
    weights = {e.key: credit.numbers_for(e.standing) if "large" in terms else 1 for e in entrants}
    return Frozen(tuple(entrants), Draw("need/1", weights, b"beacon", (secret,), ()), CRITERIA, terms)


def entrants(*yuan: float, standings: list[int | None] | None = None) -> list[Entrant]:
    """Return entrants with these prices in yuan."""
    graded = standings or [4000] * len(yuan)
    return [
        Entrant(n, f"K{n}", Money(round(price * 100)), graded[n - 1], points={"服务方案": 80})
        for n, price in enumerate(yuan, 1)
    ]


def ranked(outcome: Outcome) -> list[int]:
    """Return the quotes in their order, those that may win."""
    return [line.entrant.quote_id for line in outcome.lines if line.rank is not None and not line.out]


def facts(outcome: Outcome, code: str) -> dict[str, Any]:
    """Return one step of the working."""
    return dict(next(found for name, found in outcome.working if name == code))


def test_the_mean_is_of_all_and_the_nearest_wins() -> None:
    outcome = mean.closest_to_mean(frozen(entrants(100, 200, 600)))
    assert facts(outcome, "mean") == {"count": 3, "mean": "300.00"}
    assert ranked(outcome) == [2, 1, 3]
    assert [line.notes[0][1]["distance"] for line in outcome.lines] == ["100.00", "200.00", "300.00"]


def test_two_as_near_from_either_side_are_separated_by_standing_then_by_the_lower_price() -> None:
    assert ranked(mean.closest_to_mean(frozen(entrants(100, 300, standings=[3000, 4000])))) == [2, 1]
    assert ranked(mean.closest_to_mean(frozen(entrants(300, 100)))) == [2, 1]


def test_one_found_invalid_later_leaves_the_mean_where_it_was() -> None:
    whole = frozen(entrants(100, 200, 600))
    one, two, three = whole.entrants
    without = replace(whole, entrants=(one, two, replace(three, faults=("quote-rejected",))))
    assert facts(mean.closest_to_mean(without), "mean")["mean"] == "300.00"
    assert ranked(mean.closest_to_mean(without)) == [2, 1]


def factor_of(percent: int, found: list[Entrant]) -> Frozen:
    """Find a secret whose draw gives this factor."""
    tries = (frozen(found, bytes([n])) for n in range(256))
    return next(one for one in tries if one.draw.factor == percent)


@pytest.mark.parametrize(("percent", "target"), [(95, "332.50"), (96, "336.00"), (97, "339.50"), (98, "343.00")])
def test_the_best_price_drops_the_extremes_of_six_and_draws_its_factor(percent: int, target: str) -> None:
    outcome = mean.best_price(factor_of(percent, entrants(100, 320, 340, 360, 380, 900)))
    assert facts(outcome, "trimmed-mean") == {"count": 4, "dropped": 2, "mean": "350.00"}
    assert facts(outcome, "factor") == {"factor": percent}
    assert facts(outcome, "target") == {"target": target}
    assert ranked(outcome) == sorted((2, 3, 4, 5), key=lambda n: abs(300 + 20 * (n - 1) - float(target)))
    assert {line.entrant.quote_id: line.out for line in outcome.lines if line.out} == {
        1: "dropped-lowest", 6: "dropped-highest",
    }  # fmt: skip


def test_the_dropped_cannot_be_chosen_and_are_told_why() -> None:
    outcome = mean.best_price(factor_of(95, entrants(100, 320, 340, 360, 380, 900)))
    winner = outcome.lines[0]
    dropped = next(line for line in outcome.lines if line.out == "dropped-lowest")
    assert not rules.may_be_chosen("best-price", dropped)
    assert rules.why_not(dropped, winner, "best-price") == "dropped-lowest"
    assert rules.why_not(outcome.lines[1], winner, "best-price") == "farther"


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_two_to_five_are_not_trimmed(count: int) -> None:
    outcome = mean.best_price(frozen(entrants(*range(100, 100 + count))))
    assert facts(outcome, "trimmed-mean")["dropped"] == 0
    assert len(ranked(outcome)) == count


def test_a_single_quote_of_social_money_is_the_best_price() -> None:
    outcome = mean.best_price(frozen(entrants(100)))
    assert ranked(outcome) == [1]
    assert [code for code, _facts in outcome.working] == ["trimmed-mean"]


def test_the_target_is_rounded_half_up_to_the_fen() -> None:
    found = factor_of(95, entrants(0.1, 0.2))
    assert facts(mean.best_price(found), "target") == {"target": "0.14"}  # 0.15 x 0.95 = 0.1425


@pytest.mark.parametrize("tie", [(0, 1), (4, 5), (0, 5)])
def test_six_equal_prices_lose_two_different_quotes_to_the_trimming(tie: tuple[int, int]) -> None:
    standings: list[int | None] = [4000] * 6
    for place in tie:
        standings[place] = 3000
    outcome = mean.best_price(frozen(entrants(*[100] * 6, standings=standings)))
    gone = {line.entrant.quote_id for line in outcome.lines if line.out}
    assert gone == {place + 1 for place in tie}  # the ones that would come last among equals


@pytest.mark.parametrize(
    ("standing", "numbers"), [(5000, 10), (4200, 8), (4250, 9), (1000, 2), (200, 1), (0, 1), (None, 6)]
)
def test_numbers_are_allotted_by_standing_and_newcomers_have_some(standing: int | None, numbers: int) -> None:
    assert credit.numbers_for(standing) == numbers


@pytest.mark.parametrize(
    ("size", "graded", "newcomers", "kept_graded", "kept_newcomers"),
    [
        (5, 8, 4, 4, 1),  # a fifth of five is kept for newcomers
        (10, 20, 5, 8, 2),
        (2, 5, 5, 1, 1),  # one of two at least
        (5, 8, 0, 5, 0),  # nobody new: the graded take the place
        (5, 1, 9, 1, 4),  # few graded: newcomers take what is free
        (9, 3, 2, 3, 2),  # all fit
        (1, 3, 3, 1, 0),
    ],
)
def test_the_large_list_cuts_the_tail_and_keeps_a_share_for_newcomers(
    size: int, graded: int, newcomers: int, kept_graded: int, kept_newcomers: int
) -> None:
    standings: list[int | None] = [*range(3000, 3000 + graded), *[None] * newcomers]
    found = entrants(*[100] * len(standings), standings=standings)
    kept = credit.large_list(found, size, Decimal("0.20"), [e.key for e in found])
    best = {e.quote_id for e in sorted(found[:graded], key=lambda e: -(e.standing or 0))[:kept_graded]}
    assert {e.quote_id for e in found if e.quote_id in kept and e.standing is not None} == best
    assert sum(e.quote_id in kept for e in found if e.standing is None) == kept_newcomers


def test_credit_merit_names_its_lists_and_lets_win_only_the_small_one() -> None:
    outcome = METHODS["credit"].rank(
        frozen(entrants(*[100] * 7, standings=[1000, 2000, 3000, 4000, 5000, None, None]), large=4, small=2)
    )
    outs = [line.out for line in outcome.lines]
    assert outs == ["", "", "outside-small-list", "outside-small-list"] + ["cut-by-standing"] * 3
    assert facts(outcome, "lists") == {"applicants": 7, "large": 4, "small": 2, "share": "20%"}
    assert [rules.may_be_chosen("credit", line) for line in outcome.lines] == [True, True] + [False] * 5
    assert rules.reason_needed("credit", 1, rules.Enough())


def test_one_of_the_small_list_found_invalid_is_followed_by_the_next_drawn_and_not_by_one_cut() -> None:
    whole = frozen(entrants(*[100] * 7, standings=[1000, 2000, 3000, 4000, 5000, None, None]), large=4, small=2)
    before = METHODS["credit"].rank(whole)
    gone = before.lines[0].entrant.quote_id
    less = replace(
        whole, entrants=tuple(replace(e, faults=("x",)) if e.quote_id == gone else e for e in whole.entrants)
    )
    after = METHODS["credit"].rank(less)
    assert ranked(after) == [line.entrant.quote_id for line in before.lines[1:3]]
    cut = {line.entrant.quote_id for line in before.lines if line.out == "cut-by-standing"}
    assert {line.entrant.quote_id for line in after.lines if line.out == "cut-by-standing"} == cut


def test_the_cut_is_another_draw_than_the_one_that_ranks() -> None:
    orders = [
        (one.draw.ranking(), one.draw.cut_ranking)
        for one in (frozen(entrants(1, 2, 3, 4), bytes([n])) for n in range(20))
    ]
    assert sum(first != second for first, second in orders) > 10


@pytest.mark.parametrize(
    ("tenths", "rounded"), [(("1", "200"), "0.01"), (("1", "300"), "0.00"), (("2", "3"), "0.67"), (("5", "2"), "2.50")]
)
def test_fractions_are_rounded_half_up_once(tenths: tuple[str, str], rounded: str) -> None:
    assert str(to_cent(Fraction(int(tenths[0]), int(tenths[1])))) == rounded


def sheets() -> st.SearchStrategy[list[Entrant]]:
    """Draw lists of entrants, ties among them."""
    one = st.tuples(st.integers(1, 9), st.sampled_from([None, 3000, 4000]), st.integers(0, 3), st.booleans())
    return st.lists(one, min_size=1, max_size=8).map(
        lambda rows: [
            Entrant(n, f"K{n}", Money(price * 100), standing, () if ok else ("x",), {"服务方案": points * 30}, stood=ok)
            for n, (price, standing, points, ok) in enumerate(rows, 1)
        ]
    )


@pytest.mark.parametrize("method", list(METHODS))
@settings(max_examples=40)
@given(found=sheets(), seed=st.integers(0, 99))
def test_the_order_of_entrants_never_matters(method: str, found: list[Entrant], seed: int) -> None:
    shuffled = list(found)
    Random(seed).shuffle(shuffled)
    rank = METHODS[method].rank
    assert rank(frozen(found, **TERMS)) == rank(frozen(shuffled, **TERMS))


@pytest.mark.parametrize("method", [method for method in METHODS if method != "merit"])
@settings(max_examples=40)
@given(found=sheets(), seed=st.integers(0, 99))
def test_a_loser_found_invalid_after_the_freeze_moves_nobody_else(method: str, found: list[Entrant], seed: int) -> None:
    """Merit is left out: its price points are held against the lowest that counts, as its formula says."""
    whole = frozen(found, **TERMS)
    before = [line.entrant.quote_id for line in METHODS[method].rank(whole).lines if line.rank]
    if len(before) < 2:
        return
    gone = before[1 + seed % (len(before) - 1)]
    less = tuple(replace(e, faults=("quote-rejected",)) if e.quote_id == gone else e for e in whole.entrants)
    after = METHODS[method].rank(replace(whole, entrants=less))
    assert [line.entrant.quote_id for line in after.lines if line.rank] == [one for one in before if one != gone]


@pytest.mark.parametrize("method", ["lowest", "rounds", "merit", "mean", "direct"])
@settings(max_examples=40)
@given(prices=st.lists(st.integers(1, 10**6), min_size=1, max_size=8, unique=True), seed=st.integers(0, 99))
def test_names_decide_nothing_where_nothing_is_drawn(method: str, prices: list[int], seed: int) -> None:
    keys = [f"N{n}" for n in range(len(prices))]
    Random(seed).shuffle(keys)
    first = [Entrant(n, f"K{n}", Money(fen), n, points={"服务方案": 60}) for n, fen in enumerate(prices)]
    renamed = [replace(entrant, key=key) for entrant, key in zip(first, keys, strict=True)]
    rank = METHODS[method].rank
    assert ranked(rank(frozen(first))) == ranked(rank(frozen(renamed)))


def last_state(method: str, yuan: list[float], *, refuse: bool, decline: bool) -> tuple[bool, int]:
    """Refuse the first where asked, let winners step back where asked; say whether somebody won and how many lines."""
    state, fallen = frozen(entrants(*yuan), **TERMS), 0
    for _step in range(len(yuan) + 1):
        lines = METHODS[method].rank(state).lines
        winner = next((line for line in lines if rules.may_be_chosen(method, line)), None)
        if winner is None or (fallen >= refuse and not decline):
            return winner is not None, len(lines)
        gone, fallen = winner.entrant.quote_id, fallen + 1
        less = tuple(replace(e, faults=("quote-declined",)) if e.quote_id == gone else e for e in state.entrants)
        state = replace(state, entrants=less)
    raise AssertionError("no end")


@pytest.mark.parametrize("method", [method for method in METHODS if method != "framework"])
def test_every_case_reaches_an_end(method: str) -> None:
    for count, pair, refuse, decline in product((0, 1, 2, 3, 7), TIES.values(), (False, True), (False, True)):
        yuan = [100.0 + 10 * n for n in range(count)]
        if pair is not None and count > max(pair[1], 1):
            yuan[pair[1]] = yuan[pair[0]]
        won, lines = last_state(method, yuan, refuse=refuse, decline=decline)
        assert (won, lines) == (not decline and count - refuse > 0, count), (count, pair, refuse, decline)


def test_the_table_of_methods_is_whole() -> None:
    assert set(METHODS) == set(ASKED)
    assert all(method.order for method in METHODS.values())
    assert {code for code in METHODS if not METHODS[code].passes_on} == {"direct", "call-pick", "framework"}
