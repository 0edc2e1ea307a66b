"""The lives of a fee case and of a posted price. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class CaseKind(StrEnum):
    """What was found: a price beyond something it is held against."""

    ABOVE_CAP_ATTEMPT = "above_cap_attempt"
    ABOVE_POSTED = "above_posted"
    CONTRACT_ABOVE_QUOTE = "contract_above_quote"
    SETTLEMENT_ABOVE_CONTRACT = "settlement_above_contract"
    ZERO_CHARGE = "zero_charge"
    UNKNOWN_EXTRA = "unknown_extra"
    FEE_SPLIT = "fee_split"
    UNUSUAL_PRICE = "unusual_price"
    ABNORMALLY_LOW = "abnormally_low"


class CaseState(StrEnum):
    """Where a fee case stands."""

    OPEN = "open"
    REPLIED = "replied"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    APPEALED = "appealed"
    CONFIRMED = "confirmed"
    OVERTURNED = "overturned"


class PriceState(StrEnum):
    """Where one version of a posted price stands."""

    POSTED = "posted"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"


_S = CaseState
_P = PriceState
PRICE_BEGIN: Final = "price.begin"
UNDECIDED: Final = (_S.OPEN, _S.REPLIED)
DECIDED: Final = (_S.UPHELD, _S.DISMISSED)
REVIEWED: Final = (_S.CONFIRMED, _S.OVERTURNED)
BOTH_WAYS: Final = (CaseKind.UNUSUAL_PRICE, CaseKind.ABNORMALLY_LOW)

FEE_CASE: Final = Lifecycle(
    "fee_case",
    CaseState,
    initial=_S.OPEN,
    moves=[
        Move("reply", "replied", (_S.OPEN,), _S.REPLIED, ("reply",), drops=("fee_case.reply",)),
        Move("uphold", "upheld", UNDECIDED, _S.UPHELD, ("reason",), ("fee_case.appeal",), ("fee_case.reply",)),
        Move("dismiss", "dismissed", UNDECIDED, _S.DISMISSED, ("reason",), ("fee_case.appeal",), ("fee_case.reply",)),
        Move("appeal", "appealed", DECIDED, _S.APPEALED, ("reason",), ("fee_case.review",), ("fee_case.appeal",)),
        Move("confirm", "confirmed", (_S.APPEALED,), _S.CONFIRMED, ("reason",), drops=("fee_case.review",)),
        Move("overturn", "overturned", (_S.APPEALED,), _S.OVERTURNED, ("reason",), drops=("fee_case.review",)),
    ],
)

PRICE: Final = Lifecycle(
    "price",
    PriceState,
    initial=_P.POSTED,
    moves=[
        Move("begin", "begun", (_P.POSTED,), _P.IN_FORCE, ("begin-day",), drops=(PRICE_BEGIN,)),
        Move("supersede", "superseded", (_P.POSTED, _P.IN_FORCE), _P.SUPERSEDED, ("newer-price",), (), (PRICE_BEGIN,)),
    ],
)
