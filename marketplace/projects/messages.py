"""Who hears of projects: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Duty, Reader, Telling

TELLINGS: Final = (
    Telling("plan-item-ready", "contract.accepted", Reader.ENTERPRISE, Duty.TODO, channels=BY_PHONE_TOO),
)
