"""Read pieces for whole columns: two binary searches and integer arithmetic, exact in 64 bits; or plain integers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from agencies.fees.columns.compiling import Amount, Program

NONE: Final = -1
SAFE: Final = 1 << 61
ENDS: Final = ("low", "base", "high")


@dataclass(slots=True)
class Columns:
    """Results by row, in fen; NONE where there is no such end. `piece`: which of its program; NONE: by the engine.

    Arrays of numpy, or lists where there is none.
    """

    low: Any
    base: Any
    high: Any
    piece: Any


@dataclass(slots=True)
class _End:
    """One end of every piece, as whole fen at the piece's first step and the exact rest for each further step.

    For m steps after the first: fen = start + whole × m + (rest × m + left) ÷ bottom, rounded half up.
    """

    start: list[int] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    bottom: list[int] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)

    def add(self, amount: Amount | None, first: int) -> None:
        """Add a piece's amount; ``first`` is the step at which the piece begins. None: it has no such end."""
        one = amount if amount is not None else Amount(0, 0, 1)
        start, left = divmod(one.slope * first + one.start, one.bottom)
        whole, rest = divmod(one.slope, one.bottom)
        for column, value in zip(
            (self.start, self.whole, self.rest, self.left, self.bottom), (start, whole, rest, left, one.bottom),
            strict=True,
        ):  # fmt: skip
            column.append(value)
        self.known.append(amount is not None)


def plain(program: Program, steps: Sequence[int]) -> Columns:
    """Evaluate row by row in plain integers, without numpy."""
    lasts = [piece.last for piece in program.pieces]
    found = Columns([], [], [], [])
    for step in steps:
        place = bisect_left(lasts, step) if 1 <= step <= lasts[-1] else NONE
        if place != NONE and program.pieces[place].refused:
            place = NONE
        found.piece.append(place)
        for name in ENDS:
            amount = getattr(program.pieces[place], name) if place != NONE else None
            getattr(found, name).append(NONE if amount is None else amount.at(step))
    return found


class Evaluator:
    """A program's pieces as columns, ready for many rows. Needs numpy."""

    def __init__(self, program: Program) -> None:
        import numpy as np  # noqa: PLC0415 - only audits need it, and it is slow to load

        self.numpy = np
        self.program = program
        self.lasts = np.array([piece.last for piece in program.pieces])
        self.firsts = np.array([piece.first for piece in program.pieces])
        self.refused = np.array([piece.refused for piece in program.pieces])
        self.ends: dict[str, Any] = {}
        for name in ENDS:
            end = _End()
            for piece in program.pieces:
                end.add(getattr(piece, name), piece.first)
            self.ends[name] = end
        self.columns = {
            name: {key: np.array(getattr(end, key)) for key in ("start", "whole", "rest", "left", "bottom", "known")}
            for name, end in self.ends.items()
        }

    def run(self, steps: Any) -> Columns:
        """Evaluate a column of steps (int64)."""
        np = self.numpy
        inside = (steps >= 1) & (steps <= self.lasts[-1])
        place = np.searchsorted(self.lasts, np.where(inside, steps, 1))
        beyond = steps - self.firsts[place]
        piece = np.where(inside & ~self.refused[place], place, NONE)
        base = self._end(self.columns["base"], place, beyond, piece)
        low, high = (
            base if self.ends[name] == self.ends["base"] else self._end(self.columns[name], place, beyond, piece)
            for name in ("low", "high")
        )
        return Columns(low, base, high, piece)

    def _end(self, column: Any, place: Any, beyond: Any, piece: Any) -> Any:
        """Compute one end of the result, rounded half up once."""
        np = self.numpy
        rest, bottom = column["rest"][place], column["bottom"][place]
        fen = column["start"][place] + column["whole"][place] * beyond
        reach = (self.lasts - self.firsts).astype(object) * column["rest"].astype(object)
        farthest = int(beyond.max()) * int(rest.max()) if beyond.size else 0
        if max(reach) >= SAFE and farthest >= SAFE:
            # rest × m may leave 64 bits: m is split by the bottom, and both products stay below it squared (2^60).
            many, few = np.divmod(beyond, bottom)
            fen += rest * many
            part = rest * few
        else:
            part = rest * beyond
        fen += (2 * (part + column["left"][place]) + bottom) // (2 * bottom)
        return np.where(column["known"][place] & (piece != NONE), fen, NONE)


def evaluate(program: Program, steps: Sequence[int]) -> Columns:
    """Evaluate a program for rows given in steps: with numpy where it is installed, else in plain integers."""
    try:
        import numpy as np  # noqa: PLC0415 - may be missing
    except ImportError:
        return plain(program, steps)
    most = 1 << 62
    fits = [step if -most < step < most else 0 for step in steps]
    found = Evaluator(program).run(np.array(fits, dtype=np.int64))
    return Columns(*(getattr(found, name).tolist() for name in (*ENDS, "piece")))
