"""What the readers of operations share: a field of the file, exact numbers, rates with their mark, tables by column."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from agencies.fees.engine import exact
from agencies.fees.engine.operations import Condition
from agencies.fees.engine.schedule import InputField
from agencies.fees.engine.words import Words
from core.datafile import Row

Fields = Mapping[str, InputField]
Arguments = dict[str, Any]
PERCENT: Final = Fraction(1, 100)


def words(row: Row, key: str) -> Words:
    """Return a text in both languages of the file."""
    inner = row.row(key)
    inner.only("zh", "en")
    return Words(inner.text("zh"), inner.text("en"))


def condition(row: Row, fields: Fields) -> Condition:
    """Return when an operation applies."""
    row.only("field", "is")
    name, keys = field_named(row, "field", fields), row.texts("is")
    known_keys(row, "is", fields[name], keys)
    return Condition(name, keys)


def field_named(row: Row, key: str, fields: Fields) -> str:
    """Return the name of a field of the file."""
    name = row.text(key)
    if name not in fields:
        raise row.refuse(key, f"{name!r} is not a field of this file")
    return name


def field_or_none(row: Row, key: str, fields: Fields) -> str:
    """Return the name of a field of the file, or nothing."""
    return field_named(row, key, fields) if row.has(key) else ""


def known_keys(row: Row, key: str, field: InputField, keys: tuple[str, ...]) -> None:
    """Refuse a key that is not a choice of the field."""
    known = [choice.key for choice in field.choices]
    for one in keys:
        if one not in known:
            raise row.refuse(key, f"{one!r} is not a choice of {field.name}")


def number(row: Row, key: str, default: Fraction | None = None) -> Fraction:
    """Return an exact number."""
    if default is not None and not row.has(key):
        return default
    return Fraction(row.decimal(key))


def numbers(row: Row, key: str, value: object) -> tuple[Fraction, ...]:
    """Return a list of exact numbers."""
    if not isinstance(value, list):
        raise row.refuse(key, "is not a list of numbers")
    for one in value:
        if isinstance(one, bool) or not isinstance(one, int | Decimal):
            raise row.refuse(key, f"holds {one!r}, which is not a number")
    return tuple(Fraction(one) for one in value)


def ascending(row: Row, key: str, values: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """Return the values, refused unless each is above the one before."""
    for one, two in pairwise(values):
        if one >= two:
            raise row.refuse(key, f"{exact.text(two)} does not follow {exact.text(one)}")
    return values


def mark_of(row: Row) -> str:
    """Return the mark of a rate: %, ‰ or none."""
    mark = row.text_or("mark", "%")
    if mark not in exact.RATES:
        raise row.refuse("mark", f"{mark!r} is not one of {', '.join(filter(None, exact.RATES))}")
    return mark


def by_column(row: Row, key: str, fields: Fields) -> dict[str, Any]:
    """Return a table by the choices of the field under `column`, or one value under ""."""
    value = row.values.get(key)
    if not row.has("column"):
        return {"": value}
    field = fields[field_named(row, "column", fields)]
    if not isinstance(value, dict):
        raise row.refuse(key, f"is not a table by the choices of {field.name}")
    known_keys(row, key, field, tuple(value))
    for choice in field.choices:
        if choice.key not in value:
            raise row.refuse(key, f"has nothing for {choice.key!r} of {field.name}")
    return value
