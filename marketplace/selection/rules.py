"""How quotes are ranked, scored, flagged and chosen, and the verifiable draw that separates equals. Pure.

The order of arrival never decides anything. Equals are separated by higher standing, then by lower price, then by the
draw. The draw follows commit, freeze, reveal: its secret is committed when the notice is published, its list is frozen
when the quotes are opened, and anybody can repeat it from the protocol.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from core.errors import Conflict, Invalid
from core.money import Money

FULL_POINTS: Final = 100
SHORTEST_REASON: Final = 10
CENT: Final = Decimal("0.01")
BASE_FACTOR: Final = 95
FACTOR_STEPS: Final = 4

Part: TypeAlias = bytes | str | int


def digest(*parts: Part) -> bytes:
    """Hash parts without ambiguity: SHA-256 over each part preceded by its length as four bytes, numbers as text."""
    encoded = (part if isinstance(part, bytes) else str(part).encode() for part in parts)
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in encoded)).digest()


def list_hash(weights: Mapping[str, int]) -> bytes:
    """Hash the frozen list of entrants and their whole weights; ids sorted by bytes."""
    return digest("list", *(part for key in _sorted(weights) for part in (key, weights[key])))


def commitment(draw_id: str, secret: bytes) -> bytes:
    """Commit to a secret before anybody has entered, without showing it."""
    return digest("commit", draw_id, secret)


def seed_of(draw_id: str, root: bytes, beacon: bytes, secrets: Sequence[bytes]) -> bytes:
    """Mix the draw's name, the hash of the frozen list, the beacon and the secrets; a withheld secret is empty."""
    return digest("seed", draw_id, root, beacon, *secrets)


def draw(seed: bytes, weights: Mapping[str, int]) -> tuple[str, ...]:
    """Rank all entrants by their smallest ticket; taking one away later moves nobody else."""
    tickets = {key: min(digest("ticket", seed, key, index) for index in range(weights[key])) for key in weights}
    return tuple(sorted(_sorted(weights), key=lambda key: tickets[key]))


def factor(seed: bytes) -> int:
    """Draw a factor of 95, 96, 97 or 98 percent."""
    return BASE_FACTOR + int.from_bytes(digest("K", seed), "big") % FACTOR_STEPS


def _sorted(weights: Iterable[str]) -> list[str]:
    return sorted(weights, key=str.encode)


@dataclass(frozen=True, slots=True)
class Draw:
    """All that is needed to repeat one draw.

    weights: entrant id to whole weight. beacon: bytes nobody here chose alone (for ties, the hash of all commitments
    that came with the sealed quotes). secrets and commits: in the same order; an empty secret was withheld.
    """

    name: str
    weights: Mapping[str, int]
    beacon: bytes
    secrets: tuple[bytes, ...]
    commits: tuple[bytes, ...]

    @property
    def seed(self) -> bytes:
        """The seed that the draw's materials give."""
        return seed_of(self.name, list_hash(self.weights), self.beacon, self.secrets)

    def ranking(self) -> tuple[str, ...]:
        """Return the entrants in the order drawn."""
        return draw(self.seed, self.weights)

    def bundle(self) -> dict[str, object]:
        """Return what a bystander needs to repeat the draw, as plain JSON."""
        return {
            "algorithm": "ticket-sha256-1",
            "draw": self.name,
            "weights": dict(self.weights),
            "list_hash": list_hash(self.weights).hex(),
            "beacon_sig": self.beacon.hex(),
            "secrets": [secret.hex() for secret in self.secrets],
            "commits": [commit.hex() for commit in self.commits],
            "ranking": list(self.ranking()),
        }


def quotes_beacon(commitments: Iterable[str]) -> bytes:
    """Hash the commitments that came with the sealed quotes, sorted: no one party chose them all."""
    return digest("quotes", *sorted(commitments))


