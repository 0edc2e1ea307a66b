"""A schedule's own tables as a page shows them: rates, points, brackets, coefficients, each with its clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from agencies.fees.engine import exact
from agencies.fees.engine.adjustments import Additions, Clamp, Extra, Factor, FactorSum, Float, Split
from agencies.fees.engine.charges import Bands, CappedShare, PartsTotal, Rate, UnitPrice
from agencies.fees.engine.operations import Operation, written_rate
from agencies.fees.engine.price_list import PriceList
from agencies.fees.engine.schedule import Choice, Service, Version
from agencies.fees.engine.tables import Brackets, End, FixedEnd, Interpolate, LineEnd, RangeEnd, RateEnd
from agencies.fees.plain_tables import plain_table
from agencies.fees.presentation import clause_anchor
from agencies.fees.price_tables import coefficients, headers, rows
from agencies.fees.wording import said, unit_name
from core.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class TableView:
    """One table or rule of a version: title, where it stands, and rows; ``anchors`` are the ids its clauses have."""

    title: str
    clauses: Sequence[str]
    anchors: Sequence[str]
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One service of a version with its tables."""

    label: str
    tables: Sequence[TableView]


def version_tables(version: Version, seen: set[str] | None = None) -> list[ServiceView]:
    """Return the tables of every service of a version; a clause's id is given out once a page (``seen``)."""
    given_out = set() if seen is None else seen
    return [
        ServiceView(said(one.label), [_table(operation, one, given_out) for operation in one.operations])
        for one in version.services
    ]


def _table(operation: Operation, service: Service, seen: set[str]) -> TableView:
    headers, rows, lines = _content(operation, service)
    ends = list(_ends(operation))
    clauses = list(dict.fromkeys([operation.clause, *(one.clause for one in ends)]))
    anchors = [clause_anchor(clause) for clause in clauses if clause]
    fresh = [anchor for anchor in anchors if anchor not in seen]
    seen.update(fresh)
    said_ends = [_end(one, service) for one in ends]
    return TableView(said(operation.label), clauses, fresh, headers, rows, [*lines, *said_ends])


_Content = tuple[Sequence[str], Sequence[Sequence[str]], Sequence[str]]


def _content(operation: Operation, service: Service) -> _Content:
    draw = _DRAWN.get(type(operation))
    return draw(operation, service) if draw is not None else plain_table(operation, service)


def _bands(one: Bands, service: Service) -> _Content:
    unit = unit_name(service.unit)
    columns = _choices(service, one.column) if one.column else {}
    names = [columns.get(key, key) for key in one.rates] if one.column else [_("费率")]
    rows = []
    for index in range(len(one.uppers) + 1):
        low = one.uppers[index - 1] if index else None
        high = one.uppers[index] if index < len(one.uppers) else None
        rows.append([_span(low, high), *(written_rate(rates[index], one.mark) for rates in one.rates.values())])
    return [_("分档（%(unit)s）", unit=unit), *names], rows, ()


def _interpolate(one: Interpolate, service: Service) -> _Content:
    base = service.field(one.base) if one.base in {field.name for field in service.fields} else None
    head = said(base.label) if base is not None else _("计费额")
    unit = unit_name(base.unit if base is not None else service.unit)
    headers = [
        _("%(label)s（%(unit)s）", label=head, unit=unit),
        _("收费（%(unit)s）", unit=unit_name(service.unit)),
    ]
    return headers, [[exact.text(x), exact.text(y)] for x, y in one.points], [_("两档之间用直线内插法。")]


def _brackets(one: Brackets, service: Service) -> _Content:
    unit = unit_name(service.unit)
    rows = []
    for index, row in enumerate(one.rows):
        above = row.above if index else None
        following = one.rows[index + 1].above if index + 1 < len(one.rows) else None
        if one.ranges:
            fee = _span(row.low, row.high)
        else:
            fee = exact.text(row.low)
            if row.rate:
                fee = _("%(base)s，超过部分加 %(rate)s", base=fee, rate=written_rate(row.rate, one.mark))
        rows.append([_span(above, following), fee])
    return [_("分档（%(unit)s）", unit=unit), _("收费（%(unit)s）", unit=unit)], rows, ()


def _factor(one: Factor | FactorSum | Additions, service: Service) -> _Content:
    mark = getattr(one, "mark", "")
    return [_("选项"), _("系数")], [_coefficient(choice, mark) for choice in service.field(one.field).choices], ()


def _split(one: Split, service: Service) -> _Content:
    kinds, stages = _choices(service, one.row), _choices(service, one.columns_field)
    headers = [_("类别"), *(stages.get(key, key) for key in one.columns)]
    return headers, [[kinds.get(key, key), *(written_rate(x, "%") for x in row)] for key, row in one.shares.items()], ()


