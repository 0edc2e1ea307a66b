"""The lives of a contract and of a deliverable. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


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


_S = ContractState
_D = DeliverableState

CONTRACT: Final = Lifecycle(
    "contract",
    ContractState,
    initial=_S.DRAFTED,
    moves=[
        Move("sign", "signed", (_S.DRAFTED,), _S.IN_SERVICE),
        Move("deliver", "delivered", (_S.IN_SERVICE,), _S.DELIVERED),
        Move("send_back", "returned", (_S.DELIVERED,), _S.IN_SERVICE),
        Move("accept", "accepted", (_S.DELIVERED,), _S.ACCEPTED),
        Move("settle", "settled", (_S.ACCEPTED,), _S.SETTLED),
        Move("terminate", "terminated", (_S.DRAFTED, _S.IN_SERVICE, _S.DELIVERED), _S.TERMINATED),
    ],
)

DELIVERABLE: Final = Lifecycle(
    "deliverable",
    DeliverableState,
    initial=_D.SUBMITTED,
    moves=[
        Move("accept", "accepted", (_D.SUBMITTED,), _D.ACCEPTED),
        Move("send_back", "returned", (_D.SUBMITTED,), _D.RETURNED),
    ],
)
