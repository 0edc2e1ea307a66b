"""Who asks, answers and approves. What was approved everybody reads; nobody approves what they answered."""

from __future__ import annotations

from typing import Any, Final

from admin.consultation.lifecycle import ConsultationState
from core.access import (
    Actor,
    Policy,
    in_town,
    is_administration,
    is_city_operator,
    is_department,
    is_price_regulator,
    is_signed_in,
    is_staff,
    is_system,
    is_town_operator,
    may_act,
)


def owns(actor: Actor, subject: Any) -> bool:
    """Hold for people of the organisation that asked."""
    return actor.is_of(getattr(subject, "org_id", None))


def is_public(_actor: Actor, subject: Any) -> bool:
    """Hold for an approved answer."""
    return getattr(subject, "state", None) == ConsultationState.PUBLISHED


def did_not_answer(actor: Actor, subject: Any) -> bool:
    """Hold for anybody but the person who answered."""
    return actor.user_id is not None and actor.user_id != getattr(subject, "answered_by", None)


_OFFICES: Final = [
    [is_city_operator, may_act],
    [is_town_operator, may_act, in_town],
    [is_department, may_act],
    [is_price_regulator, may_act],
    [is_administration, may_act],
]
_APPROVERS: Final = [[is_city_operator, may_act, did_not_answer], [is_administration, may_act, did_not_answer]]
_KEEPERS: Final = [[is_city_operator, may_act], [is_administration, may_act]]

POLICY: Final[Policy] = {
    "consultation:desk": [[is_staff]],
    "consultation:ask": [[is_signed_in, may_act]],
    "consultation:help": [[is_signed_in, is_public]],
    "consultation:answer": _OFFICES,
    "consultation:close": [*_OFFICES, [is_signed_in, may_act, owns]],
    "consultation:publish": _APPROVERS,
    "consultation:renew": _KEEPERS,
    "consultation:retire": [*_KEEPERS, [is_system]],
}
