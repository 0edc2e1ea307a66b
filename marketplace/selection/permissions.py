"""Who may see and steer a selection. Only the enterprise that published the need chooses; no office does it for it."""

from __future__ import annotations

from typing import Any, Final

from core.access import (
    Actor,
    Policy,
    in_town,
    is_agency,
    is_city_staff,
    is_enterprise,
    is_system,
    is_town_operator,
    may_act,
)


def owns(actor: Actor, subject: Any) -> bool:
    """Hold for people of the enterprise that published the need."""
    return actor.is_of(getattr(subject, "org_id", None))


def won(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency that was awarded."""
    return actor.is_of(getattr(subject, "agency_org_id", None))


def bids(actor: Actor, subject: Any) -> bool:
    """Hold for people of an agency that takes part in the rounds of bidding."""
    return actor.org_id is not None and actor.org_id in getattr(subject, "bidders", ())


_OWNER_ACTS: Final = [is_enterprise, owns, may_act]

POLICY: Final[Policy] = {
    "selection:begin": [[is_system]],
    "selection:start_rounds": [[is_system]],
    "selection:end_rounds": [[is_system]],
    "selection:watch": [[bids], [is_enterprise, owns], [is_city_staff], [is_town_operator, in_town]],
    "selection:bid": [[is_agency, bids, may_act]],
    "selection:decide": [_OWNER_ACTS, [is_system]],
    "selection:resume": [[is_system]],
    "selection:fail": [_OWNER_ACTS, [is_system]],
    "selection:score": [_OWNER_ACTS],
    "selection:reject": [_OWNER_ACTS],
    "selection:read": [[is_enterprise, owns], [is_city_staff], [is_town_operator, in_town]],
    "award:give": [_OWNER_ACTS, [is_system]],
    "award:confirm": [[is_system]],
    "award:suspend": [[is_system]],
    "award:resume": [[is_system]],
    "award:annul": [[is_system]],
    "award:decline": [[is_agency, won, may_act]],
    "award:read": [[owns], [won], [is_city_staff], [is_town_operator, in_town]],
}
