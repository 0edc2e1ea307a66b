"""The dashboard of offices and its lists; each also as ``?format=csv``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import may, reading
from accounts.listing import next_page
from accounts.wording import town_names
from admin.performance import asking, figures, queries, rows, rules, tables, wording
from admin.performance.files import csv_file
from admin.performance.pages import pages
from admin.performance.permissions import own_town
from admin.performance.rules import RowSet, Slice
from agencies.catalogue.wording import item_names
from core.access import OrgKind
from core.i18n import gettext as _
from core.paging import MOST
from core.work import Work

CASES_SHOWN: Final = 10
PAGE: Final = 50
MOST_CSV: Final = 2000
Lines: TypeAlias = tuple[list[dict[str, Any]], int | None]
SEE_CASES: Final = (OrgKind.PRICE_REGULATOR, OrgKind.CITY_OPERATOR)


def wants_csv() -> bool:
    """Say whether the reader asked for the file."""
    return request.args.get("format") == "csv"


def written(amount: Any) -> str:
    """Write an amount as the templates do."""
    return str(current_app.jinja_env.filters["money"](amount))


def frame(work: Work, part: Slice) -> dict[str, Any]:
    """Return what every page of the board shows: the slice, its filters, the way between pages."""
    own = own_town(work.actor)
    names = town_names()
    kept = {"months": part.months, "item": part.item_code, "town": part.town_code if own is None else None}
    query = urlencode({key: value for key, value in kept.items() if value})
    return {
        "part": part,
        "until": part.until,
        "items": [("", _("全部事项")), *item_names().items()],
        "towns": [("", _("全市")), *names.items()] if own is None else [(own, names.get(own, own))],
        "months_choices": [(str(number), _("近 %(months)s 个月", months=number)) for number in rules.MONTHS],
        "town_name": names.get(part.town_code or "", _("全市")),
        "item_name": item_names().get(part.item_code or "", _("全部事项")),
        "places": [
            (label, f"{url_for(endpoint)}?{query}", request.endpoint == endpoint)
            for label, endpoint in (
                (_("看板"), "performance.dashboard"),
                (_("机构"), "performance.agencies"),
                (_("事项"), "performance.items"),
                (_("镇街"), "performance.towns"),
            )
        ],
        "csv_url": f"{request.path}?{urlencode({**request.args.to_dict(), 'format': 'csv'})}",
        "query": query,
    }


@pages.get("/performance")
@may("performance:see")
def dashboard() -> ResponseReturnValue:
    """Show four figures, four pictures and the open cases; ``figure`` names the one to send as a file."""
    with reading() as work:
        part = asking.asked_slice(work, request.args)
        drawn = {
            one.name: one
            for one in (
                figures.ratios(work, part),
                figures.months(work, part),
                figures.towns(work, part, own_town(work.actor)),
                figures.funnel(work, part),
            )
        }
        if wants_csv():
            chosen = drawn.get(request.args.get("figure", ""), drawn["months"])
            return csv_file(f"performance-{chosen.name}", _plain_headers(chosen.name), chosen.plain)
        cases = [tables.case_plain(row) for row in queries.open_cases(work.session, part.town_code, CASES_SHOWN)]
        return render_template(
            "performance/dashboard.html",
            **frame(work, part),
            figures=drawn,
            summary=figures.summary(work, part),
            rules=rules,
            rows_url=figures.rows_url,
            sets=RowSet,
            cases=tables.cases_table(cases, written, linked=work.actor.org_kind in SEE_CASES),
        )


def _plain_headers(name: str) -> list[str]:
    known = {
        "months": [_("月份"), _("验收合同"), _("准时")],
        "towns": [_("镇街代码"), _("镇街"), _("验收合同"), _("迟交")],
        "funnel": [_("步骤"), _("件数")],
        "ratios": [_("比值从"), _("到"), _("合同数")],
    }
    return known[name]


@pages.get("/performance/agencies")
@may("performance:see")
def agencies() -> ResponseReturnValue:
    """List agencies fairly: by the lower bound of their ratings and their on-time share, with the numbers behind."""
    with reading() as work:
        part = asking.asked_slice(work, request.args)

        def page_of(after: int | None, limit: int) -> Lines:
            page = queries.agencies(work.session, part, after=after, limit=limit)
            return [tables.agency_plain(line) for line in page.items], page.after

        if wants_csv():
            return _file("performance-agencies", gather(page_of))
        lines, following_key = page_of(asking.whole(request.args.get("after")), PAGE)
        shell = frame(work, part)
    following = f"{request.path}?{shell['query']}&after={following_key}" if following_key else None
    return render_template(
        "performance/agencies.html",
        **shell,
        lines=lines,
        rows=tables.agencies_table(lines, part),
        rated=[one for one in lines if one["standing_milli"] is not None][:12],
        following=following,
    )


@pages.get("/performance/items")
@may("performance:see")
def items() -> ResponseReturnValue:
    """List service items: contracts, on time, quartiles of price, days to award."""
    with reading() as work:
        part = asking.asked_slice(work, request.args)
        lines = tables.items_plain(work, part)
        shell = frame(work, part)
    if wants_csv():
        headers = [
            "code",
            "name",
            "signed",
            "accepted",
            "on_time",
            "amount_q1_fen",
            "amount_median_fen",
            "amount_q3_fen",
        ]
        plain = [
            [
                *(one[name] for name in headers[:5]),
                *((one["amount_fen"] or {}).get(name) for name in ("q1", "median", "q3")),
                one["ratio_median"],
                one["days_median"],
            ]
            for one in lines
        ]
        return csv_file("performance-items", [*headers, "ratio_median", "days_median"], plain)
    boxed = [one for one in lines if one["amount_fen"]][:10]
    return render_template(
        "performance/items.html", **shell, lines=lines, boxed=boxed, rows=tables.items_table(lines, part, written)
    )


@pages.get("/performance/towns")
@may("performance:see")
def towns() -> ResponseReturnValue:
    """Show all towns as tiles, and as rows those the reader may see."""
    with reading() as work:
        part = asking.asked_slice(work, request.args)
        own = own_town(work.actor)
        lines = tables.towns_plain(work, part, own)
        figure = figures.towns(work, part, own)
        shell = frame(work, part)
    if wants_csv():
        return _file("performance-towns", lines)
    return render_template(
        "performance/towns.html", **shell, figure_of=figure, rules=rules, rows=tables.towns_table(lines, part)
    )


@pages.get("/performance/rows")
@may("performance:see")
def listing() -> ResponseReturnValue:
    """Show the rows behind a figure."""
    chosen = asking.asked_rows(request.args)
    after = asking.whole(request.args.get("after"))
    with reading() as work:
        part = asking.asked_slice(work, request.args)
        lines, following = row_lines(work, chosen, part, after, PAGE)
        if wants_csv():
            return _file(f"rows-{chosen}", gather(lambda start, limit: row_lines(work, chosen, part, start, limit)))
        shell = frame(work, part)
    about_needs = rows.is_about_needs(chosen)
    return render_template(
        "performance/rows.html",
        **shell,
        title=wording.ROW_SETS[chosen],
        about_needs=about_needs,
        rows=tables.needs_table(lines) if about_needs else tables.contracts_table(lines, written),
        following=next_page(following),
    )


def row_lines(work: Work, chosen: RowSet, part: Slice, after: int | None, limit: int | None) -> Lines:
    """Return one page of a row set, plain, and where the next begins."""
    if rows.is_about_needs(chosen):
        found = rows.need_rows(work.session, chosen, part, after=after, limit=limit)
        return [tables.need_plain(row) for row in found.items], found.after
    page = rows.contract_rows(work.session, chosen, part, after=after, limit=limit)
    whole = Slice(part.since, part.until, part.months)
    amounts = queries.amounts_by_item(work.session, whole)
    return [tables.contract_plain(row, amounts) for row in page.items], page.after


def gather(page_of: Callable[[int | None, int], Lines]) -> list[dict[str, Any]]:
    """Return the lines of a file: page after page, up to the most a file holds."""
    lines: list[dict[str, Any]] = []
    after: int | None = None
    while len(lines) < MOST_CSV:
        found, after = page_of(after, MOST)
        lines += found
        if after is None:
            break
    return lines


def _file(name: str, lines: list[dict[str, Any]]) -> Response:
    """Send lines as a file headed by their keys."""
    return csv_file(name, list(lines[0]) if lines else [], [list(one.values()) for one in lines])