class By(StrEnum):
    """What put a line behind the one before it."""

    PRICE = "price"
    TOTAL = "total"
    STANDING = "standing"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Entrant:
    """One opened quote as the rules see it.

    key: the agency's public number, which the draw uses. standing: thousandths of a star, None before there is one.
    faults: codes of why the quote does not count; empty for a valid one. points: criterion to points from 0 to 100.
    """

    quote_id: int
    key: str
    amount: Money
    standing: int | None = None
    faults: tuple[str, ...] = ()
    points: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the score sheet; weights are whole and need not add to a hundred."""

    name: str
    weight: int
    is_price: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One quote in the ranking. rank is None for a quote that does not count; decided_by is None for the first."""

    entrant: Entrant
    rank: int | None
    decided_by: By | None = None
    total: Decimal | None = None
    scores: Mapping[str, Decimal] = field(default_factory=dict)


_Order: TypeAlias = tuple[tuple[By, Decimal | int], ...]


def rank_lowest(entrants: Sequence[Entrant], drawn: Sequence[str]) -> tuple[Line, ...]:
    """Rank by price, lowest first; equal prices by standing, then by the draw. Quotes that do not count come last."""
    return _rank(entrants, drawn, lambda entrant: (By.PRICE, entrant.amount.fen), lambda _: None, {})


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
    return _rank(
        entrants,
        drawn,
        lambda entrant: (By.TOTAL, -totals[entrant.quote_id]),
        lambda entrant: totals[entrant.quote_id],
        scores,
    )


def price_points(amount: Money, lowest: Money) -> Decimal:
    """Return the price's points: the lowest counted price over this price, times 100, rounded half up to 0.01.

    Source: 政府采购货物和服务招标投标管理办法 (财政部令第87号) 第五十五条, the formula for the lowest-price benchmark.
    """
    if amount.fen <= 0 or amount <= lowest:
        return Decimal(FULL_POINTS)
    exact = Fraction(lowest.fen * FULL_POINTS, amount.fen)
    return _round(exact)


def points_of(entrant: Entrant, criteria: Sequence[Criterion], lowest: Money) -> dict[str, Decimal]:
    """Return the points of one quote on every criterion, the price by formula, the others as given."""
    return {
        criterion.name: price_points(entrant.amount, lowest)
        if criterion.is_price
        else Decimal(entrant.points[criterion.name])
        for criterion in criteria
    }


def total_of(points: Mapping[str, Decimal], criteria: Sequence[Criterion]) -> Decimal:
    """Weigh the points into a total from 0 to 100, rounded half up to 0.01, once."""
    weights = sum(criterion.weight for criterion in criteria)
    weighted = sum((Fraction(points[criterion.name]) * criterion.weight for criterion in criteria), Fraction(0))
    return _round(weighted / weights) if weights else Decimal(0)


def _round(exact: Fraction) -> Decimal:
    scaled = exact * 100
    whole = Decimal(scaled.numerator) / Decimal(scaled.denominator)
    return (whole.quantize(Decimal(1), rounding=ROUND_HALF_UP) / 100).quantize(CENT)


def _rank(
    entrants: Sequence[Entrant],
    drawn: Sequence[str],
    first: Callable[[Entrant], tuple[By, Decimal | int]],
    total: Callable[[Entrant], Decimal | None],
    scores: Mapping[int, Mapping[str, Decimal]],
) -> tuple[Line, ...]:
    places = {key: place for place, key in enumerate(drawn)}

    def order(entrant: Entrant) -> _Order:
        standing = -1 if entrant.standing is None else entrant.standing
        return (
            first(entrant),
            (By.STANDING, -standing),
            (By.PRICE, entrant.amount.fen),
            (By.DRAW, places[entrant.key]),
        )

    counted = sorted(
        (entrant for entrant in entrants if not entrant.faults), key=lambda e: [value for _, value in order(e)]
    )
    lines: list[Line] = []
    for index, entrant in enumerate(counted):
        split = None if index == 0 else _what_split(order(counted[index - 1]), order(entrant))
        lines.append(Line(entrant, index + 1, split, total(entrant), scores.get(entrant.quote_id, {})))
    out = sorted((entrant for entrant in entrants if entrant.faults), key=lambda entrant: entrant.key.encode())
    return (*lines, *(Line(entrant, None) for entrant in out))


def _what_split(before: _Order, after: _Order) -> By:
    return next((name for (name, one), (_, other) in zip(before, after, strict=True) if one != other), By.DRAW)


