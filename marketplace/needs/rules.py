"""Judgements of a need before it is published: time limits, ceiling, method, criteria. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from core.clock import beijing_day
from core.errors import Invalid
from core.money import Money
from core.workdays import add_workdays, close_of, is_workday
from marketplace.needs.methods import ASKED, FRAMED, SCORED, judge_terms

FULL_WEIGHT: Final = 100
LONGEST_WINDOW_DAYS: Final = 180
METHODS: Final = tuple(ASKED)
OFFERED: Final = tuple(code for code in ASKED if code not in FRAMED)
QUOTINGS: Final = ("amount", "discount")
CATALOGUE_METHODS: Final = {code: asked.catalogue for code, asked in ASKED.items()}
DIRECT_CAUSES: Final = ("small-amount", "continuation", "urgent", "single-capable", "earlier-failed")


@dataclass(frozen=True, slots=True)
class Notice:
    """What is judged before publication; money in fen, weights as whole percents."""

    fund: str
    method: str
    ceiling: Money | None
    no_ceiling_reason: str
    criteria: Sequence[Mapping[str, Any]]
    method_basis: str
    closes_at: datetime
    terms: Mapping[str, Any] = field(default_factory=dict)
    quoting: str = "amount"


def earliest_close(now: datetime, workdays: int) -> datetime:
    """Return 17:00 北京时间 of the first day on which quotes may close."""
    return close_of(add_workdays(beijing_day(now), workdays))


def judge_close(closes_at: datetime, now: datetime, workdays: int) -> None:
    """Refuse a deadline too early, on a rest day, or more than half a year away.

    workdays: how many must lie between now and it. Raises Invalid with the next good one.
    """
    earliest = earliest_close(now, workdays)
    if closes_at < earliest:
        raise Invalid("close-too-early", field="closes_at", earliest=earliest, days=workdays)
    day: date = beijing_day(closes_at)
    if not is_workday(day):
        raise Invalid("close-on-rest-day", field="closes_at", day=day, following=add_workdays(day, 1))
    if (day - beijing_day(now)).days > LONGEST_WINDOW_DAYS:
        raise Invalid("close-too-late", field="closes_at", days=LONGEST_WINDOW_DAYS)


def judge(
    notice: Notice, *, ceiling_required: bool, method_enabled: bool, switch_only: bool | None = None
) -> None:  # fmt: skip
    """Refuse a notice that breaks a rule frozen into it. Raises Invalid naming the field.

    A method that is switched off needs a recorded legal basis: the administrator's where chance decides, and for the
    lowest price with fiscal money (switch_only, as frozen into a need published before); the notice's own elsewhere;
    fiscal money needs a ceiling; social money without one gives a reason.
    """
    if ceiling_required and notice.ceiling is None:
        raise Invalid("ceiling-required", field="ceiling")
    if notice.ceiling is None and not notice.no_ceiling_reason:
        raise Invalid("ceiling-or-reason", field="no_ceiling_reason")
    strict = ASKED[notice.method].by_switch_only(notice.fund) if switch_only is None else switch_only
    if not method_enabled and strict:
        raise Invalid("method-off", field="method")
    if not method_enabled and not notice.method_basis:
        raise Invalid("method-basis-required", field="method_basis")
    if notice.method == "direct" and notice.method_basis not in DIRECT_CAUSES and method_enabled:
        raise Invalid("direct-cause-required", field="method_basis")
    judge_method(notice)


def judge_method(notice: Notice) -> None:
    """Refuse a notice that leaves out what its method needs. Raises Invalid naming the field."""
    if ASKED[notice.method].fixed_price and notice.ceiling is None:
        raise Invalid("fixed-price-required", field="ceiling")
    if ASKED[notice.method].fixed_price and notice.quoting != "amount":
        raise Invalid("fixed-price-in-amounts", field="quoting")
    judge_terms(notice.method, notice.terms)
    if notice.method in SCORED:
        judge_criteria(notice.criteria)


def judge_criteria(criteria: Sequence[Mapping[str, Any]]) -> None:
    """Refuse criteria without names, said twice, or whose weights do not come to 100. Raises Invalid."""
    names = [str(entry.get("name", "")).strip() for entry in criteria]
    weights = [int(entry.get("weight", 0)) for entry in criteria]
    if not names or not all(names) or len(set(names)) != len(names):
        raise Invalid("criteria-names", field="criteria")
    if sum(weights) != FULL_WEIGHT or min(weights) <= 0:
        raise Invalid("criteria-weights", field="criteria", total=sum(weights))


def usual_criteria() -> list[dict[str, Any]]:
    """Return the criteria offered first: price 30, proposal 40, people 15, time 15."""
    return [
        {"name": "价格", "weight": 30, "kind": "price"},
        {"name": "服务方案", "weight": 40, "kind": "merit"},
        {"name": "人员配备", "weight": 15, "kind": "merit"},
        {"name": "服务时限", "weight": 15, "kind": "merit"},
    ]
