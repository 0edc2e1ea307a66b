"""Judgements of quotes: on time or late, above a ceiling, abnormally low. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from core.money import Money

LOW_MEAN: Final = "low-mean-ratio"
LOW_NEXT: Final = "low-next-ratio"
LOW_CEILING: Final = "low-ceiling-ratio"


@dataclass(frozen=True, slots=True)
class Opened:
    """A quote at its opening: who, and how much."""

    quote_id: int
    amount: Money


def is_late(received_at: datetime, closes_at: datetime) -> bool:
    """Say whether a quote came too late: the window is half open, so the very instant of closing is late."""
    return received_at >= closes_at


def price(amount: Money | None, discount: Decimal | None, benchmark: Money | None) -> Money | None:
    """Return what a quote comes to: its amount, or the benchmark less the discount, rounded once."""
    if amount is not None:
        return amount
    if discount is None or benchmark is None:
        return None
    return benchmark.times(1 - discount)


def fault(amount: Money, ceiling: Money | None, cap: Money | None) -> str:
    """Return why an opened quote is invalid: above a binding cap, above the ceiling; empty when it is good."""
    if cap is not None and amount > cap:
        return "above-binding-cap"
    if ceiling is not None and amount > ceiling:
        return "above-ceiling"
    return ""


def why_failed(received: int, valid: int, minimum: int) -> str:
    """Return why a need fails at opening: no quotes, none valid, fewer than the minimum; empty when it goes on."""
    if received == 0:
        return "no-quotes"
    if valid == 0:
        return "none-valid"
    return "too-few-quotes" if valid < minimum else ""


def abnormally_low(quotes: Sequence[Opened], ceiling: Money | None, frozen: Mapping[str, Any]) -> dict[int, str]:
    """Flag quotes clearly below the others; a flag asks for an explanation and excludes nobody.

    Below the frozen share of the mean of all valid quotes, of the next lowest, or of the ceiling.
    Source: 财办库〔2024〕265号 (pilot), as parameters of the catalogue.
    """
    flags: dict[int, str] = {}
    ordered = sorted(quotes, key=lambda one: (one.amount.fen, one.quote_id))
    total = sum(one.amount.fen for one in ordered)
    for place, one in enumerate(ordered):
        mean_limit = _ratio(frozen, LOW_MEAN) * total / len(ordered) if len(ordered) > 1 else Decimal(0)
        following = next((other.amount.fen for other in ordered[place + 1 :] if other.amount > one.amount), 0)
        if one.amount.fen < mean_limit:
            flags[one.quote_id] = LOW_MEAN
        elif place == 0 and one.amount.fen < _ratio(frozen, LOW_NEXT) * following:
            flags[one.quote_id] = LOW_NEXT
        elif ceiling is not None and one.amount.fen < _ratio(frozen, LOW_CEILING) * ceiling.fen:
            flags[one.quote_id] = LOW_CEILING
    return flags


def _ratio(frozen: Mapping[str, Any], key: str) -> Decimal:
    return Decimal(str(frozen.get(key) or 0))
