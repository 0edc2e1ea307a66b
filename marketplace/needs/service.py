"""Use cases of needs: write, publish, withdraw, repeat; ``questions`` holds asking and answering."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import delete

from accounts import messages
from accounts.models import Organisation
from agencies.catalogue import queries as catalogue
from agencies.fees import service as fees
from core import deadlines
from core.access import SYSTEM
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.work import Work, facts_of
from core.workdays import add_workdays, close_of
from marketplace.needs import events, family, queries, questions, rules
from marketplace.needs.commands import WriteNeed
from marketplace.needs.lifecycle import NEED, NeedState
from marketplace.needs.methods import ASKED, FRAMED, SCORED, own_terms
from marketplace.needs.models import Avoidance, Need
from marketplace.needs.permissions import POLICY
from marketplace.needs.questions import answer, ask

FROZEN_RULES: Final = (
    "enrolment-min-days", "min-valid-quotes", "ceiling-required", "low-mean-ratio", "low-next-ratio",
    "low-ceiling-ratio", "publicity-days", "contract-days", "rating-days",
    "complaint-suspension-days",
    "pause-answer-days", "amendment-answer-days", "termination-view-days",
)  # fmt: skip
FROZEN_WHERE_KNOWN: Final = ("extension-days", "extensions-max", "min-quotes-after-extension", "low-reply-days",
    "low-decision-days", "low-decision-before-award", "low-decision-to-regulator")  # fmt: skip
"""Rules that not every fund has; what has no row is not frozen, and then does not exist for the need."""
FUNDS: Final = ("social", "fiscal")
ANSWER_HOURS: Final = timedelta(hours=4)

__all__ = [
    "ANSWER_HOURS", "FROZEN_RULES", "FROZEN_WHERE_KNOWN", "FUNDS", "answer", "ask", "command_of", "create", "edit",
    "freeze", "judge", "locked", "move_deadline", "publish", "questions_until", "repeat", "tell_agencies", "withdraw",
    "work_out_benchmark",
]  # fmt: skip


def create(work: Work, command: WriteNeed) -> Need:
    """Write a draft for the actor's enterprise, with the benchmark of its schedule worked out.

    Raises Forbidden, NotFound for an unknown item, Invalid for a fund or method not known.
    """
    work.require(POLICY, "need:create")
    org = work.session.get_one(Organisation, work.actor.org_id)
    need = Need(
        org_id=org.id,
        created_at=work.clock.now(),
        town_code=command.town_code or org.town_code or "",
        state=NeedState.DRAFT,
    )
    _fill(work, need, org, command)
    work.add(need, "need.created", item=need.item_code)
    _avoid(work, need, command)
    return need


def edit(work: Work, need_id: int, command: WriteNeed) -> Need:
    """Change a draft, and what all its lots have in common with it.

    Raises NotFound, Forbidden, Conflict when it is published already or is a further lot of another notice.
    """
    need = locked(work, need_id)
    if need.state is not NeedState.DRAFT:
        raise Conflict("need-not-draft", id=need_id)
    work.require(POLICY, "need:edit", need)
    family.want_leader(work.session, need)
    _fill(work, need, work.session.get_one(Organisation, need.org_id), command)
    _avoid(work, need, command)
    work.record(need, "need.edited")
    rename(work, need, command.title)
    for one in family.others(work.session, need):
        family.follow(need, one)
        work_out_benchmark(work, one, list(catalogue.item_by_code(work.session, one.item_code).schedules))
        _avoid(work, one, command)
        work.record(one, "need.edited")
    return need


def rename(work: Work, need: Need, title: str) -> None:
    """Give a notice its title, and each of its lots the title with its number and name."""
    lot = family.lot_of(work.session, need.id)
    lot.title, need.title = title, title
    work.session.flush()
    family.retitle(work.session, need)


def publish(work: Work, need_id: int) -> Need:
    """Open a draft to quotes, every lot of it: judge, freeze the rules, number, set the deadline, tell who is wired.

    Raises NotFound, Forbidden, Conflict when it is not a draft or is a further lot of another notice, Invalid naming
    the field that must change, and the lot where there are several.
    """
    need = locked(work, need_id)
    work.require(POLICY, "need:publish", need)
    NEED.follow("publish", need.state)
    family.want_leader(work.session, need)
    judged = judge_all(work, need)
    number = f"DG-{beijing_day(work.clock.now()).year}-{need.id:06d}"
    for lot, one in family.lots_of(work.session, need.id):
        _publish(work, one, number if lot.number == 1 else f"{number}-L{lot.number}", *judged[one.id])
    return need


def _publish(work: Work, need: Need, number: str, frozen: dict[str, Any], closes_at: datetime) -> None:
    now = work.clock.now()
    need.rules, need.published_at, need.closes_at, need.number = frozen, now, closes_at, number
    need.questions_until = questions_until(now, closes_at)
    work_out_benchmark(work, need, list(catalogue.item_by_code(work.session, need.item_code).schedules))
    work.move(NEED, POLICY, need, "publish", town=need.town_code, item=need.item_code)
    deadlines.put(work, events.CLOSE, need.id, closes_at)


def judge_all(work: Work, need: Need) -> dict[int, tuple[dict[str, Any], datetime]]:
    """Judge every lot of a draft as if it were published now; return rules and deadline by need.

    Raises Invalid naming the field that must change, and the lot where there are several.
    """
    rows, found = family.lots_of(work.session, need.id), {}
    for lot, one in rows:
        try:
            found[one.id] = judge(work, one)
        except Invalid as refusal:
            if len(rows) == 1:
                raise
            raise Invalid(refusal.code, **{**refusal.facts, "lot": lot.number}) from refusal
    return found


def judge(work: Work, need: Need) -> tuple[dict[str, Any], datetime]:
    """Judge a draft as if it were published now; return the rules it would freeze and its deadline.

    Raises Invalid naming the field that must change.
    """
    now, frozen = work.clock.now(), freeze(work, need)
    days = int(frozen["enrolment-min-days"])
    closes_at = need.closes_at or rules.earliest_close(now, days)
    if ASKED[need.method].at_once:
        closes_at = now
    else:
        rules.judge_close(closes_at, now, days)
    if need.quoting == "discount" and need.benchmark_base is None:
        raise Invalid("discount-needs-benchmark", field="quoting")
    notice = rules.Notice(
        need.fund, need.method, need.ceiling, need.no_ceiling_reason, need.criteria, need.method_basis, closes_at,
        need.terms, need.quoting,
    )  # fmt: skip
    rules.judge(
        notice, ceiling_required=bool(frozen["ceiling-required"]), method_enabled=bool(frozen["method-enabled"])
    )
    return frozen, closes_at


def move_deadline(work: Work, need_id: int, closes_at: datetime, reason: str) -> Need:
    """Put the deadline of an open need and its notice's other open lots off, with a reason everybody may read.

    It is never brought forward. Raises NotFound, Forbidden, Conflict when quotes are closed already, Invalid for an
    earlier time or a rest day.
    """
    need = locked(work, need_id)
    work.require(POLICY, "need:move-deadline", need)
    now = work.clock.now()
    if need.state is not NeedState.OPEN or need.closes_at is None or now >= need.closes_at:
        raise Conflict("need-closed-already", id=need_id)
    if not reason.strip():
        raise Invalid("reason-required", field="reason")
    if closes_at <= need.closes_at:
        raise Invalid("deadline-not-later", field="closes_at", closes_at=need.closes_at)
    rules.judge_close(closes_at, now, 0)
    for one in (need, *family.others(work.session, need)):
        put_off(work, one, closes_at, reason)
    return need


def put_off(work: Work, need: Need, closes_at: datetime, reason: str) -> None:
    """Put one open lot's deadline off where it lies earlier; a lot that is closed already stays closed."""
    now, before = work.clock.now(), need.closes_at
    if need.state is not NeedState.OPEN or before is None or not now < before < closes_at:
        return
    need.closes_at, need.questions_until = closes_at, questions_until(now, closes_at)
    work.record(
        need, events.DEADLINE_MOVED, before=before.isoformat(), after=closes_at.isoformat(), reason=reason.strip()
    )
    work.emit(events.DEADLINE_MOVED, id=need.id)
    deadlines.put(work, events.CLOSE, need.id, closes_at)


