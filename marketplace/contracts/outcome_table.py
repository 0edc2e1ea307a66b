"""Departments' findings as a table: read row by row, each wrong cell named, and written back for correction."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Final

from core.errors import DomainError, Invalid
from core.fields import DAY, fold
from marketplace.contracts.commands import EnterOutcome, OutcomeRow
from marketplace.contracts.turns import Finding

HEADER: Final = ("合同编号", "版次", "结果", "退回原因代码", "日期", "说明")
FINDINGS: Final = {
    "通过": Finding.ACCEPTED, "通過": Finding.ACCEPTED, "accepted": Finding.ACCEPTED,
    "退回": Finding.RETURNED, "returned": Finding.RETURNED,
}  # fmt: skip
MOST_ROWS: Final = 2000
MOST_NOTE: Final = 1000


def decode(words: bytes) -> str:
    """Read a file as UTF-8, with or without its mark, or as GB18030. Raises Invalid."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return words.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("outcome-header", field="rows", wanted="，".join(HEADER))


def read(text: str) -> list[OutcomeRow]:
    """Read every row, also those that say nothing sensible; empty lines are left out.

    Raises Invalid when the first line is not the header, or there are too many rows.
    """
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    if not lines or tuple(cell.strip() for cell in lines[0]) != HEADER:
        raise Invalid("outcome-header", field="rows", wanted="，".join(HEADER))
    if len(lines) - 1 > MOST_ROWS:
        raise Invalid("outcome-too-many", field="rows", most=MOST_ROWS)
    return [_row(number, cells) for number, cells in enumerate(lines[1:], start=2) if any(map(str.strip, cells))]


def write(rows: Sequence[Sequence[str]]) -> str:
    """Write rows under the header, to be corrected and sent again."""
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\n").writerows([HEADER, *rows])
    return sheet.getvalue()


def _row(line: int, cells: Sequence[str]) -> OutcomeRow:
    given = tuple(cell.strip() for cell in cells)
    try:
        return OutcomeRow(line, given, fold(given[0]).lstrip("'"), _command(given))
    except DomainError as error:
        return OutcomeRow(line, given, error=error)


def _command(cells: tuple[str, ...]) -> EnterOutcome:
    if len(cells) != len(HEADER):
        raise Invalid("outcome-columns", field="rows", given=len(cells), wanted=len(HEADER))
    finding = FINDINGS.get(fold(cells[2]).lower())
    if finding is None:
        raise Invalid("outcome-finding-unknown", field="rows", given=cells[2])
    codes = tuple(code for code in fold(cells[3]).upper().replace("、", " ").replace(";", " ").split() if code)
    return EnterOutcome(finding, _day(cells[4]), codes, cells[5][:MOST_NOTE], _version(cells[1]))


def _day(text: str) -> date:
    match = DAY.fullmatch(fold(text))
    try:
        return date(*(int(part) for part in (match.groups() if match else ())))
    except (ValueError, TypeError):
        raise Invalid("outcome-day-unreadable", field="rows", given=text) from None


def _version(text: str) -> int | None:
    if not text:
        return None
    if not fold(text).isdecimal():
        raise Invalid("outcome-version-unreadable", field="rows", given=text)
    return int(fold(text))
