"""Notices of the calendar: two persons, dated days, what was computed before and after, and the page of a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.rulebook import calendar
from agencies.rulebook.calendar_pages import read_days
from agencies.rulebook.commands import NoticedDay, ProposeNotice
from agencies.rulebook.lifecycle import NoticeState as S
from agencies.rulebook.models import CalendarNotice
from core import deadlines, workdays
from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.deadlines import Deadline
from core.errors import Conflict, Forbidden, Invalid
from core.workdays import add_workdays, close_of, is_workday
from tests.agencies.registration.conftest import world
from tests.agencies.registration.world import World
from tests.browser import page, post

__all__ = ["world"]

SATURDAY, MONDAY = date(2026, 3, 28), date(2026, 3, 30)
WHY = "按来文录入，全市统一执行"
NOTICE = ProposeNotice(
    "东莞市人民政府办公室关于调休的通知（东府办〔2026〕9号）", "https://example.gov.cn/9",
    (NoticedDay(SATURDAY, True, "调休上班"), NoticedDay(MONDAY, False, "调休放假")), WHY,
)  # fmt: skip


@pytest.fixture
def pair(world: World) -> tuple[Actor, Actor]:
    """Give two people of the administration."""
    first = world.actor(OrgKind.ADMINISTRATION, "市政务和数据局", None)
    second = world.actor(OrgKind.ADMINISTRATION, "市政务和数据局二科", None)
    return first, second


def act(world: World, actor: Actor, deed: Callable[..., Any], *words: Any) -> Any:
    with world.works.writing(actor) as work:
        return deed(work, *words)


def test_two_persons_change_the_calendar_and_what_is_computed_later_uses_it(
    world: World, pair: tuple[Actor, Actor]
) -> None:
    first, second = pair
    row = act(world, first, calendar.propose, NOTICE)
    assert not is_workday(SATURDAY)
    with pytest.raises(Forbidden):
        act(world, first, calendar.approve, row.id, WHY)
    for stranger in (world.city, world.town, world.reader):
        with pytest.raises(Forbidden):
            act(world, stranger, calendar.approve, row.id, WHY)
    act(world, second, calendar.approve, row.id, WHY)
    assert (is_workday(SATURDAY), is_workday(MONDAY)) == (True, False)
    assert add_workdays(date(2026, 3, 27), 2) == date(2026, 3, 31)
    assert workdays.source_of(SATURDAY) is workdays.Source.NOTICE


def test_deadlines_that_stand_stay_and_are_listed(world: World, pair: tuple[Actor, Actor]) -> None:
    kept = {"agency.early": close_of(date(2026, 3, 20)), "agency.monday": close_of(MONDAY),
            "agency.later": close_of(date(2026, 4, 8))}  # fmt: skip
    with world.works.system() as work:
        for kind, due_at in kept.items():
            deadlines.put(work, kind, 1, due_at)
    row = act(world, pair[0], calendar.propose, NOTICE)
    row = act(world, pair[1], calendar.approve, row.id, WHY)
    listed = {one["kind"]: one["on_day"] for one in row.affected}
    assert listed == {"agency.monday": True, "agency.later": False}
    assert row.affected_n == len(listed)
    with world.works.reading() as work:
        found = {one.kind: one.due_at for one in work.session.scalars(select(Deadline))}
    assert {kind: found[kind] for kind in kept} == kept


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ((), "calendar-days-missing"),
        ((NoticedDay(date(2026, 3, 18), False, "今天"),), "calendar-day-passed"),
        ((NoticedDay(date(2031, 3, 18), False, "太远"),), "calendar-day-far"),
        ((NoticedDay(MONDAY, False, "一"), NoticedDay(MONDAY, False, "二")), "calendar-day-twice"),
        ((NoticedDay(MONDAY, True, "本来就上班"),), "calendar-day-unchanged"),
    ],
)
def test_a_notice_that_does_not_do_says_why(
    world: World, pair: tuple[Actor, Actor], days: tuple[NoticedDay, ...], code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        act(world, pair[0], calendar.propose, replace(NOTICE, days=days))
    assert refusal.value.code == code


def test_a_notice_whose_day_came_while_it_waited_is_not_approved(
    world: World, pair: tuple[Actor, Actor], clock: FixedClock
) -> None:
    row = act(world, pair[0], calendar.propose, NOTICE)
    clock.advance(timedelta(days=10))
    with pytest.raises(Conflict, match="calendar-days-passed-waiting"):
        act(world, pair[1], calendar.approve, row.id, WHY)
    act(world, pair[0], calendar.withdraw, row.id)
    with world.works.reading() as work:
        assert work.session.get_one(CalendarNotice, row.id).state is S.WITHDRAWN


def test_a_later_notice_goes_before_an_earlier(world: World, pair: tuple[Actor, Actor]) -> None:
    first = act(world, pair[0], calendar.propose, NOTICE)
    act(world, pair[1], calendar.approve, first.id, WHY)
    back = replace(NOTICE, days=(NoticedDay(MONDAY, True, "恢复上班"),))
    second = act(world, pair[0], calendar.propose, back)
    act(world, pair[1], calendar.approve, second.id, WHY)
    assert (is_workday(SATURDAY), is_workday(MONDAY)) == (True, True)


def test_another_process_learns_of_a_notice_when_it_first_asks(world: World, pair: tuple[Actor, Actor]) -> None:
    row = act(world, pair[0], calendar.propose, NOTICE)
    act(world, pair[1], calendar.approve, row.id, WHY)
    workdays.forget()
    assert not is_workday(SATURDAY)
    with workdays.newer.watching(lambda: calendar.look(world.works)):
        assert is_workday(SATURDAY)


def test_lines_are_read_as_people_write_them() -> None:
    text = "2026-03-28 上班 调休上班\n\n2026-03-30 放假 调休放假 全市\n2026-04-11 补班"
    assert [(one["day"], one["working"], one["name"]) for one in read_days(text)] == [
        ("2026-03-28", True, "调休上班"), ("2026-03-30", False, "调休放假 全市"), ("2026-04-11", True, "补班"),
    ]  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        read_days("2026-03-28 上班 一\n2026-03-30 也许")
    assert refusal.value.facts["line"] == 2


def test_a_notice_is_entered_judged_and_read_on_pages(
    client: FlaskClient, world: World, pair: tuple[Actor, Actor]
) -> None:
    text = page(client, "/calendar?year=2026")
    assert "春节" in text
    assert "2026-02-14" in text
    world.sign_in(client, pair[0])
    typed = {"document": NOTICE.document, "source": NOTICE.source, "reason": WHY}
    at = "/calendar/notices/new"
    wrong = post(client, at, {**typed, "days": "2026-03-28 也许"})
    assert wrong.status_code == 422
    assert "2026-03-28 也许" in wrong.get_data(as_text=True)
    kept = post(client, at, {**typed, "days": "2026-03-28 上班 调休上班\n2026-03-30 放假 调休放假"})
    url = kept.headers["Location"]
    assert "等另一个人审核" in page(client, url)
    world.sign_in(client, pair[1])
    assert post(client, f"{url}/approve", {"reason": WHY}, at=url).status_code == 303
    assert "不变的期限" in page(client, url)
    with client.session_transaction() as session:
        session.clear()
    shown = page(client, "/calendar?year=2026")
    assert "调休放假" in shown
    assert NOTICE.document in shown
    assert WHY not in page(client, url)


def test_the_api_says_the_same(client: FlaskClient, app: Flask, world: World, pair: tuple[Actor, Actor]) -> None:
    first, second = (world.api_token(one) for one in pair)
    days = [{"day": "2026-03-28", "working": True, "name": "调休上班"}]
    sent = {"document": NOTICE.document, "days": days, "reason": WHY}
    made = client.post("/api/v1/calendar-notices", json=sent, headers=first)
    assert made.status_code == 201
    at = f"/api/v1/calendar-notices/{made.get_json()['id']}"
    assert client.get(at).status_code == 404
    assert client.post(f"{at}/approval", json={"reason": WHY}, headers=first).status_code == 403
    assert client.post(f"{at}/approval", json={"reason": WHY}, headers=second).get_json()["state"] == "approved"
    year = client.get("/api/v1/calendar?year=2026").get_json()
    told = next(one for one in year["days"] if one["day"] == "2026-03-28")
    assert (told["working"], told["source"], told["document"]) == (True, "notice", NOTICE.document)
    assert len(client.get("/api/v1/calendar-notices").get_json()["items"]) == 1
