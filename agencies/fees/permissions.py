"""Who may post prices, see fee cases, answer and decide them."""

from __future__ import annotations

from typing import Any, Final

from agencies.registration.permissions import owns
from core.access import (
    Actor,
    Policy,
    in_town,
    is_administration,
    is_agency,
    is_city_operator,
    is_price_regulator,
    is_signed_in,
    is_system,
    is_town_operator,
    may_act,
)


def is_accused(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency whose price the case is about."""
    return actor.org_id is not None and actor.org_id == getattr(subject, "agency_org_id", None)


_DECIDERS: Final = [[is_price_regulator, may_act]]

POLICY: Final[Policy] = {
    "price:own": [[is_agency]],
    "price:post": [[is_agency, may_act, owns]],
    "fee_sheet:issue": [[is_signed_in]],
    "fee_case:queue": [[is_price_regulator], [is_city_operator], [is_administration], [is_town_operator], [is_agency]],
    "fee_case:read": [
        [is_price_regulator],
        [is_city_operator],
        [is_administration],
        [is_town_operator, in_town],
        [is_agency, is_accused],
        [is_system],
    ],
    "fee_case:reply": [[is_agency, may_act, is_accused]],
    "fee_case:decide": _DECIDERS,
    "fee_case:uphold": _DECIDERS,
    "fee_case:dismiss": _DECIDERS,
}
