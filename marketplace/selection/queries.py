"""Reads of selection: the opened quotes as the rules see them, the award that holds, and prices to compare with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from agencies.registration.models import Agency
from agencies.registration.queries import eligible
from core import secrets
from core.access import Actor, OrgKind
from core.errors import NotFound
from core.money import Money
from marketplace.needs.methods import ASKED, FRAMED, SCORED
from marketplace.needs.models import Need
from marketplace.needs.queries import admitted, frozen_rule, is_shut_out
from marketplace.needs.queries import avoided as declared_out
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.selection import lotting, rules
from marketplace.selection.draw import Draw, quotes_beacon
from marketplace.selection.lifecycle import HOLDING
from marketplace.selection.methods import METHODS
from marketplace.selection.models import Award, Bid, Score, Selection
from marketplace.selection.protocol import Told
from marketplace.selection.ranking import Criterion, Entrant, Frozen, Line, Note, Outcome
from marketplace.selection.rules import Enough, LowRatios

FEWEST_FOR_QUARTILES: Final = 8
PRICE_NAMES: Final = ("价格", "报价", "价格分", "报价分")
OPENED: Final = (QuoteState.OPENED, QuoteState.WON, QuoteState.LOST, QuoteState.INVALID, QuoteState.DECLINED)
BECAME_INELIGIBLE: Final = "not-eligible"
ANNULLED: Final = "award-annulled"
BY_RULE: Final = ("above-ceiling", "above-binding-cap", "seal-broken", "unconfirmed", ANNULLED)
SEE_ALL: Final = (OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION)

Fault = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One opened quote with its agency, its price after all bidding, and why it does not count, if it does not."""

    quote: Quote
    agency: Agency
    price: Money
    faults: tuple[Fault, ...]
    points: Mapping[str, int]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Prices of earlier awards of the same item, and how many there were."""

    low: Money
    mid: Money
    high: Money
    n: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """All a choice stands on. lines is empty while a merit score sheet has gaps; missing counts them."""

    need: Need
    candidates: Mapping[int, Candidate]
    criteria: tuple[Criterion, ...]
    draw: Draw
    count: Enough
    lines: tuple[Line, ...]
    flags: Mapping[int, tuple[str, ...]]
    missing: int
    entrants: tuple[Entrant, ...] = ()
    working: tuple[Note, ...] = ()

    def unranked(self) -> tuple[Line, ...]:
        """Return the quotes without places, by price, for a score sheet that still has gaps."""
        return tuple(
            Line(entrant, None) for entrant in sorted(self.entrants, key=lambda one: (one.amount, one.quote_id))
        )

    def told(self) -> dict[int, Told]:
        """Return what the protocol says of each quote."""
        return {
            quote_id: Told(
                one.agency.id, one.agency.name, one.quote.days, one.faults, self.flags.get(quote_id, ()), one.reasons
            )
            for quote_id, one in self.candidates.items()
        }


def selection_of(session: Session, need_id: int) -> Selection | None:
    """Return the selection of a need."""
    return session.scalars(select(Selection).where(Selection.need_id == need_id)).one_or_none()


def award_of(session: Session, need_id: int) -> Award | None:
    """Return the award of a need that holds."""
    query = select(Award).where(Award.need_id == need_id, Award.state.in_(HOLDING))
    return session.scalars(query).one_or_none()


def award_by_id(session: Session, award_id: int) -> Award:
    """Return one award. Raises NotFound."""
    award = session.get(Award, award_id)
    if award is None:
        raise NotFound("award-not-found", id=award_id)
    return award


def awards_of(session: Session, need_id: int) -> Sequence[Award]:
    """Return every award a need ever had, oldest first."""
    return session.scalars(select(Award).where(Award.need_id == need_id).order_by(Award.id)).all()


def visible_awards(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that is the twin of ``award:read``."""
    if actor.is_system or actor.org_kind in SEE_ALL:
        return true()
    seen: list[ColumnElement[bool]] = []
    if actor.org_id is not None:
        seen += [Award.org_id == actor.org_id, Award.agency_org_id == actor.org_id]
    if actor.org_kind is OrgKind.TOWN_OPERATOR and actor.town_code is not None:
        seen.append(Award.town_code == actor.town_code)
    return or_(*seen) if seen else false()


def opened_quotes(session: Session, need_id: int) -> Sequence[Quote]:
    """Return the quotes of a need that were opened, whatever became of them."""
    query = select(Quote).where(Quote.need_id == need_id, Quote.state.in_(OPENED), Quote.opened_at.is_not(None))
    return session.scalars(query.order_by(Quote.id)).all()


def scores_of(session: Session, selection_id: int) -> dict[int, dict[str, Score]]:
    """Return the points given, by quote and criterion."""
    found: dict[int, dict[str, Score]] = {}
    for row in session.scalars(select(Score).where(Score.selection_id == selection_id)):
        found.setdefault(row.quote_id, {})[row.criterion] = row
    return found


