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
    """Whether the choice still holds."""

    GIVEN = "given"
    DECLINED = "declined"


_S = SelectionState

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
    initial=AwardState.GIVEN,
    moves=[Move("decline", "declined", (AwardState.GIVEN,), AwardState.DECLINED, needs=("reason",))],
)
