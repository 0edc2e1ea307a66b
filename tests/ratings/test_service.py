"""Both sides rate: sealed until both are in, published together, counted once, and taken away only with a trace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from accounts.models import Message
from agencies.registration.models import Agency
from core.access import Actor, MemberRole, OrgKind, allows
from core.audit import AuditLeaf
from core.deadlines import Deadline
from core.errors import Conflict, Forbidden, Invalid
from marketplace.contracts.models import Contract
from ratings import explanation, queries, rules, service
from ratings.commands import GiveRating, RemoveRating, ReplyToRating
from ratings.lifecycle import RATING, RatingState, RemovalReason, Side
from ratings.models import Rating
from ratings.permissions import POLICY
from ratings.wording import DIMENSIONS
from tests.marketplace.contracts.deal import accepted, signed
from tests.marketplace.selection.world import Market

GOOD = GiveRating(4, 4, 4, 4, 3, text="沟通顺畅")
SECRET = "独一无二的评语"


def city() -> Actor:
    return Actor(user_id=901, org_id=901, org_kind=OrgKind.CITY_OPERATOR, role=MemberRole.MANAGER)


def rate(market: Market, contract: Contract, who: Actor, command: GiveRating = GOOD) -> Rating:
    with market.works.writing(who) as work:
        return service.rate(work, contract.id, command)


def both(market: Market, contract: Contract, command: GiveRating = GOOD) -> tuple[Rating, Rating]:
    theirs = rate(market, contract, market.agents[0][0])
    return rate(market, contract, market.owner, command), theirs


def stored(market: Market, rating: Rating) -> Rating:
    with market.works.reading() as work:
        return work.session.get_one(Rating, rating.id)


def agency(market: Market) -> Agency:
    with market.works.reading() as work:
        return work.session.get_one(Agency, market.agents[0][1])


def test_a_first_rating_is_sealed_and_nothing_of_it_can_be_read(market: Market) -> None:
    contract = accepted(market)
    rating = stored(market, rate(market, contract, market.owner, GiveRating(2, 2, 2, 2, 2, text=SECRET)))
    assert (rating.state, rating.scores, rating.text, rating.tags) == (RatingState.HIDDEN, (), "", [])
    assert SECRET.encode() not in (rating.sealed or b"")
    with market.works.reading(city()) as work:
        assert queries.shown_of_contract(work.session, contract.id) == []
        assert list(queries.shown_ratings(work.session, rating.agency_id, after=None, limit=20).items) == []
        assert queries.counted(work.session, rating.agency_id, work.clock.now()) == []
        leaves = work.session.scalars(select(AuditLeaf).where(AuditLeaf.kind == "rating"))
        assert all(SECRET not in str(leaf.facts) and "2, 2" not in str(leaf.facts) for leaf in leaves)


def test_both_are_published_when_the_second_is_in(market: Market) -> None:
    contract = accepted(market)
    mine, theirs = both(market, contract)
    for rating in (stored(market, mine), stored(market, theirs)):
        assert (rating.state, rating.scores, rating.sealed) == (RatingState.PUBLISHED, (4, 4, 4, 4, 3), None)
    assert agency(market).ratings_n == 1


def test_a_lonely_rating_is_published_when_the_window_ends(market: Market) -> None:
    contract = accepted(market)
    with market.works.system() as work:
        service.open_window(work, {"id": contract.id})
        service.open_window(work, {"id": contract.id})
    with market.works.reading() as work:
        row = work.session.scalars(select(Deadline).where(Deadline.kind == "rating.reveal")).one()
        told = list(work.session.scalars(select(Message).where(Message.code == "rate-now")))
    assert len(told) == 2
    rating = rate(market, contract, market.owner)
    market.clock.instant = row.due_at - timedelta(seconds=1)
    with market.works.system() as work:
        assert service.reveal(work, contract.id) == 0
    market.clock.instant = row.due_at
    with market.works.system() as work:
        assert service.reveal(work, contract.id) == 1
    with market.works.system() as work:
        assert service.reveal(work, contract.id) == 0
    assert stored(market, rating).state is RatingState.PUBLISHED


def test_nobody_rates_before_acceptance(market: Market) -> None:
    early = signed(market)
    with pytest.raises(Conflict) as refused:
        rate(market, early, market.owner)
    assert refused.value.code == "rating-too-early"


def test_nobody_is_asked_any_more_when_the_window_ends_without_a_rating(market: Market) -> None:
    contract = accepted(market)
    with market.works.system() as work:
        service.open_window(work, {"id": contract.id})
    asked = select(Message.id).where(Message.code == "rate-now", Message.done_at.is_(None))
    with market.works.reading() as work:
        assert len(work.session.scalars(asked).all()) == 2
    market.clock.advance(timedelta(days=30))
    with market.works.system() as work:
        service.reveal_due(work, contract.id)
    with market.works.reading() as work:
        assert work.session.scalars(asked).all() == []


def test_a_side_rates_once_and_only_within_the_window(market: Market) -> None:
    contract = accepted(market)
    rate(market, contract, market.owner)
    with pytest.raises(Conflict) as twice:
        rate(market, contract, market.owner)
    assert twice.value.code == "rating-given-already"
    market.clock.advance(timedelta(days=30))
    with pytest.raises(Conflict) as late:
        rate(market, contract, market.agents[0][0])
    assert late.value.code == "rating-window-closed"


def test_only_the_parties_rate(market: Market) -> None:
    contract = accepted(market)
    other = Actor(user_id=902, org_id=902, org_kind=OrgKind.ENTERPRISE, role=MemberRole.MANAGER)
    for stranger in (city(), market.agents[1][0], other):
        with pytest.raises(Forbidden):
            rate(market, contract, stranger)


def test_the_lowest_and_highest_scores_want_a_reason(market: Market) -> None:
    contract = accepted(market)
    with pytest.raises(Invalid) as refused:
        rate(market, contract, market.owner, GiveRating(5, 4, 4, 4, 4, reason="好"))
    assert refused.value.code == "rating-reason-missing"
    rate(market, contract, market.owner, GiveRating(5, 4, 4, 4, 4, reason="一次通过评审，省了两周"))


@pytest.mark.parametrize("command", [GiveRating(0, 3, 3, 3, 3), GiveRating(3, 3, 3, 3, 3, tags=["made-up"])])
def test_a_score_out_of_range_or_an_unknown_tag_is_refused(market: Market, command: GiveRating) -> None:
    contract = accepted(market)
    with pytest.raises(Invalid):
        rate(market, contract, market.owner, command)


def test_the_rated_side_replies_once_and_only_to_what_is_public(market: Market) -> None:
    contract = accepted(market)
    seller = market.agents[0][0]
    hidden = rate(market, contract, market.owner)
    with pytest.raises(Forbidden), market.works.writing(seller) as work:
        service.reply(work, hidden.id, ReplyToRating("谢谢"))
    rate(market, contract, seller)
    with pytest.raises(Forbidden), market.works.writing(market.owner) as work:
        service.reply(work, hidden.id, ReplyToRating("自问自答"))
    with market.works.writing(seller) as work:
        service.reply(work, hidden.id, ReplyToRating("谢谢，已改进"))
    with pytest.raises(Conflict), market.works.writing(seller) as work:
        service.reply(work, hidden.id, ReplyToRating("再说一句"))


def test_a_removed_rating_counts_no_more_and_leaves_a_stub(market: Market) -> None:
    contract = accepted(market)
    mine, _theirs = both(market, contract)
    with market.works.writing(city()) as work:
        service.remove(work, mine.id, RemoveRating(RemovalReason.OTHER_CONTRACT, "写的是另一个项目"))
    assert agency(market).ratings_n == 0
    with market.works.reading() as work:
        page = queries.shown_ratings(work.session, market.agents[0][1], after=None, limit=20)
        assert [one.rating.state for one in page.items] == [RatingState.REMOVED]


def test_insults_go_and_the_scores_stay(market: Market) -> None:
    contract = accepted(market)
    mine, _theirs = both(market, contract)
    with market.works.writing(city()) as work:
        service.remove(work, mine.id, RemoveRating(RemovalReason.ABUSE, "有辱骂的话"))
    rating = stored(market, mine)
    assert (rating.state, rating.text, rating.scores) == (RatingState.PUBLISHED, "", (4, 4, 4, 4, 3))
    assert agency(market).ratings_n == 1


def test_a_hidden_rating_cannot_be_removed_and_a_party_removes_nothing(market: Market) -> None:
    contract = accepted(market)
    hidden = rate(market, contract, market.owner)
    command = RemoveRating(RemovalReason.RULING, "生效判决要求移除")
    with pytest.raises(Conflict), market.works.writing(city()) as work:
        service.remove(work, hidden.id, command)
    rate(market, contract, market.agents[0][0])
    with pytest.raises(Forbidden), market.works.writing(market.agents[0][0]) as work:
        service.remove(work, hidden.id, command)


def test_three_rated_contracts_make_a_standing_that_its_why_page_adds_up(market: Market) -> None:
    for rated in range(3):
        contract = accepted(market)
        assert (agency(market).standing_milli, agency(market).ratings_n) == (None, rated)
        both(market, contract)
    with market.works.reading() as work:
        why = explanation.explain(work, market.agents[0][1])
    assert agency(market).standing_milli == why.standing.mean_milli
    assert agency(market).grade == why.standing.grade is not None
    assert why.prior.printed + sum(event.printed for event, _rated in why.lines) == why.aggregate.printed
    assert len(why.lines) == len(why.contracts) == 3


def test_deliveries_are_counted_from_the_contracts_and_may_be_counted_again(market: Market) -> None:
    contract = accepted(market)
    for _twice in range(2):
        with market.works.system() as work:
            service.refresh_agency(work, {"id": contract.id})
    found = agency(market)
    assert (found.contracts_n, found.delivered_n, found.on_time_n) == (1, 1, 1)


def test_a_standing_fades_with_time_when_it_is_set_anew(market: Market) -> None:
    for _round in range(3):
        both(market, accepted(market), GiveRating(2, 2, 2, 2, 2))
    before = agency(market).standing_milli
    market.clock.advance(timedelta(days=700))
    with market.works.system() as work:
        assert service.recompute_all(work) == 1
    after = agency(market).standing_milli
    assert before is not None
    assert after is not None
    assert after > before


@pytest.mark.parametrize("state", list(RatingState))
def test_a_list_shows_what_the_policy_lets_anybody_read(state: RatingState) -> None:
    rating = Rating(state=state)
    for actor in (Actor(), city(), Actor(user_id=1, org_id=1, org_kind=OrgKind.ENTERPRISE)):
        assert allows(POLICY, "rating:read", actor, rating) is (state is RatingState.PUBLISHED)


@given(st.sampled_from(list(RatingState)), st.sampled_from([move.verb for move in RATING.moves]))
def test_every_state_with_every_move(state: RatingState, verb: str) -> None:
    allowed = {(RatingState.HIDDEN, "publish"), (RatingState.PUBLISHED, "remove")}
    if (state, verb) in allowed:
        RATING.follow(verb, state)
    else:
        with pytest.raises(Conflict):
            RATING.follow(verb, state)


def test_every_move_has_a_permission_and_every_side_five_dimensions_of_five_steps() -> None:
    assert set(RATING.permissions()) <= set(POLICY)
    for side in Side:
        assert [len(steps) for _name, steps in DIMENSIONS[side]] == [rules.MOST] * rules.DIMENSIONS
