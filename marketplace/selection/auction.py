"""Rounds of bidding on the clock: starting, offers, ends. The pure course of a round is in ``rounds``.

Bidding begins on the morning of the working day after the quotes were opened, so that everybody can be there. A round's
end is a deadline row; whoever reads a round that is over ends it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final

from sqlalchemy import select

from accounts import messages
from agencies.registration.models import Agency
from core import deadlines
from core.clock import BEIJING, beijing_day
from core.errors import Conflict, NotFound
from core.money import Money
from core.work import Work
from core.workdays import add_workdays
from marketplace.needs.models import Need
from marketplace.selection import queries, rounds
from marketplace.selection.events import BID_PLACED, ROUND
from marketplace.selection.lifecycle import SELECTION, SelectionState
from marketplace.selection.models import Bid, Selection
from marketplace.selection.permissions import POLICY
from marketplace.selection.rounds import Course, Round

MORNING: Final = time(10, 0)
FEWEST_BIDDERS: Final = 2


def course_of(need: Need) -> Course:
    """Return what the notice fixed for its rounds."""
    return Course(int(need.terms["rounds"]), int(need.terms["minutes"]), int(need.terms["step"]))


def starts(need: Need, selection: Selection) -> bool:
    """Say whether rounds follow the opening: the method asks for them and there are two to bid against each other."""
    return need.method == "rounds" and sum(entry["stood"] for entry in selection.entrants) >= FEWEST_BIDDERS


def first_morning(now: datetime) -> datetime:
    """Return when rounds begin after an opening: ten o'clock Beijing time of the next working day."""
    return datetime.combine(add_workdays(beijing_day(now), 1), MORNING, BEIJING)


def start(work: Work, need: Need, selection: Selection) -> None:
    """Set the first round on the clock and tell every bidder when it begins."""
    _set(work, selection, rounds.first_round(course_of(need), first_morning(work.clock.now())))
    work.move(SELECTION, POLICY, selection, "start_rounds", entrants=len(selection.entrants))
    for org_id in _bidders(work, selection):
        messages.tell(work, org_id, "rounds-begin", bidding_url(need.id), is_todo=True, need=need.title)


def settle(work: Work, need: Need, selection: Selection) -> None:
    """Take the call to bid off every bidder's list."""
    for org_id in _bidders(work, selection):
        messages.settle(work, org_id, bidding_url(need.id))


def _bidders(work: Work, selection: Selection) -> Sequence[int]:
    ids = [entry["agency_id"] for entry in selection.entrants if entry["stood"]]
    return work.session.scalars(select(Agency.org_id).where(Agency.id.in_(ids)).order_by(Agency.id)).all()


def round_of(work: Work, selection: Selection) -> Round | None:
    """Return the round that is on, with how many offers it has seen; None when there is no bidding."""
    if selection.round_number is None or selection.round_starts_at is None or selection.round_ends_at is None:
        return None
    offers = queries.offers_in(work.session, selection.id, selection.round_number)
    return Round(
        selection.round_number, selection.round_starts_at, selection.round_ends_at, selection.round_extensions, offers
    )


def turn(work: Work, selection: Selection) -> bool:
    """Put the next round on the clock when the one before is over and another follows; say whether that was done."""
    current = round_of(work, selection)
    if selection.state is not SelectionState.BIDDING or current is None or work.clock.now() < current.ends_at:
        return False
    following = rounds.next_round(course_of(work.session.get_one(Need, selection.need_id)), current)
    if following is None:
        return False
    _set(work, selection, following)
    work.record(selection, "selection.round_begun", round=following.number)
    return True


def is_over(selection: Selection, now: datetime) -> bool:
    """Say whether bidding is on and its last round has ended; asked after ``turn``."""
    ends_at = selection.round_ends_at
    return selection.state is SelectionState.BIDDING and ends_at is not None and now >= ends_at


def bid(work: Work, need: Need, selection: Selection, amount: Money, at: datetime) -> Bid:
    """Lower one's own price in the round that is on. The need's row is held by the caller.

    at: when the request had arrived. Raises NotFound for who has no counted quote, Conflict outside a round, Invalid
    for less than a step.
    """
    current = round_of(work, selection)
    if selection.state is not SelectionState.BIDDING or current is None:
        raise Conflict("no-bidding")
    mine = own_price(work, need, selection)
    if mine is None:
        raise NotFound("not-a-bidder")
    quote_id, own = mine
    rounds.judge_offer(amount, own, course_of(need), current, at)
    placed = Bid(
        selection_id=selection.id, quote_id=quote_id, round_number=current.number, amount=amount, placed_at=at
    )  # fmt: skip
    work.add(placed, "bid.placed", need_id=need.id, round=current.number)
    _set(work, selection, rounds.with_offer(course_of(need), current, at))
    work.emit(BID_PLACED, id=selection.id, need_id=need.id, round=current.number)
    return placed


def own_price(work: Work, need: Need, selection: Selection) -> tuple[int, Money] | None:
    """Return the quote and the price that the actor's agency holds now; None for who is no bidder."""
    candidates = queries.candidates_of(work.session, need, selection, beijing_day(work.clock.now()))
    for quote_id, one in candidates.items():
        if one.agency.org_id == work.actor.org_id and not one.faults:
            return quote_id, one.price
    return None


def bidding_url(need_id: int) -> str:
    """Return the address where a need's rounds are bid in."""
    return f"/needs/{need_id}/bidding"


def _set(work: Work, selection: Selection, current: Round) -> None:
    selection.round_number, selection.round_extensions = current.number, current.extensions
    selection.round_starts_at, selection.round_ends_at = current.starts_at, current.ends_at
    deadlines.put(work, ROUND, selection.id, current.ends_at)
