"""Who hears of followed searches: the room's row of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import QUIETLY, Reader, Telling

TELLINGS: Final = (Telling("search-matched", "need.published", Reader.SEEKER, channels=QUIETLY),)
