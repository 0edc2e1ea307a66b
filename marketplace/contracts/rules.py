"""What a contract may say and cost, when it is due, how late a delivery is, and what a settlement may pay. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from core.clock import BEIJING, beijing_day, last_day
from core.errors import Invalid
from core.money import Money
from core.workdays import add_workdays, is_workday, workdays_between

SHORTEST_REASON: Final = 10
ONE_DAY: Final = timedelta(days=1)


class DayKind(StrEnum):
    """How a time limit counts."""

    WORKING = "working"
    CALENDAR = "calendar"


class AmountVerdict(StrEnum):
    """How a contract's amount stands to the quote."""

    AS_QUOTED = "as_quoted"
    BELOW_QUOTE = "below_quote"
    ABOVE_QUOTE = "above_quote"


def end_of(day: date) -> datetime:
    """Return the end of a day, midnight 北京时间, as UTC; a deadline there is half open."""
    return datetime.combine(day + ONE_DAY, time(0), BEIJING).astimezone(UTC)


def due_from(starts_at: datetime, days: int, kind: DayKind, overrides: Mapping[date, bool] | None = None) -> datetime:
    """Return when the result is due: the end of the last day, the day of the start not counted.

    Calendar days that end on a day off end with the next working day.
    Source: 中华人民共和国民法典 第二百零一条, 第二百零三条.
    """
    start = beijing_day(starts_at)
    if kind is DayKind.WORKING:
        return end_of(add_workdays(start, days, overrides))
    day = start + days * ONE_DAY
    while not is_workday(day, overrides):
        day += ONE_DAY
    return end_of(day)


def due_after_return(due_at: datetime, submitted_at: datetime, returned_at: datetime) -> datetime:
    """Put off the due time by what the enterprise took to look, up to the end of that day.

    The agency's clock stands still while the other side holds the result.
    """
    return end_of(beijing_day(due_at - timedelta(microseconds=1) + (returned_at - submitted_at)))


def days_late(
    due_at: datetime, delivered_at: datetime, kind: DayKind, overrides: Mapping[date, bool] | None = None
) -> int:
    """Count the days from the last day of the limit to the day of delivery, in the limit's kind; 0 when in time."""
    if delivered_at < due_at:
        return 0
    last, day = last_day(due_at), beijing_day(delivered_at)
    late = workdays_between(last, day, overrides) if kind is DayKind.WORKING else (day - last).days
    return max(late, 1)


def judge_amount(
    amount: Money, quoted: Money, cap: Money | None, reason: str, *, deviation_barred: bool
) -> AmountVerdict:
    """Judge a contract's amount against the quote and a binding cap.

    Below the quote is free. Above it needs a typed reason, and is refused where the rules bar deviations (fiscal
    funds) or a cap binding on that day is passed. Raises Invalid naming the field.
    """
    if cap is not None and amount > cap:
        raise Invalid("contract-above-cap", field="amount", amount=amount, cap=cap)
    if amount == quoted:
        return AmountVerdict.AS_QUOTED
    if amount < quoted:
        return AmountVerdict.BELOW_QUOTE
    if deviation_barred:
        raise Invalid("contract-above-quote-barred", field="amount", amount=amount, quoted=quoted)
    _want_reason(reason)
    return AmountVerdict.ABOVE_QUOTE


class LineKind(StrEnum):
    """What a line of a settlement stands for."""

    AGREED = "agreed"
    EXTRA = "extra"
    REIMBURSED = "reimbursed"
    DEDUCTION = "deduction"


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One line of what was paid: so many pieces of one thing for an amount in all; a deduction's is taken off."""

    name: str
    amount: Money
    kind: LineKind = LineKind.AGREED
    quantity: int = 1

    @property
    def counted(self) -> int:
        """What the line adds to the total, in fen."""
        return -self.amount.fen if self.kind is LineKind.DEDUCTION else self.amount.fen


def judge_settlement(lines: Sequence[PaidLine], contract: Money, cap: Money | None, reason: str) -> Money:
    """Return the total paid.

    Another total than the contract's, as amended, needs a reason; above a binding cap it is refused. Raises Invalid
    also for a line of nothing, a thing named twice, a quantity that does not divide the amount into whole fen, and
    deductions that leave nothing.
    """
    if not any(line.kind is LineKind.AGREED for line in lines):
        raise Invalid("settlement-empty", field="lines")
    _judge_lines(lines)
    total = sum(line.counted for line in lines)
    if total <= 0:
        raise Invalid("settlement-nothing-left", field="lines")
    paid = Money(total)
    if cap is not None and paid > cap:
        raise Invalid("settlement-above-cap", field="lines", paid=paid, cap=cap)
    if paid != contract:
        _want_reason(reason)
    return paid


def _judge_lines(lines: Sequence[PaidLine]) -> None:
    seen: set[tuple[LineKind, str]] = set()
    for place, line in enumerate(lines, start=1):
        if line.amount.fen <= 0:
            raise Invalid("settlement-zero-line", field=f"amount-{place}", name=line.name)
        if line.quantity < 1 or line.amount.fen % line.quantity:
            raise Invalid("settlement-quantity", field=f"quantity-{place}", name=line.name, quantity=line.quantity)
        if (line.kind, line.name) in seen:
            raise Invalid("settlement-named-twice", field=f"name-{place}", name=line.name)
        seen.add((line.kind, line.name))


def differences(lines: Sequence[PaidLine], contract: Money) -> list[int]:
    """Return, line by line, by how many fen each differs from the contract; together they make the whole difference.

    The lines of agreed work share the contract's amount in their order: each is measured against what is left of it,
    and the last also bears what no line took. Every other line is a difference by its whole amount.
    """
    left, agreed = contract.fen, [place for place, line in enumerate(lines) if line.kind is LineKind.AGREED]
    found = [line.counted for line in lines]
    for place in agreed:
        taken = left if place == agreed[-1] else min(left, lines[place].amount.fen)
        left -= taken
        found[place] -= taken
    return found


def _want_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid("reason-too-short", field="reason", least=SHORTEST_REASON, given=len(reason.strip()))
