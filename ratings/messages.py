"""Who hears of ratings: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import Duty, Reader, Telling

TELLINGS: Final = (
    Telling("rate-now", "contract.accepted", Reader.PARTIES, Duty.TODO),
    Telling("ratings-published", "rating.published", Reader.PARTIES),
    Telling("rating-replied", "rating.replied", Reader.OTHER_PARTY),
    Telling("rating-removed", "rating.removed", Reader.PARTIES),
)
