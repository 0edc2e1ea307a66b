"""Who may do what in registration."""

from __future__ import annotations

from typing import Any, Final

from core.access import (
    Actor,
    Policy,
    in_town,
    is_administration,
    is_agency,
    is_city_operator,
    is_manager,
    is_price_regulator,
    is_system,
    is_town_operator,
    may_act,
)


def owns(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency itself."""
    return actor.is_of(getattr(subject, "org_id", None))


def acts_for(actor: Actor, organisation: Any) -> bool:
    """Hold for people of the organisation given."""
    return actor.is_of(getattr(organisation, "id", None))


def was_listed(_actor: Actor, subject: Any) -> bool:
    """Hold when the agency has been on the shelf: its record is public, also after it left."""
    return getattr(subject, "listed_at", None) is not None


_OWN = [is_agency, may_act, owns]
_REVIEWING = [[is_town_operator, in_town], [is_city_operator]]
_REVIEWERS = [[is_town_operator, may_act, in_town], [is_city_operator, may_act]]
_SUPERVISORS = [[is_town_operator, is_manager, in_town], [is_city_operator, is_manager]]
_CITY = [[is_city_operator, may_act], [is_administration, may_act]]

POLICY: Final[Policy] = {
    "registration:see": [
        [was_listed],
        [owns],
        [is_town_operator, in_town],
        [is_city_operator],
        [is_administration],
        [is_price_regulator],
        [is_system],
    ],
    "registration:see_papers": [
        [owns],
        [is_town_operator, in_town],
        [is_city_operator],
        [is_administration],
        [is_system],
    ],
    "registration:queue": [[is_town_operator], [is_city_operator]],
    "registration:open": [[is_agency, may_act, acts_for]],
    "registration:edit": [_OWN],
    "registration:submit": [_OWN],
    "registration:review": _REVIEWERS,
    "registration:send_back": _REVIEWERS,
    "registration:send_back_again": _SUPERVISORS,
    "registration:accept": [*_REVIEWERS, [is_system]],
    "registration:accept_with_gaps": _REVIEWERS,
    "registration:close_gaps": _REVIEWERS,
    "registration:suspend": [*_CITY, [is_system]],
    "registration:resume": _CITY,
    "registration:remove": _CITY,
    "qualification:see_change": [[owns], *_REVIEWING, [is_system]],
    "qualification:submit": [_OWN],
    "qualification:judge": _REVIEWERS,
    "qualification:verify": [*_REVIEWERS, [is_system]],
    "qualification:verify_with_gaps": _REVIEWERS,
    "qualification:send_back": _REVIEWERS,
    "qualification:send_back_again": _SUPERVISORS,
    "qualification:answer": [_OWN],
    "qualification:close_gaps": _REVIEWERS,
    "qualification:lapse": [[is_system]],
    "qualification:expire": [[is_system]],
    "qualification:withdraw": [_OWN],
    "practitioner:expire": [[is_system]],
    "practitioner:renew": [_OWN],
    "practitioner:release": [_OWN],
}
