"""Closest to the mean (均价), and the best price (最优价) with its trimmed mean and drawn factor. Pure.

Both measure against the quotes that counted when the list was frozen; one found invalid later leaves the yardstick
where it was, so that nobody can move it by taking a quote away.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from marketplace.selection.ranking import (
    By,
    Entrant,
    Frozen,
    Line,
    Note,
    Outcome,
    Plan,
    rank,
    tie_breaks,
    to_cent,
    yuan,
)

TRIM_FROM: Final = 6
FEWEST_TO_TRIM: Final = 3
HIGHEST: Final = "dropped-highest"
LOWEST: Final = "dropped-lowest"


def closest_to_mean(frozen: Frozen) -> Outcome:
    """Rank by the distance to the arithmetic mean of all quotes that stood; none of them is left out of it.

    The mean is kept as a fraction; only what is shown is rounded.
    """
    stood = frozen.stood
    if not stood:
        return Outcome(rank(frozen.entrants, frozen.draw.ranking(), Plan(lambda one: (By.PRICE, one.amount.fen))))
    mean = mean_of(stood)
    working: tuple[Note, ...] = (("mean", {"count": len(stood), "mean": yuan(mean)}),)
    return Outcome(_by_distance(frozen, mean, {}), working)


def best_price(frozen: Frozen) -> Outcome:
    """Rank by the distance to the trimmed mean times a factor drawn from 95 to 98 percent, rounded to 0.01 yuan.

    From ``trim-from`` quotes on (six) the highest and the lowest are dropped, one of each: they count in no mean and
    cannot win. With two to five nothing is dropped; a single quote is its own mean and wins.
    Source: Haizhou's rule page names the trimming, the factor, the rounding and that two to five quotes are not fully
    trimmed; where its text is cut off, not trimming at all is this market's reading.
    """
    stood, drawn = frozen.stood, frozen.draw.ranking()
    if not stood:
        return Outcome(rank(frozen.entrants, drawn, Plan(lambda one: (By.PRICE, one.amount.fen))))
    trim_from = max(FEWEST_TO_TRIM, int(frozen.terms.get("trim-from", TRIM_FROM)))
    dropped = extremes(stood, drawn) if len(stood) >= trim_from else {}
    kept = [entrant for entrant in stood if entrant.quote_id not in dropped]
    mean, percent = mean_of(kept), frozen.draw.factor
    target = Fraction(int(to_cent(mean * percent / 10_000) * 100)) if len(stood) > 1 else mean
    working: list[Note] = [("trimmed-mean", {"count": len(kept), "dropped": len(dropped), "mean": yuan(mean)})]
    if len(stood) > 1:
        working += [("factor", {"factor": percent}), ("target", {"target": yuan(target)})]
    return Outcome(_by_distance(frozen, target, dropped), tuple(working))


def mean_of(entrants: Sequence[Entrant]) -> Fraction:
    """Return the exact arithmetic mean of the prices, in fen."""
    return Fraction(sum(entrant.amount.fen for entrant in entrants), len(entrants))


def extremes(stood: Sequence[Entrant], drawn: Sequence[str]) -> dict[int, str]:
    """Return which quote is dropped as the highest and which as the lowest.

    Where several share an extreme price, the one that would come last among equals goes: by standing, then by the draw.
    """
    places = {key: place for place, key in enumerate(drawn)}

    def lastness(entrant: Entrant) -> list[Fraction | Decimal | int]:
        return [value for _name, value in tie_breaks(entrant, places)]

    highest = max(stood, key=lambda one: (one.amount, lastness(one)))
    lowest = max((one for one in stood if one is not highest), key=lambda one: (-one.amount.fen, lastness(one)))
    return {highest.quote_id: HIGHEST, lowest.quote_id: LOWEST}


def _by_distance(frozen: Frozen, target: Fraction, dropped: dict[int, str]) -> tuple[Line, ...]:
    def distance(entrant: Entrant) -> Fraction:
        return abs(entrant.amount.fen - target)

    def notes(entrant: Entrant) -> tuple[Note, ...]:
        return () if entrant.quote_id in dropped else (("distance", {"distance": yuan(distance(entrant))}),)

    plan = Plan(lambda entrant: (By.DISTANCE, distance(entrant)), out=dropped, notes=notes)
    return rank(frozen.entrants, frozen.draw.ranking(), plan)
