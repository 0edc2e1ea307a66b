"""Figures agree with the contracts they are drawn from, and with their rows; a town sees its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from admin.performance import asking, board, figures, queries, tables
from admin.performance.permissions import POLICY, own_town
from admin.performance.rules import STEPS, Five, RowSet, Slice
from core.access import Actor, MemberRole, OrgKind, allows
from core.errors import Forbidden
from core.money import Money
from core.work import Work
from marketplace.contracts.models import Contract
from marketplace.needs.models import Need
from ratings import service as ratings
from ratings.commands import GiveRating
from tests.marketplace.contracts.deal import accepted, signed
from tests.marketplace.selection.world import Market

TOWN, OTHER = "441900003", "441900004"
CITY = Actor(user_id=1, org_id=1, org_kind=OrgKind.CITY_OPERATOR, role=MemberRole.READER)
ALL_KINDS = [Actor(user_id=1, org_id=1, org_kind=kind, role=MemberRole.MANAGER, town_code=TOWN) for kind in OrgKind]


def asked(work: Work, **more: str) -> Slice:
    return asking.asked_slice(work, more)


def test_the_funnel_counts_each_need_as_far_as_it_came(market: Market) -> None:
    market.publish()
    market.opened(100, 200)
    signed(market)
    done = accepted(market)
    for who in (market.owner, market.agents[0][0]):
        with market.works.writing(who) as work:
            ratings.rate(work, done.id, GiveRating(4, 4, 4, 4, 4))
    with market.works.reading(CITY) as work:
        assert queries.funnel(work.session, asked(work), STEPS) == [4, 3, 2, 2, 1, 1]
        for step, count in zip(STEPS, (4, 3, 2, 2, 1, 1), strict=True):
            assert len(board.row_lines(work, step, asked(work), None, 100)[0]) == count


def test_a_sealed_quote_leaves_no_trace_in_the_funnel(market: Market) -> None:
    need_id = market.publish()
    with market.works.reading(CITY) as work:
        before = figures.funnel(work, asked(work)).plain
    market.quote(need_id, 0, 12345)
    with market.works.reading(CITY) as work:
        assert figures.funnel(work, asked(work)).plain == before


def test_late_and_timely_contracts_are_told_apart_and_linked(market: Market) -> None:
    contracts = [accepted(market) for _number in range(3)]
    with market.works.system() as work:
        work.session.execute(update(Contract).where(Contract.id == contracts[0].id).values(late_days=4))
        work.record(contracts[0], "test.made-late")
    with market.works.reading(CITY) as work:
        part = asked(work)
        found = queries.delivered_total(work.session, part)
        assert (found.accepted, found.on_time) == (3, 2)
        assert [line["id"] for line in board.row_lines(work, RowSet.LATE, part, None, 50)[0]] == [contracts[0].id]
        by_month = queries.delivered_by_month(work.session, part)
        assert sum(one.accepted for one in by_month.values()) == 3
        month = next(iter(by_month))
        rows, _after = board.row_lines(work, RowSet.ACCEPTED, asked(work, month=month), None, 50)
        assert len(rows) == by_month[month].accepted


def test_price_over_benchmark_falls_in_its_bin_and_the_bin_finds_its_rows(market: Market) -> None:
    contract = signed(market, 95_000)
    with market.works.system() as work:
        need = work.session.get_one(Need, contract.need_id)
        need.benchmark_base = Money.from_yuan(100_000)
        work.record(need, "test.benchmark")
    with market.works.reading(CITY) as work:
        assert queries.ratio_counts(work.session, asked(work)) == {19: 1}
        assert queries.ratios_by(work.session, asked(work))[0].median == 9500
        rows, _after = board.row_lines(work, RowSet.PRICED, asked(work, bin="19"), None, 50)
        assert [(row["id"], row["ratio"], row["place"]) for row in rows] == [(contract.id, "0.95", "few")]
        assert board.row_lines(work, RowSet.PRICED, asked(work, bin="18"), None, 50)[0] == []


def test_a_contract_without_a_benchmark_has_no_ratio(market: Market) -> None:
    signed(market)
    with market.works.reading(CITY) as work:
        assert queries.ratios_by(work.session, asked(work)) == {}
        assert board.row_lines(work, RowSet.SIGNED, asked(work), None, 50)[0][0]["ratio"] is None


def test_quartiles_come_from_eight_contracts_on(market: Market) -> None:
    for number in range(8):
        signed(market, 10_000 + number * 1000)
        with market.works.reading(CITY) as work:
            line = tables.items_plain(work, asked(work))[0]
            assert (line["amount_fen"] is None) is (number < 7)
    with market.works.reading(CITY) as work:
        found = queries.amounts_by_item(work.session, asked(work))
    assert next(iter(found.values())) == Five(8, 1_000_000, 1_100_000, 1_300_000, 1_500_000, 1_700_000)


def test_an_agency_line_counts_its_contracts(market: Market) -> None:
    settle_one = accepted(market)
    signed(market)
    with market.works.reading(CITY) as work:
        page = queries.agencies(work.session, asked(work), after=None, limit=20)
    assert [(line.agency.id, line.signed, line.accepted, line.on_time) for line in page.items] == [
        (settle_one.agency_id, 2, 1, 1)
    ]


def test_what_lies_before_the_period_is_left_out(market: Market) -> None:
    accepted(market)
    market.clock.advance(timedelta(days=200))
    with market.works.reading(CITY) as work:
        assert queries.signed_total(work.session, asked(work, months="3")) == 0
        assert queries.signed_total(work.session, asked(work, months="12")) == 1


def test_a_town_sees_its_own_rows_and_everybodys_tiles(market: Market) -> None:
    accepted(market)
    own = Actor(user_id=1, org_id=1, org_kind=OrgKind.TOWN_OPERATOR, role=MemberRole.READER, town_code=TOWN)
    other = Actor(user_id=1, org_id=1, org_kind=OrgKind.TOWN_OPERATOR, role=MemberRole.READER, town_code=OTHER)
    for actor, seen in ((own, 1), (other, 0)):
        with market.works.reading(actor) as work:
            part = asked(work)
            assert len(board.row_lines(work, RowSet.SIGNED, part, None, 50)[0]) == seen
            assert queries.signed_total(work.session, part) == seen
            tiles = figures.towns(work, part, own_town(actor)).parts
            tile = next(one for one in tiles if one.text == "0/1")
            assert (tile.url is not None) is bool(seen)
    with market.works.reading(other) as work, pytest.raises(Forbidden):
        asked(work, town=TOWN)


@pytest.mark.parametrize("actor", ALL_KINDS, ids=lambda actor: str(actor.org_kind))
def test_only_offices_see_performance(actor: Actor) -> None:
    offices = {OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR, OrgKind.ADMINISTRATION, OrgKind.TOWN_OPERATOR}
    assert allows(POLICY, "performance:see", actor) is (actor.org_kind in offices)
    assert (own_town(actor) is None) is (actor.org_kind in offices - {OrgKind.TOWN_OPERATOR})


def test_an_address_full_of_nonsense_gives_the_usual_slice(market: Market) -> None:
    with market.works.reading(CITY) as work:
        part = asked(work, months="abc", month="2026-3", bin="²", agency="-1", item="", town="")
    assert (part.months, part.month, part.ratio_bin, part.agency_id, part.item_code) == (12, None, None, None, None)