def tell_agencies(work: Work, facts: Mapping[str, Any]) -> None:
    """Tell every agency on the shelf that offers the item of a new notice.

    Handles ``need.published``; may run twice, and late: a notice that closed meanwhile is told to nobody. A notice with
    several lots is told once, by its first.
    """
    need = work.session.get_one(Need, facts_of(facts))
    if need.state is not NeedState.OPEN or family.leader(work.session, need).id != need.id:
        return
    for _agency_id, org_id in queries.may_quote(work.session, need):
        key = f"need-published:{need.id}:{org_id}"
        messages.tell(work, org_id, "need-published", f"/needs/{need.id}", unique_key=key, need=need.title)


def withdraw(work: Work, need_id: int, reason: str) -> Need:
    """Take a need back before an award, with a reason everybody may read, and its notice's other lots not awarded yet.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    need = locked(work, need_id)
    if not reason.strip():
        raise Invalid("reason-required", field="reason")
    rest = [one for one in family.others(work.session, need) if one.state in family.WITHDRAWABLE]
    for one in (need, *rest):
        one.withdrawn_reason = reason.strip()
        work.move(NEED, POLICY, one, "withdraw")
        deadlines.drop(work, events.CLOSE, one.id)
        questions.lapse_all(replace(work, actor=SYSTEM), one)
    return need


def repeat(work: Work, need_id: int, method: str = "") -> Need:
    """Copy a need that failed or was withdrawn into a new draft, perhaps to be chosen for directly this time.

    Its deadline is chosen anew where that of the old one would be too soon for a notice published now.
    Raises NotFound, Forbidden, Conflict while it lives.
    """
    old = queries.need_by_id(work, need_id)
    work.require(POLICY, "need:repeat", old)
    if old.state not in {NeedState.FAILED, NeedState.WITHDRAWN}:
        raise Conflict("need-still-lives", id=need_id)
    if old.method in FRAMED:
        raise Conflict("repeat-in-framework", id=need_id)
    command, now = command_of(work, old), work.clock.now()
    if command.closes_at and command.closes_at < rules.earliest_close(now, int(old.rules["enrolment-min-days"])):
        command = replace(command, closes_at=None)
    if method == "direct":
        command = replace(command, method=method, method_basis="earlier-failed")
    new = create(work, command)
    new.repeats_id = old.id
    return new


def locked(work: Work, need_id: int) -> Need:
    """Read a need and hold its row until the unit of work ends. Raises NotFound."""
    queries.need_by_id(work, need_id)
    return work.locked(Need, need_id, "need-not-found")


def freeze(work: Work, need: Need) -> dict[str, Any]:
    """Read the parameters in force today for this item, fund and town, as plain values."""
    today = beijing_day(work.clock.now())
    where = {"fund": need.fund, "on": today, "item_code": need.item_code, "town_code": need.town_code}
    found: dict[str, Any] = {}
    for key in (*FROZEN_RULES, *ASKED[need.method].frozen):
        value = catalogue.rule(work.session, key, **where)  # type: ignore[arg-type]  # the keywords of where
        found[key] = str(value) if isinstance(value, Decimal) else value
    for key in FROZEN_WHERE_KNOWN:
        with suppress(NotFound):
            found[key] = catalogue.rule(work.session, key, **where)  # type: ignore[arg-type]  # as above
    for key, taken in ASKED[need.method].instead.items():
        found[key] = catalogue.rule(work.session, taken, **where)  # type: ignore[arg-type]  # as above
    method = rules.CATALOGUE_METHODS[need.method]
    found["method-enabled"] = catalogue.method_is_enabled(work.session, method, **where)  # type: ignore[arg-type]  # as above
    found["switch-only"] = ASKED[need.method].by_switch_only(need.fund)
    found["on"] = today.isoformat()
    return found


def command_of(work: Work, need: Need) -> WriteNeed:
    """Return what would write this need again, for editing and repeating; the deadline is chosen anew when past."""
    keeps = need.closes_at is not None and need.closes_at > work.clock.now()
    avoid = tuple(queries.avoided(work.session, need.id).items())
    return WriteNeed(
        need.item_code, family.title_to_write(work.session, need), need.scale, need.fund, need.project_name,
        need.project_code or "",
        need.requirements, need.time_limit_days, need.ceiling, need.no_ceiling_reason, need.quoting, need.method,
        need.method_basis, need.criteria, need.fee_inputs, need.closes_at if keeps else None, avoid,
        need.contact_name, need.contact_phone, need.town_code, need.terms,
    )  # fmt: skip


def questions_until(now: datetime, closes_at: datetime) -> datetime:
    """Return when questions end: 17:00 of the last working day that leaves the answers a whole one.

    Where no day does, some hours before the quotes close, or half-way through a window shorter still.
    """
    day = beijing_day(now)
    until, following = None, add_workdays(day, 1)
    while close_of(add_workdays(following, 1)) <= closes_at:
        until, following = close_of(following), add_workdays(following, 1)
    return until or closes_at - min(ANSWER_HOURS, (closes_at - now) / 2)


def _fill(work: Work, need: Need, org: Organisation, command: WriteNeed) -> None:
    item = catalogue.item_by_code(work.session, command.item_code)
    if command.fund not in FUNDS or command.method not in rules.METHODS or command.quoting not in rules.QUOTINGS:
        raise Invalid("choice-unknown", field="method")
    need.item_code, need.title, need.scale, need.fund = item.code, command.title, command.scale, command.fund
    need.requirements, need.time_limit_days = command.requirements, command.time_limit_days
    need.ceiling, need.no_ceiling_reason = command.ceiling, command.no_ceiling_reason
    need.quoting, need.method, need.method_basis = command.quoting, command.method, command.method_basis
    need.project_name, need.project_code = command.project_name or command.title, command.project_code or None
    need.criteria = [
        dict(entry) for entry in command.criteria or (rules.usual_criteria() if command.method in SCORED else [])
    ]
    need.terms = own_terms(command.method, command.terms)
    need.closes_at, need.fee_inputs = command.closes_at, dict(command.fee_inputs)
    need.contact_name = command.contact_name
    need.contact_phone = command.contact_phone or org.contact_phone
    need.town_code = command.town_code or need.town_code
    work_out_benchmark(work, need, list(item.schedules))


def work_out_benchmark(work: Work, need: Need, schedules: list[str], on: date | None = None) -> None:
    """Work the schedule out for the need's own numbers; nothing is kept where it cannot be computed.

    on: the day whose schedule counts, today unless said.
    """
    need.schedule_id = need.benchmark_low = need.benchmark_base = need.benchmark_high = None
    if not need.fee_inputs:
        return
    funding = "government" if need.fund == "fiscal" else "social"
    on = on or beijing_day(work.clock.now())
    found = fees.benchmark(need.item_code, schedules, on, {**need.fee_inputs, "funding": funding})
    if found is not None:
        need.schedule_id = found.schedule_id
        need.benchmark_low, need.benchmark_base, need.benchmark_high = found.low, found.base, found.high


def _avoid(work: Work, need: Need, command: WriteNeed) -> None:
    """Replace the list of agencies declared out. Raises Invalid without a reason or for an agency not known."""
    work.session.execute(delete(Avoidance).where(Avoidance.need_id == need.id))
    known = queries.agency_names(work.session, [agency_id for agency_id, _reason in command.avoid])
    for agency_id, reason in dict(command.avoid).items():
        if agency_id not in known:
            raise Invalid("avoid-unknown", field="avoid", name=agency_id)
        if not reason.strip():
            raise Invalid("avoidance-reason", field="avoid")
        work.session.add(Avoidance(need_id=need.id, agency_id=agency_id, reason=reason.strip()))
