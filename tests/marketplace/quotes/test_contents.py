"""What a quote holds besides its price: unit prices, attachments, earlier versions; and whether its agency is fit."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select

from agencies.registration.models import Qualification
from agencies.registration.rules import Certified, Missing, Stage, binding_at, practitioner_gaps
from core.access import Actor
from core.errors import Conflict, Invalid, NotFound
from core.money import Money
from marketplace.quotes import queries, sealing, service
from marketplace.quotes.commands import Attachment, SubmitQuote
from marketplace.quotes.models import Quote, QuoteFile
from marketplace.quotes.rules import QuoteLine
from marketplace.quotes.schemas import SubmitQuoteSchema
from tests.marketplace.contracts.deal import deliver, drafted, sign_both, signed
from tests.marketplace.quotes.quoting import everything
from tests.marketplace.selection.world import Market

PDF = b"%PDF-1.7\nan unmistakable proposal\n%%EOF"
LINES = (QuoteLine("钻探", "米", Decimal("120.5"), Money(8_550)), QuoteLine("取样", "组", Decimal(3), Money(10_001)))
TOTAL = Money(1_060_278)


def submit(market: Market, need_id: int, **content: Any) -> Quote:
    actor = market.agents[0][0] if market.agents else market.agency()[0]
    with market.works.writing(actor) as work:
        return service.submit(work, need_id, SubmitQuote(days=15, plan="按期完成", **content))


def now(market: Market, quote_id: int) -> Quote:
    with market.works.reading() as work:
        return work.session.get_one(Quote, quote_id)


def test_unit_prices_make_the_amount_and_are_listed_after_the_opening(market: Market) -> None:
    need_id = market.publish()
    quote = submit(market, need_id, lines=LINES)
    assert (quote.lines, quote.amount) == (None, None)
    market.close(need_id)
    opened = now(market, quote.id)
    assert opened.amount == TOTAL
    assert opened.lines == [
        {"name": "钻探", "unit": "米", "quantity": "120.5", "price_fen": 8550},
        {"name": "取样", "unit": "组", "quantity": "3", "price_fen": 10001},
    ]


def test_an_amount_beside_unit_prices_must_be_their_total(market: Market) -> None:
    need_id = market.publish()
    with pytest.raises(Invalid, match="lines-total-differs") as refusal:
        submit(market, need_id, lines=LINES, amount=Money(1))
    assert refusal.value.facts["total"] == TOTAL
    submit(market, need_id, lines=LINES, amount=TOTAL)


@pytest.mark.parametrize(
    "text", ["钻探 米 120", "钻探 米 零 85.5", "钻探 米 -1 85.5", "钻探 米 1 85.555", "钻探 米 1e99 1"]
)
def test_a_line_that_is_none_is_named(text: str) -> None:
    errors = SubmitQuoteSchema().validate({"days": "15", "lines": f"取样 组 3 100\n{text}"})
    assert text in errors["lines"][0]


def test_lines_are_read_as_people_type_them_and_as_programs_send_them() -> None:
    typed = SubmitQuoteSchema().load({"days": "15", "lines": "岩土 钻探 米 １２０.5 85.5\n\n"})
    sent = {"name": "岩土 钻探", "unit": "米", "quantity": "120.5", "price_fen": 8550}
    assert typed.lines == SubmitQuoteSchema().load({"days": 15, "lines": [sent]}).lines
    assert typed.lines == (QuoteLine("岩土 钻探", "米", Decimal("120.5"), Money(8550)),)


def test_an_attachment_is_nowhere_to_be_read_before_the_opening(market: Market, engine: Engine) -> None:
    need_id = market.publish()
    quote = submit(market, need_id, amount=Money.from_yuan(100), files=(Attachment("独特的方案.pdf", PDF),))
    stored = everything(engine)
    assert "unmistakable" not in stored
    assert "独特的方案" not in stored
    assert hashlib.sha256(PDF).hexdigest() not in stored
    for actor in (market.owner, market.agents[0][0], market.world.city):
        with pytest.raises(NotFound), market.works.reading(actor) as work:
            queries.file_of(work.session, actor, quote.id, 1)
    market.close(need_id)
    with market.works.reading(market.owner) as work:
        found, row = queries.file_of(work.session, market.owner, quote.id, 1)
        assert found.files == [{"name": "独特的方案.pdf", "sha256": hashlib.sha256(PDF).hexdigest(), "size": len(PDF)}]
        assert sealing.unsealed_file(found, row.sealed, found.files[0]) == PDF
        assert sealing.unsealed_file(found, row.sealed[:-1] + b"x", found.files[0]) is None
    for stranger in (Actor(), market.world.other_town):
        with pytest.raises(NotFound), market.works.reading(stranger) as work:
            queries.file_of(work.session, stranger, quote.id, 1)


def test_the_commitment_covers_the_attachments(market: Market) -> None:
    need_id = market.publish()
    quote = submit(market, need_id, amount=Money.from_yuan(100), files=(Attachment("方案.pdf", PDF),))
    body = sealing.unsealed(quote)
    assert body is not None
    assert json.loads(body)["files"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert hashlib.sha256(b"quote-v1" + body).hexdigest() == quote.commitment


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ((Attachment("方案.exe", PDF),), "file-type"),
        ((Attachment("方案.pdf", b""),), "file-empty"),
        ((Attachment("方案.pdf", b"%PDF-" + b"x" * service.MOST_FILE_BYTES),), "file-too-large"),
        ((Attachment("方案.pdf", PDF),) * 6, "too-many-files"),
    ],
)
def test_an_attachment_refused_leaves_nothing(market: Market, files: tuple[Attachment, ...], code: str) -> None:
    need_id = market.publish()
    with pytest.raises(Invalid, match=code) as refusal:
        submit(market, need_id, amount=Money.from_yuan(100), files=files)
    assert refusal.value.facts["field"] == "files"
    with market.works.reading() as work:
        assert work.session.scalars(select(QuoteFile)).all() == []


def test_every_replaced_version_stays_sealed_and_is_listed_after_the_opening(market: Market) -> None:
    need_id = market.publish()
    first = submit(market, need_id, amount=Money.from_yuan(100))
    market.clock.advance(timedelta(minutes=5))
    submit(market, need_id, amount=Money.from_yuan(90))

    def listed(actor: Actor) -> list[str]:
        with market.works.reading(actor) as work:
            return [one.commitment for one in queries.earlier_versions(work.session, actor, need_id)]

    assert listed(market.owner) == []
    market.close(need_id)
    assert listed(market.owner) == [first.commitment]
    assert listed(market.agency()[0]) == []
    kept = now(market, first.id)
    assert (kept.amount, kept.days) == (None, None)
    assert sealing.unsealed(kept) is not None


def end_qualification(market: Market, agency_id: int) -> None:
    with market.works.system() as work:
        for row in work.session.scalars(select(Qualification).where(Qualification.agency_id == agency_id)):
            row.valid_to = date(2026, 3, 1)
            work.record(row, "test.ended")


def test_a_certificate_that_ran_out_is_named_at_the_award(market: Market) -> None:
    need_id, ids = market.opened(100)
    end_qualification(market, market.agents[0][1])
    with pytest.raises(Conflict, match="agency-unfit") as refusal:
        market.award(need_id, ids[0])
    assert refusal.value.facts["missing"] == ["qualification-expired"]
    assert "到期" in str(refusal.value.facts["what"])


def test_a_certificate_that_ran_out_stops_the_signing(market: Market) -> None:
    contract, _award = drafted(market)
    end_qualification(market, market.agents[0][1])
    with pytest.raises(Conflict, match="agency-unfit"):
        sign_both(market, contract)


def test_a_certificate_that_ran_out_stops_the_delivery(market: Market) -> None:
    contract = signed(market)
    end_qualification(market, market.agents[0][1])
    with pytest.raises(Conflict, match="agency-unfit"):
        deliver(market, contract)


def test_work_agreed_is_delivered_from_a_closed_shelf_but_not_on_a_dead_certificate() -> None:
    shelf, ended = Missing("agency-not-listed"), Missing("qualification-expired")
    for stage in (Stage.QUOTE, Stage.AWARD, Stage.SIGN):
        assert binding_at(stage, (shelf, ended)) == (shelf, ended)
    assert binding_at(Stage.DELIVER, (shelf, ended)) == (ended,)


def test_people_missing_or_run_out_are_said_and_bind_nobody() -> None:
    on = date(2026, 3, 18)
    assert practitioner_gaps(["a"], [], on) == (Missing("practitioner-missing", {"kind": "a"}),)
    ended = practitioner_gaps(["a"], [Certified("a", date(2026, 3, 17)), Certified("b", None)], on)
    assert ended == (Missing("practitioner-expired", {"kind": "a", "ended": date(2026, 3, 17)}),)
    assert practitioner_gaps(["a"], [Certified("a", on)], on) == ()
    assert practitioner_gaps(["a"], [Certified("a", None)], on) == ()
