"""Use cases of rounds of bidding: make an offer, end a round that is due, look at where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts import messages
from core.clock import beijing_day
from core.errors import Conflict
from core.money import Money
from core.work import Work, Works
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.needs.service import locked
from marketplace.selection import auction, queries
from marketplace.selection.lifecycle import SELECTION, SelectionState
from marketplace.selection.loaders import Bidding
from marketplace.selection.models import Bid, Selection
from marketplace.selection.permissions import POLICY
from marketplace.selection.publicity import as_system
from marketplace.selection.rounds import Course, Round, most_allowed
from marketplace.selection.service import fail_without_winner, selection_url


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the rounds of a need stand, as one reader may see it: no name, no price but the lowest and one's own.

    round: None before and after the bidding. most: the highest offer the reader may still make.
    """

    course: Course | None
    round: Round | None
    is_on: bool
    bidders: int
    lowest: Money | None
    own: Money | None
    own_place: int | None
    most: Money | None


def bid(work: Work, need_id: int, amount: Money, at: datetime | None = None) -> Bid:
    """Lower one's own price in the round that is on. at: when the request had arrived.

    Raises NotFound, Forbidden, Conflict outside a round, Invalid for less than a step below one's own price.
    """
    need = locked(work, need_id)
    selection = queries.selection_of(work.session, need_id)
    work.require(POLICY, "selection:bid", Bidding.of(work, need, selection))
    if selection is None or need.state is not NeedState.SELECTING:
        raise Conflict("no-bidding")
    return auction.bid(work, need, selection, amount, at or work.clock.now())


def end_round(work: Work, selection_id: int) -> None:
    """End a round of bidding that is due; after the last the prices stand and are ranked.

    The due handler of ``selection.round``; may run twice.
    """
    found = work.session.get(Selection, selection_id)
    if found is None:
        return
    need = locked(work, found.need_id)
    selection = queries.selection_of(work.session, need.id)
    if selection is None or need.state is not NeedState.SELECTING:
        return
    inside = as_system(work)
    while auction.turn(inside, selection):
        continue
    if auction.is_over(selection, work.clock.now()):
        inside.move(SELECTION, POLICY, selection, "end_rounds", rounds=selection.round_number)
        auction.settle(work, need, selection)
        messages.tell(work, need.org_id, "rounds-ended", selection_url(need.id), is_todo=True, need=need.title)
        fail_without_winner(inside, need, selection)


def end_if_due(works: Works, need_id: int) -> None:
    """End the round of a need when its time has passed and no worker has."""
    with works.reading() as work:
        selection = queries.selection_of(work.session, need_id)
        due = selection is not None and auction.is_over(selection, work.clock.now())
        selection_id = selection.id if selection is not None else 0
    if due:
        with works.system() as work:
            end_round(work, selection_id)


def standing(work: Work, need: Need, selection: Selection | None) -> Standing:
    """Return where the rounds stand for this reader."""
    course = auction.course_of(need) if need.method == "rounds" else None
    if course is None or selection is None or selection.round_number is None:
        return Standing(course, None, False, 0, None, None, None, None)  # noqa: FBT003 - named in the class
    candidates = queries.candidates_of(work.session, need, selection, beijing_day(work.clock.now()))
    prices = sorted(one.price for one in candidates.values() if not one.faults)
    mine = auction.own_price(work, need, selection)
    own = None if mine is None else mine[1]
    is_on = selection.state is SelectionState.BIDDING
    return Standing(
        course=course,
        round=auction.round_of(work, selection),
        is_on=is_on,
        bidders=len(prices),
        lowest=prices[0] if prices else None,
        own=own,
        own_place=None if own is None else 1 + sum(price < own for price in prices),
        most=most_allowed(own, course.step) if own is not None and is_on else None,
    )
