"""Who hears of what: events to handlers, due deadlines to use cases. Only here do lower rooms reach upper ones."""

from __future__ import annotations

from typing import Final

from accounts import delivery, mail, messages, reset
from admin.audits import service as audits
from admin.consultation import lifecycle as consultations
from admin.consultation import service as consultation
from admin.window import courier
from admin.window import lifecycle as windows
from admin.window import service as window
from agencies.fees import appeals, posting
from agencies.fees import lifecycle as fee_lives
from agencies.fees import service as fees
from agencies.registration import changes, review, staffing
from agencies.registration import lifecycle as registrations
from agencies.revisions import overlay, recomputation
from agencies.revisions import service as revisions
from core.deadlines import DueHandler
from core.outbox import Handler
from marketplace.complaints import awards as complaints
from marketplace.complaints import deciding
from marketplace.complaints import service as filing
from marketplace.contracts import drafting, late
from marketplace.contracts import service as contracts
from marketplace.frameworks import lifecycle as agreements
from marketplace.frameworks import publicity as panels
from marketplace.frameworks import service as frameworks
from marketplace.needs import amending, questions
from marketplace.needs import events as needs
from marketplace.needs import lifecycle as need_lives
from marketplace.needs import service as need_service
from marketplace.projects import service as projects
from marketplace.quotes import explaining
from marketplace.quotes import lifecycle as lives
from marketplace.quotes import service as quotes
from marketplace.selection import bidding, publicity
from marketplace.selection import events as selections
from marketplace.selection import service as selection
from ratings import service as ratings
from search import saved
from search import service as search

AGENCY_CHANGES: Final = (
    *(f"registration.{told}" for told in ("accepted", "accepted_with_gaps", "suspended", "resumed", "removed")),
    "agency.changed",
    "price.begun",
)
NEED_CHANGES: Final = tuple(f"need.{move.event}" for move in need_lives.NEED.moves)

EVENTS: Final[dict[str, list[Handler]]] = {
    **{name: [search.index_agency] for name in AGENCY_CHANGES},
    **{name: [search.index_need] for name in NEED_CHANGES},
    needs.PUBLISHED: [selection.commit_draw, need_service.tell_agencies, saved.tell_followers, search.index_need],
    needs.AMENDED: [quotes.tell_amended, frameworks.on_need_amended, search.index_need],
    needs.EXTENDED: [amending.tell_extended, search.index_need],
    "explanation.rejected": [selection.close_up],
    "fee_case.replied": [explaining.on_case_replied],
    needs.DEADLINE_MOVED: [quotes.tell_bidders, search.index_need],
    needs.QUESTION_ANSWERED: [quotes.tell_bidders],
    needs.OPENED: [selection.on_opened, search.index_need],
    needs.FAILED: [frameworks.on_need_failed, search.index_need],
    needs.WITHDRAWN: [frameworks.on_need_withdrawn, search.index_need],
    "award.given": [drafting.on_award, complaints.on_award, selection.close_lots],
    "framework.admitted": [complaints.on_award],
    "award.declined": [drafting.on_award_declined],
    "award.annulled": [drafting.on_award_annulled],
    "award.confirmed": [drafting.on_award_confirmed],
    "award.suspended": [drafting.on_award_suspended],
    "contract.signed": [ratings.refresh_agency],
    "contract.accepted": [ratings.open_window, ratings.refresh_agency, projects.tell_ready],
    "contract.settled": [ratings.refresh_agency],
    "contract.terminated": [ratings.refresh_agency],
    "fee_revision.approved": [overlay.on_change, recomputation.on_approved],
    "fee_revision.entered_force": [overlay.on_change],
    audits.STEP: [audits.step],
    "mail.queued": [mail.send_mail],
    messages.TOLD: [delivery.plan],
    **{f"consultation.{move.event}": [search.index_answer] for move in consultations.CONSULTATION.moves},
    "membership.began": [reset.mail_invitation],
    "password-reset.asked": [reset.mail_link],
}
DEADLINES: Final[dict[str, DueHandler]] = {
    needs.CLOSE: quotes.open_quotes,
    need_lives.QUESTION_ANSWER: questions.lapse_due,
    selections.ROUND: bidding.end_round,
    lives.REPLY: explaining.reply_due,
    lives.DECIDE: explaining.decision_due,
    "registration.review": review.deem_accepted,
    "registration.gaps": review.gaps_due,
    registrations.QUALIFICATION_REVIEW: changes.review_due,
    registrations.QUALIFICATION_CORRECT: changes.correction_due,
    registrations.QUALIFICATION_PROMISE: changes.promise_due,
    registrations.QUALIFICATION_END: changes.end_due,
    registrations.PRACTITIONER_END: staffing.end_due,
    "award.publicity": publicity.confirm_due,
    "award.suspension": publicity.suspension_over,
    agreements.PUBLICITY: panels.confirm_due,
    agreements.SUSPENSION: panels.suspension_over,
    agreements.END: panels.term_over,
    "complaint.accept": filing.deem_accepted,
    "complaint.correct": deciding.correction_over,
    "complaint.promise": deciding.promise_due,
    "complaint.reply": deciding.hearing_over,
    "complaint.decide": deciding.decision_overdue,
    "complaint.appeal": deciding.appeal_lapsed,
    "complaint.review": deciding.review_overdue,
    "contract.sign": contracts.remind_to_sign,
    "contract.due": contracts.remind_due,
    **late.HANDLERS,
    "rating.reveal": ratings.reveal_due,
    audits.EXPIRE: audits.expire,
    consultations.ANSWER: consultation.answer_overdue,
    consultations.REVIEW: consultation.review_due,
    windows.END: window.expire_due,
    windows.SCAN_KEPT: window.scan_due,
    windows.UNSIGNED: courier.unsigned_due,
    fee_lives.PRICE_BEGIN: posting.begin_due,
    "fee_case.reply": fees.reply_overdue,
    revisions.EFFECTIVE: revisions.enter_force,
    "fee_case.appeal": appeals.appeal_lapsed,
    "fee_case.review": appeals.review_overdue,
}
