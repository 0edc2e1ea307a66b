"""What selection judges beside the ranking: low prices, too few quotes, who may be chosen, what losers are told. Pure.

The verifiable draw is in ``draw``, the order of quotes in ``ranking``, each method in its own file, all in ``methods``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.errors import Conflict, Invalid
from core.money import Money
from marketplace.selection.methods import METHODS, Picks
from marketplace.selection.ranking import By, Line

SHORTEST_REASON: Final = 10
BEHIND: Final = {
    By.PRICE: "price-higher",
    By.TOTAL: "total-lower",
    By.DISTANCE: "farther",
    By.TURN: "turn-later",
    By.STANDING: "standing-lower",
    By.DRAW: "draw-later",
}


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

    Whom a method lets win is in its row of METHODS; another than the first is chosen after the first was rejected with
    a reason, or with a reason where the method takes one. Too few quotes always need a reason.
    Raises Invalid naming the field, or Conflict when the quotes do not suffice.
    """
    if count.failure:
        raise Conflict(count.failure)
    if METHODS[method].picks is Picks.PANEL:
        raise Conflict("chosen-as-panel")
    chosen = next((line for line in lines if line.entrant.quote_id == quote_id), None)
    if chosen is None or chosen.rank is None:
        raise Invalid("quote-does-not-count", field="quote_id")
    if chosen.out:
        raise Invalid("quote-cannot-win", field="quote_id")
    if METHODS[method].picks is Picks.FIRST and chosen.rank != 1:
        raise Invalid("lowest-takes-first" if method == "lowest" else "only-the-first", field="quote_id")
    if reason_needed(method, chosen.rank, count) and len(reason.strip()) < SHORTEST_REASON:
        raise Invalid("reason-too-short", field="reason", least=SHORTEST_REASON, given=len(reason.strip()))
    return chosen


def reason_needed(method: str, rank: int | None, count: Enough) -> bool:
    """Say whether a choice of this rank must be given a reason."""
    return METHODS[method].picks in {Picks.ANY, Picks.LISTED} or rank != 1 or count.needs_reason


def may_be_chosen(method: str, line: Line) -> bool:
    """Say whether the method lets this line win as the ranking stands."""
    return line.rank is not None and not line.out and (METHODS[method].picks is not Picks.FIRST or line.rank == 1)


def heir(method: str, lines: Sequence[Line]) -> Line | None:
    """Return who follows a winner that stepped back: the first in rank, where the method passes on and there is one."""
    first = next((line for line in lines if line.rank == 1), None)
    return first if METHODS[method].passes_on else None


def why_not(line: Line, winner: Line, method: str) -> str:
    """Return the code of the reason a loser is told.

    One of: quote-did-not-count, the code of why it could not win, owner-chose-otherwise, or what put it behind.
    """
    if line.out:
        return line.out
    if line.rank is None or winner.rank is None:
        return "quote-did-not-count"
    if line.rank < winner.rank or METHODS[method].picks in {Picks.ANY, Picks.LISTED}:
        return "owner-chose-otherwise"
    if line.first != winner.first and line.first is not None:
        return BEHIND[line.first[0]]
    if line.entrant.standing != winner.entrant.standing:
        return "standing-lower"
    return "price-higher" if line.entrant.amount != winner.entrant.amount else "draw-later"
