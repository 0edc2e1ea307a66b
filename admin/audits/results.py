"""An audit's result as a table: all columns as given, and what was found."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from admin.audits import wording
from core.i18n import gettext as _
from core.money import Money

MARKS: Final = ("=", "+", "-", "@", "\t", "\r")


def headings(given: Sequence[str]) -> list[str]:
    """Return the headings: as given, then what was found."""
    return [
        _("行号"), *given, _("结论"), _("标准"), _("版本"), _("当日效力"), _("下限（元）"), _("基准（元）"),
        _("上限（元）"), _("实际收费（元）"), _("偏差（元）"), _("说明"), _("计算过程"),
    ]  # fmt: skip


def lines(rows: Iterable[tuple[list[str], list[Any]]]) -> Iterator[list[Any]]:
    """Yield the result's rows; amounts as exact text in yuan."""
    for no, (given, found) in enumerate(rows, 1):
        outcome, schedule, version, charged, low, base, high, status, deviation, reason, fault, working = found
        note = (
            wording.fault_sentence(*[*fault, schedule]) if fault else wording.reason_sentence(reason) if reason else ""
        )
        yield [
            no, *given, wording.outcome_name(outcome), schedule, version, str(wording.STATUSES.get(status, status)),
            *(_yuan(end) for end in (low, base, high, charged)), _yuan(deviation or None), note, working,
        ]  # fmt: skip


def _yuan(fen: int | None) -> str:
    """Write fen as yuan."""
    return "" if fen is None else str(Money(fen).yuan)


def _safe(cell: Any) -> Any:
    """Keep a cell from beginning a formula; a plain number stays one."""
    if not isinstance(cell, str) or not cell.startswith(MARKS):
        return cell
    return cell if cell[1:].replace(".", "", 1).isdigit() and cell[0] in "+-" else f"'{cell}"


def csv_lines(given: Sequence[str], rows: Iterable[tuple[list[str], list[Any]]]) -> Iterator[str]:
    """Yield the result as CSV, a line at a time, with a byte-order mark."""
    yield "\ufeff"
    yield _csv(headings(given))
    for line in lines(rows):
        yield _csv(line)


def _csv(line: Sequence[Any]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\r\n").writerow([_safe(cell) for cell in line])
    return sheet.getvalue()


def write_xlsx(out: BinaryIO | Path, given: Sequence[str], rows: Iterable[tuple[list[str], list[Any]]]) -> None:
    """Write the result as a workbook in constant memory; every cell is text, so that none is a formula."""
    import xlsxwriter  # noqa: PLC0415 - only audits write workbooks

    book = xlsxwriter.Workbook(
        str(out) if isinstance(out, Path) else out, {"constant_memory": True, "strings_to_formulas": False}
    )
    sheet = book.add_worksheet(_("核查结果"))
    bold = book.add_format({"bold": True})
    for column, text in enumerate(headings(given)):
        sheet.write_string(0, column, text, bold)
    sheet.freeze_panes(1, 1)
    first_found = len(given) + 1
    for place, line in enumerate(lines(rows), 1):
        for column, cell in enumerate(line):
            if column == 0 or (first_found + 4 <= column <= first_found + 8 and cell):
                sheet.write_number(place, column, float(cell))
            elif cell:
                sheet.write_string(place, column, str(cell))
    book.close()
