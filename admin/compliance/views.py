"""Pages of the monthly bulletin: the months, one month as page, CSV or PDF, a month in preparation, and its issue."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from accounts.gate import may, public, reading, writing
from admin.compliance import queries, service
from admin.compliance.pages import pages
from admin.compliance.permissions import POLICY
from admin.compliance.rules import Month, month_of, read_month
from admin.performance.files import csv_file
from agencies.fees.wording import KINDS
from core.i18n import gettext as _
from core.money import Money
from core.papers import IssuedPaper
from core.work import Work

__all__ = ["pages"]

MONTHS_BACK = 12


@pages.get("/bulletins")
@public
def bulletins() -> ResponseReturnValue:
    """List the issued bulletins by month; those who prepare them see the months that wait as well."""
    with reading() as work:
        papers_by = {paper.object_id: paper for paper in reversed(queries.issued(work.session))}
        waiting = _waiting(work, set(papers_by)) if work.allows(POLICY, "bulletin:draft") else []
    rows = [(paper.data["number"], paper.issued_at, paper.code) for paper in papers_by.values()]
    return render_template("compliance/bulletins.html", rows=sorted(rows, reverse=True), waiting=waiting)


@pages.get("/bulletins/<month>")
@public
def bulletin(month: str) -> ResponseReturnValue:
    """Show an issued bulletin."""
    with reading() as work:
        paper = queries.issued_of(work.session, read_month(month))
    return _shown(read_month(month), paper.data["figures"], paper, may_issue=False)


@pages.get("/bulletins/<month>.csv")
@public
def bulletin_csv(month: str) -> ResponseReturnValue:
    """Hand out an issued bulletin as CSV."""
    with reading() as work:
        paper = queries.issued_of(work.session, read_month(month))
    return csv_file(f"bulletin-{paper.data['number']}", service.HEADERS, service.table(paper.data["figures"]))


@pages.get("/bulletins/<month>/draft")
@may("bulletin:draft")
def draft(month: str) -> ResponseReturnValue:
    """Show a month as it stands now, before it is issued."""
    with reading() as work:
        asked = read_month(month)
        found = service.figures(work, asked)
        may_issue = work.allows(POLICY, "bulletin:issue") and work.clock.now() >= asked.until
    return _shown(asked, found, None, may_issue=may_issue)


@pages.post("/bulletins/<month>/issue")
@may("bulletin:issue")
def issue(month: str) -> ResponseReturnValue:
    """Issue a month's bulletin."""
    with writing() as work:
        asked = read_month(month)
        service.issue(work, asked)
    flash(_("月报已签发，任何人都能看到。"), "ok")
    return redirect(f"/bulletins/{asked.text}", 303)


def _waiting(work: Work, done: set[int]) -> list[str]:
    month = month_of(work.clock.now())
    found = []
    for _step in range(MONTHS_BACK):
        if month.key not in done:
            found.append(month.text)
        month = month.before()
    return found


def _shown(month: Month, found: dict[str, Any], paper: IssuedPaper | None, *, may_issue: bool) -> str:
    kinds = {str(kind): str(label) for kind, label in KINDS.items()}
    return render_template(
        "compliance/bulletin.html", month=month, found=found, paper=paper, may_issue=may_issue, kinds=kinds,
        money_of=Money,
        bars=[(kinds[row["kind"]], row["findings"], str(row["findings"])) for row in found["kinds"]],
    )  # fmt: skip
