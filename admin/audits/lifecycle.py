"""The life of a batch audit. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from core.lifecycle import Lifecycle, Move


class AuditState(StrEnum):
    """Where an audit stands."""

    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


_S = AuditState

FEE_AUDIT: Final = Lifecycle(
    "fee_audit",
    AuditState,
    initial=_S.DRAFT,
    moves=[
        Move("start", "started", (_S.DRAFT,), _S.RUNNING, ("columns",)),
        Move("finish", "finished", (_S.RUNNING,), _S.DONE),
        Move("cancel", "cancelled", (_S.DRAFT, _S.RUNNING), _S.CANCELLED),
    ],
)
