"""Use cases of quotes: submit sealed, replace, withdraw, and open all of a need at its deadline.

Before opening nothing here tells a price or how many quotes there are: a leaf or event of a sealed quote names neither
the need nor the price.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from accounts import messages
from agencies.fees import compliance
from agencies.fees import service as fees
from agencies.fees.lifecycle import CaseKind
from agencies.registration import queries as registration
from agencies.registration.models import Agency
from core.access import SYSTEM
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.money import Money
from core.secrets import seal, unseal
from core.work import Work, Works, facts_of
from marketplace.needs import queries as needs
from marketplace.needs.lifecycle import NEED, NeedState
from marketplace.needs.methods import fixed_price
from marketplace.needs.models import Need
from marketplace.needs.permissions import POLICY as NEEDS
from marketplace.needs.service import locked
from marketplace.quotes import queries, rules
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.lifecycle import QUOTE, QuoteState
from marketplace.quotes.models import Quote
from marketplace.quotes.permissions import POLICY
from marketplace.quotes.rules import Opened

PURPOSE: Final = "quote"
COMMITTED: Final = b"quote-v1"
CODE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH: Final = 12


def submit(work: Work, need_id: int, command: SubmitQuote, received_at: datetime | None = None) -> Quote:
    """Seal a quote; an earlier one of the same agency is replaced. ``received_at`` is when the request had arrived.

    Nothing of the price leaves the seal: not in a column, a leaf, an event or a log.
    Raises NotFound, Forbidden, Conflict("late-quote") naming both times, Invalid for a price, days or the commitment
    missing, a price above the ceiling or a binding cap, Conflict("not-eligible") with what is missing,
    Conflict("agency-avoided").
    """
    need = locked(work, need_id)
    moment = received_at or work.clock.now()
    agency = registration.agency_of_org(work.session, work.actor.org_id)
    if agency is None:
        raise NotFound("agency-not-found")
    former = queries.own_quote(work.session, work.actor.org_id, need_id)
    _judge_time(need, moment, former)
    work.require(POLICY, "quote:submit", need)
    _judge_agency(work, need, agency)
    _judge_price(work, need, command)
    if former is not None:
        work.move(QUOTE, POLICY, former, "replace")
        work.session.flush()
    sealed, commitment = _seal(need, agency, command)
    quote = Quote(
        need_id=need.id, agency_id=agency.id, org_id=agency.org_id, state=QuoteState.SEALED, sealed=sealed,
        commitment=commitment, receipt_code=_code(), received_at=moment,
    )  # fmt: skip
    work.add(quote, "quote.submitted", commitment=commitment)
    return quote


def withdraw(work: Work, quote_id: int, received_at: datetime | None = None) -> Quote:
    """Take a sealed quote back before the deadline. Raises NotFound, Forbidden, Conflict("late-quote")."""
    quote = queries.quote_by_id(work, quote_id)
    need = locked(work, quote.need_id)
    _judge_time(need, received_at or work.clock.now(), quote)
    work.move(QUOTE, POLICY, quote, "withdraw")
    return quote


def open_quotes(work: Work, need_id: int) -> None:
    """Open all quotes of a need whose deadline has passed; a need without enough of them fails.

    The due handler of ``need.close``; may run twice and beside another opener: the need's row is locked first.
    """
    need = locked(work, need_id)
    now = work.clock.now()
    if need.state is not NeedState.OPEN or need.closes_at is None or now < need.closes_at:
        return
    inside = Work(work.session, SYSTEM, work.clock, work.request_id, work.entries, work.events)
    quotes = work.session.scalars(
        select(Quote).where(Quote.need_id == need_id, Quote.state == QuoteState.SEALED).order_by(Quote.id)
    ).all()
    need.opened_at = now
    for quote in quotes:
        _open(inside, need, quote, now)
    work.session.flush()
    cap = _cap(inside, need)
    valid = [quote for quote in quotes if _stays_valid(inside, need, quote, cap)]
    flags = rules.abnormally_low([Opened(one.id, _amount(one)) for one in valid], need.ceiling, need.rules)
    for quote in valid:
        quote.flags = flags.get(quote.id, "")
        _compare_with_posted(inside, need, quote)
    _ask_about_low(inside, need, valid)
    _end_opening(inside, need, quotes, len(valid))


def open_if_due(works: Works, need_id: int) -> bool:
    """Open a need's quotes when its deadline has passed and no worker has; return whether it was opened just now."""
    with works.reading() as work:
        row = work.session.execute(select(Need.state, Need.closes_at).where(Need.id == need_id)).one_or_none()
        due = row is not None and row[0] is NeedState.OPEN and row[1] is not None and row[1] <= work.clock.now()
    if due:
        with works.system() as work:
            open_quotes(work, need_id)
    return due


