"""Who hears of quotes: the room's rows of the table of messages."""

from __future__ import annotations

from typing import Final

from accounts.telling import BY_PHONE_TOO, Duty, Reader, Telling

TELLINGS: Final = (
    Telling("bidder-answer", "need.question-answered", Reader.BIDDERS, urgent=True),
    Telling("bidder-deadline", "need.deadline-moved", Reader.BIDDERS, urgent=True, channels=BY_PHONE_TOO),
    Telling("bidder-need-failed", "need.failed", Reader.QUOTERS),
    Telling("quote-invalid-above-ceiling", "quote.rejected", Reader.BIDDER),
    Telling("quote-invalid-above-binding-cap", "quote.rejected", Reader.BIDDER),
    Telling("quote-invalid-not-eligible", "quote.rejected", Reader.BIDDER),
    Telling("quote-invalid-seal-broken", "quote.rejected", Reader.BIDDER),
    Telling("quote-invalid-unconfirmed", "quote.rejected", Reader.BIDDER),
    Telling("bidder-amended", "need.amended", Reader.BIDDERS, Duty.TODO, urgent=True, channels=BY_PHONE_TOO),
    Telling("explanation-asked", "explanation.asked", Reader.BIDDER, Duty.TODO, channels=BY_PHONE_TOO),
    Telling("explanation-asked-of", "explanation.asked", Reader.ENTERPRISE),
    Telling("explanation-answered", "explanation.answered", Reader.ENTERPRISE, Duty.TODO),
    Telling("explanation-silent", "explanation.passed_over", Reader.ENTERPRISE, Duty.TODO),
    Telling("explanation-accepted", "explanation.accepted", Reader.BIDDER),
    Telling("explanation-rejected", "explanation.rejected", Reader.BIDDER),
    Telling("explanation-lapsed", "explanation.lapsed", Reader.BIDDER),
    Telling("explanation-decided", "explanation.accepted", Reader.REGULATOR),
)
