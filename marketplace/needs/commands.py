"""What the use cases of needs take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.money import Money


@dataclass(frozen=True, slots=True)
class WriteNeed:
    """All an enterprise says of a need. ``fee_inputs`` are the named answers the fee schedule asks for."""

    item_code: str
    title: str
    scale: str
    fund: str
    project_name: str = ""
    project_code: str = ""
    requirements: str = ""
    time_limit_days: int = 20
    ceiling: Money | None = None
    no_ceiling_reason: str = ""
    quoting: str = "amount"
    method: str = "merit"
    method_basis: str = ""
    criteria: Sequence[Mapping[str, Any]] = ()
    fee_inputs: Mapping[str, Any] = field(default_factory=dict)
    closes_at: datetime | None = None
    avoid: Sequence[tuple[int, str]] = ()
    contact_name: str = ""
    contact_phone: str = ""
    town_code: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AmendNeed:
    """What an open notice changes: new values by field, why, and a later deadline where one is wanted."""

    changes: Mapping[str, Any]
    reason: str
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WriteLot:
    """What is one lot's own: its name, its scope and size, its ceiling and time limit."""

    name: str
    scale: str
    time_limit_days: int = 20
    ceiling: Money | None = None
    no_ceiling_reason: str = ""
    fee_inputs: Mapping[str, Any] = field(default_factory=dict)
