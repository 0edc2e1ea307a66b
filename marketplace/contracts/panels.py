"""What contracts show on other pages: an agency's latest deals, and the running deals on a desk."""

from __future__ import annotations

from typing import Any, Final

from agencies.registration.models import Agency
from core.access import OrgKind
from core.i18n import gettext as _
from core.work import Work
from marketplace.contracts import queries, wording

LATEST: Final = 5


def agency_panel(work: Work, agency: Agency) -> tuple[Any, str, dict[str, Any]] | None:
    """Return the panel of an agency's latest signed deals, with price, punctuality and departments' first pass."""
    rows = queries.latest_of_agency(work.session, agency.id, LATEST)
    if not rows:
        return None
    passed = queries.first_pass(work.session, agency.id)
    return _("最近的合同"), "contracts/_panel.html", {"rows": [_line(row) for row in rows], "first_pass": passed}


def desk_panels(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of this organisation's deals that are not settled yet; none when there are none."""
    if work.actor.org_id is None or work.actor.org_kind not in {OrgKind.ENTERPRISE, OrgKind.AGENCY}:
        return []
    rows = queries.running(work.session, work.actor, 20)
    return [(_("合同与交付"), "contracts/_desk.html", {"rows": [_line(row) for row in rows]})] if rows else []


def _line(row: Any) -> dict[str, Any]:
    return {"row": row, "tag": wording.state_tag(row.state), "lateness": wording.lateness(row)}
