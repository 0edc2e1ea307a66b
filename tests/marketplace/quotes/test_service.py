"""Quotes handed in through the services on a real database: replaced, withdrawn, late, refused."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import Conflict, DomainError, Invalid, NotFound
from core.money import Money
from marketplace.needs import service as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.quotes import queries, service
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.quotes.refusals import INVALID, MESSAGES
from tests.marketplace.quotes.quoting import close, offer, quote_now, submit
from tests.marketplace.selection.world import Market
from web import errors as web_errors
from web import rooms


def test_a_new_quote_replaces_the_former_and_only_one_lives(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    first, second = submit(market, actor, need_id, offer(100)), submit(market, actor, need_id, offer(90))
    assert quote_now(market, first.id).state is QuoteState.REPLACED
    close(market, need_id)
    assert quote_now(market, first.id).amount is None
    assert quote_now(market, second.id).amount == Money.from_yuan(90)


def test_the_database_refuses_a_second_live_quote(market: Market) -> None:
    need_id = market.publish()
    actor, agency_id = market.agency()
    submit(market, actor, need_id, offer())
    twin = Quote(
        need_id=need_id, agency_id=agency_id, org_id=actor.org_id, state=QuoteState.SEALED, sealed=b"x",
        commitment="0" * 64, receipt_code="TWIN", received_at=market.clock.now(),
    )  # fmt: skip
    with pytest.raises(Conflict, match="constraint"), market.works.system() as work:
        work.add(twin, "test.twin")


def test_a_withdrawn_quote_is_not_opened_and_another_may_follow(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    quote = submit(market, actor, need_id, offer(100))
    with market.works.writing(actor) as work:
        service.withdraw(work, quote.id)
    again = submit(market, actor, need_id, offer(80))
    close(market, need_id)
    assert quote_now(market, quote.id).state is QuoteState.WITHDRAWN
    assert quote_now(market, again.id).state is QuoteState.OPENED


def test_a_late_quote_is_refused(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    with pytest.raises(Conflict, match="late-quote") as refusal:
        submit(market, actor, need_id, offer())
    assert refusal.value.facts["closes_at"] == closes_at
    assert refusal.value.facts["received_at"] == closes_at


def test_a_late_quote_leaves_the_former_standing_and_says_so(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    former = submit(market, actor, need_id, offer(100))
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at + timedelta(seconds=3)
    with pytest.raises(Conflict, match="late-quote-standing") as refusal:
        submit(market, actor, need_id, offer(90))
    assert refusal.value.facts["standing"] == former.received_at
    close(market, need_id)
    assert quote_now(market, former.id).amount == Money.from_yuan(100)


def test_the_moment_a_request_came_in_decides_and_not_how_long_it_took(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at + timedelta(seconds=1)
    before = closes_at - timedelta(seconds=1)
    assert submit(market, actor, need_id, offer(), received_at=before).received_at == before


def test_a_quote_that_came_in_time_is_refused_once_the_others_are_open(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    market.quote(need_id, 1, 100)
    need = close(market, need_id)
    assert need.closes_at is not None
    with pytest.raises(Conflict, match="quotes-open-already"):
        submit(market, actor, need_id, offer(), received_at=need.closes_at - timedelta(seconds=1))


def test_a_withdrawal_after_closing_is_late(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    quote = submit(market, actor, need_id, offer())
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    with pytest.raises(Conflict, match="late-quote"), market.works.writing(actor) as work:
        service.withdraw(work, quote.id)


def test_nobody_withdraws_the_quote_of_another(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    other, _other_id = market.agency()
    quote = submit(market, actor, need_id, offer())
    for stranger in (other, market.owner, market.world.city):
        with pytest.raises(NotFound), market.works.writing(stranger) as work:
            service.withdraw(work, quote.id)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": None}, "amount-required"),
        ({"days": 0}, "days-required"),
        ({"commitment_given": False}, "commitment-required"),
        ({"amount": Money.from_yuan(201)}, "above-ceiling"),
    ],
)
def test_a_quote_says_which_field_must_change(market: Market, changes: dict[str, Any], code: str) -> None:
    need_id = market.publish(ceiling=Money.from_yuan(200))
    actor, _agency_id = market.agency()
    with pytest.raises(Invalid, match=code) as refusal:
        submit(market, actor, need_id, offer(**changes))
    assert refusal.value.facts["field"] in {"amount", "days", "commitment_given"}
    with market.works.reading() as work:
        assert queries.own_quote(work.session, actor.org_id, need_id) is None


def test_a_price_at_the_ceiling_is_taken(market: Market) -> None:
    need_id = market.publish(ceiling=Money.from_yuan(200))
    actor, _agency_id = market.agency()
    submit(market, actor, need_id, offer(200))
    assert close(market, need_id).state is NeedState.SELECTING


def test_an_agency_declared_out_may_not_quote(market: Market) -> None:
    actor, agency_id = market.agency()
    need_id = market.publish(avoid=((agency_id, "与业主有控股关系"),))
    with pytest.raises(Conflict, match="agency-avoided"):
        submit(market, actor, need_id, offer())


def test_an_agency_that_is_not_listed_may_not_quote(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.world.submitted()
    with pytest.raises(Conflict, match="not-eligible") as refusal:
        submit(market, actor, need_id, offer())
    assert "agency-not-listed" in refusal.value.facts["missing"]


def test_a_withdrawn_need_takes_no_quotes_and_opens_none(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    quote = submit(market, actor, need_id, offer())
    with market.works.writing(market.owner) as work:
        needs.withdraw(work, need_id, "项目取消")
    with pytest.raises(Conflict, match="need-takes-no-quotes"):
        submit(market, actor, need_id, offer())
    assert close(market, need_id).state is NeedState.WITHDRAWN
    assert quote_now(market, quote.id).state is QuoteState.SEALED


def test_who_quoted_hears_of_answers_alone(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    asker, _asker_id = market.agency()
    submit(market, actor, need_id, offer())
    with market.works.writing(asker) as work:
        question = needs.ask(work, need_id, "图纸是否齐全？")
    with market.works.writing(market.owner) as work:
        needs.answer(work, question.id, "齐全，见附件。")
    for _ in range(2):
        with market.works.system() as work:
            service.tell_bidders(work, {"id": need_id, "question_id": question.id})
    assert market.told(actor.org_id).count("bidder-answer") == 1
    assert "bidder-answer" not in market.told(asker.org_id)


def test_every_refusal_has_a_sentence() -> None:
    code = Path(service.__file__).read_text(encoding="utf-8")
    raised = set(re.findall(r'(?:NotFound|Conflict|Invalid)\(\s*"([a-z-]+)"', code))
    known = {**web_errors.SENTENCES, **rooms.sentences()}
    assert raised
    assert raised <= set(known)
    assert {f"quote-invalid-{reason}" for reason in INVALID} <= set(MESSAGES)


def test_a_refused_quote_is_a_refusal_of_the_domain(market: Market) -> None:
    actor, _agency_id = market.agency()
    with pytest.raises(DomainError, match="need-not-found"):
        submit(market, actor, 4711, offer())
