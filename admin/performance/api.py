"""Performance in JSON, for the offices that see the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, reading
from accounts.listing import next_page
from admin.performance import asking, board, figures, queries, rules, tables
from admin.performance.permissions import own_town
from admin.performance.rules import Five
from admin.performance.schemas import (
    PerformanceLinesSchema,
    PerformanceQuerySchema,
    PerformanceRowsQuerySchema,
    PerformanceSummarySchema,
)

api = Blueprint(
    "performance-api", __name__, url_prefix="/api/v1/performance", description="履约 · Performance, for the offices"
)


@api.get("/summary")
@may("performance:see")
@api.arguments(PerformanceQuerySchema, location="query")
@api.response(200, PerformanceSummarySchema)
def summary(query: dict[str, Any]) -> dict[str, Any]:
    """Return the dashboard's figures."""
    with reading() as work:
        part = asking.asked_slice(work, query)
        found = figures.summary(work, part)
        months, steps = figures.months(work, part).plain, figures.funnel(work, part).plain
        bins = figures.ratios(work, part).plain
    ratio: Five | None = found["ratio"]
    return {
        **found,
        "ratio_q1": rules.ratio_text(ratio.q1) if ratio else None,
        "ratio_median": rules.ratio_text(ratio.median) if ratio else None,
        "ratio_q3": rules.ratio_text(ratio.q3) if ratio else None,
        "days_to_award_n": found["days_n"],
        "days_to_award_median": found["days"].median if found["days"] else None,
        "months": [{"month": row[0], "accepted": row[1], "on_time": row[2]} for row in months],
        "funnel": [{"step": row[0], "count": row[1]} for row in steps],
        "ratios": [{"low": str(row[0]), "high": str(row[1]), "count": row[2]} for row in bins],
    }


@api.get("/agencies")
@may("performance:see")
@api.arguments(PerformanceQuerySchema, location="query")
@api.response(200, PerformanceLinesSchema)
def agencies(query: dict[str, Any]) -> dict[str, Any]:
    """List agencies with contracts, their on-time counts, ratings with interval, and median ratio."""
    with reading() as work:
        part = asking.asked_slice(work, query)
        page = queries.agencies(work.session, part, after=query["after"], limit=query["limit"])
        lines = [tables.agency_plain(line) for line in page.items]
    return {"items": lines, "next": next_page(page.after)}


@api.get("/items")
@may("performance:see")
@api.arguments(PerformanceQuerySchema, location="query")
@api.response(200, PerformanceLinesSchema)
def items(query: dict[str, Any]) -> dict[str, Any]:
    """List service items with contracts: on time, quartiles of amounts from eight on, days to award."""
    with reading() as work:
        return {"items": tables.items_plain(work, asking.asked_slice(work, query)), "next": None}


@api.get("/towns")
@may("performance:see")
@api.arguments(PerformanceQuerySchema, location="query")
@api.response(200, PerformanceLinesSchema)
def towns(query: dict[str, Any]) -> dict[str, Any]:
    """List the towns the reader may see."""
    with reading() as work:
        found = tables.towns_plain(work, asking.asked_slice(work, query), own_town(work.actor))
    return {"items": found, "next": None}


@api.get("/rows")
@may("performance:see")
@api.arguments(PerformanceRowsQuerySchema, location="query")
@api.response(200, PerformanceLinesSchema)
def rows(query: dict[str, Any]) -> dict[str, Any]:
    """List the rows behind a figure."""
    with reading() as work:
        part, chosen = asking.asked_slice(work, query), asking.asked_rows(query)
        lines, after = board.row_lines(work, chosen, part, query["after"], query["limit"])
    return {"items": [_timed(line) for line in lines], "next": next_page(after)}


def _timed(line: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in line.items()}
