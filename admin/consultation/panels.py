"""What consultation shows on a desk: how many questions wait."""

from __future__ import annotations

from typing import Any

from admin.consultation import queries
from admin.consultation.permissions import POLICY
from core.i18n import gettext as _
from core.work import Work


def desk_panels(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of waiting questions for the offices."""
    if not work.allows(POLICY, "consultation:desk"):
        return []
    rows = queries.waiting(work.session, work.actor, 5)
    shown = [{"url": f"/help/{one.id}", "question": one.question[:60]} for one in rows]
    return [(_("咨询"), "consultation/_desk.html", {"rows": shown})]
