"""The lives of a change of a rule and of a notice that changes the calendar. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class ChangeState(StrEnum):
    """Where a change stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class NoticeState(StrEnum):
    """Where a notice of holidays and make-up days stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_S = ChangeState

RULE_CHANGE: Final = Lifecycle(
    "rule_change",
    ChangeState,
    initial=_S.PROPOSED,
    moves=[
        Move("approve", "approved", (_S.PROPOSED,), _S.APPROVED, ("reason",)),
        Move("reject", "rejected", (_S.PROPOSED,), _S.REJECTED, ("reason",)),
        Move("withdraw", "withdrawn", (_S.PROPOSED,), _S.WITHDRAWN),
    ],
)

CALENDAR_NOTICE: Final = Lifecycle(
    "calendar_notice",
    NoticeState,
    initial=NoticeState.PROPOSED,
    moves=[
        Move("approve", "approved", (NoticeState.PROPOSED,), NoticeState.APPROVED, ("reason",)),
        Move("reject", "rejected", (NoticeState.PROPOSED,), NoticeState.REJECTED, ("reason",)),
        Move("withdraw", "withdrawn", (NoticeState.PROPOSED,), NoticeState.WITHDRAWN),
    ],
)
