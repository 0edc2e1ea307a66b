"""Gather the inputs that describe one line of a price list: its item named apart, its grade, size and count beside it.

What an input means is told by the item: 桩长_m is the size of a pile counted in metres, 桩径_cm chooses its grade.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from agencies.fees.engine import amounts, quantities
from agencies.fees.engine.choosing import fold
from agencies.fees.engine.price_items import Grade, PriceItem
from agencies.fees.engine.price_lines import PART_NAMES, grade_named, item_of
from agencies.fees.engine.refusal import shown
from agencies.fees.engine.words import Words

if TYPE_CHECKING:
    from agencies.fees.engine.schedule import InputField

Index = Mapping[str, tuple[str, str]]
SCALES: Final = frozenset({"scale", "比例尺", "比例"})
_MEASURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        word: unit
        for unit, words in {
            "m": "depth 深度 孔深 桩长 管长 进尺 span 跨径 跨度 length 长度 测线 测线长度 总长",
            "t": "load max_load 荷载 加荷值 最大加荷值 最大加载 最大荷载 吨位",
            "m2": "area floor_area 面积 建筑面积",
            "测区": "areas component_areas test_areas 构件测区数",
            "点": "检测点 检测点数",
            "": "size measure quantity qty 数量 工程量 工作量",
        }.items()
        for word in words.split()
    }
)
"""What words for a size measure: the unit they are counted in, or any."""

_COUNTS: Final = frozenset(
    [
        "count",
        "number",
        "piles",
        "spans",
        "members",
        "holes",
        "个数",
        "根数",
        "件数",
        "次数",
        "跨数",
        "孔数",
        "点数",
        "构件数",
    ]
)
_BOUND: Final = re.compile(r"\D*?(<=|>=|<|>|≤|≥)?(\d+)(?:-(\d+))?(?:[a-z]+\d?)?")


def gather(one: InputField, known: Index, given: Mapping[str, object]) -> dict[str, object] | None:
    """Return the inputs with those of one line made into it; None when no input names an item of the list."""
    named = [name for name in given if PART_NAMES.get(fold(name)) == "item" and _is_free(one, known, name)]
    scales = [name for name in given if fold(name) in SCALES]
    if len(named) > 1 or len(scales) > 1 or not (named or scales):
        return None
    item = item_of(one, "".join(shown(given[name]) for name in (*named, *scales)))
    if item is None:
        return None
    line: dict[str, object] = {"item": item.key}
    others: dict[str, object] = {}
    for name, value in given.items():
        if name in {*named, *scales}:
            continue
        part = _part(one, known, item, name, value)
        if not part or part in line:
            others[name] = value
        else:
            line[part] = _value(item, part, name, value)
    if item.each is None and "count" in line and "quantity" not in line:
        line["quantity"] = line.pop("count")
    return {**others, one.label.zh: [line]} if one.label.zh not in others else None


def _is_free(one: InputField, known: Index, name: str) -> bool:
    """Tell whether a name is no other field's, so that it may be a part of a line."""
    return known.get(fold(name), (one.name, ""))[0] == one.name


def _part(one: InputField, known: Index, item: PriceItem, name: str, value: object) -> str:
    """Return which part of a line of the item an input is; nothing when it is none."""
    if not _is_free(one, known, name) or isinstance(value, bool | list | tuple | Mapping):
        return ""
    folded, (base, unit) = fold(name), _split(name)
    known_part = PART_NAMES.get(folded, "")
    if _means(item.unit, folded, base) or _measures(item, base, unit):
        return "quantity"
    if folded in _COUNTS or (item.each is not None and _means(item.each, folded, base)):
        return "count"
    if known_part in {"coefficient", "text"}:
        return known_part
    if _grade(item, value) is not None:
        return "grade"
    return known_part if known_part == "grade" else ""


def _split(name: str) -> tuple[str, str]:
    """Return a name without the unit behind it, and the unit: 桩长_m, 面积（km2）."""
    folded = fold(name)
    match = re.fullmatch(r"(.+?)(?:_([^_]+)|\(([^)]+)\))", folded)
    unit = (match[2] or match[3]) if match else ""
    is_unit = (bool(unit) and any(unit in quantities.spellings(each) for each in ("m", "m2", "t", "h"))) or unit == "cm"
    return (match[1], unit) if match and is_unit else (folded, "")


def _measures(item: PriceItem, base: str, unit: str) -> bool:
    """Tell whether a word for a size is one of the item's: a length for what is counted in metres."""
    if base not in _MEASURES:
        return False
    own, meant = _own(item), _MEASURES[base]
    return (not unit or unit in own) and (not meant or meant in own)


def _own(item: PriceItem) -> Mapping[str, Fraction]:
    """Return the spellings of the item's unit; what begins with a length or an area counts as one (测线延米)."""
    unit = fold(item.unit.zh)
    return quantities.spellings("m" if unit.endswith("延米") else unit)


def _means(unit: Words, folded: str, base: str) -> bool:
    """Tell whether a name is the unit itself, or counts it: 点, 点数, points."""
    names = {fold(unit.zh), f"{fold(unit.zh)}数", fold(unit.en), f"{fold(unit.en)}s"}
    return folded in names or base in names


def _value(item: PriceItem, part: str, name: str, value: object) -> object:
    """Return the value of a part as a line takes it."""
    if part == "grade":
        grade = _grade(item, value)
        return value if grade is None else grade.key
    unit = _split(name)[1]
    size = _own(item).get(unit, Fraction(1))
    if part != "quantity" or size == 1:
        return value
    try:
        return amounts.number(value) * size
    except amounts.AmountRefused:
        return value


def _grade(item: PriceItem, value: object) -> Grade | None:
    """Return the grade a value names, or whose bounds a number lies in."""
    if isinstance(value, str) and (named := grade_named(item, value)) is not None:
        return named
    try:
        number = amounts.number(value)
    except amounts.AmountRefused:
        return None
    return next(_fitting(item, number), None)


def _fitting(item: PriceItem, number: Fraction) -> Iterator[Grade]:
    """Yield the grades a number lies in, the nearest bound first; a bound printed with a sign before a range."""
    signed: list[tuple[Fraction, Grade]] = []
    ranged: list[Grade] = []
    at_least = False
    for grade in item.grades:
        for name in (grade.key, grade.label.zh, *grade.names):
            match = _BOUND.fullmatch(unicodedata.normalize("NFKC", name).casefold())
            if match is None:
                continue
            sign, low, high = match[1], Fraction(match[2]), Fraction(match[3] or match[2])
            at_least = at_least or sign in {">=", "≥"}
            if sign is None:
                ranged += [grade] if low <= number <= high else []
            elif _holds(number, sign, low):
                signed.append((abs(number - low), grade))
    yield from (grade for _, grade in sorted(signed, key=lambda pair: pair[0]))
    yield from reversed(ranged) if at_least else ranged


def _holds(number: Fraction, sign: str, bound: Fraction) -> bool:
    """Tell whether a number is on the printed side of a bound."""
    return {
        "<": number < bound, "<=": number <= bound, "≤": number <= bound,
        ">": number > bound, ">=": number >= bound, "≥": number >= bound,
    }[sign]  # fmt: skip
