"""A number that is a straight line over an interval of whole steps, and takes part in exact arithmetic."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final, NoReturn, Self

from agencies.fees.engine import exact

PLACE: Final = re.compile("\x02([^;\x03]+);([^\x03]+)\x03")


class NotStraight(ArithmeticError):
    """An operation that does not give a straight line; the exact engine does such rows one by one."""


class Turns(Exception):
    """A comparison that comes out differently within the interval; `at` is the last step of the first part."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Line(exact.StandIn):
    """The number `slope` × n + `start`, for every whole n from `first` to `last`, both included.

    Comparisons answer for the whole interval or raise Turns; what leaves the straight lines raises NotStraight. A hash
    is the object's own: sets of numbers are only asked by the engine how a step is best written.
    """

    slope: Fraction
    start: Fraction
    first: int
    last: int

    def __new__(cls, slope: Fraction, start: Fraction, first: int, last: int) -> Self:
        """Make a line; the parent's own fields stay unset, so that nothing mistakes it for a number."""
        made = object.__new__(cls)
        made.slope, made.start, made.first, made.last = slope, start, first, last
        return made

    def place(self) -> str:
        """Return the mark a template is filled at."""
        return f"\x02{self.slope};{self.start}\x03"

    __str__ = place

    def __repr__(self) -> str:
        """Show the line."""
        return f"Line({self.slope}n + {self.start}, {self.first}..{self.last})"

    def _not_straight(self, *_others: Any) -> NoReturn:
        raise NotStraight

    numerator = denominator = _numerator = _denominator = property(_not_straight)
    # The parent's own types of these don't matter: whoever asks for them is refused.
    __int__ = __float__ = __floor__ = __ceil__ = __trunc__ = _not_straight
    __round__ = __floordiv__ = __rfloordiv__ = _not_straight  # type: ignore[assignment]  # never a result
    __mod__ = __rmod__ = __divmod__ = __rdivmod__ = _not_straight  # type: ignore[assignment]  # never a result
    __pow__ = __rpow__ = __rtruediv__ = _not_straight

    def _made(self, slope: Fraction, start: Fraction) -> Fraction:
        """Return the new line, or the plain number when it is level."""
        return Line(slope, start, self.first, self.last) if slope else start

    def __add__(self, other: Any) -> Any:
        """Add a number or a line."""
        if isinstance(other, Line):
            return self._made(self.slope + other.slope, self.start + other.start)
        return self._made(self.slope, self.start + other)

    __radd__ = __add__

    def __neg__(self) -> Any:
        """Turn the sign."""
        return self._made(-self.slope, -self.start)

    def __pos__(self) -> Any:
        """Return itself."""
        return self

    def __abs__(self) -> Any:
        """Return the size, where the sign is one throughout."""
        return -self if self < 0 else self

    def __sub__(self, other: Any) -> Any:
        """Subtract a number or a line."""
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        """Subtract from a number."""
        return -self + other

    def __mul__(self, other: Any) -> Any:
        """Multiply by a number. Raises NotStraight for a line."""
        if isinstance(other, Line):
            raise NotStraight
        return self._made(self.slope * other, self.start * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        """Divide by a number. Raises NotStraight for a line."""
        if isinstance(other, Line):
            raise NotStraight
        return self._made(self.slope / other, self.start / other)

    def at(self, step: int) -> Fraction:
        """Return the number at a step."""
        return self.slope * step + self.start

    def _below(self, other: Any, *, even: bool) -> bool:
        """Say whether the line lies below another throughout; `even` lets it touch. Raises Turns."""
        gap = self - other
        if not isinstance(gap, Line):
            return bool(gap <= 0 if even else gap < 0)

        def holds(step: int) -> bool:
            return gap.at(step) <= 0 if even else gap.at(step) < 0

        begins = holds(self.first)
        if begins is holds(self.last):
            return begins
        low, high = self.first, self.last
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if holds(middle) is begins else (low, middle)
        raise Turns(low)

    def __lt__(self, other: Any) -> bool:
        """Compare throughout. Raises Turns."""
        return self._below(other, even=False)

    def __le__(self, other: Any) -> bool:
        """Compare throughout. Raises Turns."""
        return self._below(other, even=True)

    def __gt__(self, other: Any) -> bool:
        """Compare throughout. Raises Turns."""
        return not self <= other

    def __ge__(self, other: Any) -> bool:
        """Compare throughout. Raises Turns."""
        return not self < other

    def __eq__(self, other: object) -> bool:
        """Compare throughout. Raises Turns."""
        if not isinstance(other, Fraction | int):
            return NotImplemented
        return self is other or (self <= other and not self < other)

    def __hash__(self) -> int:  # type: ignore[override]  # the parent of all numbers leaves it open
        """Return the object's own hash."""
        return id(self)

    def __bool__(self) -> bool:
        """Say whether it is other than nothing throughout."""
        return not self == 0  # noqa: SIM201 - __ne__ is the parent's


def fill(template: str, step: int) -> str:
    """Write a text of a piece for one step: each mark becomes the exact number."""
    return PLACE.sub(lambda mark: exact.text(Fraction(mark[1]) * step + Fraction(mark[2])), template)
