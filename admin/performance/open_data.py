"""The public's own copy: notices, awards and contracts of a year as CSV or JSON, and three plain figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accounts.gate import public, reading
from admin.performance import asking, figures, queries, rows, rules
from admin.performance.files import csv_file
from admin.performance.pages import pages
from admin.performance.rules import RowSet, Slice
from core.clock import BEIJING, beijing_day
from core.errors import NotFound
from marketplace.contracts.queries import first_findings

FIRST_YEAR: Final = 2020
MONTHS_SHOWN: Final = 12


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def notices(session: Session, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return the notices of a period, without contacts."""
    return [
        {
            "number": need.number,
            "title": need.title,
            "item_code": need.item_code,
            "item": item,
            "town_code": need.town_code,
            "enterprise": enterprise,
            "fund": need.fund,
            "method": need.method,
            "ceiling_fen": None if need.ceiling is None else need.ceiling.fen,
            "published_at": _instant(need.published_at),
            "closes_at": _instant(need.closes_at),
            "state": str(need.state),
        }
        for need, item, enterprise in rows.public_notices(session, since, until)
    ]


def awards(session: Session, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return the awards of a period."""
    return [
        {
            "number": award.number,
            "notice": notice,
            "item_code": award.item_code,
            "town_code": award.town_code,
            "agency": agency,
            "agency_credit_code": credit_code,
            "amount_fen": award.amount.fen,
            "awarded_at": _instant(award.awarded_at),
        }
        for award, notice, agency, credit_code in rows.public_awards(session, since, until)
    ]


def contracts(session: Session, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return the contracts signed in a period, with what the department found first, where it has said so."""
    first = first_findings(session, since, until)
    return [
        {
            "number": contract.number,
            "notice": notice,
            "item_code": contract.item_code,
            "town_code": contract.town_code,
            "enterprise": enterprise,
            "agency": agency,
            "amount_fen": contract.amount.fen,
            "signed_amount_fen": (contract.signed_amount or contract.amount).fen,
            "signed_at": _instant(contract.starts_at),
            "due_at": _instant(contract.due_at),
            "accepted_at": _instant(contract.accepted_at),
            "late_days": contract.late_days,
            "department_first_finding": first.get(contract.id),
            "paid_fen": None if contract.paid is None else contract.paid.fen,
            "state": str(contract.state),
        }
        for contract, notice, enterprise, agency in rows.public_contracts(session, since, until)
    ]


SETS: Final[dict[str, Callable[[Session, datetime, datetime], list[dict[str, Any]]]]] = {
    "notices": notices,
    "awards": awards,
    "contracts": contracts,
}


@pages.get("/open-data")
@public
def open_data() -> ResponseReturnValue:
    """Say what may be downloaded, and show the year's figures."""
    with reading() as work:
        since, until = rules.period(work.clock.now(), MONTHS_SHOWN)
        part = Slice(since, until, MONTHS_SHOWN)
        steps = queries.funnel(work.session, part, (RowSet.PUBLISHED, RowSet.AWARDED, RowSet.CONTRACTED))
        delivered = queries.delivered_total(work.session, part)
        year = beijing_day(work.clock.now()).year
        figure = figures.months(work, part)
    return render_template(
        "performance/open_data.html",
        steps=steps,
        share=rules.share(delivered.on_time, delivered.accepted),
        accepted=delivered.accepted,
        years=list(range(year, max(year - 3, FIRST_YEAR) - 1, -1)),
        figure_of=figure,
        plain=[[row[0], row[1], row[2]] for row in figure.plain],
        target=rules.ON_TIME_TARGET,
    )


@pages.get("/open-data/<string:name>.<any(csv,json):ending>")
@public
def data_set(name: str, ending: str) -> ResponseReturnValue:
    """Send one data set of one year. Raises NotFound."""
    if name not in SETS:
        raise NotFound("data-set-not-found", name=name)
    with reading() as work:
        now = beijing_day(work.clock.now()).year
        year = min(max(asking.whole(request.args.get("year")) or now, FIRST_YEAR), now)
        since, until = (datetime(one, 1, 1, tzinfo=BEIJING).astimezone(UTC) for one in (year, year + 1))
        found: Sequence[dict[str, Any]] = SETS[name](work.session, since, until)
        generated = _instant(work.clock.now())
    if ending == "json":
        return jsonify({"set": name, "year": year, "generated_at": generated, "items": found})
    headers = list(found[0]) if found else ["number"]
    return csv_file(f"{name}-{year}", headers, [list(one.values()) for one in found])
