"""The lives of a contract, its deliverables, pauses, amendments, settlement and early end. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move

DUE: Final = "contract.due"
SIGN: Final = "contract.sign"
PAUSE_ANSWER: Final = "pause.answer"
AMENDMENT_ANSWER: Final = "amendment.answer"
TERMINATION_VIEW: Final = "termination.view"
SETTLEMENT_ANSWER: Final = "settlement.answer"


class ContractState(StrEnum):
    """Where a deal stands."""

    DRAFTED = "drafted"
    IN_SERVICE = "in_service"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    TERMINATED = "terminated"


class DeliverableState(StrEnum):
    """What became of one version of the result."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class PauseState(StrEnum):
    """Where a pause of the contract's clock stands; only what has been running counts."""

    ASKED = "asked"
    RUNNING = "running"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class AmendmentState(StrEnum):
    """Where a change of a signed contract stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class TerminationState(StrEnum):
    """Whether the other side of a contract ended early has said its view."""

    NOTIFIED = "notified"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


class SettlementState(StrEnum):
    """Where the settlement stands: recorded by the enterprise, and what the agency says of it."""

    RECORDED = "recorded"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    KEPT = "kept"


_S = ContractState
_D = DeliverableState
_P = PauseState
_A = AmendmentState
_T = TerminationState
_B = SettlementState

CONTRACT: Final = Lifecycle(
    "contract",
    ContractState,
    initial=_S.DRAFTED,
    moves=[
        Move("sign", "signed", (_S.DRAFTED,), _S.IN_SERVICE, ("both-signed",), (DUE,), (SIGN,)),
        Move("deliver", "delivered", (_S.IN_SERVICE,), _S.DELIVERED, ("file",), (), (DUE, PAUSE_ANSWER)),
        Move("send_back", "returned", (_S.DELIVERED,), _S.IN_SERVICE, ("reason",), (DUE,)),
        Move("accept", "accepted", (_S.DELIVERED,), _S.ACCEPTED),
        Move("settle", "settled", (_S.ACCEPTED,), _S.SETTLED, ("lines",), (), (AMENDMENT_ANSWER,)),
        Move(
            "terminate",
            "terminated",
            (_S.DRAFTED, _S.IN_SERVICE, _S.DELIVERED),
            _S.TERMINATED,
            ("cause", "reason", "payable"),
            (TERMINATION_VIEW,),
            (SIGN, DUE, PAUSE_ANSWER, AMENDMENT_ANSWER),
        ),
    ],
)

DELIVERABLE: Final = Lifecycle(
    "deliverable",
    DeliverableState,
    initial=_D.SUBMITTED,
    moves=[
        Move("accept", "accepted", (_D.SUBMITTED,), _D.ACCEPTED),
        Move("send_back", "returned", (_D.SUBMITTED,), _D.RETURNED, ("reason",)),
    ],
)

PAUSE: Final = Lifecycle(
    "pause",
    PauseState,
    initial=_P.ASKED,
    moves=[
        Move("agree", "agreed", (_P.ASKED,), _P.RUNNING, ("other-side",), (), (PAUSE_ANSWER, DUE)),
        Move("lapse", "deemed_agreed", (_P.ASKED,), _P.RUNNING, ("no-answer",), (), (PAUSE_ANSWER, DUE)),
        Move("refuse", "refused", (_P.ASKED,), _P.REFUSED, ("other-side", "reason"), (), (PAUSE_ANSWER,)),
        Move("withdraw", "withdrawn", (_P.ASKED,), _P.WITHDRAWN, (), (), (PAUSE_ANSWER,)),
        Move("resume", "ended", (_P.RUNNING,), _P.ENDED, (), (DUE,)),
    ],
)

AMENDMENT: Final = Lifecycle(
    "amendment",
    AmendmentState,
    initial=_A.PROPOSED,
    moves=[
        Move("sign", "in_force", (_A.PROPOSED,), _A.IN_FORCE, ("other-side",), (DUE,), (AMENDMENT_ANSWER,)),
        Move("refuse", "refused", (_A.PROPOSED,), _A.REFUSED, ("other-side", "reason"), (), (AMENDMENT_ANSWER,)),
        Move("withdraw", "withdrawn", (_A.PROPOSED,), _A.WITHDRAWN, (), (), (AMENDMENT_ANSWER,)),
        Move("lapse", "lapsed", (_A.PROPOSED,), _A.LAPSED, ("no-answer",), (), (AMENDMENT_ANSWER,)),
    ],
)

TERMINATION: Final = Lifecycle(
    "termination",
    TerminationState,
    initial=_T.NOTIFIED,
    moves=[
        Move("answer", "answered", (_T.NOTIFIED,), _T.ANSWERED, ("other-side", "view"), (), (TERMINATION_VIEW,)),
        Move("lapse", "unanswered", (_T.NOTIFIED,), _T.UNANSWERED, ("no-answer",), (), (TERMINATION_VIEW,)),
    ],
)

SETTLEMENT: Final = Lifecycle(
    "settlement",
    SettlementState,
    initial=_B.RECORDED,
    moves=[
        Move("confirm", "confirmed", (_B.RECORDED,), _B.CONFIRMED, ("other-side",), (), (SETTLEMENT_ANSWER,)),
        Move("deem", "deemed_confirmed", (_B.RECORDED,), _B.CONFIRMED, ("no-answer",), (), (SETTLEMENT_ANSWER,)),
        Move("dispute", "disputed", (_B.RECORDED,), _B.DISPUTED, ("other-side", "reason"), (SETTLEMENT_ANSWER,)),
        Move("correct", "corrected", (_B.DISPUTED,), _B.RECORDED, ("lines",), (SETTLEMENT_ANSWER,)),
        Move("keep", "kept", (_B.DISPUTED,), _B.KEPT, ("reason",), (), (SETTLEMENT_ANSWER,)),
        Move("stand", "stood", (_B.DISPUTED,), _B.KEPT, ("no-answer",), (), (SETTLEMENT_ANSWER,)),
    ],
)
