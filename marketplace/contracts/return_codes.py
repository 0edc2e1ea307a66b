"""Why departments return a result: the dated codes of the data file, checked on reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from core.datafile import read_datafile, refuse_repeats

FILE: Final = Path(__file__).with_name("data") / "return_codes.toml"


@dataclass(frozen=True, slots=True)
class ReturnCode:
    """One reason, in force from its first day until the day before ``valid_to``."""

    code: str
    name: str
    name_en: str
    valid_from: date
    valid_to: date | None
    basis: str
    confidence: str

    def holds_on(self, day: date) -> bool:
        """Say whether the code may be used of a finding of that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@cache
def all_codes() -> tuple[ReturnCode, ...]:
    """Return every code of the file, in its order."""
    rows = read_datafile(FILE).rows("codes")
    refuse_repeats(rows, "code", "valid_from")
    found = []
    for row in rows:
        row.only("code", "name", "name_en", "valid_from", "valid_to", "basis", "confidence")
        found.append(
            ReturnCode(
                row.text("code"), row.text("name"), row.text("name_en"), row.day("valid_from"),
                row.day_or_none("valid_to"), row.text("basis"), row.text("confidence"),
            )
        )  # fmt: skip
    return tuple(found)


def known_on(day: date) -> frozenset[str]:
    """Return the codes in force on a day."""
    return frozenset(one.code for one in all_codes() if one.holds_on(day))
