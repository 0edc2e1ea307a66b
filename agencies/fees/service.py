"""Use cases of fees: the benchmark of a need, posting a price, and a fee case from its opening to its decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from accounts import messages
from accounts.queries import offices
from agencies.fees import compliance, queries, register, rules
from agencies.fees.commands import PriceBasis
from agencies.fees.engine.calculation import Calculation, calculate
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.lifecycle import BOTH_WAYS, FEE_CASE, CaseKind, CaseState
from agencies.fees.models import FeeCase, PostedPrice
from agencies.fees.permissions import POLICY
from agencies.fees.posting import post_price
from agencies.registration.models import Agency
from core import deadlines
from core.access import OrgKind
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.money import Money
from core.work import Work

REPLY: Final = "fee_case.reply"
APPEAL: Final = "fee_case.appeal"

__all__ = [
    "APPEAL", "REPLY", "benchmark", "clocks_of", "dismiss", "locked_case", "open_case", "post_price", "posted_amount",
    "posted_price", "reply", "reply_overdue", "tell_regulators", "uphold", "url_of", "worded",
]  # fmt: skip


def benchmark(item_code: str, schedules: Sequence[str], on: date, inputs: Mapping[str, object]) -> Calculation | None:
    """Return what the first fitting schedule says an item costs on a day, or None when none can be worked out.

    schedules: ids or document numbers, the most particular first; those not kept here are passed over, and so are
    those the inputs do not answer. One that gives an amount goes before one that gives a range or a reason.
    """
    del item_code  # every caller names it; the schedules named already tell one item from another
    found = [one for document in schedules if (one := _calculated(document, on, inputs)) is not None]
    return max(found, key=lambda one: (one.base is not None, one.high is not None or one.low is not None), default=None)


def posted_price(session: Session, agency_id: int, item_code: str, at: datetime) -> PostedPrice | None:
    """Return the price an agency had posted for an item at an instant."""
    return queries.posted_price(session, agency_id, item_code, at)


def posted_amount(posted: PostedPrice, calculation: Calculation | Money | None) -> Money | None:
    """Return what a posted price comes to; None for a price by the unit, or when the schedule's amount is not known.

    calculation: the schedule's result for the reader's numbers, or its base amount alone.
    """
    base = calculation.base if isinstance(calculation, Calculation) else calculation
    if posted.basis is PriceBasis.FIXED:
        return posted.amount
    if posted.basis is PriceBasis.UNIT or base is None:
        return None
    return base if posted.discount_rate is None else base.times(1 - posted.discount_rate)


def open_case(
    work: Work, kind: str, *, object_kind: str, object_id: int, need_id: int | None, agency_id: int,
    enterprise_id: int, town_code: str, item_code: str, found: Money, compared: Money, evidence: Mapping[str, Any],
) -> FeeCase:  # fmt: skip
    """Open a fee case and ask the agency to reply; the same finding again returns the case there is.

    enterprise_id: the enterprise's organisation. While nobody has replied, a repeated finding renews amounts and
    evidence. Raises Invalid("case-not-above") when nothing is exceeded, Conflict("case-rule-not-in-force") when no rule
    holds today, NotFound for an unknown agency.
    """
    if found == compared or (found < compared and CaseKind(kind) not in BOTH_WAYS):
        raise Invalid("case-not-above", found=found, compared=compared)
    rule = compliance.rule_on(CaseKind(kind), beijing_day(work.clock.now()))
    if rule is None:
        raise Conflict("case-rule-not-in-force", kind=kind)
    evidence = {**evidence, **_worked(item_code, evidence), "rule": rule.told()}
    former = queries.case_of(work.session, CaseKind(kind), object_kind, object_id)
    if former is not None:
        return _renew(work, former, found, compared, evidence)
    agency = work.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound("agency-not-found", id=agency_id)
    now = work.clock.now()
    case = FeeCase(
        kind=CaseKind(kind), object_kind=object_kind, object_id=object_id, need_id=need_id, agency_id=agency_id,
        agency_org_id=agency.org_id, enterprise_id=enterprise_id, town_code=town_code, item_code=item_code,
        found=found, compared=compared, evidence=_grounded(evidence), opened_at=now,
        due_at=rules.due(now, rule.reply_workdays),
        state=CaseState.OPEN,
    )  # fmt: skip
    work.add(case, "fee_case.opened", kind=kind, object_kind=object_kind, object_id=object_id)
    _tell_opened(work, case)
    return case


def reply(work: Work, case_id: int, text: str) -> FeeCase:
    """Answer a fee case as the agency. Raises NotFound, Forbidden, Conflict("wrong-state"), Invalid for a bare text.

    A late reply is taken as long as nothing is decided.
    """
    case = locked_case(work, case_id)
    work.require(POLICY, "fee_case:reply", case)
    case.reply = worded(text, "text")
    case.replied_at = work.clock.now()
    work.move(FEE_CASE, POLICY, case, "reply")
    deadlines.drop(work, REPLY, case.id)
    messages.settle(work, case.agency_org_id, url_of(case.id))
    tell_regulators(work, case, "fee-case-replied")
    return case


def uphold(work: Work, case_id: int, reason: str) -> FeeCase:
    """Decide that the price broke a rule. Raises as ``dismiss``, and Conflict("case-reply-awaited") before the reply.

    Nobody is found at fault unheard: without a reply the decision waits until the time to reply is over.
    """
    case = locked_case(work, case_id)
    work.require(POLICY, "fee_case:uphold", case)
    if case.state is CaseState.OPEN and work.clock.now() < case.due_at:
        raise Conflict("case-reply-awaited", due_at=case.due_at)
    return _decide(work, case, "uphold", reason)


def dismiss(work: Work, case_id: int, reason: str) -> FeeCase:
    """Decide that nothing was wrong. Raises NotFound, Forbidden, Conflict("wrong-state"), Invalid for a bare reason."""
    return _decide(work, locked_case(work, case_id), "dismiss", reason)


def reply_overdue(work: Work, case_id: int) -> None:
    """Note that an agency let its time to reply pass, and tell the price regulator: what ``fee_case.reply`` does."""
    case = locked_case(work, case_id)
    if case.state is CaseState.OPEN and work.clock.now() >= case.due_at:
        work.record(case, "fee_case.reply_overdue")
        tell_regulators(work, case, "fee-case-unanswered")


def locked_case(work: Work, case_id: int) -> FeeCase:
    """Lock and return one fee case. Raises NotFound."""
    return work.locked(FeeCase, case_id, "fee-case-not-found")


def url_of(case_id: int) -> str:
    """Return the address of a fee case's page."""
    return f"/cases/{case_id}"


