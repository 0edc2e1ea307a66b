"""Read a schedule file (TOML, one document a file) into a Schedule.

A mistake is refused with the file, the table and the key that hold it (DataFileError).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from agencies.fees.engine.charges import Bands, Rate
from agencies.fees.engine.operation_reader import operation
from agencies.fees.engine.operations import Operation
from agencies.fees.engine.price_items import PriceItem
from agencies.fees.engine.price_list import LINE_KEYS, read_items
from agencies.fees.engine.row_reading import words
from agencies.fees.engine.schedule import (
    Choice,
    Example,
    InputField,
    Kind,
    KnownJump,
    Repeal,
    Schedule,
    Service,
    Source,
    Status,
    StatusPeriod,
    Version,
)
from agencies.fees.engine.words import Words
from core.datafile import Row, read_datafile, read_datatext, refuse_repeats

_SCHEDULE = (
    "id", "document", "aliases", "title", "issuer", "level", "subject", "charge_base", "unit",
    "source", "notes", "fields", "shared", "versions", "statuses", "repeals",
    "examples", "known_jumps",
)  # fmt: skip
_FIELD = (
    "kind", "label", "help", "unit", "required", "asked", "may_be_zero", "signed", "whole",
    "readings", "default", "low", "high", "choices", "aliases", *LINE_KEYS,
)  # fmt: skip
_CHOICE = ("key", "zh", "en", "value", "low", "high", "negotiated", "names")


def read_schedule(path: Path) -> Schedule:
    """Return the schedule of a file. Raises DataFileError."""
    return _schedule(read_datafile(path))


def read_text(text: str, name: str) -> Schedule:
    """Return the schedule of a text that is no file yet; ``name`` stands for the file. Raises DataFileError."""
    return _schedule(read_datatext(text, name))


def _schedule(row: Row) -> Schedule:
    """Return the schedule of a whole file."""
    row.only(*_SCHEDULE)
    fields = _fields(row)
    versions = tuple(_version(one, row, fields) for one in row.rows("versions"))
    if not versions:
        raise row.refuse("versions", "at least one is needed")
    for before, after in pairwise(versions):
        if before.until is None or before.until >= after.since:
            raise row.refuse("versions", f"{before.key} does not end before {after.key} begins")
    return Schedule(
        id=row.text("id"),
        document=row.text("document"),
        aliases=row.texts("aliases"),
        title=words(row, "title"),
        issuer=words(row, "issuer"),
        level=row.text("level"),
        subject=words(row, "subject"),
        charge_base=words(row, "charge_base"),
        unit=row.text("unit"),
        versions=versions,
        statuses=tuple(_status(one) for one in row.rows("statuses")),
        repeals=tuple(_repeal(one) for one in row.rows("repeals")),
        source=_source(row.row("source")),
        notes=tuple(Words(one.text("zh"), one.text("en")) for one in row.rows("notes")),
        examples=tuple(_example(one, row) for one in row.rows("examples")),
        known_jumps=tuple(_known_jump(one) for one in row.rows("known_jumps")),
    )


def _fields(row: Row) -> dict[str, InputField]:
    """Return the fields of a file by name."""
    table = row.row("fields")
    return {name: _field(name, table.row(name)) for name in table.values}


def _field(name: str, row: Row) -> InputField:
    """Return one input field."""
    row.only(*_FIELD)
    kind = row.choice("kind", Kind)
    choices, items = row.rows("choices"), read_items(row)
    refuse_repeats(choices, "key")
    if (kind in {Kind.CHOICE, Kind.CHOICES}) != bool(choices):
        raise row.refuse("choices", "belong to a field of kind choice or choices, and to no other")
    if (kind is Kind.LINES) != bool(items):
        raise row.refuse("items", "belong to a field of kind lines, and to no other")
    default = row.text("default") if row.has("default") else None
    if default is not None and default not in [one.text("key") for one in choices]:
        raise row.refuse("default", f"{default!r} is not the key of a choice")
    return InputField(
        name=name,
        kind=kind,
        label=words(row, "label"),
        help=words(row, "help") if row.has("help") else None,
        unit=row.text_or("unit", ""),
        required=_flag(row, "required"),
        asked=_flag(row, "asked"),
        may_be_zero=_flag(row, "may_be_zero"),
        signed=_flag(row, "signed"),
        whole=_flag(row, "whole"),
        readings=_flag(row, "readings"),
        default=default,
        low=_number(row, "low"),
        high=_number(row, "high"),
        choices=tuple(_choice(one) for one in choices) or tuple(map(_of_item, items)),
        aliases=row.texts("aliases"),
        items=items,
        coefficients=tuple(_choice(one) for one in row.rows("coefficients")),
    )


def _of_item(item: PriceItem) -> Choice:
    """Return an item of a price list as the choice it is."""
    return Choice(item.key, item.label, names=item.names)


def _choice(row: Row) -> Choice:
    """Return one named choice."""
    row.only(*_CHOICE)
    if row.has("low") != row.has("high"):
        raise row.refuse("low", "a range has both ends")
    return Choice(
        key=row.text("key"),
        label=Words(row.text("zh"), row.text("en")),
        value=_number(row, "value"),
        low=_number(row, "low"),
        high=_number(row, "high"),
        negotiated=_flag(row, "negotiated"),
        names=row.texts("names"),
    )


def _flag(row: Row, key: str) -> bool:
    """Return a flag that is false when not written."""
    return row.flag(key) if row.has(key) else False


def _number(row: Row, key: str) -> Fraction | None:
    """Return an exact number, None when not written."""
    return Fraction(row.decimal(key)) if row.has(key) else None


def _version(row: Row, document: Row, fields: dict[str, InputField]) -> Version:
    """Return one version with its services."""
    row.only("key", "document", "since", "until", "note", "services")
    services = row.rows("services")
    refuse_repeats(services, "key")
    if not services:
        raise row.refuse("services", "at least one is needed")
    return Version(
        key=row.text("key"),
        document=row.text("document"),
        since=row.day("since"),
        until=row.day_or_none("until"),
        services=tuple(_service(one, document, fields) for one in services),
        note=words(row, "note") if row.has("note") else None,
    )


def _service(row: Row, document: Row, fields: dict[str, InputField]) -> Service:
    """Return one service; its operations may borrow lists under `shared` of the document."""
    row.only("key", "label", "unit", "fields", "steps", "names", "confidence")
    named = row.texts("fields")
    for name in named:
        if name not in fields:
            raise row.refuse("fields", f"{name!r} is not a field of this file")
    service = Service(
        key=row.text("key"),
        label=words(row, "label"),
        unit=row.text_or("unit", document.text("unit")),
        fields=tuple(fields[name] for name in named),
        operations=_operations(row, document, fields),
        names=row.texts("names"),
        confidence=row.text_or("confidence", ""),
    )
    if not service.operations:
        raise row.refuse("steps", "at least one is needed")
    _one_unit(row, service)
    return service


def _one_unit(row: Row, service: Service) -> None:
    """Refuse a rate between different units: a rate of an amount comes out in its unit."""
    rated = any(isinstance(one, Bands | Rate) for one in service.operations)
    for field in service.fields:
        if rated and field.kind is Kind.AMOUNT and field.unit != service.unit:
            raise row.refuse("fields", f"{field.name} is in {field.unit}, not {service.unit}")


def _operations(row: Row, document: Row, fields: dict[str, InputField]) -> tuple[Operation, ...]:
    """Return the operations of a service in order."""
    found: list[Operation] = []
    for step in row.rows("steps"):
        if step.text("do") == "shared":
            step.only("do", "name")
            name = step.text("name")
            found += [operation(one, fields) for one in document.row("shared").rows(name)]
        else:
            found.append(operation(step, fields))
    return tuple(found)


def _status(row: Row) -> StatusPeriod:
    """Return the legal force of one period."""
    row.only("since", "until", "status", "citation", "funding", "at_least", "below", "unit",
             "services")  # fmt: skip
    funding = row.text_or("funding", "")
    if funding not in {"", "government", "social"}:
        raise row.refuse("funding", "is neither government nor social")
    return StatusPeriod(
        since=row.day("since"),
        until=row.day_or_none("until"),
        status=row.choice("status", Status),
        citation=words(row, "citation"),
        funding=funding,
        at_least=_number(row, "at_least"),
        below=_number(row, "below"),
        unit=row.text_or("unit", "万元"),
        services=row.texts("services"),
    )


def _repeal(row: Row) -> Repeal:
    """Return one later document."""
    row.only("document", "on", "effect")
    return Repeal(row.text("document"), row.day("on"), words(row, "effect"))


def _example(row: Row, document: Row) -> Example:
    """Return one example."""
    row.only("service", "on", "inputs", "expected", "unit", "stage", "source")
    return Example(
        service=row.text_or("service", ""),
        on=row.day("on"),
        inputs=row.row("inputs").values,
        expected=row.decimal("expected"),
        unit=row.text_or("unit", document.text("unit")),
        stage=row.text_or("stage", ""),
        source=row.text("source"),
    )


def _known_jump(row: Row) -> KnownJump:
    """Return one jump the document lets be."""
    row.only("at", "service", "reason")
    return KnownJump(Fraction(row.decimal("at")), row.text_or("service", ""), words(row, "reason"))


def _source(row: Row) -> Source:
    """Return where the numbers were read."""
    row.only("mark", "note", "places")
    return Source(row.text("mark"), words(row, "note"), row.texts("places"))
