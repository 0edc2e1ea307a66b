"""What the use cases of quotes take."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.money import Money
from marketplace.quotes.rules import QuoteLine


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes under the seal with the quote."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SubmitQuote:
    """A price in money, by unit prices or as a discount on the benchmark; the days promised; how the work is done."""

    amount: Money | None = None
    discount_rate: Decimal | None = None
    days: int = 0
    plan: str = ""
    commitment_given: bool = True
    lines: tuple[QuoteLine, ...] = ()
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Explain:
    """Why a low price is no lower than it costs, and perhaps the papers that show it."""

    text: str


@dataclass(frozen=True, slots=True)
class Decide:
    """Whether an explanation convinces, and why."""

    verdict: str
    reason: str
