"""Agencies side by side: price, punctuality, ratings, papers, and whether they may take the job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agencies.catalogue.models import ServiceItem
from agencies.registration import cards, hooks, queries
from agencies.registration.hooks import FeePanel, ShownPrice
from agencies.registration.models import Agency, Qualification
from agencies.registration.refusals import explain
from core.clock import beijing_day
from core.i18n import gettext as _
from core.work import Work


def compare(
    work: Work, agencies: Sequence[Agency], item: ServiceItem | None, panel: FeePanel
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return columns and groups of rows as ``compare_table`` draws them; the best cell of a row carries a word."""
    today, ids = beijing_day(work.clock.now()), [one.id for one in agencies]
    columns = [
        {"name": one.name, "url": f"/agencies/{one.id}", "note": cards.town_name(one.town_code)} for one in agencies
    ]
    groups = [_work(agencies), _ratings(agencies), _papers(work, agencies, today)]
    if item is not None:
        prices = hooks.price_book().prices(work, item.code, ids, work.clock.now(), panel.calculation)
        groups.insert(0, _prices(ids, prices))
        groups.append(_fitness(work, agencies, item, today))
    return columns, groups


def _row(label: str, texts: Sequence[str], words: Sequence[str] = (), notes: Sequence[str] = ()) -> dict[str, Any]:
    cells = [
        {"text": text, "best": words[place] if words else "", "note": notes[place] if notes else ""}
        for place, text in enumerate(texts)
    ]
    return {"label": label, "cells": cells}


def _prices(ids: Sequence[int], prices: Mapping[int, ShownPrice]) -> dict[str, Any]:
    amounts = [prices[one].amount if one in prices else None for one in ids]
    rows = [
        _row(
            _("按您的数据计"),
            [_("%(amount)s 元", amount=one) if one is not None else "—" for one in amounts],
            cards.best(amounts, _("最低"), min),
        ),
        _row(_("公示收费"), [prices[one].label if one in prices else _("没有公示") for one in ids]),
    ]
    return {"label": _("价格"), "rows": rows}


def _work(agencies: Sequence[Agency]) -> dict[str, Any]:
    punctual = [cards.on_time(one) for one in agencies]
    shares = [one.on_time_milli for one in agencies]
    rows = [
        _row(
            _("准时交付"),
            [one["value"] for one in punctual],
            cards.best(shares, _("最高"), max),
            [one["note"] for one in punctual],
        ),
        _row(_("签过的合同"), [str(one.contracts_n) for one in agencies]),
    ]
    return {"label": _("履约"), "rows": rows}


def _ratings(agencies: Sequence[Agency]) -> dict[str, Any]:
    means = [cards.stars(one.standing_milli) for one in agencies]
    lows = [one.standing_low_milli for one in agencies]
    spans = [_span(one) for one in agencies]
    rows = [
        _row(
            _("评分"),
            [f"{one:.1f}" if one is not None else _("暂无等级") for one in means],
            cards.best(lows, _("下限最高"), max),
            spans,
        ),
        _row(_("评价条数"), [str(one.ratings_n) for one in agencies]),
        _row(_("信用等级"), [cards.grade_name(one.grade) for one in agencies]),
    ]
    return {"label": _("评价"), "rows": rows}


def _span(agency: Agency) -> str:
    low, high = cards.stars(agency.standing_low_milli), cards.stars(agency.standing_high_milli)
    return "" if low is None or high is None else _("可信区间 %(low)s—%(high)s", low=f"{low:.1f}", high=f"{high:.1f}")


def _papers(work: Work, agencies: Sequence[Agency], today: date) -> dict[str, Any]:
    held = [queries.qualifications_of(work.session, one.id) for one in agencies]
    people = queries.practitioner_counts(work.session, [one.id for one in agencies])
    rows = [
        _row(_("有效资质"), [str(sum(_runs(row, today) for row in rows)) for rows in held]),
        _row(_("最早到期"), [_first_end(rows, today) for rows in held]),
        _row(_("执业人员"), [_("%(count)s 人", count=people.get(one.id, 0)) for one in agencies]),
    ]
    return {"label": _("资格"), "rows": rows}


def _runs(row: Qualification, today: date) -> bool:
    return row.valid_to is None or row.valid_to >= today


def _first_end(rows: Sequence[Qualification], today: date) -> str:
    ends = [row.valid_to for row in rows if row.valid_to is not None and row.valid_to >= today]
    return min(ends).isoformat() if ends else _("长期")


def _fitness(work: Work, agencies: Sequence[Agency], item: ServiceItem, today: date) -> dict[str, Any]:
    cells = []
    for one in agencies:
        found = queries.eligible(work.session, one.id, item.code, today)
        said = _("；").join(explain(found))
        cells.append(
            {"text": _("可以承接") if found.ok else _("现在不能"), "kind": "ok" if found.ok else "bad", "note": said}
        )
    return {"label": _("能否承接"), "rows": [{"label": _("资质与登记"), "cells": cells}]}
