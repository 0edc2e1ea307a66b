"""Use cases of selection: commit the draw, freeze the list, score, reject, award, decline, end without an award.

An award is one unit of work: the need's row is locked first, then everything that hangs from it is read and written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts import messages
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.work import Work, facts_of
from marketplace.needs import family
from marketplace.needs.lifecycle import NEED, NeedState
from marketplace.needs.models import Need
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.needs.service import locked
from marketplace.quotes.eligibility import fit_to_win
from marketplace.quotes.lifecycle import QUOTE, QuoteState
from marketplace.quotes.models import Quote
from marketplace.quotes.permissions import POLICY as QUOTES
from marketplace.selection import anew, auction, letters, lotting, protocol, publicity, queries, rules
from marketplace.selection.commands import GiveAward, GivePoints, Reason, RejectQuote, ScoreSheet
from marketplace.selection.draw import commitment
from marketplace.selection.events import AWARD_GIVEN
from marketplace.selection.lifecycle import AWARD, SELECTION, AwardState, SelectionState
from marketplace.selection.merit import FULL_POINTS
from marketplace.selection.methods import METHODS
from marketplace.selection.models import Award, Score, Selection
from marketplace.selection.permissions import POLICY
from marketplace.selection.publicity import as_system, result_url
from marketplace.selection.queries import Weighing
from marketplace.selection.ranking import Line


def commit_draw(work: Work, facts: Mapping[str, Any]) -> None:
    """Commit to the draw's secret when a need is published. Handles ``need.published``; may run twice."""
    need = work.session.get_one(Need, facts_of(facts))
    _selection_for(work, need)


def on_opened(work: Work, facts: Mapping[str, Any]) -> None:
    """Freeze the list when quotes were opened. Handles ``need.opened``; may run twice."""
    begin(work, facts_of(facts))


def begin(work: Work, need_id: int) -> Selection | None:
    """Freeze the entrants of a need whose quotes are open; a need without enough of them fails with its next step.

    Does nothing when it was done before or when the need is not being selected. Returns the selection, if there is one.
    """
    need = locked(work, need_id)
    selection = queries.selection_of(work.session, need_id)
    if need.state is not NeedState.SELECTING or (
        selection is not None and selection.state is not SelectionState.COMMITTED
    ):
        return selection
    selection = selection or _selection_for(work, need)
    inside, now = as_system(work), work.clock.now()
    selection.entrants, selection.frozen_at = queries.entrants_of(work.session, need, beijing_day(now)), now
    if auction.starts(need, selection):
        auction.start(inside, need, selection)
        return selection
    inside.move(SELECTION, POLICY, selection, "begin", entrants=len(selection.entrants))
    fail_without_winner(inside, need, selection)
    return selection


def fail_without_winner(work: Work, need: Need, selection: Selection) -> None:
    """End the need at once when the frozen quotes do not suffice or none of them may win."""
    work.session.flush()
    weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
    if weighing.count.failure:
        fail(work, weighing, selection, weighing.count.failure, "")


def score(work: Work, need_id: int, sheet: ScoreSheet) -> None:
    """Give points to quotes on the criteria fixed in the notice; a second time replaces the first.

    Raises NotFound, Forbidden, Conflict when nothing is being weighed, Invalid for a criterion or quote not in it.
    """
    need, selection = _weighing_selection(work, need_id)
    work.require(POLICY, "selection:score", selection)
    criteria = {criterion.name for criterion in queries.criteria_of(need) if not criterion.is_price}
    quotes = {entry["quote_id"] for entry in selection.entrants}
    kept = queries.scores_of(work.session, selection.id)
    for given in sheet.scores:
        if given.criterion not in criteria or given.quote_id not in quotes:
            raise Invalid("criterion-not-in-notice", field="scores", criterion=given.criterion)
        _keep_score(work, selection, kept.get(given.quote_id, {}).get(given.criterion), given)
    work.record(selection, "selection.scored", scores=len(sheet.scores))


