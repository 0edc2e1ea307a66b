"""Use cases of an open notice's amendment (更正公告) and of the extension its rules give where quotes are too few."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from accounts import messages
from agencies.catalogue import queries as catalogue
from core import deadlines
from core.clock import beijing_day
from core.errors import Conflict, Invalid
from core.money import Money
from core.work import Work, facts_of
from core.workdays import add_workdays, close_of
from marketplace.needs import events, family, queries, rules, service
from marketplace.needs.commands import AmendNeed
from marketplace.needs.lifecycle import NEED, NeedState
from marketplace.needs.methods import ASKED
from marketplace.needs.models import Need, NeedAmendment
from marketplace.needs.permissions import POLICY

MATERIAL: Final = (
    "scale", "requirements", "time_limit_days", "ceiling", "no_ceiling_reason", "criteria", "fee_inputs",
)  # fmt: skip
"""What a price rests on: changing it restarts the clock and asks those who quoted to confirm or replace."""
CONTACT: Final = ("contact_name", "contact_phone", "complaint_phone")
CHANGEABLE: Final = (*MATERIAL, *CONTACT)


def amend(work: Work, need_id: int, command: AmendNeed) -> NeedAmendment:
    """Change an open notice in public; a material change restarts the clock by the notice's own frozen rules.

    What the lots of a notice have in common changes in all that are open, and their deadline goes along.
    Raises NotFound, Forbidden, Conflict once quotes are closed, Invalid for a field that may not change, for nothing
    changed, for a bare reason, for a deadline too early, or for what could not have been published so.
    """
    need = service.locked(work, need_id)
    work.require(POLICY, "need:amend", need)
    row = _amend(work, need, command)
    for one in family.others(work.session, need):
        _amend_with(work, one, command, row)
    return row


def _amend_with(work: Work, need: Need, command: AmendNeed, row: NeedAmendment) -> None:
    """Let a lot follow the amendment of another lot of its notice, where it is still open."""
    if need.state is not NeedState.OPEN or need.closes_at is None or work.clock.now() >= need.closes_at:
        return
    shared = {
        name: value
        for name, value in command.changes.items()
        if name in family.SHARED_AMENDED and plain(getattr(need, name)) != plain(value)
    }
    closes_at = max(need.closes_at, row.closes_after)
    if shared:
        _amend(work, need, AmendNeed(shared, command.reason, closes_at))
    else:
        service.put_off(work, need, closes_at, command.reason.strip())


def _amend(work: Work, need: Need, command: AmendNeed) -> NeedAmendment:
    now = work.clock.now()
    if need.state is not NeedState.OPEN or need.closes_at is None or now >= need.closes_at:
        raise Conflict("need-closed-already", id=need.id)
    if not command.reason.strip():
        raise Invalid("reason-required", field="reason")
    changes = _changes(need, command.changes)
    is_material = any(one["field"] in MATERIAL for one in changes)
    before, closes_at = need.closes_at, _closes_at(need, command.closes_at, now, is_material=is_material)
    _apply(work, need, command.changes, closes_at)
    number = len(queries.amendments_of(work.session, need.id)) + 1
    row = NeedAmendment(
        need_id=need.id, number=number, reason=command.reason.strip(), changes=changes, is_material=is_material,
        closes_before=before, closes_after=closes_at, amended_at=now,
    )  # fmt: skip
    work.add(row, "need_amendment.published", need_id=need.id, number=number, fields=[one["field"] for one in changes])
    if is_material:
        need.binding_amendment = number
    if closes_at != before:
        need.closes_at, need.questions_until = closes_at, service.questions_until(now, closes_at)
        deadlines.put(work, events.CLOSE, need.id, closes_at)
    work.move(NEED, POLICY, need, "amend", number=number, is_material=is_material)
    return row


def extend(work: Work, need: Need, days: int) -> datetime:
    """Put the deadline off by working days because too few quotes came in; what was handed in stays sealed.

    A move of the system, told in public; the caller has judged that the frozen rules allow it.
    """
    closes_at = close_of(add_workdays(beijing_day(work.clock.now()), days))
    before, need.closes_at = need.closes_at, closes_at
    need.extensions += 1
    work.move(
        NEED, POLICY, need, "extend", days=days, before=before.isoformat() if before else "",
        after=closes_at.isoformat(), minimum=int(need.rules.get("min-valid-quotes") or 1),
    )  # fmt: skip
    deadlines.put(work, events.CLOSE, need.id, closes_at)
    messages.tell(work, need.org_id, "need-extended", f"/needs/{need.id}", need=need.title)
    return closes_at


def tell_extended(work: Work, facts: Mapping[str, Any]) -> None:
    """Tell everybody who may quote that there is more time; who has quoted is told in the same words.

    Handles ``need.extended``; may run twice.
    """
    need = work.session.get_one(Need, facts_of(facts))
    for _agency_id, org_id in queries.may_quote(work.session, need):
        if need.state is NeedState.OPEN:
            key = f"need-extended:{need.id}:{need.extensions}:{org_id}"
            messages.tell(work, org_id, "need-more-time", f"/needs/{need.id}", unique_key=key, need=need.title)


def _changes(need: Need, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what differs from the notice as it stands. Raises Invalid for a field not open to change, or nothing."""
    for name in wanted:
        if name not in CHANGEABLE:
            raise Invalid("field-not-amendable", field=name)
    found = [
        {"field": name, "before": plain(getattr(need, name)), "after": plain(wanted[name])}
        for name in CHANGEABLE
        if name in wanted and plain(getattr(need, name)) != plain(wanted[name])
    ]
    if not found:
        raise Invalid("nothing-amended", field="reason")
    return found


