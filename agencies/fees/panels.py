"""What fees shows on a desk, the cases to decide, to answer or to watch; and how fully an agency posts its prices."""

from __future__ import annotations

from typing import Any, Final

from agencies.fees import evidence, queries, rules
from agencies.fees.permissions import POLICY
from agencies.fees.pricebook import stated
from agencies.registration.models import Agency
from agencies.registration.queries import offered_items
from core.access import OrgKind
from core.i18n import gettext as _
from core.work import Work

SHOWN: Final = 8


def desk_cases(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of undecided fee cases; an empty one only for the price regulator, whose work it is."""
    if not work.allows(POLICY, "fee_case:queue"):
        return []
    total = queries.undecided_count(work.session, work.actor)
    if not total and work.actor.org_kind is not OrgKind.PRICE_REGULATOR:
        return []
    rows = evidence.case_rows(work, queries.case_queue(work.session, work.actor, limit=SHOWN))
    title = _("要说明的收费核查") if work.actor.org_kind is OrgKind.AGENCY else _("收费核查")
    return [(title, "fees/_desk.html", {"rows": rows, "total": total})]


def agency_panel(work: Work, agency: Agency) -> tuple[Any, str, dict[str, Any]] | None:
    """Return how much of its prices an agency has written down; none where it offers nothing."""
    offered = offered_items(work.session, agency.id)
    if not offered:
        return None
    posted = queries.posted_prices(work.session, agency.id, work.clock.now())
    score = rules.completeness([stated(posted.get(item.code)) for item in offered])
    count = sum(item.code in posted for item in offered)
    return _("明码标价"), "fees/_completeness.html", {"score": score, "count": count, "of": len(offered)}


desk_panels = desk_cases
