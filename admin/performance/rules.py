"""How figures are shown: small numbers held back, shares, months, where a price stands, cells safe in a table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from core.clock import BEIJING, beijing_day
from core.money import round_half_up

FEWEST_FOR_PERCENT: Final = 20
FEWEST_FOR_QUARTILES: Final = 8
ON_TIME_TARGET: Final = 90
LATE_BAD_FROM: Final = 20
BIN_PERCENT: Final = 5
BAND: Final = (Decimal("0.80"), Decimal("1.20"))
LOWEST_BIN, HIGHEST_BIN = 10, 29
MONTHS: Final = (3, 12, 24)
USUAL_MONTHS: Final = 12
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class RowSet(StrEnum):
    """Which rows stand behind a figure: contracts, then needs by how far they came."""

    SIGNED = "signed"
    ACCEPTED = "accepted"
    ON_TIME = "on_time"
    LATE = "late"
    PRICED = "priced"
    PUBLISHED = "published"
    QUOTED = "quoted"
    AWARDED = "awarded"
    CONTRACTED = "contracted"
    DELIVERED = "delivered"
    RATED = "rated"


STEPS: Final = (
    RowSet.PUBLISHED,
    RowSet.QUOTED,
    RowSet.AWARDED,
    RowSet.CONTRACTED,
    RowSet.DELIVERED,
    RowSet.RATED,
)


@dataclass(frozen=True, slots=True)
class Slice:
    """What a figure is about: a period, half open, and perhaps one town, item, agency, month or bin of the ratio."""

    since: datetime
    until: datetime
    months: int = USUAL_MONTHS
    town_code: str | None = None
    item_code: str | None = None
    agency_id: int | None = None
    month: str | None = None
    ratio_bin: int | None = None


@dataclass(frozen=True, slots=True)
class Five:
    """A five-number summary of ``n`` values."""

    n: int
    low: int
    q1: int
    median: int
    q3: int
    high: int


def month_starts(today: date, months: int) -> list[date]:
    """Return the first days of the last months, this one included, oldest first."""
    latest = today.year * 12 + today.month - 1
    return [date(place // 12, place % 12 + 1, 1) for place in range(latest - months + 1, latest + 1)]


def period(now: datetime, months: int) -> tuple[datetime, datetime]:
    """Return the start of the oldest of the last months, midnight 北京时间, as UTC, and now.

    months: how many, the one that runs counted.
    """
    first = month_starts(beijing_day(now), months)[0]
    return datetime.combine(first, time(0), BEIJING).astimezone(UTC), now


def share(part: int, whole: int) -> str:
    """Write a share: a percentage of 20 or more, ``46/48`` of fewer, a dash of none."""
    if whole == 0:
        return "—"
    if whole < FEWEST_FOR_PERCENT:
        return f"{part}/{whole}"
    return f"{percent(part, whole):.1f}%"


def percent(part: int, whole: int) -> Decimal:
    """Return a share in percent with one decimal, rounded half up."""
    return Decimal(round_half_up(Decimal(part * 1000) / whole)) / 10


def quartiles_of(five: Five | None) -> Five | None:
    """Return a five-number summary only when enough values stand behind it."""
    return five if five is not None and five.n >= FEWEST_FOR_QUARTILES else None


def place_among(value: int, five: Five | None) -> str:
    """Say where a value stands: ``low``, ``middle``, ``high``, or ``few`` when there is too little to compare with.

    value: in the unit of the five numbers; between the quartiles, both included, is the middle.
    """
    known = quartiles_of(five)
    if known is None:
        return "few"
    if value < known.q1:
        return "low"
    return "high" if value > known.q3 else "middle"


def ratio_text(basis_points: int | None) -> str:
    """Write a ratio kept in ten-thousandths with two decimals, rounded half up; a dash when there is none."""
    if basis_points is None:
        return "—"
    return f"{Decimal(round_half_up(Decimal(basis_points) / 100)) / 100:.2f}"


def bin_low(number: int) -> Decimal:
    """Return the lower end of a bin of the ratio, as a fraction: bins are 5 % wide, bin 20 begins at 1."""
    return Decimal(number * BIN_PERCENT) / 100


def fill_bins(counts: dict[int, int]) -> list[tuple[int, int]]:
    """Return (bin, count) without gaps; what lies beyond the ends is counted in the end bins."""
    if not counts:
        return []
    kept: dict[int, int] = {}
    for number, count in counts.items():
        clamped = min(max(number, LOWEST_BIN), HIGHEST_BIN)
        kept[clamped] = kept.get(clamped, 0) + count
    return [(number, kept.get(number, 0)) for number in range(min(kept), max(kept) + 1)]


def safe_cell(value: Any) -> Any:
    """Return a cell that a spreadsheet takes for text, never for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def safe_rows(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Make every cell safe."""
    return [[safe_cell(cell) for cell in row] for row in rows]
