"""The life of a fee case. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class CaseKind(StrEnum):
    """What was found: a price above something that limits it."""

    ABOVE_CAP_ATTEMPT = "above_cap_attempt"
    ABOVE_POSTED = "above_posted"
    CONTRACT_ABOVE_QUOTE = "contract_above_quote"
    SETTLEMENT_ABOVE_CONTRACT = "settlement_above_contract"


class CaseState(StrEnum):
    """Where a fee case stands."""

    OPEN = "open"
    REPLIED = "replied"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


_S = CaseState
UNDECIDED: Final = (_S.OPEN, _S.REPLIED)

FEE_CASE: Final = Lifecycle(
    "fee_case",
    CaseState,
    initial=_S.OPEN,
    moves=[
        Move("reply", "replied", (_S.OPEN,), _S.REPLIED),
        Move("uphold", "upheld", UNDECIDED, _S.UPHELD),
        Move("dismiss", "dismissed", UNDECIDED, _S.DISMISSED),
    ],
)