def receipt(work: Work, quote_id: int) -> tuple[Quote, Need]:
    """Return an agency's own quote and its need for the receipt. Raises NotFound, Forbidden."""
    quote = queries.quote_by_id(work, quote_id)
    work.require(POLICY, "quote:receipt", quote)
    return quote, needs.need_by_id(work, quote.need_id)


def read_own(work: Work, quote_id: int) -> str:
    """Return the text that was sealed, salt included: ``quote-v1`` and this text hash to the commitment.

    Raises NotFound, Forbidden while it is sealed, Conflict("seal-broken").
    """
    quote = queries.quote_by_id(work, quote_id)
    work.require(POLICY, "quote:read-own", quote)
    body = _unsealed(quote)
    if body is None:
        raise Conflict("seal-broken", receipt=quote.receipt_code)
    return body.decode()


def tell_bidders(work: Work, facts: Mapping[str, Any]) -> None:
    """Tell those who quoted that a question was answered or the deadline moved; may run twice.

    Handles ``need.question-answered`` and ``need.deadline-moved``. Each is told alone, so nobody learns of the others.
    """
    need = work.session.get_one(Need, facts_of(facts))
    code = "bidder-answer" if "question_id" in facts else "bidder-deadline"
    key = f"{code}:{facts.get('question_id', need.closes_at)}"
    sealed = select(Quote.org_id).where(Quote.need_id == need.id, Quote.state == QuoteState.SEALED)
    for org_id in work.session.scalars(sealed):
        messages.tell(work, org_id, code, f"/needs/{need.id}", unique_key=f"{key}:{org_id}", need=need.title)


def _judge_time(need: Need, moment: datetime, former: Quote | None) -> None:
    """Refuse what comes too late or for a need that takes no quotes. Raises Conflict."""
    if need.closes_at is None or need.state in {NeedState.DRAFT, NeedState.WITHDRAWN}:
        raise Conflict("need-takes-no-quotes", id=need.id)
    if rules.is_late(moment, need.closes_at):
        standing = former is not None and former.received_at < need.closes_at
        raise Conflict(
            "late-quote-standing" if standing else "late-quote",
            received_at=moment, closes_at=need.closes_at, standing=former.received_at if former else None,
        )  # fmt: skip
    if need.state is not NeedState.OPEN:
        raise Conflict("quotes-open-already", closes_at=need.closes_at)


def _judge_agency(work: Work, need: Need, agency: Agency) -> None:
    if agency.id in needs.avoided(work.session, need.id):
        raise Conflict("agency-avoided", agency_id=agency.id)
    verdict = registration.eligible(work.session, agency.id, need.item_code, beijing_day(work.clock.now()))
    if not verdict.ok:
        raise Conflict("not-eligible", missing=list(verdict.missing))


def _judge_price(work: Work, need: Need, command: SubmitQuote) -> None:
    """Judge a price in memory only; what is refused here is never stored."""
    if not command.commitment_given:
        raise Invalid("commitment-required", field="commitment_given")
    if command.amount is None and need.quoting == "amount":
        raise Invalid("amount-required", field="amount")
    if command.discount_rate is None and need.quoting == "discount":
        raise Invalid("discount-required", field="discount_rate")
    if command.days <= 0:
        raise Invalid("days-required", field="days")
    amount = rules.price(command.amount, command.discount_rate, need.benchmark_base)
    if amount is None:
        raise Invalid("benchmark-missing", field="discount_rate")
    cap = _cap(work, need)
    fixed = fixed_price(need.method, need.ceiling)
    found = "price-is-fixed" if fixed is not None and amount != fixed else rules.fault(amount, need.ceiling, cap)
    if found:
        field = "amount" if need.quoting == "amount" else "discount_rate"
        raise Invalid(found, field=field, amount=amount, ceiling=need.ceiling, cap=cap)


def _cap(work: Work, need: Need) -> Money | None:
    """Return what the schedule allows at most, only where it binds on this day."""
    if need.schedule_id is None:
        return None
    funding = "government" if need.fund == "fiscal" else "social"
    on = beijing_day(need.published_at or work.clock.now())
    found = fees.benchmark(need.item_code, [need.schedule_id], on, {**need.fee_inputs, "funding": funding})
    return found.binding_cap() if found is not None else None


