"""Read the lines of a price list as people write them: one text a line, or a table of parts."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from agencies.fees.engine import amounts, exact, shapes
from agencies.fees.engine.amounts import AmountRefused
from agencies.fees.engine.choosing import fold
from agencies.fees.engine.price_items import Grade, PricedLine, PriceItem
from agencies.fees.engine.refusal import InputRefused, Problem, shown
from agencies.fees.engine.words import Words

if TYPE_CHECKING:
    from agencies.fees.engine.schedule import Choice, InputField

T = TypeVar("T")
MOST_LINES: Final = 200
_LONGEST: Final = 200
_LARGEST: Final = Fraction(10**9)
_MOST_COEFFICIENT: Final = Fraction(100)
_COEFFICIENT: Final = Words("系数", "coefficient")
_PARTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "item": ("item", "name", "项目", "名称", "项目名称", "检测项目", "收费项目", "测量项目", "产品"),
        "grade": (
            "grade",
            "difficulty",
            "class",
            "等级",
            "类别",
            "级别",
            "复杂程度",
            "困难类别",
            "类型",
            "档",
            "地区",
            "地区类别",
            "region",
            "用途",
        ),
        "quantity": ("quantity", "qty", "size", "数量", "工程量", "工作量", "长度", "面积", "吨位", "measure"),
        "count": ("count", "number", "each", "个数", "根数", "件数", "次数", "跨数"),
        "coefficient": ("coefficient", "coefficients", "factor", "系数", "调整系数", "附加"),
        "text": ("text", "line", "行"),
    }
)
PART_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {fold(name): part for part, names in _PARTS.items() for name in names}
)
"""Which part of a line a name means, folded."""

_UNITS: Final = MappingProxyType(
    {
        "米": "m", "公里": "km", "千米": "km", "平方米": "m2", "平米": "m2", "平方公里": "km2", "平方千米": "km2",
        "吨": "t", "厘米": "cm", "metre": "m", "meter": "m", "tonne": "t", "ton": "t", "公顷": "ha",
    }
)  # fmt: skip
"""Spellings of a unit, each with the one it is folded to."""

_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_NAMED: Final = re.compile(r"(?:系数|coefficient|factor)\s*[:=]?\s*(\d+(?:\.\d+)?)")
_APART: Final = re.compile(r"(?:[\s,×*=:/()、|]|x(?=\s*\d))+")


@dataclass(slots=True)
class _Line:
    """One line on its way in."""

    item: PriceItem
    grade: Grade | None = None
    quantity: Fraction | None = None
    count: Fraction | None = None
    coefficients: list[tuple[Words, Fraction]] = field(default_factory=list)


class _Unread(Exception):
    """A line that can't be read: a stable code and the facts of its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def read_lines(one: InputField, value: object) -> tuple[PricedLine, ...]:
    """Return the lines given for a field of kind lines.

    value: text with a line each (or ； between), a list of texts, of lists or of tables
    with the parts item, grade, quantity, count and coefficient, or one such table.

    Raises InputRefused with a problem for every line that can't be read, naming it.
    """
    given = _separate(value)
    if len(given) > MOST_LINES:
        raise InputRefused((Problem(one.name, "too-many", {"high": MOST_LINES}),))
    lines: list[PricedLine] = []
    problems: list[Problem] = []
    for number, part in enumerate(given, start=1):
        try:
            lines.append(_line(one, part))
        except _Unread as unread:
            facts = {"line": number, "text": _shown(part), **unread.facts}
            problems.append(Problem(one.name, unread.code, facts))
    if problems:
        raise InputRefused(tuple(problems))
    return tuple(lines)


def _separate(value: object) -> list[object]:
    """Return the lines of a text, a list or one table."""
    if isinstance(value, str):
        return [part for part in re.split(r"[\r\n;；]+", value[: MOST_LINES * _LONGEST]) if part.strip()]
    if isinstance(value, list | tuple):
        return [line for part in value for line in (_separate(part) if isinstance(part, str) else [part])]
    return [value]


def _shown(part: object) -> str:
    """Return a line as it was given, short."""
    if isinstance(part, Mapping):
        part = list(part.values())
    if isinstance(part, list | tuple):
        return " ".join(shown(one) for one in part[:8])[:60]
    return shown(part).strip()


def _line(one: InputField, part: object) -> PricedLine:
    """Read one line. Raises _Unread."""
    if isinstance(part, str):
        line = _text(one, part)
    elif isinstance(part, Mapping):
        line = _table(one, part)
    elif (
        isinstance(part, list | tuple) and part and all(isinstance(cell, str | int | float | Decimal) for cell in part)
    ):
        line = _text(one, ", ".join(shown(cell) for cell in part))
    else:
        raise _Unread("line-unknown-item", close=())
    return _finished(line)


