"""Use cases of leaving a panel: of the agency's own will, or taken out by the enterprise, each with a typed cause."""

from __future__ import annotations

from accounts import messages
from core.errors import Conflict
from core.work import Work
from marketplace.frameworks import publicity, queries, rules
from marketplace.frameworks.commands import Leave, Remove
from marketplace.frameworks.lifecycle import MEMBER, FrameworkState
from marketplace.frameworks.models import Framework, FrameworkMember
from marketplace.frameworks.permissions import POLICY
from marketplace.frameworks.service import locked
from marketplace.selection.publicity import as_system


def withdraw(work: Work, member_id: int, command: Leave) -> FrameworkMember:
    """Leave a panel, with a cause and a reason everybody may read; what it was given before goes on.

    It is no longer chosen in a call-off that is under way.

    Raises NotFound, Forbidden, Conflict when the framework is not in force or the agency has left, Invalid.
    """
    row, framework = _held(work, member_id)
    work.require(POLICY, "framework_member:withdraw", row)
    _leave(work, row, framework, "withdraw", command)
    messages.tell(
        work, framework.org_id, "framework-member-left", publicity.url_of(framework.id), framework=framework.title
    )
    return row


def remove(work: Work, member_id: int, command: Remove) -> FrameworkMember:
    """Take an agency out of a panel, with a cause and a reason everybody may read.

    Raises NotFound, Forbidden, Conflict when the framework is not in force or the agency has left, Invalid.
    """
    row, framework = _held(work, member_id)
    work.require(POLICY, "framework_member:remove", row)
    _leave(work, row, framework, "remove", command)
    messages.tell(
        work, row.agency_org_id, "framework-member-removed", publicity.url_of(framework.id),
        framework=framework.title, reason=row.reason,
    )  # fmt: skip
    return row


def _held(work: Work, member_id: int) -> tuple[FrameworkMember, Framework]:
    framework = locked(as_system(work), queries.member_by_id(work.session, member_id).framework_id)
    return work.locked(FrameworkMember, member_id, "member-not-found"), framework


def _leave(work: Work, row: FrameworkMember, framework: Framework, verb: str, command: Leave | Remove) -> None:
    MEMBER.follow(verb, row.state)
    if framework.state is not FrameworkState.IN_FORCE:
        raise Conflict("framework-not-in-force")
    row.left_at, row.cause, row.reason = work.clock.now(), str(command.cause), rules.reason(command.reason)
    work.move(MEMBER, POLICY, row, verb, framework_id=framework.id, cause=row.cause)
    for admission in queries.open_admissions(work.session, framework.id, row.agency_id):
        admission.is_over = True
    work.session.flush()
    publicity.close_empty(work, framework)
