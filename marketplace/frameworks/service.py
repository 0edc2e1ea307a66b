"""Use cases of a framework up to its quotes: write, publish, take back, and follow what becomes of its notice.

The panel stage is a need of the method ``framework``: sealing, deadlines, questions, amendments and the opening are the
need's own. A framework is locked before its need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from accounts.models import Organisation
from accounts.reference import divisions
from agencies.catalogue import queries as catalogue
from core.clock import beijing_day
from core.errors import Invalid, NotFound
from core.work import Work, facts_of
from marketplace.frameworks import queries, rules
from marketplace.frameworks.commands import Ending, WriteFramework
from marketplace.frameworks.lifecycle import FRAMEWORK, Entry, FrameworkState
from marketplace.frameworks.models import Framework
from marketplace.frameworks.permissions import POLICY
from marketplace.needs import service as needs
from marketplace.needs.commands import WriteNeed
from marketplace.needs.models import Need
from marketplace.selection.publicity import as_system

METHOD: Final = "framework"
FUNDS: Final = ("social", "fiscal")


def create(work: Work, command: WriteFramework) -> Framework:
    """Write a draft for the actor's enterprise. Raises Forbidden, NotFound for an unknown item, Invalid."""
    work.require(POLICY, "framework:create")
    org = work.session.get_one(Organisation, work.actor.org_id)
    row = Framework(
        org_id=org.id, town_code=org.town_code or "", state=FrameworkState.DRAFT, created_at=work.clock.now()
    )
    _fill(work, row, org, command)
    work.add(row, "framework.created", item=row.item_code)
    return row


def edit(work: Work, framework_id: int, command: WriteFramework) -> Framework:
    """Change a draft. Raises NotFound, Forbidden once it was published."""
    row = locked(work, framework_id)
    work.require(POLICY, "framework:edit", row)
    _fill(work, row, work.session.get_one(Organisation, row.org_id), command)
    work.record(row, "framework.edited")
    return row


def judge(work: Work, row: Framework) -> Need:
    """Judge a draft as if it were published now; return the need it would become, with its rules, which is not stored.

    Raises Invalid naming the field that must change; Invalid("framework-off") with the reason where the rulebook has
    the method switched off for this kind of money.
    """
    today = beijing_day(work.clock.now())
    where: dict[str, Any] = {"fund": row.fund, "on": today, "item_code": row.item_code, "town_code": row.town_code}
    if not catalogue.method_is_enabled(work.session, METHOD, **where):
        switch = catalogue.rule_row(work.session, catalogue.METHOD + METHOD, **where)
        raise Invalid("framework-off", field="fund", basis=switch.basis)
    most = int(catalogue.rule(work.session, "framework-months-max", **where))
    least = catalogue.rule_row(work.session, "framework-elimination-share", **where)
    rules.judge_writing(row.months, most, row.share, catalogue.value_of(least))
    if row.quoting == "amount" and not row.unit:
        raise Invalid("framework-unit", field="unit")
    if row.quoting == "amount" and row.ceiling is None:
        raise Invalid("framework-ceiling", field="ceiling")
    need = _need_of(row)
    needs.work_out_benchmark(work, need, list(catalogue.item_by_code(work.session, row.item_code).schedules))
    if row.quoting == "discount":
        need.ceiling = need.benchmark_base
    need.rules, need.closes_at = needs.judge(work, need)
    return need


def publish(work: Work, framework_id: int) -> Framework:
    """Publish a draft: its notice opens to quotes like any need's. Raises NotFound, Forbidden, Conflict, Invalid."""
    row = locked(work, framework_id)
    work.require(POLICY, "framework:publish", row)
    FRAMEWORK.follow("publish", row.state)
    judged = judge(work, row)
    need = needs.create(work, _asked(row, judged))
    row.need_id, row.published_at = need.id, work.clock.now()
    needs.publish(work, need.id)
    work.move(FRAMEWORK, POLICY, row, "publish", need_id=need.id, item=row.item_code)
    return row


def withdraw(work: Work, framework_id: int, command: Ending) -> Framework:
    """Take back a draft, or a notice before its panel, with a reason everybody may read.

    Raises NotFound, Forbidden, Conflict, Invalid for a bare reason.
    """
    row = locked(work, framework_id)
    work.require(POLICY, "framework:withdraw", row)
    FRAMEWORK.follow("withdraw", row.state)
    row.end_reason, row.ended_at = rules.reason(command.reason), work.clock.now()
    work.move(FRAMEWORK, POLICY, row, "withdraw")
    if row.need_id is not None:
        needs.withdraw(work, row.need_id, row.end_reason)
    return row


