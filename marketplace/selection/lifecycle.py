"""The lives of a selection and of an award. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class SelectionState(StrEnum):
    """Where the choosing stands."""

    COMMITTED = "committed"
    BIDDING = "bidding"
    WEIGHING = "weighing"
    DECIDED = "decided"
    FAILED = "failed"


class AwardState(StrEnum):
    """Whether the choice still holds: public first, then final, or ended."""

    PROVISIONAL = "provisional"
    SUSPENDED = "suspended"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ANNULLED = "annulled"


_S = SelectionState
_A = AwardState
PUBLICITY: Final = "award.publicity"
SUSPENSION: Final = "award.suspension"
HOLDING: Final = (_A.PROVISIONAL, _A.SUSPENDED, _A.CONFIRMED)

SELECTION: Final = Lifecycle(
    "selection",
    SelectionState,
    initial=_S.COMMITTED,
    moves=[
        Move("begin", "begun", (_S.COMMITTED,), _S.WEIGHING),
        Move("start_rounds", "rounds_started", (_S.COMMITTED,), _S.BIDDING, sets=("selection.round",)),
        Move("end_rounds", "rounds_ended", (_S.BIDDING,), _S.WEIGHING, drops=("selection.round",)),
        Move("decide", "decided", (_S.WEIGHING,), _S.DECIDED),
        Move("resume", "resumed", (_S.DECIDED,), _S.WEIGHING, needs=("reason",)),
        Move("fail", "failed", (_S.WEIGHING,), _S.FAILED),
    ],
)

AWARD: Final = Lifecycle(
    "award",
    AwardState,
    initial=_A.PROVISIONAL,
    moves=[
        Move("confirm", "confirmed", (_A.PROVISIONAL,), _A.CONFIRMED, ("publicity-over",), drops=(PUBLICITY,)),
        Move("suspend", "suspended", (_A.PROVISIONAL,), _A.SUSPENDED, ("complaint",), (SUSPENSION,), (PUBLICITY,)),
        Move("resume", "resumed", (_A.SUSPENDED,), _A.PROVISIONAL, sets=(PUBLICITY,), drops=(SUSPENSION,)),
        Move("decline", "declined", HOLDING, _A.DECLINED, ("reason",), drops=(PUBLICITY, SUSPENSION)),
        Move("annul", "annulled", HOLDING, _A.ANNULLED, ("reason",), drops=(PUBLICITY, SUSPENSION)),
    ],
)
