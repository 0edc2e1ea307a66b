"""Who receives, consents, files and couriers. A clerk acts in the own town, and files only while a consent holds."""

from __future__ import annotations

from typing import Any, Final

from admin.window.lifecycle import ConsentKind, ConsentState
from core.access import (
    Actor,
    OrgKind,
    Policy,
    Predicate,
    in_town,
    is_agency,
    is_enterprise,
    is_system,
    is_town_operator,
    may_act,
    of_kind,
)


def owns(actor: Actor, subject: Any) -> bool:
    """Hold for people of the enterprise it is about."""
    return actor.is_of(getattr(subject, "org_id", None))


def is_chosen(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency that has the purchase's contract."""
    return actor.is_of(getattr(subject, "agency_org_id", None))


is_enterprise_or_agency = of_kind(OrgKind.ENTERPRISE, OrgKind.AGENCY)


def is_on_paper(_actor: Actor, subject: Any) -> bool:
    """Hold for a consent given by a signed paper."""
    return getattr(subject, "kind", None) == ConsentKind.PAPER


def is_by_code(_actor: Actor, subject: Any) -> bool:
    """Hold for a consent given by a code."""
    return getattr(subject, "kind", None) == ConsentKind.CODE


def is_in_force(_actor: Actor, subject: Any) -> bool:
    """Hold for a consent that was given and neither used, ended nor withdrawn."""
    return getattr(subject, "state", None) == ConsentState.GIVEN


def is_sender(actor: Actor, subject: Any) -> bool:
    """Hold for people of the organisation that sends."""
    return actor.is_of(getattr(subject, "from_org_id", None))


def is_receiver(actor: Actor, subject: Any) -> bool:
    """Hold for people of the organisation that receives."""
    return actor.is_of(getattr(subject, "to_org_id", None))


_CLERK: Final[list[Predicate]] = [is_town_operator, may_act, in_town]
_OWNER: Final[list[Predicate]] = [is_enterprise, may_act, owns]
_VISITOR: Final[list[Predicate]] = [is_enterprise_or_agency, may_act, owns]
_ENDS: Final[list[list[Predicate]]] = [[may_act, is_sender], [may_act, is_receiver], _CLERK]

POLICY: Final[Policy] = {
    "window:desk": [[is_town_operator]],
    "window:receive": [[is_town_operator, may_act]],
    "window:file": [[*_CLERK, is_in_force]],
    "window:purchase": [[is_enterprise, owns], [is_agency, is_chosen], [is_town_operator, in_town]],
    "visit:read": [[is_town_operator, in_town], [is_enterprise_or_agency, owns]],
    "visit:finish": [_CLERK],
    "visit:cancel": [_CLERK],
    "consent:record": [_CLERK],
    "consent:read": [[is_town_operator, in_town], [is_enterprise_or_agency, owns]],
    "consent:give": [[*_CLERK, is_on_paper], [*_VISITOR, is_by_code]],
    "consent:file": [[is_system]],
    "consent:use_up": [[is_system]],
    "consent:expire": [[is_system]],
    "consent:withdraw": [_VISITOR],
    "shipment:read": [[is_sender], [is_receiver], [is_town_operator, in_town]],
    "shipment:announce": [_OWNER, [is_agency, may_act, is_chosen], _CLERK],
    "shipment:send": [[may_act, is_sender]],
    "shipment:sign": [[may_act, is_receiver], _CLERK],
    "shipment:send_back": _ENDS,
    "shipment:lose": _ENDS,
}
