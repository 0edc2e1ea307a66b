"""Read a table handed in as CSV or XLSX: headings and rows of text, within the limits."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, Final

from admin.audits.limits import limits
from core.errors import Invalid

ENCODINGS: Final = ("utf-8-sig", "gb18030")
WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as text: its name, its headings, its rows (each as long as the headings)."""

    name: str
    headings: list[str]
    rows: list[list[str]]


def read_table(stream: BinaryIO, name: str) -> Table:
    """Read an upload by its ending.

    Raises Invalid: audit-file-type, audit-file-broken, audit-file-too-large, audit-file-empty, audit-too-many-rows,
    audit-too-many-columns.
    """
    content = stream.read(limits().most_bytes + 1)
    if len(content) > limits().most_bytes:
        raise Invalid("audit-file-too-large", field="file", most=limits().most_bytes // 1024 // 1024)
    ending = name.rpartition(".")[2].casefold()
    if ending == "csv":
        return made(name, _csv(content))
    if ending == "xlsx":
        return made(name, _xlsx(content))
    raise Invalid("audit-file-type", field="file")


def made(name: str, lines: Iterable[Sequence[str]]) -> Table:
    """Make a table of lines, the first its headings; blank lines are left out, nothing else is.

    A heading met before gets a number behind it; cells beyond the headings get headings of their own. Raises Invalid.
    """
    found = (list(line) for line in lines if any(cell.strip() for cell in line))
    headings = [cell.strip()[:80] for cell in _whole(next(found, [""]), 0)]
    if not headings:
        raise Invalid("audit-file-empty", field="file")
    rows: list[list[str]] = []
    for line in found:
        if len(rows) >= limits().most_rows:
            raise Invalid("audit-too-many-rows", field="file", most=limits().most_rows)
        rows.append(_whole(line, len(rows) + 1))
    if not rows:
        raise Invalid("audit-file-empty", field="file")
    width = max(len(headings), *map(len, rows))
    for row in rows:
        row.extend([""] * (width - len(row)))
    return Table(name.replace("\\", "/").rpartition("/")[2][:200], _named(headings, width), rows)


def _whole(line: list[str], no: int) -> list[str]:
    """Return a row without the blanks behind its last word, before another is read.

    Raises Invalid for more columns than a table may have, and for a cell no spreadsheet could hold.
    """
    while line and not line[-1].strip():
        line.pop()
    if len(line) > limits().most_columns:
        raise Invalid("audit-too-many-columns", field="file", most=limits().most_columns)
    if len(max(line, key=len, default="")) > limits().longest_cell:
        raise Invalid("audit-cell-too-long", field="file", row=no, most=limits().longest_cell)
    return line


def _named(headings: Sequence[str], width: int) -> list[str]:
    """Return a heading for every column, no two alike."""
    found: dict[str, None] = {}
    for place in range(width):
        text = headings[place] if place < len(headings) and headings[place] else f"列 {place + 1}"
        number, name = 1, text
        while name in found:
            number += 1
            name = f"{text}（{number}）"
        found[name] = None
    return list(found)


def _csv(content: bytes) -> Iterator[list[str]]:
    """Read CSV in one of the encodings spreadsheets write. Raises Invalid."""
    csv.field_size_limit(limits().most_bytes)
    for encoding in ("utf-16", *ENCODINGS) if content[:2] in WIDE_MARKS else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        first = text.partition("\n")[0]
        mark = max(",;\t", key=first.count)
        try:
            yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        except csv.Error:
            break
        return
    raise Invalid("audit-file-broken", field="file")


def _xlsx(content: bytes) -> Iterator[list[str]]:
    """Read the first sheet of a workbook, after a look at what is packed in it. Raises Invalid."""
    from openpyxl import load_workbook  # noqa: PLC0415 - only audits read workbooks

    broken = Invalid("audit-file-broken", field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except zipfile.BadZipFile:
        raise broken from None
    names = [info.filename.casefold() for info in infos]
    packed = any(name.endswith((".zip", ".exe", ".js", "vbaproject.bin")) for name in names)
    unpacked = sum(info.file_size for info in infos)
    puffed = unpacked > limits().most_ratio * len(content) and unpacked > limits().never_puffed
    if "xl/workbook.xml" not in names or packed or puffed or unpacked > limits().most_unpacked:
        raise broken
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for line in sheet.iter_rows(values_only=True):
            yield [cell_text(cell) for cell in line]
    except Invalid:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as there are parts
        raise broken from error


def cell_text(cell: Any) -> str:
    """Write a cell as a person would have typed it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
