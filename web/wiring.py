"""Who hears of what: events to handlers, due deadlines to use cases. Only here do lower rooms reach upper ones."""

from __future__ import annotations

from typing import Final

from accounts import mail, reset
from admin.audits import service as audits
from admin.consultation import lifecycle as consultations
from admin.consultation import service as consultation
from admin.window import lifecycle as windows
from admin.window import service as window
from agencies.fees import appeals
from agencies.fees import service as fees
from agencies.registration import review
from agencies.revisions import overlay, recomputation
from agencies.revisions import service as revisions
from core.deadlines import DueHandler
from core.outbox import Handler
from marketplace.contracts import drafting
from marketplace.contracts import service as contracts
from marketplace.needs import events as needs
from marketplace.needs import service as need_service
from marketplace.needs.lifecycle import NEED
from marketplace.quotes import service as quotes
from marketplace.selection import service as selection
from ratings import service as ratings
from search import service as search

AGENCY_CHANGES: Final = (
    *(f"registration.{told}" for told in ("accepted", "accepted_with_gaps", "suspended", "resumed", "removed")),
    "agency.changed",
    "price.posted",
)
NEED_CHANGES: Final = tuple(f"need.{move.event}" for move in NEED.moves)

EVENTS: Final[dict[str, list[Handler]]] = {
    **{name: [search.index_agency] for name in AGENCY_CHANGES},
    **{name: [search.index_need] for name in NEED_CHANGES},
    needs.PUBLISHED: [selection.commit_draw, need_service.tell_agencies, search.index_need],
    needs.DEADLINE_MOVED: [quotes.tell_bidders, search.index_need],
    needs.QUESTION_ANSWERED: [quotes.tell_bidders],
    needs.OPENED: [selection.on_opened, search.index_need],
    "award.given": [drafting.on_award],
    "award.declined": [drafting.on_award_declined],
    "contract.signed": [ratings.refresh_agency],
    "contract.accepted": [ratings.open_window, ratings.refresh_agency],
    "contract.settled": [ratings.refresh_agency],
    "contract.terminated": [ratings.refresh_agency],
    "fee_revision.approved": [overlay.on_change, recomputation.on_approved],
    "fee_revision.entered_force": [overlay.on_change],
    audits.STEP: [audits.step],
    "mail.queued": [mail.send_mail],
    "membership.began": [reset.mail_invitation],
    "password-reset.asked": [reset.mail_link],
}
DEADLINES: Final[dict[str, DueHandler]] = {
    needs.CLOSE: quotes.open_quotes,
    "registration.review": review.deem_accepted,
    "registration.gaps": review.gaps_due,
    "contract.sign": contracts.remind_to_sign,
    "contract.due": contracts.remind_due,
    "rating.reveal": ratings.reveal_due,
    audits.EXPIRE: audits.expire,
    consultations.ANSWER: consultation.answer_overdue,
    consultations.REVIEW: consultation.review_due,
    windows.END: window.expire_due,
    "fee_case.reply": fees.reply_overdue,
    revisions.EFFECTIVE: revisions.enter_force,
    "fee_case.appeal": appeals.appeal_lapsed,
    "fee_case.review": appeals.review_overdue,
}
