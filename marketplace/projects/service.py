"""Use cases of projects: write one with its plan, change the plan, buy what is ready, tell what has become ready.

How far an entry is stands in its needs and contracts alone; nothing here writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import delete, select

from accounts import messages
from accounts.models import Organisation
from accounts.reference import divisions
from agencies.catalogue import order
from agencies.catalogue import queries as catalogue
from agencies.catalogue import rules as necessity
from agencies.catalogue.models import ServiceItem
from core.clock import beijing_day
from core.errors import Conflict, Invalid
from core.identifiers import is_project_code
from core.work import Work, facts_of
from marketplace.contracts.queries import contract_by_id
from marketplace.needs.models import Need
from marketplace.projects import queries, rules
from marketplace.projects.buying import draft
from marketplace.projects.commands import WriteProject
from marketplace.projects.lifecycle import ENTRY, PROJECT, EntryState, ProjectState
from marketplace.projects.models import PlanEdge, PlanEntry, Project
from marketplace.projects.permissions import POLICY
from marketplace.projects.rules import Progress

FUNDS: Final = ("social", "fiscal")
WAIVED: Final = {
    necessity.Needed.DEPARTMENT: "由主管部门委托并付费",
    necessity.Needed.BELOW: "按目录收录的门槛，不需要",
}
BEFORE_BUYING: Final = (Progress.NOT_STARTED, Progress.OWN, Progress.OWN_DONE, Progress.NOT_NEEDED)


def create(work: Work, command: WriteProject) -> Project:
    """Write a project of the actor's enterprise, with the plan its kind is first thought to need.

    Raises Forbidden, Invalid for a code that is none or known already, or a kind, fund or town not known.
    """
    work.require(POLICY, "project:create")
    org = work.session.get_one(Organisation, work.actor.org_id)
    if not is_project_code(command.code):
        raise Invalid("project-code-wrong", field="code")
    known = select(Project.id).where(Project.org_id == org.id, Project.code == command.code)
    if work.session.scalar(known) is not None:
        raise Invalid("project-code-known", field="code", known=command.code)
    now = work.clock.now()
    project = Project(org_id=org.id, code=command.code, state=ProjectState.RUNNING, created_at=now)
    project.town_code = org.town_code or ""
    _fill(work, project, command)
    work.add(project, "project.created", kind=project.kind)
    for code in order.kind(project.kind).items:
        _plan(work, project, catalogue.item_by_code(work.session, code))
    return project


def edit(work: Work, project_id: int, command: WriteProject) -> Project:
    """Change what is known of a project; entries that the rules alone took out are judged anew.

    Raises NotFound, Forbidden, Conflict when it ended, Invalid; the code stays.
    """
    project = _running(work, project_id)
    if command.code != project.code:
        raise Invalid("project-code-fixed", field="code", known=project.code)
    _fill(work, project, command)
    work.record(project, "project.edited")
    for entry in queries.entries_of(work.session, project.id):
        item = catalogue.item_by_code(work.session, entry.item_code)
        if entry.state is EntryState.NOT_NEEDED and entry.by_rule and not _why_not(project, item):
            entry.by_rule, entry.reason = False, ""
            work.move(ENTRY, POLICY, entry, "restore")
    return project


def add_item(work: Work, project_id: int, item_code: str) -> PlanEntry:
    """Put an item into the plan, waiting for what the dated file says.

    Raises NotFound, Forbidden, Conflict when the project ended, Invalid for an item that is in the plan already.
    """
    project = _running(work, project_id)
    if any(one.item_code == item_code for one in queries.entries_of(work.session, project.id)):
        raise Invalid("plan-item-known", field="item_code")
    entry = _plan(work, project, catalogue.item_by_code(work.session, item_code))
    work.session.flush()
    return entry


def change(work: Work, entry_id: int, days: int, before: list[int]) -> PlanEntry:
    """Say how long an entry takes and which entries it waits for.

    before: ids of entries of the same plan. Raises NotFound, Forbidden, Conflict when the project ended, Invalid for
    days or entries that make no sense, and for a loop, which is named.
    """
    entry = _entry(work, entry_id)
    work.require(POLICY, "plan_entry:edit", entry)
    if days <= 0:
        raise Invalid("plan-days", field="days")
    plan = {one.id: one for one in queries.entries_of(work.session, entry.project_id)}
    if entry.id in before or any(one not in plan for one in before):
        raise Invalid("plan-before-unknown", field="before")
    rows = [row for row in queries.edges_of(work.session, entry.project_id) if row.after_id == entry.id]
    own = {row.before_id: row.is_own for row in rows}
    others = [
        (row.before_id, row.after_id)
        for row in queries.edges_of(work.session, entry.project_id)
        if row.after_id != entry.id
    ]
    way = rules.loop([*others, *((one, entry.id) for one in before)])
    if way:
        names = catalogue.items_by_code(work.session, [plan[one].item_code for one in way if one in plan])
        raise Invalid(
            "plan-loop", field="before", loop=" → ".join(names[plan[one].item_code].name for one in way if one in plan)
        )
    entry.days = days
    work.session.execute(delete(PlanEdge).where(PlanEdge.after_id == entry.id))
    for one in sorted(set(before)):
        edge = PlanEdge(project_id=entry.project_id, before_id=one, after_id=entry.id, is_own=own.get(one, True))
        work.session.add(edge)
    work.record(entry, "plan_entry.changed", days=days, waits_for=len(set(before)))
    return entry


def mark(work: Work, entry_id: int, verb: str, reason: str = "") -> PlanEntry:
    """Take an entry out as not needed, prepare it oneself, finish that, plan it again, or remove it.

    Raises NotFound, Forbidden, Conflict in a state that does not allow it, when the project ended or it is being bought
    already, Invalid without a reason where one is asked for.
    """
    entry = _entry(work, entry_id)
    needs = ENTRY.follow(verb, entry.state).needs
    work.require(POLICY, f"plan_entry:{verb}", entry)
    if "not-bought" in needs:
        plan = queries.plan_of(work.session, queries.project_by_id(work, entry.project_id))
        if plan.line(entry.id).progress not in BEFORE_BUYING:
            raise Conflict("plan-entry-bought", id=entry_id)
    if "reason" in needs and not reason.strip():
        raise Invalid("reason-required", field="reason")
    entry.reason = reason.strip() or ("" if verb in {"restore", "remove"} else entry.reason)
    entry.by_rule = False
    work.move(ENTRY, POLICY, entry, verb, item=entry.item_code)
    return entry


def buy_ready(work: Work, project_id: int) -> list[Need]:
    """Draft a need for every entry that can be bought now, with what is known of the project filled in.

    Raises NotFound, Forbidden, Conflict when the project ended or nothing is ready.
    """
    project = _running(work, project_id)
    work.require(POLICY, "project:buy", project)
    ready = queries.plan_of(work.session, project).ready
    if not ready:
        raise Conflict("nothing-ready", id=project_id)
    made = [draft(work, project, line) for line in ready]
    work.record(project, "project.bought", needs=[one.id for one in made])
    messages.settle(work, project.org_id, url_of(project.id))
    return made


def end(work: Work, project_id: int, verb: str, reason: str = "") -> Project:
    """Finish, reopen or cancel a project. Raises NotFound, Forbidden, Conflict, Invalid without a reason to cancel."""
    project = locked(work, project_id)
    needs = PROJECT.follow(verb, project.state).needs
    work.require(POLICY, f"project:{verb}", project)
    if "reason" in needs and not reason.strip():
        raise Invalid("reason-required", field="reason")
    if "plan-done" in needs and not queries.plan_of(work.session, project).is_done:
        raise Conflict("plan-not-done", id=project_id)
    project.end_reason = reason.strip()
    project.ended_at = None if verb == "reopen" else work.clock.now()
    work.move(PROJECT, POLICY, project, verb)
    messages.settle(work, project.org_id, url_of(project.id))
    return project


def tell_ready(work: Work, facts: Mapping[str, Any]) -> None:
    """Tell the enterprise what can be bought now that a result was accepted; may run twice.

    Handles ``contract.accepted``.
    """
    contract = contract_by_id(work.session, facts_of(facts))
    need = work.session.get_one(Need, contract.need_id)
    project = queries.project_of_need(work.session, need)
    if project is None:
        return
    plan = queries.plan_of(work.session, project)
    done = next((one for one in plan.lines if one.entry.item_code == need.item_code), None)
    if done is None or done.progress is not Progress.ACCEPTED:
        return
    freed = {after for before, after in plan.edges if before == done.entry.id}
    for line in plan.ready:
        if line.entry.id in freed:
            messages.tell(
                work, project.org_id, "plan-item-ready", url_of(project.id),
                unique_key=f"plan-item-ready:{line.entry.id}:{contract.id}",
                done=done.item.name, item=line.item.name, project=project.name,
            )  # fmt: skip


def url_of(project_id: int) -> str:
    """Return the address of a project's plan."""
    return f"/projects/{project_id}"


