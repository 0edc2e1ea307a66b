"""The protocol of a selection as plain JSON: every line with its working, and the draw's materials. Pure.

Whoever reads it can add the totals again, follow each tie and repeat the draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from marketplace.selection.draw import Draw
from marketplace.selection.methods import METHODS
from marketplace.selection.ranking import Criterion, Line, Note
from marketplace.selection.rules import Enough, why_not

VERSION: Final = "selection-2"
PRICE_FORMULA: Final = "lowest / price * 100, half up to 0.01"


@dataclass(frozen=True, slots=True)
class Told:
    """What the protocol says of one quote beside its place: facts that are public once the quotes are opened."""

    agency_id: int
    agency: str
    days: int | None
    faults: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    flags: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)


def build(
    method: str,
    lines: Sequence[Line],
    told: Mapping[int, Told],
    criteria: Sequence[Criterion],
    *,
    draw: Draw,
    count: Enough,
    winner: Line | None,
    reason: str,
    at: datetime,
    terms: Mapping[str, Any] | None = None,
    working: Sequence[Note] = (),
) -> dict[str, Any]:
    """Write the protocol. winner: the chosen line, None when nobody was; reason: the enterprise's own words.

    terms: what the notice fixed for the method. working: codes with facts that hold for the whole ranking.
    """
    return {
        "version": VERSION,
        "method": method,
        "order": list(METHODS[method].order),
        "terms": {name: _plain(value) for name, value in (terms or {}).items()},
        "working": notes_of(working),
        "price_formula": PRICE_FORMULA if any(criterion.is_price for criterion in criteria) else None,
        "criteria": [{"name": c.name, "weight": c.weight, "price": c.is_price} for c in criteria],
        "count": {"failure": count.failure, "needs_reason": count.needs_reason, "single": count.single},
        "lines": lines_of(lines, told, criteria, winner, method),
        "reason": reason,
        "decided_at": at.isoformat(),
        "draw": draw.bundle(),
    }


def lines_of(
    lines: Sequence[Line],
    told: Mapping[int, Told],
    criteria: Sequence[Criterion],
    winner: Line | None = None,
    method: str = "",
) -> list[dict[str, Any]]:
    """Write the lines of a ranking; before a choice without a winner."""
    return [_line(line, told[line.entrant.quote_id], criteria, winner, method) for line in lines]


def _line(line: Line, told: Told, criteria: Sequence[Criterion], winner: Line | None, method: str) -> dict[str, Any]:
    is_winner = winner is not None and line.entrant.quote_id == winner.entrant.quote_id
    return {
        "quote_id": line.entrant.quote_id,
        "agency_id": told.agency_id,
        "agency": told.agency,
        "key": line.entrant.key,
        "amount_fen": line.entrant.amount.fen,
        "days": told.days,
        "standing": line.entrant.standing,
        "rank": line.rank,
        "decided_by": None if line.decided_by is None else str(line.decided_by),
        "total": None if line.total is None else str(line.total),
        "scores": [
            {
                "criterion": c.name,
                "weight": c.weight,
                "points": str(line.scores[c.name]),
                "reason": told.reasons.get(c.name, ""),
            }
            for c in criteria
            if c.name in line.scores
        ],
        "faults": notes_of(told.faults),
        "flags": list(told.flags),
        "out": line.out or None,
        "working": notes_of(line.notes),
        "won": is_winner,
        "why_not": None if is_winner or winner is None else why_not(line, winner, method),
    }


def notes_of(notes: Sequence[Note]) -> list[dict[str, Any]]:
    """Write codes with their facts as plain JSON."""
    return [{"code": code, "facts": {name: _plain(value) for name, value in facts.items()}} for code, facts in notes]


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
