"""Reads of projects: one, an enterprise's, the plan with how far each entry is, and a project's notices in public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from agencies.catalogue import queries as catalogue
from agencies.catalogue.models import ServiceItem
from core.access import Actor
from core.errors import NotFound
from core.work import Work
from marketplace.contracts.lifecycle import ContractState
from marketplace.contracts.models import Contract
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Lot, Need
from marketplace.needs.queries import NeedRow, lines, visible_needs
from marketplace.projects import rules
from marketplace.projects.lifecycle import EntryState, ProjectState
from marketplace.projects.models import PlanEdge, PlanEntry, Project
from marketplace.projects.rules import Bought, Progress, Schedule, Slot

GONE = (NeedState.FAILED, NeedState.WITHDRAWN)
MOST_NOTICES = 100
SAID: Mapping[EntryState, Progress] = {
    EntryState.OWN: Progress.OWN,
    EntryState.OWN_DONE: Progress.OWN_DONE,
    EntryState.NOT_NEEDED: Progress.NOT_NEEDED,
}


@dataclass(frozen=True, slots=True)
class Purchase:
    """One need of an entry with what the plan shows of it."""

    need_id: int
    number: str | None
    title: str
    state: NeedState
    contract_id: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the plan with its time and how far it is.

    days_from: where the days stand: plan, notice or contract. waits_for: entries before it that are not done. is_ready:
    it can be bought now. starts_on, ends_on: by the plan's first day, both included.
    """

    entry: PlanEntry
    item: ServiceItem
    days: int
    days_from: str
    slot: Slot
    progress: Progress
    waits_for: tuple[int, ...]
    is_ready: bool
    purchases: tuple[Purchase, ...]
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """A project's plan. left: the days of the longest way through what is not done yet."""

    project: Project
    lines: tuple[Line, ...]
    edges: tuple[tuple[int, int], ...]
    schedule: Schedule
    left: int

    def line(self, entry_id: int) -> Line:
        """Return the line of one entry. Raises NotFound."""
        for one in self.lines:
            if one.entry.id == entry_id:
                return one
        raise NotFound("plan-entry-not-found", id=entry_id)

    @property
    def ready(self) -> tuple[Line, ...]:
        """The entries that can be bought now."""
        return tuple(one for one in self.lines if one.is_ready)

    @property
    def is_done(self) -> bool:
        """Say whether nothing of the plan is left to do."""
        return all(one.progress in rules.DONE for one in self.lines)


def project_by_id(work: Work, project_id: int) -> Project:
    """Return a project of the actor's own organisation. Raises NotFound, for a stranger's too."""
    query = select(Project).where(Project.id == project_id)
    if not work.actor.is_system:
        query = query.where(Project.org_id == work.actor.org_id)
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("project-not-found", id=project_id)
    return row


def entry_by_id(work: Work, entry_id: int) -> PlanEntry:
    """Return an entry of a plan of the actor's own organisation. Raises NotFound."""
    row = work.session.get(PlanEntry, entry_id)
    if row is None or row.state is EntryState.REMOVED:
        raise NotFound("plan-entry-not-found", id=entry_id)
    project_by_id(work, row.project_id)
    return row


def projects_of(session: Session, org_id: int) -> Sequence[Project]:
    """Return an enterprise's projects, newest first."""
    return session.scalars(select(Project).where(Project.org_id == org_id).order_by(Project.id.desc())).all()


def project_of_need(session: Session, need: Need) -> Project | None:
    """Return the running project that a need is bought for."""
    if not need.project_code:
        return None
    query = select(Project).where(Project.org_id == need.org_id, Project.code == need.project_code)
    return session.scalars(query.where(Project.state == ProjectState.RUNNING)).one_or_none()


def entries_of(session: Session, project_id: int) -> Sequence[PlanEntry]:
    """Return the entries of a plan, in the order they came in."""
    query = select(PlanEntry).where(PlanEntry.project_id == project_id, PlanEntry.state != EntryState.REMOVED)
    return session.scalars(query.order_by(PlanEntry.id)).all()