def _finished(line: _Line) -> PricedLine:
    """Return a line with all its parts. Raises _Unread when one lacks or is out of bounds."""
    if line.item.grades and line.grade is None:
        raise _Unread("line-grade", choices=tuple(grade.label for grade in line.item.grades))
    if line.quantity is None:
        raise _Unread("line-quantity", unit=line.item.unit)
    values = [value for _, value in line.coefficients]
    if any(value > _MOST_COEFFICIENT for value in values) or shapes.sum_less_count_plus_one(values) <= 0:
        raise _Unread("line-coefficient")
    count = Fraction(1) if line.count is None else line.count
    if not (0 < line.quantity <= _LARGEST and 0 < count <= _LARGEST):
        raise _Unread("line-quantity", unit=line.item.unit)
    if line.item.each is not None and count.denominator != 1:
        raise _Unread("line-count", unit=line.item.each)
    return PricedLine(line.item, line.grade, line.quantity, count, tuple(line.coefficients))


def _text(one: InputField, given: str) -> _Line:
    """Read a line of text: the item first, then grade, numbers and coefficients in any order."""
    if len(given) > _LONGEST:
        raise _Unread("line-unknown-item", close=())
    rest = _plain(given)
    item, rest = _leading_item(one, rest)
    line = _Line(item)
    _rest(one, line, rest)
    return line


def _rest(one: InputField, line: _Line, rest: str) -> None:
    """Read what stands behind the item into the line."""
    grades, named = _grade_patterns(line.item), _coefficient_patterns(one)
    while rest := _APART.sub("", rest, count=1) if _APART.match(rest) else rest:
        graded = _first(grades, rest) if line.grade is None else None
        chosen = None if graded else _first(named, rest)
        if graded is not None:
            line.grade, rest = graded[0], rest[graded[1] :]
        elif chosen is not None:
            line.coefficients.append((chosen[0].label, chosen[0].value or Fraction(1)))
            rest = rest[chosen[1] :]
        elif found := _NAMED.match(rest):
            line.coefficients.append((_COEFFICIENT, Fraction(found[1])))
            rest = rest[found.end() :]
        elif found := _NUMBER.match(rest):
            rest = _number(line, Fraction(found[0].replace(",", "")), rest[found.end() :])
        else:
            raise _left_over(line, rest)


def _left_over(line: _Line, rest: str) -> _Unread:
    """Say what could not be read: the grade, another unit, or whatever it is."""
    if line.item.grades and line.grade is None:
        return _Unread("line-grade", choices=tuple(grade.label for grade in line.item.grades))
    if re.match(r"[-−]\s*\d", rest):
        return _Unread("line-quantity", unit=line.item.unit)
    word = re.split(r"[\s,]", rest)[0]
    if word in _UNITS or word in _UNITS.values():
        return _Unread("line-unit", unit=line.item.unit)
    return _Unread("line-unread", rest=rest[:30])


def _number(line: _Line, value: Fraction, rest: str) -> str:
    """Take a number for the quantity or the count, by its unit or else by its place; return what follows it."""
    item = line.item
    own = _first(_unit_patterns(item.unit), rest.lstrip())
    each = _first(_unit_patterns(item.each), rest.lstrip()) if own is None and item.each is not None else None
    found = own or each
    counts = each is not None or (own is None and line.quantity is not None)
    if (line.count if counts else line.quantity) is not None or (counts and item.each is None):
        raise _Unread("line-unread", rest=exact.text(value))
    if counts:
        line.count = value
    else:
        line.quantity = value
    return rest if found is None else rest.lstrip()[found[1] :]


def _table(one: InputField, part: Mapping[object, object]) -> _Line:
    """Read a line given as a table of its parts."""
    cells: dict[str, object] = {}
    for name, value in part.items():
        known = PART_NAMES.get(fold(name))
        if known is None or known in cells:
            raise _Unread("line-unread", rest=shown(name)[:30])
        if value not in (None, "", []):
            cells[known] = value
    if "item" not in cells:
        raise _Unread("line-unknown-item", close=())
    item, rest = _leading_item(one, _plain(shown(cells["item"])))
    line = _Line(item)
    _rest(one, line, f"{rest} {_plain(shown(cells.get('grade', '')))} {_plain(shown(cells.get('text', '')))}")
    for name in ("quantity", "count"):
        if name not in cells:
            continue
        # A quantity beside a measure already read (500 t, quantity 3) is how many there are.
        doubled = line.item.each is not None and line.quantity is not None and "count" not in cells
        target = "count" if doubled else name
        if getattr(line, target) is not None:
            raise _Unread("line-unread", rest=shown(cells[name])[:30])
        setattr(line, target, _plain_number(line, cells[name], target))
    for value in _listed(cells.get("coefficient", [])):
        try:
            line.coefficients.append((_COEFFICIENT, amounts.number(value)))
        except AmountRefused:
            _rest(one, line, _plain(shown(value)))
    return line


def _plain_number(line: _Line, value: object, name: str) -> Fraction:
    """Read the number of a part, with or without its unit."""
    unit = line.item.each if name == "count" and line.item.each is not None else line.item.unit
    text = _plain(shown(value))
    found = _NUMBER.match(text)
    with suppress(AmountRefused):
        return amounts.number(value)
    if found is not None and any(one.fullmatch(text[found.end() :].strip()) for one, _ in _unit_patterns(unit)):
        return Fraction(found[0].replace(",", ""))
    raise _Unread("line-count" if name == "count" else "line-quantity", unit=unit)


