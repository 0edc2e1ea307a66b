"""The lives of a quote and of the explanation of a low price. Pure."""

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


class ExplanationState(StrEnum):
    """Where the explanation of an abnormally low price stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    SILENT = "silent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LAPSED = "lapsed"


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
        Move("open", "opened", (_S.SEALED,), _S.OPENED, needs=("deadline-passed",)),
        Move("win", "won", (_S.OPENED, _S.LOST), _S.WON),
        Move("lose", "lost", (_S.OPENED,), _S.LOST),
        Move("reconsider", "reconsidered", (_S.LOST,), _S.OPENED),
        Move("reject", "rejected", (_S.OPENED, _S.WON), _S.INVALID, needs=("reason",)),
        Move("decline", "declined", (_S.WON,), _S.DECLINED, needs=("reason",)),
    ],
)

_E = ExplanationState
PENDING: Final = (_E.ASKED, _E.ANSWERED, _E.SILENT)
REPLY: Final = "explanation.reply"
DECIDE: Final = "explanation.decide"

EXPLANATION: Final = Lifecycle(
    "explanation",
    ExplanationState,
    initial=_E.ASKED,
    moves=[
        Move("answer", "answered", (_E.ASKED, _E.SILENT), _E.ANSWERED, needs=("text",), sets=(DECIDE,), drops=(REPLY,)),
        Move("pass_over", "passed_over", (_E.ASKED,), _E.SILENT, needs=("deadline-passed",), sets=(DECIDE,)),
        Move("accept", "accepted", (_E.ANSWERED, _E.SILENT), _E.ACCEPTED, needs=("reason",), drops=(DECIDE,)),
        Move("reject", "rejected", (_E.ANSWERED, _E.SILENT), _E.REJECTED, needs=("reason",), drops=(DECIDE,)),
        Move("lapse", "lapsed", PENDING, _E.LAPSED, needs=("deadline-passed",)),
    ],
)