def on_need_withdrawn(work: Work, facts: Mapping[str, Any]) -> None:
    """Follow a notice that was taken back on its own page. Handles ``need.withdrawn``; may run twice."""
    row = queries.of_need(work.session, facts_of(facts))
    if row is not None and row.state is FrameworkState.INVITING:
        need = work.session.get_one(Need, row.need_id)
        _end(work, row, "withdraw", need.withdrawn_reason)


def on_need_failed(work: Work, facts: Mapping[str, Any]) -> None:
    """Follow a notice that ended without a panel. Handles ``need.failed``; may run twice."""
    row = queries.of_need(work.session, facts_of(facts))
    if row is not None and row.state is FrameworkState.INVITING:
        need = work.session.get_one(Need, row.need_id)
        _end(work, row, "fail", need.failed_reason)


def on_need_amended(work: Work, facts: Mapping[str, Any]) -> None:
    """Take over what an amendment of the notice changed. Handles ``need.amended``; may run twice."""
    row = queries.of_need(work.session, facts_of(facts))
    if row is None or row.state is not FrameworkState.INVITING:
        return
    need = work.session.get_one(Need, row.need_id)
    row.scale, row.requirements, row.time_limit_days = need.scale, need.requirements, need.time_limit_days
    row.contact_phone = need.contact_phone
    row.ceiling = need.ceiling if row.quoting == "amount" else None
    work.record(row, "framework.amended", need_id=need.id)


def _end(work: Work, row: Framework, verb: str, reason: str) -> None:
    row.end_reason, row.ended_at = reason, work.clock.now()
    as_system(work).move(FRAMEWORK, POLICY, row, verb, need_id=row.need_id)


def locked(work: Work, framework_id: int) -> Framework:
    """Read a framework the actor may read and hold its row until the unit of work ends. Raises NotFound."""
    query = select(Framework).where(Framework.id == framework_id, queries.visible(work.actor)).with_for_update()
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound("framework-not-found", id=framework_id)
    return row


def command_of(row: Framework) -> WriteFramework:
    """Return what would write this framework again, for editing its draft and for asking once more."""
    return WriteFramework(
        row.item_code, row.title, row.scale, row.fund, row.way, row.unit, row.ceiling, row.total, row.months,
        row.wanted, row.share, row.entry, row.quoting, row.towns, row.requirements, row.time_limit_days,
        row.closes_at if row.state is FrameworkState.DRAFT else None, row.contact_phone, row.fee_inputs,
    )  # fmt: skip


def _fill(work: Work, row: Framework, org: Organisation, command: WriteFramework) -> None:
    item = catalogue.item_by_code(work.session, command.item_code)
    if command.fund not in FUNDS:
        raise Invalid("choice-unknown", field="fund")
    known = {one.code for one in divisions()}
    unknown = [code for code in command.towns if code not in known]
    if unknown:
        raise Invalid("framework-town-unknown", field="towns", town=unknown[0])
    row.item_code, row.title, row.scale, row.fund = item.code, command.title, command.scale, command.fund
    row.quoting, row.unit, row.ceiling, row.total = (
        command.quoting,
        command.unit.strip(),
        command.ceiling,
        command.total,
    )
    row.months, row.wanted, row.share = command.months, command.wanted, command.share
    row.entry, row.way, row.towns = command.entry, command.way, sorted(set(command.towns))
    row.requirements, row.time_limit_days = command.requirements, command.time_limit_days
    row.closes_at, row.contact_phone = command.closes_at, command.contact_phone or org.contact_phone
    row.fee_inputs = dict(command.fee_inputs)


def _terms(row: Framework) -> dict[str, Any]:
    by_credit = int(row.entry is Entry.CREDIT)
    return {"wanted": row.wanted, "months": row.months, "share": row.share, "by_credit": by_credit}


def _asked(row: Framework, judged: Need) -> WriteNeed:
    """Return the need that asks for the panel's quotes; a price is of one unit, or a discount on the benchmark."""
    return WriteNeed(
        row.item_code, row.title, row.scale, row.fund, requirements=row.requirements,
        time_limit_days=row.time_limit_days, ceiling=judged.ceiling, quoting=row.quoting, method=METHOD,
        fee_inputs=row.fee_inputs, closes_at=row.closes_at, contact_phone=row.contact_phone,
        town_code=row.town_code, terms=_terms(row),
    )  # fmt: skip


def _need_of(row: Framework) -> Need:
    """Return a need to judge by, outside every unit of work."""
    return Need(
        org_id=row.org_id, town_code=row.town_code, item_code=row.item_code, title=row.title, scale=row.scale,
        fund=row.fund, time_limit_days=row.time_limit_days, ceiling=row.ceiling, no_ceiling_reason="", method=METHOD,
        quoting=row.quoting, method_basis="", criteria=[], terms=_terms(row), fee_inputs=dict(row.fee_inputs),
        closes_at=row.closes_at,
    )  # fmt: skip
