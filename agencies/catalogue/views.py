"""Pages of the catalogue: every service item, by approval stage or by department."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from accounts.gate import public, reading
from accounts.reference import departments
from agencies.catalogue import necessity, queries, wording
from agencies.catalogue.models import ServiceItem
from agencies.catalogue.pages import pages

__all__ = ["necessity", "pages"]


@pages.get("/services")
@public
def index() -> ResponseReturnValue:
    """Show the catalogue in groups: by stage unless the reader asks for departments."""
    by = "department" if request.args.get("by") == "department" else "stage"
    with reading() as work:
        items = queries.all_items(work.session)
        count: Callable[[Any], Mapping[str, int]] = current_app.extensions.get("offered_counts", lambda _session: {})
        counts = count(work.session)
    groups = _by_department(items) if by == "department" else _by_stage(items)
    shown = [
        {"key": key, "name": name, "items": [_line(item, counts.get(item.code)) for item in members]}
        for key, name, members in groups
        if members
    ]
    return render_template("catalogue/index.html", groups=shown, by=by, total=len(items))


def _by_stage(items: Sequence[ServiceItem]) -> list[tuple[str, str, list[ServiceItem]]]:
    return [(code, name, [item for item in items if item.stage == code]) for code, name in wording.stage_choices()]


def _by_department(items: Sequence[ServiceItem]) -> list[tuple[str, str, list[ServiceItem]]]:
    return [
        (one.code, wording.named(one), [item for item in items if one.code in item.departments])
        for one in departments()
    ]


def _line(item: ServiceItem, offered: int | None) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": wording.named(item),
        "approval": wording.named(item, "approval"),
        "tag": wording.regime_tag(item),
        "self": item.self_prepare,
        "offered": offered,
    }