def _grounded(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return evidence that names the very text it rests on, so that it can be worked again after a revision."""
    if not evidence.get("schedule") or not evidence.get("on"):
        return dict(evidence)
    try:
        return {**evidence, **register.grounds(str(evidence["schedule"]), date.fromisoformat(str(evidence["on"])))}
    except NotFound:
        return dict(evidence)


def clocks_of(case: FeeCase) -> compliance.Rule:
    """Return the rule whose clocks a case keeps: the one in force when it was opened.

    Raises Conflict("case-rule-not-in-force") where the file no longer knows one.
    """
    rule = compliance.rule_on(case.kind, beijing_day(case.opened_at))
    if rule is None:
        raise Conflict("case-rule-not-in-force", kind=str(case.kind))
    return rule


def _tell_opened(work: Work, case: FeeCase) -> None:
    deadlines.put(work, REPLY, case.id, case.due_at)
    work.emit("fee_case.opened", id=case.id)
    messages.tell(work, case.agency_org_id, "fee-case-opened", url_of(case.id), due_at=case.due_at, is_todo=True)
    tell_regulators(work, case, "fee-case-to-check")


def _worked(item_code: str, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schedule's version and amount a case rests on, so that it can be worked again and compared."""
    if not evidence.get("schedule") or not evidence.get("on"):
        return {}
    on, inputs = date.fromisoformat(str(evidence["on"])), dict(evidence.get("inputs") or {})
    worked = benchmark(item_code, [str(evidence["schedule"])], on, inputs)
    if worked is None:
        return {}
    amounts = {"low_fen": worked.low, "base_fen": worked.base, "high_fen": worked.high, "cap_fen": worked.binding_cap()}
    kept = {name: None if amount is None else amount.fen for name, amount in amounts.items()}
    return {"version": worked.version, "worked": kept}


def _calculated(document: str, on: date, inputs: Mapping[str, object]) -> Calculation | None:
    try:
        return calculate(register.find(document), on, inputs)
    except (NotFound, InputRefused):
        return None


def _renew(work: Work, case: FeeCase, found: Money, compared: Money, evidence: Mapping[str, Any]) -> FeeCase:
    if case.state is CaseState.OPEN and (case.found, case.compared) != (found, compared):
        case.found, case.compared, case.evidence = found, compared, _grounded(evidence)
        work.record(case, "fee_case.renewed")
    return case


def _decide(work: Work, case: FeeCase, verb: str, reason: str) -> FeeCase:
    work.require(POLICY, f"fee_case:{verb}", case)
    case.decision = worded(reason, "reason")
    now = case.decided_at = work.clock.now()
    case.decided_by, case.was_upheld = work.actor.user_id, verb == "uphold"
    case.appeal_by = rules.due(now, clocks_of(case).appeal_workdays)
    work.move(FEE_CASE, POLICY, case, verb)
    deadlines.drop(work, REPLY, case.id)
    deadlines.put(work, APPEAL, case.id, case.appeal_by)
    messages.settle(work, case.agency_org_id, url_of(case.id))
    messages.tell(work, case.agency_org_id, f"fee-case-{case.state}", url_of(case.id))
    return case


def worded(text: str, field: str) -> str:
    """Return a text without its ends' blanks. Raises Invalid when it is too short or too long."""
    given = text.strip()
    if len(given) < rules.SHORTEST_TEXT:
        raise Invalid("case-text-too-short", field=field, least=rules.SHORTEST_TEXT, given=len(given))
    if len(given) > rules.LONGEST_TEXT:
        raise Invalid("case-text-too-long", field=field, most=rules.LONGEST_TEXT, given=len(given))
    return given


def tell_regulators(work: Work, case: FeeCase, code: str) -> None:
    """Tell every price regulator something of a case."""
    for org_id in offices(work.session, OrgKind.PRICE_REGULATOR):
        messages.tell(work, org_id, code, url_of(case.id))
