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
    return actor.is_of(getattr(subject, "agency_org_id", None))


def was_upheld(_actor: Actor, subject: Any) -> bool:
    """Hold for a case whose finding was upheld."""
    return bool(getattr(subject, "was_upheld", None))


def was_dismissed(_actor: Actor, subject: Any) -> bool:
    """Hold for a case that was dismissed."""
    return getattr(subject, "was_upheld", None) is False


def did_not_decide(actor: Actor, subject: Any) -> bool:
    """Hold for everybody but the person who made the first decision."""
    return actor.user_id is not None and actor.user_id != getattr(subject, "decided_by", None)


_REVIEWERS: Final = [[is_price_regulator, may_act, did_not_decide]]
_DECIDERS: Final = [[is_price_regulator, may_act]]

POLICY: Final[Policy] = {
    "price:own": [[is_agency]],
    "price:post": [[is_agency, may_act, owns]],
    "price:begin": [[is_agency, may_act, owns], [is_system]],
    "price:supersede": [[is_agency, may_act, owns], [is_system]],
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
    "fee_case:appeal": [[is_agency, may_act, is_accused, was_upheld], [is_city_operator, may_act, was_dismissed]],
    "fee_case:review": _REVIEWERS,
    "fee_case:confirm": _REVIEWERS,
    "fee_case:overturn": _REVIEWERS,
    "fee_case:return": [[is_price_regulator, may_act]],
}
