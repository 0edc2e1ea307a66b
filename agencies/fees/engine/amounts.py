"""Amounts as people type them: 3200万, 0.32亿, 3,200.5, full-width digits; and their echo."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from agencies.fees.engine import exact
from agencies.fees.engine.words import Words

LARGEST: Final = Fraction(10**15)
"""No amount of more yuan is taken; the whole country invests less in a year."""

_UNITS: Final = MappingProxyType(
    {
        "元": 1, "圆": 1, "块": 1, "yuan": 1, "rmb": 1, "cny": 1,
        "千": 10**3, "千元": 10**3,
        "万": 10**4, "万元": 10**4, "w": 10**4, "wan": 10**4, "萬": 10**4, "萬元": 10**4,
        "十万": 10**5, "十万元": 10**5, "百万": 10**6, "百万元": 10**6,
        "千万": 10**7, "千万元": 10**7,
        "亿": 10**8, "亿元": 10**8, "yi": 10**8, "億": 10**8, "億元": 10**8,
        "十亿": 10**9, "十亿元": 10**9, "百亿": 10**10, "百亿元": 10**10,
        "千亿": 10**11, "千亿元": 10**11,
    }
)  # fmt: skip
_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_PART: Final = re.compile(rf"({_NUMBER})([^\d.,]*)", re.ASCII)
_LONGEST: Final = 48


class AmountRefused(ValueError):
    """An amount that can't be read; `code` is not-an-amount, negative or too-large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse(given: object, unit: str = "元") -> Decimal:
    """Return an amount in yuan.

    given: text or a number; a unit in the text wins over `unit`, which is what a bare
    number is counted in. `1亿2000万` is read as the sum of its parts.

    Raises AmountRefused.
    """
    value = fraction(given, unit)
    return Decimal(value.numerator) / Decimal(value.denominator)


def fraction(given: object, unit: str = "元") -> Fraction:
    """Return an amount in yuan as a Fraction; see `parse`.

    unit: what a bare number counts, 元 or 万元. Raises AmountRefused for what is no amount, negative or too large.
    """
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal | Fraction):
        raise AmountRefused("not-an-amount")
    yuan = _read(given, unit) if isinstance(given, str) else number(given) * exact.YUAN[unit]
    if yuan.numerator < 0:
        raise AmountRefused("negative")
    if yuan > LARGEST:
        raise AmountRefused("too-large")
    return yuan


def number(given: object) -> Fraction:
    """Return a plain number exactly; a float counts as the decimal it is written as.

    Raises AmountRefused when it isn't one.
    """
    if isinstance(given, bool):
        raise AmountRefused("not-an-amount")
    if isinstance(given, int | Fraction):
        return Fraction(given)
    written = _folded(str(given))
    if re.fullmatch(_NUMBER, written, re.ASCII):
        written = written.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", written, re.ASCII):
        raise AmountRefused("not-an-amount")
    return Fraction(written)


def _folded(given: str) -> str:
    """Fold full-width forms, letters and blanks, so that one pattern reads them all."""
    if len(given) > _LONGEST:
        raise AmountRefused("not-an-amount")
    folded = unicodedata.normalize("NFKC", given).casefold().replace("。", ".")
    return re.sub(r"\s|_", "", folded)


def _read(given: str, unit: str) -> Fraction:
    """Return the yuan of a typed amount."""
    written = _folded(given)
    written = re.sub(r"^(人民币|rmb|cny|¥|=)+", "", written)
    if re.fullmatch(rf"-({_NUMBER}).*", written, re.ASCII):
        raise AmountRefused("negative")
    total, last, end = Fraction(0), None, 0
    for part in _PART.finditer(written):
        # In "1亿2000" the 2000 may mean 万 or 元: every part after the first names its unit.
        if part.start() != end or (last is not None and not part[2]):
            raise AmountRefused("not-an-amount")
        size = _size(part[2], unit)
        if last is not None and size >= last:
            raise AmountRefused("not-an-amount")
        total += _times(part[1], size)
        last, end = size, part.end()
    if last is None or end != len(written):
        raise AmountRefused("not-an-amount")
    return total


def _times(written: str, size: Fraction) -> Fraction:
    """Return a number, which may have a point and commas, times a size, exactly."""
    whole, _, part = written.replace(",", "").partition(".")
    return Fraction(int(whole + part) * size.numerator, 10 ** len(part) * size.denominator)


def _size(name: str, unit: str) -> Fraction:
    """Return how many yuan a written unit is; `unit` when none is written."""
    name = re.sub(r"(整|正|人民币)$", "", name)
    if not name:
        return exact.YUAN[unit]
    if name not in _UNITS:
        raise AmountRefused("not-an-amount")
    return Fraction(_UNITS[name])


def echo(yuan: Decimal | Fraction) -> Words:
    """Return how an amount was understood, exactly: `3,200 万元`, `CNY 32,000,000`."""
    value = Fraction(yuan)
    english = f"CNY {exact.text(value)}"
    top, bottom = value.as_integer_ratio()
    for unit in ("亿元", "万元"):
        size = exact.YUAN[unit].numerator
        if top >= size * bottom:
            return Words(f"{exact.text(Fraction(top, size * bottom))} {unit}", english)
    return Words(f"{exact.text(value)} 元", english)
