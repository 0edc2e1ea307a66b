"""What a test of quotes does all the time: make an offer, send it, close the notice, read a quote."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, inspect, text

from core.access import Actor
from core.money import Money
from marketplace.needs.models import Need
from marketplace.quotes import service
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.models import Quote
from tests.marketplace.selection.world import Market


def offer(yuan: int | None = 100, **changes: Any) -> SubmitQuote:
    """Make a quote's command."""
    usual: dict[str, Any] = {"amount": None if yuan is None else Money.from_yuan(yuan), "days": 15, "plan": "按期完成"}
    return SubmitQuote(**{**usual, **changes})


def submit(market: Market, actor: Actor, need_id: int, command: SubmitQuote, **options: Any) -> Quote:
    """Hand a quote in."""
    with market.works.writing(actor) as work:
        return service.submit(work, need_id, command, **options)


def quote_now(market: Market, quote_id: int) -> Quote:
    """Read a quote as it is now."""
    with market.works.reading() as work:
        return work.session.get_one(Quote, quote_id)


def close(market: Market, need_id: int) -> Need:
    """Let the deadline pass and open the quotes; the selection that follows is none of this room's business."""
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    service.open_if_due(market.works, need_id)
    return market.need(need_id)


def everything(engine: Engine) -> str:
    """Return every value of every table as one text, bytes as they stand."""
    found = []
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - the database's own names
                found += [
                    bytes(one).decode("latin-1") if isinstance(one, bytes | memoryview) else str(one) for one in row
                ]
    return "\n".join(found)
