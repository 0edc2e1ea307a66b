"""Who may quote and who may read quotes. Before opening nobody reads a price, whatever the role."""

from __future__ import annotations

from typing import Any, Final

from core.access import (
    Actor,
    Policy,
    anybody,
    in_town,
    is_agency,
    is_city_staff,
    is_enterprise,
    is_system,
    is_town_operator,
    may_act,
)
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes.lifecycle import CLOSED

DECIDED: Final = frozenset({NeedState.AWARDED, NeedState.CONTRACTED, NeedState.COMPLETED})


def is_own(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency that quoted."""
    return actor.is_of(getattr(subject, "org_id", None))


def is_open_need(_actor: Actor, subject: Any) -> bool:
    """Hold for a published need that still takes quotes."""
    return getattr(subject, "state", None) is NeedState.OPEN


def is_opened(_actor: Actor, subject: Any) -> bool:
    """Hold once the quotes of the need were opened."""
    return getattr(subject, "opened_at", None) is not None


def is_decided(_actor: Actor, subject: Any) -> bool:
    """Hold once an award was given: from then on every quote is public."""
    return getattr(subject, "state", None) in DECIDED


def owns_need(actor: Actor, subject: Any) -> bool:
    """Hold for the enterprise whose need it is."""
    return actor.is_of(getattr(subject, "org_id", None))


def was_opened(_actor: Actor, subject: Any) -> bool:
    """Hold for a quote that has left its seal."""
    return getattr(subject, "state", None) not in CLOSED


def explains(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency whose price is to be explained."""
    return actor.is_of(getattr(subject, "agency_org_id", None))


_AGENT: Final = [is_agency, is_own, may_act]
_DECIDER: Final = [is_enterprise, owns_need, may_act]

POLICY: Final[Policy] = {
    "quote:offer": [[is_agency, may_act]],
    "quote:see-own": [[is_agency]],
    "quote:submit": [[is_agency, may_act, is_open_need]],
    "quote:receipt": [[is_agency, is_own]],
    "quote:read-own": [[is_agency, is_own, was_opened]],
    "quote:list": [
        [is_opened, owns_need],
        [is_opened, is_city_staff],
        [is_opened, is_town_operator, in_town],
        [anybody, is_decided],
        [is_system],
    ],
    "quote:replace": [_AGENT, [is_system]],
    "quote:withdraw": [_AGENT],
    "quote:confirm": [_AGENT],
    "quote:open": [[is_system]],
    "quote:win": [[is_system]],
    "quote:lose": [[is_system]],
    "quote:reconsider": [[is_system]],
    "quote:reject": [[is_system]],
    "quote:decline": [[is_system]],
    "explanation:read": [
        [is_agency, explains],
        [is_enterprise, owns_need],
        [is_city_staff],
        [is_town_operator, in_town],
        [is_system],
    ],
    "explanation:answer": [[is_agency, explains, may_act], [is_system]],
    "explanation:decide": [_DECIDER],
    "explanation:accept": [_DECIDER],
    "explanation:reject": [_DECIDER],
    "explanation:pass_over": [[is_system]],
    "explanation:lapse": [[is_system]],
}
