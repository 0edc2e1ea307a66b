"""A printed price list as pages show it: items, units and prices by grade, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from agencies.fees.engine import exact
from agencies.fees.engine.price_items import Price, PriceItem
from agencies.fees.engine.schedule import InputField
from agencies.fees.wording import said
from core.i18n import gettext as _


def headers() -> list[str]:
    """Return the heads of a price list."""
    return [_("项目"), _("等级"), _("单位"), _("单价（元）")]


def rows(one: InputField) -> list[list[str]]:
    """Return every priced row of a field of kind lines: item, grade, unit, price in words."""
    found: list[list[str]] = []
    for item in one.items:
        grades = {grade.key: said(grade.label) for grade in item.grades}
        found += [
            [said(item.label), grades.get(key, ""), _unit(item), price_text(price, item)]
            for key, price in item.prices.items()
        ]
    return found


def prices(one: InputField) -> dict[str, Any]:
    """Return a list's heads and rows, for a page that shows them beside the lines asked for."""
    return {"headers": headers(), "rows": rows(one)}


def coefficients(one: InputField) -> Sequence[tuple[str, str]]:
    """Return the coefficients a line may name, with their values."""
    return [(said(choice.label), exact.text(choice.value or Fraction(1))) for choice in one.coefficients]


def _unit(item: PriceItem) -> str:
    """Return what is counted, and what it belongs to."""
    if item.each is None:
        return said(item.unit)
    return _("%(unit)s（每%(each)s）", unit=said(item.unit), each=said(item.each))


def price_text(price: Price, item: PriceItem) -> str:
    """Say one price: what the first units cost, the steps above, the least quantity."""
    unit = said(item.unit)
    parts: list[str] = []
    if price.base:
        base = exact.text(price.base)
        parts.append(
            _("%(base)s 起（含 %(start)s %(unit)s）", base=base, start=exact.text(price.start), unit=unit)
            if price.start
            else _("%(base)s 起", base=base)
        )
    low = price.start
    for step in price.steps:
        each = exact.text(step.price)
        parts.append(
            _("%(low)s 以上每%(unit)s %(price)s", low=exact.text(low), unit=unit, price=each)
            if low
            else (_("每%(unit)s %(price)s", unit=unit, price=each) if price.base else each)
        )
        low = step.upto or low
    if price.least:
        parts.append(_("不足 %(least)s %(unit)s按 %(least)s 计", least=exact.text(price.least), unit=unit))
    if price.under is not None:
        under, fee = exact.text(price.under), exact.text(price.under_fee)
        parts.append(_("少于 %(under)s %(unit)s共 %(fee)s", under=under, unit=unit, fee=fee))
    return _("；").join(parts)
