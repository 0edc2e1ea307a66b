"""Who writes, steers and calls off from a framework: its enterprise alone; an agency leaves its own membership."""

from __future__ import annotations

from typing import Any, Final

from core.access import Actor, Policy, is_agency, is_enterprise, is_system, may_act
from marketplace.frameworks.lifecycle import FrameworkState


def owns(actor: Actor, subject: Any) -> bool:
    """Hold for people of the enterprise whose framework it is."""
    return actor.is_of(getattr(subject, "org_id", None))


def is_member(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency whose membership it is."""
    return actor.is_of(getattr(subject, "agency_org_id", None))


def is_draft(_actor: Actor, subject: Any) -> bool:
    """Hold while the framework is a draft."""
    return getattr(subject, "state", None) is FrameworkState.DRAFT


_OWNER: Final = [is_enterprise, owns, may_act]

POLICY: Final[Policy] = {
    "framework:create": [[is_enterprise, may_act]],
    "framework:edit": [[*_OWNER, is_draft]],
    "framework:publish": [_OWNER],
    "framework:withdraw": [_OWNER, [is_system]],
    "framework:fail": [[is_system]],
    "framework:admit": [_OWNER],
    "framework:confirm": [[is_system]],
    "framework:suspend": [[is_system]],
    "framework:resume": [[is_system]],
    "framework:annul": [[is_system]],
    "framework:close": [_OWNER, [is_system]],
    "framework:expire": [[is_system]],
    "framework:call": [_OWNER],
    "framework:memberships": [[is_agency]],
    "framework_member:withdraw": [[is_agency, is_member, may_act]],
    "framework_member:remove": [_OWNER, [is_system]],
}
