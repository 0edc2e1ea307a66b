"""Who may complain, read a case, and decide it. Whoever worked on the business complained of decides nothing."""

from __future__ import annotations

from typing import Any, Final

from core.access import (
    Actor,
    Policy,
    Predicate,
    is_administration,
    is_agency,
    is_city_operator,
    is_department,
    is_enterprise,
    is_system,
    is_town_operator,
    may_act,
)
from marketplace.complaints.lifecycle import Outcome


def is_complainant(actor: Actor, subject: Any) -> bool:
    """Hold for people of the organisation that complains."""
    return actor.is_of(getattr(subject, "org_id", None))


def is_respondent(actor: Actor, subject: Any) -> bool:
    """Hold for people of the organisation complained of."""
    return actor.is_of(getattr(subject, "respondent_org_id", None))


def is_office(actor: Actor, subject: Any) -> bool:
    """Hold for people of the office that decides this complaint."""
    return actor.is_of(getattr(subject, "office_org_id", None))


def is_winner(actor: Actor, subject: Any) -> bool:
    """Hold for people of the agency whose award hangs on the complaint."""
    return actor.is_of(getattr(subject, "interested_org_id", None))


def was_accepted(_actor: Actor, subject: Any) -> bool:
    """Hold once the complaint was found receivable: from then on the other side is heard."""
    return getattr(subject, "accepted_at", None) is not None


def was_decided(_actor: Actor, subject: Any) -> bool:
    """Hold once the complaint was decided the first time."""
    return getattr(subject, "outcome", None) is not None


def was_not_upheld_whole(_actor: Actor, subject: Any) -> bool:
    """Hold for a complaint dismissed in whole or in part."""
    return getattr(subject, "outcome", None) in {Outcome.DISMISSED, Outcome.PARTLY}


def was_upheld(_actor: Actor, subject: Any) -> bool:
    """Hold for a complaint upheld in whole or in part."""
    return getattr(subject, "outcome", None) in {Outcome.UPHELD, Outcome.PARTLY}


def was_not_involved(actor: Actor, subject: Any) -> bool:
    """Hold for everybody who did not work on the business complained of."""
    worked = {*(getattr(subject, "involved", None) or ()), getattr(subject, "handled_by", None)}
    return actor.user_id is not None and actor.user_id not in worked


def did_not_decide(actor: Actor, subject: Any) -> bool:
    """Hold for everybody but the officer who made the first decision."""
    return actor.user_id is not None and actor.user_id != getattr(subject, "decided_by", None)


_OFFICERS: Final[list[list[Predicate]]] = [[is_office, may_act, was_not_involved]]
_REVIEWERS: Final[list[list[Predicate]]] = [
    [is_office, may_act, was_not_involved, did_not_decide],
    [is_administration, may_act, was_not_involved, did_not_decide],
]
_COMPLAINANT: Final = [[is_complainant, may_act]]

POLICY: Final[Policy] = {
    "complaint:list": [
        [is_agency], [is_enterprise], [is_city_operator], [is_administration], [is_department], [is_town_operator],
    ],
    "complaint:file": [[is_agency, may_act], [is_enterprise, may_act]],
    "complaint:read": [
        [is_complainant], [is_respondent, was_accepted], [is_office], [is_administration], [is_winner, was_decided],
        [is_system],
    ],
    "complaint:text": [[is_complainant], [is_respondent, was_accepted], [is_office], [is_administration]],
    "complaint:contact": [[is_complainant], [is_office]],
    "complaint:judge": _OFFICERS,
    "complaint:send_back": _OFFICERS,
    "complaint:accept": [*_OFFICERS, [is_system]],
    "complaint:refuse": _OFFICERS,
    "complaint:answer": _COMPLAINANT,
    "complaint:withdraw": _COMPLAINANT,
    "complaint:reply": [[is_respondent, may_act, was_accepted]],
    "complaint:close_hearing": [[is_system]],
    "complaint:decide": _OFFICERS,
    "complaint:uphold": _OFFICERS,
    "complaint:uphold_partly": _OFFICERS,
    "complaint:dismiss": _OFFICERS,
    "complaint:appeal": [
        [is_complainant, may_act, was_not_upheld_whole],
        [is_respondent, may_act, was_upheld],
        [is_winner, may_act, was_upheld],
    ],
    "complaint:review": _REVIEWERS,
    "complaint:confirm": [*_REVIEWERS, [is_system]],
    "complaint:overturn": _REVIEWERS,
    "complaint:lapse": [[is_system]],
}  # fmt: skip