def locked(work: Work, project_id: int) -> Project:
    """Read a project and hold its row until the unit of work ends. Raises NotFound."""
    queries.project_by_id(work, project_id)
    return work.locked(Project, project_id, "project-not-found")


def _running(work: Work, project_id: int) -> Project:
    project = locked(work, project_id)
    work.require(POLICY, "project:edit", project)
    if project.state is not ProjectState.RUNNING:
        raise Conflict("project-ended", id=project_id)
    return project


def _entry(work: Work, entry_id: int) -> PlanEntry:
    entry = queries.entry_by_id(work, entry_id)
    _running(work, entry.project_id)
    return entry


def _fill(work: Work, project: Project, command: WriteProject) -> None:
    if command.fund not in FUNDS:
        raise Invalid("project-choice-unknown", field="fund")
    try:
        order.kind(command.kind)
    except KeyError:
        raise Invalid("project-choice-unknown", field="kind") from None
    if command.town_code and command.town_code not in {one.code for one in divisions()}:
        raise Invalid("project-choice-unknown", field="town_code")
    project.name, project.kind, project.fund, project.scale = command.name, command.kind, command.fund, command.scale
    project.town_code = command.town_code or project.town_code
    project.investment, project.facts = command.investment, dict(command.facts)
    project.starts_on = command.starts_on or project.starts_on or beijing_day(work.clock.now())


