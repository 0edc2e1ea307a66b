"""Who may read and steer a project and its plan: its own enterprise alone."""

from __future__ import annotations

from typing import Any, Final

from core.access import Actor, Policy, is_enterprise, may_act


def owns(actor: Actor, subject: Any) -> bool:
    """Hold for people of the enterprise whose project it is."""
    return actor.is_of(getattr(subject, "org_id", None))


_OWNER: Final = [is_enterprise, owns, may_act]

POLICY: Final[Policy] = {
    "project:list": [[is_enterprise]],
    "project:read": [[is_enterprise, owns]],
    "project:create": [[is_enterprise, may_act]],
    "project:edit": [_OWNER],
    "project:buy": [_OWNER],
    "project:finish": [_OWNER],
    "project:reopen": [_OWNER],
    "project:cancel": [_OWNER],
    "plan_entry:edit": [_OWNER],
    "plan_entry:waive": [_OWNER],
    "plan_entry:take_on": [_OWNER],
    "plan_entry:finish": [_OWNER],
    "plan_entry:restore": [_OWNER],
    "plan_entry:remove": [_OWNER],
}
