"""The inputs of a service as a JSON Schema (draft 2020-12), for programs that draw forms or check before they ask.

The schema describes the canonical spelling of every input. The engine reads more: any alias of a name, any way an
amount is typed, a choice by its label.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from agencies.fees import register
from agencies.fees.engine import exact
from agencies.fees.engine.schedule import Choice, InputField, Kind, Schedule, Service, Version
from agencies.fees.wording import said

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NUMBER: Final = r"-?[0-9]+(\.[0-9]+)?%?"
TYPED: Final[Any] = {"type": "string", "minLength": 1, "maxLength": 48, "pattern": "[0-9０-９]"}


def inputs_schema(schedule: Schedule, version: Version, service: Service) -> dict[str, Any]:
    """Return the JSON Schema of the inputs of one service, with the examples its file has for it."""
    fields = register.fields(schedule, version, service.key)
    properties = {one.name: _property(one) for one in fields}
    required = [one.name for one in fields if one.required]
    if "service" in properties:
        properties["service"] = {"const": service.key, "title": said(service.label)}
    properties["stage"] = {"type": "string", "description": "charge_base, base_price, basic_fee, benchmark, fee"}
    return {
        "$schema": DIALECT,
        "title": said(service.label),
        "description": f"{schedule.document} {version.key}",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        "examples": _examples(schedule, version, service),
    }


def _property(one: InputField) -> dict[str, Any]:
    """Return the schema of one field: its words, its unit, and what it takes."""
    described: dict[str, Any] = {"title": said(one.label)}
    if one.help is not None:
        described["description"] = said(one.help)
    if one.unit:
        described["x-unit"] = one.unit
    if one.default is not None:
        described["default"] = one.default
    return {**described, **_taken(one)}


def _taken(one: InputField) -> dict[str, Any]:
    """Return what a field takes, by its kind."""
    if one.kind is Kind.CHOICE:
        return {"anyOf": [shape for choice in one.choices for shape in _choice(choice)]}
    if one.kind is Kind.CHOICES:
        shapes = [shape for choice in one.choices for shape in _choice(choice)]
        return {"type": "array", "items": {"anyOf": shapes}, "uniqueItems": True}
    amount = {"anyOf": [_number(one), TYPED]}
    if one.kind is Kind.AMOUNTS:
        return {"anyOf": [{"type": "array", "items": amount, "maxItems": 200}, TYPED | {"maxLength": 10_000}]}
    return amount


def _number(one: InputField) -> dict[str, Any]:
    """Return the schema of a number in the field's unit."""
    shape: dict[str, Any] = {"type": "integer" if one.whole else "number"}
    if one.kind is Kind.QUANTITY or not one.signed:
        shape["minimum" if one.may_be_zero else "exclusiveMinimum"] = 0
    if one.high is not None:
        shape["maximum"] = _plain(one.high)
    return shape


def _choice(choice: Choice) -> list[dict[str, Any]]:
    """Return the spellings of a choice: its key, and with the coefficient behind it where a range is printed."""
    title = said(choice.label)
    if choice.value is None and choice.low is not None and choice.high is not None:
        ends = f"{exact.text(choice.low)}–{exact.text(choice.high)}"
        return [{"type": "string", "pattern": f"^{choice.key} {NUMBER}$", "title": f"{title} {ends}"}]
    return [{"const": choice.key, "title": title}]


def _examples(schedule: Schedule, version: Version, service: Service) -> list[dict[str, Any]]:
    """Return the examples of the file that lie in this version and mean this service."""
    named = {"service": service.key} if len(version.services) > 1 else {}
    return [
        {**named, **_json(one.inputs), **({"stage": one.stage} if one.stage else {})}
        for one in schedule.examples
        if (one.service or service.key) == service.key and schedule.version_on(one.on) is version
    ]


def _json(value: Any) -> Any:
    """Return a value of a data file as JSON writes it."""
    if isinstance(value, dict):
        return {key: _json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_json(inner) for inner in value]
    return _plain(value) if isinstance(value, Decimal) else value


def _plain(value: Decimal | Fraction) -> int | float:
    """Return a number of a schema; none of them is money that is reckoned with."""
    whole = Fraction(value)
    return whole.numerator if whole.denominator == 1 else float(whole)
