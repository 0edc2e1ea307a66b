"""Who hears of frameworks: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Reader, Telling

TELLINGS: Final = (
    Telling("framework-admitted", "framework.admitted", Reader.WINNER, channels=BY_PHONE_TOO),
    Telling("framework-not-admitted", "framework.admitted", Reader.LOSERS),
    Telling("framework-in-force", "framework.confirmed", Reader.PARTIES),
    Telling("framework-suspended", "framework.suspended", Reader.PARTIES),
    Telling("framework-resumed", "framework.resumed", Reader.PARTIES),
    Telling("framework-annulled", "framework.annulled", Reader.PARTIES),
    Telling("framework-expired", "framework.expired", Reader.PARTIES),
    Telling("framework-closed", "framework.closed", Reader.PARTIES),
    Telling("framework-member-left", "framework_member.withdrawn", Reader.ENTERPRISE),
    Telling("framework-member-removed", "framework_member.removed", Reader.AGENCY),
)
