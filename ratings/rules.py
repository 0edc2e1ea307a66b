"""Judgements of ratings: the window, what needs a reason, the owner-capped Bayesian mean, and the grade. Pure.

The mean of an agency is drawn towards a prior and every enterprise's weight is capped, so that one enterprise cannot
rate an agency up or down however many contracts it signs. Arithmetic is decimal, so that anyone gets the same digits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from agencies.registration.rules import Standing
from core.clock import beijing_day
from core.money import Money, round_half_up
from core.workdays import add_workdays, close_of

WINDOW_WORKDAYS: Final = 10
GRADED_FROM: Final = 3
LEAST, MOST = 1, 5
DIMENSIONS: Final = 5
SHORTEST_REASON: Final = 5
PRINTED: Final = 10_000
GRADES: Final = ((Decimal(90), "A"), (Decimal(75), "B"), (Decimal(60), "C"))
WORST_GRADE: Final = "D"
ZERO, ONE = Decimal(0), Decimal(1)
WHOLE_VALUE: Final = Money(5_000_000)


@dataclass(frozen=True, slots=True)
class Weighing:
    """The numbers of the aggregate.

    prior_weight (k) and prior_mean (μ, stars); half_life_days; full_value: from this contract value on a rating counts
    whole; owner_most: the most one enterprise weighs; owner_share: its largest share of all weight, the prior's
    included, or None for no such limit; spread: the prior's variance; z: of a 90 % interval.
    """

    prior_weight: Decimal = Decimal(5)
    prior_mean: Decimal = Decimal(4)
    half_life_days: int = 365
    full_value: Money = WHOLE_VALUE
    owner_most: Decimal = Decimal("1.5")
    owner_share: Decimal | None = Decimal("0.2")
    spread: Decimal = ONE
    z: Decimal = Decimal("1.645")


USUAL: Final = Weighing()


@dataclass(frozen=True, slots=True)
class Given:
    """One rating as the aggregate sees it: who gave it, five scores of 1 to 5, the contract's value, days since."""

    rating_id: int
    owner_id: int
    scores: tuple[int, ...]
    value: Money
    age_days: int

    @property
    def stars(self) -> Decimal:
        """The mean of the five scores, from 1 to 5."""
        return Decimal(sum(self.scores)) / len(self.scores)


