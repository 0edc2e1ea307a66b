"""Which item comes before which, how long each usually takes, and what a kind of project needs. Pure.

Read once from the dated file, checked against the catalogue: known items, days above nought, no item before itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from agencies.catalogue import reference
from core.datafile import DataFileError, Row, read_datafile, refuse_repeats

FILE: Final = "order.toml"


@dataclass(frozen=True, slots=True)
class OrderData:
    """One item that waits for the result of another, and what that stands on."""

    before: str
    after: str
    basis: str
    confidence: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class KindData:
    """A kind of project, with the items it is first thought to need."""

    code: str
    name: str
    name_en: str
    items: tuple[str, ...]
    confidence: str


@cache
def orders() -> tuple[OrderData, ...]:
    """Return every order of the file. Raises DataFileError, also for an item that stands before itself."""
    rows = _file().rows("orders")
    refuse_repeats(rows, "before", "after", "valid_from")
    found = tuple(_order(row) for row in rows)
    if any(one.before == one.after for one in found):
        raise DataFileError(f"{FILE}: an item stands before itself")
    return found


def order_of(before: str, after: str, on: date) -> OrderData | None:
    """Return the order of two items on a day, where the file knows one."""
    found = [one for one in orders() if (one.before, one.after) == (before, after) and one.valid_from <= on]
    return max(found, key=lambda one: one.valid_from) if found else None


@cache
def kinds() -> tuple[KindData, ...]:
    """Return the kinds of project, in the order of the file."""
    rows = _file().rows("kinds")
    refuse_repeats(rows, "code")
    return tuple(_kind(row) for row in rows)


def kind(code: str) -> KindData:
    """Return one kind of project. Raises KeyError."""
    for one in kinds():
        if one.code == code:
            return one
    raise KeyError(code)


@cache
def _days() -> dict[str, int]:
    rows = _file().rows("days")
    refuse_repeats(rows, "item")
    found = {}
    for row in rows:
        row.only("item", "days")
        if row.integer("days") <= 0:
            raise row.refuse("days", "is not above nought")
        found[_item(row, "item")] = row.integer("days")
    return found


def usual_days(item_code: str) -> int:
    """Return how many calendar days an item usually takes from its contract to its result."""
    return _days().get(item_code) or _file().integer("usual_days")


def usual_mark() -> tuple[str, str]:
    """Return what the usual days stand on, and their mark of confidence."""
    return _file().text("usual_basis"), _file().text("usual_confidence")


@cache
def _file() -> Row:
    row = read_datafile(reference.DATA / FILE)
    row.only("usual_days", "usual_basis", "usual_confidence", "valid_from", "orders", "days", "kinds")
    return row


def _order(row: Row) -> OrderData:
    row.only("before", "after", "basis", "confidence", "valid_from")
    before, after = _item(row, "before"), _item(row, "after")
    return OrderData(before, after, row.text("basis"), row.text("confidence"), row.day("valid_from"))


def _kind(row: Row) -> KindData:
    row.only("code", "name", "name_en", "items", "confidence")
    items = row.texts("items")
    for code in items:
        _known(row, "items", code)
    return KindData(row.text("code"), row.text("name"), row.text("name_en"), items, row.text("confidence"))


def _item(row: Row, key: str) -> str:
    return _known(row, key, row.text(key))


def _known(row: Row, key: str, code: str) -> str:
    try:
        return reference.item(code).code
    except KeyError:
        raise row.refuse(key, f"{code} is no item of the catalogue") from None
