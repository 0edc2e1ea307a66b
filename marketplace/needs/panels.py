"""What needs show on a desk: an enterprise's own, what waits first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from accounts.desk import Item, Panel
from core.access import OrgKind
from core.i18n import gettext as _
from core.icalendar import Entry
from core.work import Work
from marketplace.needs import queries, wording
from marketplace.needs.lifecycle import NeedState

SHOWN: Final = 8
_S = NeedState
URGENCY: Final = (_S.SELECTING, _S.DRAFT, _S.OPEN, _S.FAILED, _S.AWARDED, _S.CONTRACTED)


def desk_panels(work: Work) -> Sequence[Panel]:
    """Return the panel of the enterprise's running needs; for nobody else."""
    if work.actor.org_kind is not OrgKind.ENTERPRISE or work.actor.org_id is None:
        return ()
    rows = [row for row in queries.needs_of(work.session, work.actor.org_id) if row.state in URGENCY]
    rows.sort(key=lambda row: (URGENCY.index(row.state), -row.id))
    return (
        Panel(
            _("我的需求"), [_line(row) for row in rows[:SHOWN]],
            _("没有进行中的需求。选一项服务，填三项就能发布。"), "/needs?mine=1", _("全部需求"),
        ),
    )  # fmt: skip


def calendar_entries(work: Work) -> Sequence[Entry]:
    """Return when the quotes for the reader's own open notices close."""
    rows = queries.needs_of(work.session, work.actor.org_id or 0)
    return [
        Entry(f"{row.number}-opens", row.closes_at, _("报价开启：%(title)s", title=row.title), f"/needs/{row.id}")
        for row in rows
        if row.state is _S.OPEN and row.closes_at is not None
    ]


def _line(row: queries.NeedRow) -> Item:
    label, _kind = wording.STATES[row.state]
    text: Any = _("%(title)s（%(state)s）", title=row.title, state=label)
    if row.state is _S.DRAFT:
        return Item(text, f"/needs/{row.id}/check")
    if row.state is _S.SELECTING:
        return Item(text, f"/needs/{row.id}/selection")
    return Item(text, f"/needs/{row.id}", row.closes_at if row.state is _S.OPEN else None)
