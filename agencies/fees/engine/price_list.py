"""The operation over a printed price list, and how a schedule file writes such a list.

A field of kind `lines` holds the list; `price_list` charges the lines given, one step each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from agencies.fees.engine import exact, shapes
from agencies.fees.engine.operations import Operation
from agencies.fees.engine.price_items import Grade, Price, PricedLine, PriceItem, PriceStep
from agencies.fees.engine.refusal import InputRefused, Problem
from agencies.fees.engine.words import Words
from agencies.fees.engine.working import Working
from core.datafile import Row, refuse_repeats

if TYPE_CHECKING:
    from agencies.fees.engine.schedule import InputField

KEYS: Final = ("lines", "adds")
LINE_KEYS: Final = ("items", "grades", "units", "coefficients")
_PRICE: Final = ("price", "base", "upto", "steps", "least", "under", "under_fee")
_ITEM: Final = (
    "key",
    "zh",
    "en",
    "names",
    "unit",
    "each",
    "group",
    "most_count",
    "clause",
    "grades",
    "prices",
    "rows",
    *_PRICE,
)


@dataclass(frozen=True, kw_only=True)
class PriceList(Operation):
    """The sum of the lines given, each by its item, grade and quantity (shapes G and H).

    Skipped when `adds` and no line is given.
    """

    lines: str
    adds: bool = False

    def apply(self, work: Working) -> None:
        """Charge every line and write a step for it, then the sum."""
        lines = work.lines(self.lines)
        if not lines and self.adds:
            return
        if not lines:
            raise InputRefused((Problem(self.lines, "missing"),))
        fees = [self._charge(work, line) for line in lines]
        total = sum(fees, start=Fraction(0))
        if len(fees) > 1:
            work.step(self.label, " + ".join(map(exact.text, fees)), total, self.clause)
        work.add(total, adds=self.adds)

    def _charge(self, work: Working, line: PricedLine) -> Fraction:
        """Charge one line and write it."""
        charged = line.price.charge(line.quantity)
        values = [value for _, value in line.coefficients]
        fee, expression = charged.fee * line.charged_count, charged.expression
        if " + " in expression and (values or line.charged_count != 1):
            expression = f"({expression})"
        if line.charged_count != 1:
            expression += f" × {exact.text(line.charged_count)}"
        if values:
            fee *= shapes.sum_less_count_plus_one(values)
            sums = " + ".join(map(exact.text, values))
            expression += f" × ({sums} − {len(values)} + 1)" if len(values) > 1 else f" × {sums}"
        label = line.words.then(*_remark(line, charged.remark)).then(*_counted(line))
        work.step(label, expression, fee, line.item.clause or self.clause)
        return fee


def _counted(line: PricedLine) -> tuple[str, str]:
    """Say that fewer are charged than there are, in both languages."""
    if line.charged_count == line.count or line.item.each is None:
        return "", ""
    most = exact.text(line.charged_count)
    return f"（按 {most} {line.item.each.zh}计）", f" (counted as {most})"


def _remark(line: PricedLine, rule: str) -> tuple[str, str]:
    """Say which rule on small quantities decided, in both languages."""
    if rule == "least":
        least = exact.text(line.price.least)
        return f"（不足 {least} {line.item.unit.zh}按 {least} 计）", f" (counted as {least})"
    if rule == "under":
        under = exact.text(line.price.under or Fraction(0))
        return f"（少于 {under} {line.item.unit.zh}，按固定数计）", f" (below {under}, a fixed amount)"
    return "", ""


def read(row: Row, fields: Mapping[str, InputField]) -> dict[str, Any]:
    """Return what a `price_list` table fills the operation with. Raises DataFileError."""
    name = row.text("lines")
    if name not in fields or not fields[name].items:
        raise row.refuse("lines", f"{name!r} is not a field of kind lines of this file")
    return {"lines": name, "adds": row.flag("adds") if row.has("adds") else False}


def read_items(row: Row) -> tuple[PriceItem, ...]:
    """Return the items of a field of kind lines. Raises DataFileError."""
    units = row.row("units") if row.has("units") else Row(row.place, {})
    named = row.row("grades") if row.has("grades") else Row(row.place, {})
    grades = {key: tuple(_grade(one) for one in named.rows(key)) for key in named.values}
    items = row.rows("items")
    refuse_repeats(items, "key")
    return tuple(_item(one, units, grades) for one in items)


def _grade(row: Row) -> Grade:
    """Return one grade."""
    row.only("key", "zh", "en", "names")
    return Grade(row.text("key"), Words(row.text("zh"), row.text("en")), row.texts("names"))


def _item(row: Row, units: Row, grades: Mapping[str, tuple[Grade, ...]]) -> PriceItem:
    """Return one item with its prices by grade."""
    row.only(*_ITEM)
    set_name = row.text_or("grades", "")
    if set_name and set_name not in grades:
        raise row.refuse("grades", f"{set_name!r} is not a list of grades of this field")
    own = grades.get(set_name, ())
    group = Words(row.text("group"), units.text_or(row.text("group"), row.text("group"))) if row.has("group") else None
    return PriceItem(
        key=row.text("key"),
        label=Words(row.text("zh"), row.text("en")),
        unit=_unit(row, "unit", units),
        prices=MappingProxyType(_prices(row, own)),
        grades=own,
        each=_unit(row, "each", units) if row.has("each") else None,
        group=group,
        most_count=_number(row, "most_count") if row.has("most_count") else None,
        clause=row.text_or("clause", ""),
        names=row.texts("names"),
    )


def _unit(row: Row, key: str, units: Row) -> Words:
    """Return a unit in both languages; one that `units` doesn't name is written alike in both."""
    unit = row.text(key)
    return Words(unit, units.text_or(unit, unit))


