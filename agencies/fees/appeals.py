"""Appeals against the decision of a fee case, their review by a second person, and what was given back."""

from __future__ import annotations

from typing import Final

from accounts import messages
from agencies.fees import rules
from agencies.fees.lifecycle import FEE_CASE, CaseState
from agencies.fees.models import FeeCase
from agencies.fees.permissions import POLICY
from agencies.fees.service import APPEAL, clocks_of, locked_case, tell_regulators, url_of, worded
from core import deadlines
from core.errors import Conflict, Invalid
from core.money import Money
from core.work import Work

REVIEW: Final = "fee_case.review"


def appeal(work: Work, case_id: int, text: str) -> FeeCase:
    """Ask for a second look at a decision, once and within its time.

    The agency appeals what was upheld, the city operator what was dismissed.
    Raises NotFound, Forbidden, Conflict("wrong-state", "case-appeal-late"), Invalid for a bare text.
    """
    case = locked_case(work, case_id)
    work.require(POLICY, "fee_case:appeal", case)
    FEE_CASE.follow("appeal", case.state)
    now = work.clock.now()
    if case.appeal_by is None or now >= case.appeal_by:
        raise Conflict("case-appeal-late", appeal_by=case.appeal_by)
    case.appeal, case.appealed_at = worded(text, "text"), now
    case.review_by = rules.due(now, clocks_of(case).review_workdays)
    work.move(FEE_CASE, POLICY, case, "appeal")
    deadlines.drop(work, APPEAL, case.id)
    deadlines.put(work, REVIEW, case.id, case.review_by)
    tell_regulators(work, case, "fee-case-appealed")
    return case


def confirm(work: Work, case_id: int, reason: str) -> FeeCase:
    """Let the first decision stand. Raises NotFound, Forbidden (also for who decided first), Conflict, Invalid."""
    return _review(work, case_id, "confirm", reason)


def overturn(work: Work, case_id: int, reason: str) -> FeeCase:
    """Turn the first decision round. Raises as ``confirm``."""
    return _review(work, case_id, "overturn", reason)


def record_return(work: Work, case_id: int, amount: Money) -> FeeCase:
    """Record what the agency gave back after a finding that stands; a later record replaces the former.

    Raises NotFound, Forbidden, Conflict("case-not-upheld"), Invalid above the amount at stake.
    """
    case = locked_case(work, case_id)
    work.require(POLICY, "fee_case:return", case)
    if not case.stands or case.state is CaseState.APPEALED:
        raise Conflict("case-not-upheld", id=case.id)
    if not Money(0) <= amount <= case.deviation:
        raise Invalid("case-return-above", field="amount", most=case.deviation, given=amount)
    case.returned, case.returned_at = amount, work.clock.now()
    work.record(case, "fee_case.returned", amount_fen=amount.fen)
    return case


def appeal_lapsed(work: Work, case_id: int) -> None:
    """Note that a decision became final unappealed: what the deadline ``fee_case.appeal`` does."""
    case = locked_case(work, case_id)
    if case.appeal_by is not None and case.appeal is None and work.clock.now() >= case.appeal_by:
        work.record(case, "fee_case.final")


def review_overdue(work: Work, case_id: int) -> None:
    """Tell the price regulator that a review is late: what the deadline ``fee_case.review`` does."""
    case = locked_case(work, case_id)
    if case.state is CaseState.APPEALED:
        work.record(case, "fee_case.review_overdue")
        tell_regulators(work, case, "fee-case-review-late")


def _review(work: Work, case_id: int, verb: str, reason: str) -> FeeCase:
    case = locked_case(work, case_id)
    work.require(POLICY, f"fee_case:{verb}", case)
    FEE_CASE.follow(verb, case.state)
    case.review, case.reviewed_at = worded(reason, "reason"), work.clock.now()
    work.move(FEE_CASE, POLICY, case, verb)
    deadlines.drop(work, REVIEW, case.id)
    messages.tell(work, case.agency_org_id, f"fee-case-{case.state}", url_of(case.id))
    return case
