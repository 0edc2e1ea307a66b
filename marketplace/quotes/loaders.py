"""What both faces of quotes load for their gates, and when a request came in."""

from __future__ import annotations

from datetime import datetime

from flask import g

from accounts.gate import works
from core.errors import NotFound
from core.work import Work
from marketplace.needs import queries as needs
from marketplace.needs.models import Need
from marketplace.quotes import explaining, queries
from marketplace.quotes.models import Explanation, Quote


def need_of(work: Work, need_id: int) -> Need:
    """Load the need of an address for its gate. Raises NotFound."""
    return needs.need_by_id(work, need_id)


def own_quote_of(work: Work, need_id: int) -> Quote:
    """Load the reader's own live quote for a need. Raises NotFound."""
    quote = queries.own_quote(work.session, work.actor.org_id, need_of(work, need_id).id)
    if quote is None:
        raise NotFound("no-own-quote", need_id=need_id)
    return quote


def explanation_of(work: Work, explanation_id: int) -> Explanation:
    """Load an explanation for its gate. Raises NotFound."""
    return explaining.explanation_by_id(work, explanation_id)


def received_at() -> datetime:
    """Return when the server began to take in this request, by which a deadline is judged."""
    moment: datetime = getattr(g, "received_at", None) or works().clock.now()
    return moment
