"""Use cases of ratings: rate, reply, reveal, remove, and what follows for an agency's standing.

Every use case locks the contract's row first. Time comes from the unit of work.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from accounts import messages
from agencies.registration import service as registration
from core import deadlines, secrets
from core.clock import beijing
from core.errors import Conflict, Invalid, NotFound
from core.work import Work, facts_of
from marketplace.contracts.models import Contract
from marketplace.contracts.permissions import is_buyer
from marketplace.selection.publicity import as_system
from ratings import queries, rules, wording
from ratings.commands import GiveRating, RemoveRating, ReplyToRating
from ratings.lifecycle import RATING, WORDS_ONLY, RatingState, Side
from ratings.models import Rating
from ratings.permissions import POLICY

REVEAL: Final = "rating.reveal"
SEAL: Final = "rating"


def open_window(work: Work, event: Mapping[str, Any]) -> None:
    """Open the rating of a contract to both sides. Handles ``contract.accepted``; may run twice."""
    contract = work.session.get_one(Contract, facts_of(event))
    if contract.accepted_at is None:
        return
    closes_at = rules.window_end(contract.accepted_at)
    if closes_at <= work.clock.now():
        return
    deadlines.put(work, REVEAL, contract.id, closes_at)
    for org_id in (contract.enterprise_org_id, contract.agency_org_id):
        messages.tell(
            work,
            org_id,
            "rate-now",
            rate_url(contract.id),
            due_at=closes_at,
            unique_key=f"rate-now:{contract.id}:{org_id}",
            need=contract.title,
        )


def rate(work: Work, contract_id: int, command: GiveRating) -> Rating:
    """Give one side's rating, sealed; when the other side's is in, both are published now.

    Raises NotFound, Forbidden, Conflict before acceptance, after the window or a second time, Invalid for a score out
    of range, an unknown tag, or a lowest or highest score without a reason.
    """
    contract = _locked(work, contract_id)
    work.require(POLICY, "rating:give", contract)
    side = Side.ENTERPRISE if is_buyer(work.actor, contract) else Side.AGENCY
    _want_open(work, contract, side)
    _check(command, side)
    buys = side is Side.ENTERPRISE
    rating = Rating(
        contract_id=contract.id,
        side=side,
        rater_org_id=contract.enterprise_org_id if buys else contract.agency_org_id,
        rated_org_id=contract.agency_org_id if buys else contract.enterprise_org_id,
        agency_id=contract.agency_id,
        town_code=contract.town_code,
        item_code=contract.item_code,
        state=RATING.initial,
        sealed=_sealed(command, contract.id, side),
        tags=[],
        submitted_at=work.clock.now(),
    )
    work.add(rating, "rating.given", contract_id=contract.id, side=str(side))
    messages.settle(work, rating.rater_org_id, rate_url(contract.id))
    reveal(work, contract.id)
    return rating


def reveal(work: Work, contract_id: int) -> int:
    """Publish a contract's ratings when both are in or the window has ended; return how many were published.

    Handles the deadline ``rating.reveal``; may run twice.
    """
    contract = _locked(work, contract_id)
    ratings = queries.ratings_of_contract(work.session, contract_id)
    hidden = [rating for rating in ratings.values() if rating.state is RatingState.HIDDEN]
    ended = contract.accepted_at is not None and work.clock.now() >= rules.window_end(contract.accepted_at)
    if not hidden or not (ended or len(ratings) == len(Side)):
        return 0
    for rating in hidden:
        _publish(work, rating)
    deadlines.drop(work, REVEAL, contract_id)
    work.session.flush()
    recompute_standing(work, contract.agency_id)
    for org_id in (contract.enterprise_org_id, contract.agency_org_id):
        messages.settle(work, org_id, rate_url(contract_id))
        messages.tell(work, org_id, "ratings-published", ratings_url(contract_id), need=contract.title)
    return len(hidden)


def reveal_due(work: Work, contract_id: int) -> None:
    """Publish what waits once the window has ended, and ask nobody any more: the due handler of ``rating.reveal``."""
    if not reveal(work, contract_id):
        contract = work.session.get_one(Contract, contract_id)
        for org_id in (contract.enterprise_org_id, contract.agency_org_id):
            messages.settle(work, org_id, rate_url(contract_id))


def reply(work: Work, rating_id: int, command: ReplyToRating) -> Rating:
    """Answer a published rating in public, once. Raises NotFound, Forbidden, Conflict."""
    rating = _locked_rating(work, rating_id)
    work.require(POLICY, "rating:reply", rating)
    if rating.replied_at is not None:
        raise Conflict("rating-replied-already")
    rating.reply, rating.replied_at = command.reply, work.clock.now()
    work.record(rating, "rating.replied")
    contract = work.session.get_one(Contract, rating.contract_id)
    messages.tell(work, rating.rater_org_id, "rating-replied", ratings_url(contract.id), need=contract.title)
    return rating


def remove(work: Work, rating_id: int, command: RemoveRating) -> Rating:
    """Take a rating away for a listed reason, leaving a trace; or only its words, when only they are wrong.

    Words that name a person or insult go and the scores stay, so that nobody is rid of a bad score by its tone. A
    removed rating counts no more. Raises NotFound, Forbidden, Conflict while it is hidden or when it was done before.
    """
    rating = _locked_rating(work, rating_id)
    work.require(POLICY, "rating:remove", rating)
    if rating.state is RatingState.HIDDEN:
        raise Conflict("rating-hidden")
    words_only = command.removal_reason in WORDS_ONLY
    if words_only and rating.removed_at is not None:
        raise Conflict("rating-words-removed-already")
    reason = str(command.removal_reason)
    rating.removed_at, rating.removal_reason = work.clock.now(), command.removal_reason
    rating.removal_note = command.note
    if words_only:
        rating.text = rating.reason = ""
        rating.tags = []
        work.record(rating, "rating.words_removed", reason=reason)
    else:
        work.move(RATING, POLICY, rating, "remove", reason=reason)
        work.session.flush()
        recompute_standing(work, rating.agency_id)
    contract = work.session.get_one(Contract, rating.contract_id)
    for org_id in (rating.rater_org_id, rating.rated_org_id):
        messages.tell(work, org_id, "rating-removed", ratings_url(contract.id), need=contract.title)
    return rating


def recompute_standing(work: Work, agency_id: int) -> None:
    """Set an agency's standing from its published ratings and accepted contracts, as of now. Safe to repeat."""
    givens = [one.given for one in queries.counted(work.session, agency_id, work.clock.now())]
    standing = rules.standing_of(givens, queries.facts_of(work.session, agency_id))
    registration.set_standing(work, agency_id, standing)


