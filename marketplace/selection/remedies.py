"""What an upheld complaint does to a selection: the award falls, and another follows, or the need ends.

Called by the room of complaints, as the house; nobody does this by hand.
"""

from __future__ import annotations

from enum import StrEnum

from accounts import messages
from core import deadlines
from core.clock import beijing_day
from core.errors import Conflict
from core.work import Work
from marketplace.needs import events as need_events
from marketplace.needs import questions
from marketplace.needs.lifecycle import NEED, NeedState
from marketplace.needs.models import Need
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.needs.service import locked
from marketplace.quotes.lifecycle import QUOTE
from marketplace.quotes.permissions import POLICY as QUOTES
from marketplace.selection import anew, queries, service
from marketplace.selection.lifecycle import AWARD, SelectionState
from marketplace.selection.models import Award
from marketplace.selection.permissions import POLICY
from marketplace.selection.publicity import as_system, result_url

NEXT_AFTER_COMPLAINT = "投诉成立，原中选被撤销，按排名递补"
OPEN_STATES = (NeedState.OPEN, NeedState.SELECTING)


class Afterwards(StrEnum):
    """What follows an annulled award."""

    NEXT = "next"
    CHOOSE = "choose"
    RERUN = "rerun"


def annul(work: Work, award_id: int, reason: str, afterwards: Afterwards) -> Award | None:
    """End an award that a complaint was upheld against; return the next award, if one follows at once.

    Raises NotFound, Forbidden, Conflict when a contract was signed or the award ended otherwise.
    """
    award = queries.award_by_id(work.session, award_id)
    need = locked(work, award.need_id)
    if need.state is not NeedState.AWARDED:
        raise Conflict("award-already-contracted")
    inside = as_system(work)
    award.annulled_at, award.annul_reason = work.clock.now(), reason
    inside.move(AWARD, POLICY, award, "annul", need_id=need.id)
    quote, selection = service.reopened(work, award)
    quote.invalid_reason = queries.ANNULLED
    inside.move(QUOTE, QUOTES, quote, "reject")
    work.session.flush()
    for org_id in (award.agency_org_id, award.org_id):
        messages.tell(work, org_id, "award-annulled", result_url(need.id), need=need.title, reason=reason)
    if afterwards is Afterwards.NEXT:
        return service.pass_on(work, need, selection, ("award-annulled", reason), NEXT_AFTER_COMPLAINT)
    weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
    if afterwards is Afterwards.RERUN or weighing.count.failure:
        service.fail(inside, weighing, selection, "complaint-upheld", reason)
        return None
    anew.choose_anew(work, weighing, "award-to-choose-again", service.selection_url(need.id))
    return None


def end_unfinished(work: Work, need_id: int, code: str, reason: str) -> Need:
    """End a need that has no award yet, for its notice or its course was found wrong; it may be published anew.

    Raises NotFound, Conflict when it was awarded or ended already.
    """
    need = locked(work, need_id)
    if need.state not in OPEN_STATES:
        raise Conflict("wrong-state", kind="need", state=str(need.state), verb="fail")
    selection = queries.selection_of(work.session, need_id)
    inside = as_system(work)
    if selection is not None and selection.state is SelectionState.WEIGHING:
        weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
        service.fail(inside, weighing, selection, code, reason)
        return need
    need.failed_reason = code
    questions.lapse_all(inside, need)
    inside.move(NEED, NEEDS, need, "fail", code=code)
    deadlines.drop(work, need_events.CLOSE, need.id)
    number = need.number or ""
    messages.tell(work, need.org_id, f"need-failed-{code}", f"/needs/{need.id}", need=need.title, number=number)
    return need
