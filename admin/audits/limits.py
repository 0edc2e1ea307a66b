"""The limits of an audit, kept as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "limits.toml"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be handed in, how many rows a part has, how many days an audit is kept.

    most_ratio: how many times its size a workbook may unpack to, once that is over ``never_puffed`` bytes.
    """

    most_bytes: int
    most_unpacked: int
    most_ratio: int
    never_puffed: int
    most_rows: int
    most_columns: int
    longest_cell: int
    part_rows: int
    kept_days: int


@cache
def limits() -> Limits:
    """Return the limits, read once."""
    return Limits(**tomllib.loads(FILE.read_text(encoding="utf-8")))
