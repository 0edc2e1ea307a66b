"""Use cases of batch audits: hand in a table, say what its columns are, judge it part by part, cancel, delete."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete

from admin.audits import judging, queries
from admin.audits.judging import Columns, Find, Outcome, Verdict
from admin.audits.lifecycle import FEE_AUDIT, AuditState
from admin.audits.limits import limits
from admin.audits.models import FeeAudit, FeeAuditPart
from admin.audits.packing import pack, unpack
from admin.audits.permissions import POLICY
from admin.audits.reading import Table, made
from agencies.fees import register
from agencies.fees.engine.schedule import Schedule
from core import deadlines
from core.errors import Invalid, NotFound
from core.work import Work

STEP: Final = "fee_audit.step"
EXPIRE: Final = "fee_audit.expire"
MOST_TOP: Final = 50
MOST_FAULTS: Final = 500
CONTRACTS: Final = "contracts"


def open_audit(work: Work, table: Table) -> FeeAudit:
    """Keep a table's rows in parts, as the draft of an audit; nothing is judged yet.

    Raises Forbidden for who may not audit.
    """
    work.require(POLICY, "fee_audit:open")
    now = work.clock.now()
    row = FeeAudit(
        org_id=work.actor.org_id, user_id=work.actor.user_id, source=table.name, headings=table.headings,
        rows_total=len(table.rows), created_at=now, delete_at=now + timedelta(days=limits().kept_days),
    )  # fmt: skip
    work.add(row, "fee_audit.opened", rows=len(table.rows))
    size = limits().part_rows
    for no, first in enumerate(range(0, len(table.rows), size)):
        work.session.add(FeeAuditPart(audit_id=row.id, no=no, given=pack(table.rows[first : first + size])))
    deadlines.put(work, EXPIRE, row.id, row.delete_at)
    return row


def open_contracts(work: Work) -> FeeAudit:
    """Audit every signed contract stored here that the actor may see; started at once.

    Raises Forbidden, Invalid("audit-no-contracts").
    """
    work.require(POLICY, "fee_audit:open")
    rows = list(queries.contract_rows(work.session, work.actor))
    if not rows:
        raise Invalid("audit-no-contracts")
    headings = list(queries.CONTRACT_HEADINGS)
    row = open_audit(work, Table(CONTRACTS, headings, rows))
    places = {"schedule": 4, "on": 5, "funding": 6, "charged": 7, "given": 8}
    return start(work, row.id, Columns(places))


def open_rows(work: Work, headings: list[str], rows: list[list[str]]) -> FeeAudit:
    """Keep rows given as data. Raises Invalid for too many."""
    return open_audit(work, made("json", [headings, *rows]))


def start(work: Work, audit_id: int, columns: Columns) -> FeeAudit:
    """Say what the columns are and set the audit to work.

    Raises NotFound, Forbidden, Conflict("wrong-state"), Invalid("audit-column-missing") naming the role.
    """
    row = work.session.get(FeeAudit, audit_id, with_for_update=True) or queries.audit_by_id(work.session, audit_id)
    missing = columns.missing()
    if missing:
        raise Invalid("audit-column-missing", field=missing[0], missing=missing)
    row.started_at, row.mapping = work.clock.now(), columns.as_json()
    work.move(FEE_AUDIT, POLICY, row, "start", rows=row.rows_total)
    work.emit(STEP, id=row.id, no=0)
    return row


def cancel(work: Work, audit_id: int) -> FeeAudit:
    """Stop an audit; what it found so far stays. Raises NotFound, Forbidden, Conflict when it has ended."""
    row = work.session.get(FeeAudit, audit_id, with_for_update=True) or queries.audit_by_id(work.session, audit_id)
    row.ended_at = work.clock.now()
    work.move(FEE_AUDIT, POLICY, row, "cancel", rows=row.rows_done)
    return row


def step(work: Work, facts: Mapping[str, Any]) -> None:
    """Judge one part of an audit that is running, and call for the next; a handler, which may run twice.

    Part, counts and the call for the next part are one unit of work: a killed worker leaves the last whole part.
    """
    row = work.session.get(FeeAudit, int(facts["id"]), with_for_update=True)
    if row is None or row.state is not AuditState.RUNNING:
        return
    part = queries.part(work.session, row.id, int(facts["no"]))
    if part is None or part.found is not None:
        return
    given = unpack(part.given)
    verdicts = judging.judge(Columns.of_json(row.mapping), row.headings, given, finder(work))
    part.found = pack([one.as_json() for one in verdicts])
    _count(row, verdicts)
    row.rows_done += len(given)
    if row.rows_done >= row.rows_total:
        row.ended_at = work.clock.now()
        work.move(FEE_AUDIT, POLICY, row, "finish", rows=row.rows_total)
        return
    work.record(row, "fee_audit.step", rows=row.rows_done)
    work.emit(STEP, id=row.id, no=part.no + 1)


def expire(work: Work, audit_id: int) -> None:
    """Delete an audit whose time of keeping is over, rows and results; a deadline's handler."""
    row = work.session.get(FeeAudit, audit_id)
    if row is None:
        return
    work.record(row, "fee_audit.deleted", rows=row.rows_total)
    work.session.flush()
    work.session.execute(delete(FeeAuditPart).where(FeeAuditPart.audit_id == audit_id))
    work.session.delete(row)


def finder(work: Work) -> Find:
    """Return what finds a schedule by document, title or id, or by the item it belongs to."""
    items = queries.schedule_names(work.session)
    known: dict[str, Any] = {}

    def find(text: str) -> Any:
        if text not in known:
            known[text] = register.find(items.get(text, text))
        return known[text]

    return find


def schedules_named(work: Work, row: FeeAudit, columns: Columns) -> list[Schedule]:
    """Return the schedules the first part of an audit's rows names, each once; what is not kept here is passed over."""
    part, find, found = queries.part(work.session, row.id, 0), finder(work), {}
    at, fixed = columns.places.get("schedule"), columns.fixed.get("schedule", "")
    named = {(line[at].strip() if at is not None else "") or fixed for line in (unpack(part.given) if part else [])}
    for text in sorted(named):
        try:
            schedule = find(text)
        except NotFound:
            continue
        found[schedule.id] = schedule
    return list(found.values())


def _count(row: FeeAudit, verdicts: list[Verdict]) -> None:
    """Add a part's outcomes, its largest deviations and its faults to the audit's own."""
    counts = Counter(row.counts)
    counts.update(str(one.outcome) for one in verdicts)
    row.counts = dict(counts)
    row.one_by_one += sum(one.by_engine for one in verdicts)
    first = row.rows_done + 1
    off = [[first + at, one.deviation, str(one.outcome), one.charged, one.schedule]
           for at, one in enumerate(verdicts) if one.deviation]  # fmt: skip
    row.top = heapq.nlargest(MOST_TOP, [*row.top, *off], key=lambda line: (line[1] > 0, abs(line[1])))
    faults = [[first + at, *one.fault, one.schedule] for at, one in enumerate(verdicts)
              if one.outcome is Outcome.ROW_ERROR and one.fault is not None]  # fmt: skip
    row.faults = [*row.faults, *faults][:MOST_FAULTS]
