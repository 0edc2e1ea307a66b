"""Understand the names inputs come under: an item of a price list, the parts of one line, a service's own inputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from agencies.fees.engine.choosing import fold
from agencies.fees.engine.line_gathering import gather
from agencies.fees.engine.price_lines import PART_NAMES, item_of
from agencies.fees.engine.schedule import InputField, Kind, Service

Index = Mapping[str, tuple[str, str]]
"""Every folded name of a service's inputs, with its field and the unit it implies."""

_BRACKETED: Final = re.compile(r"(.+?)\((.+)\)$")
_OFTEN_FIELDS: Final = frozenset({"method", "类别"})
_COMMON: Final = frozenset({"funding", "stage"})


def list_field(service: Service) -> InputField | None:
    """Return the field a service's price list is answered in, None when it has no list."""
    return next((one for one in service.fields if one.kind is Kind.LINES), None)


def means_else(name: str, services: Sequence[Service]) -> bool:
    """Tell whether a name the service may come under may as well be a field's, or the item of a line."""
    folded = fold(name)
    return folded in _OFTEN_FIELDS or (folded in PART_NAMES and any(map(list_field, services)))


def only_fitting(
    services: Sequence[Service], index: Callable[[Service], Index], given: Mapping[str, object]
) -> Service | None:
    """Return the one service that knows every name given, None when several do, or none."""
    names = [fold(name) for name in given]
    fitting = []
    for one in services:
        known, lists = index(one), list_field(one) is not None
        fields = [_meant(name, known, lists=lists) for name in names]
        if all(fields) and set(fields) - _COMMON:
            fitting.append(one)
    return fitting[0] if len(fitting) == 1 else None


def _meant(name: str, known: Index, *, lists: bool) -> str:
    """Return the field, or the part of a line, that a name means for a service; nothing when it means none."""
    inside = _BRACKETED.match(name)
    for candidate in (name, inside[1] if inside else ""):
        if candidate in known:
            return known[candidate][0]
    return PART_NAMES.get(name, "") if lists else ""


def one_line(one: InputField | None, known: Index, given: dict[str, object]) -> dict[str, object]:
    """Gather the parts of one line given as inputs of their own (item, grade, quantity) into that line.

    The item may also be named by the input that holds its quantity: 竖向静载 = 500, 根数 = 3.
    """
    if one is None:
        return given
    gathered = gather(one, known, given)
    if gathered is not None:
        return gathered
    parts = {name: value for name, value in given.items() if fold(name) in PART_NAMES and fold(name) not in known}
    if not parts:
        return given
    others = {name: value for name, value in given.items() if name not in parts}
    if "item" not in {PART_NAMES[fold(name)] for name in parts}:
        named = [name for name in others if _names_item(one, name)]
        if len(named) != 1:
            return given
        parts = {"item": named[0], "text": others.pop(named[0])} | parts
    return {**others, one.label.zh: [parts]} if one.label.zh not in others else given


def _names_item(one: InputField, name: str) -> bool:
    """Tell whether a name means an item of the list, and not the field itself."""
    own = {fold(known) for known in (one.name, one.label.zh, one.label.en, *one.aliases)}
    return fold(name) not in own and item_of(one, name) is not None


def lines_of(one: InputField, name: str, value: object) -> object:
    """Return lines as they are; a quantity given under the name of an item is a line of that item."""
    item = item_of(one, name)
    if item is None or not _names_item(one, name):
        return value
    values = value if isinstance(value, list | tuple) else [value]
    return [
        {"item": item.key, **part} if isinstance(part, Mapping)
        else {"item": item.key, "text": part} if isinstance(part, str)
        else {"item": item.key, "quantity": part}
        for part in values
    ]  # fmt: skip
