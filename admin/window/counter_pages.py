"""The public page of visits: how many purchases came with no visit to the window, with one, with more."""

from __future__ import annotations

from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accounts.gate import public, reading
from accounts.wording import town_name
from admin.performance import rules as periods
from admin.performance.files import csv_file
from admin.window import queries
from admin.window.pages import pages
from admin.window.rules import FEWEST, MONTHS, Tally
from agencies.catalogue.wording import item_name
from core.i18n import gettext as _
from core.work import Work

BARS: Final = 8
LETTERS: Final = 20
WAYS: Final = ("item", "town")
HEADERS: Final = ("code", "name", "n", "zero_percent", "one_percent", "more_percent")


@pages.get("/visits")
@public
def visits() -> ResponseReturnValue:
    """Show the shares per service item and per town, of the last twelve months."""
    with reading() as work:
        items, towns = (tallies(work, by) for by in WAYS)
    return render_template(
        "window/visits.html",
        parts=[
            {"by": by, "rows": _lines(found, by), "few": _few(found, by), "bars": _bars(found, by)}
            for by, found in zip(WAYS, (items, towns), strict=True)
        ],
        whole=_whole(items),
        months=MONTHS,
        fewest=FEWEST,
    )


@pages.get("/visits.csv")
@public
def visits_csv() -> ResponseReturnValue:
    """Send the shares as CSV, per service item or per town."""
    by = "town" if request.args.get("by") == "town" else "item"
    with reading() as work:
        found = tallies(work, by)
    return csv_file(f"visits-{by}", HEADERS, [[row.code, name(by, row.code), row.n, *row.shares()] for row in found])


def tallies(work: Work, by: str) -> list[Tally]:
    """Count the notices of the last twelve months by their visits."""
    since, until = periods.period(work.clock.now(), MONTHS)
    return queries.tallies(work.session, by, since, until)


def name(by: str, code: str) -> str:
    """Name a service item or a town."""
    return item_name(code) if by == "item" else town_name(code)


def _whole(rows: list[Tally]) -> Tally:
    return Tally("", sum(row.zero for row in rows), sum(row.one for row in rows), sum(row.more for row in rows))


def _lines(rows: list[Tally], by: str) -> list[list[Any]]:
    """Write the lines that have shares."""
    return [
        [
            {"text": name(by, row.code), "note": _("采购 %(count)s 份", count=row.n)},
            *(f"{share}%" for share in row.shares()),
        ]
        for row in rows
        if row.is_shown
    ]


def _few(rows: list[Tally], by: str) -> list[list[Any]]:
    """Write the lines of too few purchases for a share."""
    return [[name(by, row.code), row.n] for row in rows if not row.is_shown]


def _bars(rows: list[Tally], by: str) -> list[tuple[str, float, str]]:
    shown = [(row, row.share(row.zero)) for row in rows if row.is_shown][:BARS]
    return [(_short(name(by, row.code)), float(share or 0), f"{share}%") for row, share in shown]


def _short(text: str) -> str:
    """Cut a name to what stands above a bar on a phone."""
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
