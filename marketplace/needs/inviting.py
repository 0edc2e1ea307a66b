"""The use case of inviting agencies to quote for a published need; everybody else who fits may still quote."""

from __future__ import annotations

from collections.abc import Sequence

from accounts import messages
from core.errors import Conflict, Invalid
from core.work import Work
from marketplace.needs import queries, service
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Invitation
from marketplace.needs.permissions import POLICY


def invite(work: Work, need_id: int, agency_ids: Sequence[int]) -> list[Invitation]:
    """Invite agencies on the shelf that offer the item, and tell each at once; those invited before are left alone.

    Raises NotFound, Forbidden, Conflict once quotes are closed, Invalid for an agency that does not offer the item or
    that the notice declares out, and for an empty list.
    """
    need = service.locked(work, need_id)
    work.require(POLICY, "need:invite", need)
    now = work.clock.now()
    if need.state is not NeedState.OPEN or need.closes_at is None or now >= need.closes_at:
        raise Conflict("invitation-closed", id=need_id)
    if not agency_ids:
        raise Invalid("invitation-empty", field="agency_ids")
    orgs, out = dict(queries.may_quote(work.session, need)), queries.avoided(work.session, need.id)
    names = queries.agency_names(work.session, agency_ids)
    known = {row.agency_id for row in queries.invitations_of(work.session, need.id)}
    made = []
    for agency_id in dict.fromkeys(agency_ids):
        if agency_id in out:
            raise Invalid("invitation-avoided", field="agency_ids", name=names.get(agency_id, agency_id))
        if agency_id not in orgs:
            raise Invalid("invitation-not-offering", field="agency_ids", name=names.get(agency_id, agency_id))
        if agency_id not in known:
            row = Invitation(need_id=need.id, agency_id=agency_id, invited_at=now)
            work.add(row, "invitation.sent", need_id=need.id, agency_id=agency_id)
            messages.tell(work, orgs[agency_id], "need-invited", f"/needs/{need.id}", need=need.title)
            made.append(row)
    if made:
        work.record(need, "need.invited", count=len(made))
    return made
