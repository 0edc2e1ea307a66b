"""A need's quotes are ranked, scored, chosen once, passed on or given up, by the enterprise alone."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select

from agencies.registration import review
from agencies.registration import service as registration
from core import audit, papers
from core.access import Actor, MemberRole
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.money import Money
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from marketplace.quotes.lifecycle import QuoteState
from marketplace.quotes.models import Quote
from marketplace.quotes.service import open_if_due
from marketplace.selection import letters, queries, service
from marketplace.selection.commands import GiveAward, Reason, RejectQuote
from marketplace.selection.draw import Draw, commitment
from marketplace.selection.lifecycle import AwardState, SelectionState
from marketplace.selection.models import Award
from tests.marketplace.selection.world import CRITERIA, WHY, Market


def states(market: Market, ids: list[int]) -> list[str]:
    with market.works.reading() as work:
        return [str(work.session.get_one(Quote, quote_id).state) for quote_id in ids]


def protocol_of(market: Market, need_id: int) -> dict[str, Any]:
    with market.works.reading() as work:
        found = queries.selection_of(work.session, need_id)
        assert found is not None
        assert found.protocol is not None
        return found.protocol


def test_the_draw_is_committed_at_publication_and_opens_with_its_secret(market: Market) -> None:
    need_id = market.publish()
    with market.works.reading() as work:
        before = queries.selection_of(work.session, need_id)
        assert before is not None
        committed, name = before.draw_commitment, before.draw_name
        assert before.protocol is None
    for place, price in enumerate((300, 100)):
        market.quote(need_id, place, price)
    market.close(need_id)
    with market.works.reading() as work:
        selection = queries.selection_of(work.session, need_id)
        assert selection is not None
        market.award(need_id, next(e["quote_id"] for e in selection.entrants if e["agency_id"] == market.agents[1][1]))
    draw = protocol_of(market, need_id)["draw"]
    assert draw["commits"] == [committed]
    assert commitment(name, bytes.fromhex(draw["secrets"][0])).hex() == committed
    again = Draw(name, draw["weights"], bytes.fromhex(draw["beacon_sig"]), (bytes.fromhex(draw["secrets"][0]),), ())
    assert list(again.ranking()) == draw["ranking"]


def test_the_lowest_price_wins_and_everybody_is_told_why(market: Market) -> None:
    need_id, ids = market.opened(300, 100, 200)
    award = market.award(need_id, ids[1])
    assert (award.amount, award.rank) == (Money.from_yuan(100), 1)
    assert states(market, ids) == ["lost", "won", "lost"]
    assert market.need(need_id).state is NeedState.AWARDED
    assert "award-won" in market.told(market.agents[1][0].org_id)
    assert "award-lost-price-higher" in market.told(market.agents[0][0].org_id)
    assert [line["rank"] for line in protocol_of(market, need_id)["lines"]] == [1, 2, 3]


def test_the_notice_is_issued_with_the_award_and_the_letter_when_it_is_final(market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    award = market.award(need_id, ids[0])
    with market.works.reading() as work:
        assert papers.latest(work.session, letters.LETTER, award.id) is None
        notice = papers.latest(work.session, letters.NOTICE, award.id)
    market.final(need_id)
    with market.works.reading() as work:
        letter = papers.latest(work.session, letters.LETTER, award.id)
        assert letter is not None
        assert notice is not None
        assert "壹佰元整" in "".join(letter.data["paragraphs"])
        assert len(notice.data["rows"]) == 2


def test_every_other_bidder_gets_a_letter_with_its_rank_and_the_reason(market: Market) -> None:
    need_id, ids = market.opened(100, 200, 300)
    with market.works.writing(market.owner) as work:
        service.reject(work, need_id, RejectQuote(ids[2], "方案没有覆盖公告要求的二期"))
    market.award(need_id, ids[0], notes={ids[1]: "工期安排很好"})
    with market.works.reading() as work:
        found = [papers.latest(work.session, letters.RESULT, quote_id) for quote_id in ids]
    assert found[0] is None
    second, third = (dict(one.data["lines"]) if one is not None else {} for one in found[1:])
    assert (second["名次"], second["未中选原因"]) == ("第 2 名", "报价高于中选报价")
    assert third["名次"] == "不计入排名"
    assert "方案没有覆盖公告要求的二期" in third["未中选原因"]
    assert found[1] is not None
    assert "工期安排很好" in "".join(found[1].data["paragraphs"])
    assert "工期安排很好" not in str(found[1].data["public"])
    assert papers.render_pdf(found[1].template, found[1].data)[:5] == b"%PDF-"


def test_the_second_lowest_is_refused_until_the_first_is_rejected_with_a_reason(market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    with pytest.raises(Invalid, match="lowest-takes-first"):
        market.award(need_id, ids[1], WHY)
    with market.works.writing(market.owner) as work, pytest.raises(Invalid, match="reason-too-short"):
        service.reject(work, need_id, RejectQuote(ids[0], "贵"))
    with market.works.writing(market.owner) as work:
        service.reject(work, need_id, RejectQuote(ids[0], "方案没有覆盖公告要求的二期"))
    assert market.award(need_id, ids[1]).rank == 1
    assert states(market, ids) == ["invalid", "won"]


def test_a_tie_goes_to_the_higher_standing(market: Market) -> None:
    market.agency(3000)
    market.agency(4800)
    need_id, ids = market.opened(100, 100)
    market.award(need_id, ids[1])
    lines = protocol_of(market, need_id)["lines"]
    assert [(line["quote_id"], line["decided_by"]) for line in lines] == [(ids[1], None), (ids[0], "standing")]


def test_a_tie_in_everything_is_drawn_and_the_protocol_repeats_it(market: Market) -> None:
    need_id, ids = market.opened(100, 100, 100)
    with market.works.reading() as work:
        need, selection = work.session.get_one(Need, need_id), queries.selection_of(work.session, need_id)
        assert selection is not None
        first = queries.weigh(work.session, need, selection, market.clock.now().date()).lines[0].entrant
    assert market.award(need_id, first.quote_id).quote_id in ids
    protocol = protocol_of(market, need_id)
    assert [line["key"] for line in protocol["lines"]] == protocol["draw"]["ranking"]
    assert [line["decided_by"] for line in protocol["lines"]] == [None, "draw", "draw"]


def test_merit_waits_for_every_score_and_takes_the_highest_total(market: Market) -> None:
    need_id, ids = market.opened(100, 200, method="merit", method_basis="", criteria=CRITERIA)
    with pytest.raises(Conflict, match="scores-missing"):
        market.award(need_id, ids[1])
    market.score(need_id, {ids[0]: 60, ids[1]: 95})
    with pytest.raises(Invalid, match="reason-too-short"):
        market.award(need_id, ids[0])
    market.award(need_id, ids[1])
    lines = protocol_of(market, need_id)["lines"]
    assert [(line["quote_id"], line["total"]) for line in lines] == [(ids[1], "81.50"), (ids[0], "72.00")]
    assert lines[1]["why_not"] == "total-lower"


def test_merit_may_take_another_with_a_reason_which_becomes_public(market: Market) -> None:
    need_id, ids = market.opened(100, 200, method="merit", method_basis="", criteria=CRITERIA)
    market.score(need_id, {ids[0]: 90, ids[1]: 80})
    award = market.award(need_id, ids[1], WHY, notes={ids[0]: "人员到岗时间偏晚"})
    assert (award.rank, award.reason) == (2, WHY)
    assert award.losers[0]["code"] == "owner-chose-otherwise"
    assert award.losers[0]["note"] == "人员到岗时间偏晚"


def test_a_direct_choice_needs_a_reason_and_may_be_any_quote(market: Market) -> None:
    need_id, ids = market.opened(100, 200, method="direct", method_basis="continuation")
    with pytest.raises(Invalid, match="reason-too-short"):
        market.award(need_id, ids[0])
    assert market.award(need_id, ids[1], WHY).quote_id == ids[1]


def test_a_need_without_quotes_reaches_an_end(market: Market) -> None:
    need_id, _ids = market.opened()
    assert market.need(need_id).state is NeedState.FAILED


def test_rejecting_the_last_quote_ends_the_need_with_a_next_step(market: Market) -> None:
    need_id, ids = market.opened(100)
    with market.works.writing(market.owner) as work:
        service.reject(work, need_id, RejectQuote(ids[0], "营业范围不含本项服务内容"))
    need = market.need(need_id)
    assert (need.state, need.failed_reason) == (NeedState.FAILED, "no-valid-quotes")


def test_fiscal_money_with_two_left_needs_a_reason_and_with_one_left_ends(market: Market) -> None:
    need_id, ids = market.opened(100, 200, 300, fund="fiscal", ceiling=Money.from_yuan(400))
    with market.works.writing(market.owner) as work:
        service.reject(work, need_id, RejectQuote(ids[0], "方案没有覆盖公告要求的二期"))
    with pytest.raises(Invalid, match="reason-too-short"):
        market.award(need_id, ids[1])
    with market.works.writing(market.owner) as work:
        service.reject(work, need_id, RejectQuote(ids[1], "方案没有覆盖公告要求的二期"))
    need = market.need(need_id)
    assert (need.state, need.failed_reason) == (NeedState.FAILED, "too-few-quotes")


def test_the_enterprise_may_end_a_selection_without_an_award(market: Market) -> None:
    need_id, ids = market.opened(100)
    with market.works.writing(market.owner) as work:
        service.give_up(work, need_id, Reason("项目资金计划调整，暂缓实施"))
    assert states(market, ids) == ["lost"]
    assert market.need(need_id).failed_reason == "given-up"


def test_when_the_winner_steps_back_the_next_in_rank_is_awarded(market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    award = market.award(need_id, ids[0])
    with market.works.writing(market.agents[0][0]) as work:
        following = service.decline(work, award.id, Reason("主要人员同期承担其他项目"))
    assert following is not None
    assert (following.quote_id, following.rank) == (ids[1], 1)
    assert states(market, ids) == ["declined", "won"]
    assert market.need(need_id).state is NeedState.AWARDED
    with market.works.reading() as work:
        assert [award.state for award in queries.awards_of(work.session, need_id)] == [
            AwardState.DECLINED,
            AwardState.PROVISIONAL,
        ]


def test_when_the_last_winner_steps_back_the_need_fails(market: Market) -> None:
    need_id, ids = market.opened(100)
    award = market.award(need_id, ids[0])
    with market.works.writing(market.agents[0][0]) as work:
        assert service.decline(work, award.id, Reason("主要人员同期承担其他项目")) is None
    assert market.need(need_id).failed_reason == "winner-declined"


def test_a_direct_choice_is_not_carried_over_to_another(market: Market) -> None:
    need_id, ids = market.opened(100, 200, method="direct", method_basis="continuation")
    award = market.award(need_id, ids[0], WHY)
    with market.works.writing(market.agents[0][0]) as work:
        assert service.decline(work, award.id, Reason("主要人员同期承担其他项目")) is None
    assert market.need(need_id).state is NeedState.FAILED


def test_an_agency_that_lost_its_listing_no_longer_counts(market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    with market.works.writing(market.world.city) as work:
        review.suspend(work, market.agents[0][1], "资质核查未通过，暂停承接")
    with pytest.raises(Conflict, match="agency-unfit"):
        market.award(need_id, ids[0], WHY)
    assert market.award(need_id, ids[1]).rank == 1


def test_nobody_but_the_enterprise_chooses(market: Market) -> None:
    need_id, ids = market.opened(100)
    reader = Actor(99, market.owner.org_id, market.owner.org_kind, MemberRole.READER, market.owner.town_code)
    for stranger in (market.world.city, market.world.town, market.agents[0][0], reader):
        with market.works.writing(stranger) as work, pytest.raises(Forbidden):
            service.award(work, need_id, GiveAward(ids[0]))


def test_only_the_winner_may_step_back(market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    award = market.award(need_id, ids[0])
    for stranger in (market.owner, market.agents[1][0], market.world.city):
        with market.works.writing(stranger) as work, pytest.raises(Forbidden):
            service.decline(work, award.id, Reason("主要人员同期承担其他项目"))


def test_a_need_is_awarded_once(market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    market.award(need_id, ids[0])
    with pytest.raises(Conflict, match="wrong-state"):
        market.award(need_id, ids[1])


def test_of_two_awards_at_the_same_time_one_wins(market: Market) -> None:
    need_id, ids = market.opened(100, 200, method="direct", method_basis="continuation")
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def choose(quote_id: int) -> None:
        start.wait()
        try:
            market.award(need_id, quote_id, WHY)
            outcomes.append("won")
        except DomainError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=choose, args=(quote_id,)) for quote_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["won", "wrong-state"]
    with market.works.reading() as work:
        assert len(work.session.scalars(select(Award)).all()) == 1
        assert audit.first_break(work.session) is None


def test_handlers_may_run_twice(market: Market) -> None:
    need_id, ids = market.opened(100, 200)
    with market.works.system() as work:
        service.commit_draw(work, {"id": need_id})
        service.on_opened(work, {"id": need_id})
    with market.works.reading() as work:
        selection = queries.selection_of(work.session, need_id)
        assert selection is not None
        assert selection.state is SelectionState.WEIGHING
        assert len(selection.entrants) == len(ids)


def test_selection_begins_even_when_no_event_was_handled(market: Market) -> None:
    need_id = market.publish()
    ids = [market.quote(need_id, 0, 100)]
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    open_if_due(market.works, need_id)
    assert market.award(need_id, ids[0]).rank == 1


def test_a_low_price_is_flagged_and_still_wins(market: Market) -> None:
    need_id, ids = market.opened(100, 1000, 1000)
    market.award(need_id, ids[0])
    assert "low-against-mean" in protocol_of(market, need_id)["lines"][0]["flags"]


def test_the_states_are_the_models_own(market: Market) -> None:
    need_id, ids = market.opened(100)
    market.award(need_id, ids[0])
    with market.works.reading() as work:
        assert work.session.get_one(Quote, ids[0]).state is QuoteState.WON


def test_a_winner_that_steps_back_leaves_the_choice_open_while_one_let_in_again_has_no_points(market: Market) -> None:
    need_id, ids = market.opened(100, 200, 300, method="merit", method_basis="", criteria=CRITERIA)
    away, city = market.agents[2][1], market.world.city
    with market.works.writing(city) as work:
        registration.suspend(work, away, "年检过期")
    market.score(need_id, {ids[0]: 60, ids[1]: 90})
    given = market.award(need_id, ids[1])
    with market.works.writing(city) as work:
        registration.resume(work, away, "年检已经通过，恢复承接")
    with market.works.writing(market.agents[1][0]) as work:
        assert service.decline(work, given.id, Reason(WHY)) is None
    with market.works.reading() as work:
        states = [work.session.get_one(Quote, one).state for one in ids]
    assert (market.need(need_id).state, states) == (
        NeedState.SELECTING,
        [QuoteState.OPENED, QuoteState.DECLINED, QuoteState.OPENED],
    )
    market.score(need_id, {ids[2]: 95})
    assert market.award(need_id, ids[2]).rank == 1
