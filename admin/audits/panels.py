"""What batch audits show on the desk of a price regulator: the way in, and how the last one stands."""

from __future__ import annotations

from typing import Any

from admin.audits import queries, wording
from admin.audits.permissions import POLICY
from core.i18n import gettext as _
from core.work import Work


def desk_panels(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of batch audits; none for those who may not audit."""
    if not work.allows(POLICY, "fee_audit:see"):
        return []
    page = queries.audits_page(work.session, work.actor, after=None, limit=1)
    last = page.items[0] if page.items else None
    data = {
        "last": last,
        "source": wording.source_name(last.source) if last else "",
        "state": str(wording.STATES[last.state][0]) if last else "",
    }
    return [(_("批量核查收费"), "audits/_desk.html", data)]