def _keep_score(work: Work, selection: Selection, row: Score | None, given: GivePoints) -> None:
    if not 0 <= given.points <= FULL_POINTS:
        raise Invalid("points-out-of-range", field="scores", points=given.points)
    if row is None:
        row = Score(selection_id=selection.id, quote_id=given.quote_id, criterion=given.criterion)
        work.session.add(row)
    row.points, row.reason = given.points, given.reason


def reject(work: Work, need_id: int, command: RejectQuote) -> None:
    """Find one opened quote invalid, with a reason; the ranking closes up, and a need left without quotes fails.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    need, selection = _weighing_selection(work, need_id)
    work.require(POLICY, "selection:reject", selection)
    _want_reason(command.reason)
    quote = next((one for one in queries.opened_quotes(work.session, need_id) if one.id == command.quote_id), None)
    if quote is None:
        raise NotFound("quote-not-found", id=command.quote_id)
    quote.invalid_reason = command.reason.strip()
    as_system(work).move(QUOTE, QUOTES, quote, "reject")
    messages.tell(
        work, quote.org_id, "quote-rejected", result_url(need_id), need=need.title, reason=quote.invalid_reason
    )
    work.session.flush()
    weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
    if weighing.count.failure:
        fail(as_system(work), weighing, selection, weighing.count.failure, command.reason)


def award(work: Work, need_id: int, command: GiveAward) -> Award:
    """Choose one quote of a need. One award per need: the need's row is locked, and the database keeps it unique.

    Raises NotFound, Forbidden, Conflict when the quotes do not suffice, points are missing or the need is decided,
    Invalid when this quote may not be chosen or a reason is missing.
    """
    need, selection = _weighing_selection(work, need_id)
    work.require(POLICY, "award:give", selection)
    lotting.want_turn(work.session, need)
    weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
    if weighing.missing:
        raise Conflict("scores-missing", count=weighing.missing)
    fit_to_win(work, need, command.quote_id)
    line = rules.judge_choice(need.method, weighing.lines, command.quote_id, command.reason, weighing.count)
    given = _give(work, weighing, selection, line, command)
    as_system(work).move(NEED, NEEDS, need, "award")
    return given


def close_up(work: Work, facts: Mapping[str, Any]) -> None:
    """End a need that is left without quotes enough once a low price was not explained; may run twice.

    Handles ``explanation.rejected``.
    """
    _close_if_nobody(work, facts_of(facts, "need_id"))


def close_lots(work: Work, facts: Mapping[str, Any]) -> None:
    """End the notice's other lots in which nobody may win any more by its limit; may run twice.

    Handles ``award.given``.
    """
    need = work.session.get_one(Need, facts_of(facts, "need_id"))
    if lotting.limit_of(work.session, need) is not None:
        for one in family.others(work.session, need):
            _close_if_nobody(work, one.id)


def _close_if_nobody(work: Work, need_id: int) -> None:
    need = locked(work, need_id)
    selection = queries.selection_of(work.session, need.id)
    if need.state is not NeedState.SELECTING or selection is None or selection.state is not SelectionState.WEIGHING:
        return
    weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
    if weighing.count.failure:
        fail(as_system(work), weighing, selection, weighing.count.failure, "")


def give_up(work: Work, need_id: int, command: Reason) -> None:
    """End a selection without an award, with a reason everybody may read.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    need, selection = _weighing_selection(work, need_id)
    work.require(POLICY, "selection:fail", selection)
    _want_reason(command.reason)
    weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
    fail(work, weighing, selection, "given-up", command.reason.strip())


def decline(work: Work, award_id: int, command: Reason) -> Award | None:
    """Step back from an award before the contract; return the next award, or None when the need failed.

    The next in rank is awarded where the method ranks; a direct choice is not carried over.
    Raises NotFound, Forbidden, Conflict when a contract was signed, Invalid without a reason.
    """
    award_row = queries.award_by_id(work.session, award_id)
    need = locked(work, award_row.need_id)
    work.require(POLICY, "award:decline", award_row)
    if need.state is not NeedState.AWARDED:
        raise Conflict("award-already-contracted")
    _want_reason(command.reason)
    award_row.declined_at, award_row.decline_reason = work.clock.now(), command.reason.strip()
    work.move(AWARD, POLICY, award_row, "decline", need_id=need.id)
    quote, selection = reopened(work, award_row)
    as_system(work).move(QUOTE, QUOTES, quote, "decline")
    work.session.flush()
    messages.tell(
        work, need.org_id, "award-declined", result_url(need.id), need=need.title, reason=award_row.decline_reason
    )
    return pass_on(work, need, selection, ("winner-declined", award_row.decline_reason), letters.NEXT_IN_RANK)


