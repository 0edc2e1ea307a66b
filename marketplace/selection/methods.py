"""The methods of selection in one table: how each ranks, whom it lets win, what follows when the winner steps back.

What each must find in the notice is in ``marketplace.needs.methods``. Every method is a pure function of a frozen
input, gives a whole ranking with its working, and ends: with a winner, or with the code of why there is none. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from marketplace.selection.credit import NEWCOMER_NUMBERS, PER_STAR, credit_merit, numbers_for
from marketplace.selection.mean import best_price, closest_to_mean
from marketplace.selection.merit import rank_merit
from marketplace.selection.panel import by_turn, panel
from marketplace.selection.ranking import By, Entrant, Frozen, Note, Outcome, Plan, rank, rank_drawn, rank_lowest, yuan


class Picks(StrEnum):
    """Whom the enterprise may choose.

    Anybody, with a reason; the first alone; the first, or another with a reason; one of a list, with a reason; the
    whole panel at once, which the room of frameworks does.
    """

    ANY = "any"
    FIRST = "first"
    FIRST_OR_REASON = "first-or-reason"
    LISTED = "listed"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class Method:
    """One method.

    order: what separates the lines, in turn, as the protocol names it. passes_on: when the winner steps back, the next
    in rank is awarded; else the need fails. least: the fewest quotes by fund, which no reason makes up for.
    numbers: how many an applicant has in the draw, by its standing and the terms.
    """

    rank: Callable[[Frozen], Outcome]
    picks: Picks
    order: tuple[str, ...]
    passes_on: bool = True
    least: Mapping[str, int] = field(default_factory=dict)
    numbers: Callable[[int | None, Mapping[str, Any]], int] = lambda _standing, _terms: 1


def _lowest(frozen: Frozen) -> Outcome:
    return Outcome(rank_lowest(frozen.entrants, frozen.draw.ranking()))


def _after_rounds(frozen: Frozen) -> Outcome:
    def notes(entrant: Entrant) -> tuple[Note, ...]:
        if entrant.sealed is None or entrant.sealed == entrant.amount:
            return ()
        return (("brought-down", {"sealed": yuan(entrant.sealed.fen), "last": yuan(entrant.amount.fen)}),)

    plan = Plan(lambda entrant: (By.PRICE, entrant.amount.fen), notes=notes)
    return Outcome(rank(frozen.entrants, frozen.draw.ranking(), plan))


def _merit(frozen: Frozen) -> Outcome:
    return Outcome(rank_merit(frozen.entrants, frozen.criteria, frozen.draw.ranking()))


def _random(frozen: Frozen) -> Outcome:
    return Outcome(rank_drawn(frozen.entrants, frozen.draw.ranking()))


def _numbers(standing: int | None, terms: Mapping[str, Any]) -> int:
    per_star, newcomer = terms.get("per-star", PER_STAR), terms.get("newcomer-numbers", NEWCOMER_NUMBERS)
    return numbers_for(standing, int(per_star), int(newcomer))


TIES: Final = ("standing", "price", "draw")
METHODS: Final[Mapping[str, Method]] = {
    "direct": Method(_lowest, Picks.ANY, ("owner",), passes_on=False),
    "lowest": Method(_lowest, Picks.FIRST, ("price", "standing", "draw")),
    "merit": Method(_merit, Picks.FIRST_OR_REASON, ("total", *TIES)),
    "mean": Method(closest_to_mean, Picks.FIRST, ("distance", *TIES)),
    "best-price": Method(best_price, Picks.FIRST, ("distance", *TIES), least={"fiscal": 3}),
    "random": Method(_random, Picks.FIRST, ("draw",), least={"fiscal": 3}),
    "credit": Method(credit_merit, Picks.LISTED, ("draw", "owner"), least={"fiscal": 3, "social": 2}, numbers=_numbers),
    "rounds": Method(_after_rounds, Picks.FIRST, ("price", "standing", "draw")),
    "framework": Method(panel, Picks.PANEL, ("price", "standing", "draw"), passes_on=False),
    "call-pick": Method(_lowest, Picks.ANY, ("owner",), passes_on=False),
    "call-turn": Method(by_turn, Picks.FIRST, ("turn",)),
    "call-low": Method(_lowest, Picks.FIRST, ("price", "standing", "draw")),
    "call-merit": Method(_merit, Picks.FIRST_OR_REASON, ("total", *TIES)),
}