def edges_of(session: Session, project_id: int) -> Sequence[PlanEdge]:
    """Return what waits for what in a plan."""
    return session.scalars(select(PlanEdge).where(PlanEdge.project_id == project_id).order_by(PlanEdge.id)).all()


def bought(session: Session, project: Project) -> dict[str, list[tuple[Need, int, Contract | None]]]:
    """Return the needs of a project by item, each with its notice and its contract that was not ended early."""
    query = (
        select(Need, Lot.notice_id, Contract)
        .join(Lot, Lot.need_id == Need.id)
        .outerjoin(Contract, and_(Contract.need_id == Need.id, Contract.state != ContractState.TERMINATED))
        .where(Need.org_id == project.org_id, Need.project_code == project.code)
        .order_by(Need.id)
    )
    found: dict[str, list[tuple[Need, int, Contract | None]]] = {}
    for need, notice_id, contract in session.execute(query):
        found.setdefault(need.item_code, []).append((need, notice_id, contract))
    return found


def plan_of(session: Session, project: Project) -> Plan:
    """Return the plan as it stands: times, and how far each entry is by its needs and contracts."""
    entries = entries_of(session, project.id)
    ids = {one.id for one in entries}
    edges = tuple(
        (row.before_id, row.after_id)
        for row in edges_of(session, project.id)
        if row.before_id in ids and row.after_id in ids
    )
    needs = bought(session, project)
    reached = {one.id: _reached(one, needs.get(one.item_code, [])) for one in entries}
    lengths = {one.id: _days(one, needs.get(one.item_code, [])) for one in entries}
    days = {key: 0 if reached[key] is Progress.NOT_NEEDED else length for key, (length, _from) in lengths.items()}
    timed = rules.schedule(days, edges)
    left = rules.schedule({key: 0 if reached[key] in rules.DONE else length for key, length in days.items()}, edges)
    waiting, can = rules.waits_for(edges, reached), set(rules.ready(edges, reached))
    items = catalogue.items_by_code(session, [one.item_code for one in entries])
    running = project.state is ProjectState.RUNNING
    lines_ = [
        Line(
            one, items[one.item_code], *lengths[one.id], timed.slots[one.id], reached[one.id], waiting[one.id],
            running and one.id in can, _purchases(needs.get(one.item_code, [])), *_on(project, timed.slots[one.id]),
        )
        for one in entries
    ]  # fmt: skip
    lines_.sort(key=lambda one: (one.slot.start, one.slot.lane, one.entry.id))
    return Plan(project, tuple(lines_), edges, timed, left.total)


def _on(project: Project, slot: Slot) -> tuple[date, date]:
    return (
        project.starts_on + timedelta(days=slot.start),
        project.starts_on + timedelta(days=max(slot.start, slot.finish - 1)),
    )


def _reached(entry: PlanEntry, needs: Sequence[tuple[Need, int, Contract | None]]) -> Progress:
    said = SAID.get(entry.state)
    if said is not None:
        return said
    return rules.progress(
        [
            Bought(need.id, notice, str(need.state), "" if deal is None else str(deal.state), need.repeats_id)
            for need, notice, deal in needs
        ]
    )


def _days(entry: PlanEntry, needs: Sequence[tuple[Need, int, Contract | None]]) -> tuple[int, str]:
    living = [(need, deal) for need, _notice, deal in needs if need.state not in GONE]
    noticed = max((need.time_limit_days for need, _deal in living if need.published_at is not None), default=None)
    contracted = max((deal.days for _need, deal in living if deal is not None), default=None)
    return rules.agreed_days(entry.days, noticed, contracted)


def _purchases(needs: Sequence[tuple[Need, int, Contract | None]]) -> tuple[Purchase, ...]:
    return tuple(
        Purchase(need.id, need.number, need.title, need.state, None if deal is None else deal.id)
        for need, _notice, deal in needs
    )


def notices_of(session: Session, actor: Actor, code: str) -> list[NeedRow]:
    """Return the published notices of a project's code, newest first; drafts are shown to nobody here."""
    query: Any = lines().where(visible_needs(actor), Need.project_code == code, Need.published_at.is_not(None))
    return [NeedRow(*row) for row in session.execute(query.order_by(Need.id.desc()).limit(MOST_NOTICES))]
