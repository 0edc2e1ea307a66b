"""Use cases of quotes: submit sealed, replace, confirm after an amendment, withdraw. ``opening`` does the rest.

Before opening nothing here tells a price or how many quotes there are: a leaf or event of a sealed quote names neither
the need nor the price.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from accounts import messages
from agencies.registration import queries as registration
from agencies.registration.models import Agency
from core import files
from core.clock import beijing_day
from core.errors import Conflict, Invalid, NotFound
from core.money import Money
from core.work import Work, facts_of
from marketplace.needs import queries as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.methods import fixed_price
from marketplace.needs.models import Need
from marketplace.needs.service import locked
from marketplace.quotes import queries, rules, sealing
from marketplace.quotes.commands import Attachment, SubmitQuote
from marketplace.quotes.eligibility import Said
from marketplace.quotes.lifecycle import QUOTE, QuoteState
from marketplace.quotes.models import Quote, QuoteFile
from marketplace.quotes.opening import binding_cap, open_if_due, open_quotes
from marketplace.quotes.permissions import POLICY

__all__ = [
    "confirm",
    "open_if_due",
    "open_quotes",
    "put_down",
    "read_own",
    "receipt",
    "submit",
    "tell_amended",
    "tell_bidders",
    "withdraw",
]

MOST_FILES: Final = 5
MOST_FILE_BYTES: Final = 10 * 1024 * 1024
CODE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH: Final = 12


def submit(work: Work, need_id: int, command: SubmitQuote, received_at: datetime | None = None) -> Quote:
    """Seal a quote; an earlier one of the same agency is replaced. ``received_at`` is when the request had arrived.

    Nothing of the price leaves the seal: not in a column, a leaf, an event or a log.
    Raises NotFound, Forbidden, Conflict("late-quote") naming both times, Invalid for a price, days or the commitment
    missing, a price above the ceiling or a binding cap, unit prices that do not come to the amount, an attachment
    refused; Conflict("not-eligible") with what is missing, Conflict("agency-avoided").
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
    command = _judge_price(work, need, command, needs.ceiling_for(work.session, need, agency.id))
    _judge_files(command.files)
    if former is not None:
        work.move(QUOTE, POLICY, former, "replace")
        work.session.flush()
    sealed, commitment = sealing.sealed(need.id, agency.id, command, secrets.token_hex(32))
    quote = Quote(
        need_id=need.id, agency_id=agency.id, org_id=agency.org_id, state=QuoteState.SEALED, sealed=sealed,
        commitment=commitment, receipt_code=_code(), received_at=moment, knows_amendment=need.binding_amendment,
    )  # fmt: skip
    work.add(quote, "quote.submitted", commitment=commitment)
    for number, one in enumerate(command.files, 1):
        work.session.add(QuoteFile(quote_id=quote.id, number=number, sealed=sealing.sealed_file(quote, one.content)))
    messages.settle(work, quote.org_id, f"/needs/{need.id}/quote/receipt")
    return quote


def put_down(work: Work, need: Need, agency: Agency, command: SubmitQuote) -> Quote:
    """Put down what an agency is already bound to, such as its framework price, as its quote for a call-off.

    It is sealed like any other; ``opening.open_at_once`` opens it in the same unit of work. Raises Conflict where the
    agency may not quote.
    """
    _judge_agency(work, need, agency)
    sealed, commitment = sealing.sealed(need.id, agency.id, command, secrets.token_hex(32))
    quote = Quote(
        need_id=need.id, agency_id=agency.id, org_id=agency.org_id, state=QuoteState.SEALED, sealed=sealed,
        commitment=commitment, receipt_code=_code(), received_at=work.clock.now(),
        knows_amendment=need.binding_amendment,
    )  # fmt: skip
    work.add(quote, "quote.put_down", commitment=commitment)
    return quote


def withdraw(work: Work, quote_id: int, received_at: datetime | None = None) -> Quote:
    """Take a sealed quote back before the deadline. Raises NotFound, Forbidden, Conflict("late-quote")."""
    quote = queries.quote_by_id(work, quote_id)
    need = locked(work, quote.need_id)
    _judge_time(need, received_at or work.clock.now(), quote)
    work.move(QUOTE, POLICY, quote, "withdraw")
    return quote


