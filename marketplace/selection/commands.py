"""What the use cases of selection take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GivePoints:
    """The points of one quote on one criterion, with the reason."""

    quote_id: int
    criterion: str
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Points for some or all quotes."""

    scores: tuple[GivePoints, ...]


@dataclass(frozen=True, slots=True)
class RejectQuote:
    """A quote the enterprise finds invalid, and why."""

    quote_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class GiveAward:
    """The quote chosen, the reason where one is needed, and notes to losers by quote."""

    quote_id: int
    reason: str = ""
    notes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """A typed reason and nothing else: for declining an award or ending a selection."""

    reason: str
