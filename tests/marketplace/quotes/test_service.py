"""Quotes through the services on a real database: sealed, replaced, late, opened, failed, flagged."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from accounts.models import Message
from admin.oversight import queries as oversight
from agencies.fees import service as fees
from agencies.fees.commands import PostPrice, PriceBasis
from agencies.fees.models import FeeCase
from agencies.registration.lifecycle import RegistrationState
from agencies.registration.models import Agency
from core import deadlines
from core.access import Actor
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.money import Money
from core.outbox import OutboxEvent
from core.work import Work
from marketplace.needs import service as needs
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.quotes import queries, service
from marketplace.quotes.commands import SubmitQuote
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.quotes.refusals import INVALID, MESSAGES
from marketplace.quotes.rules import QuoteLine
from tests.marketplace.selection.world import ITEM, Market
from web import errors as web_errors
from web import rooms

CANARY = 76_543_21
WORDS = "只有开启以后才读得到的方案原文"


def offer(yuan: int | None = 100, **changes: Any) -> SubmitQuote:
    """Make a quote's command."""
    usual: dict[str, Any] = {"amount": None if yuan is None else Money.from_yuan(yuan), "days": 15, "plan": "按期完成"}
    return SubmitQuote(**{**usual, **changes})


def submit(market: Market, actor: Actor, need_id: int, command: SubmitQuote, **options: Any) -> Quote:
    with market.works.writing(actor) as work:
        return service.submit(work, need_id, command, **options)


def need_now(market: Market, need_id: int) -> Need:
    with market.works.reading() as work:
        return work.session.get_one(Need, need_id)


def quote_now(market: Market, quote_id: int) -> Quote:
    with market.works.reading() as work:
        return work.session.get_one(Quote, quote_id)


def close(market: Market, need_id: int) -> Need:
    """Let the deadline pass and open the quotes; the selection that follows is none of this room's business."""
    closes_at = need_now(market, need_id).closes_at
    assert closes_at is not None
    market.clock.instant = closes_at
    service.open_if_due(market.works, need_id)
    return need_now(market, need_id)


def told(market: Market, org_id: int | None) -> list[str]:
    with market.works.reading() as work:
        return list(work.session.scalars(select(Message.code).where(Message.org_id == org_id).order_by(Message.id)))


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


def test_the_database_refuses_a_price_on_a_sealed_quote(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    quote = submit(market, actor, need_id, offer())
    with market.works.reading() as work, pytest.raises(IntegrityError):
        work.session.execute(update(Quote).where(Quote.id == quote.id).values(amount=Money(1)))


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
    closes_at = need_now(market, need_id).closes_at
    assert closes_at is not None
    market.clock.instant = closes_at
    with pytest.raises(Conflict, match="late-quote") as refusal:
        submit(market, actor, need_id, offer())
    assert refusal.value.facts["closes_at"] == closes_at
    assert refusal.value.facts["received_at"] == closes_at


def test_a_late_quote_leaves_the_former_standing_and_says_so(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    former = submit(market, actor, need_id, offer(100))
    closes_at = need_now(market, need_id).closes_at
    assert closes_at is not None
    market.clock.instant = closes_at + timedelta(seconds=3)
    with pytest.raises(Conflict, match="late-quote-standing") as refusal:
        submit(market, actor, need_id, offer(90))
    assert refusal.value.facts["standing"] == former.received_at
    close(market, need_id)
    assert quote_now(market, former.id).amount == Money.from_yuan(100)


def test_the_moment_a_request_came_in_decides_and_not_how_long_it_took(market: Market) -> None:
    need_id = market.publish()
    actor, _agency_id = market.agency()
    closes_at = need_now(market, need_id).closes_at
    assert closes_at is not None
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
    closes_at = need_now(market, need_id).closes_at
    assert closes_at is not None
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


def test_a_discount_becomes_an_amount_when_opened(market: Market) -> None:
    inputs = {"service": "proposal", "investment_wan": 3200, "industry": "building"}
    need_id = market.publish(quoting="discount", fee_inputs=inputs)
    base = need_now(market, need_id).benchmark_base
    assert base is not None
    actor, _agency_id = market.agency()
    with pytest.raises(Invalid, match="discount-required"):
        submit(market, actor, need_id, offer(100))
    quote = submit(market, actor, need_id, offer(None, discount_rate=Decimal("0.2")))
    close(market, need_id)
    assert quote_now(market, quote.id).amount == base.times(Decimal("0.8"))


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


def test_nothing_opens_before_the_deadline(market: Market) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)
    closes_at = need_now(market, need_id).closes_at
    assert closes_at is not None
    market.clock.instant = closes_at - timedelta(microseconds=1)
    assert not service.open_if_due(market.works, need_id)
    with market.works.system() as work:
        service.open_quotes(work, need_id)
    assert need_now(market, need_id).state is NeedState.OPEN


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
    closes_at = need_now(market, need_id).closes_at
    assert closes_at is not None
    market.clock.instant = closes_at
    done = deadlines.run_due(market.works, {"need.close": service.open_quotes, "registration.review": _nothing})
    assert done >= 1
    assert need_now(market, need_id).state is NeedState.SELECTING


def _nothing(_work: Work, _object_id: int) -> None:
    """Leave the other room's deadlines alone."""


def test_a_need_without_quotes_fails(market: Market) -> None:
    need = close(market, market.publish())
    assert (need.state, need.failed_reason) == (NeedState.FAILED, "no-quotes")
    assert told(market, market.owner.org_id)[-1] == "need-failed"


def test_one_quote_is_enough_for_social_money(market: Market) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)
    assert close(market, need_id).state is NeedState.SELECTING
    assert "quotes-opened" in told(market, market.owner.org_id)


def test_one_quote_is_too_few_for_fiscal_money(market: Market) -> None:
    need_id = market.publish(fund="fiscal", ceiling=Money.from_yuan(400))
    market.quote(need_id, 0, 100)
    need = close(market, need_id)
    assert (need.state, need.failed_reason) == (NeedState.FAILED, "one-quote")
    for actor, _agency_id in market.agents:
        assert "bidder-need-failed" in told(market, actor.org_id)


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
    assert "quote-invalid-not-eligible" in told(market, market.agents[0][0].org_id)


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
    assert told(market, actor.org_id).count("bidder-answer") == 1
    assert "bidder-answer" not in told(market, asker.org_id)


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
