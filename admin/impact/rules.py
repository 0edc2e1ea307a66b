"""Adding up what a revision changes in contracts. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from core.money import Money

TOP: Final = 10


@dataclass(frozen=True, slots=True)
class Worked:
    """One contract under the old and the new text: benchmark and binding cap; None where there is none."""

    contract_id: int
    number: str
    title: str
    amount: Money
    old: Money | None
    new: Money | None
    old_cap: Money | None
    new_cap: Money | None

    @property
    def changed(self) -> bool:
        """Say whether the two texts differ for this contract."""
        return (self.old, self.old_cap) != (self.new, self.new_cap)

    @property
    def difference(self) -> Money:
        """How much more the new text comes to; nothing where one of the two gives no amount."""
        return Money(0) if self.old is None or self.new is None else self.new - self.old

    @property
    def comes_above(self) -> bool:
        """Say whether the price agreed would lie above a binding cap only by the new text."""
        above = self.new_cap is not None and self.amount > self.new_cap
        return above and not (self.old_cap is not None and self.amount > self.old_cap)


@dataclass(slots=True)
class Impact:
    """The sums over all contracts looked at."""

    looked: int = 0
    unworked: int = 0
    changed: int = 0
    up: Money = field(default_factory=lambda: Money(0))
    down: Money = field(default_factory=lambda: Money(0))
    above: int = 0
    largest: list[Worked] = field(default_factory=list)

    @property
    def difference(self) -> Money:
        """How much more the new text comes to over all contracts."""
        return self.up - self.down


def impact_of(contracts: Iterable[Worked]) -> Impact:
    """Add contracts up; the ten with the largest difference are kept, the largest first."""
    found, nothing = Impact(), Money(0)
    heap: list[tuple[int, int, Worked]] = []
    for one in contracts:
        found.looked += 1
        found.unworked += one.old is None and one.new is None
        found.above += one.comes_above
        if not one.changed:
            continue
        found.changed += 1
        gap = one.difference
        found.up += max(nothing, gap)
        found.down += max(nothing, nothing - gap)
        heapq.heappush(heap, (abs(gap.fen), one.contract_id, one))
        if len(heap) > TOP:
            heapq.heappop(heap)
    found.largest = [one for _gap, _id, one in sorted(heap, key=lambda kept: (-kept[0], kept[1]))]
    return found
