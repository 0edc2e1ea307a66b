"""How values are written on pages: money, times, days, percents, codes. Each language its own way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from core.clock import beijing, last_day
from core.i18n import current_lang
from core.money import WAN, YI, Money
from core.money import capitals as write_capitals

WEEKDAYS: Final = "一二三四五六日"
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
CENT: Final = Decimal("0.01")


def money(value: Money | None) -> str:
    """Write an amount for reading: 9,300 元, 9.30 万元, 1.28 亿元; CNY 93,000 in English."""
    if value is None:
        return "—"
    if current_lang() == "en":
        return f"CNY {value.yuan.quantize(Decimal(1), ROUND_HALF_UP):,}"
    size = abs(value.yuan)
    if size < WAN:
        return f"{_short(value.yuan)} 元"
    unit, name = (YI, "亿元") if size >= YI else (WAN, "万元" if current_lang() != "zh-Hant" else "萬元")
    if name == "亿元" and current_lang() == "zh-Hant":
        name = "億元"
    return f"{(value.yuan / unit).quantize(CENT, ROUND_HALF_UP):,} {name}"


def _short(yuan: Decimal) -> str:
    return f"{yuan:,.0f}" if yuan == yuan.to_integral() else f"{yuan:,.2f}"


def yuan(value: Money | None) -> str:
    """Write the exact amount: 93,000.00 元."""
    if value is None:
        return "—"
    return f"CNY {value}" if current_lang() == "en" else f"{value} 元"


def capitals(value: Money | None) -> str:
    """Write the amount in capital numerals, which English has none of."""
    return "" if value is None or current_lang() == "en" else write_capitals(value)


def when(value: datetime | None) -> str:
    """Write an instant in 北京时间: 2026年3月18日（周三）17:00."""
    if value is None:
        return "—"
    local = beijing(value)
    return f"{day(local.date())} {local:%H:%M}" if current_lang() == "en" else f"{day(local.date())}{local:%H:%M}"


def until(value: datetime | None) -> str:
    """Write a deadline: one at midnight is the end of the day before it, 2026年3月18日（周三）24:00."""
    if value is None or beijing(value).time() != time():
        return when(value)
    return f"{day(last_day(value))} 24:00" if current_lang() == "en" else f"{day(last_day(value))}24:00"


def until_day(value: datetime | None) -> str:
    """Write the last day before a deadline."""
    return "—" if value is None else day(last_day(value))


def day(value: date | datetime | None) -> str:
    """Write a day: 2026年3月18日（周三）; 18 March 2026 in English."""
    if value is None:
        return "—"
    local = beijing(value).date() if isinstance(value, datetime) else value
    if current_lang() == "en":
        return f"{local.day} {MONTHS[local.month - 1]} {local.year}"
    week = "週" if current_lang() == "zh-Hant" else "周"
    return f"{local.year}年{local.month}月{local.day}日（{week}{WEEKDAYS[local.weekday()]}）"


def percent(value: Any, places: int = 1) -> str:
    """Write a fraction as a percentage, rounded half up."""
    if value is None:
        return "—"
    exact = (Decimal(str(value)) * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{exact.normalize() if exact == exact.to_integral() else exact:f}%"


def group(value: str) -> str:
    """Write a code in groups of four."""
    plain = str(value).replace("-", "")
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


FILTERS: Final[dict[str, Callable[..., str]]] = {
    "money": money,
    "yuan": yuan,
    "capitals": capitals,
    "when": when,
    "day": day,
    "until": until,
    "until_day": until_day,
    "percent": percent,
    "group": group,
}
