"""Figures as files: CSV that opens in a spreadsheet with the right letters and without surprises."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from flask import Response

from admin.performance.rules import safe_rows

BOM: Final = "\ufeff"


def csv_text(headers: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """Write a table as CSV with a byte-order mark; no cell begins a formula."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerows(safe_rows([headers, *rows]))
    return BOM + sheet.getvalue()


def csv_file(name: str, headers: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Response:
    """Send a table as a CSV file of that name."""
    response = Response(csv_text(headers, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return response
