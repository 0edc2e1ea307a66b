"""Schedules for everybody: the list with its search, and which of them fit a service item."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accounts.gate import public
from agencies.catalogue import reference
from agencies.catalogue.wording import named
from agencies.fees import fitting
from agencies.fees.engine.schedule import Schedule
from agencies.fees.listing import row, today
from agencies.fees.pages import pages
from agencies.fees.wording import said
from core.i18n import gettext as _

FEW_ITEMS = 4


@pages.get("/fees")
@public
def schedules() -> ResponseReturnValue:
    """Show the fee schedules with their legal force today: all, those a search finds, or those that fit an item."""
    typed, code = request.args.get("q", "").strip()[:60], request.args.get("item", "").strip()[:20]
    item = next((one for one in reference.items() if one.code == code), None)
    day = today()
    if item is not None:
        shown = [_fitting(one, day) for one in fitting.schedules_for(item.code)]
        summary = _("“%(item)s”可以参照的收费标准有 %(count)s 个。", item=named(item), count=len(shown))
    else:
        found = fitting.search(typed)
        shown = [_found(one, day) for one in found]
        summary = _("找到 %(count)s 个与“%(text)s”有关的收费标准。", count=len(shown), text=typed) if typed else ""
    return render_template(
        "fees/schedules.html",
        groups=_groups(shown, apart=not typed and item is None),
        typed=typed,
        item=item,
        item_name=named(item) if item is not None else "",
        summary=summary,
        other_documents=fitting.not_kept(item.other_documents) if item is not None else (),
        suggestions=_suggestions() if not shown else (),
    )


def _groups(shown: Sequence[dict[str, Any]], *, apart: bool) -> list[dict[str, Any]]:
    """Return the lines under headings by whose document it is; a search's lines stay one list, the surest first."""
    if not apart:
        return [{"title": "", "schedules": shown}] if shown else []
    titles = [
        (_("全国和广东的文件"), ("municipal", "provincial", "national")),
        (_("行业协会的参考价"), ("association",)),
        (_("外地和来源不明的，只作对照"), ("elsewhere",)),
    ]
    groups = [(title, [one for one in shown if one["of"] in levels]) for title, levels in titles]
    return [{"title": title, "schedules": lines} for title, lines in groups if lines]


def _found(one: Schedule, day: date) -> dict[str, Any]:
    """Return a schedule as a line of the list, with the first items it fits."""
    fits = fitting.items_of(one.id)
    return {
        **row(one, day),
        "of": one.level,
        "items": [{"name": named(fit.item), "url": f"/services/{fit.item.code}"} for fit in fits[:FEW_ITEMS]],
        "more": max(0, len(fits) - FEW_ITEMS),
    }


def _fitting(fit: fitting.Fit, day: date) -> dict[str, Any]:
    """Return a schedule that fits an item; the service meant is chosen already in its calculator."""
    line = {**_found(fit.schedule, day), "service": ""}
    service = next((one for one in fit.schedule.versions[-1].services if one.key == fit.service), None)
    if service is not None:
        line["service"] = said(service.label)
        line["calculate_url"] += "?" + urlencode({"service": service.key})
    return line


def _suggestions() -> Sequence[str]:
    """Return words that find something."""
    return [_("招标代理"), _("监理"), _("环评")]