@dataclass(frozen=True, slots=True)
class LowRatios:
    """Below which share a price asks for an explanation: of the mean, of the next lowest, of the ceiling."""

    mean: Decimal = Decimal("0.50")
    following: Decimal = Decimal("0.50")
    ceiling: Decimal = Decimal("0.45")


def low_flags(amounts: Mapping[int, Money], ceiling: Money | None, ratios: LowRatios) -> dict[int, tuple[str, ...]]:
    """Flag prices so low that the agency should explain them; a flag rejects nothing.

    amounts: quote id to price, of the counted quotes. Returns quote id to the codes that hold, only where one does.
    """
    rising = sorted(amounts.items(), key=lambda item: item[1])
    total = sum(amount.fen for amount in amounts.values())
    found: dict[int, tuple[str, ...]] = {}
    for index, (quote_id, amount) in enumerate(rising):
        codes = []
        if len(rising) > 1 and amount.fen * len(rising) < ratios.mean * total:
            codes.append("low-against-mean")
        if index + 1 < len(rising) and amount.fen < ratios.following * rising[index + 1][1].fen:
            codes.append("low-against-next")
        if ceiling is not None and amount.fen < ratios.ceiling * ceiling.fen:
            codes.append("low-against-ceiling")
        if codes:
            found[quote_id] = tuple(codes)
    return found


@dataclass(frozen=True, slots=True)
class Enough:
    """Whether the counted quotes suffice. failure: code of why not. needs_reason: only with a written reason."""

    failure: str | None = None
    needs_reason: bool = False
    single: bool = False


def enough(valid: int, minimum: int, least: int | None) -> Enough:
    """Judge the number of counted quotes.

    minimum: the fewest that suffice as a matter of course. least: the fewest that suffice with a written reason, after
    the extension the rules allow; None where the rules know no such thing.
    """
    if valid == 0:
        return Enough(failure="no-valid-quotes")
    if valid >= minimum:
        return Enough(single=valid == 1)
    if least is not None and valid >= least:
        return Enough(needs_reason=True, single=valid == 1)
    return Enough(failure="too-few-quotes")


def judge_choice(method: str, lines: Sequence[Line], quote_id: int, reason: str, count: Enough) -> Line:
    """Return the chosen line if it may be chosen.

    direct: any counted quote, always with a reason. lowest: only rank 1 (another after rank 1 was rejected with a
    reason). merit: rank 1, or another with a reason. Too few quotes always need a reason.
    Raises Invalid naming the field, or Conflict when the quotes do not suffice.
    """
    if count.failure:
        raise Conflict(count.failure)
    chosen = next((line for line in lines if line.entrant.quote_id == quote_id), None)
    if chosen is None or chosen.rank is None:
        raise Invalid("quote-does-not-count", field="quote_id")
    if method == "lowest" and chosen.rank != 1:
        raise Invalid("lowest-takes-first", field="quote_id")
    if (method == "direct" or chosen.rank != 1 or count.needs_reason) and len(reason.strip()) < SHORTEST_REASON:
        raise Invalid("reason-too-short", field="reason", least=SHORTEST_REASON, given=len(reason.strip()))
    return chosen


def reason_needed(method: str, rank: int | None, count: Enough) -> bool:
    """Say whether a choice of this rank must be given a reason."""
    return method == "direct" or rank != 1 or count.needs_reason


def why_not(line: Line, winner: Line, method: str) -> str:
    """Return the code of the reason a loser is told.

    One of: quote-did-not-count, price-higher, total-lower, standing-lower, draw-later, owner-chose-otherwise.
    """
    if line.rank is None or winner.rank is None:
        return "quote-did-not-count"
    if line.rank < winner.rank or method == "direct":
        return "owner-chose-otherwise"
    if line.total is not None and winner.total is not None and line.total != winner.total:
        return "total-lower"
    if line.total is None and line.entrant.amount != winner.entrant.amount:
        return "price-higher"
    if line.entrant.standing != winner.entrant.standing:
        return "standing-lower"
    return "price-higher" if line.entrant.amount != winner.entrant.amount else "draw-later"
