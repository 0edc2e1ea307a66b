"""Who may see and steer a contract: its two parties. Offices watch; the public sees a summary."""

from __future__ import annotations

from typing import Any, Final

from core.access import (
    Actor,
    Policy,
    in_town,
    is_agency,
    is_city_operator,
    is_city_staff,
    is_department,
    is_enterprise,
    is_system,
    is_town_operator,
    may_act,
)
from marketplace.contracts.lifecycle import ContractState


def is_buyer(actor: Actor, subject: Any) -> bool:
    """Hold for people of the enterprise in the contract."""
    return actor.is_of(getattr(subject, "enterprise_org_id", None))


def is_seller(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency in the contract."""
    return actor.is_of(getattr(subject, "agency_org_id", None))


def was_signed(_actor: Actor, subject: Any) -> bool:
    """Hold once both sides have signed; a draft ends with its award, not by termination."""
    return getattr(subject, "state", None) != ContractState.DRAFTED


def is_party(actor: Actor, subject: Any) -> bool:
    """Hold for people of either side of what hangs from a contract."""
    return is_buyer(actor, subject) or is_seller(actor, subject)


def asked_it(actor: Actor, subject: Any) -> bool:
    """Hold for people of the side that asked."""
    return actor.is_of(getattr(subject, "asked_by_org_id", None))


def answers_it(actor: Actor, subject: Any) -> bool:
    """Hold for people of the side that was asked."""
    return is_party(actor, subject) and not asked_it(actor, subject)


def is_its_office(actor: Actor, subject: Any) -> bool:
    """Hold for people of a department whose approval the contract's item serves."""
    return actor.org_id is not None and actor.org_id in getattr(subject, "offices", ())


_BUYER_ACTS: Final = [is_enterprise, is_buyer, may_act]
_SELLER_ACTS: Final = [is_agency, is_seller, may_act]

POLICY: Final[Policy] = {
    "contract:read": [[is_enterprise, is_buyer], [is_agency, is_seller], [is_city_staff], [is_town_operator, in_town]],
    "contract:text": [[is_enterprise, is_buyer], [is_agency, is_seller]],
    "contract:revise": [_BUYER_ACTS],
    "contract:sign": [_BUYER_ACTS, _SELLER_ACTS],
    "contract:deliver": [_SELLER_ACTS],
    "contract:send_back": [_BUYER_ACTS],
    "contract:accept": [_BUYER_ACTS],
    "contract:settle": [_BUYER_ACTS],
    "settlement:confirm": [_SELLER_ACTS],
    "settlement:dispute": [_SELLER_ACTS],
    "settlement:correct": [_BUYER_ACTS],
    "settlement:keep": [_BUYER_ACTS],
    "settlement:deem": [[is_system]],
    "settlement:stand": [[is_system]],
    "contract:terminate": [[*_BUYER_ACTS, was_signed], [*_SELLER_ACTS, was_signed], [is_system]],
    "contract:pause": [_BUYER_ACTS, _SELLER_ACTS],
    "contract:amend": [_BUYER_ACTS, _SELLER_ACTS],
    "pause:agree": [[answers_it, may_act]],
    "pause:refuse": [[answers_it, may_act]],
    "pause:withdraw": [[asked_it, may_act], [is_system]],
    "pause:resume": [[is_party, may_act], [is_system]],
    "pause:lapse": [[is_system]],
    "amendment:sign": [[answers_it, may_act]],
    "amendment:refuse": [[answers_it, may_act]],
    "amendment:withdraw": [[asked_it, may_act], [is_system]],
    "amendment:lapse": [[is_system]],
    "termination:answer": [[answers_it, may_act]],
    "termination:lapse": [[is_system]],
    "outcome:enter": [[is_department, is_its_office, may_act], [is_city_operator, may_act]],
    "outcome:import": [[is_department, may_act], [is_city_operator, may_act]],
    "deliverable:accept": [[is_system]],
    "deliverable:send_back": [[is_system]],
}
