"""The page of one schedule: its document, its force on a day, its tables, curves, and the items it fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import public
from agencies.catalogue.wording import named
from agencies.fees import fitting, register
from agencies.fees.csvfile import csv_file
from agencies.fees.curve_view import curve_view
from agencies.fees.engine import exact
from agencies.fees.engine.schedule import Schedule, StatusPeriod, Version
from agencies.fees.listing import asked_day, row, today
from agencies.fees.pages import pages
from agencies.fees.tables import ServiceView, version_tables
from agencies.fees.wording import LEVELS, MARKS, said, status_tag, unit_name
from core.errors import NotFound
from core.i18n import gettext as _


@pages.get("/fees/<string:schedule_id>")
@public
def schedule(schedule_id: str) -> ResponseReturnValue:
    """Show one schedule: its document, its legal force over time and on a day, its tables and curves."""
    found = register.find(schedule_id)
    if found.id != schedule_id:
        return redirect(url_for("fees.schedule", schedule_id=found.id), 301)
    day, wrong = asked_day(request.args.get("on", ""), today())
    page = render_template(
        "fees/schedule.html",
        schedule=row(found, today()),
        facts=_facts(found),
        day=_day_field(day, wrong),
        day_sentence=_day_sentence(found, day),
        on_day=[_period(found, one) for one in found.statuses if _covers(one, day)] if not wrong else [],
        periods=[_period(found, one, today()) for one in found.statuses],
        repeals=[[one.on.isoformat(), one.document, said(one.effect)] for one in found.repeals],
        versions=_versions(found, day),
        items=_items(found),
        notes=[said(one) for one in found.notes],
        source=_source(found),
        form={"errors": [("fee-day", wrong)]} if wrong else None,
    )
    return page, 422 if wrong else 200


@pages.get("/fees/<string:schedule_id>/curve.csv")
@public
def curve_csv(schedule_id: str) -> ResponseReturnValue:
    """Hand out the numbers of one service's curve. Raises NotFound for a service without one."""
    found = register.find(schedule_id)
    version = next((one for one in found.versions if one.key == request.args.get("version")), found.versions[-1])
    key = request.args.get("service", version.services[0].key)
    service = next((one for one in version.services if one.key == key), None)
    drawn = curve_view(found, version, service) if service is not None else None
    if service is None or drawn is None:
        raise NotFound("fee-service-not-found", schedule=found.id, service=key[:80])
    plain = [[cell.replace(",", "") for cell in line] for line in drawn.rows]
    return csv_file(f"curve-{found.id}-{version.key}-{service.key}", drawn.headers, plain)


def _versions(found: Schedule, day: date) -> list[dict[str, Any]]:
    """Return the versions, newest first, with their tables; curves only for the one of the day, to keep pages light."""
    seen: set[str] = set()
    current = found.version_on(day)
    return [
        {
            "title": _("%(document)s，自 %(since)s 起", document=one.document, since=one.since.isoformat()),
            "until": one.until.isoformat() if one.until else "",
            "note": said(one.note) if one.note else "",
            "services": [_service(found, one, view, is_drawn=one is current or len(found.versions) == 1)
                         for view in _views(one, seen)],
            "current": one is current,
        }
        for one in reversed(found.versions)
    ]  # fmt: skip


def _views(version: Version, seen: set[str]) -> Sequence[tuple[int, ServiceView]]:
    return list(enumerate(version_tables(version, seen)))


def _service(found: Schedule, version: Version, view: tuple[int, ServiceView], *, is_drawn: bool) -> Mapping[str, Any]:
    """Return one service with its tables, its mark where it has its own, its curve and its calculator."""
    place, tables = view
    service = version.services[place]
    mark = service.confidence if service.confidence not in {"", found.source.mark} else ""
    label, kind = MARKS.get(mark, (mark, "plain"))
    drawn = curve_view(found, version, service) if is_drawn else None
    csv_url = url_for("fees.curve_csv", schedule_id=found.id, version=version.key, service=service.key)
    return {
        "label": tables.label,
        "tables": [replace(one, clauses=[clause for clause in one.clauses if clause]) for one in tables.tables],
        "mark": (str(label), kind) if mark else None,
        "curve": drawn,
        "csv_url": csv_url if drawn is not None else "",
        "calculate_url": url_for("fees.calculator", schedule_id=found.id, service=service.key),
    }


