"""What oversight shows on the desk of the administration: the head of the record and the clocks that ran out."""

from __future__ import annotations

from typing import Any

from admin.oversight import queries
from admin.oversight.permissions import POLICY
from core.i18n import gettext as _
from core.work import Work


def desk_panels(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of the record and of overdue registrations; none for those who may not see it."""
    if not work.allows(POLICY, "audit:see"):
        return []
    head = queries.head(work.session)
    towns = queries.towns_at_work(work.session, work.clock.now())
    data = {
        "leaves": head.seq if head is not None else 0,
        "overdue": sum(one.overdue for one in towns),
        "deemed": sum(one.deemed for one in towns),
    }
    return [(_("运行监督"), "oversight/_desk.html", data)]
