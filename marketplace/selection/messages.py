"""Who hears of selections: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Reader, Telling

TELLINGS: Final = (
    Telling("award-won", "award.given", Reader.WINNER, channels=BY_PHONE_TOO),
    Telling("award-declined", "award.declined", Reader.ENTERPRISE, channels=BY_PHONE_TOO),
    Telling("quote-rejected", "quote.rejected", Reader.BIDDER),
    Telling("award-lost-quote-did-not-count", "award.given", Reader.LOSERS),
    Telling("award-lost-price-higher", "award.given", Reader.LOSERS),
    Telling("award-lost-total-lower", "award.given", Reader.LOSERS),
    Telling("award-lost-standing-lower", "award.given", Reader.LOSERS),
    Telling("award-lost-draw-later", "award.given", Reader.LOSERS),
    Telling("award-lost-owner-chose-otherwise", "award.given", Reader.LOSERS),
    Telling("need-failed-no-valid-quotes", "need.failed", Reader.PARTIES),
    Telling("need-failed-too-few-quotes", "need.failed", Reader.PARTIES),
    Telling("need-failed-given-up", "need.failed", Reader.PARTIES),
    Telling("need-failed-winner-declined", "need.failed", Reader.PARTIES),
)
