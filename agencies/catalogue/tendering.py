"""From what size on a service must be tendered, from the dated files. Pure but for the rows it is handed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from agencies.catalogue import reference
from core.datafile import Row, read_datafile
from core.money import Money

FILE: Final = "tendering.toml"
OUTCOME: Final = "tender"


@dataclass(frozen=True, slots=True)
class TenderedData:
    """Items of one kind whose tender is compulsory from a threshold on."""

    variable: str
    items: tuple[str, ...]
    basis: str
    confidence: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class TenderThreshold:
    """The size from which tender is compulsory, and what says so."""

    amount: Money
    text: str
    citation: str
    basis: str
    confidence: str


@cache
def tendered() -> tuple[TenderedData, ...]:
    """Return the kinds of items whose tender is compulsory from a size on."""
    rows = read_datafile(reference.DATA / FILE).rows("tendered")
    known = {one.code for one in reference.items()}
    return tuple(_tendered(row, known) for row in rows)


def threshold_of(item_code: str, items: Iterable[Any], on: date) -> TenderThreshold | None:
    """Return the size from which an item must be tendered on a day; None where no rule names it.

    items: rows of the catalogue, whose thresholds with the outcome ``tender`` hold the amounts.
    """
    found = [one for one in tendered() if item_code in one.items and one.valid_from <= on]
    if not found:
        return None
    newest = max(found, key=lambda one: one.valid_from)
    clauses = (clause for item in items for clause in item.thresholds if clause["outcome"] == OUTCOME)
    for clause in clauses:
        if clause["variable"] == newest.variable:
            amount = Money.from_yuan(str(clause["value"]))
            return TenderThreshold(amount, clause["text"], clause["citation"], newest.basis, newest.confidence)
    return None


def _tendered(row: Row, known: set[str]) -> TenderedData:
    row.only("variable", "items", "basis", "confidence", "valid_from")
    items = row.texts("items")
    strange = [code for code in items if code not in known]
    if strange:
        raise row.refuse("items", f"{strange[0]} is no item of the catalogue")
    return TenderedData(row.text("variable"), items, row.text("basis"), row.text("confidence"), row.day("valid_from"))
