"""A curve as a page draws it: lines and ticks for the picture, a conclusion, and the numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from agencies.fees.curves import Curve, Line, curve
from agencies.fees.engine import exact
from agencies.fees.engine.schedule import Kind, Schedule, Service, Version
from agencies.fees.wording import said, unit_name
from core.i18n import current_lang
from core.i18n import gettext as _
from core.money import Money

SCALES: Final = {
    "en": ((10**9, "bn"), (10**6, "m"), (10**3, "k")),
    "zh-Hant": ((10**8, "億"), (10**4, "萬")),
}
HANS: Final = ((10**8, "亿"), (10**4, "万"))
MOST_TICKS: Final = 6


@dataclass(frozen=True, slots=True)
class CurveView:
    """One curve for ``charts.curve`` and ``figure``; the ends of the first line for the conclusion."""

    title: str
    base: str
    lines: Sequence[tuple[str, Sequence[tuple[float, float]]]]
    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[tuple[float, str]]
    assumed: str
    first: str
    ends: tuple[Money | str, Money | str, Money, Money]
    shares: tuple[str, str]
    """The fee as a percentage of its base at both ends; empty where the base is no money."""
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


def curve_view(schedule: Schedule, version: Version, service: Service) -> CurveView | None:
    """Return a service's curve in the reader's language; None where it has none."""
    found = curve(schedule, version, service)
    if found is None:
        return None
    drawn = [(_name(line), _spots(found, line)) for line in found.lines]
    drawn = [(name, spots) for name, spots in drawn if len(spots) > 1]
    if not drawn:
        return None
    first = [one for one in found.lines[0].points if one.fee is not None and one.fee.fen > 0]
    start, end = first[0], first[-1]
    headers, rows = _table(found)
    return CurveView(
        title=_("收费随%(base)s变化", base=said(found.base.label)),
        base=said(found.base.label),
        lines=drawn,
        x_ticks=_ticks([x for _name, spots in drawn for x, _y in spots]),
        y_ticks=_ticks([y for _name, spots in drawn for _x, y in spots]),
        assumed=_assumed(found),
        first=_name(found.lines[0]),
        ends=(_base(found, start.base), _base(found, end.base), start.fee or Money(0), end.fee or Money(0)),
        shares=(share(start.fee, found.money(start.base)), share(end.fee, found.money(end.base))),
        headers=headers,
        rows=rows,
    )


def share(fee: Money | None, base: Money | None) -> str:
    """Write a fee as a percentage of its base, two decimals; empty where there is none."""
    if fee is None or base is None or base.fen <= 0:
        return ""
    return str(exact.rounded(Fraction(fee.fen * 100, base.fen), 2))


def _base(found: Curve, base: Fraction) -> Money | str:
    """Return a base as money, or in words with its unit."""
    money = found.money(base)
    if money is not None:
        return money
    return _("%(value)s %(unit)s", value=exact.text(base), unit=unit_name(found.base.unit))


def _name(line: Line) -> str:
    return said(line.choice.label) if line.choice is not None else ""


def _spots(found: Curve, line: Line) -> list[tuple[float, float]]:
    """Return the points that can stand on logarithmic axes, in yuan."""
    return [
        (float(found.size(one.base)), one.fee.fen / 100)
        for one in line.points
        if one.fee is not None and one.fee.fen > 0
    ]


def _ticks(values: Sequence[float]) -> list[tuple[float, str]]:
    """Return the powers of ten within the values, not too many, with their words in yuan."""
    low, high = min(values), max(values)
    marks = [10**power for power in range(-1, 15) if low * 0.999 <= 10**power <= high * 1.001]
    if not marks:
        marks = [round(low) or 1]
    every = -(-len(marks) // MOST_TICKS)
    return [(float(mark), _words(mark)) for mark in marks[::every]]


def _words(yuan: float) -> str:
    """Write a round number of yuan short: 100万, 1亿; 1m in English."""
    for size, name in SCALES.get(current_lang(), HANS):
        if yuan >= size:
            return f"{yuan / size:g}{name}"
    return f"{yuan:g}"


def _assumed(found: Curve) -> str:
    """Say what had to be chosen to draw the curve."""
    return _("；").join(
        _("%(label)s：%(value)s", label=said(one.label), value=said(choice.label)) for one, choice in found.assumed
    )


def _table(found: Curve) -> tuple[list[str], list[list[str]]]:
    """Return the fee at the table's own rows, in yuan: a column a line, or the range of the only line."""
    wanted = set(found.edges) or {one.base for one in found.lines[0].points}
    unit = unit_name("元" if found.base.kind is Kind.AMOUNT else found.base.unit)
    base = _("%(label)s（%(unit)s）", label=said(found.base.label), unit=unit)
    by_base = [{one.base: one for one in line.points} for line in found.lines]
    bases = sorted(one for one in wanted if any(one in points for points in by_base))
    if len(found.lines) == 1:
        headers = [base, _("收费（元）"), _("下限（元）"), _("上限（元）")]
        points = [by_base[0][one] for one in bases]
        cells = [[_cell(found, one.base), one.fee, one.low, one.high] for one in points]
        if all(one.low in {one.fee, None} and one.high in {one.fee, None} for one in points):
            headers, cells = headers[:2], [row[:2] for row in cells]
    else:
        headers = [base, *(_("%(label)s（元）", label=_name(line)) for line in found.lines)]
        cells = [[_cell(found, one), *(points[one].fee if one in points else None for points in by_base)]
                 for one in bases]  # fmt: skip
    return headers, [["—" if cell is None else str(cell) for cell in row] for row in cells]


def _cell(found: Curve, base: Fraction) -> Money | str:
    """Return a base as a table writes it: the unit stands in the head."""
    return found.money(base) or exact.text(base)
