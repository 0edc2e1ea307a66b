"""A search that is followed: told once of each public notice that fits, as the list of notices judges it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from accounts import telling
from accounts.models import Membership, Message
from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.money import Money
from core.work import Works
from marketplace.needs import narrowing, queries
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.queries import Filters
from search import narrowing as search_narrowing
from search import saved
from search.backend import Filters as Ticked
from search.backend import Query, Results
from search.commands import FollowSearch
from search.documents import Kind
from search.models import SavedSearch
from search.plan import Chip, ChipKind
from tests.accounts.people import Browser
from tests.agencies.registration.world import OTHER_TOWN, TOWN
from tests.search.world import Shop

WIDE = FollowSearch("造价", "instant", words="造价")
ITEM = "DG-A-01"


@pytest.fixture
def seeker(shop: Shop) -> Actor:
    return shop.world.actor(OrgKind.AGENCY, "松湖造价咨询")


def follow(works: Works, seeker: Actor, **changes: object) -> int:
    with works.writing(seeker) as work:
        return int(saved.follow(work, replace(WIDE, **changes)).id)  # type: ignore[arg-type]  # fields of the command


def told(works: Works, need_id: int) -> list[str]:
    """Tell of a notice, twice, and return what was left."""
    for _ in range(2):
        with works.system() as work:
            saved.tell_followers(work, {"id": need_id})
    with works.reading() as work:
        rows = work.session.scalars(select(Message).where(Message.code == "search-matched").order_by(Message.id))
        return [f"{row.facts['search']} {row.url}" for row in rows]


FITS: tuple[tuple[dict[str, object], bool], ...] = (
    ({}, True), ({"words": "厂房 造价"}, True), ({"words": "厂房 环评"}, False), ({"words": "建议书"}, True),
    ({"words": "%"}, False), ({"item": ITEM}, True), ({"item": f"DG-A-02,{ITEM}"}, True), ({"item": "DG-A-02"}, False),
    ({"town": TOWN}, True), ({"town": OTHER_TOWN}, False), ({"method": "merit"}, True), ({"method": "direct"}, False),
    ({"least": Money(5_000_000)}, True), ({"least": Money(5_000_001)}, False), ({"most": Money(5_000_000)}, True),
    ({"most": Money(4_999_999)}, False),
)  # fmt: skip


def test_what_fits_is_what_the_list_would_show(shop: Shop, works: Works, seeker: Actor) -> None:
    ids = [follow(works, seeker, name=f"{place}", **changes) for place, (changes, _fits) in enumerate(FITS)]
    need_id = shop.notice("长安厂房造价咨询", ITEM)
    assert told(works, need_id) == [f"{place} /needs/{need_id}" for place, (_changes, fits) in enumerate(FITS) if fits]
    with works.reading() as work:
        for search_id, (changes, fits) in zip(ids, FITS, strict=True):
            filters = saved.filters_of(work.session.get_one(SavedSearch, search_id))
            rows = queries.list_needs(work.session, seeker, filters, work.clock.now()).items
            assert [row.id for row in rows] == ([need_id] if fits else []), changes


def test_nothing_is_told_before_it_is_public_or_when_it_is_over(shop: Shop, works: Works, seeker: Actor) -> None:
    follow(works, seeker)
    for state in (NeedState.DRAFT, NeedState.WITHDRAWN, NeedState.SELECTING):
        assert told(works, shop.notice("长安厂房造价咨询", ITEM, state=state)) == []


def test_a_mail_of_a_match_says_how_it_is_stopped_and_its_pace(shop: Shop, works: Works, seeker: Actor) -> None:
    search_id = follow(works, seeker, pace="daily")
    need_id = shop.notice("长安厂房造价咨询", ITEM)
    told(works, need_id)
    with works.reading() as work:
        row = work.session.scalars(select(Message).where(Message.code == "search-matched")).one()
        assert (row.user_id, row.pace, row.stop_url) == (seeker.user_id, "daily", saved.stop_path(search_id))
        assert telling.said(row.code, row.facts) == "订阅“造价”有新公告：“长安厂房造价咨询”，03-23 10:00 截止报价"


def test_who_left_or_stopped_is_told_nothing(shop: Shop, works: Works, seeker: Actor) -> None:
    gone = shop.world.actor(OrgKind.AGENCY, "走了的机构")
    follow(works, gone)
    stopped = follow(works, seeker)
    with works.writing(seeker) as work:
        saved.stop(work, stopped)
    with works.system() as work:
        seat = work.session.scalars(select(Membership).where(Membership.user_id == gone.user_id)).one()
        seat.valid_to = date(2026, 3, 1)
        work.record(seat, "test.over")
    assert told(works, shop.notice("长安厂房造价咨询", ITEM)) == []


def test_an_enterprise_is_not_told_of_its_own_notice(shop: Shop, works: Works) -> None:
    follow(works, shop.world.reader)
    assert told(works, shop.notice("长安厂房造价咨询", ITEM)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"words": " "}, "saved-search-too-wide"),
        ({"least": Money(2), "most": Money(1)}, "saved-search-amounts"),
        ({"method": "best"}, "saved-search-unknown"),
        ({"pace": "hourly"}, "saved-search-unknown"),
        ({"item": "DG-Z-99"}, "saved-search-unknown"),
        ({"town": "440100"}, "saved-search-unknown"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(
    works: Works, seeker: Actor, changes: dict[str, object], code: str
) -> None:  # fmt: skip
    with pytest.raises(Invalid, match=code):
        follow(works, seeker, **changes)


def test_a_search_is_its_owners_alone(shop: Shop, works: Works, seeker: Actor) -> None:
    search_id = follow(works, seeker)
    with works.writing(shop.world.reader) as work, pytest.raises(NotFound):
        saved.change(work, search_id, WIDE)
    with works.writing(Actor(seeker.user_id)) as work, pytest.raises(Forbidden):
        saved.follow(work, WIDE)
    with works.writing(seeker) as work:
        saved.stop(work, search_id)
    with works.writing(seeker) as work, pytest.raises(Conflict, match="saved-search-stopped"):
        saved.change(work, search_id, WIDE)
    for _ in range(saved.MOST):
        follow(works, seeker)
    with pytest.raises(Conflict, match="saved-searches-many"):
        follow(works, seeker)


@given(
    st.text("造价环评a ", max_size=20), st.sampled_from(["", TOWN, f"{TOWN},{OTHER_TOWN}"]),
    st.none() | st.integers(1, 10**10),
)  # fmt: skip
def test_an_address_gives_back_the_filter_it_was_made_of(words: str, town: str, yuan: int | None) -> None:
    filters = Filters(words=words, town=town, least=None if yuan is None else Money(yuan * 100))
    assert narrowing.read_filters(narrowing.parameters(filters)) == filters


def test_the_search_page_hands_over_what_it_understood() -> None:
    chip = Chip(ChipKind.TOWN, TOWN, "南城", "造价")
    results = Results((), 0, {}, (), (chip,))
    query = Query("南城 造价", Kind.NOTICE, Ticked(items=(ITEM,), prices=((1_000_000, 5_000_000),)))
    found = search_narrowing.follow(query, results)
    assert found == f"/account/searches/new?words=%E9%80%A0%E4%BB%B7&town={TOWN}&item={ITEM}&least=10000&most=50000"


def test_a_search_is_followed_renamed_and_stopped_on_pages(
    shop: Shop, app: Flask, works: Works, clock: FixedClock, seeker: Actor
) -> None:  # fmt: skip
    browser = Browser(app.test_client())
    shop.world.sign_in(browser.client, seeker)
    listed = browser.get(f"/needs?town={TOWN}&words=造价").text
    assert f"/account/searches/new?town={TOWN}" in listed
    asked = browser.get(f"/account/searches/new?town={TOWN},{OTHER_TOWN}&words=造价&least=100").text
    assert f'value="{TOWN},{OTHER_TOWN}" selected' in asked
    assert browser.post("/account/searches/new", {"name": "空的", "pace": "instant"}).status_code == 422
    given = {"name": "我的造价", "words": "造价", "town": TOWN, "least": "100", "pace": "daily"}
    assert browser.post("/account/searches/new", given).status_code == 303
    page = browser.get("/account/searches").text
    assert "我的造价" in page
    assert "每天 08:30" in page
    assert browser.post("/account/searches/1", {**given, "name": "改名了"}).status_code == 303
    assert "改名了" in browser.get("/account/searches").text
    path = saved.stop_path(1)
    stranger = Browser(app.test_client())
    assert "停掉这个订阅" in stranger.get(path).text
    with works.reading() as work:
        assert work.session.get_one(SavedSearch, 1).stopped_at is None
    assert "这个订阅已停" in stranger.post(path, {}).text
    clock.advance(timedelta(minutes=1))
    with works.reading() as work:
        assert work.session.get_one(SavedSearch, 1).stopped_at == clock.now() - timedelta(minutes=1)
    assert "还没有订阅" in browser.get("/account/searches").text
