"""Who hears of organisations that are stopped: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Reader, Telling

TELLINGS: Final = (
    Telling(
        "organisation-suspended", "organisation.suspended", Reader.ORGANISATION, urgent=True, channels=BY_PHONE_TOO
    ),
    Telling("organisation-resumed", "organisation.resumed", Reader.ORGANISATION),
)
