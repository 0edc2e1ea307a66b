"""The life of a fee case. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class FeeCaseState(StrEnum):
    """Where a case stands; a dismissed one stays visible to its agency."""

    OPEN = "open"
    REPLIED = "replied"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


_S = FeeCaseState

FEE_CASE: Final = Lifecycle(
    "fee_case",
    FeeCaseState,
    initial=_S.OPEN,
    moves=[
        Move("reply", "replied", (_S.OPEN,), _S.REPLIED),
        Move("uphold", "upheld", (_S.OPEN, _S.REPLIED), _S.UPHELD),
        Move("dismiss", "dismissed", (_S.OPEN, _S.REPLIED), _S.DISMISSED),
    ],
)
