"""The life of a change of a rule. Pure."""

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
