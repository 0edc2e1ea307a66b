"""What revisions show on a desk: what waits for a second person, and one's own drafts."""

from __future__ import annotations

from typing import Any, Final

from agencies.revisions import queries, service
from agencies.revisions.permissions import POLICY
from agencies.revisions.wording import STATES
from core.i18n import gettext as _
from core.work import Work

SHOWN: Final = 8


def desk_panels(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of undecided revisions for those who write and judge them."""
    if not work.allows(POLICY, "fee_revision:draft"):
        return []
    rows = [
        {
            "url": service.url_of(one.id), "schedule": one.schedule_id, "day": one.effective_on.isoformat(),
            "tag": (str(STATES[one.state][0]), STATES[one.state][1]),
            "mine": work.actor.user_id == one.author_id,
        }
        for one in queries.undecided(work.session, work.actor, SHOWN)
    ]  # fmt: skip
    return [(_("收费标准修订"), "revisions/_desk.html", {"rows": rows})]
