"""The table of an operation that has no drawing of its own: whatever rows of numbers it holds, named by its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from agencies.fees.engine import exact
from agencies.fees.engine.schedule import Service
from agencies.fees.wording import said
from core.i18n import gettext as _

_OWN = frozenset({"label", "clause", "stage", "when"})


def plain_table(operation: Any, service: Service) -> tuple[Sequence[str], Sequence[Sequence[str]], Sequence[str]]:
    """Return heads and rows of the first table an operation holds, and no lines; nothing where it holds none.

    A matrix keyed by two choices gives a column a choice; a mapping of numbers two columns; pairs of numbers two.
    """
    if not is_dataclass(operation):
        return (), (), ()
    names = {one.key: said(one.label) for field in service.fields for one in field.choices}
    for name in (one.name for one in fields(operation) if one.name not in _OWN):
        headers, rows = _table(getattr(operation, name), names)
        if rows:
            return headers, rows, ()
    return (), (), ()


def _table(value: Any, names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    """Return a value as a table; empty when it is none."""
    if isinstance(value, Mapping) and value:
        inner = next(iter(value.values()))
        if isinstance(inner, Mapping):
            return _matrix(value, names)
        if all(isinstance(one, Fraction) for one in value.values()):
            return [_("选项"), _("数值")], [[names.get(key, key), exact.text(one)] for key, one in value.items()]
    if isinstance(value, tuple):
        pairs = list(_pairs(value))
        if pairs and len(pairs) == len(value):
            return [_("数值"), _("对应数值")], pairs
    return [], []


def _matrix(value: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    columns = list(dict.fromkeys(key for inner in value.values() for key in inner))
    rows = [
        [names.get(key, key), *(_number(inner.get(column)) for column in columns)]
        for key, inner in value.items()
        if isinstance(inner, Mapping)
    ]
    return [_("选项"), *(names.get(column, column) for column in columns)], rows


def _pairs(value: tuple[Any, ...]) -> Iterator[list[str]]:
    for one in value:
        if isinstance(one, tuple) and len(one) > 1 and all(isinstance(part, Fraction) for part in one):
            yield [exact.text(part) for part in one[:2]]


def _number(value: Any) -> str:
    return exact.text(value) if isinstance(value, Fraction) else "—"
