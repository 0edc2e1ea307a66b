"""Who may change the rules, and who judges it. Nobody approves what they proposed themselves."""

from __future__ import annotations

from typing import Any, Final

from agencies.rulebook.lifecycle import NoticeState
from core.access import Actor, Policy, anybody, is_administration, is_author, is_second_person, is_staff, may_act


def is_in_force(_actor: Actor, subject: Any) -> bool:
    """Hold for a notice that was approved: it is everybody's."""
    return getattr(subject, "state", None) is NoticeState.APPROVED


POLICY: Final[Policy] = {
    "rule_change:read": [[is_staff]],
    "rule_change:propose": [[is_administration, may_act]],
    "rule_change:approve": [[is_administration, may_act, is_second_person]],
    "rule_change:reject": [[is_administration, may_act, is_second_person]],
    "rule_change:withdraw": [[is_administration, may_act, is_author]],
    "calendar_notice:see": [[anybody, is_in_force], [is_staff]],
    "calendar_notice:read": [[is_staff]],
    "calendar_notice:propose": [[is_administration, may_act]],
    "calendar_notice:approve": [[is_administration, may_act, is_second_person]],
    "calendar_notice:reject": [[is_administration, may_act, is_second_person]],
    "calendar_notice:withdraw": [[is_administration, may_act, is_author]],
}
