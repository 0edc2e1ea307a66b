"""The limit of lots one agency may win, announced in the notice: applied in the order of the lots.

An agency that holds as many awards of a notice's other lots as the limit allows still counts in this lot, but cannot
win it. A lot is decided when the earlier ones are, so that the order and not the enterprise's haste says which lots
fall to whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict
from marketplace.needs import family
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Lot, Need
from marketplace.quotes.models import Quote
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.methods import Method, Picks
from marketplace.selection.models import Award
from marketplace.selection.ranking import Frozen, Line, Note, Outcome

FULL: Final = "lots-full"
UNDECIDED: Final = (NeedState.OPEN, NeedState.SELECTING)


def limit_of(session: Session, need: Need) -> int | None:
    """Return how many lots of its notice one agency may win; None for no limit."""
    notice = select(Lot.notice_id).where(Lot.need_id == need.id).scalar_subquery()
    return session.scalar(select(Lot.most_wins).where(Lot.need_id == notice))


def held(session: Session, need: Need) -> dict[int, list[int]]:
    """Return which other lots of the notice each agency holds, by their numbers."""
    notice = select(Lot.notice_id).where(Lot.need_id == need.id).scalar_subquery()
    query = (
        select(Award.agency_id, Lot.number)
        .join(Lot, Lot.need_id == Award.need_id)
        .where(Lot.notice_id == notice, Lot.need_id != need.id, Award.state.in_(HOLDING))
        .order_by(Lot.number)
    )
    found: dict[int, list[int]] = {}
    for agency_id, number in session.execute(query):
        found.setdefault(agency_id, []).append(number)
    return found


def ranked(session: Session, need: Need, method: Method, frozen: Frozen, quotes: Mapping[int, Quote]) -> Outcome:
    """Rank with those that hold all the lots they may taken out, and the limit said in the working."""
    most = limit_of(session, need)
    if most is None:
        return method.rank(frozen)
    full = {agency: lots for agency, lots in held(session, need).items() if len(lots) >= most}
    barred = {quote_id: full[one.agency_id] for quote_id, one in quotes.items() if one.agency_id in full}
    outcome = without(method, frozen, barred)
    said: Note = ("lot-limit", {"number": family.lot_of(session, need.id).number, "most": most})
    return replace(outcome, working=(*outcome.working, said))


def without(method: Method, frozen: Frozen, barred: Mapping[int, Sequence[int]]) -> Outcome:
    """Rank, and let the others close up behind quotes that count but may not win.

    barred: quote id to the numbers of the lots its agency holds. Points and yardsticks stay as they are with them; only
    where a list is drawn the next drawn moves up. A quote that does not count, or could not win, keeps its own reason.
    """
    entrants = frozen.entrants
    if method.picks is Picks.LISTED:
        entrants = tuple(
            replace(one, faults=(*one.faults, FULL)) if one.quote_id in barred else one for one in entrants
        )
    outcome, own = method.rank(replace(frozen, entrants=entrants)), {one.quote_id: one for one in frozen.entrants}
    able: list[Line] = []
    rest: list[Line] = []
    for line in outcome.lines:
        kept = own[line.entrant.quote_id]
        shut = kept.quote_id in barred and not kept.faults and not (line.out and line.rank is None)
        if shut:
            note: Note = (FULL, {"lots": "、".join(map(str, barred[kept.quote_id]))})
            rest.append(replace(line, entrant=kept, rank=None, decided_by=None, out=FULL, notes=(*line.notes, note)))
        else:
            (rest if line.rank is None else able).append(line)
    moved = [
        replace(line, rank=place, decided_by=line.decided_by if place > 1 else None)
        for place, line in enumerate(able, 1)
    ]
    return replace(outcome, lines=(*moved, *rest))


def earlier_undecided(session: Session, need: Need) -> int | None:
    """Return the first earlier lot that is not decided, where the notice limits the lots; else None."""
    if limit_of(session, need) is None:
        return None
    number = family.lot_of(session, need.id).number
    rows = family.lots_of(session, need.id)
    return next((lot.number for lot, one in rows if lot.number < number and one.state in UNDECIDED), None)


def want_turn(session: Session, need: Need) -> None:
    """Refuse to decide a lot before the earlier ones, where the notice limits the lots. Raises Conflict."""
    waits_for = earlier_undecided(session, need)
    if waits_for is not None:
        raise Conflict("lot-not-its-turn", number=waits_for)


def turn(session: Session, need: Need) -> Mapping[str, Any] | None:
    """Return what the page of a lot's selection says of limit and order; None for a notice without a limit."""
    most = limit_of(session, need)
    return None if most is None else {"most": most, "waits_for": earlier_undecided(session, need)}
