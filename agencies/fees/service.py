"""Use cases of fees: the benchmark of an item, posted prices, and cases of fees out of line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import messages
from agencies.catalogue import reference
from agencies.fees import register
from agencies.fees.engine.calculation import Calculation, calculate
from agencies.fees.engine.refusal import InputRefused
from agencies.fees.lifecycle import FEE_CASE, FeeCaseState
from agencies.fees.models import FeeCase, PostedPrice
from agencies.fees.permissions import POLICY
from agencies.registration.queries import agency_by_id
from core.clock import beijing_day
from core.errors import Invalid, NotFound
from core.money import Money
from core.work import Work
from core.workdays import add_workdays, close_of

REPLY_DAYS: Final = 5
BASES: Final = ("fixed", "unit", "formula", "discount")


@dataclass(frozen=True, slots=True)
class PostPrice:
    """A posted price: fixed amount, unit price, a formula in words, or a discount on a schedule."""

    item_code: str
    basis: str
    valid_from: date
    amount: Money | None = None
    unit_name: str = ""
    discount_rate: Decimal | None = None
    schedule_id: str | None = None
    included: str = ""
    extra: str = ""


def benchmark(
    item_code: str, on: date, inputs: Mapping[str, object], schedules: Sequence[str] | None = None
) -> Calculation | None:
    """Work out the schedule that fits an item on a day; None where none fits or it cannot be computed.

    schedules: documents to try instead of the catalogue's own. A refused input counts as not computable here; the
    calculator's own page tells what is wrong with it.
    """
    documents = schedules if schedules is not None else reference.item(item_code).schedules
    for document in documents:
        try:
            found = calculate(register.find(document), on, inputs)
        except (InputRefused, NotFound):
            continue
        if found.base is not None or found.low is not None or found.high is not None:
            return found
    return None


def post_price(work: Work, agency_id: int, command: PostPrice) -> PostedPrice:
    """Post a price for an item; the former one is superseded from now on.

    Raises NotFound, Forbidden, Invalid when what the basis asks for is missing.
    """
    agency = agency_by_id(work.session, agency_id)
    work.require(POLICY, "price:post", agency)
    if command.basis not in BASES:
        raise Invalid("price-basis", field="basis")
    if command.basis in {"fixed", "unit"} and command.amount is None:
        raise Invalid("price-amount", field="amount")
    if command.basis == "discount" and (command.discount_rate is None or not command.schedule_id):
        raise Invalid("price-discount", field="discount_rate")
    now = work.clock.now()
    for former in work.session.scalars(
        select(PostedPrice).where(
            PostedPrice.agency_id == agency_id,
            PostedPrice.item_code == command.item_code,
            PostedPrice.superseded_at.is_(None),
        )
    ):
        former.superseded_at = now
    row = PostedPrice(
        agency_id=agency_id, item_code=command.item_code, basis=command.basis, amount=command.amount,
        unit_name=command.unit_name, discount_rate=command.discount_rate, schedule_id=command.schedule_id,
        included=command.included, extra=command.extra, valid_from=command.valid_from, posted_at=now,
    )  # fmt: skip
    work.add(row, "price.posted", agency_id=agency_id, item=command.item_code)
    work.emit("price.posted", id=row.id, agency_id=agency_id)
    return row


def posted_price(session: Session, agency_id: int, item_code: str, at: datetime) -> PostedPrice | None:
    """Return the price an agency had posted for an item at an instant."""
    query = select(PostedPrice).where(
        PostedPrice.agency_id == agency_id, PostedPrice.item_code == item_code, PostedPrice.posted_at <= at,
        PostedPrice.valid_from <= beijing_day(at),
    )  # fmt: skip
    return session.scalars(query.order_by(PostedPrice.posted_at.desc(), PostedPrice.id.desc()).limit(1)).one_or_none()


def posted_prices(session: Session, agency_id: int) -> Sequence[PostedPrice]:
    """Return an agency's prices in force, by item."""
    query = select(PostedPrice).where(PostedPrice.agency_id == agency_id, PostedPrice.superseded_at.is_(None))
    return session.scalars(query.order_by(PostedPrice.item_code)).all()


