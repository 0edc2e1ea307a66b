"""Papers that end soon: the agency hears of it 60, 30 and 7 days before, once each, with the page where it renews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from accounts import messages
from agencies.catalogue.wording import certificate_name, qualification_name
from agencies.registration.lifecycle import ON_SHELF
from agencies.registration.models import Agency, Practitioner, Qualification
from core.clock import BEIJING, beijing_day
from core.work import Work

STEPS: Final = (7, 30, 60)
"""Days before the last valid day, the nearest first."""
TAIL: Final = 4


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that ends: ``ends`` is its last valid day."""

    kind: str
    id: int
    org_id: int
    name: str
    number: str
    ends: date


def step_of(ends: date, today: date) -> int | None:
    """Return which reminder a paper stands at, or None when its end is far off or over; the last day itself counts."""
    left = (ends - today).days
    return next((step for step in STEPS if 0 <= left <= step), None)


def remind(work: Work) -> int:
    """Tell the agencies on the shelf of what ends soon (a daily job); return how many papers end soon.

    A paper entered late is told at the step it stands at, not at those it passed; a run missed is made up for.
    """
    today = beijing_day(work.clock.now())
    papers = [*_qualifications(work, today), *_practitioners(work, today)]
    for paper in papers:
        _tell(work, paper, today)
    return len(papers)


def _qualifications(work: Work, today: date) -> list[Paper]:
    query = select(Qualification, Agency.org_id).join(Agency, Agency.id == Qualification.agency_id)
    query = query.where(Agency.state.in_(ON_SHELF), Qualification.withdrawn_at.is_(None))
    soon = Qualification.valid_to.between(today, today + timedelta(days=STEPS[-1]))
    return [
        Paper("qualification", row.id, org_id, qualification_name(row.category, row.grade), row.number, row.valid_to)
        for row, org_id in work.session.execute(query.where(soon).order_by(Qualification.id))
        if row.valid_to is not None
    ]


def _practitioners(work: Work, today: date) -> list[Paper]:
    query = select(Practitioner, Agency.org_id).join(Agency, Agency.id == Practitioner.agency_id)
    query = query.where(Agency.state.in_(ON_SHELF), Practitioner.left_at.is_(None))
    soon = Practitioner.valid_to.between(today, today + timedelta(days=STEPS[-1]))
    return [
        Paper("practitioner", row.id, org_id, certificate_name(row.kind), row.certificate, row.valid_to)
        for row, org_id in work.session.execute(query.where(soon).order_by(Practitioner.id))
        if row.valid_to is not None
    ]


def _tell(work: Work, paper: Paper, today: date) -> None:
    """Tell of one paper at its step; the reminder before is done with. The certificate is named by its last digits."""
    step = step_of(paper.ends, today)
    key = f"{paper.kind}-expires:{paper.id}:{paper.ends}:{step}"
    if messages.was_told(work, key):
        return
    url = f"/join/{paper.kind}s#{paper.kind}-{paper.id}"
    messages.settle(work, paper.org_id, url)
    messages.tell(
        work,
        paper.org_id,
        "qualification-expires" if paper.kind == "qualification" else "practitioner-expires",
        url,
        due_at=datetime.combine(paper.ends + timedelta(days=1), time(), BEIJING),
        unique_key=key,
        name=paper.name,
        number=paper.number[-TAIL:],
        ends=paper.ends.isoformat(),
    )
    work.emit("paper.expiring", kind=paper.kind, id=paper.id, days=step)
