"""Read one operation of a schedule file: the word under `do` names it, its keys fill it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from agencies.fees.engine import adjustments, charges, exact, price_list, scaling, shapes, tables, unpriced
from agencies.fees.engine.operations import Operation
from agencies.fees.engine.row_reading import (
    PERCENT,
    Arguments,
    Fields,
    ascending,
    by_column,
    condition,
    field_named,
    field_or_none,
    known_keys,
    mark_of,
    number,
    numbers,
    words,
)
from core.datafile import Row


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
        when=condition(row.row("when"), fields) if row.has("when") else None,
        **read(row, fields),
    )


def _parts_total(row: Row, fields: Fields) -> Arguments:
    return {
        "total": field_named(row, "total", fields),
        "parts": field_named(row, "parts", fields),
        "into": row.text("into"),
    }


def _capped_share(row: Row, fields: Fields) -> Arguments:
    works_only = row.row("works_only") if row.has("works_only") else None
    return {
        "total": field_named(row, "total", fields),
        "works": field_named(row, "works", fields),
        "equipment": field_named(row, "equipment", fields),
        "into": row.text("into"),
        "share": number(row, "share") * PERCENT,
        "works_only": None if works_only is None else condition(works_only, fields),
    }


def _bands(row: Row, fields: Fields) -> Arguments:
    mark = mark_of(row)
    uppers = ascending(row, "uppers", numbers(row, "uppers", row.values.get("uppers")))
    rates = {
        column: tuple(rate * exact.RATES[mark] for rate in numbers(row, "rates", value))
        for column, value in by_column(row, "rates", fields).items()
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
        "column": field_or_none(row, "column", fields),
        "parts": field_or_none(row, "parts", fields),
        "method": field_or_none(row, "method", fields),
        "per_part": row.text_or("per_part", ""),
        "adds": row.flag("adds") if row.has("adds") else False,
    }


def _band_range(row: Row, fields: Fields) -> Arguments:
    mark = mark_of(row)
    uppers = ascending(row, "uppers", numbers(row, "uppers", row.values.get("uppers")))
    ends = {
        key: tuple(rate * exact.RATES[mark] for rate in numbers(row, key, row.values.get(key)))
        for key in ("low", "high")
    }
    for key, rates in ends.items():
        if len(rates) != len(uppers) + 1:
            raise row.refuse(key, f"{len(rates)} rates for {len(uppers)} band ends")
    return {"base": field_named(row, "base", fields), "uppers": uppers, "mark": mark, **ends}


def _rate(row: Row, fields: Fields) -> Arguments:
    mark, bases = mark_of(row), row.texts("bases")
    for base in bases:
        if base not in fields:
            raise row.refuse("bases", f"{base!r} is not a field of this file")
    return {
        "bases": bases,
        "rate": number(row, "rate") * exact.RATES[mark],
        "mark": mark,
        "adds": row.flag("adds") if row.has("adds") else False,
    }


def _unit_price(row: Row, fields: Fields) -> Arguments:
    return {
        "quantity": field_named(row, "quantity", fields),
        "price": number(row, "price"),
        "least": number(row, "least", Fraction(0)),
        "adds": row.flag("adds") if row.has("adds") else False,
    }


def _interpolate(row: Row, fields: Fields) -> Arguments:
    listed = row.values.get("points")
    points = [numbers(row, "points", one) for one in listed] if isinstance(listed, list) else []
    if len(points) < 2 or any(len(point) != 2 for point in points):  # noqa: PLR2004 - x and y
        raise row.refuse("points", "is not a list of two or more pairs")
    ascending(row, "points", tuple(point[0] for point in points))
    choice, below = field_or_none(row, "below_choice", fields), row.rows("below")
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
                x=number(row, "x"),
                y=number(row, "y"),
                flat=flat,
            )
        case "rate":
            mark = mark_of(row)
            rate = number(row, "rate") * exact.RATES[mark]
            return tables.RateEnd(**common, rate=rate, mark=mark)
        case "range":
            high = number(row, "high") if row.has("high") else None
            return tables.RangeEnd(**common, low=number(row, "low"), high=high)
        case "fixed":
            return tables.FixedEnd(**common, value=number(row, "value"))
        case other:
            raise row.refuse("rule", f"{other!r} is not negotiated, line, rate, range or fixed")


def _brackets(row: Row, fields: Fields) -> Arguments:
    del fields
    mark, ranges, rows = mark_of(row), row.flag("ranges"), []
    for one in row.rows("rows"):
        one.only("upto", "low", "high", "base", "above", "rate")
        rows.append(
            shapes.Bracket(
                upto=number(one, "upto") if one.has("upto") else None,
                low=number(one, "low" if ranges else "base"),
                high=number(one, "high") if one.has("high") else None,
                above=number(one, "above", Fraction(0)),
                rate=number(one, "rate", Fraction(0)) * exact.RATES[mark],
            )
        )
    if not rows or any(one.upto is None for one in rows[:-1]):
        raise row.refuse("rows", "each row but the last has an `upto`")
    ascending(row, "rows", tuple(one.upto for one in rows if one.upto is not None))
    return {
        "base": row.text("base"),
        "rows": tuple(rows),
        "ranges": ranges,
        "mark": mark,
    }


def _matrix(row: Row, fields: Fields) -> Arguments:
    line, column = field_named(row, "row", fields), field_named(row, "column", fields)
    table = row.row("fees")
    known_keys(row, "fees", fields[line], tuple(table.values))
    fees = {}
    for key in table.values:
        inner = table.row(key)
        known_keys(inner, key, fields[column], tuple(inner.values))
        fees[key] = MappingProxyType({name: number(inner, name) for name in inner.values})
    return {"row": line, "column": column, "fees": MappingProxyType(fees)}


def _factor(row: Row, fields: Fields) -> Arguments:
    return {
        "field": field_named(row, "field", fields),
        "mark": mark_of(row) if row.has("mark") else "",
        "silent": row.flag("silent") if row.has("silent") else False,
        "base": row.text_or("base", ""),
        "below": number(row, "below") if row.has("below") else None,
    }


def _factor_sum(row: Row, fields: Fields) -> Arguments:
    return {"field": field_named(row, "field", fields)}


def _additions(row: Row, fields: Fields) -> Arguments:
    return {
        "field": field_named(row, "field", fields),
        "mark": mark_of(row),
        "alone": row.flag("alone") if row.has("alone") else False,
    }


def _unit_range(row: Row, fields: Fields) -> Arguments:
    mark = mark_of(row) if row.has("mark") else ""
    return {
        "quantity": field_named(row, "quantity", fields),
        "low": number(row, "low") * exact.RATES[mark],
        "high": number(row, "high") * exact.RATES[mark],
        "mark": mark,
        "adds": row.flag("adds") if row.has("adds") else False,
    }


def _extra(row: Row, fields: Fields) -> Arguments:
    mark = mark_of(row)
    return {
        "quantity": field_named(row, "quantity", fields),
        "rate": number(row, "rate") * exact.RATES[mark],
        "mark": mark,
    }


def _split(row: Row, fields: Fields) -> Arguments:
    line, several = field_named(row, "row", fields), field_named(row, "columns_field", fields)
    columns, table = row.texts("columns"), row.row("shares")
    known_keys(row, "columns", fields[several], columns)
    known_keys(row, "shares", fields[line], tuple(table.values))
    shares = {}
    for key, value in table.values.items():
        found = tuple(share * PERCENT for share in numbers(table, key, value))
        if len(found) != len(columns) or sum(found) != 1:
            raise table.refuse(key, "does not give each stage a share, 100 in all")
        shares[key] = found
    return {
        "row": line,
        "columns_field": several,
        "columns": columns,
        "shares": MappingProxyType(shares),
        "more": field_or_none(row, "more", fields),
        "more_column": row.text_or("more_column", ""),
        "more_rate": number(row, "more_rate", Fraction(0)) * PERCENT,
    }


def _scale(row: Row, fields: Fields) -> Arguments:
    return {
        "quantity": field_named(row, "quantity", fields),
        "upto": number(row, "upto"),
        "per": number(row, "per"),
        "given": field_named(row, "given", fields),
    }


def _float(row: Row, fields: Fields) -> Arguments:
    return {
        "low": number(row, "low", Fraction(0)) * PERCENT,
        "high": number(row, "high", Fraction(0)) * PERCENT,
        "maximum": row.flag("maximum") if row.has("maximum") else False,
        "high_choice": field_or_none(row, "high_choice", fields),
    }


def _clamp(row: Row, fields: Fields) -> Arguments:
    most = {}
    if row.has("most"):
        for key, value in by_column(row, "most", fields).items():
            most[key] = numbers(row, "most", [value])[0]
    return {
        "least": number(row, "least") if row.has("least") else None,
        "most": MappingProxyType(most),
        "column": field_or_none(row, "column", fields),
        "after": tuple(field_named(Row(row.place, {"after": name}), "after", fields) for name in row.texts("after")),
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
        "unit_range": (("quantity", "low", "high", "mark", "adds"), unpriced.UnitRange, _unit_range),
        "additions": (("field", "mark", "alone"), adjustments.Additions, _additions),
        "extra": (("quantity", "rate", "mark"), adjustments.Extra, _extra),
        "scale": (("quantity", "upto", "per", "given"), scaling.Scale, _scale),
        "split": (
            ("row", "columns_field", "columns", "shares", "more", "more_column", "more_rate"),
            adjustments.Split, _split,
        ),
        "float": (("low", "high", "maximum", "high_choice"), adjustments.Float, _float),
        "clamp": (("least", "most", "column", "after"), adjustments.Clamp, _clamp),
    }
)  # fmt: skip
