"""The life of a revision of a fee schedule. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class RevisionState(StrEnum):
    """Where a revision stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_S = RevisionState
UNDECIDED: Final = (_S.DRAFT, _S.PROPOSED)
STANDING: Final = (_S.APPROVED, _S.IN_FORCE)

FEE_REVISION: Final = Lifecycle(
    "fee_revision",
    RevisionState,
    initial=_S.DRAFT,
    moves=[
        Move("propose", "proposed", (_S.DRAFT,), _S.PROPOSED, ("schedule_text", "reason")),
        Move("approve", "approved", (_S.PROPOSED,), _S.APPROVED, sets=("fee_revision.effective",)),
        Move("enter_force", "entered_force", (_S.APPROVED,), _S.IN_FORCE),
        Move("reject", "rejected", (_S.PROPOSED,), _S.REJECTED, ("reason",)),
        Move("withdraw", "withdrawn", UNDECIDED, _S.WITHDRAWN),
    ],
)
