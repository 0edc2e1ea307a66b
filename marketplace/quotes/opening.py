"""What happens at a need's deadline: quotes are counted under their seals, then opened, or the time is extended once.

Counting looks into the seals in memory and keeps nothing: where the time is extended, every quote stays as sealed as it
was, and a reader of the database learns no price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from accounts import messages
from agencies.fees import compliance
from agencies.fees import service as fees
from agencies.fees.lifecycle import CaseKind
from agencies.registration import queries as registration
from core.access import SYSTEM
from core.clock import beijing_day
from core.money import Money
from core.work import Work, Works
from marketplace.needs import amending
from marketplace.needs import queries as needs
from marketplace.needs.lifecycle import NEED, NeedState
from marketplace.needs.models import Need
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.needs.service import locked
from marketplace.quotes import explaining, rules, sealing
from marketplace.quotes.lifecycle import QUOTE, QuoteState
from marketplace.quotes.models import Quote
from marketplace.quotes.permissions import POLICY
from marketplace.quotes.rules import Course, Opened, Turnout
from marketplace.quotes.sealing import Content

UNCONFIRMED: Final = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Judged:
    """A sealed quote as it would stand if it were opened now: its content, and why it would not count."""

    quote: Quote
    content: Content | None
    fault: str


def open_quotes(work: Work, need_id: int) -> None:
    """Open all quotes of a need whose deadline has passed, or do what the frozen rules say where they are too few.

    The due handler of ``need.close``; may run twice and beside another opener: the need's row is locked first.
    """
    need = locked(work, need_id)
    now = work.clock.now()
    if need.state is not NeedState.OPEN or need.closes_at is None or now < need.closes_at:
        return
    inside = Work(work.session, SYSTEM, work.clock, work.request_id, work.entries, work.events)
    sealed = select(Quote).where(Quote.need_id == need_id, Quote.state == QuoteState.SEALED).order_by(Quote.id)
    cap = binding_cap(inside, need)
    judged = [_judged(inside, need, quote, cap) for quote in work.session.scalars(sealed)]
    turnout = _turnout(inside, need, judged)
    follows, failure = rules.course(turnout)
    if follows is Course.EXTEND:
        amending.extend(inside, need, _whole(inside, need, "extension-days", 1))
        return
    valid = _open_all(inside, need, judged, cap, now)
    if not failure:
        for quote in (one.quote for one in judged if one.quote.flags):
            explaining.ask(inside, need, quote)
    _end_opening(inside, need, judged, valid, failure)


def open_at_once(work: Work, need: Need, put_down: Sequence[Quote]) -> None:
    """Open the quotes put down for a need that waits for none; the prices were examined when they were agreed."""
    inside = Work(work.session, SYSTEM, work.clock, work.request_id, work.entries, work.events)
    need.opened_at = now = work.clock.now()
    for quote in put_down:
        _open(inside, need, Judged(quote, sealing.content_of(need, quote), ""), now)
    inside.move(NEED, NEEDS, need, "open_quotes", valid=len(put_down))


def open_if_due(works: Works, need_id: int) -> bool:
    """Open a need's quotes when its deadline has passed and no worker has; return whether that was done just now."""
    with works.reading() as work:
        row = work.session.execute(select(Need.state, Need.closes_at).where(Need.id == need_id)).one_or_none()
        due = row is not None and row[0] is NeedState.OPEN and row[1] is not None and row[1] <= work.clock.now()
    if due:
        with works.system() as work:
            open_quotes(work, need_id)
    return due


def binding_cap(work: Work, need: Need) -> Money | None:
    """Return what the schedule allows at most, only where it binds on this day."""
    if need.schedule_id is None:
        return None
    funding = "government" if need.fund == "fiscal" else "social"
    on = beijing_day(need.published_at or work.clock.now())
    found = fees.benchmark(need.item_code, [need.schedule_id], on, {**need.fee_inputs, "funding": funding})
    return found.binding_cap() if found is not None else None


def _whole(work: Work, need: Need, key: str, usual: int) -> int:
    return int(needs.frozen_rule(work.session, need, key, usual) or usual)


def _turnout(work: Work, need: Need, judged: Sequence[Judged]) -> Turnout:
    least = needs.frozen_rule(work.session, need, "min-quotes-after-extension", None)
    most = int(needs.frozen_rule(work.session, need, "extensions-max", 0) or 0)
    return Turnout(
        len(judged), sum(not one.fault for one in judged), int(need.rules.get("min-valid-quotes") or 1),
        None if least is None else int(least), most - need.extensions,
    )  # fmt: skip


def _judged(work: Work, need: Need, quote: Quote, cap: Money | None) -> Judged:
    """Judge a quote under its seal; one that was not confirmed after an amendment is not even looked into."""
    if quote.knows_amendment < need.binding_amendment:
        return Judged(quote, None, UNCONFIRMED)
    content = sealing.content_of(need, quote)
    if content is None or content.amount is None:
        return Judged(quote, content, "seal-broken")
    fault = rules.fault(content.amount, needs.ceiling_for(work.session, need, quote.agency_id), cap)
    if not fault:
        today = beijing_day(work.clock.now())
        verdict = registration.eligible(work.session, quote.agency_id, need.item_code, today)
        fault = "" if verdict.ok else "not-eligible"
    return Judged(quote, content, fault)