def posted_amount(posted: PostedPrice, base: Money | None) -> Money | None:
    """Return what a posted price comes to for one job; None where it depends on a quantity or on words.

    base: the benchmark the discount is taken from.
    """
    if posted.basis == "fixed":
        return posted.amount
    if posted.basis == "discount" and base is not None and posted.discount_rate is not None:
        return base.times(1 - posted.discount_rate)
    return None


def open_case(
    work: Work,
    kind: str,
    *,
    object_kind: str,
    object_id: int,
    need_id: int,
    agency_id: int,
    enterprise_id: int,
    town_code: str,
    item_code: str,
    found: Money,
    compared: Money,
    evidence: Mapping[str, Any],
) -> FeeCase:
    """Open a case for a fee above what it is compared with; the same thing found twice is one case."""
    query = select(FeeCase).where(
        FeeCase.kind == kind, FeeCase.object_kind == object_kind, FeeCase.object_id == object_id
    )
    known = work.session.scalars(query).one_or_none()
    if known is not None:
        return known
    now = work.clock.now()
    case = FeeCase(
        kind=kind, object_kind=object_kind, object_id=object_id, need_id=need_id, agency_id=agency_id,
        enterprise_id=enterprise_id, town_code=town_code, item_code=item_code, found=found, compared=compared,
        evidence=dict(evidence), opened_at=now, due_at=close_of(add_workdays(beijing_day(now), REPLY_DAYS)),
    )  # fmt: skip
    work.add(case, "fee_case.opened", kind=kind, need_id=need_id)
    work.emit("fee_case.opened", id=case.id)
    agency = agency_by_id(work.session, agency_id)
    messages.tell(work, agency.org_id, "fee-case-opened", f"/cases/{case.id}", due_at=case.due_at, case=case.id)
    return case


def case_by_id(work: Work, case_id: int) -> FeeCase:
    """Return a case with its agency's organisation beside it. Raises NotFound, Forbidden."""
    case = work.session.get(FeeCase, case_id)
    if case is None:
        raise NotFound("fee-case-not-found", id=case_id)
    case.agency_org_id = agency_by_id(work.session, case.agency_id).org_id  # type: ignore[attr-defined]  # read by the policy
    work.require(POLICY, "fee_case:read", case)
    return case


def reply(work: Work, case_id: int, text: str) -> FeeCase:
    """Give the agency's side. Raises NotFound, Forbidden, Conflict, Invalid when nothing is said."""
    case = case_by_id(work, case_id)
    if not text.strip():
        raise Invalid("reply-empty", field="reply")
    case.reply, case.replied_at = text.strip(), work.clock.now()
    work.move(FEE_CASE, POLICY, case, "reply")
    return case


def uphold(work: Work, case_id: int, reason: str) -> FeeCase:
    """Find the fee out of line, with reasons. Raises NotFound, Forbidden, Conflict, Invalid without a reason."""
    return _decide(work, case_id, "uphold", reason)


def dismiss(work: Work, case_id: int, reason: str) -> FeeCase:
    """Close a case without a finding; the agency goes on seeing it. Raises as ``uphold``."""
    return _decide(work, case_id, "dismiss", reason)


def _decide(work: Work, case_id: int, verb: str, reason: str) -> FeeCase:
    case = case_by_id(work, case_id)
    if not reason.strip():
        raise Invalid("reason-required", field="decision")
    case.decision, case.decided_at = reason.strip(), work.clock.now()
    work.move(FEE_CASE, POLICY, case, verb)
    agency = agency_by_id(work.session, case.agency_id)
    messages.tell(work, agency.org_id, f"fee-case-{FeeCaseState(case.state)}", f"/cases/{case.id}", case=case.id)
    return case
