"""The life of a quote. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class QuoteState(StrEnum):
    """Where a quote stands. Its price exists only from ``opened`` on."""

    SEALED = "sealed"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    WON = "won"
    LOST = "lost"
    INVALID = "invalid"
    DECLINED = "declined"


_S = QuoteState
CLOSED: Final = (_S.SEALED, _S.REPLACED, _S.WITHDRAWN)
READABLE: Final = frozenset(QuoteState) - set(CLOSED)

QUOTE: Final = Lifecycle(
    "quote",
    QuoteState,
    initial=_S.SEALED,
    moves=[
        Move("replace", "replaced", (_S.SEALED,), _S.REPLACED),
        Move("withdraw", "withdrawn", (_S.SEALED,), _S.WITHDRAWN),
        Move("open", "opened", (_S.SEALED,), _S.OPENED),
        Move("win", "won", (_S.OPENED, _S.LOST), _S.WON),
        Move("lose", "lost", (_S.OPENED,), _S.LOST),
        Move("reject", "rejected", (_S.OPENED, _S.WON), _S.INVALID),
        Move("decline", "declined", (_S.WON,), _S.DECLINED),
    ],
)
