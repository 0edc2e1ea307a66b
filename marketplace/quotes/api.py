"""The JSON face of quotes: the same use cases as the pages. A sealed quote answers with its receipt only."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from accounts.gate import may, public, reading, works, writing
from accounts.listing import next_page
from marketplace.needs import queries as needs
from marketplace.quotes import explaining, queries, service
from marketplace.quotes.commands import Decide, Explain, SubmitQuote
from marketplace.quotes.loaders import explanation_of, need_of, own_quote_of, received_at
from marketplace.quotes.models import Explanation, Quote
from marketplace.quotes.schemas import (
    DecideSchema,
    ExplainSchema,
    ExplanationSchema,
    OwnQuotesArgs,
    OwnQuotesSchema,
    QuoteListSchema,
    QuoteReceiptSchema,
    SubmitQuoteSchema,
)

api = Blueprint("quotes-api", __name__, url_prefix="/api/v1", description="Sealed quotes, their receipts, the opening")


@api.post("/needs/<int:need_id>/quotes")
@may("quote:offer", subject=need_of)
@api.arguments(SubmitQuoteSchema)
@api.response(201, QuoteReceiptSchema)
def submit_quote(command: SubmitQuote, need_id: int) -> Quote:
    """Seal a quote; an earlier one of the same agency is replaced."""
    moment = received_at()
    with writing() as work:
        return service.submit(work, need_id, command, moment)


@api.get("/needs/<int:need_id>/quotes")
@public
@api.response(200, QuoteListSchema)
def list_quotes(need_id: int) -> dict[str, Any]:
    """List the opened quotes the caller may read; before the opening the list is empty for everybody."""
    service.open_if_due(works(), need_id)
    with reading() as work:
        need = needs.need_by_id(work, need_id)
        return {
            "items": queries.opened_quotes(work.session, work.actor, need.id),
            "versions": queries.earlier_versions(work.session, work.actor, need.id),
            "next": None,
        }


@api.get("/needs/<int:need_id>/quotes/own")
@may("quote:receipt", subject=own_quote_of)
@api.response(200, QuoteReceiptSchema)
def own_receipt(need_id: int) -> Quote:
    """Return the receipt of the caller's own quote; its price only after the opening."""
    service.open_if_due(works(), need_id)
    with reading() as work:
        return own_quote_of(work, need_id)


@api.delete("/needs/<int:need_id>/quotes/own")
@may("quote:receipt", subject=own_quote_of)
@api.response(200, QuoteReceiptSchema)
def withdraw_quote(need_id: int) -> Quote:
    """Take the caller's sealed quote back before the deadline."""
    moment = received_at()
    with writing() as work:
        return service.withdraw(work, own_quote_of(work, need_id).id, moment)


@api.post("/needs/<int:need_id>/quotes/own/confirm")
@may("quote:receipt", subject=own_quote_of)
@api.response(200, QuoteReceiptSchema)
def confirm_quote(need_id: int) -> Quote:
    """Let the caller's sealed quote stand for the notice as amended."""
    moment = received_at()
    with writing() as work:
        return service.confirm(work, need_id, moment)


@api.get("/explanations/<int:explanation_id>")
@may("explanation:read", subject=explanation_of)
@api.response(200, ExplanationSchema)
def show_explanation(explanation_id: int) -> Explanation:
    """Show the explanation of a low price."""
    explaining.catch_up(works(), explanation_id)
    with reading() as work:
        return explaining.explanation_by_id(work, explanation_id)


@api.post("/explanations/<int:explanation_id>/answer")
@may("explanation:answer", subject=explanation_of)
@api.arguments(ExplainSchema)
@api.response(200, ExplanationSchema)
def answer_explanation(command: Explain, explanation_id: int) -> Explanation:
    """Explain a low price."""
    with writing() as work:
        return explaining.answer(work, explanation_id, command)


@api.post("/explanations/<int:explanation_id>/decision")
@may("explanation:decide", subject=explanation_of)
@api.arguments(DecideSchema)
@api.response(200, ExplanationSchema)
def decide_explanation(command: Decide, explanation_id: int) -> Explanation:
    """Say whether the explanation convinces."""
    with writing() as work:
        return explaining.decide(work, explanation_id, command)


@api.get("/quotes")
@may("quote:see-own")
@api.arguments(OwnQuotesArgs, location="query")
@api.response(200, OwnQuotesSchema)
def list_own(args: dict[str, Any]) -> dict[str, Any]:
    """List the caller's own quotes as receipts, newest first."""
    with reading() as work:
        page = queries.own_quotes(work.session, work.actor.org_id, after=args["after"], limit=args["limit"])
    return {"items": [quote for quote, _need in page.items], "next": next_page(page.after)}