def _float(one: Float, _service: Service) -> _Content:
    if one.maximum:
        return (), (), [_("结果是最高价，可以更低。")]
    down, up = written_rate(one.low, "%"), written_rate(one.high, "%")
    return (), (), [_("下浮不超过 %(down)s，上浮不超过 %(up)s。", down=down, up=up)]


def _clamp(one: Clamp, service: Service) -> _Content:
    unit = unit_name(service.unit)
    names = _choices(service, one.column) if one.column else {}
    lines = []
    if one.least is not None:
        lines.append(_("最低 %(amount)s %(unit)s。", amount=exact.text(one.least), unit=unit))
    for key, most in one.most.items():
        amount = exact.text(most)
        lines.append(
            _("%(name)s最高 %(amount)s %(unit)s。", name=names.get(key, key), amount=amount, unit=unit)
            if key
            else _("最高 %(amount)s %(unit)s。", amount=amount, unit=unit)
        )
    return (), (), lines


def _rate(one: Rate, _service: Service) -> _Content:
    return (), (), [_("按 %(rate)s 计。", rate=written_rate(one.rate, one.mark))]


def _unit_price(one: UnitPrice, service: Service) -> _Content:
    counted = service.field(one.quantity)
    price = _("每%(unit)s %(price)s %(money)s。", unit=unit_name(counted.unit), price=exact.text(one.price),
              money=unit_name(service.unit))  # fmt: skip
    return (), (), [price]


def _price_list(one: PriceList, service: Service) -> _Content:
    listed = service.field(one.lines)
    lines = [_("%(name)s：系数 %(number)s", name=name, number=number) for name, number in coefficients(listed)]
    return headers(), rows(listed), lines


def _extra(one: Extra, service: Service) -> _Content:
    counted = service.field(one.quantity)
    return (), (), [_("每%(unit)s加 %(rate)s。", unit=unit_name(counted.unit), rate=written_rate(one.rate, one.mark))]


def _parts(_one: PartsTotal, _service: Service) -> _Content:
    return (), (), [_("各标段金额相加。")]


def _capped(one: CappedShare, _service: Service) -> _Content:
    return (
        (),
        (),
        [_("设备购置费和联合试运转费占合计 %(share)s 以上的部分另按文件折算。", share=written_rate(one.share, "%"))],
    )


_DRAWN: Final[Mapping[type[Any], Callable[[Any, Service], _Content]]] = {
    Bands: _bands, Interpolate: _interpolate, Brackets: _brackets, Factor: _factor, FactorSum: _factor,
    Additions: _factor, Split: _split, Float: _float, Clamp: _clamp, Rate: _rate, UnitPrice: _unit_price,
    Extra: _extra, PartsTotal: _parts, CappedShare: _capped,
    PriceList: _price_list,
}  # fmt: skip


def _ends(operation: Operation) -> Iterator[End]:
    """Yield what holds outside a table's first and last row."""
    if isinstance(operation, Interpolate):
        yield from operation.below.values()
        yield operation.above


def _end(end: End, service: Service) -> str:
    """Say what one end comes to."""
    label, unit = said(end.label), unit_name(service.unit)
    if isinstance(end, RateEnd):
        return _("%(label)s：按全额的 %(rate)s。", label=label, rate=written_rate(end.rate, end.mark))
    if isinstance(end, FixedEnd):
        return _("%(label)s：%(amount)s %(unit)s。", label=label, amount=exact.text(end.value), unit=unit)
    if isinstance(end, RangeEnd):
        return _("%(label)s：%(span)s %(unit)s，在区间内商定。", label=label, span=_span(end.low, end.high), unit=unit)
    if isinstance(end, LineEnd):
        x, y = exact.text(end.x), exact.text(end.y)
        return _("%(label)s：从点（%(x)s，%(y)s）起直线内插。", label=label, x=x, y=y)
    return _("%(label)s：文件没有给出数额，由双方商定。", label=label)


def _span(low: Fraction | None, high: Fraction | None) -> str:
    """Write a span of a table: up to, between, above."""
    if low is None or (low == 0 and high is not None):
        return _("%(high)s 以下", high=exact.text(high or Fraction(0)))
    if high is None:
        return _("%(low)s 以上", low=exact.text(low))
    return _("%(low)s–%(high)s", low=exact.text(low), high=exact.text(high))


def _choices(service: Service, name: str) -> Mapping[str, str]:
    return {one.key: said(one.label) for one in service.field(name).choices}


def _coefficient(choice: Choice, mark: str) -> list[str]:
    """Write a named choice with its coefficient, or the range it lies in."""
    if choice.negotiated:
        return [said(choice.label), _("由双方协商")]
    if choice.value is not None:
        return [said(choice.label), f"{exact.text(choice.value)}{mark}"]
    if choice.low is not None and choice.high is not None:
        return [said(choice.label), f"{exact.text(choice.low)}{mark}–{exact.text(choice.high)}{mark}"]
    return [said(choice.label), "—"]
