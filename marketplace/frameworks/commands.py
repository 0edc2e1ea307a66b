"""What the use cases of frameworks take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.money import Money
from marketplace.frameworks.lifecycle import Entry, Leaving, Removal, Way


@dataclass(frozen=True, slots=True)
class WriteFramework:
    """All an enterprise says of a framework. ceiling: of one unit. total: of all call-offs. share: whole percent."""

    item_code: str
    title: str
    scale: str
    fund: str
    way: Way
    unit: str = ""
    ceiling: Money | None = None
    total: Money | None = None
    months: int = 12
    wanted: int = 3
    share: int = 20
    entry: Entry = Entry.PRICE
    quoting: str = "amount"
    towns: Sequence[str] = ()
    requirements: str = ""
    time_limit_days: int = 20
    closes_at: datetime | None = None
    contact_phone: str = ""
    fee_inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallOffFrom:
    """One purchase to call off. member_id, amount, reason: for a direct choice. fee_inputs: where discounts are agreed.

    item_code, town_code: what is wanted and where, the framework's own and the enterprise's unless said.
    """

    title: str
    scale: str
    quantity: Decimal = Decimal(1)
    town_code: str = ""
    item_code: str = ""
    member_id: int | None = None
    amount: Money | None = None
    reason: str = ""
    closes_at: datetime | None = None
    time_limit_days: int | None = None
    requirements: str = ""
    project_code: str = ""
    fee_inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Admit:
    """A written reason, where the rules want one."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a framework is taken back or ended."""

    reason: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Why an agency leaves a panel."""

    cause: Leaving
    reason: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Why an agency is taken out of a panel."""

    cause: Removal
    reason: str
