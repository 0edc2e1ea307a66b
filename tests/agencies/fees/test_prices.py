"""Posting prices: versions, what they come to, who may."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agencies.catalogue.queries import all_items
from agencies.fees import queries, rules, service
from agencies.fees.commands import PostPrice, PriceBasis
from agencies.fees.lifecycle import PriceState
from agencies.fees.models import PostedPrice
from core.clock import FixedClock
from core.deadlines import run_due
from core.errors import Conflict, Forbidden, Invalid
from core.money import Money
from tests.agencies.fees.conftest import Market
from web.wiring import DEADLINES

ITEM = "DG-A-01"


def fixed(yuan: int, **changes: Any) -> PostPrice:
    return PostPrice(ITEM, PriceBasis.FIXED, amount=Money(yuan * 100), **changes)


def post(market: Market, command: PostPrice) -> PostedPrice:
    with market.works.writing(market.agency) as work:
        return service.post_price(work, market.agency_id, command)


def standing(market: Market, at: datetime) -> PostedPrice | None:
    with market.works.reading() as work:
        return service.posted_price(work.session, market.agency_id, ITEM, at)


def test_a_price_stands_from_the_moment_it_is_posted(market: Market, clock: FixedClock) -> None:
    post(market, fixed(8000))
    now = clock.now()
    assert standing(market, now - timedelta(seconds=1)) is None
    found = standing(market, now)
    assert found is not None
    assert found.amount == Money(800_000)


def test_a_later_version_ends_the_former_where_it_begins(market: Market, clock: FixedClock) -> None:
    post(market, fixed(8000))
    post(market, fixed(9000, valid_from=date(2026, 3, 20)))
    midnight = datetime(2026, 3, 19, 16, 0, tzinfo=UTC)
    before, after = standing(market, midnight - timedelta(seconds=1)), standing(market, midnight)
    assert before is not None
    assert before.amount == Money(800_000)
    assert after is not None
    assert after.amount == Money(900_000)


def test_a_version_replaced_before_it_began_never_stands(market: Market) -> None:
    post(market, fixed(8000))
    post(market, fixed(9000, valid_from=date(2026, 3, 25)))
    post(market, fixed(8500, valid_from=date(2026, 3, 20)))
    later = standing(market, datetime(2026, 4, 1, tzinfo=UTC))
    assert later is not None
    assert later.amount == Money(850_000)
    with market.works.reading() as work:
        shown = queries.price_versions(work.session, market.agency_id, ITEM)
    assert [one.amount for one in shown] == [Money(850_000), Money(800_000)]


def test_the_state_of_a_version_follows_its_instants(market: Market, clock: FixedClock) -> None:
    first = post(market, fixed(8000))
    replaced = post(market, fixed(9000, valid_from=date(2026, 3, 25)))
    coming = post(market, fixed(8500, valid_from=date(2026, 3, 20)))
    ids = (first.id, replaced.id, coming.id)
    state = PriceState

    def states() -> list[PriceState]:
        with market.works.reading() as work:
            return [work.session.get_one(PostedPrice, one).state for one in ids]

    assert states() == [state.IN_FORCE, state.SUPERSEDED, state.POSTED]
    clock.advance(timedelta(days=3))
    assert run_due(market.works, DEADLINES) == 1
    assert states() == [state.SUPERSEDED, state.SUPERSEDED, state.IN_FORCE]


def test_a_price_cannot_begin_in_the_past(market: Market) -> None:
    with pytest.raises(Invalid, match="price-in-the-past"):
        post(market, fixed(8000, valid_from=date(2026, 3, 17)))


def test_a_price_needs_an_item_the_agency_offers(market: Market) -> None:
    with pytest.raises(Conflict, match="price-item-not-offered"):
        post(market, PostPrice("DG-A-03", PriceBasis.FIXED, amount=Money(100)))


def test_only_the_agency_itself_posts_its_prices(market: Market) -> None:
    for actor in (market.regulator, market.enterprise, market.world.city):
        with pytest.raises(Forbidden), market.works.writing(actor) as work:
            service.post_price(work, market.agency_id, fixed(8000))


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        (PostPrice(ITEM, "fixed"), ("amount", "price-amount-required")),
        (PostPrice(ITEM, "unit", amount=Money(100)), ("unit_name", "price-unit-required")),
        (PostPrice(ITEM, "formula", schedule_id="elsewhere"), ("schedule_id", "price-schedule-not-of-item")),
        (PostPrice(ITEM, "discount", schedule_id="here"), ("discount_rate", "price-discount-required")),
        (PostPrice(ITEM, "guess"), ("basis", "price-basis-unknown")),
    ],
)
def test_a_price_that_is_not_whole_is_named(command: PostPrice, fault: tuple[str, str]) -> None:
    assert rules.faults(command, ["here"]) == [fault]


@pytest.mark.parametrize(
    ("row", "amount"),
    [
        (PostedPrice(basis=PriceBasis.FIXED, amount=Money(500)), Money(500)),
        (PostedPrice(basis=PriceBasis.UNIT, amount=Money(500), unit_name="份"), None),
        (PostedPrice(basis=PriceBasis.FORMULA, schedule_id="x"), Money(1_000_001)),
        (PostedPrice(basis=PriceBasis.DISCOUNT, schedule_id="x", discount_rate=Decimal("0.15")), Money(850_001)),
    ],
)
def test_what_a_posted_price_comes_to(row: PostedPrice, amount: Money | None) -> None:
    assert service.posted_amount(row, Money(1_000_001)) == amount


def test_a_price_by_schedule_comes_to_nothing_without_the_schedule() -> None:
    assert service.posted_amount(PostedPrice(basis=PriceBasis.FORMULA, schedule_id="x"), None) is None


def test_the_benchmark_prefers_a_schedule_that_gives_an_amount() -> None:
    inputs = {"award_amount": "500万", "category": "works", "funding": "government"}
    found = service.benchmark("DG-A-01", ["no such", "125号", "计价格[2002]1980号"], date(2012, 6, 1), inputs)
    assert found is not None
    assert found.schedule_id == "tender-agency"
    assert found.base == Money.from_wan("3.8")
    assert found.binding_cap() == Money.from_wan("4.56")


def test_no_benchmark_where_nothing_can_be_worked_out() -> None:
    assert service.benchmark("DG-A-01", ["no such"], date(2026, 3, 18), {"amount": "1"}) is None
    assert service.benchmark("DG-A-01", ["tender-agency"], date(2026, 3, 18), {}) is None


def test_the_schedules_an_item_names_are_kept_here(market: Market) -> None:
    with market.works.reading() as work:
        named = {document for item in all_items(work.session) for document in item.schedules}
        found = {one for item in all_items(work.session) for one in queries.schedules_of(item)}
    assert bool(named) == bool(found)


def test_completeness_counts_what_is_written_down_and_rounds_down() -> None:
    assert rules.completeness([]) == 0
    assert rules.completeness([rules.PARTS, set()]) == 50
    assert rules.completeness([{"price"}, {"price", "extra"}, rules.PARTS]) == 66
    assert rules.completeness([rules.PARTS] * 7) == 100
