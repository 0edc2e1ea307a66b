"""Who hears of what: events to handlers, due deadlines to use cases. The only place where lower rooms reach upper ones."""

from __future__ import annotations

from typing import Final

from agencies.fees import service as fees
from agencies.registration import review
from core.deadlines import DueHandler
from core.outbox import Handler
from marketplace.contracts import drafting
from marketplace.contracts import service as contracts
from marketplace.needs import events as needs
from marketplace.quotes import service as quotes
from marketplace.selection import service as selection
from ratings import service as ratings

EVENTS: Final[dict[str, list[Handler]]] = {
    needs.PUBLISHED: [selection.commit_draw],
    needs.OPENED: [selection.on_opened],
    "award.given": [drafting.on_award],
    "award.declined": [drafting.on_award_declined],
    "contract.signed": [ratings.refresh_agency],
    "contract.accepted": [ratings.open_window, ratings.refresh_agency],
    "contract.settled": [ratings.refresh_agency],
    "contract.terminated": [ratings.refresh_agency],
}
DEADLINES: Final[dict[str, DueHandler]] = {
    needs.CLOSE: quotes.open_quotes,
    "registration.review": review.deem_accepted,
    "registration.gaps": review.gaps_due,
    "contract.sign": contracts.remind_to_sign,
    "contract.due": contracts.remind_due,
    "rating.reveal": ratings.reveal,
    "fee_case.reply": fees.reply_overdue,
}