def _items(found: Schedule) -> list[dict[str, str]]:
    """Return the service items the schedule fits."""
    labels = {one.key: said(one.label) for one in found.versions[-1].services}
    return [
        {"name": named(fit.item), "url": f"/services/{fit.item.code}", "service": labels.get(fit.service, "")}
        for fit in fitting.items_of(found.id)
    ]


def _source(found: Schedule) -> dict[str, Any]:
    label, kind = MARKS.get(found.source.mark, (found.source.mark, "plain"))
    return {"label": label, "kind": kind, "note": said(found.source.note), "places": found.source.places}


def _facts(found: Schedule) -> list[tuple[str, Any]]:
    last = found.repeals[-1] if found.repeals else None
    return [
        (_("文号"), found.document),
        (_("发布机关"), said(found.issuer)),
        (_("适用"), said(found.subject)),
        (_("计费基数"), said(found.charge_base)),
        (_("级别"), str(LEVELS.get(found.level, found.level))),
        (_("计价单位"), unit_name(found.unit)),
        (_("施行日期"), found.in_force_from.isoformat()),
        (_("最后一版到"), found.in_force_to.isoformat() if found.in_force_to else _("没有写明")),
        (_("放开或废止"), _("%(document)s，%(day)s", document=last.document, day=last.on.isoformat())
         if last is not None else _("没有查到放开或废止的文件")),
    ]  # fmt: skip


def _day_field(day: date, error: str) -> dict[str, Any]:
    return {
        "id": "fee-day", "name": "on", "label": _("看哪一天的效力"), "type": "date", "value": day.isoformat(),
        "hint": _("填签约、招标或收费的那一天"), "error": error,
    }  # fmt: skip


def _day_sentence(found: Schedule, day: date) -> str:
    """Say which version a day falls under."""
    version = found.version_on(day)
    if version is None:
        return _("这个标准自 %(since)s 起施行，%(day)s 还没有生效。", since=found.in_force_from.isoformat(),
                 day=day.isoformat())  # fmt: skip
    applied = _("%(day)s 适用 %(document)s 的表格。", day=day.isoformat(), document=version.document)
    ended = [one for one in found.repeals if one.on <= day]
    if not ended:
        return applied
    return _("%(day)s 时，它已自 %(since)s 起由 %(document)s 放开或改动；表格作参考，效力看下表。", day=day.isoformat(),
             since=ended[-1].on.isoformat(), document=ended[-1].document)  # fmt: skip


def _covers(one: StatusPeriod, day: date) -> bool:
    return one.since <= day and (one.until is None or day <= one.until)


def _period(found: Schedule, one: StatusPeriod, now: date | None = None) -> list[Any]:
    """Return one period of legal force as a row of a table; ``now`` marks the periods that hold today."""
    label, kind = status_tag(one.status)
    until = one.until.isoformat() if one.until else _("今")
    span = _("%(since)s 至 %(until)s", since=one.since.isoformat(), until=until)
    held = _("今天适用") if now is not None and _covers(one, now) else ""
    return [{"text": span, "note": held}, {"text": label, "kind": kind}, _scope(found, one), said(one.citation)]


def _scope(found: Schedule, one: StatusPeriod) -> str:
    """Say what a period is limited to: who pays, which services, what size."""
    labels = {service.key: said(service.label) for version in found.versions for service in version.services}
    said_parts = [{"government": _("政府投资"), "social": _("非政府投资")}.get(one.funding, "")]
    said_parts += [labels.get(key, key) for key in one.services]
    unit = unit_name(one.unit)
    if one.at_least is not None:
        said_parts.append(_("%(amount)s %(unit)s以上", amount=exact.text(one.at_least), unit=unit))
    if one.below is not None:
        said_parts.append(_("不到 %(amount)s %(unit)s", amount=exact.text(one.below), unit=unit))
    return _("，").join(part for part in said_parts if part) or _("全部")
