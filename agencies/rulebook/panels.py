"""What the rulebook shows on a desk: the changes that wait for a second person."""

from __future__ import annotations

from typing import Any

from agencies.rulebook import calendar, queries, service, showing
from agencies.rulebook.permissions import POLICY
from agencies.rulebook.wording import scope_words
from core.i18n import gettext as _
from core.work import Work


def desk_panels(work: Work) -> list[tuple[Any, str, dict[str, Any]]]:
    """Return the panel of waiting changes for those who propose and judge them."""
    if not work.allows(POLICY, "rule_change:propose"):
        return []
    rows = [
        {
            "url": service.url_of(one.id), "name": showing.name_of(work.session, one), "scope": scope_words(one),
            "mine": work.actor.user_id == one.author_id,
        }
        for one in queries.waiting(work.session, work.actor)
    ]  # fmt: skip
    notices = [
        {"url": calendar.url_of(one.id), "document": one.document, "mine": work.actor.user_id == one.author_id}
        for one in queries.waiting_notices(work.session)
    ]
    return [(_("规则和日历变更"), "rulebook/_desk.html", {"rows": rows, "notices": notices})]