def confirm(work: Work, need_id: int, received_at: datetime | None = None) -> Quote:
    """Let the sealed quote stand for the notice as it was last amended, without opening it.

    Raises NotFound, Forbidden, Conflict("late-quote"), Conflict("nothing-to-confirm"), Conflict("not-eligible"), and
    Conflict("above-amended-ceiling") where the sealed price passes the new ceiling and must be replaced.
    """
    need = locked(work, need_id)
    moment = received_at or work.clock.now()
    quote = queries.own_quote(work.session, work.actor.org_id, need_id)
    if quote is None:
        raise NotFound("no-own-quote", need_id=need_id)
    _judge_time(need, moment, quote)
    work.require(POLICY, "quote:confirm", quote)
    if quote.knows_amendment >= need.binding_amendment:
        raise Conflict("nothing-to-confirm", need_id=need_id)
    _judge_agency(work, need, work.session.get_one(Agency, quote.agency_id))
    content = sealing.content_of(need, quote)
    if content is None or content.amount is None:
        raise Conflict("seal-broken", receipt=quote.receipt_code)
    ceiling = needs.ceiling_for(work.session, need, quote.agency_id)
    if rules.fault(content.amount, ceiling, binding_cap(work, need)):
        raise Conflict("above-amended-ceiling", ceiling=ceiling)
    quote.knows_amendment, quote.confirmed_at = need.binding_amendment, moment
    work.record(quote, "quote.confirmed")
    messages.settle(work, quote.org_id, f"/needs/{need.id}/quote/receipt")
    return quote


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
    body = sealing.unsealed(quote)
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


def tell_amended(work: Work, facts: Mapping[str, Any]) -> None:
    """Tell those who quoted before a material amendment what stands and what to do; may run twice.

    Handles ``need.amended``. Each is told alone.
    """
    need = work.session.get_one(Need, facts_of(facts))
    if need.state is not NeedState.OPEN or not facts.get("is_material"):
        return
    sealed = select(Quote.org_id).where(
        Quote.need_id == need.id, Quote.state == QuoteState.SEALED, Quote.knows_amendment < need.binding_amendment
    )
    for org_id in work.session.scalars(sealed):
        messages.tell(
            work, org_id, "bidder-amended", f"/needs/{need.id}/quote/receipt", due_at=need.closes_at,
            unique_key=f"bidder-amended:{need.id}:{need.binding_amendment}:{org_id}", need=need.title,
        )  # fmt: skip


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
    if needs.is_shut_out(work.session, need.id, agency.id):
        raise Conflict("not-admitted", agency_id=agency.id)
    if agency.id in needs.avoided(work.session, need.id):
        raise Conflict("agency-avoided", agency_id=agency.id)
    verdict = registration.eligible(work.session, agency.id, need.item_code, beijing_day(work.clock.now()))
    if not verdict.ok:
        raise Conflict("not-eligible", missing=list(verdict.missing), what=Said(verdict.details))


def _judge_price(work: Work, need: Need, command: SubmitQuote, ceiling: Money | None) -> SubmitQuote:
    """Judge a price in memory only, added up where it came by unit prices; what is refused here is never stored.

    ceiling: the most this agency may quote.
    """
    if not command.commitment_given:
        raise Invalid("commitment-required", field="commitment_given")
    command = _added_up(need, command)
    if command.amount is None and need.quoting == "amount":
        raise Invalid("amount-required", field="amount")
    if command.discount_rate is None and need.quoting == "discount":
        raise Invalid("discount-required", field="discount_rate")
    if command.days <= 0:
        raise Invalid("days-required", field="days")
    amount = rules.price(command.amount, command.discount_rate, need.benchmark_base)
    if amount is None:
        raise Invalid("benchmark-missing", field="discount_rate")
    cap = binding_cap(work, need)
    fixed = fixed_price(need.method, need.ceiling)
    found = "price-is-fixed" if fixed is not None and amount != fixed else rules.fault(amount, ceiling, cap)
    if found:
        field = "amount" if need.quoting == "amount" else "discount_rate"
        raise Invalid(found, field=field, amount=amount, ceiling=ceiling, cap=cap)
    return command


def _added_up(need: Need, command: SubmitQuote) -> SubmitQuote:
    """Return the command with its amount added up from unit prices. Raises Invalid where both were given and differ."""
    if not command.lines:
        return command
    if need.quoting != "amount":
        raise Invalid("lines-with-discount", field="lines")
    total = rules.total_of(command.lines)
    if command.amount is not None and command.amount != total:
        raise Invalid("lines-total-differs", field="amount", amount=command.amount, total=total)
    return replace(command, amount=total)


def _judge_files(given: Sequence[Attachment]) -> None:
    """Refuse too many attachments, and one that is not what its name says. Raises Invalid."""
    if len(given) > MOST_FILES:
        raise Invalid("too-many-files", field="files", most=MOST_FILES)
    for one in given:
        files.inspect(one.content, one.name, field="files", most=MOST_FILE_BYTES)


def _code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