def _plan(work: Work, project: Project, item: ServiceItem) -> PlanEntry:
    """Plan one item: its usual days, what the dated file says it waits for, and whether the rules take it out."""
    known = {one.item_code: one.id for one in queries.entries_of(work.session, project.id)}
    entry = PlanEntry(project_id=project.id, org_id=project.org_id, item_code=item.code, created_at=work.clock.now())
    entry.days, entry.state = order.usual_days(item.code), EntryState.PLANNED
    work.add(entry, "plan_entry.planned", item=item.code)
    today = beijing_day(work.clock.now())
    waits = {(row.before_id, row.after_id) for row in queries.edges_of(work.session, project.id)}
    for code, entry_id in known.items():
        for before, after, ends in ((code, item.code, (entry_id, entry.id)), (item.code, code, (entry.id, entry_id))):
            if order.order_of(before, after, today) is not None and not rules.loop([*waits, ends]):
                work.session.add(PlanEdge(project_id=project.id, before_id=ends[0], after_id=ends[1]))
                waits.add(ends)
    why = _why_not(project, item)
    if why:
        entry.reason, entry.by_rule = why, True
        work.move(ENTRY, POLICY, entry, "waive", item=item.code)
    work.session.flush()
    return entry


def verdict_of(project: Project, item: ServiceItem) -> necessity.Verdict:
    """Judge whether a project needs an item, by its numbers and the catalogue's thresholds."""
    numbers = {name: Decimal(str(value)) for name, value in project.facts.items()}
    service = necessity.Service(item.thresholds, item.self_prepare, str(item.who_pays), item.legal_basis)
    return necessity.judge(service, necessity.Answers(numbers))


def _why_not(project: Project, item: ServiceItem) -> str:
    """Return why the rules take an item out of a plan; empty where they do not."""
    found = verdict_of(project, item)
    why = WAIVED.get(found.needed, "")
    cited = "；".join(str(one["text"]) for one in found.clauses)
    return f"{why}：{cited}"[:200] if why and cited else why
