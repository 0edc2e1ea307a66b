"""What the use cases of quotes take."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.money import Money


@dataclass(frozen=True, slots=True)
class SubmitQuote:
    """A price in money or as a discount on the benchmark, the days promised, and how the work will be done."""

    amount: Money | None = None
    discount_rate: Decimal | None = None
    days: int = 0
    plan: str = ""
    commitment_given: bool = True
