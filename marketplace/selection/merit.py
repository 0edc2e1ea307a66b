"""The weighted score sheet of proposal merit (方案择优). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from core.errors import Conflict
from core.money import Money
from marketplace.selection.ranking import By, Criterion, Entrant, Line, Plan, rank, to_cent

FULL_POINTS: Final = 100


def rank_merit(entrants: Sequence[Entrant], criteria: Sequence[Criterion], drawn: Sequence[str]) -> tuple[Line, ...]:
    """Rank by weighted total, highest first; equal totals by standing, then lower price, then the draw.

    Raises Conflict("scores-missing") while a counted quote has a criterion without points.
    """
    counted = [entrant for entrant in entrants if not entrant.faults]
    missing = [e.quote_id for e in counted for c in criteria if not c.is_price and c.name not in e.points]
    if missing:
        raise Conflict("scores-missing", count=len(missing))
    lowest = min((entrant.amount for entrant in counted), default=Money(0))
    scores = {entrant.quote_id: points_of(entrant, criteria, lowest) for entrant in counted}
    totals = {quote_id: total_of(points, criteria) for quote_id, points in scores.items()}
    plan = Plan(lambda entrant: (By.TOTAL, -totals[entrant.quote_id]), lambda entrant: totals[entrant.quote_id], scores)
    return rank(entrants, drawn, plan)


def price_points(amount: Money, lowest: Money) -> Decimal:
    """Return the price's points: the lowest counted price over this price, times 100, rounded half up to 0.01.

    Source: 政府采购货物和服务招标投标管理办法 (财政部令第87号) 第五十五条, the formula for the lowest-price benchmark.
    """
    if amount.fen <= 0 or amount <= lowest:
        return Decimal(FULL_POINTS)
    return to_cent(Fraction(lowest.fen * FULL_POINTS, amount.fen))


def points_of(entrant: Entrant, criteria: Sequence[Criterion], lowest: Money) -> dict[str, Decimal]:
    """Return the points of one quote on every criterion, the price by formula, the others as given."""
    return {
        criterion.name: price_points(entrant.amount, lowest)
        if criterion.is_price
        else Decimal(entrant.points[criterion.name])
        for criterion in criteria
    }


def total_of(points: Mapping[str, Decimal], criteria: Sequence[Criterion]) -> Decimal:
    """Weigh the points into a total from 0 to 100, rounded half up to 0.01, once.

    points: 0 to 100 by criterion, one for each. Weights need not add up to 100; without any the total is 0.
    """
    weights = sum(criterion.weight for criterion in criteria)
    weighted = sum((Fraction(points[criterion.name]) * criterion.weight for criterion in criteria), Fraction(0))
    return to_cent(weighted / weights) if weights else Decimal(0)
