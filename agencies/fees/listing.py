"""A schedule as one line: names, dates and its legal force, for lists and for the head of its pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for

from accounts.gate import works
from agencies.fees.engine.schedule import Schedule
from agencies.fees.wording import LEVELS, said, status_tag
from core.clock import beijing_day
from core.i18n import gettext as _


def today() -> date:
    """Return the day it is in Beijing."""
    return beijing_day(works().clock.now())


def asked_day(text: str, usual: date) -> tuple[date, str]:
    """Return the day asked for, the usual one for none, and what is wrong with it."""
    written = text.strip()
    if not written:
        return usual, ""
    try:
        return date.fromisoformat(written), ""
    except ValueError:
        return usual, _("日期写成 2026-03-18 的样子。")


def row(found: Schedule, on: date) -> dict[str, Any]:
    """Return a schedule as a row: names, dates, its legal force on a day."""
    period = found.status_on(on)
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
