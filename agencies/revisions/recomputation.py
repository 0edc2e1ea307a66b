"""Working past findings again after a correction: what each came to, what it comes to now, whether it would stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, select

from accounts import messages
from accounts.queries import offices
from agencies.fees import register, texts
from agencies.fees.engine.calculation import Calculation, calculate
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.engine.schedule import Schedule
from agencies.fees.models import FeeCase, PostedPrice
from agencies.fees.service import posted_amount
from agencies.revisions import overlay, queries, rules, service
from agencies.revisions.models import FeeRevision, RevisedFinding
from agencies.revisions.rules import Finding, Outcome
from core.access import OrgKind
from core.clock import beijing_day
from core.errors import NotFound
from core.money import Money
from core.work import Work, facts_of

CHUNK: Final = 500


def on_approved(work: Work, facts: Mapping[str, Any]) -> None:
    """Work the past findings again when a correction was approved: what follows ``fee_revision.approved``.

    May run twice: what it found before is replaced.
    """
    overlay.refresh(work)
    row = service.locked(work, facts_of(facts))
    if row.correction and row.approved_no is not None:
        recompute(work, row)


def recompute(work: Work, row: FeeRevision) -> int:
    """List every past finding on a revision's schedule whose numbers it changes; return how many. Changes no case."""
    old, new = both(work, row)
    work.session.execute(delete(RevisedFinding).where(RevisedFinding.revision_id == row.id))
    after, looked, changed = 0, 0, 0
    while cases := queries.cases_after(work.session, after, CHUNK):
        after = cases[-1].id
        posted = _posted(work, cases)
        for case in cases:
            if not _rests_on(case, row):
                continue
            looked += 1
            found = again(case, old, new, posted.get(int(case.evidence.get("posted_price_id") or 0)))
            if found.changed:
                changed += 1
                work.session.add(_row(row, case, found))
        work.session.flush()
    row.recomputed_at, row.recomputed = work.clock.now(), looked
    work.record(row, "fee_revision.recomputed", cases=looked, changed=changed, sha256=row.text_sha256)
    _tell(work, row, changed)
    return changed


def both(work: Work, row: FeeRevision) -> tuple[Schedule | None, Schedule | None]:
    """Return the schedule as it answered before a revision and as it answers with it.

    One not yet approved is laid over what stands now.
    """
    until = None if row.approved_no is None else row.approved_no - 1
    before = queries.approved(work.session, until=until)
    own = texts.RevisedText(row.schedule_id, row.text, row.text_sha256, row.effective_on, work.clock.now())
    today = beijing_day(work.clock.now())
    return texts.compose(row.schedule_id, before, today), texts.compose(row.schedule_id, [*before, own], today)


def again(case: FeeCase, old: Schedule | None, new: Schedule | None, posted: PostedPrice | None) -> Outcome:
    """Work one case from its evidence under both texts."""
    known = case.evidence
    on, inputs = date.fromisoformat(str(known["on"])), dict(known.get("inputs") or {})
    one, two = worked(old, on, inputs), worked(new, on, inputs)
    by_cap = str(case.kind) == rules.ABOVE_CAP
    finding = Finding(case.found, case.compared, by_cap=by_cap, by_posted=not by_cap and posted is not None)
    return rules.outcome(finding, one, two, (_allowed(posted, one), _allowed(posted, two)))


def worked(schedule: Schedule | None, on: date, inputs: Mapping[str, Any]) -> Calculation | None:
    """Calculate under one text; None where it cannot be worked out."""
    try:
        return calculate(schedule, on, inputs) if schedule is not None else None
    except InputRefused:
        return None


def _allowed(posted: PostedPrice | None, calculation: Calculation | None) -> Money | None:
    return posted_amount(posted, calculation) if posted is not None else None


def _rests_on(case: FeeCase, row: FeeRevision) -> bool:
    """Tell whether a case's evidence names the revised schedule, on a day the revision reaches."""
    known = case.evidence
    try:
        same = register.find(str(known["schedule"])).id == row.schedule_id
        return same and date.fromisoformat(str(known["on"])) >= row.effective_on
    except (NotFound, KeyError, ValueError):
        return False


def _posted(work: Work, cases: Sequence[FeeCase]) -> dict[int, PostedPrice]:
    ids = {int(case.evidence["posted_price_id"]) for case in cases if case.evidence.get("posted_price_id")}
    query = select(PostedPrice).where(PostedPrice.id.in_(ids))
    return {row.id: row for row in work.session.scalars(query)} if ids else {}


def _row(row: FeeRevision, case: FeeCase, found: Outcome) -> RevisedFinding:
    return RevisedFinding(
        revision_id=row.id, case_id=case.id, old_base=found.old_base, new_base=found.new_base,
        old_limit=found.old_limit, new_limit=found.new_limit, stands=found.stands,
    )  # fmt: skip


def _tell(work: Work, row: FeeRevision, changed: int) -> None:
    if not changed:
        return
    for org_id in offices(work.session, OrgKind.PRICE_REGULATOR):
        url = f"{service.url_of(row.id)}/findings"
        key = f"fee-revision-recomputed-{row.id}-{org_id}"
        messages.tell(work, org_id, "fee-revision-recomputed", url, is_todo=True, unique_key=key, count=changed)
