"""The life of a complaint. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class Subject(StrEnum):
    """What a complaint is about: an agency's entry, a purchase, or the operator's own work."""

    ENTRY = "entry"
    SELECTION = "selection"
    OPERATOR = "operator"


class Aspect(StrEnum):
    """Which side of its subject a complaint finds wrong."""

    PROCESS = "process"
    RESULT = "result"
    NOTICE = "notice"
    PARTICIPANT = "participant"
    QUALIFICATION = "qualification"
    QUALITY = "quality"
    SPEED = "speed"


class Remedy(StrEnum):
    """What an upheld complaint does."""

    NONE = "none"
    ANNUL = "annul"
    NEXT = "next"
    RERUN = "rerun"
    CORRECT_NOTICE = "correct_notice"


class Outcome(StrEnum):
    """How a complaint was decided the first time."""

    UPHELD = "upheld"
    PARTLY = "partly"
    DISMISSED = "dismissed"


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    FILED = "filed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    HEARD = "heard"
    UPHELD = "upheld"
    PARTLY = "partly"
    DISMISSED = "dismissed"
    APPEALED = "appealed"
    CONFIRMED = "confirmed"
    OVERTURNED = "overturned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


_S = ComplaintState
ACCEPT: Final = "complaint.accept"
CORRECT: Final = "complaint.correct"
PROMISE: Final = "complaint.promise"
REPLY: Final = "complaint.reply"
DECIDE: Final = "complaint.decide"
APPEAL: Final = "complaint.appeal"
REVIEW: Final = "complaint.review"
CLOCKS: Final = (ACCEPT, CORRECT, PROMISE, REPLY, DECIDE, APPEAL, REVIEW)

UNJUDGED: Final = (_S.FILED, _S.RETURNED)
UNDECIDED: Final = (_S.ACCEPTED, _S.HEARD)
DECIDED: Final = (_S.UPHELD, _S.PARTLY, _S.DISMISSED)
REVIEWED: Final = (_S.CONFIRMED, _S.OVERTURNED)
ASPECTS: Final = {
    Subject.ENTRY: (Aspect.PROCESS, Aspect.RESULT),
    Subject.SELECTION: (Aspect.NOTICE, Aspect.PROCESS, Aspect.RESULT, Aspect.PARTICIPANT, Aspect.QUALIFICATION),
    Subject.OPERATOR: (Aspect.QUALITY, Aspect.SPEED),
}

COMPLAINT: Final = Lifecycle(
    "complaint",
    ComplaintState,
    initial=_S.FILED,
    moves=[
        Move("send_back", "returned", (_S.FILED,), _S.RETURNED, ("list",), (CORRECT,), (ACCEPT,)),
        Move("answer", "answered", (_S.RETURNED,), _S.FILED, ("answers",), (ACCEPT,), (CORRECT,)),
        Move("accept", "accepted", (_S.FILED,), _S.ACCEPTED, ("items",), (REPLY, DECIDE, PROMISE), (ACCEPT,)),
        Move("refuse", "refused", (_S.FILED,), _S.REFUSED, ("reason",), drops=(ACCEPT,)),
        Move("reply", "replied", (_S.ACCEPTED,), _S.HEARD, ("text",), drops=(REPLY,)),
        Move("close_hearing", "heard", (_S.ACCEPTED,), _S.HEARD, drops=(REPLY,)),
        Move("uphold", "upheld", (_S.HEARD,), _S.UPHELD, ("decision",), (APPEAL,), (DECIDE, PROMISE)),
        Move("uphold_partly", "partly_upheld", (_S.HEARD,), _S.PARTLY, ("decision",), (APPEAL,), (DECIDE, PROMISE)),
        Move("dismiss", "dismissed", (_S.HEARD,), _S.DISMISSED, ("decision",), (APPEAL,), (DECIDE, PROMISE)),
        Move("appeal", "appealed", DECIDED, _S.APPEALED, ("text",), (REVIEW,), (APPEAL,)),
        Move("confirm", "confirmed", (_S.APPEALED,), _S.CONFIRMED, ("decision",), drops=(REVIEW,)),
        Move("overturn", "overturned", (_S.APPEALED,), _S.OVERTURNED, ("decision",), drops=(REVIEW,)),
        Move("withdraw", "withdrawn", (*UNJUDGED, *UNDECIDED), _S.WITHDRAWN, ("reason",), drops=CLOCKS),
        Move("lapse", "lapsed", (_S.RETURNED, *UNDECIDED), _S.LAPSED, ("reason",), drops=CLOCKS),
    ],
)