def plain(value: Any) -> Any:
    """Return a field's value as JSON keeps it: money in fen, numbers of a schedule's answers as text."""
    if isinstance(value, Money):
        return value.fen
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, int | bool) else str(value)


def _closes_at(need: Need, asked: datetime | None, now: datetime, *, is_material: bool) -> datetime:
    """Return the deadline that holds from now on, never earlier than before.

    After a material change at least the shortest period lies ahead. Raises Invalid for one asked for that is earlier,
    on a rest day or too far.
    """
    former = need.closes_at or now
    days = int(need.rules.get("enrolment-min-days") or 1) if is_material else 0
    if asked is None:
        return max(former, rules.earliest_close(now, days)) if is_material else former
    if asked < former:
        raise Invalid("deadline-not-later", field="closes_at", closes_at=former)
    rules.judge_close(asked, now, days)
    return asked


def _apply(work: Work, need: Need, wanted: Mapping[str, Any], closes_at: datetime) -> None:
    """Write the new values and judge the notice as when it was published, by the rules frozen then."""
    for name, value in wanted.items():
        setattr(need, name, [dict(one) for one in value] if name == "criteria" else value)
    if "fee_inputs" in wanted:
        need.fee_inputs = dict(wanted["fee_inputs"])
        schedules = list(catalogue.item_by_code(work.session, need.item_code).schedules)
        service.work_out_benchmark(work, need, schedules, beijing_day(need.published_at or work.clock.now()))
    if need.quoting == "discount" and need.benchmark_base is None:
        raise Invalid("discount-needs-benchmark", field="fee_inputs")
    if need.time_limit_days <= 0:
        raise Invalid("time-limit-required", field="time_limit_days")
    if not need.scale.strip():
        raise Invalid("scale-required", field="scale")
    notice = rules.Notice(
        need.fund, need.method, need.ceiling, need.no_ceiling_reason, need.criteria, need.method_basis, closes_at,
        need.terms, need.quoting,
    )  # fmt: skip
    rules.judge(
        notice, ceiling_required=bool(need.rules.get("ceiling-required")),
        method_enabled=bool(need.rules.get("method-enabled")),
        switch_only=bool(need.rules.get("switch-only", ASKED[need.method].by_lot)),
    )  # fmt: skip