def criteria_of(need: Need) -> tuple[Criterion, ...]:
    """Return the criteria fixed in the notice; the price is told by its kind or by its name."""
    if need.method not in SCORED:
        return ()
    return tuple(
        Criterion(
            str(entry["name"]), int(entry["weight"]), entry.get("kind") == "price" or entry["name"] in PRICE_NAMES
        )
        for entry in need.criteria or ()
    )


def price_of(quote: Quote) -> Money:
    """Return the price an opened quote is compared by; opening turned a discount into an amount."""
    return quote.amount or Money(0)


def lowest_bids(session: Session, selection_id: int) -> dict[int, Money]:
    """Return the last and lowest price each quote was brought down to in rounds of bidding."""
    query = select(Bid.quote_id, func.min(Bid.amount)).where(Bid.selection_id == selection_id).group_by(Bid.quote_id)
    return {row[0]: row[1] for row in session.execute(query)}


def offers_in(session: Session, selection_id: int, number: int) -> int:
    """Count the offers of one round."""
    query = select(func.count()).select_from(Bid)
    return session.scalar(query.where(Bid.selection_id == selection_id, Bid.round_number == number)) or 0


def draw_secret(draw_name: str) -> bytes:
    """Return the house's secret for one draw, derived from the master key and committed to when the notice went out."""
    return bytes.fromhex(secrets.keyed_hash("draw", draw_name))


def draw_of(selection: Selection) -> Draw:
    """Return the draw of a selection whose list is frozen."""
    return Draw(
        name=selection.draw_name,
        weights={entry["key"]: entry.get("numbers", 1) for entry in selection.entrants},
        beacon=quotes_beacon(entry["commitment"] for entry in selection.entrants),
        secrets=(draw_secret(selection.draw_name),),
        commits=(bytes.fromhex(selection.draw_commitment),),
    )


def entrants_of(session: Session, need: Need, on: date) -> list[dict[str, Any]]:
    """Return the list to freeze: every opened quote, whether it counts on this day, and its numbers in the draw."""
    agencies = {one.id: one for one in session.scalars(select(Agency).where(Agency.id.in_(_quoting(need.id))))}
    avoided, terms, turns = declared_out(session, need.id), terms_of(need), admitted(session, need.id)
    return [
        {
            "quote_id": quote.id,
            "agency_id": quote.agency_id,
            "key": agencies[quote.agency_id].credit_code,
            "standing": agencies[quote.agency_id].standing_milli,
            "commitment": quote.commitment,
            "stood": not faults_of(session, need, quote, on, avoided),
            "numbers": METHODS[need.method].numbers(agencies[quote.agency_id].standing_milli, terms),
            **({"turn": turns[quote.agency_id].place} if quote.agency_id in turns else {}),
        }
        for quote in opened_quotes(session, need.id)
    ]


def _quoting(need_id: int) -> Any:
    return select(Quote.agency_id).where(Quote.need_id == need_id)


def terms_of(need: Need) -> dict[str, Any]:
    """Return what the ranking is told: the terms of the notice, and the parameters frozen for its method."""
    frozen = {name: need.rules[key] for key, name in ASKED[need.method].frozen.items() if key in need.rules}
    return {**need.terms, **frozen}


def weigh(session: Session, need: Need, selection: Selection, on: date) -> Weighing:
    """Put everything a choice stands on together, eligibility judged anew on this day."""
    criteria, frozen = criteria_of(need), {entry["quote_id"]: entry for entry in selection.entrants}
    candidates = candidates_of(session, need, selection, on)
    entrants = tuple(_entrant(one, frozen[quote_id]) for quote_id, one in candidates.items())
    counted = [entrant for entrant in entrants if not entrant.faults]
    draw = draw_of(selection)
    missing = sum(c.name not in e.points for e in counted for c in criteria if not c.is_price)
    outcome = Outcome(())
    if not missing:
        quotes = {quote_id: one.quote for quote_id, one in candidates.items()}
        turns = {entry["key"]: entry["turn"] for entry in selection.entrants if "turn" in entry}
        given = Frozen(entrants, draw, criteria, terms_of(need), turns)
        outcome = lotting.ranked(session, need, METHODS[need.method], given, quotes)
    count = _enough(session, need, len(counted), outcome, missing)
    flags = rules.low_flags({e.quote_id: e.amount for e in counted}, need.ceiling, _ratios(session, need))
    return Weighing(need, candidates, criteria, draw, count, outcome.lines, flags, missing, entrants, outcome.working)


