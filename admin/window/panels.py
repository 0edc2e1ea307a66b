"""What the window desk shows on other desks: a clerk's open visits, what was filed for one, what is on its way."""

from __future__ import annotations

from typing import Any

from admin.window import courier, queries, service
from admin.window.lifecycle import VisitState
from admin.window.permissions import POLICY
from admin.window.showing import tag_of
from admin.window.wording import CONSENTS, SHIPMENTS, VISITS
from core.access import OrgKind
from core.i18n import gettext as _
from core.work import Work
from marketplace.contracts import queries as contracts

FEW = 5
Panel = tuple[Any, str, dict[str, Any]]


def desk_panels(work: Work) -> list[Panel]:
    """Return a clerk's visits, an enterprise's consents and filings, and what either side of a purchase waits for."""
    if work.actor.org_id is None:
        return []
    found = [_town(work)] if work.allows(POLICY, "window:desk") else []
    if work.actor.org_kind is OrgKind.ENTERPRISE:
        found += _enterprise(work, work.actor.org_id)
    if work.actor.org_kind in {OrgKind.ENTERPRISE, OrgKind.AGENCY, OrgKind.TOWN_OPERATOR}:
        found += _coming(work, work.actor.org_id)
    return found


def _town(work: Work) -> Panel:
    rows = [
        {"url": service.url_of(row.id), "text": name, "tag": tag_of(VISITS, row.state)}
        for row, name in queries.visits_of_town(work.session, work.actor, FEW)
        if row.state is VisitState.OPEN
    ]
    return _("窗口来访"), "window/_desk.html", {"rows": rows, "n": queries.open_visits(work.session, work.actor)}


def _enterprise(work: Work, org_id: int) -> list[Panel]:
    rows = []
    for row, matter in queries.consents_of(work.session, org_id, FEW):
        tag = (_("由窗口代办"), "info") if row.need_id is not None else tag_of(CONSENTS, row.state)
        rows.append({"url": service.url_of(row.visit_id), "text": matter, "tag": tag})
    return [(_("窗口代办"), "window/_filed.html", {"rows": rows})] if rows else []


def _coming(work: Work, org_id: int) -> list[Panel]:
    rows = [
        {"url": f"/shipments/{row.id}", "text": row.content, "tag": tag_of(SHIPMENTS, row.state)}
        for row in queries.shipments_to_sign(work.session, org_id, FEW)
    ]
    parties = {OrgKind.ENTERPRISE, OrgKind.AGENCY}
    deals = contracts.running(work.session, work.actor, FEW) if work.actor.org_kind in parties else []
    links = [{"url": courier.url_of(deal.need_id), "text": deal.title} for deal in deals]
    return [(_("材料寄送"), "window/_coming.html", {"rows": rows, "links": links})] if rows or links else []
