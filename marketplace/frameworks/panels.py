"""What frameworks show on a desk: an enterprise's own, an agency's memberships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from accounts.desk import Item, Panel
from core.access import OrgKind
from core.i18n import gettext as _
from core.icalendar import Entry
from core.work import Work
from marketplace.frameworks import queries, wording
from marketplace.frameworks.lifecycle import FrameworkState, MemberState
from marketplace.frameworks.publicity import url_of

SHOWN: Final = 6


def desk_panels(work: Work) -> Sequence[Panel]:
    """Return the panel of an enterprise's frameworks or of an agency's memberships; nothing where there are none."""
    if work.actor.org_id is None:
        return ()
    if work.actor.org_kind is OrgKind.ENTERPRISE:
        return _enterprise(work)
    return _agency(work) if work.actor.org_kind is OrgKind.AGENCY else ()


def _enterprise(work: Work) -> Sequence[Panel]:
    page = queries.list_frameworks(work.session, work.actor, org_id=work.actor.org_id, limit=SHOWN)
    lines = [
        Item(
            _("%(title)s（%(state)s）", title=row.title, state=wording.STATES[row.state][0]),
            f"{url_of(row.id)}/check" if row.state is FrameworkState.DRAFT else url_of(row.id),
            row.ends_at if row.state is FrameworkState.IN_FORCE else None,
        )
        for row in page.items
    ]
    if not lines:
        return ()
    return (Panel(_("我的框架协议"), lines, "", "/frameworks?mine=1", _("全部框架协议")),)


def _agency(work: Work) -> Sequence[Panel]:
    rows = queries.memberships(work.session, work.actor.org_id)[:SHOWN]
    if not rows:
        return ()
    lines = [
        Item(
            _("%(title)s（%(state)s）", title=framework.title, state=wording.STATES[framework.state][0]),
            url_of(framework.id),
        )
        for _member, framework in rows
    ]
    return (Panel(_("入围的框架协议"), lines, "", "/frameworks/memberships", _("全部入围")),)


def calendar_entries(work: Work) -> Sequence[Entry]:
    """Return when the frameworks end that the reader's organisation is bound by."""
    if work.actor.org_kind is OrgKind.AGENCY:
        rows = [
            framework
            for member, framework in queries.memberships(work.session, work.actor.org_id)
            if member.state is MemberState.MEMBER
        ]
    else:
        rows = queries.own_in_force(work.session, work.actor.org_id)
    return [
        Entry(f"framework-{row.id}-ends", row.ends_at, _("框架协议期满：%(title)s", title=row.title), url_of(row.id))
        for row in rows
        if row.state is FrameworkState.IN_FORCE and row.ends_at is not None
    ]
