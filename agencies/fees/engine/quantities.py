"""Quantities as people type them: 12000, 12000平方米, 1.2万平方米; and the units a name may carry (面积_km2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from agencies.fees.engine import amounts
from agencies.fees.engine.refusal import Problem, shown

if TYPE_CHECKING:
    from agencies.fees.engine.schedule import InputField

_FAMILIES: Final[tuple[Mapping[str, Fraction], ...]] = tuple(
    MappingProxyType({name: size for names, size in family for name in names.split()})
    for family in (
        (
            ("平方米 平米 m2 m^2 sqm", Fraction(1)),
            ("万平方米 万平米 万m2 wan_m2 wanm2", Fraction(10**4)),
            ("公顷 ha", Fraction(10**4)),
            ("平方公里 平方千米 km2 km^2", Fraction(10**6)),
            ("亩 mu", Fraction(2000, 3)),
        ),
        (("米 m 延米", Fraction(1)), ("公里 千米 km", Fraction(1000))),
        (("吨 t ton tonnes", Fraction(1000)), ("千克 公斤 kg", Fraction(1))),
        (("小时 工时 h hours", Fraction(1)),),
        (("人工日 工日 人日 天 days", Fraction(1)),),
    )
)
_TIMES: Final[Mapping[str, int]] = MappingProxyType({"万": 10**4, "亿": 10**8})


@lru_cache(maxsize=64)
def spellings(unit: str) -> Mapping[str, Fraction]:
    """Return every spelling of a unit and of those it can be turned into, with how many of the unit each is."""
    for family in _FAMILIES:
        if unit in family:
            return MappingProxyType({name: size / family[unit] for name, size in family.items()})
    return MappingProxyType({unit: Fraction(1)} if unit else {})


def read(one: InputField, value: object, unit: str) -> Fraction | Problem:
    """Return a quantity in the field's unit, or the problem with it.

    unit: what a bare number is counted in; a unit written behind the number wins over it. Raises AmountRefused.
    """
    quantity = _counted(one, value, unit)
    facts = {"given": shown(value), "low": one.low, "high": one.high}
    if quantity < 0:
        return Problem(one.name, "negative", facts)
    if quantity == 0 and not one.may_be_zero:
        return Problem(one.name, "not-positive", facts)
    if quantity > (one.high if one.high is not None else amounts.LARGEST):
        return Problem(one.name, "too-large", facts)
    if one.whole and quantity.denominator != 1:
        return Problem(one.name, "not-whole", facts)
    return quantity


def _counted(one: InputField, value: object, unit: str) -> Fraction:
    """Turn what was given into the field's unit."""
    known = spellings(one.unit)
    if not isinstance(value, str):
        return amounts.number(value) * known.get(unit, Fraction(1))
    written = unicodedata.normalize("NFKC", value[:_LONGEST]).strip()
    behind = _unit_behind(written, known)
    bare = written[: len(written) - len(behind)].strip()
    times = _TIMES.get(bare[-1:], 1)
    if times == 1:
        return amounts.number(bare) * known.get(behind or unit, Fraction(1))
    # 60万 of a field counted in 万平方米 means 600,000 square metres, not sixty thousand times as much.
    plain = one.unit.removeprefix("万") if unit == one.unit else unit
    return amounts.number(bare[:-1].strip()) * times * known.get(behind or plain, Fraction(1))


def _unit_behind(written: str, known: Mapping[str, Fraction]) -> str:
    """Return the longest unit a text ends in; nothing when it is only that, or none."""
    folded = written.casefold()
    ends = [name for name in known if folded.endswith(name) and len(folded) > len(name)]
    return max(ends, key=len, default="")


_LONGEST: Final = 120
