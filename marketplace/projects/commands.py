"""What the use cases of projects take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.money import Money


@dataclass(frozen=True, slots=True)
class WriteProject:
    """All an enterprise says of a project. facts: numbers by the variables of the catalogue's thresholds."""

    code: str
    name: str
    kind: str
    fund: str
    scale: str = ""
    town_code: str = ""
    investment: Money | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    starts_on: date | None = None
