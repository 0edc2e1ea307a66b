"""The life of a registration. Pure."""

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


_S = RegistrationState
ON_SHELF: Final = (_S.LISTED, _S.LISTED_WITH_GAPS)
EDITABLE: Final = (_S.DRAFT, _S.RETURNED, *ON_SHELF)

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
