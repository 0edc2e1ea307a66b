"""What a typed line asks for, once read: terms, phrases, chips and the conditions behind them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from search.vocabulary import Alternative, Via

PriceBand = tuple[int | None, int | None]
"""From and to in whole fen, the end excluded; None is open."""


BESIDE: Final = 0.4
FEE: Final = 2.0
SCHEDULE: Final = "收费标准"


class ChipKind(StrEnum):
    """What was recognised in the line."""

    TOWN = "town"
    AMOUNT = "amount"
    PRICE = "price"
    DAY = "day"
    STAGE = "stage"
    STATE = "state"
    ON_TIME = "on_time"
    NUMBER = "number"
    KIND = "kind"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Chip:
    """A recognised piece: what it means, the words it was typed in, and the line without it.

    value: a code of a town, stage, kind or state, an amount in fen, "from-to" in fen, a day range as ISO days, a share,
    or a number.
    """

    kind: ChipKind
    value: str
    text: str
    rest: str


@dataclass(frozen=True)
class Term:
    """One thing to be found: any of its alternatives will do. prefix: the typed one ended in a star.

    aside: it stands in one run with the name of a service (国有 in 国有资产评估) and tells more of it; hits without it
    come behind those that have it.
    """

    text: str
    alternatives: tuple[Alternative, ...]
    required: bool = True
    prefix: bool = False
    aside: bool = False

    @property
    def share(self) -> float:
        """How much of its score it adds where it only lifts what others found; what asks for the fee adds more."""
        return FEE if any(one.text == SCHEDULE for one in self.alternatives) else BESIDE


@dataclass(frozen=True)
class Conditions:
    """What the chips demand of a document; empty parts demand nothing.

    towns: codes, with the words they were typed in, since a name may hold the word. days: from and to, end excluded.
    Documents of a kind that holds for the whole city and any time pass the towns, prices, days and on-time shares,
    unless `general` is False: nothing but these was asked for.
    """

    towns: tuple[tuple[str, str], ...] = ()
    prices: tuple[PriceBand, ...] = ()
    days: tuple[tuple[datetime, datetime], ...] = ()
    stages: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    on_time: float | None = None
    kinds: tuple[str, ...] = ()
    general: bool = True


@dataclass(frozen=True)
class Plan:
    """A line read.

    amount_fen: the size of the project, when one was typed; it filters nothing and feeds the fee page.
    said: the folded line without what became chips.
    """

    text: str
    terms: tuple[Term, ...] = ()
    phrases: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)
    amount_fen: int | None = None
    said: str = ""

    @property
    def required(self) -> tuple[Term, ...]:
        """The terms a hit must have, unless the search is relaxed."""
        return tuple(term for term in self.terms if term.required)

    @property
    def is_narrowed(self) -> bool:
        """Whether chips leave out some of what its words find."""
        return bool(self.terms or self.phrases) and self.conditions != Conditions()

    def conditions_of(self, *, everywhere: bool) -> Conditions:
        """Return what the chips demand; everywhere: without the towns."""
        return replace(self.conditions, towns=()) if everywhere else self.conditions

    @property
    def likenesses(self) -> tuple[str, ...]:
        """The pieces that what is like them may stand in for: one digit off, a notice's number is another's.

        A document's number is kept: it is often cited from memory.
        """
        cited = any(chip.kind is ChipKind.DOCUMENT for chip in self.chips)
        told = (term for term in self.terms if cited or any(one.via is not Via.CODE for one in term.alternatives))
        return (*self.phrases, *(term.text for term in told))

    def without_asides(self) -> Plan | None:
        """Return the plan that asks for the services alone, or None when nothing stands beside one."""
        if not any(term.aside and term.required for term in self.terms):
            return None
        return replace(
            self, terms=tuple(replace(term, required=term.required and not term.aside) for term in self.terms)
        )
