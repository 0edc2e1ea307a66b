"""Judgements of frameworks: what may be written, whether a call fits the agreement, what a member may ask, whose turn.

Pure. The panel stage's ranking and elimination are in ``marketplace.selection.panel``.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Final

from core.clock import BEIJING
from core.errors import Conflict, Invalid
from core.money import Money

SHORTEST_REASON: Final = 10
HUNDRED: Final = 100
YEAR: Final = 12


def judge_writing(months: int, most_months: int, share: int, least_share: Decimal) -> None:
    """Refuse a term longer than the dated rule allows, or a smaller share eliminated. Raises Invalid with its field.

    share: whole percent. least_share: a fraction.
    """
    if not 0 < months <= most_months:
        raise Invalid("framework-months", field="months", most=most_months)
    if Fraction(share, HUNDRED) < Fraction(least_share):
        least = (least_share * HUNDRED).normalize()
        raise Invalid("framework-share", field="share", least=format(least, "f"))


def end_of_term(starts_at: datetime, months: int) -> datetime:
    """Return the first instant outside a term: the beginning, in 北京时间, of the same day so many months later.

    A day the later month does not have becomes its last.
    """
    first = starts_at.astimezone(BEIJING).date()
    years, month = divmod(first.month - 1 + months, YEAR)
    year, month = first.year + years, month + 1
    day = min(first.day, calendar.monthrange(year, month)[1])
    return datetime.combine(date(year, month, day), time(), BEIJING)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a call is judged by. towns: the codes served. reserved: the most all call-offs may come to."""

    is_in_force: bool
    starts_at: datetime | None
    ends_at: datetime | None
    item_code: str
    towns: Collection[str]
    total: Money | None
    reserved: Money


def judge_call(found: Agreement, item_code: str, town_code: str, now: datetime) -> None:
    """Refuse a call outside the term, of another item, or for a town that is not served. Raises Conflict, Invalid."""
    if found.ends_at is not None and now >= found.ends_at:
        raise Conflict("call-after-term", ends_at=found.ends_at)
    if not found.is_in_force or found.starts_at is None or now < found.starts_at:
        raise Conflict("call-not-in-force")
    if item_code != found.item_code:
        raise Invalid("call-other-item", field="item_code", item=item_code)
    if town_code not in found.towns:
        raise Invalid("call-other-town", field="town_code", town=town_code)


def judge_total(found: Agreement, ceiling: Money) -> None:
    """Refuse a call that could come to more than the framework's total leaves. Raises Invalid.

    What other calls may still come to, passed on to a dearer member, is taken off the total as well.
    """
    if found.total is not None and found.reserved + ceiling > found.total:
        raise Invalid(
            "call-above-total", field="quantity", total=found.total, left=found.total - found.reserved, asked=ceiling
        )


def cap(price: Money | None, discount: Decimal | None, quantity: Decimal, benchmark: Money | None) -> Money | None:
    """Return the most a member may ask for a call: its unit price times the quantity, or the benchmark discounted.

    Rounded half up once. None where a discount has no benchmark to be taken from.
    """
    if price is not None:
        return price.times(quantity)
    if discount is None or benchmark is None:
        return None
    return benchmark.times(1 - discount)


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """One turn taken in a rotation: when, by which award, by whom; a member takes one by serving and by declining."""

    at: datetime
    award_id: int
    member_id: int


def queue(published: Sequence[int], turns: Iterable[Turn]) -> tuple[int, ...]:
    """Return the members in the order in which they are asked next: whoever took a turn goes to the end.

    published: members as the panel's ranks put them; those who left are not among them, and their turns move nobody.
    """
    waiting = list(published)
    for turn in sorted(turns):
        if turn.member_id in waiting:
            waiting.remove(turn.member_id)
            waiting.append(turn.member_id)
    return tuple(waiting)


def able_in_turn(waiting: Sequence[int], unable: Collection[int]) -> tuple[int, ...]:
    """Return who may serve, in turn; whoever may not for now is passed over and keeps the place."""
    return tuple(member_id for member_id in waiting if member_id not in unable)


def reason(text: str) -> str:
    """Return a reason without its margins. Raises Invalid("reason-too-short")."""
    given = text.strip()
    if len(given) < SHORTEST_REASON:
        raise Invalid("reason-too-short", field="reason", least=SHORTEST_REASON, given=len(given))
    return given
