"""Months of bulletins, and the span of time one covers. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from core.clock import BEIJING, beijing_day
from core.errors import NotFound

DECEMBER = 12
FIRST_YEAR = 2018
SHAPE = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in Beijing."""

    year: int
    month: int

    @property
    def key(self) -> int:
        """The number a bulletin's paper hangs on: 202611."""
        return self.year * 100 + self.month

    @property
    def text(self) -> str:
        """The month as it stands in an address: 2026-11."""
        return f"{self.year:04d}-{self.month:02d}"

    def next(self) -> Month:
        """Return the month after."""
        return Month(self.year + 1, 1) if self.month == DECEMBER else Month(self.year, self.month + 1)

    def before(self) -> Month:
        """Return the month before."""
        return Month(self.year - 1, DECEMBER) if self.month == 1 else Month(self.year, self.month - 1)

    @property
    def since(self) -> datetime:
        """The first instant of the month."""
        return datetime(self.year, self.month, 1, tzinfo=BEIJING)

    @property
    def until(self) -> datetime:
        """The first instant after the month."""
        return self.next().since


def month_of(at: datetime) -> Month:
    """Return the month an instant lies in."""
    day = beijing_day(at)
    return Month(day.year, day.month)


def read_month(text: str) -> Month:
    """Read a month of an address. Raises NotFound("bulletin-not-found")."""
    found = SHAPE.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= DECEMBER or int(found[1]) < FIRST_YEAR:
        raise NotFound("bulletin-not-found", month=text[:20])
    return Month(int(found[1]), int(found[2]))
