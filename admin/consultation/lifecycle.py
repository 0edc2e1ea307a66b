"""The life of a question to the offices. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class ConsultationState(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    PUBLISHED = "published"
    RETIRED = "retired"
    CLOSED = "closed"


_S = ConsultationState
ANSWER: Final = "consultation.answer"
REVIEW: Final = "consultation.review"

CONSULTATION: Final = Lifecycle(
    "consultation",
    ConsultationState,
    initial=_S.ASKED,
    moves=[
        Move("answer", "answered", (_S.ASKED,), _S.ANSWERED, ("reply",), drops=(ANSWER,)),
        Move("close", "closed", (_S.ASKED, _S.ANSWERED), _S.CLOSED, ("reason",), drops=(ANSWER,)),
        Move("publish", "published", (_S.ANSWERED,), _S.PUBLISHED, ("review_day",), sets=(REVIEW,)),
        Move("renew", "renewed", (_S.PUBLISHED,), _S.PUBLISHED, ("review_day",), sets=(REVIEW,)),
        Move("retire", "retired", (_S.PUBLISHED,), _S.RETIRED, ("reason",), drops=(REVIEW,)),
    ],
)
