"""Exact numbers: how a Fraction is written, rounded and carried between units."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Final

YUAN: Final = MappingProxyType(
    {
        "元": Fraction(1),
        "千元": Fraction(1000),
        "万元": Fraction(10_000),
        "百万元": Fraction(1_000_000),
        "亿元": Fraction(100_000_000),
    }
)
"""How many yuan one of each unit of the documents is."""

RATES: Final = MappingProxyType({"%": Fraction(1, 100), "‰": Fraction(1, 1000), "": Fraction(1)})
"""What one point of a rate is worth, by the mark printed in the document."""


class StandIn(Fraction):
    """A number known only later, such as a column's; in a text it leaves its place."""

    def place(self) -> str:
        """Return the mark that holds its place in a text."""
        raise NotImplementedError


def text(value: Fraction) -> str:
    """Write a number exactly: 2109.75 as `2,109.75`, 210/17 as `210/17 ≈ 12.352941`."""
    if type(value) is not Fraction and isinstance(value, StandIn):  # the look at the type spares an abstract one
        return value.place()
    top, bottom = value.as_integer_ratio()
    if bottom == 1:
        return f"{top:,}"
    places = _places(bottom)
    if places is None:
        return f"{top:,}/{bottom:,} ≈ {rounded(value, 6)}"
    power = 10**places
    whole, part = divmod(abs(top) * power // bottom, power)
    return f"{'-' if top < 0 else ''}{whole:,}.{part:0{places}d}"


@lru_cache(maxsize=4096)
def _places(bottom: int) -> int | None:
    """Return the decimal places a denominator needs, None when no number of them is enough."""
    twos = (bottom & -bottom).bit_length() - 1
    rest, fives = bottom >> twos, 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 else None


def rounded(value: Fraction, places: int) -> Decimal:
    """Round half up (away from zero) to a number of decimal places."""
    return Decimal(nearest(value, 10**places)).scaleb(-places)


def nearest(value: Fraction, times: int) -> int:
    """Round a value, so many times, half up (away from zero) to a whole number; the times are one or more."""
    top, bottom = value.as_integer_ratio()
    whole = (2 * abs(top) * times + bottom) // (2 * bottom)
    return -whole if top < 0 else whole