def reopened(work: Work, ended: Award) -> tuple[Quote, Selection]:
    """Take an ended award's times off the clock and its choice back; return the quote that was chosen.

    Raises NotFound when the need has no selection.
    """
    publicity.stop(work, ended)
    selection = queries.selection_of(work.session, ended.need_id)
    if selection is None:
        raise NotFound("selection-not-found", need_id=ended.need_id)
    as_system(work).move(SELECTION, POLICY, selection, "resume")
    return work.session.get_one(Quote, ended.quote_id), selection


def pass_on(work: Work, need: Need, selection: Selection, failure: tuple[str, str], reason: str) -> Award | None:
    """Award the next in rank after an award ended, for this reason; without one the need fails.

    Where a quote that counts has no points yet, as of an agency let in again since, there is no rank to follow: the
    enterprise fills them in and chooses.
    failure: the code that names the next step, and the reason everybody may read.
    """
    inside = as_system(work)
    weighing = queries.weigh(work.session, need, selection, beijing_day(work.clock.now()))
    if weighing.missing and METHODS[need.method].passes_on:
        anew.choose_anew(work, weighing, "award-to-score-again", selection_url(need.id))
        return None
    following = rules.heir(need.method, weighing.lines)
    if following is None:
        fail(inside, weighing, selection, *failure)
        return None
    return _give(inside, weighing, selection, following, GiveAward(following.entrant.quote_id, reason))


def _give(work: Work, weighing: Weighing, selection: Selection, line: Line, command: GiveAward) -> Award:
    """Write the award and all that follows from it."""
    need, chosen = weighing.need, weighing.candidates[line.entrant.quote_id]
    until = publicity.publicity_end(work, need)
    given = Award(
        number=f"{need.number}-{len(queries.awards_of(work.session, need.id)) + 1}",
        need_id=need.id,
        selection_id=selection.id,
        quote_id=chosen.quote.id,
        agency_id=chosen.agency.id,
        agency_org_id=chosen.agency.org_id,
        org_id=need.org_id,
        town_code=need.town_code,
        item_code=need.item_code,
        amount=line.entrant.amount,
        rank=line.rank,
        state=AwardState.PROVISIONAL,
        reason=command.reason.strip(),
        awarded_at=work.clock.now(),
        publicity_until=until,
        confirm_at=until,
        sign_by=publicity.after(work, need, "contract-days", publicity.SIGN_DAYS, until),
        losers=_losers(weighing, line, command),
    )
    work.add(given, "award.given", need_id=need.id, agency_id=given.agency_id, rank=given.rank)
    inside = as_system(work)
    for quote_id, one in weighing.candidates.items():
        if quote_id == given.quote_id:
            inside.move(QUOTE, QUOTES, one.quote, "win")
        elif one.quote.state is QuoteState.OPENED:
            inside.move(QUOTE, QUOTES, one.quote, "lose")
    _decide(work, weighing, selection, line, given.reason)
    letters.issue_notice(work, given, need, chosen.agency, selection)
    _tell(work, weighing, given)
    work.emit(AWARD_GIVEN, id=given.id, need_id=need.id, agency_id=given.agency_id)
    publicity.begin(work, given, need)
    return given


