"""Figures as pages show them: what to draw, the conclusion in one sentence, the table, and where the rows are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from accounts.reference import divisions
from accounts.wording import town_names
from admin.performance import queries, rules, wording
from admin.performance.queries import Delivered
from admin.performance.rules import STEPS, RowSet, Slice
from core.clock import beijing_day
from core.i18n import gettext as _
from core.work import Work
from marketplace.contracts.models import Contract

TILE_LETTERS: Final = 9
ROWS: Final = "/performance/rows"


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture: its parts for the chart, a conclusion, and the same numbers as a table; ``plain`` goes to CSV."""

    name: str
    title: str
    conclusion: str
    parts: Sequence[Any]
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    plain: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of the histogram of price ÷ benchmark."""

    low: Any
    high: Any
    count: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One town of the tile grid, as the charts draw it."""

    name: str
    row: int
    column: int
    value: Any
    text: str
    few: bool
    url: str | None


def rows_url(chosen: RowSet, part: Slice, **more: Any) -> str:
    """Return the address of the rows behind a figure."""
    asked: dict[str, Any] = {"of": str(chosen), "months": part.months, "item": part.item_code, "town": part.town_code}
    asked["agency"] = part.agency_id
    asked |= more
    return f"{ROWS}?{urlencode({key: value for key, value in asked.items() if value not in (None, '')})}"


def ratios(work: Work, part: Slice) -> Figure:
    """Draw price ÷ benchmark as a histogram over the former float of 20 %, for reference."""
    counts = rules.fill_bins(queries.ratio_counts(work.session, part))
    total = sum(count for _number, count in counts)
    low, high = rules.BAND
    inside = sum(count for number, count in counts if low <= rules.bin_low(number) < high)
    bins = [Bin(rules.bin_low(number), rules.bin_low(number + 1), count) for number, count in counts]
    if total:
        conclusion = _(
            "%(total)s 份可比合同中，%(inside)s 份在原标准上下 20%% 之间，%(outside)s 份在外。",
            total=total,
            inside=inside,
            outside=total - inside,
        )
    else:
        conclusion = _("这段时间没有可与原收费标准相比的合同。")
    return Figure(
        "ratios",
        _("成交价与基准价之比"),
        conclusion,
        bins,
        [_("比值从"), _("到"), _("合同数")],
        [
            [f"{one.low:.2f}", f"{one.high:.2f}", _linked(one.count, rows_url(RowSet.PRICED, part, bin=number))]
            for (number, _count), one in zip(counts, bins, strict=True)
        ],
        [[one.low, one.high, one.count] for one in bins],
    )


def months(work: Work, part: Slice) -> Figure:
    """Draw the on-time share by month against the target; a month under eight leaves a gap."""
    found = queries.delivered_by_month(work.session, part)
    starts = rules.month_starts(beijing_day(part.until), part.months)
    rows = [(start, found.get(f"{start:%Y-%m}") or Delivered(None, 0, 0)) for start in starts]
    shown = [(start, one) for start, one in rows if one.accepted >= rules.FEWEST_FOR_QUARTILES]
    under = [start for start, one in shown if one.on_time * 100 < rules.ON_TIME_TARGET * one.accepted]
    drawn = {start: rules.percent(one.on_time, one.accepted) for start, one in shown}
    return Figure(
        "months",
        _("准时交付率"),
        _months_conclusion(shown, under),
        [(_month_label(start), drawn.get(start)) for start, _one in rows],
        [_("月份"), _("验收合同"), _("准时"), _("准时率")],
        [
            [
                f"{start:%Y-%m}",
                _linked(one.accepted, rows_url(RowSet.ACCEPTED, part, month=f"{start:%Y-%m}")),
                one.on_time,
                rules.share(one.on_time, one.accepted),
            ]
            for start, one in rows
        ],
        [[f"{start:%Y-%m}", one.accepted, one.on_time] for start, one in rows],
    )


def _months_conclusion(shown: Sequence[tuple[date, Delivered]], under: Sequence[date]) -> Any:
    if not shown:
        return _("每月验收的合同都不足 8 份，不画准时率。")
    return _(
        "%(months)s 个有足够合同的月份里，%(good)s 个月达到 %(target)s%%。",
        months=len(shown),
        good=len(shown) - len(under),
        target=rules.ON_TIME_TARGET,
    )


def _month_label(start: date) -> Any:
    return _("%(month)s月", month=start.month)


