"""How quotes become lines in an order, and what separates equals. Pure.

The order of arrival never decides anything. Equals are separated by higher standing, then by lower price, then by the
draw. What a quote is measured against (a mean, a list) is fixed when the list is frozen: taking one away later closes
the ranks up and moves nobody past anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, TypeAlias

from core.money import Money
from marketplace.selection.draw import Draw

CENT: Final = Decimal("0.01")

Note: TypeAlias = tuple[str, Mapping[str, Any]]
"""A code with its facts, which the room's wording says in the reader's language."""


class By(StrEnum):
    """What put a line behind the one before it."""

    PRICE = "price"
    TOTAL = "total"
    DISTANCE = "distance"
    TURN = "turn"
    STANDING = "standing"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Entrant:
    """One opened quote as the rules see it.

    key: the agency's public number, which the draw uses. standing: thousandths of a star, None before there is one.
    faults: codes of why the quote does not count; empty for a valid one. points: criterion to points from 0 to 100.
    stood: whether it counted when the list was frozen, and so belongs to what the others are measured against.
    sealed: the price of the sealed quote, where rounds of bidding may have brought it down.
    """

    quote_id: int
    key: str
    amount: Money
    standing: int | None = None
    faults: tuple[str, ...] = ()
    points: Mapping[str, int] = field(default_factory=dict)
    stood: bool = True
    sealed: Money | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the score sheet; weights are whole and need not add to a hundred."""

    name: str
    weight: int
    is_price: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One quote in the ranking.

    rank is None for a quote that does not count. out: the code of why a counted quote cannot win, ranked or not.
    decided_by is None for the first. notes: the working of this line. first: what it is ranked by before tie-breaks.
    """

    entrant: Entrant
    rank: int | None
    decided_by: By | None = None
    total: Decimal | None = None
    scores: Mapping[str, Decimal] = field(default_factory=dict)
    out: str = ""
    notes: tuple[Note, ...] = ()
    first: Key | None = None


Key: TypeAlias = tuple[By, Fraction | Decimal | int]


@dataclass(frozen=True, slots=True)
class Frozen:
    """The frozen input of a ranking.

    terms: what the notice fixed for its method, whole numbers by name. turns: key to the place in a rotation.
    """

    entrants: tuple[Entrant, ...]
    draw: Draw
    criteria: tuple[Criterion, ...] = ()
    terms: Mapping[str, Any] = field(default_factory=dict)
    turns: Mapping[str, int] = field(default_factory=dict)

    @property
    def stood(self) -> tuple[Entrant, ...]:
        """The quotes that counted when the list was frozen."""
        return tuple(entrant for entrant in self.entrants if entrant.stood)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A ranking with the working that holds for all of its lines."""

    lines: tuple[Line, ...]
    working: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How one method orders: what comes before the tie-breaks, who cannot win, and what each line is told.

    out: quote id to the code of why a counted quote cannot win.
    """

    first: Callable[[Entrant], Key]
    total: Callable[[Entrant], Decimal | None] = lambda _entrant: None
    scores: Mapping[int, Mapping[str, Decimal]] = field(default_factory=dict)
    out: Mapping[int, str] = field(default_factory=dict)
    notes: Callable[[Entrant], tuple[Note, ...]] = lambda _entrant: ()


def rank(entrants: Sequence[Entrant], drawn: Sequence[str], plan: Plan) -> tuple[Line, ...]:
    """Put quotes in order; those that cannot win follow, and those that do not count come last."""
    places = {key: place for place, key in enumerate(drawn)}

    def order(entrant: Entrant) -> tuple[Key, ...]:
        return (plan.first(entrant), *tie_breaks(entrant, places))

    counted = [entrant for entrant in entrants if not entrant.faults]
    able = sorted((e for e in counted if e.quote_id not in plan.out), key=lambda e: [value for _, value in order(e)])
    lines = []
    for index, entrant in enumerate(able):
        split = None if index == 0 else _what_split(order(able[index - 1]), order(entrant))
        scores = plan.scores.get(entrant.quote_id, {})
        key, total = plan.first(entrant), plan.total(entrant)
        lines.append(Line(entrant, index + 1, split, total, scores, notes=plan.notes(entrant), first=key))
    unable = sorted((e for e in counted if e.quote_id in plan.out), key=lambda e: (e.amount, e.key.encode()))
    lines += [Line(e, None, out=plan.out[e.quote_id], notes=plan.notes(e)) for e in unable]
    lines += [Line(e, None) for e in sorted((e for e in entrants if e.faults), key=lambda e: e.key.encode())]
    return tuple(lines)


def tie_breaks(entrant: Entrant, places: Mapping[str, int]) -> tuple[Key, ...]:
    """Return what separates equals, in turn: standing, price, the draw."""
    standing = -1 if entrant.standing is None else entrant.standing
    return (By.STANDING, -standing), (By.PRICE, entrant.amount.fen), (By.DRAW, places[entrant.key])


def rank_lowest(entrants: Sequence[Entrant], drawn: Sequence[str]) -> tuple[Line, ...]:
    """Rank by price, lowest first; equal prices by standing, then by the draw. Quotes that do not count come last."""
    return rank(entrants, drawn, Plan(lambda entrant: (By.PRICE, entrant.amount.fen)))


def rank_drawn(entrants: Sequence[Entrant], drawn: Sequence[str]) -> tuple[Line, ...]:
    """Rank by the draw alone."""
    places = {key: place for place, key in enumerate(drawn)}
    return rank(entrants, drawn, Plan(lambda entrant: (By.DRAW, places[entrant.key])))


def _what_split(before: Sequence[Key], after: Sequence[Key]) -> By:
    return next((name for (name, one), (_, other) in zip(before, after, strict=True) if one != other), By.DRAW)


def to_cent(exact: Fraction) -> Decimal:
    """Round a fraction half up to 0.01, exactly and once."""
    scaled = exact * 100
    doubled = 2 * scaled.numerator + scaled.denominator
    return (Decimal(doubled // (2 * scaled.denominator)) / 100).quantize(CENT)


def yuan(fen: Fraction | int) -> str:
    """Write an exact sum of fen as yuan, rounded half up to 0.01."""
    return str(to_cent(Fraction(fen) / 100))
