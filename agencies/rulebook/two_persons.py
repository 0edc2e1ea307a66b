"""What two persons do alike to a changed rule and to a calendar notice: decide, settle what waits, tell the author."""

from __future__ import annotations

from accounts import messages
from accounts.queries import offices
from agencies.rulebook import rules
from agencies.rulebook.models import CalendarNotice, RuleChange
from core.access import OrgKind
from core.work import Work


def decide(work: Work, row: RuleChange | CalendarNotice, reason: str) -> None:
    """Write down who decides, when and why. Raises Invalid for a bare reason."""
    row.decision = rules.worded(reason, "reason")
    row.approver_id, row.approver_org_id = work.actor.user_id, work.actor.org_id
    row.decided_at = work.clock.now()


def settle(work: Work, url: str) -> None:
    """Take the proposal at this address off every administration's list."""
    for org_id in offices(work.session, OrgKind.ADMINISTRATION):
        messages.settle(work, org_id, url)


def tell_author(work: Work, row: RuleChange | CalendarNotice, code: str, url: str) -> None:
    """Settle a proposal and tell whoever wrote it what came of it."""
    settle(work, url)
    messages.tell(work, row.author_org_id, code, url)
