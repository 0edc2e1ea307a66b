"""Who may read, write and move a need. Only its own enterprise steers it; the system opens it."""

from __future__ import annotations

from typing import Any, Final

from core.access import Actor, Policy, anybody, is_agency, is_enterprise, is_system, may_act
from marketplace.needs.lifecycle import NeedState


def owns(actor: Actor, subject: Any) -> bool:
    """Hold for people of the enterprise whose need it is."""
    return actor.is_of(getattr(subject, "org_id", None))


def is_published(_actor: Actor, subject: Any) -> bool:
    """Hold once the need was published; a draft withdrawn was never."""
    return getattr(subject, "published_at", None) is not None


def is_draft(_actor: Actor, subject: Any) -> bool:
    """Hold while the need is a draft."""
    return getattr(subject, "state", None) is NeedState.DRAFT


def was_asked(actor: Actor, subject: Any) -> bool:
    """Hold for people of the enterprise on whose notice a question stands."""
    return actor.is_of(getattr(subject, "enterprise_org_id", None))


_OWNER: Final = [is_enterprise, owns, may_act]

POLICY: Final[Policy] = {
    "need:read": [[anybody, is_published], [owns], [is_system]],
    "need:create": [[is_enterprise, may_act]],
    "need:edit": [[*_OWNER, is_draft]],
    "need:divide": [_OWNER],
    "need:repeat": [_OWNER],
    "need:publish": [_OWNER],
    "need:move-deadline": [_OWNER],
    "need:withdraw": [_OWNER],
    "need:amend": [_OWNER],
    "need:invite": [_OWNER],
    "need:extend": [[is_system]],
    "need:open_quotes": [[is_system]],
    "need:award": [[is_system]],
    "need:reselect": [[is_system]],
    "need:contract": [[is_system]],
    "need:complete": [[is_system]],
    "need:fail": [[is_system]],
    "need:ask": [[is_agency, may_act, is_published]],
    "need:answer": [_OWNER],
    "question:answer": [[is_enterprise, was_asked, may_act]],
    "question:lapse": [[is_system]],
}
