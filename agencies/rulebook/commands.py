"""What the rulebook's use cases are asked with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ProposeChange:
    """A new value for a rule from a day on, for a kind of fund and perhaps one item or one town.

    value: as typed; the rule's unit says how it is read. risks: codes of the self-check answered with yes; note: why
    the measure holds nevertheless. answered: whether the questions were gone through at all.
    """

    key: str
    fund: str
    value: str
    effective_on: date
    reason: str
    citation: str
    item_code: str = ""
    town_code: str = ""
    ends_on: date | None = None
    answered: bool = False
    risks: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class JudgeChange:
    """A second person's verdict with its reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoticedDay:
    """One day of a notice: worked (补班) or free (放假), and what it is called."""

    day: date
    working: bool
    name: str


@dataclass(frozen=True, slots=True)
class ProposeNotice:
    """A document that makes days worked or free; source: the address where it was read."""

    document: str
    source: str
    days: tuple[NoticedDay, ...]
    reason: str