def refresh_agency(work: Work, event: Mapping[str, Any]) -> None:
    """Set how an agency delivers from its contracts, and its standing with it; may run twice.

    Handles ``contract.signed``, ``contract.accepted``, ``contract.settled`` and ``contract.terminated``.
    """
    contract = work.session.get_one(Contract, facts_of(event))
    facts = queries.facts_of(work.session, contract.agency_id)
    registration.set_performance(
        work,
        contract.agency_id,
        delivered_n=facts.accepted,
        on_time_n=facts.on_time,
        contracts_n=queries.signed_count(work.session, contract.agency_id),
    )
    recompute_standing(work, contract.agency_id)


def recompute_all(work: Work) -> int:
    """Set every rated agency's standing anew, since ratings fade with time; return how many. For a daily task."""
    agency_ids = queries.agencies_rated(work.session)
    for agency_id in agency_ids:
        recompute_standing(work, agency_id)
    return len(agency_ids)


def rate_url(contract_id: int) -> str:
    """Return the address where a contract is rated."""
    return f"/contracts/{contract_id}/rate"


def ratings_url(contract_id: int) -> str:
    """Return the address of a contract's ratings."""
    return f"/contracts/{contract_id}/ratings"


def _locked(work: Work, contract_id: int) -> Contract:
    contract = work.session.get(Contract, contract_id, with_for_update=True)
    if contract is None:
        raise NotFound("contract-not-found", id=contract_id)
    return contract


def _locked_rating(work: Work, rating_id: int) -> Rating:
    rating = work.session.get(Rating, rating_id, with_for_update=True)
    if rating is None:
        raise NotFound("rating-not-found", id=rating_id)
    return rating


def _want_open(work: Work, contract: Contract, side: Side) -> None:
    if contract.state not in queries.DONE or contract.accepted_at is None:
        raise Conflict("rating-too-early")
    if side in queries.ratings_of_contract(work.session, contract.id):
        raise Conflict("rating-given-already")
    closes_at = rules.window_end(contract.accepted_at)
    if work.clock.now() >= closes_at:
        raise Conflict("rating-window-closed", closed_at=f"{beijing(closes_at):%Y-%m-%d %H:%M}")


def _check(command: GiveRating, side: Side) -> None:
    if any(not rules.LEAST <= score <= rules.MOST for score in command.scores):
        raise Invalid("rating-score-range", field="d1")
    if any(tag not in wording.TAGS[side] for tag in command.tags):
        raise Invalid("rating-tag-unknown", field="tags")
    if rules.wants_reason(command.scores) and len(command.reason.strip()) < rules.SHORTEST_REASON:
        raise Invalid("rating-reason-missing", field="reason", least=rules.SHORTEST_REASON)


def _sealed(command: GiveRating, contract_id: int, side: Side) -> bytes:
    content = {
        "scores": command.scores,
        "tags": list(dict.fromkeys(command.tags)),
        "reason": command.reason.strip(),
        "text": command.text.strip(),
    }
    return secrets.seal(SEAL, json.dumps(content, ensure_ascii=False).encode(), f"{contract_id}:{side}")


def _publish(work: Work, rating: Rating) -> None:
    """Open the seal into the columns; the house acts, whoever came last."""
    if rating.sealed is None:
        raise Conflict("wrong-state", kind="rating", state=str(rating.state), verb="publish")
    content = json.loads(secrets.unseal(SEAL, rating.sealed, f"{rating.contract_id}:{rating.side}"))
    rating.d1, rating.d2, rating.d3, rating.d4, rating.d5 = content["scores"]
    rating.tags, rating.reason, rating.text = content["tags"], content["reason"], content["text"]
    rating.sealed, rating.published_at = None, work.clock.now()
    as_system(work).move(RATING, POLICY, rating, "publish", contract_id=rating.contract_id, agency_id=rating.agency_id)
