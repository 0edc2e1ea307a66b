"""Who hears of selections: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Duty, Reader, Telling

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
    Telling("award-lost-cut-by-standing", "award.given", Reader.LOSERS),
    Telling("award-lost-dropped-highest", "award.given", Reader.LOSERS),
    Telling("award-lost-dropped-lowest", "award.given", Reader.LOSERS),
    Telling("award-lost-turn-later", "award.given", Reader.LOSERS),
    Telling("award-lost-farther", "award.given", Reader.LOSERS),
    Telling("award-lost-outside-small-list", "award.given", Reader.LOSERS),
    Telling("award-lost-lots-full", "award.given", Reader.LOSERS),
    Telling("award-confirmed", "award.confirmed", Reader.PARTIES),
    Telling("award-suspended", "award.suspended", Reader.PARTIES, channels=BY_PHONE_TOO),
    Telling("award-resumed", "award.resumed", Reader.PARTIES),
    Telling("award-annulled", "award.annulled", Reader.PARTIES, channels=BY_PHONE_TOO),
    Telling("award-to-choose-again", "award.annulled", Reader.ENTERPRISE, Duty.TODO),
    Telling("award-to-score-again", "award.declined", Reader.ENTERPRISE, Duty.TODO),
    Telling("need-failed-award-annulled", "need.failed", Reader.PARTIES),
    Telling("need-failed-complaint-upheld", "need.failed", Reader.PARTIES),
    Telling("need-failed-nobody-can-win", "need.failed", Reader.PARTIES),
    Telling("need-failed-notice-to-correct", "need.failed", Reader.PARTIES),
    Telling("rounds-begin", "selection.rounds_started", Reader.QUOTERS, Duty.TODO, urgent=True, channels=BY_PHONE_TOO),
    Telling("rounds-ended", "selection.rounds_ended", Reader.ENTERPRISE, Duty.TODO),
)
