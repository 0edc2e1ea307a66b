"""The tables of a schedule as lines of a terminal: points, rates, brackets, matrices, price lists, coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agencies.fees.engine import exact
from agencies.fees.engine.price_items import Price
from agencies.fees.engine.schedule import Choice, InputField
from agencies.fees.wording import said


def asked(one: InputField) -> str:
    """Write behind a field what it takes: its unit, its choices with their coefficients, whether it must be given."""
    unit = f" ({one.unit})" if one.unit else ""
    choices = "；".join(f"{choice.key}: {said(choice.label)}{_coefficient(choice)}" for choice in one.choices)
    return f"{unit}{' *' if one.required else ''}{f'  [{choices}]' if choices and not one.items else ''}"


def _coefficient(choice: Choice) -> str:
    """Write the coefficient of a choice, or the range it is agreed in."""
    if choice.value is not None:
        return f" {exact.text(choice.value)}"
    if choice.low is None or choice.high is None:
        return ""
    return f" {exact.text(choice.low)}–{exact.text(choice.high)}"


def price_lines(one: InputField) -> Iterator[str]:
    """Yield the items of a price list, a price a grade."""
    for item in one.items:
        labels = {grade.key: said(grade.label) for grade in item.grades}
        prices = "  ".join(f"{labels.get(key, '')} {_price(price)}".strip() for key, price in item.prices.items())
        each = f" × {said(item.each)}" if item.each is not None else ""
        yield f"{said(item.label)} ({said(item.unit)}{each}): {prices}"


def _price(price: Price) -> str:
    """Write what one row costs: what its first units cost together, each unit above, and the least there is."""
    parts = [exact.text(price.base)] if price.base else []
    low = price.start
    for step in price.steps:
        parts.append(exact.text(step.price) + (f" (> {exact.text(low)})" if low else ""))
        low = step.upto or low
    least = [f"< {exact.text(price.under)}: {exact.text(price.under_fee)}"] if price.under is not None else []
    least += [f"≥ {exact.text(price.least)}"] if price.least else []
    return " + ".join(parts) + "".join(f"; {part}" for part in least)


def table_lines(step: object) -> Iterator[str]:
    """Yield the numbers of a table, one row a line."""
    table: Any = step
    for x, y in getattr(table, "points", ()):
        yield f"{exact.text(x)} → {exact.text(y)}"
    uppers: Any = getattr(table, "uppers", ())
    if uppers:
        rates = getattr(table, "rates", None) or {"low": table.low, "high": table.high}
        ends = [f"≤ {exact.text(end)}" for end in uppers] + [f"> {exact.text(uppers[-1])}"]
        for column, found in rates.items():
            written = (f"{end}: {exact.text(rate * 100)}%" for end, rate in zip(ends, found, strict=True))
            yield "  ".join([*([column] if column else []), *written])
    yield from _bracket_lines(getattr(table, "rows", ()))
    fees: Any = getattr(table, "fees", {})
    for row, columns in fees.items():
        yield f"{row}: " + "  ".join(f"{name} {exact.text(fee)}" for name, fee in columns.items())


def _bracket_lines(rows: Any) -> Iterator[str]:
    """Yield the brackets of a table: the range, or the base with its rate on the excess."""
    for row in rows:
        end = "> …" if row.upto is None else f"≤ {exact.text(row.upto)}"
        amount = exact.text(row.low) if row.high is None else f"{exact.text(row.low)}–{exact.text(row.high)}"
        rate = f" + (… − {exact.text(row.above)}) × {exact.text(row.rate)}" if row.rate else ""
        yield f"{end}: {amount}{rate}"
