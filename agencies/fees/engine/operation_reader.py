"""Read one operation of a schedule file: the word under `do` names it, its keys fill it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

from agencies.fees.engine import adjustments, charges, exact, price_list, scaling, shapes, tables, unpriced
from agencies.fees.engine.operations import Condition, Operation
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


def operation(row: Row, fields: Fields) -> Operation:
    """Return the operation a table describes. Raises DataFileError."""
    name = row.text("do")
    if name not in _READERS:
        raise row.refuse("do", f"{name!r} is not one of {', '.join(_READERS)}")
    keys, kind, read = _READERS[name]
    row.only("do", "label", "clause", "stage", "when", *keys)
    return kind(
        label=words(row, "label"),
        clause=row.text("clause"),
        stage=row.text_or("stage", ""),
        when=_condition(row.row("when"), fields) if row.has("when") else None,
        **read(row, fields),
    )


def _condition(row: Row, fields: Fields) -> Condition:
    """Return when an operation applies."""
    row.only("field", "is")
    name, keys = _field(row, "field", fields), row.texts("is")
    _known_keys(row, "is", fields[name], keys)
    return Condition(name, keys)


def _field(row: Row, key: str, fields: Fields) -> str:
    """Return the name of a field of the file."""
    name = row.text(key)
    if name not in fields:
        raise row.refuse(key, f"{name!r} is not a field of this file")
    return name


def _field_or_none(row: Row, key: str, fields: Fields) -> str:
    """Return the name of a field of the file, or nothing."""
    return _field(row, key, fields) if row.has(key) else ""


def _known_keys(row: Row, key: str, field: InputField, keys: tuple[str, ...]) -> None:
    """Refuse a key that is not a choice of the field."""
    known = [choice.key for choice in field.choices]
    for one in keys:
        if one not in known:
            raise row.refuse(key, f"{one!r} is not a choice of {field.name}")


def _number(row: Row, key: str, default: Fraction | None = None) -> Fraction:
    """Return an exact number."""
    if default is not None and not row.has(key):
        return default
    return Fraction(row.decimal(key))


def _numbers(row: Row, key: str, value: object) -> tuple[Fraction, ...]:
    """Return a list of exact numbers."""
    if not isinstance(value, list):
        raise row.refuse(key, "is not a list of numbers")
    for one in value:
        if isinstance(one, bool) or not isinstance(one, int | Decimal):
            raise row.refuse(key, f"holds {one!r}, which is not a number")
    return tuple(Fraction(one) for one in value)


def _ascending(row: Row, key: str, values: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """Return the values, refused unless each is above the one before."""
    for one, two in pairwise(values):
        if one >= two:
            raise row.refuse(key, f"{exact.text(two)} does not follow {exact.text(one)}")
    return values


def _mark(row: Row) -> str:
    """Return the mark of a rate: %, ‰ or none."""
    mark = row.text_or("mark", "%")
    if mark not in exact.RATES:
        raise row.refuse("mark", f"{mark!r} is not one of {', '.join(filter(None, exact.RATES))}")
    return mark


def _by_column(row: Row, key: str, fields: Fields) -> dict[str, Any]:
    """Return a table by the choices of the field under `column`, or one value under ""."""
    value = row.values.get(key)
    if not row.has("column"):
        return {"": value}
    field = fields[_field(row, "column", fields)]
    if not isinstance(value, dict):
        raise row.refuse(key, f"is not a table by the choices of {field.name}")
    _known_keys(row, key, field, tuple(value))
    for choice in field.choices:
        if choice.key not in value:
            raise row.refuse(key, f"has nothing for {choice.key!r} of {field.name}")
    return value


def _parts_total(row: Row, fields: Fields) -> Arguments:
    return {
        "total": _field(row, "total", fields),
        "parts": _field(row, "parts", fields),
        "into": row.text("into"),
    }


def _capped_share(row: Row, fields: Fields) -> Arguments:
    works_only = row.row("works_only") if row.has("works_only") else None
    return {
        "total": _field(row, "total", fields),
        "works": _field(row, "works", fields),
        "equipment": _field(row, "equipment", fields),
        "into": row.text("into"),
        "share": _number(row, "share") * PERCENT,
        "works_only": None if works_only is None else _condition(works_only, fields),
    }


def _bands(row: Row, fields: Fields) -> Arguments:
    mark = _mark(row)
    uppers = _ascending(row, "uppers", _numbers(row, "uppers", row.values.get("uppers")))
    rates = {
        column: tuple(rate * exact.RATES[mark] for rate in _numbers(row, "rates", value))
        for column, value in _by_column(row, "rates", fields).items()
    }
    for column, values in rates.items():
        if len(values) != len(uppers) + 1:
            name = f" of {column}" if column else ""
            raise row.refuse("rates", f"{len(values)} rates{name} for {len(uppers)} band ends")
    return {
        "base": row.text("base"),
        "uppers": uppers,
        "rates": MappingProxyType(rates),
        "mark": mark,
        "column": _field_or_none(row, "column", fields),
        "parts": _field_or_none(row, "parts", fields),
        "method": _field_or_none(row, "method", fields),
        "per_part": row.text_or("per_part", ""),
        "adds": row.flag("adds") if row.has("adds") else False,
    }


def _band_range(row: Row, fields: Fields) -> Arguments:
    mark = _mark(row)
    uppers = _ascending(row, "uppers", _numbers(row, "uppers", row.values.get("uppers")))
    ends = {
        key: tuple(rate * exact.RATES[mark] for rate in _numbers(row, key, row.values.get(key)))
        for key in ("low", "high")
    }
    for key, rates in ends.items():
        if len(rates) != len(uppers) + 1:
            raise row.refuse(key, f"{len(rates)} rates for {len(uppers)} band ends")
    return {"base": _field(row, "base", fields), "uppers": uppers, "mark": mark, **ends}


def _rate(row: Row, fields: Fields) -> Arguments:
    mark, bases = _mark(row), row.texts("bases")
    for base in bases:
        if base not in fields:
            raise row.refuse("bases", f"{base!r} is not a field of this file")
    return {
        "bases": bases,
        "rate": _number(row, "rate") * exact.RATES[mark],
        "mark": mark,
        "adds": row.flag("adds") if row.has("adds") else False,
    }


def _unit_price(row: Row, fields: Fields) -> Arguments:
    return {
        "quantity": _field(row, "quantity", fields),
        "price": _number(row, "price"),
        "least": _number(row, "least", Fraction(0)),
        "adds": row.flag("adds") if row.has("adds") else False,
    }


def _interpolate(row: Row, fields: Fields) -> Arguments:
    listed = row.values.get("points")
    points = [_numbers(row, "points", one) for one in listed] if isinstance(listed, list) else []
    if len(points) < 2 or any(len(point) != 2 for point in points):  # noqa: PLR2004 - x and y
        raise row.refuse("points", "is not a list of two or more pairs")
    _ascending(row, "points", tuple(point[0] for point in points))
    choice, below = _field_or_none(row, "below_choice", fields), row.rows("below")
    ends = {one.text_or("choice", ""): _end(one) for one in below}
    wanted = [one.key for one in fields[choice].choices] if choice else [""]
    if sorted(ends) != sorted(wanted):
        raise row.refuse("below", f"says nothing, or too much, for {', '.join(wanted)}")
    return {
        "base": row.text("base"),
        "points": tuple((point[0], point[1]) for point in points),
        "above": _end(row.row("above")),
        "below": MappingProxyType(ends),
        "below_choice": choice,
    }


def _end(row: Row) -> tables.End:
    """Return what happens beyond an end of a table."""
    row.only("rule", "label", "clause", "choice", "x", "y", "flat", "rate", "mark", "low", "high",
             "value")  # fmt: skip
    common: Arguments = {"label": words(row, "label"), "clause": row.text("clause")}
    match row.text("rule"):
        case "negotiated":
            return tables.End(**common)
        case "line":
            flat = row.flag("flat") if row.has("flat") else False
            return tables.LineEnd(
                **common,
                x=_number(row, "x"),
                y=_number(row, "y"),
                flat=flat,
            )
        case "rate":
            mark = _mark(row)
            rate = _number(row, "rate") * exact.RATES[mark]
            return tables.RateEnd(**common, rate=rate, mark=mark)
        case "range":
            high = _number(row, "high") if row.has("high") else None
            return tables.RangeEnd(**common, low=_number(row, "low"), high=high)
        case "fixed":
            return tables.FixedEnd(**common, value=_number(row, "value"))
        case other:
            raise row.refuse("rule", f"{other!r} is not negotiated, line, rate, range or fixed")


def _brackets(row: Row, fields: Fields) -> Arguments:
    del fields
    mark, ranges, rows = _mark(row), row.flag("ranges"), []
    for one in row.rows("rows"):
        one.only("upto", "low", "high", "base", "above", "rate")
        rows.append(
            shapes.Bracket(
                upto=_number(one, "upto") if one.has("upto") else None,
                low=_number(one, "low" if ranges else "base"),
                high=_number(one, "high") if one.has("high") else None,
                above=_number(one, "above", Fraction(0)),
                rate=_number(one, "rate", Fraction(0)) * exact.RATES[mark],
            )
        )
    if not rows or any(one.upto is None for one in rows[:-1]):
        raise row.refuse("rows", "each row but the last has an `upto`")
    _ascending(row, "rows", tuple(one.upto for one in rows if one.upto is not None))
    return {
        "base": row.text("base"),
        "rows": tuple(rows),
        "ranges": ranges,
        "mark": mark,
    }


def _matrix(row: Row, fields: Fields) -> Arguments:
    line, column = _field(row, "row", fields), _field(row, "column", fields)
    table = row.row("fees")
    _known_keys(row, "fees", fields[line], tuple(table.values))
    fees = {}
    for key in table.values:
        inner = table.row(key)
        _known_keys(inner, key, fields[column], tuple(inner.values))
        fees[key] = MappingProxyType({name: _number(inner, name) for name in inner.values})
    return {"row": line, "column": column, "fees": MappingProxyType(fees)}


def _factor(row: Row, fields: Fields) -> Arguments:
    return {
        "field": _field(row, "field", fields),
        "mark": _mark(row) if row.has("mark") else "",
        "silent": row.flag("silent") if row.has("silent") else False,
        "base": row.text_or("base", ""),
        "below": _number(row, "below") if row.has("below") else None,
    }


def _factor_sum(row: Row, fields: Fields) -> Arguments:
    return {"field": _field(row, "field", fields)}


def _additions(row: Row, fields: Fields) -> Arguments:
    return {"field": _field(row, "field", fields), "mark": _mark(row)}


def _extra(row: Row, fields: Fields) -> Arguments:
    mark = _mark(row)
    return {
        "quantity": _field(row, "quantity", fields),
        "rate": _number(row, "rate") * exact.RATES[mark],
        "mark": mark,
    }


def _split(row: Row, fields: Fields) -> Arguments:
    line, several = _field(row, "row", fields), _field(row, "columns_field", fields)
    columns, table = row.texts("columns"), row.row("shares")
    _known_keys(row, "columns", fields[several], columns)
    _known_keys(row, "shares", fields[line], tuple(table.values))
    shares = {}
    for key, value in table.values.items():
        found = tuple(share * PERCENT for share in _numbers(table, key, value))
        if len(found) != len(columns) or sum(found) != 1:
            raise table.refuse(key, "does not give each stage a share, 100 in all")
        shares[key] = found
    return {
        "row": line,
        "columns_field": several,
        "columns": columns,
        "shares": MappingProxyType(shares),
    }


def _scale(row: Row, fields: Fields) -> Arguments:
    return {
        "quantity": _field(row, "quantity", fields),
        "upto": _number(row, "upto"),
        "per": _number(row, "per"),
        "given": _field(row, "given", fields),
    }


def _float(row: Row, fields: Fields) -> Arguments:
    return {
        "low": _number(row, "low", Fraction(0)) * PERCENT,
        "high": _number(row, "high", Fraction(0)) * PERCENT,
        "maximum": row.flag("maximum") if row.has("maximum") else False,
        "high_choice": _field_or_none(row, "high_choice", fields),
    }


def _clamp(row: Row, fields: Fields) -> Arguments:
    most = {}
    if row.has("most"):
        for key, value in _by_column(row, "most", fields).items():
            most[key] = _numbers(row, "most", [value])[0]
    return {
        "least": _number(row, "least") if row.has("least") else None,
        "most": MappingProxyType(most),
        "column": _field_or_none(row, "column", fields),
        "after": tuple(_field(Row(row.place, {"after": name}), "after", fields) for name in row.texts("after")),
    }


_Reader = tuple[tuple[str, ...], type[Operation], Callable[[Row, Fields], Arguments]]
_READERS: Final[Mapping[str, _Reader]] = MappingProxyType(
    {
        "parts_total": (("total", "parts", "into"), charges.PartsTotal, _parts_total),
        "capped_share": (
            ("total", "works", "equipment", "into", "share", "works_only"),
            charges.CappedShare, _capped_share,
        ),
        "bands": (
            ("base", "uppers", "rates", "mark", "column", "parts", "method", "per_part", "adds"),
            charges.Bands, _bands,
        ),
        "band_range": (("base", "uppers", "low", "high", "mark"), unpriced.BandRange, _band_range),
        "no_table": ((), unpriced.NoTable, lambda _row, _fields: {}),
        "rate": (("bases", "rate", "mark", "adds"), charges.Rate, _rate),
        "unit_price": (("quantity", "price", "least", "adds"), charges.UnitPrice, _unit_price),
        "interpolate": (
            ("base", "points", "below_choice", "below", "above"), tables.Interpolate, _interpolate,
        ),
        "brackets": (("base", "rows", "ranges", "mark"), tables.Brackets, _brackets),
        "price_list": (price_list.KEYS, price_list.PriceList, price_list.read),
        "matrix": (("row", "column", "fees"), tables.Matrix, _matrix),
        "factor": (
            ("field", "mark", "silent", "base", "below"), adjustments.Factor, _factor,
        ),
        "factor_sum": (("field",), adjustments.FactorSum, _factor_sum),
        "additions": (("field", "mark"), adjustments.Additions, _additions),
        "extra": (("quantity", "rate", "mark"), adjustments.Extra, _extra),
        "scale": (("quantity", "upto", "per", "given"), scaling.Scale, _scale),
        "split": (("row", "columns_field", "columns", "shares"), adjustments.Split, _split),
        "float": (("low", "high", "maximum", "high_choice"), adjustments.Float, _float),
        "clamp": (("least", "most", "column", "after"), adjustments.Clamp, _clamp),
    }
)  # fmt: skip
