"""What a contract or its settlement gives the price regulator to look at; none of it stops the contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from accounts.models import Organisation
from agencies.catalogue.queries import item_by_code
from agencies.catalogue.reference_types import PriceRegime
from agencies.catalogue.wording import regime_is_settled
from agencies.fees import compliance
from agencies.fees import service as fees
from agencies.fees.lifecycle import CaseKind
from agencies.fees.models import PostedPrice
from agencies.registration.models import Agency
from core.clock import beijing_day
from core.money import Money
from core.work import Work
from marketplace.contracts import comparison, queries
from marketplace.contracts.models import Amendment, Contract, Settlement
from marketplace.contracts.rules import LineKind, PaidLine
from marketplace.needs import queries as needs
from marketplace.needs.models import Need
from marketplace.quotes.models import Quote
from marketplace.selection.models import Award


def open_case(
    work: Work, contract: Contract, kind: str, *, found: Money, compared: Money, reason: str = "", **known: Any
) -> None:
    """Open a fee case about a contract with all that is known of it, where a rule of this kind holds today."""
    if _rule(work, CaseKind(kind)) is None:
        return
    fees.open_case(
        work, kind, object_kind="contract", object_id=contract.id, need_id=contract.need_id,
        agency_id=contract.agency_id, enterprise_id=contract.enterprise_org_id, town_code=contract.town_code,
        item_code=contract.item_code, found=found, compared=compared,
        evidence={**evidence(work, contract, reason), **known},
    )  # fmt: skip


def on_signed(work: Work, contract: Contract, need: Need) -> None:
    """Look at a contract both sides have just signed: free items, splitting, unusual prices."""
    item = item_by_code(work.session, contract.item_code)
    if item.price_regime is PriceRegime.ZERO and regime_is_settled(item) and need.fund != "fiscal":
        open_case(work, contract, "zero_charge", found=contract.amount, compared=Money(0))
    _look_for_split(work, contract)
    _look_at_span(work, contract, need)


def on_settled(work: Work, contract: Contract, settlement: Settlement, lines: Sequence[PaidLine]) -> None:
    """Look at what was paid: above the contract as amended, and lines nobody had written down."""
    if settlement.paid > contract.amount:
        open_case(work, contract, "settlement_above_contract", found=settlement.paid, compared=contract.amount,
                  reason=settlement.reason)  # fmt: skip
    rule = _rule(work, CaseKind.UNKNOWN_EXTRA)
    posted = _posted(work, contract)
    if rule is None or posted is None:
        return
    amended = [f"{one.reason}\n{one.clause_after}" for one in _amendments(work, contract)]
    written = "\n".join([posted.included, posted.extra, contract.text, *amended])
    charged = [(line.name, line.amount) for line in lines if line.kind is not LineKind.DEDUCTION]
    unknown = compliance.unknown_lines(charged, written, rule)
    extra = Money(sum(amount.fen for _name, amount in unknown))
    if extra.fen > 0:
        told = [{"name": name, "amount_fen": amount.fen} for name, amount in unknown]
        open_case(work, contract, "unknown_extra", found=settlement.paid, compared=settlement.paid - extra,
                  reason=settlement.reason, lines=told)  # fmt: skip


def evidence(work: Work, contract: Contract, reason: str) -> dict[str, Any]:
    """Return what was known of a contract when a case is opened about it."""
    need = work.session.get_one(Need, contract.need_id)
    posted = _posted(work, contract)
    return {
        **needs.fee_grounds(need, beijing_day(work.clock.now())),
        "posted_price_id": None if posted is None else posted.id,
        "contract": contract.number,
        "reason": reason,
        "quote_fen": contract.quote_amount.fen,
        "contract_fen": contract.amount.fen,
        "signed_fen": None if contract.signed_amount is None else contract.signed_amount.fen,
        "amendments": [one.number for one in _amendments(work, contract)],
        "paid_fen": None if contract.paid is None else contract.paid.fen,
        "agency": work.session.get_one(Agency, contract.agency_id).name,
        "enterprise": work.session.get_one(Organisation, contract.enterprise_org_id).name,
    }


def _amendments(work: Work, contract: Contract) -> list[Amendment]:
    """Return the amendments both sides have signed."""
    return [one for one in queries.amendments_of(work.session, contract.id) if one.signed_at is not None]


def _posted(work: Work, contract: Contract) -> PostedPrice | None:
    """Return the price in force when the quote came in: the one the quote itself was held against."""
    quote = work.session.get_one(Quote, work.session.get_one(Award, contract.award_id).quote_id)
    return fees.posted_price(work.session, contract.agency_id, contract.item_code, quote.received_at)


def _rule(work: Work, kind: CaseKind) -> compliance.Rule | None:
    return compliance.rule_on(kind, beijing_day(work.clock.now()))


def _look_for_split(work: Work, contract: Contract) -> None:
    rule = _rule(work, CaseKind.FEE_SPLIT)
    if rule is None or contract.amount.fen >= rule.whole("threshold_fen"):
        return
    since = work.clock.now() - timedelta(days=rule.whole("window_days"))
    query = select(Contract).where(
        Contract.enterprise_org_id == contract.enterprise_org_id,
        Contract.agency_id == contract.agency_id,
        Contract.item_code == contract.item_code,
        Contract.starts_at >= since,
        Contract.terminated_at.is_(None),
    )
    several = work.session.scalars(query.order_by(Contract.id)).all()
    total = compliance.split_total([one.amount for one in several], rule)
    if total is not None and contract.id == several[-1].id:
        numbers = [one.number for one in several]
        open_case(work, contract, "fee_split", found=total, compared=Money(rule.whole("threshold_fen")),
                  contracts=numbers)  # fmt: skip


def _look_at_span(work: Work, contract: Contract, need: Need) -> None:
    rule = _rule(work, CaseKind.UNUSUAL_PRICE)
    if rule is None:
        return
    now = work.clock.now()
    span = comparison.usual_span(work.session, contract, need.benchmark_base, now, rule)
    end = None if span is None else compliance.beyond(contract.amount, span.low, span.high)
    if span is not None and end is not None:
        known = {"low_fen": span.low.fen, "high_fen": span.high.fen, "count": span.count}
        open_case(work, contract, "unusual_price", found=contract.amount, compared=end, similar=known)