def _open_all(work: Work, need: Need, judged: Sequence[Judged], cap: Money | None, now: datetime) -> int:
    """Write what the seals held, reject what does not count, flag what is abnormally low; return how many count."""
    need.opened_at = now
    for one in judged:
        _open(work, need, one, now)
    work.session.flush()
    for one in judged:
        if one.fault:
            _reject(work, need, one, cap)
    valid = [one.quote for one in judged if not one.fault]
    flags = rules.abnormally_low([Opened(one.id, _amount(one)) for one in valid], need.ceiling, need.rules)
    for quote in valid:
        quote.flags = flags.get(quote.id, "")
        _compare_with_posted(work, need, quote)
    _ask_about_low(work, need, valid)
    return len(valid)


def _open(work: Work, need: Need, one: Judged, now: datetime) -> None:
    """Open one quote; what does not fit its commitment, or was not confirmed, stays without a price."""
    quote, content = one.quote, one.content
    quote.opened_at = now
    work.move(QUOTE, POLICY, quote, "open", need_id=need.id)
    if content is None:
        return
    quote.amount, quote.discount_rate = content.amount, content.discount_rate
    quote.days, quote.plan, quote.salt = content.days, content.plan, content.salt
    quote.lines, quote.files = content.lines, content.files


def _reject(work: Work, need: Need, one: Judged, cap: Money | None) -> None:
    quote = one.quote
    quote.invalid_reason = one.fault
    work.move(QUOTE, POLICY, quote, "reject", need_id=need.id, reason=one.fault)
    messages.tell(work, quote.org_id, f"quote-invalid-{one.fault}", f"/needs/{need.id}/quote/receipt", need=need.title)
    if one.fault == "above-binding-cap" and cap is not None:
        _open_case(work, "above_cap_attempt", need, quote, cap, schedule_id=need.schedule_id)


def _amount(quote: Quote) -> Money:
    return quote.amount if quote.amount is not None else Money(0)


def _compare_with_posted(work: Work, need: Need, quote: Quote) -> None:
    """Open a case where an agency quotes above what it had posted when the quote came in."""
    posted = fees.posted_price(work.session, quote.agency_id, need.item_code, quote.received_at)
    allowed = fees.posted_amount(posted, need.benchmark_base) if posted is not None else None
    if posted is not None and posted.unit_name and posted.amount is not None:
        excess = rules.above_unit_price(quote.lines or [], posted.unit_name, posted.amount)
        allowed = _amount(quote) - excess
    if posted is not None and allowed is not None and _amount(quote) > allowed:
        _open_case(work, "above_posted", need, quote, allowed, posted_price_id=posted.id)


def _ask_about_low(work: Work, need: Need, valid: Sequence[Quote]) -> None:
    """Open the regulator's case where a price is abnormally low; the quote stays valid."""
    rule = compliance.rule_on(CaseKind.ABNORMALLY_LOW, beijing_day(work.clock.now()))
    amounts = [_amount(quote) for quote in valid]
    if rule is None:
        return
    for quote in valid:
        low = compliance.abnormally_low(_amount(quote), amounts, need.ceiling, rule)
        if low is not None:
            known = {"test": low.test, "quotes": len(valid)}
            _open_case(work, CaseKind.ABNORMALLY_LOW, need, quote, low.line, **known)


def _open_case(work: Work, kind: str, need: Need, quote: Quote, compared: Money, **evidence: Any) -> None:
    if compliance.rule_on(CaseKind(kind), beijing_day(work.clock.now())) is None:
        return
    known = {**needs.fee_grounds(need, beijing_day(work.clock.now())), "quote_fen": _amount(quote).fen}
    fees.open_case(
        work, kind, object_kind="quote", object_id=quote.id, need_id=need.id, agency_id=quote.agency_id,
        enterprise_id=need.org_id, town_code=need.town_code, item_code=need.item_code, found=_amount(quote),
        compared=compared, evidence={**known, **evidence},
    )  # fmt: skip


def _end_opening(work: Work, need: Need, judged: Sequence[Judged], valid: int, failure: str) -> None:
    """Go on to selection, or fail with the reason; the notice then offers the next step."""
    if not failure:
        work.move(NEED, NEEDS, need, "open_quotes", valid=valid)
        messages.tell(work, need.org_id, "quotes-opened", f"/needs/{need.id}/selection", is_todo=True, need=need.title)
        return
    need.failed_reason = failure
    work.move(NEED, NEEDS, need, "fail", reason=failure)
    messages.tell(work, need.org_id, "need-failed", f"/needs/{need.id}", is_todo=True, need=need.title)
    for one in judged:
        if one.quote.state is QuoteState.OPENED:
            messages.tell(work, one.quote.org_id, "bidder-need-failed", f"/needs/{need.id}", need=need.title)