@dataclass(frozen=True, slots=True)
class Event:
    """What one rating adds to the mean; the prior has no rating.

    weight: after the caps. printed: the contribution in ten-thousandths of a star; all of them add up to the total.
    """

    rating_id: int | None
    stars: Decimal
    weight: Decimal
    contribution: Decimal
    printed: int
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The mean with its 90 % interval, and the events that add up to it, the prior first."""

    mean: Decimal
    low: Decimal
    high: Decimal
    events: tuple[Event, ...]

    @property
    def printed(self) -> int:
        """The mean in ten-thousandths of a star."""
        return round_half_up(self.mean * PRINTED)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an agency's accepted contracts say: how many, and how many kept each promise."""

    accepted: int = 0
    first_pass: int = 0
    on_time: int = 0
    price_kept: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the points: its code, its share of 0 to 1, its weight of 100, and what it brings."""

    code: str
    share: Decimal
    weight: Decimal
    points: Decimal


def window_end(accepted_at: datetime) -> datetime:
    """Return when rating ends: the close of the tenth working day after acceptance."""
    return close_of(add_workdays(beijing_day(accepted_at), WINDOW_WORKDAYS))


def wants_reason(scores: Iterable[int]) -> bool:
    """Say whether a reason is needed: the lowest or highest step was chosen anywhere."""
    return any(score in {LEAST, MOST} for score in scores)


def raw_weight(given: Given, weighing: Weighing = USUAL) -> Decimal:
    """Return what one rating weighs, from 0 to 1, before its enterprise's cap.

    It is the root of the contract's value as a share of the full value, 1 at the most, halved for every half-life, in
    days, that the rating is old.
    """
    worth = min(ONE, Decimal(max(given.value.fen, 0)) / weighing.full_value.fen).sqrt()
    fade = Decimal(2) ** (Decimal(-given.age_days) / weighing.half_life_days)
    return worth * fade


def owner_weights(raw: Mapping[int, Decimal], weighing: Weighing = USUAL) -> dict[int, Decimal]:
    """Cap each enterprise's weight: absolutely, and by its share of the whole.

    The share limit depends on the sum it limits. The sum is the one root of a concave function: the largest m weights
    stand at the limit, so the limit follows from the others and the prior; m below five always fits.
    """
    most = {owner: min(weighing.owner_most, weight) for owner, weight in raw.items()}
    share = weighing.owner_share
    if share is None:
        return most
    ordered = sorted(most.values(), reverse=True)
    for at_limit in range(len(ordered) + 1):
        room = ONE - share * at_limit
        if room <= 0:
            break
        limit = share * (weighing.prior_weight + sum(ordered[at_limit:], ZERO)) / room
        if at_limit == len(ordered) or ordered[at_limit] <= limit:
            return {owner: min(weight, limit) for owner, weight in most.items()}
    raise ValueError("the prior weighs nothing")


def aggregate(givens: Sequence[Given], weighing: Weighing = USUAL) -> Aggregate:
    """Return the owner-capped Bayesian mean of ratings, its interval, and what each rating adds.

    O = (k·μ + Σ wⱼ·r̄ⱼ) / (k + Σ wⱼ) over enterprises j, not ratings; low and high are O ∓ z·√(s²/(k + Σ wⱼ)), where s²
    is the weighted variance of the enterprises' means around O with the prior's own variance among them.
    """
    raw = [raw_weight(given, weighing) for given in givens]
    owners: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for given, weight in zip(givens, raw, strict=True):
        owners[given.owner_id] += weight
    capped = owner_weights(owners, weighing)
    whole = weighing.prior_weight + sum(capped.values(), ZERO)
    weights = [
        ZERO if not owners[given.owner_id] else capped[given.owner_id] * weight / owners[given.owner_id]
        for given, weight in zip(givens, raw, strict=True)
    ]
    rows: list[tuple[int | None, Decimal, Decimal, bool]] = [(None, weighing.prior_mean, weighing.prior_weight, False)]
    rows += [
        (given.rating_id, given.stars, weight, capped[given.owner_id] < owners[given.owner_id])
        for given, weight in zip(givens, weights, strict=True)
    ]
    mean = sum((stars * weight for _, stars, weight, _ in rows), ZERO) / whole
    printed = _re_adding([stars * weight / whole for _, stars, weight, _ in rows], round_half_up(mean * PRINTED))
    events = tuple(
        Event(rating_id, stars, weight, stars * weight / whole, shown, is_capped)
        for (rating_id, stars, weight, is_capped), shown in zip(rows, printed, strict=True)
    )
    reach = weighing.z * (_variance(givens, weights, capped, mean, weighing) / whole).sqrt()
    return Aggregate(mean, max(Decimal(LEAST), mean - reach), min(Decimal(MOST), mean + reach), events)


def _variance(
    givens: Sequence[Given],
    weights: Sequence[Decimal],
    capped: Mapping[int, Decimal],
    mean: Decimal,
    weighing: Weighing,
) -> Decimal:
    """Return the weighted variance of the enterprises' own means, the prior's variance among them."""
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for given, weight in zip(givens, weights, strict=True):
        sums[given.owner_id] += given.stars * weight
    spread = weighing.prior_weight * weighing.spread
    for owner, weight in capped.items():
        if weight:
            spread += weight * (sums[owner] / weight - mean) ** 2
    return spread / (weighing.prior_weight + sum(capped.values(), ZERO))


def _re_adding(parts: Sequence[Decimal], total: int) -> list[int]:
    """Round parts to whole ten-thousandths so that they add up to the total: the largest remainders go up first."""
    floors = [int(part * PRINTED) for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (floors[place] - parts[place] * PRINTED, place))
    for place in order[: total - sum(floors)]:
        floors[place] += 1
    return floors


def parts_of(mean: Decimal, facts: Facts) -> tuple[Part, ...]:
    """Return the points of an agency out of 100, part by part.

    Ratings 30, first-pass acceptance 25, in time 25, price kept 10; answers to invitations (10) are not counted yet,
    and the other weights fill their place. Each share starts from nine in ten with the weight of five contracts.
    """
    total = Decimal(90)
    shares = (
        ("ratings", Decimal(30), (mean - LEAST) / (MOST - LEAST)),
        ("first_pass", Decimal(25), kept_share(facts.first_pass, facts.accepted)),
        ("on_time", Decimal(25), kept_share(facts.on_time, facts.accepted)),
        ("price", Decimal(10), kept_share(facts.price_kept, facts.accepted)),
    )
    return tuple(
        Part(code, share, weight * 100 / total, share * weight * 100 / total) for code, weight, share in shares
    )


def kept_share(kept: int, of: int) -> Decimal:
    """Return a share that starts from 0.9 with the weight of five contracts."""
    return (Decimal("4.5") + kept) / (5 + of)


def grade_of(points: Decimal) -> str:
    """Return the grade of 0 to 100 points: A from 90, B from 75, C from 60, D below."""
    return next((grade for least, grade in GRADES if points >= least), WORST_GRADE)


def standing_of(givens: Sequence[Given], facts: Facts, weighing: Weighing = USUAL) -> Standing:
    """Return what is kept of an agency: thousandths of a star, the grade, the spread; no mean under three ratings."""
    counts = [0] * MOST
    for given in givens:
        counts[round_half_up(given.stars) - 1] += 1
    aspects = tuple(
        round_half_up(Decimal(1000 * sum(given.scores[place] for given in givens)) / len(givens))
        for place in range(DIMENSIONS if givens else 0)
    )
    if len(givens) < GRADED_FROM:
        return Standing(None, None, None, len(givens), None, tuple(counts), aspects)
    found = aggregate(givens, weighing)
    points = sum((part.points for part in parts_of(found.mean, facts)), ZERO)
    mean, low, high = (round_half_up(value * 1000) for value in (found.mean, found.low, found.high))
    return Standing(mean, low, high, len(givens), grade_of(points), tuple(counts), aspects)