def _entrant(one: Candidate, entry: Mapping[str, Any]) -> Entrant:
    faults = tuple(code for code, _facts in one.faults)
    stood = entry.get("stood", True)
    return Entrant(
        one.quote.id, entry["key"], one.price, entry["standing"], faults, one.points, stood, price_of(one.quote)
    )


def _enough(session: Session, need: Need, counted: int, outcome: Outcome, missing: int) -> Enough:
    """Judge the number of counted quotes by the rules frozen into the need and by the method's own least."""
    minimum = int(frozen_rule(session, need, "min-valid-quotes", 1))
    extended = frozen_rule(session, need, "min-quotes-after-extension", None)
    least = METHODS[need.method].least.get(need.fund)
    if least is not None:
        minimum, extended = max(minimum, least), None
    count = rules.enough(counted, minimum, None if extended is None else int(extended))
    nobody = not missing and not any(rules.may_be_chosen(need.method, line) for line in outcome.lines)
    return Enough(failure="nobody-can-win") if nobody and not count.failure else count


def _ratios(session: Session, need: Need) -> LowRatios:
    def share(key: str, usual: str) -> Decimal:
        return Decimal(str(frozen_rule(session, need, key, usual)))

    return LowRatios(
        share("low-mean-ratio", "0.50"), share("low-next-ratio", "0.50"), share("low-ceiling-ratio", "0.45")
    )


def candidates_of(session: Session, need: Need, selection: Selection, on: date) -> dict[int, Candidate]:
    """Return the frozen quotes with their agencies and prices, and why one does not count on this day."""
    scores = scores_of(session, selection.id)
    ids = [entry["quote_id"] for entry in selection.entrants]
    query = select(Quote, Agency).join(Agency, Agency.id == Quote.agency_id).where(Quote.id.in_(ids)).order_by(Quote.id)
    avoided, bids = declared_out(session, need.id), lowest_bids(session, selection.id)
    found = {}
    for quote, agency in session.execute(query):
        given = scores.get(quote.id, {})
        found[quote.id] = Candidate(
            quote,
            agency,
            bids.get(quote.id, price_of(quote)),
            faults_of(session, need, quote, on, avoided),
            {name: row.points for name, row in given.items()},
            {name: row.reason for name, row in given.items()},
        )
    return found


def faults_of(session: Session, need: Need, quote: Quote, on: date, avoided: Mapping[int, str]) -> tuple[Fault, ...]:
    """Return why a quote does not count on this day; empty when it counts."""
    faults: list[Fault] = []
    if quote.state is QuoteState.INVALID and quote.invalid_reason != BECAME_INELIGIBLE:
        faults.append(_rejection(quote, need))
    if quote.state is QuoteState.DECLINED:
        faults.append(("quote-declined", {}))
    if quote.agency_id in avoided:
        faults.append(("agency-avoided", {"reason": avoided[quote.agency_id]}))
    if need.method in FRAMED and is_shut_out(session, need.id, quote.agency_id):
        faults.append(("membership-over", {}))
    judged = eligible(session, quote.agency_id, need.item_code, on, project_items=_project_items(session, need, quote))
    faults.extend((one.code, dict(one.facts)) for one in judged.details)
    if quote.state is QuoteState.INVALID and not faults:
        faults.append(("quote-was-ineligible", {}))
    return tuple(faults)


def _rejection(quote: Quote, need: Need) -> Fault:
    """Return why a quote was rejected: by a rule when it was opened, or in the enterprise's own words."""
    if quote.invalid_reason in BY_RULE:
        return quote.invalid_reason, {"ceiling": str(need.ceiling or "")}
    return "quote-rejected", {"reason": quote.invalid_reason}


def _project_items(session: Session, need: Need, quote: Quote) -> Sequence[str]:
    """Return the items this agency already holds in the same project."""
    if not need.project_code:
        return ()
    query = (
        select(Award.item_code)
        .join(Need, Need.id == Award.need_id)
        .where(Need.project_code == need.project_code, Need.id != need.id, Need.org_id == need.org_id)
        .where(Award.agency_id == quote.agency_id, Award.state.in_(HOLDING))
    )
    return session.scalars(query).all()


def quartiles(session: Session, item_code: str, except_need: int) -> Quartiles | None:
    """Return the quartiles of an item's awards that hold, or None under eight.

    except_need: the need whose own award is not counted. Each quartile is an amount of an award, none in between.
    """
    held = and_(Award.item_code == item_code, Award.state.in_(HOLDING), Award.need_id != except_need)
    count = session.scalar(select(func.count()).select_from(Award).where(held)) or 0
    if count < FEWEST_FOR_QUARTILES:
        return None

    def at(share: int) -> Money:
        place = (count - 1) * share // 4
        query = select(Award.amount).where(held).order_by(Award.amount, Award.id).offset(place).limit(1)
        return session.scalars(query).one()

    return Quartiles(at(1), at(2), at(3), count)
