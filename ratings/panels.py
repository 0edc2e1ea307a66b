"""What ratings show on other pages: the newest on an agency's page, what waits to be rated on a desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from agencies.registration.models import Agency
from core.access import OrgKind
from core.i18n import gettext as _
from core.work import Work
from ratings import cards, queries, rules, service

LATEST: Final = 3
LONGEST_WINDOW: Final = timedelta(days=30)


def agency_panel(work: Work, agency: Agency) -> tuple[Any, str, dict[str, Any]] | None:
    """Return the panel of the newest ratings for an agency's page."""
    if agency.listed_at is None:
        return None
    page = queries.shown_ratings(work.session, agency.id, after=None, limit=LATEST)
    data = {"agency_id": agency.id, "cards": [cards.card(work, one) for one in page.items]}
    return _("最近的评价"), "ratings/_panel.html", data


def desk_panels(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of contracts this organisation may still rate; none when there are none."""
    if work.actor.org_id is None or work.actor.org_kind not in {OrgKind.ENTERPRISE, OrgKind.AGENCY}:
        return []
    now = work.clock.now()
    waiting = [
        {"url": service.rate_url(row.id), "title": row.title, "number": row.number, "closes_at": closes_at}
        for row in queries.rateable(work.session, work.actor.org_id, now - LONGEST_WINDOW)
        if row.accepted_at is not None and (closes_at := rules.window_end(row.accepted_at)) > now
    ]
    return [(_("等您评价"), "ratings/_desk.html", {"waiting": waiting})] if waiting else []