def _decide(work: Work, weighing: Weighing, selection: Selection, line: Line, reason: str) -> None:
    now = work.clock.now()
    selection.reason, selection.decided_at = reason, now
    selection.protocol = protocol.build(
        weighing.need.method,
        weighing.lines,
        weighing.told(),
        weighing.criteria,
        draw=weighing.draw,
        count=weighing.count,
        winner=line,
        reason=reason,
        at=now,
        terms=queries.terms_of(weighing.need),
        working=weighing.working,
    )
    work.move(SELECTION, POLICY, selection, "decide", need_id=weighing.need.id)


def _losers(weighing: Weighing, winner: Line, command: GiveAward) -> list[dict[str, Any]]:
    return [
        {
            "quote_id": line.entrant.quote_id,
            "agency_id": weighing.candidates[line.entrant.quote_id].agency.id,
            "code": rules.why_not(line, winner, weighing.need.method),
            "note": command.notes.get(line.entrant.quote_id, "").strip(),
        }
        for line in weighing.lines
        if line.entrant.quote_id != winner.entrant.quote_id
    ]


def _tell(work: Work, weighing: Weighing, given: Award) -> None:
    """Tell the winner what to do and every loser why."""
    need, url = weighing.need, result_url(weighing.need.id)
    messages.settle(work, need.org_id, selection_url(need.id))
    messages.tell(work, given.agency_org_id, "award-won", url, need=need.title, number=given.number)
    for loser in given.losers:
        org_id = weighing.candidates[loser["quote_id"]].agency.org_id
        messages.tell(work, org_id, f"award-lost-{loser['code']}", url, need=need.title, number=need.number)


def fail(work: Work, weighing: Weighing, selection: Selection, code: str, reason: str) -> None:
    """End the need without a winner; the code tells the reader the next step."""
    need, now = weighing.need, work.clock.now()
    selection.reason, selection.decided_at = reason, now
    selection.protocol = protocol.build(
        need.method,
        weighing.lines or weighing.unranked(),
        weighing.told(),
        weighing.criteria,
        draw=weighing.draw,
        count=weighing.count,
        winner=None,
        reason=reason,
        at=now,
        terms=queries.terms_of(need),
        working=weighing.working,
    )
    work.move(SELECTION, POLICY, selection, "fail", code=code)
    need.failed_reason = code
    messages.settle(work, need.org_id, selection_url(need.id))
    inside = as_system(work)
    inside.move(NEED, NEEDS, need, "fail", code=code)
    for one in weighing.candidates.values():
        if one.quote.state is QuoteState.OPENED:
            inside.move(QUOTE, QUOTES, one.quote, "lose")
        messages.tell(
            work, one.agency.org_id, f"need-failed-{code}", result_url(need.id), need=need.title, number=need.number
        )
    messages.tell(work, need.org_id, f"need-failed-{code}", result_url(need.id), need=need.title, number=need.number)


def selection_url(need_id: int) -> str:
    """Return the address where a need's quotes are compared."""
    return f"/needs/{need_id}/selection"


def _weighing_selection(work: Work, need_id: int) -> tuple[Need, Selection]:
    need = locked(work, need_id)
    if need.state is NeedState.SELECTING:
        begin(work, need_id)
    selection = queries.selection_of(work.session, need_id)
    if selection is None or selection.state is not SelectionState.WEIGHING:
        raise Conflict("wrong-state", kind="need", state=str(need.state), verb="award")
    return need, selection


def _selection_for(work: Work, need: Need) -> Selection:
    """Return the need's selection, born with the commitment of its draw."""
    found = queries.selection_of(work.session, need.id)
    if found is not None:
        return found
    name = f"{need.number}/1"
    made = Selection(
        need_id=need.id,
        org_id=need.org_id,
        town_code=need.town_code,
        method=str(need.method),
        draw_name=name,
        draw_commitment=commitment(name, queries.draw_secret(name)).hex(),
        committed_at=work.clock.now(),
        state=SelectionState.COMMITTED,
        entrants=[],
    )
    work.add(made, "selection.committed", need_id=need.id, commitment=made.draw_commitment)
    return made


def _want_reason(reason: str) -> None:
    given = len(reason.strip())
    if given < rules.SHORTEST_REASON:
        raise Invalid("reason-too-short", field="reason", least=rules.SHORTEST_REASON, given=given)
