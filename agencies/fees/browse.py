"""Schedules for everybody: the list, one schedule with its tables, and the calculator at a shareable address."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.gate import public, works
from agencies.fees import register
from agencies.fees.calculator import AMOUNT, Answers, Calculator, open_calculator, service_choices
from agencies.fees.engine.schedule import Schedule, StatusPeriod
from agencies.fees.pages import pages
from agencies.fees.presentation import calculation_view
from agencies.fees.tables import version_tables
from agencies.fees.wording import LEVELS, MARKS, said, status_tag
from core.clock import beijing_day
from core.i18n import gettext as _


@pages.get("/fees")
@public
def schedules() -> ResponseReturnValue:
    """Show every fee schedule with its legal force today."""
    today = _today()
    return render_template("fees/schedules.html", schedules=[_row(one, today) for one in register.SCHEDULES.values()])


@pages.get("/fees/<string:schedule_id>")
@public
def schedule(schedule_id: str) -> ResponseReturnValue:
    """Show one schedule: its document, its legal force over time, and its tables."""
    found, today = register.find(schedule_id), _today()
    if found.id != schedule_id:
        return redirect(url_for("fees.schedule", schedule_id=found.id), 301)
    seen: set[str] = set()
    versions = [
        {
            "title": _("%(document)s，自 %(since)s 起", document=one.document, since=one.since.isoformat()),
            "until": one.until.isoformat() if one.until else "",
            "note": said(one.note) if one.note else "",
            "services": version_tables(one, seen),
            "current": one is found.version_on(today),
        }
        for one in reversed(found.versions)
    ]
    label, kind = MARKS.get(found.source.mark, (found.source.mark, "plain"))
    return render_template(
        "fees/schedule.html",
        schedule=_row(found, today),
        facts=_facts(found),
        periods=[_period(one, today) for one in found.statuses],
        repeals=[[one.on.isoformat(), one.document, said(one.effect)] for one in found.repeals],
        versions=versions,
        notes=[said(one) for one in found.notes],
        source={"label": label, "kind": kind, "note": said(found.source.note), "places": found.source.places},
    )


@pages.get("/fees/calculate")
@public
def calculate() -> ResponseReturnValue:
    """Send a reader who names a schedule and an amount to that schedule's calculator."""
    document = request.args.get("schedule", "").strip()
    if not document:
        return redirect(url_for("fees.schedules"), 303)
    found = register.find(document)
    amount = request.args.get(AMOUNT, "").strip()[:60]
    return redirect(url_for("fees.calculator", schedule_id=found.id, amount=amount or None), 303)


@pages.get("/fees/<string:schedule_id>/calculate")
@public
def calculator(schedule_id: str) -> ResponseReturnValue:
    """Show the calculator; with answers in the address, the fee worked step by step."""
    found, today = register.find(schedule_id), _today()
    day, day_error = _asked_day(today)
    strict = "on" in request.args
    made = open_calculator(found, day, Answers(request.args.to_dict(flat=False)), strict=strict)
    if day_error:
        made.errors.insert(0, ("fee-on", day_error))
        made.calculation = None
    page = render_template(
        "fees/calculator.html",
        schedule=_row(found, today),
        made=made,
        form={"errors": made.errors} if made.errors else None,
        choices=service_choices(made.version),
        day=_day_field(day, day_error),
        result=_result(made),
        version=made.version.document,
    )
    return page, 422 if made.errors else 200


def _today() -> date:
    return beijing_day(works().clock.now())


def _asked_day(today: date) -> tuple[date, str]:
    """Return the day asked for, and what is wrong with it."""
    text = request.args.get("on", "").strip()
    if not text:
        return today, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return today, _("日期写成 2026-03-18 的样子。")


def _day_field(day: date, error: str) -> dict[str, Any]:
    return {
        "id": "fee-on", "name": "on", "label": _("按哪一天的规定算"), "type": "date", "value": day.isoformat(),
        "hint": _("标准改过或放开过，不同日子结果和效力不同"), "error": error,
    }  # fmt: skip


def _result(made: Calculator) -> Any:
    if made.calculation is None:
        return None
    share = f"{url_for('fees.calculator', schedule_id=made.schedule.id)}?{urlencode(made.carry)}"
    return calculation_view(made.calculation, readings=made.readings, title=_("计算结果"), share_url=share)


def _row(found: Schedule, today: date) -> dict[str, Any]:
    """Return a schedule as a row: names, dates, its legal force today."""
    period = found.status_on(today)
    return {
        "id": found.id,
        "title": said(found.title),
        "document": found.document,
        "issuer": said(found.issuer),
        "subject": said(found.subject),
        "level": str(LEVELS.get(found.level, found.level)),
        "since": found.in_force_from.isoformat(),
        "tag": status_tag(period.status) if period else (_("尚未施行"), "plain"),
        "citation": said(period.citation) if period else "",
        "url": url_for("fees.schedule", schedule_id=found.id),
        "calculate_url": url_for("fees.calculator", schedule_id=found.id),
    }


def _facts(found: Schedule) -> list[tuple[str, Any]]:
    return [
        (_("文号"), found.document),
        (_("发布机关"), said(found.issuer)),
        (_("适用"), said(found.subject)),
        (_("计费基数"), said(found.charge_base)),
        (_("级别"), str(LEVELS.get(found.level, found.level))),
        (_("施行日期"), found.in_force_from.isoformat()),
    ]


def _period(one: StatusPeriod, today: date) -> list[Any]:
    """Return one period of legal force as a row of the table."""
    label, kind = status_tag(one.status)
    until = one.until.isoformat() if one.until else _("今")
    funding = {"government": _("政府投资"), "social": _("非政府投资")}.get(one.funding, _("全部"))
    current = one.since <= today and (one.until is None or today <= one.until)
    span = _("%(since)s 至 %(until)s", since=one.since.isoformat(), until=until)
    return [
        {"text": span, "note": _("今天适用") if current else ""},
        {"text": label, "kind": kind},
        funding,
        said(one.citation),
    ]
