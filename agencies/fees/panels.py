"""What fees shows on a desk: the cases to decide, to answer, or to watch."""

from __future__ import annotations

from typing import Any, Final

from agencies.fees import evidence, queries
from agencies.fees.permissions import POLICY
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


desk_panels = desk_cases
