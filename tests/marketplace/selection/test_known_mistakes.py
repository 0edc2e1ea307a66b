"""Nine mistakes met in other systems' selection, each with a test that would catch it here."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from agencies.catalogue import reference
from agencies.registration.models import Agency
from core.audit import AuditLeaf
from core.errors import Conflict
from core.money import Money
from marketplace.needs.method_wording import NAMES, RULES
from marketplace.needs.methods import ASKED
from marketplace.quotes.service import open_quotes
from marketplace.selection import mean, queries, service
from marketplace.selection.draw import draw
from marketplace.selection.lifecycle import SelectionState
from marketplace.selection.methods import METHODS
from marketplace.selection.models import Selection
from marketplace.selection.ranking import Entrant, rank_lowest
from ratings import service as ratings
from ratings.commands import GiveRating
from ratings.models import Rating
from ratings.permissions import POLICY as RATINGS
from tests.marketplace.contracts.deal import accepted
from tests.marketplace.selection.test_methods import entrants, frozen, ranked
from tests.marketplace.selection.world import Market


def test_mistake_1_the_dearest_of_a_list_sorted_the_wrong_way_does_not_win() -> None:
    found = [Entrant(n, f"K{n}", Money.from_yuan(price)) for n, price in enumerate((3, 1, 2))]
    assert [line.entrant.amount.yuan for line in rank_lowest(found, [e.key for e in found])] == [1, 2, 3]


def test_mistake_2_the_mean_is_of_all_quotes_the_last_one_too() -> None:
    outcome = mean.closest_to_mean(frozen(entrants(10, 20, 30, 100)))
    assert outcome.working[0][1]["mean"] == "40.00"
    assert ranked(outcome)[0] == 3


def test_mistake_2_a_failing_score_sheet_is_told_and_not_swallowed() -> None:
    unscored = frozen([Entrant(1, "K1", Money(100))])
    with pytest.raises(Conflict, match="scores-missing"):
        METHODS["merit"].rank(unscored)


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 3), (0, 3)], ids=["first", "middle", "last", "ends"])
@pytest.mark.parametrize("method", ["lowest", "mean", "best-price"])
def test_mistake_3_a_tie_is_seen_in_first_middle_and_last_place(method: str, pair: tuple[int, int]) -> None:
    yuan = [100.0, 140.0, 190.0, 300.0]
    yuan[pair[1]] = yuan[pair[0]]
    whole = frozen(entrants(*yuan))
    found = METHODS[method].rank(whole).lines
    tied = [line for line in found if line.entrant.quote_id - 1 in pair]
    order = draw(whole.draw.seed, whole.draw.weights)
    assert sorted((line.entrant.key for line in tied), key=order.index) == [line.entrant.key for line in tied]
    assert tied[1].decided_by == "draw"
    assert found.index(tied[1]) == found.index(tied[0]) + 1


def test_mistake_4_a_state_is_one_of_a_closed_list_that_the_database_keeps(market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    market.award(need_id, ids[0])
    for table in ("need", "quote", "selection", "award"):
        with pytest.raises(IntegrityError), market.works.engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET state = 'selected'"))  # noqa: S608 - our own tables
    with pytest.raises(ValueError, match="selected"):
        SelectionState("selected")


def test_mistake_5_an_agency_begins_without_a_score_and_a_rating_hangs_on_its_contract(market: Market) -> None:
    _actor, agency_id = market.agency()
    with market.works.reading() as work:
        assert work.session.get_one(Agency, agency_id).standing_milli is None
    assert Rating.__table__.columns["contract_id"].foreign_keys


def test_mistake_6_two_workers_open_at_once_and_draw_once(market: Market) -> None:
    need_id = market.publish()
    for place in range(3):
        market.quote(need_id, place, 100)
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    start = threading.Barrier(2)

    def worker() -> None:
        start.wait()
        with market.works.system() as work:
            open_quotes(work, need_id)
        with market.works.system() as work:
            service.begin(work, need_id)

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with market.works.reading() as work:
        found = work.session.scalars(select(Selection).where(Selection.need_id == need_id)).one()
        assert len(found.entrants) == 3
        begun = select(func.count()).select_from(AuditLeaf).where(AuditLeaf.verb == "selection.begin")
        assert work.session.scalar(begun) == 1
        first = queries.draw_of(found).ranking()
        assert first == queries.draw_of(found).ranking()


def test_mistake_7_no_method_of_the_form_is_without_a_ranking() -> None:
    """That each ends is played out in test_ends; here, that the form, the catalogue and the table name the same."""
    assert set(ASKED) == set(METHODS) == set(NAMES) == set(RULES)
    known = {method.code for method in reference.rules().methods}
    assert {asked.catalogue for asked in ASKED.values()} <= known


def test_mistake_8_a_rating_counts_without_anybodys_approval(market: Market) -> None:
    contract = accepted(market)
    for who in (market.agents[0][0], market.owner):
        with market.works.writing(who) as work:
            ratings.rate(work, contract.id, GiveRating(4, 4, 4, 4, 4))
    with market.works.reading() as work:
        received = work.session.scalars(select(Rating.state).where(Rating.contract_id == contract.id)).all()
    assert [str(state) for state in received] == ["published", "published"]
    assert not [permission for permission in RATINGS if "approve" in permission or "review" in permission]


@given(fen=st.lists(st.integers(1, 10**12), min_size=1, max_size=7))
def test_mistake_9_money_is_exact_to_the_fen(fen: list[int]) -> None:
    found = [Entrant(n, f"K{n}", Money(one), 4000) for n, one in enumerate(fen)]
    outcome = mean.closest_to_mean(frozen(found))
    shown = Decimal(outcome.working[0][1]["mean"]) * 100
    assert abs(shown * len(fen) - sum(fen)) * 2 <= len(fen)
    nearest = min(abs(one * len(fen) - sum(fen)) for one in fen)
    assert abs(outcome.lines[0].entrant.amount.fen * len(fen) - sum(fen)) == nearest
