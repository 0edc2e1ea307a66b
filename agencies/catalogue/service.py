"""Loading the catalogue's dated files into tables, each change with its leaf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select

from agencies.catalogue import reference
from agencies.catalogue.models import Rule, ServiceItem
from agencies.catalogue.queries import METHOD
from agencies.catalogue.reference_types import ItemData, MethodData, ParameterData
from core import db
from core.work import Work

T = TypeVar("T", bound=db.Base)


def load_catalogue(work: Work) -> int:
    """Bring items and parameters in line with the dated files; return how many rows were added or changed.

    May run again and again: a row that already says the same is left alone, and no row is ever deleted, since needs and
    contracts point at it. Rows an administrator added for an item or a town are not touched.
    """
    items = {row.code: row for row in work.session.scalars(select(ServiceItem))}
    told = [(items.get(data.code), item_values(data)) for data in reference.items()]
    changed = _put(work, told, ServiceItem, "catalogue.item")
    rules = {
        (row.key, row.fund, row.item_code, row.town_code, row.valid_from): row
        for row in work.session.scalars(select(Rule))
    }
    written = list(_rule_values())
    keys = [tuple(one[name] for name in ("key", "fund", "item_code", "town_code", "valid_from")) for one in written]
    said = [(rules.get(key), values) for key, values in zip(keys, written, strict=True)]
    return changed + _put(work, said, Rule, "catalogue.rule")


def item_values(data: ItemData) -> dict[str, Any]:
    """Return the columns of an item's row."""
    values: dict[str, Any] = _plain(asdict(data))
    del values["fee_services"]  # read from the reference alone: fees asks by item
    values["chapter"] = values.pop("group")
    values["self_prepare"] = values.pop("self_prepare_allowed")
    values["limits"] = values.pop("time_limits")
    values.update(
        valid_from=data.valid_from,
        valid_to=data.valid_to,
        who_pays=data.who_pays,
        price_regime=data.price_regime,
        qualification_match=data.qualification_match,
    )
    return values


def _rule_values() -> Iterable[dict[str, Any]]:
    rules = reference.rules()
    yield from (_parameter(data) for data in rules.parameters)
    yield from (_method(data) for data in rules.methods)


def _parameter(data: ParameterData) -> dict[str, Any]:
    value = str(data.value) if isinstance(data.value, Decimal) else data.value
    return {**_dated(data), "key": data.key, "value": value, "unit": str(data.unit)}


def _method(data: MethodData) -> dict[str, Any]:
    return {**_dated(data), "key": METHOD + data.code, "value": data.enabled, "unit": "flag"}


def _dated(data: ParameterData | MethodData) -> dict[str, Any]:
    return {
        "fund": str(data.fund),
        "item_code": "",
        "town_code": "",
        "name": data.name,
        "name_en": data.name_en,
        "valid_from": data.valid_from,
        "basis": data.basis,
        "confidence": data.confidence,
    }


def _plain(value: Any) -> Any:
    """Turn tuples, enums and decimals into what JSON keeps."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Decimal | str) else value


def _put(work: Work, told: Iterable[tuple[T | None, Mapping[str, Any]]], table: type[T], verb: str) -> int:
    """Change the rows that say otherwise, add those that are missing; return how many."""
    changed, missing = 0, list[T]()
    for row, values in told:
        if row is None:
            missing.append(table(**values))
            continue
        different = sorted(name for name, value in values.items() if getattr(row, name) != value)
        for name in different:
            setattr(row, name, values[name])
        if different:
            work.record(row, f"{verb}_changed", fields=different)
        changed += bool(different)
    work.add_all(missing, f"{verb}_added")
    return changed + len(missing)