def towns(work: Work, part: Slice, own_town: str | None) -> Figure:
    """Draw the share of late contracts of every town as tiles; rows are linked where the reader may see them."""
    from_everywhere = Slice(part.since, part.until, part.months, item_code=part.item_code)
    found = queries.delivered_by(work.session, from_everywhere, Contract.town_code)
    names = town_names()
    tiles, rows, plain = [], [], []
    top, left = min(one.row for one in divisions()), min(one.col for one in divisions())
    for one in divisions():
        figures = found.get(one.code) or Delivered(one.code, 0, 0)
        late = figures.accepted - figures.on_time
        link = rows_url(RowSet.ACCEPTED, from_everywhere, town=one.code) if own_town in {None, one.code} else None
        enough = figures.accepted >= rules.FEWEST_FOR_QUARTILES
        tiles.append(
            Tile(
                _short(names[one.code]),
                one.row - top,
                one.col - left,
                rules.percent(late, figures.accepted) if enough else None,
                rules.share(late, figures.accepted),
                figures.accepted < rules.FEWEST_FOR_PERCENT,
                link if figures.accepted else None,
            )
        )
        if figures.accepted:
            count = _linked(figures.accepted, link)
            rows.append([names[one.code], count, late, rules.share(late, figures.accepted)])
        plain.append([one.code, names[one.code], figures.accepted, late])
    return Figure(
        "towns",
        _("各镇街迟交比例"),
        _towns_conclusion(tiles),
        tiles,
        [_("镇街"), _("验收合同"), _("迟交"), _("迟交比例")],
        rows,
        plain,
    )


def _short(name: str) -> str:
    """Shorten a town's name to what a tile holds."""
    for ending in ("街道", "镇", " Subdistrict", " Town"):
        name = name.removesuffix(ending)
    return name.removeprefix("东莞")[:TILE_LETTERS]


def _towns_conclusion(tiles: Sequence[Tile]) -> Any:
    enough = [tile for tile in tiles if tile.value is not None]
    if not enough:
        return _("方格按地理位置排列，不是地图。各镇街验收的合同都不足 8 份，不作比较。")
    worst = max(enough, key=lambda tile: tile.value)
    if not worst.value:
        return _("方格按地理位置排列，不是地图；斜线表示不足 20 份。满 8 份合同的镇街都没有迟交。")
    return _(
        "方格按地理位置排列，不是地图；斜线表示不足 20 份。最高：%(town)s %(share)s。",
        town=worst.name,
        share=worst.text,
    )


def funnel(work: Work, part: Slice) -> Figure:
    """Draw how many needs reach each step from published to rated."""
    counts = queries.funnel(work.session, part, STEPS)
    names = [str(wording.ROW_SETS[step]) for step in STEPS]
    steps = list(zip(names, counts, strict=True))
    drops = [(counts[place] - counts[place + 1], place) for place in range(len(counts) - 1)]
    lost, place = max(drops, default=(0, 0))
    if lost:
        conclusion = _(
            "落差最大在“%(step)s→%(next)s”：%(lost)s 件还没有走到。",
            step=names[place],
            next=names[place + 1],
            lost=lost,
        )
    else:
        conclusion = _("这段时间发布的需求都走到了最后一步。") if counts[0] else _("这段时间没有发布需求。")
    return Figure(
        "funnel",
        _("从发布到评价"),
        conclusion,
        steps,
        [_("步骤"), _("件数"), _("占上一步")],
        [
            [
                name,
                _linked(count, rows_url(step, part)),
                rules.share(count, counts[place - 1]) if place else "—",
            ]
            for place, (step, name, count) in enumerate(zip(STEPS, names, counts, strict=True))
        ],
        [[str(step), count] for step, count in zip(STEPS, counts, strict=True)],
    )


def summary(work: Work, part: Slice) -> dict[str, Any]:
    """Return the four figures at the head of the dashboard, held back where few stand behind them."""
    delivered = queries.delivered_total(work.session, part)
    all_ratios = queries.ratios_by(work.session, part).get(0)
    days = queries.days_to_award(work.session, part).get(0)
    return {
        "signed": queries.signed_total(work.session, part),
        "accepted": delivered.accepted,
        "on_time": delivered.on_time,
        "ratio_n": all_ratios.n if all_ratios else 0,
        "ratio": rules.quartiles_of(all_ratios),
        "days_n": days.n if days else 0,
        "days": rules.quartiles_of(days),
        "open_cases": queries.open_case_count(work.session, part.town_code),
    }


def _linked(count: int, url: str | None) -> Mapping[str, Any] | int:
    return {"text": str(count), "url": url} if count and url else count