def _listed(value: object) -> list[object]:
    """Return the members of a list, or the one value."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _plain(text: str) -> str:
    """Fold width and case; a full-width comma and a bar set parts apart like a blank."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("~", "-").replace("–", "-").replace("—", "-")
    return re.sub(r"\s+", " ", folded).strip()


def _leading_item(one: InputField, rest: str) -> tuple[PriceItem, str]:
    """Return the item a text begins with, and what follows. Raises _Unread, with what is close."""
    found = _first(_item_patterns(one), rest)
    if found is not None:
        return found[0], rest[found[1] :]
    named = re.match(r"[^\d\s,]{2,}", rest)
    holding = {item.key: item for names, item in _item_names(one) if named and named[0] in names}
    if named and len(holding) == 1:
        return next(iter(holding.values())), rest[named.end() :]
    labels = {item.label.zh: item.label for item in one.items}
    close = [labels[name] for name in difflib.get_close_matches(rest[:40], labels, n=3, cutoff=0.2)]
    raise _Unread("line-unknown-item", close=tuple([item.label for item in holding.values()][:3] or close))


@lru_cache(maxsize=64)
def _item_names(one: InputField) -> tuple[tuple[str, PriceItem], ...]:
    """Return every folded name of every item of a field."""
    return tuple(
        (_plain(name), item)
        for item in one.items
        for name in (item.key, item.label.zh, item.label.en, *item.names)
    )  # fmt: skip


def item_of(one: InputField, name: str) -> PriceItem | None:
    """Return the item of exactly that name, None when there is none."""
    wanted = fold(name)
    return next((item for known, item in _item_names(one) if fold(known) == wanted), None)


def grade_named(item: PriceItem, name: str) -> Grade | None:
    """Return the grade of exactly that name, None when there is none."""
    written = _plain(name[:_LONGEST])
    found = _first(_grade_patterns(item), written)
    return found[0] if found is not None and found[1] == len(written) else None


@lru_cache(maxsize=64)
def _item_patterns(one: InputField) -> tuple[tuple[re.Pattern[str], PriceItem], ...]:
    """Return a pattern for every name of every item, the longest name first."""
    return _patterns(tuple((item, (item.key, item.label.zh, item.label.en, *item.names)) for item in one.items))


@lru_cache(maxsize=1024)
def _grade_patterns(item: PriceItem) -> tuple[tuple[re.Pattern[str], Grade], ...]:
    """Return a pattern for every name of every grade of an item."""
    return _patterns(tuple((grade, (grade.key, grade.label.zh, grade.label.en, *grade.names)) for grade in item.grades))


@lru_cache(maxsize=64)
def _coefficient_patterns(one: InputField) -> tuple[tuple[re.Pattern[str], Choice], ...]:
    """Return a pattern for every name of every coefficient a line of the field may name."""
    return _patterns(tuple((each, (each.key, each.label.zh, each.label.en, *each.names)) for each in one.coefficients))


def _patterns(named: tuple[tuple[T, tuple[str, ...]], ...]) -> tuple[tuple[re.Pattern[str], T], ...]:
    """Return a pattern for every name, the longest first; blanks and commas inside it may lack."""
    found = {_squeezed(name): thing for thing, names in reversed(named) for name in names}
    return tuple((_pattern(name), found[name]) for name in sorted(found, key=len, reverse=True))


def _squeezed(name: str) -> str:
    return re.sub(r"[\s,、]+", "", _plain(name))


def _pattern(name: str) -> re.Pattern[str]:
    """Return a pattern that a name matches with blanks inside; never a number or word cut in two."""
    parts = [re.escape(name[0])]
    for before, after in pairwise(name):
        parts.append(("" if before.isdigit() and after.isdigit() else r"[\s,、]*") + re.escape(after))
    last = name[-1]
    edge = r"(?!\d|\.\d)" if last.isdigit() else r"(?![a-z])" if last.isascii() and last.isalpha() else ""
    return re.compile("".join(parts) + edge)


def _first(patterns: tuple[tuple[re.Pattern[str], T], ...], text: str) -> tuple[T, int] | None:
    """Return what the longest fitting name means, and where it ends."""
    for pattern, thing in patterns:
        if match := pattern.match(text):
            return thing, match.end()
    return None


@lru_cache(maxsize=256)
def _unit_patterns(unit: Words) -> tuple[tuple[re.Pattern[str], Words], ...]:
    """Return a pattern for every spelling of a unit."""
    names = {name for word in (unit.zh, unit.en) for name in _spellings(fold(word))}
    return _patterns(((unit, tuple(names)),))


def _spellings(word: str) -> set[str]:
    """Return the spellings of a folded unit: other names, with 个 before it, in the plural."""
    folded = _UNITS.get(word, word)
    names = {word, folded, *(name for name, meant in _UNITS.items() if meant == folded)}
    return names | {f"个{name}" for name in names if not name.isascii()} | {f"{n}s" for n in names if n.isascii()}
