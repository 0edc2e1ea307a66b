"""Finished contracts like one: same item, similar base; their amounts without names, and their usual span in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlalchemy.orm import Session

from agencies.fees.compliance import HUNDRED, Rule, rule_on
from agencies.fees.lifecycle import CaseKind
from agencies.fees.models import FeeCase
from core.clock import beijing_day
from core.money import Money
from core.work import Work
from marketplace.contracts.lifecycle import ContractState
from marketplace.contracts.models import Contract
from marketplace.needs.models import Need

FINISHED: Final = (ContractState.ACCEPTED, ContractState.SETTLED)
MOST: Final = 2000

amount_fen = type_coerce(Contract.amount, BigInteger)
base_fen = type_coerce(Need.benchmark_base, BigInteger)


@dataclass(frozen=True, slots=True)
class Span:
    """The usual span of similar contracts: the low and the high percentile, and how many stand behind them."""

    low: Money
    high: Money
    count: int


def finished_like(item_code: str, base: Money | None, before: datetime, without_need: int | None, rule: Rule) -> Any:
    """Build the select of amounts, in fen as ``value``, of finished contracts of an item with a similar base."""
    query = (
        select(amount_fen.label("value"))
        .join(Need, Need.id == Contract.need_id)
        .where(Contract.item_code == item_code, Contract.state.in_(FINISHED), Contract.accepted_at < before)
    )
    if without_need is not None:
        query = query.where(Contract.need_id != without_need)
    if base is None or base.fen <= 0:
        return query.where(base_fen.is_(None))
    low, high = base.times(rule.numbers["base_low_share"]), base.times(rule.numbers["base_high_share"])
    return query.where(base_fen >= low.fen, base_fen <= high.fen)


def usual_span(session: Session, like: Contract, base: Money | None, before: datetime, rule: Rule) -> Span | None:
    """Return the usual span, or None below the least number; inclusive nearest-rank: place ceil(p × n ÷ 100)."""
    values = finished_like(like.item_code, base, before, like.need_id, rule).subquery()
    ranked = select(
        values.c.value,
        func.row_number().over(order_by=values.c.value).label("place"),
        func.count().over().label("n"),
    ).subquery()

    def at(percent: int) -> Any:
        wanted = (ranked.c.n * percent + HUNDRED - 1) // HUNDRED
        return func.max(case((ranked.c.place == wanted, ranked.c.value)))

    low, high = rule.whole("low_percent"), rule.whole("high_percent")
    row = session.execute(select(func.max(ranked.c.n), at(low), at(high))).one()
    if row[0] is None or row[0] < rule.whole("least"):
        return None
    return Span(Money(int(row[1])), Money(int(row[2])), int(row[0]))


def similar_to(work: Work, found: FeeCase) -> Sequence[int]:
    """Return the amounts, in fen, of finished contracts like the one a fee case is about; no names, at most 2,000."""
    rule = rule_on(CaseKind.UNUSUAL_PRICE, beijing_day(found.opened_at))
    if rule is None:
        return []
    need = work.session.get(Need, found.need_id) if found.need_id is not None else None
    base = need.benchmark_base if need is not None else None
    query = finished_like(found.item_code, base, work.clock.now(), found.need_id, rule)
    return [int(one) for one in work.session.scalars(query.order_by(Contract.id.desc()).limit(MOST))]
