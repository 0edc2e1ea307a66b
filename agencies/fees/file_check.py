"""Check schedule files: each is read, tried against itself, and every mistake named with file, line and table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agencies.fees.engine.reader import read_schedule
from agencies.fees.engine.soundness import flaws
from core.datafile import DataFileError

_SEGMENT: Final = re.compile(r"\[\[([\w.-]+)\]\] (\d+)|\[([\w.-]+)\]")
_TOML_LINE: Final = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of a file; `line` is where its table begins, 1 where no line is nearer."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """Write it as editors and terminals find it: file:line: message."""
        return f"{self.file}:{self.line}: {self.message}"


def mistakes(paths: Iterable[Path]) -> Iterator[Mistake]:
    """Yield every mistake of these files; a file that can't be read has one."""
    seen: dict[str, str] = {}
    for path in paths:
        lines = _lines(path)
        try:
            schedule = read_schedule(path)
        except DataFileError as error:
            yield Mistake(path.name, line_of(lines, str(error)), str(error))
            continue
        if schedule.id in seen:
            yield Mistake(path.name, 1, f"id {schedule.id!r} stands in {seen[schedule.id]} too")
        seen[schedule.id] = path.name
        for flaw in flaws(schedule):
            yield Mistake(path.name, line_of(lines, flaw.place), f"{flaw.place}: {flaw.message}")


def _lines(path: Path) -> list[str]:
    """Return the lines of a file; none when it can't be read as text."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def line_of(lines: list[str], place: str) -> int:
    """Return the line on which the table of a place begins, as `Row.place` writes places; 1 when it isn't found."""
    named = _TOML_LINE.search(place)
    if named is not None:
        return int(named[1])
    line, name = 0, ""
    for segment in _SEGMENT.finditer(place):
        table = segment[1] or segment[3]
        name = f"{name}.{table}" if name else table
        header = f"[[{name}]]" if segment[1] else f"[{name}]"
        starts = [number for number, text in enumerate(lines, start=1) if text.strip() == header and number > line]
        ordinal = int(segment[2] or 1)
        if len(starts) >= ordinal:  # a table may be written inside another's line, or have no line of its own
            line = starts[ordinal - 1]
    return line or 1
