"""The lives of a visit to the window, of a consent to file, and of a shipment. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class VisitState(StrEnum):
    """Where a visit stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class ConsentState(StrEnum):
    """Where a consent stands: asked for by code, given, used up by the filings it names, or over."""

    ASKED = "asked"
    GIVEN = "given"
    USED_UP = "used_up"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ConsentKind(StrEnum):
    """How a consent is given: a signed paper that is scanned, or a code typed in the visitor's own account."""

    PAPER = "paper"
    CODE = "code"


class Matter(StrEnum):
    """What a window may file for an enterprise or an agency; one consent may cover several, each once.

    A quote is not among them: a clerk would read a sealed price. Nor is a signature, nor a rating.
    """

    NEED = "need"
    QUESTION = "question"
    COMPLAINT = "complaint"
    RECEIPT = "receipt"
    QUALIFICATION = "qualification"
    REGISTRATION = "registration"
    PRICE = "price"


class ShipmentState(StrEnum):
    """Where a shipment stands."""

    ANNOUNCED = "announced"
    SENT = "sent"
    SIGNED = "signed"
    RETURNED = "returned"
    LOST = "lost"


class Party(StrEnum):
    """Who sends or receives."""

    ENTERPRISE = "enterprise"
    AGENCY = "agency"
    WINDOW = "window"


class Signer(StrEnum):
    """Who signed for a shipment, by role; never a name."""

    RECIPIENT = "recipient"
    COLLEAGUE = "colleague"
    RECEPTION = "reception"
    LOCKER = "locker"


_V, _C, _S = VisitState, ConsentState, ShipmentState
END: Final = "consent.end"
SCAN_KEPT: Final = "consent.scan"
UNSIGNED: Final = "shipment.unsigned"

VISIT: Final = Lifecycle(
    "visit",
    VisitState,
    initial=_V.OPEN,
    moves=[
        Move("finish", "finished", (_V.OPEN,), _V.DONE, drops=(END,)),
        Move("cancel", "cancelled", (_V.OPEN,), _V.CANCELLED, ("reason",), drops=(END,)),
    ],
)
CONSENT: Final = Lifecycle(
    "consent",
    ConsentState,
    initial=_C.ASKED,
    moves=[
        Move("give", "given", (_C.ASKED,), _C.GIVEN, ("paper_or_code",), sets=(END,)),
        Move("file", "filed", (_C.GIVEN,), _C.GIVEN, ("covered",)),
        Move("use_up", "used-up", (_C.GIVEN,), _C.USED_UP, ("covered",), (SCAN_KEPT,), (END,)),
        Move("expire", "expired", (_C.ASKED, _C.GIVEN), _C.EXPIRED, (), (SCAN_KEPT,), (END,)),
        Move("withdraw", "withdrawn", (_C.ASKED, _C.GIVEN), _C.WITHDRAWN, (), (SCAN_KEPT,), (END,)),
    ],
)
SHIPMENT: Final = Lifecycle(
    "shipment",
    ShipmentState,
    initial=_S.ANNOUNCED,
    moves=[
        Move("send", "sent", (_S.ANNOUNCED,), _S.SENT, ("tracking",), (UNSIGNED,)),
        Move("sign", "signed", (_S.SENT,), _S.SIGNED, ("signature",), (), (UNSIGNED,)),
        Move("send_back", "returned", (_S.ANNOUNCED, _S.SENT), _S.RETURNED, ("reason",), (), (UNSIGNED,)),
        Move("lose", "lost", (_S.SENT,), _S.LOST, ("reason",), (), (UNSIGNED,)),
    ],
)
