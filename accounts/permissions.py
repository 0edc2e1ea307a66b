"""Who may found, manage and read organisations, and who may do what with accounts."""

from __future__ import annotations

from typing import Any, Final

from core.access import (
    Actor,
    OrgKind,
    Policy,
    Predicate,
    anybody,
    is_administration,
    is_city_operator,
    is_manager,
    is_signed_in,
    is_system,
    may_act,
)

OPEN_KINDS: Final = frozenset({OrgKind.ENTERPRISE, OrgKind.AGENCY})


def is_open_kind(_actor: Actor, subject: Any) -> bool:
    """Hold for the kinds of organisation that anybody may enter: enterprises and agencies."""
    return getattr(subject, "kind", None) in OPEN_KINDS


def is_office(_actor: Actor, subject: Any) -> bool:
    """Hold for the kinds of organisation that the administration enters: operators, departments, regulators."""
    return getattr(subject, "kind", None) in set(OrgKind) - OPEN_KINDS


def is_own_org(actor: Actor, subject: Any) -> bool:
    """Hold when the organisation, or what belongs to it, is the one acted for."""
    org_id = getattr(subject, "org_id", None) or getattr(subject, "id", None)
    return actor.is_of(org_id)


def is_self(actor: Actor, subject: Any) -> bool:
    """Hold when the person is the actor."""
    return actor.user_id is not None and actor.user_id == getattr(subject, "id", None)


def owns(actor: Actor, subject: Any) -> bool:
    """Hold when the thing belongs to the actor as a person."""
    return actor.user_id is not None and actor.user_id == getattr(subject, "user_id", None)


def is_for_them(actor: Actor, subject: Any) -> bool:
    """Hold when a message is for all of an organisation's people, or for this one."""
    return getattr(subject, "user_id", None) in {None, actor.user_id}


def may_settle(actor: Actor, subject: Any) -> bool:
    """Hold for managers and delegates, and for whom the message is meant alone."""
    return may_act(actor, subject) or owns(actor, subject)


def is_no_token(actor: Actor, _subject: Any) -> bool:
    """Hold for a person at a browser: a token makes no tokens and changes no password."""
    return actor.scopes is None


_MANAGES: Final[list[list[Predicate]]] = [[is_manager, is_own_org], [is_system]]

POLICY: Final[Policy] = {
    "account:own": [[is_signed_in]],
    "account:secure": [[is_signed_in, is_no_token]],
    "person:edit": [[is_self, is_no_token]],
    "token:revoke": [[owns]],
    "organisation:sign-up": [[anybody, is_open_kind]],
    "organisation:found": [[is_system], [is_administration, is_manager]],
    "organisation:read": [[is_own_org], [is_administration], [is_city_operator], [is_system]],
    "organisation:manage": _MANAGES,
    "organisation:suspend": [[is_administration, is_manager], [is_system]],
    "membership:begin": [*_MANAGES, [is_administration, is_manager, is_office]],
    "membership:end": _MANAGES,
    "message:settle": [[is_own_org, is_for_them, may_settle]],
}
