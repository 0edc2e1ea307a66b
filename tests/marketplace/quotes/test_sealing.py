"""Quotes sealed: nowhere to be read before the opening, by nobody, and a seal that was tampered with opens nothing."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import IntegrityError

from admin.oversight import queries as oversight
from core.access import Actor
from core.errors import Forbidden
from core.money import Money
from core.outbox import OutboxEvent
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes import queries, service
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from tests.marketplace.quotes.quoting import close, everything, offer, quote_now, submit
from tests.marketplace.selection.world import Market

CANARY = 76_543_21
WORDS = "只有开启以后才读得到的方案原文"


def test_a_price_is_nowhere_to_be_read_before_the_opening(market: Market, engine: Engine) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    submit(market, actor, need_id, offer(None, amount=Money(CANARY), plan=WORDS))
    submit(market, actor, need_id, offer(None, amount=Money(CANARY + 1), plan=WORDS))
    stored = everything(engine)
    for hidden in (str(CANARY), str(CANARY + 1), "76543.21", "76,543.21", WORDS):
        assert hidden not in stored
    close(market, need_id)
    stored = everything(engine)
    assert str(CANARY + 1) in stored
    assert WORDS in stored
    assert str(CANARY) not in stored.replace(str(CANARY + 1), "")


def test_no_leaf_and_no_event_of_a_sealed_quote_names_its_need(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    first = submit(market, actor, need_id, offer(100))
    second = submit(market, actor, need_id, offer(90))
    with market.works.writing(actor) as work:
        service.withdraw(work, second.id)
    with market.works.reading() as work:
        facts = work.session.scalars(text("SELECT facts FROM audit_leaf WHERE kind = 'quote'")).all()
        events = work.session.scalars(select(OutboxEvent.facts).where(OutboxEvent.name.startswith("quote."))).all()
    assert len(facts) == 4, (first.id, second.id)
    assert "need" not in str(facts) + str(events)


def test_the_record_shows_no_leaf_of_a_quote_before_the_opening(market: Market) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)

    def shown() -> list[str]:
        with market.works.reading() as work:
            asked = oversight.LeafFilter(kind="quote")
            return [leaf.verb for leaf in oversight.leaves(work.session, asked, after=None, limit=50).items]

    assert shown() == []
    close(market, need_id)
    assert shown() == ["quote.open", "quote.submitted"]


def test_a_receipt_names_code_hash_and_time(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    quote = submit(market, actor, need_id, offer())
    assert len(quote.receipt_code) == 12
    assert len(quote.commitment) == 64
    assert quote.received_at == market.clock.now()
    assert (quote.amount, quote.days, quote.plan, quote.salt) == (None, None, None, None)


def test_the_bidder_itself_reads_nothing_before_and_recomputes_the_hash_after(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    quote = submit(market, actor, need_id, offer(123))
    with market.works.reading(actor) as work, pytest.raises(Forbidden):
        service.read_own(work, quote.id)
    close(market, need_id)
    with market.works.reading(actor) as work:
        body = service.read_own(work, quote.id)
    assert hashlib.sha256(b"quote-v1" + body.encode()).hexdigest() == quote.commitment
    assert json.loads(body)["amount_fen"] == 12300


def test_the_database_refuses_a_price_on_a_sealed_quote(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    quote = submit(market, actor, need_id, offer())
    with market.works.reading() as work, pytest.raises(IntegrityError):
        work.session.execute(update(Quote).where(Quote.id == quote.id).values(amount=Money(1)))


def test_a_changed_seal_is_found_invalid_and_stops_nobody_else(market: Market) -> None:
    need_id = market.publish()
    broken, whole = market.quote(need_id, 0, 100), market.quote(need_id, 1, 200)
    with market.works.system() as work:
        row = work.session.get_one(Quote, broken)
        row.sealed = bytes(row.sealed[:-1]) + bytes([row.sealed[-1] ^ 1])
        work.record(row, "test.broken")
    assert close(market, need_id).state is NeedState.SELECTING
    assert quote_now(market, broken).invalid_reason == "seal-broken"
    assert quote_now(market, broken).amount is None
    assert quote_now(market, whole).state is QuoteState.OPENED


def test_a_seal_does_not_open_under_another_need(market: Market) -> None:
    first, second = market.publish(), market.publish()
    stolen, moved = market.quote(first, 0, 100), market.quote(second, 0, 300)
    with market.works.system() as work:
        one, other = work.session.get_one(Quote, stolen), work.session.get_one(Quote, moved)
        other.sealed, other.commitment = one.sealed, one.commitment
        work.record(other, "test.moved")
    close(market, second)
    assert quote_now(market, moved).invalid_reason == "seal-broken"


def readable(market: Market, actor: Actor, need_id: int) -> int:
    with market.works.reading(actor) as work:
        return len(queries.opened_quotes(work.session, actor, need_id))


def test_who_sees_quotes_when(market: Market) -> None:
    need_id = market.publish()
    ids = [market.quote(need_id, place, price) for place, price in enumerate((100, 200))]
    agents, stranger = [actor for actor, _id in market.agents], market.agency()[0]
    everybody = [
        market.owner,
        *agents,
        stranger,
        market.world.city,
        market.world.town,
        market.world.other_town,
        Actor(),
    ]
    assert [readable(market, one, need_id) for one in everybody] == [0] * len(everybody)
    market.close(need_id)
    assert [readable(market, one, need_id) for one in everybody] == [2, 1, 1, 0, 2, 2, 0, 0]
    market.award(need_id, ids[0])
    assert [readable(market, one, need_id) for one in everybody] == [2] * len(everybody)
