"""The lives of a registration, of a qualification and of a practitioner. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class RegistrationState(StrEnum):
    """Where an agency stands on its way to the shelf and on it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    LISTED = "listed"
    LISTED_WITH_GAPS = "listed_with_gaps"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class Verdict(StrEnum):
    """What an operator says of one material."""

    PENDING = "pending"
    PASSED = "passed"
    TO_CORRECT = "to_correct"
    PROMISED = "promised"


class QualificationState(StrEnum):
    """Where a qualification stands: entered with a registration or after it, judged, valid, over."""

    ENTERED = "entered"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VALID = "valid"
    VALID_WITH_GAPS = "valid_with_gaps"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class PractitionerState(StrEnum):
    """Where a person of an agency stands."""

    REGISTERED = "registered"
    EXPIRED = "expired"
    LEFT = "left"


_S = RegistrationState
_Q = QualificationState
_P = PractitionerState
ON_SHELF: Final = (_S.LISTED, _S.LISTED_WITH_GAPS)
EDITABLE: Final = (_S.DRAFT, _S.RETURNED, *ON_SHELF)
COUNTS: Final = (_Q.VALID, _Q.VALID_WITH_GAPS)
"""States in which a qualification counts, its term permitting."""
QUALIFICATION_REVIEW: Final = "qualification.review"
QUALIFICATION_CORRECT: Final = "qualification.correct"
QUALIFICATION_PROMISE: Final = "qualification.promise"
QUALIFICATION_END: Final = "qualification.end"
QUALIFICATION_CLOCKS: Final = (QUALIFICATION_REVIEW, QUALIFICATION_CORRECT, QUALIFICATION_PROMISE, QUALIFICATION_END)
PRACTITIONER_END: Final = "practitioner.end"

REGISTRATION: Final = Lifecycle(
    "registration",
    RegistrationState,
    initial=_S.DRAFT,
    moves=[
        Move(
            "submit",
            "submitted",
            (_S.DRAFT, _S.RETURNED),
            _S.SUBMITTED,
            needs=("materials", "commitment"),
            sets=("registration.review",),
        ),
        Move("send_back", "returned", (_S.SUBMITTED,), _S.RETURNED, ("reason",), drops=("registration.review",)),
        Move("accept", "accepted", (_S.SUBMITTED,), _S.LISTED, ("all_passed",), drops=("registration.review",)),
        Move(
            "accept_with_gaps",
            "accepted_with_gaps",
            (_S.SUBMITTED,),
            _S.LISTED_WITH_GAPS,
            ("promises",),
            sets=("registration.gaps",),
            drops=("registration.review",),
        ),
        Move(
            "close_gaps",
            "gaps_closed",
            (_S.LISTED_WITH_GAPS,),
            _S.LISTED,
            ("all_passed",),
            drops=("registration.gaps",),
        ),
        Move("suspend", "suspended", ON_SHELF, _S.SUSPENDED, ("reason",)),
        Move("resume", "resumed", (_S.SUSPENDED,), _S.LISTED, ("reason",)),
        Move("remove", "removed", (*ON_SHELF, _S.SUSPENDED), _S.REMOVED, ("reason",)),
    ],
)

QUALIFICATION: Final = Lifecycle(
    "qualification",
    QualificationState,
    initial=_Q.ENTERED,
    moves=[
        Move("submit", "submitted", (_Q.ENTERED,), _Q.SUBMITTED, sets=(QUALIFICATION_REVIEW,)),
        Move(
            "verify", "verified", (_Q.ENTERED, _Q.SUBMITTED), _Q.VALID, ("all_passed",), (QUALIFICATION_END,),
            (QUALIFICATION_REVIEW,),
        ),
        Move(
            "verify_with_gaps", "verified_with_gaps", (_Q.SUBMITTED,), _Q.VALID_WITH_GAPS, ("promises",),
            (QUALIFICATION_PROMISE, QUALIFICATION_END), (QUALIFICATION_REVIEW,),
        ),
        Move(
            "send_back", "returned", (_Q.SUBMITTED,), _Q.RETURNED, ("list",), (QUALIFICATION_CORRECT,),
            (QUALIFICATION_REVIEW,),
        ),
        Move(
            "answer", "answered", (_Q.RETURNED,), _Q.SUBMITTED, ("answers",), (QUALIFICATION_REVIEW,),
            (QUALIFICATION_CORRECT,),
        ),
        Move(
            "close_gaps", "gaps_closed", (_Q.VALID_WITH_GAPS,), _Q.VALID, ("all_passed",),
            drops=(QUALIFICATION_PROMISE,),
        ),
        Move("lapse", "lapsed", (_Q.RETURNED, _Q.VALID_WITH_GAPS), _Q.LAPSED, ("reason",), drops=QUALIFICATION_CLOCKS),
        Move("expire", "expired", COUNTS, _Q.EXPIRED, ("deadline-passed",), drops=QUALIFICATION_CLOCKS),
        Move(
            "withdraw", "withdrawn",
            (_Q.ENTERED, _Q.SUBMITTED, _Q.RETURNED, *COUNTS, _Q.LAPSED, _Q.EXPIRED), _Q.WITHDRAWN,
            drops=QUALIFICATION_CLOCKS,
        ),
    ],
)  # fmt: skip

PRACTITIONER: Final = Lifecycle(
    "practitioner",
    PractitionerState,
    initial=_P.REGISTERED,
    moves=[
        Move(
            "expire", "expired", (_P.REGISTERED,), _P.EXPIRED, ("deadline-passed",), drops=(PRACTITIONER_END,)
        ),
        Move("renew", "renewed", (_P.REGISTERED, _P.EXPIRED), _P.REGISTERED, ("term",), (PRACTITIONER_END,)),
        Move("release", "left", (_P.REGISTERED, _P.EXPIRED), _P.LEFT, drops=(PRACTITIONER_END,)),
    ],
)  # fmt: skip