def _prices(row: Row, grades: tuple[Grade, ...]) -> dict[str, Price]:
    """Return the prices of an item by grade: one, a list in the order of the grades, or a row each."""
    if not grades:
        return {"": _price(row, row)}
    keys = [grade.key for grade in grades]
    if row.has("rows"):
        rows = row.rows("rows")
        found = {one.text("grade"): _price(one, row) for one in rows}
        for one in rows:
            one.only("grade", *_PRICE)
        if sorted(found) != sorted(keys):
            raise row.refuse("rows", f"does not give one row for each of {', '.join(keys)}")
        return found
    listed = row.values.get("prices")
    if not isinstance(listed, list) or len(listed) != len(keys):
        raise row.refuse("prices", f"does not give one price for each of {', '.join(keys)}")
    return {
        key: _price(Row(f"{row.place} prices", {"price": value}), row) for key, value in zip(keys, listed, strict=True)
    }


def _price(row: Row, item: Row) -> Price:
    """Return one price; the rules on small quantities may stand with the item."""
    steps = tuple(
        PriceStep(_number(one, "upto") if one.has("upto") else None, _number(one, "price")) for one in row.rows("steps")
    )
    if row.has("price") == bool(steps):
        raise row.refuse("price", "either a price or steps are needed")
    start = _number(row, "upto") if row.has("upto") else Fraction(0)
    ends = [start, *(step.upto for step in steps[:-1] if step.upto is not None)]
    closed = bool(steps) and steps[-1].upto is not None
    if closed or len(ends) < len(steps) or any(one >= two for one, two in pairwise(ends)):
        raise row.refuse("steps", "each step but the last ends above the one before, the last is open")
    small = row if row.has("under") or row.has("least") else item
    return Price(
        base=_number(row, "base") if row.has("base") else Fraction(0),
        start=start,
        steps=steps or (PriceStep(None, _number(row, "price")),),
        least=_number(small, "least") if small.has("least") else Fraction(0),
        under=_number(small, "under") if small.has("under") else None,
        under_fee=_number(small, "under_fee") if small.has("under") else Fraction(0),
    )


def _number(row: Row, key: str) -> Fraction:
    """Return an exact number, not below zero."""
    value = Fraction(row.decimal(key))
    if value < 0:
        raise row.refuse(key, "is below zero")
    return value
