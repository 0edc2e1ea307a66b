"""Who may rate, answer, and take a rating away. Nobody at all may read a rating that is still hidden."""

from __future__ import annotations

from typing import Any, Final

from core.access import Actor, Policy, is_administration, is_agency, is_city_operator, is_enterprise, is_system, may_act
from marketplace.contracts.permissions import is_buyer, is_seller
from ratings.lifecycle import RatingState


def is_rated(actor: Actor, subject: Any) -> bool:
    """Hold for people of the organisation a rating is about."""
    return actor.is_of(getattr(subject, "rated_org_id", None))


def is_shown(_actor: Actor, subject: Any) -> bool:
    """Hold once a rating is published and while it is not removed."""
    return getattr(subject, "state", None) == RatingState.PUBLISHED


POLICY: Final[Policy] = {
    "rating:give": [[is_enterprise, is_buyer, may_act], [is_agency, is_seller, may_act]],
    "rating:publish": [[is_system]],
    "rating:read": [[is_shown]],
    "rating:reply": [[is_rated, may_act, is_shown]],
    "rating:remove": [[is_city_operator, may_act], [is_administration, may_act]],
}
