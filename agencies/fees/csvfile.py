"""A table as CSV that opens in a spreadsheet with the right letters, and in which no cell begins a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from flask import Response

BOM: Final = "\ufeff"
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_text(headers: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV with a byte-order mark."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerows([_safe(cell) for cell in row] for row in [headers, *rows])
    return BOM + sheet.getvalue()


def csv_file(name: str, headers: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """Send a table as a CSV file of that name."""
    response = Response(csv_text(headers, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return response


def _safe(cell: object) -> object:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(RISKY) else cell
