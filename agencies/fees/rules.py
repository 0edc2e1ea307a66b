"""Judgements of fees: whether a posted price is whole, and how long an agency may take to reply. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from agencies.fees.commands import PostPrice, PriceBasis
from core.clock import beijing_day
from core.workdays import add_workdays, close_of

SHORTEST_TEXT: Final = 10
LONGEST_TEXT: Final = 2000
PARTS: Final = ("price", "included", "extra")


def due(since: datetime, workdays: int) -> datetime:
    """Return when a clock of so many working days ends: the close of the last one after the day it began."""
    return close_of(add_workdays(beijing_day(since), workdays))


def faults(command: PostPrice, schedules: Sequence[str]) -> list[tuple[str, str]]:
    """Return what is wrong with a price to be posted, as (field, code); empty when it is whole.

    schedules: the ids of the fee schedules that fit the item.
    """
    if command.basis not in set(PriceBasis):
        return [("basis", "price-basis-unknown")]
    found: list[tuple[str, str]] = []
    priced = command.basis in {PriceBasis.FIXED, PriceBasis.UNIT}
    if priced and (command.amount is None or command.amount.fen <= 0):
        found.append(("amount", "price-amount-required"))
    if command.basis == PriceBasis.UNIT and not command.unit_name.strip():
        found.append(("unit_name", "price-unit-required"))
    if not priced and command.schedule_id not in schedules:
        found.append(("schedule_id", "price-schedule-not-of-item"))
    if command.basis == PriceBasis.DISCOUNT and (command.discount_rate is None or not 0 <= command.discount_rate < 1):
        found.append(("discount_rate", "price-discount-required"))
    return found


def completeness(stated: Sequence[Collection[str]]) -> int:
    """Return how much of what the public should read is posted, in whole percent; nothing offered is 0.

    stated: for each item offered, which of PARTS are written down: the price, what it includes, what costs extra.
    Rounds down, so that only a whole posting is 100.
    """
    return 100 * sum(len(set(one)) for one in stated) // (len(PARTS) * len(stated)) if stated else 0
