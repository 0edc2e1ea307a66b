"""Suspending an organisation and letting it back, with a reason it is told."""

from __future__ import annotations

from typing import Final

from accounts import messages
from accounts.models import Organisation
from accounts.service import suspend_organisation
from core.errors import Conflict, NotFound
from core.work import Work

HOME: Final = "/desk"


def steer(work: Work, org_id: int, reason: str, *, suspended: bool) -> Organisation:
    """Suspend or resume an organisation.

    Raises NotFound, Forbidden, Conflict when it stands so already or is the actor's own.
    """
    organisation = work.session.get(Organisation, org_id, with_for_update=True)
    if organisation is None:
        raise NotFound("organisation-not-found", id=org_id)
    if organisation.id == work.actor.org_id:
        raise Conflict("own-organisation")
    if (organisation.suspended_at is not None) is suspended:
        raise Conflict("organisation-suspended-already" if suspended else "organisation-not-suspended")
    changed = suspend_organisation(work, org_id, suspended=suspended)
    code = "organisation-suspended" if suspended else "organisation-resumed"
    messages.tell(work, org_id, code, HOME, reason=reason)
    return changed