def _seal(need: Need, agency: Agency, command: SubmitQuote) -> tuple[bytes, str]:
    """Encrypt the quote for this need and agency, and bind it by a salted hash."""
    plain = {
        "amount_fen": command.amount.fen if command.amount else None,
        "discount_rate": str(command.discount_rate) if command.discount_rate is not None else None,
        "days": command.days, "plan": command.plan, "salt": secrets.token_hex(32),
        "need": need.id, "agency": agency.id,
    }  # fmt: skip
    body = json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()
    return seal(PURPOSE, body, f"{need.id}/{agency.id}"), hashlib.sha256(COMMITTED + body).hexdigest()


def _code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def _unsealed(quote: Quote) -> bytes | None:
    """Break a seal; None when the bytes were changed or do not fit the commitment."""
    try:
        body = unseal(PURPOSE, quote.sealed, f"{quote.need_id}/{quote.agency_id}")
    except InvalidTag:
        return None
    return body if hashlib.sha256(COMMITTED + body).hexdigest() == quote.commitment else None


def _open(work: Work, need: Need, quote: Quote, now: datetime) -> None:
    """Open one quote; what does not fit its commitment stays without a price and is found invalid afterwards."""
    body = _unsealed(quote)
    quote.opened_at = now
    work.move(QUOTE, POLICY, quote, "open", need_id=need.id)
    if body is None:
        return
    plain: dict[str, Any] = json.loads(body)
    quote.discount_rate = Decimal(plain["discount_rate"]) if plain["discount_rate"] is not None else None
    given = Money(plain["amount_fen"]) if plain["amount_fen"] is not None else None
    quote.amount = rules.price(given, quote.discount_rate, need.benchmark_base)
    quote.days, quote.plan, quote.salt = plain["days"], plain["plan"], plain["salt"]


def _stays_valid(work: Work, need: Need, quote: Quote, cap: Money | None) -> bool:
    """Judge an opened quote again; an invalid one is rejected with its reason."""
    reason = "seal-broken" if quote.amount is None else rules.fault(quote.amount, need.ceiling, cap)
    if not reason:
        today = beijing_day(work.clock.now())
        verdict = registration.eligible(work.session, quote.agency_id, need.item_code, today)
        reason = "" if verdict.ok else "not-eligible"
    if not reason:
        return True
    quote.invalid_reason = reason
    work.move(QUOTE, POLICY, quote, "reject", need_id=need.id, reason=reason)
    messages.tell(work, quote.org_id, f"quote-invalid-{reason}", f"/needs/{need.id}/quote/receipt", need=need.title)
    if reason == "above-binding-cap" and cap is not None:
        _open_case(work, "above_cap_attempt", need, quote, cap, schedule_id=need.schedule_id)
    return False


def _amount(quote: Quote) -> Money:
    return quote.amount if quote.amount is not None else Money(0)


def _compare_with_posted(work: Work, need: Need, quote: Quote) -> None:
    """Open a case where an agency quotes above what it had posted when the quote came in."""
    posted = fees.posted_price(work.session, quote.agency_id, need.item_code, quote.received_at)
    allowed = fees.posted_amount(posted, need.benchmark_base) if posted is not None else None
    if posted is not None and allowed is not None and _amount(quote) > allowed:
        _open_case(work, "above_posted", need, quote, allowed, posted_price_id=posted.id)


def _ask_about_low(work: Work, need: Need, valid: Sequence[Quote]) -> None:
    """Ask for an explanation before the award where a price is abnormally low; the quote stays valid."""
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


def _end_opening(work: Work, need: Need, quotes: Sequence[Quote], valid: int) -> None:
    """Go on to selection, or fail with the reason; the notice then offers the next step."""
    failure = rules.why_failed(len(quotes), valid, int(need.rules.get("min-valid-quotes") or 1))
    if not failure:
        work.move(NEED, NEEDS, need, "open_quotes", valid=valid)
        messages.tell(work, need.org_id, "quotes-opened", f"/needs/{need.id}/selection", is_todo=True, need=need.title)
        return
    need.failed_reason = failure
    work.move(NEED, NEEDS, need, "fail", reason=failure)
    messages.tell(work, need.org_id, "need-failed", f"/needs/{need.id}", is_todo=True, need=need.title)
    for quote in quotes:
        if quote.state is QuoteState.OPENED:
            messages.tell(work, quote.org_id, "bidder-need-failed", f"/needs/{need.id}", need=need.title)
