"""The panel of a framework agreement (入围): who is left out and who is in; and a rotation's order. Pure.

Source of the elimination: 政府采购框架协议采购方式管理暂行办法 (财政部令第110号). Share and least number are dated
rules frozen into the notice, which may ask for a larger share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from marketplace.selection.credit import NEWCOMER_SHARE, reserved
from marketplace.selection.ranking import By, Entrant, Frozen, Key, Line, Note, Outcome, Plan, rank

ELIMINATED: Final = "eliminated"
BEYOND: Final = "beyond-wanted"
LEAST_SHARE: Final = "0.20"
HUNDRED: Final = 100


def left_out(count: int, share: Fraction, least: int) -> int:
    """Return how many of the counted quotes are eliminated: the share rounded up, never fewer than the least."""
    return min(count, max(least, math.ceil(count * share)))


def seats(count: int, wanted: int, share: Fraction, least: int) -> int:
    """Return how many get into the panel: at most as many as wanted, none of those eliminated."""
    return max(0, min(wanted, count - left_out(count, share, least)))


def panel(frozen: Frozen) -> Outcome:
    """Rank by price or by standing, and mark who is left out; the others are the panel, in the order of their ranks.

    Where standing ranks, agencies without one keep a share of the places, as in credit merit.
    """
    terms, by_credit = frozen.terms, bool(frozen.terms.get("by_credit"))
    share = max(Fraction(int(terms.get("share", 0)), HUNDRED), Fraction(str(terms.get("least-share", LEAST_SHARE))))
    least, wanted = int(terms.get("least-out", 1)), int(terms.get("wanted", 1))

    def first(entrant: Entrant) -> Key:
        if by_credit:
            return By.STANDING, -(-1 if entrant.standing is None else entrant.standing)
        return By.PRICE, entrant.amount.fen

    lines = rank(frozen.entrants, frozen.draw.ranking(), Plan(first))
    counted = [line for line in lines if line.rank is not None]
    room, out = seats(len(counted), wanted, share, least), left_out(len(counted), share, least)
    newcomers = Decimal(str(terms.get("newcomer-share", NEWCOMER_SHARE))) if by_credit else None
    inside = _inside(counted, room, newcomers)
    outside = [line.entrant.quote_id for line in counted if line.entrant.quote_id not in inside]
    codes = dict.fromkeys(outside, BEYOND) | dict.fromkeys(outside[len(outside) - out :], ELIMINATED)
    marked = tuple(replace(line, out=codes.get(line.entrant.quote_id, "")) for line in lines)
    working: Note = (
        "panel", {"count": len(counted), "out": out, "wanted": wanted, "inside": len(inside), "share": _percent(share)},
    )  # fmt: skip
    return Outcome(marked, (working,) if counted else ())


def _inside(counted: Sequence[Line], room: int, newcomer_share: Decimal | None) -> frozenset[int]:
    """Return the quotes in the panel; newcomer_share keeps places for agencies without a standing, None keeps none."""
    if newcomer_share is None:
        return frozenset(line.entrant.quote_id for line in counted[:room])
    graded = [line.entrant.quote_id for line in counted if line.entrant.standing is not None]
    newcomers = [line.entrant.quote_id for line in counted if line.entrant.standing is None]
    for_newcomers = min(len(newcomers), max(reserved(room, newcomer_share), room - len(graded)))
    return frozenset([*graded[: room - for_newcomers], *newcomers[:for_newcomers]])


def _percent(share: Fraction) -> str:
    return f"{Decimal(share.numerator * HUNDRED) / Decimal(share.denominator):.0f}%"


def by_turn(frozen: Frozen) -> Outcome:
    """Rank by the place in the rotation; a quote without one comes last."""
    places = frozen.turns
    return Outcome(
        rank(
            frozen.entrants,
            frozen.draw.ranking(),
            Plan(lambda entrant: (By.TURN, places.get(entrant.key, len(frozen.entrants) + 1))),
        )
    )
