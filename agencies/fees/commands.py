"""What the use cases of fees are asked with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.money import Money


class PriceBasis(StrEnum):
    """How a posted price is stated."""

    FIXED = "fixed"
    UNIT = "unit"
    FORMULA = "formula"
    DISCOUNT = "discount"


@dataclass(frozen=True, slots=True)
class PostPrice:
    """Post a price for one service item from a day on (``valid_from`` None means at once).

    ``basis`` is a word of PriceBasis; ``amount`` stands for a fixed price, or for one ``unit_name``; ``schedule_id``
    names the fee schedule a formula or a discount works from; ``discount_rate`` is the fraction taken off (0.15).
    """

    item_code: str
    basis: str
    valid_from: date | None = None
    amount: Money | None = None
    unit_name: str = ""
    schedule_id: str = ""
    discount_rate: Decimal | None = None
    included: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class ReplyToCase:
    """An agency's answer to a fee case."""

    text: str


@dataclass(frozen=True, slots=True)
class DecideCase:
    """A price regulator's decision: ``uphold`` or ``dismiss``, with its reason."""

    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class AppealCase:
    """An appeal against a decision, with its grounds."""

    text: str


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """A second person's decision on an appeal: ``confirm`` or ``overturn``, with its reason."""

    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordReturn:
    """What an agency gave back after a finding was upheld."""

    amount: Money
