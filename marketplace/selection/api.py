"""The JSON face of selection: the same use cases as the pages."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, public, reading, works, writing
from core.clock import beijing_day
from core.money import Money
from core.work import Work
from marketplace.needs.models import Need
from marketplace.quotes.loaders import received_at
from marketplace.selection import bidding, protocol, publicity, queries, service
from marketplace.selection.bidding_pages import bring_up_to_date
from marketplace.selection.commands import GiveAward, Reason, RejectQuote, ScoreSheet
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.loaders import award_loader, bidding_loader, need_loader
from marketplace.selection.schemas import (
    AwardSchema,
    BiddingSchema,
    BidSchema,
    GiveAwardSchema,
    RejectQuoteSchema,
    ScoreSheetSchema,
    SelectionBoardSchema,
    SelectionReasonSchema,
    SelectionResultSchema,
)

api = Blueprint("selection-api", __name__, url_prefix="/api/v1", description="Opening, comparing, awarding, results")


@api.get("/needs/<int:need_id>/selection")
@may("selection:read", subject=need_loader)
@api.response(200, SelectionBoardSchema)
def show(need_id: int) -> dict[str, Any]:
    """Return the opened quotes as the rules see them."""
    bring_up_to_date(need_id)
    with reading() as work:
        return _board(work, need_loader(work, need_id))


@api.put("/needs/<int:need_id>/selection/scores")
@may("selection:score", subject=need_loader)
@api.arguments(ScoreSheetSchema)
@api.response(200, SelectionBoardSchema)
def score(command: ScoreSheet, need_id: int) -> dict[str, Any]:
    """Give points to quotes on the criteria fixed in the notice."""
    with writing() as work:
        service.score(work, need_id, command)
        work.session.flush()
        return _board(work, need_loader(work, need_id))


@api.post("/needs/<int:need_id>/selection/rejections")
@may("selection:reject", subject=need_loader)
@api.arguments(RejectQuoteSchema)
@api.response(200, SelectionBoardSchema)
def reject(command: RejectQuote, need_id: int) -> dict[str, Any]:
    """Find one quote invalid, with a reason."""
    with writing() as work:
        service.reject(work, need_id, command)
        work.session.flush()
        return _board(work, need_loader(work, need_id))


@api.post("/needs/<int:need_id>/award")
@may("award:give", subject=need_loader)
@api.arguments(GiveAwardSchema)
@api.response(201, AwardSchema)
def award(command: GiveAward, need_id: int) -> Any:
    """Choose one quote."""
    with writing() as work:
        return service.award(work, need_id, command)


@api.post("/needs/<int:need_id>/selection/end")
@may("selection:fail", subject=need_loader)
@api.arguments(SelectionReasonSchema)
@api.response(200, SelectionResultSchema)
def end(command: Reason, need_id: int) -> dict[str, Any]:
    """End the selection without an award, with a reason."""
    with writing() as work:
        service.give_up(work, need_id, command)
        work.session.flush()
        return _result(work, need_loader(work, need_id))


@api.get("/needs/<int:need_id>/result")
@public
@api.response(200, SelectionResultSchema)
def result(need_id: int) -> dict[str, Any]:
    """Return who won and the whole protocol, once it was decided."""
    publicity.settle_if_due(works(), need_id)
    with reading() as work:
        return _result(work, need_loader(work, need_id))


@api.get("/needs/<int:need_id>/bidding")
@may("selection:watch", subject=bidding_loader)
@api.response(200, BiddingSchema)
def show_bidding(need_id: int) -> dict[str, Any]:
    """Return where the rounds of bidding stand."""
    bring_up_to_date(need_id)
    with reading() as work:
        return _bidding(work, need_loader(work, need_id))


@api.post("/needs/<int:need_id>/bids")
@may("selection:bid", subject=bidding_loader)
@api.arguments(BidSchema)
@api.response(201, BiddingSchema)
def offer(amount: Money, need_id: int) -> dict[str, Any]:
    """Lower one's own price in the round that is on."""
    moment = received_at()
    with writing() as work:
        bidding.bid(work, need_id, amount, moment)
        work.session.flush()
        return _bidding(work, need_loader(work, need_id))


@api.get("/awards/<int:award_id>")
@may("award:read", subject=award_loader)
@api.response(200, AwardSchema)
def one(award_id: int) -> Any:
    """Return one award."""
    with reading() as work:
        return award_loader(work, award_id)


@api.post("/awards/<int:award_id>/decline")
@may("award:decline", subject=award_loader)
@api.arguments(SelectionReasonSchema)
@api.response(200, SelectionResultSchema)
def decline(command: Reason, award_id: int) -> dict[str, Any]:
    """Step back from an award, with a reason; the next in rank is awarded where the method ranks."""
    with writing() as work:
        need_id = award_loader(work, award_id).need_id
        service.decline(work, award_id, command)
        work.session.flush()
        return _result(work, need_loader(work, need_id))


def _board(work: Work, need: Need) -> dict[str, Any]:
    selection = queries.selection_of(work.session, need.id)
    shown: dict[str, Any] = {"need_id": need.id, "state": str(need.state), "method": str(need.method), "lines": []}
    if selection is None or selection.frozen_at is None:
        return {**shown, "missing_scores": 0, "failure": None, "needs_reason": False, "single": False}
    weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
    lines = weighing.lines or weighing.unranked()
    return {
        **shown,
        "missing_scores": weighing.missing,
        "failure": weighing.count.failure,
        "needs_reason": weighing.count.needs_reason,
        "single": weighing.count.single,
        "terms": queries.terms_of(need),
        "working": protocol.notes_of(weighing.working),
        "lines": protocol.lines_of(lines, weighing.told(), weighing.criteria),
    }


def _bidding(work: Work, need: Need) -> dict[str, Any]:
    found = bidding.standing(work, need, queries.selection_of(work.session, need.id))
    current, course = found.round, found.course
    return {
        "need_id": need.id,
        "is_on": found.is_on,
        "round": current.number if current else None,
        "rounds": course.rounds if course else None,
        "starts_at": current.starts_at if current else None,
        "ends_at": current.ends_at if current else None,
        "extensions": current.extensions if current else None,
        "bidders": found.bidders,
        "lowest": found.lowest,
        "own": found.own,
        "own_place": found.own_place,
        "most": found.most,
    }


def _result(work: Work, need: Need) -> dict[str, Any]:
    selection = queries.selection_of(work.session, need.id)
    awards = queries.awards_of(work.session, need.id)
    return {
        "need_id": need.id,
        "number": need.number,
        "state": str(need.state),
        "failed_reason": need.failed_reason or None,
        "draw_commitment": None if selection is None else selection.draw_commitment,
        "award": next((one for one in awards if one.state in HOLDING), None),
        "declined": [one for one in awards if one.declined_at is not None],
        "annulled": [one for one in awards if one.annulled_at is not None],
        "protocol": None if selection is None else selection.protocol,
    }
