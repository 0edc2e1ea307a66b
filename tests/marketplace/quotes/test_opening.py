"""Quotes opened: once, at the deadline, whoever comes first; too few fail; what is out of line is flagged."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from agencies.fees import service as fees
from agencies.fees.commands import PostPrice, PriceBasis
from agencies.fees.models import FeeCase
from agencies.registration.lifecycle import RegistrationState
from agencies.registration.models import Agency
from core import deadlines
from core.errors import Invalid
from core.money import Money
from core.work import Work
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes import service
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.rules import QuoteLine
from tests.marketplace.quotes.quoting import close, offer, quote_now, submit
from tests.marketplace.selection.world import ITEM, Market


def test_a_discount_becomes_an_amount_when_opened(market: Market) -> None:
    inputs = {"service": "proposal", "investment_wan": 3200, "industry": "building"}
    need_id = market.publish(quoting="discount", fee_inputs=inputs)
    base = market.need(need_id).benchmark_base
    assert base is not None
    actor, _agency_id = market.agency()
    with pytest.raises(Invalid, match="discount-required"):
        submit(market, actor, need_id, offer(100))
    quote = submit(market, actor, need_id, offer(None, discount_rate=Decimal("0.2")))
    close(market, need_id)
    assert quote_now(market, quote.id).amount == base.times(Decimal("0.8"))


def test_nothing_opens_before_the_deadline(market: Market) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at - timedelta(microseconds=1)
    assert not service.open_if_due(market.works, need_id)
    with market.works.system() as work:
        service.open_quotes(work, need_id)
    assert market.need(need_id).state is NeedState.OPEN


def test_opening_twice_is_opening_once(market: Market) -> None:
    need_id = market.publish()
    quote_id = market.quote(need_id, 0, 100)
    close(market, need_id)
    opened_at = quote_now(market, quote_id).opened_at
    market.clock.advance(timedelta(hours=1))
    assert not service.open_if_due(market.works, need_id)
    with market.works.system() as work:
        service.open_quotes(work, need_id)
    assert quote_now(market, quote_id).opened_at == opened_at


def test_the_worker_opens_what_nobody_reads(market: Market) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    done = deadlines.run_due(market.works, {"need.close": service.open_quotes, "registration.review": _nothing})
    assert done >= 1
    assert market.need(need_id).state is NeedState.SELECTING


def _nothing(_work: Work, _object_id: int) -> None:
    """Leave the other room's deadlines alone."""


def test_a_need_without_quotes_fails(market: Market) -> None:
    need = close(market, market.publish())
    assert (need.state, need.failed_reason) == (NeedState.FAILED, "no-quotes")
    assert market.told(market.owner.org_id)[-1] == "need-failed"


def test_one_quote_is_enough_for_social_money(market: Market) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)
    assert close(market, need_id).state is NeedState.SELECTING
    assert "quotes-opened" in market.told(market.owner.org_id)


def test_one_quote_is_too_few_for_fiscal_money(market: Market) -> None:
    need_id = market.publish(fund="fiscal", ceiling=Money.from_yuan(400))
    market.quote(need_id, 0, 100)
    need = close(market, need_id)
    assert (need.state, need.failed_reason) == (NeedState.FAILED, "one-quote")
    for actor, _agency_id in market.agents:
        assert "bidder-need-failed" in market.told(actor.org_id)


def test_an_agency_suspended_meanwhile_does_not_count(market: Market) -> None:
    need_id = market.publish()
    quote_id = market.quote(need_id, 0, 100)
    with market.works.system() as work:
        agency = work.session.get_one(Agency, market.agents[0][1])
        agency.state = RegistrationState.SUSPENDED
        work.record(agency, "test.suspended")
    need = close(market, need_id)
    quote = quote_now(market, quote_id)
    assert (quote.state, quote.invalid_reason) == (QuoteState.INVALID, "not-eligible")
    assert (need.state, need.failed_reason) == (NeedState.FAILED, "none-valid")
    assert "quote-invalid-not-eligible" in market.told(market.agents[0][0].org_id)


def test_a_price_far_below_the_others_is_flagged_and_counts(market: Market) -> None:
    need_id = market.publish()
    ids = [market.quote(need_id, place, price) for place, price in enumerate((30, 100, 110))]
    assert close(market, need_id).state is NeedState.SELECTING
    assert [quote_now(market, one).flags for one in ids] == ["low-mean-ratio", "", ""]


def test_quoting_above_the_own_posted_price_opens_a_case_at_the_opening(market: Market) -> None:
    actor, agency_id = market.agency()
    with market.works.writing(actor) as work:
        command = PostPrice(item_code=ITEM, basis=PriceBasis.FIXED, amount=Money.from_yuan(90), included="报告一份")
        fees.post_price(work, agency_id, command)
    need_id = market.publish()
    market.clock.advance(timedelta(minutes=1))
    submit(market, actor, need_id, offer(100))
    with market.works.reading() as work:
        assert work.session.scalars(select(FeeCase)).all() == []
    close(market, need_id)
    with market.works.reading() as work:
        case = work.session.scalars(select(FeeCase)).one()
    assert (str(case.kind), case.found, case.compared) == ("above_posted", Money.from_yuan(100), Money.from_yuan(90))


def test_a_line_above_the_own_posted_unit_price_opens_a_case_too(market: Market) -> None:
    actor, agency_id = market.agency()
    with market.works.writing(actor) as work:
        command = PostPrice(
            item_code=ITEM, basis=PriceBasis.UNIT, amount=Money.from_yuan(80), unit_name="点", included="检测与报告"
        )
        fees.post_price(work, agency_id, command)
    need_id = market.publish()
    market.clock.advance(timedelta(minutes=1))
    lines = (
        QuoteLine("压实度", "元/点", Decimal("2.5"), Money.from_yuan(100)),
        QuoteLine("弯沉", "点", Decimal(4), Money.from_yuan(15)),
        QuoteLine("进场费", "次", Decimal(1), Money.from_yuan(500)),
    )
    submit(market, actor, need_id, SubmitQuote(None, None, 15, "按期完成", lines=lines))
    close(market, need_id)
    with market.works.reading() as work:
        case = work.session.scalars(select(FeeCase)).one()
    assert (str(case.kind), case.found, case.compared) == ("above_posted", Money.from_yuan(810), Money.from_yuan(760))
