"""Walks through how one is told: settings, the link that stops mail, an organisation's system, its calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from accounts import delivery, messages, preferences, stops
from accounts.messages import Aim
from accounts.models import Message
from core import outbox
from core.access import Actor, MemberRole, OrgKind
from core.errors import Conflict
from core.work import Works
from tests.accounts.people import Browser, People, body, first
from tests.accounts.test_delivery import WIRING

PAGES = ("/account/notifications", "/organisation/webhook", "/account")
CHOSEN = {
    "todo_channels": ["sms"], "know_channels": [], "todo_pace": "daily", "know_pace": "instant", "quiet_from": "1320",
    "quiet_to": "420", "lang": "en",
}  # fmt: skip


def test_settings_are_shown_kept_and_refused_with_what_was_chosen(
    browser: Browser, people: People, works: Works
) -> None:  # fmt: skip
    user = people.person(people.organisation())
    browser.use(people.token(user))
    page = browser.get("/account/notifications").text
    assert 'value="1260" selected' in page
    wrong = browser.post("/account/notifications", {**CHOSEN, "todo_pace": "hourly"})
    assert wrong.status_code == 422
    assert browser.post("/account/notifications", CHOSEN).status_code == 303
    with works.reading() as work:
        row = preferences.of_person(work.session, user.id)
        assert (row.todo_channels, row.know_channels, row.quiet_from, row.lang) == (["sms"], [], 1320, "en")
    assert 'value="1320" selected' in browser.get("/account/notifications").text
    for page_ in PAGES:
        for lang in ("zh-Hans-CN", "zh-Hant", "en"):
            shown = browser.get(f"{page_}?lang={lang}")
            assert (shown.status_code, shown.text.count("<h1>")) == (200, 1)


def test_a_try_goes_to_oneself_alone_in_ones_own_language(browser: Browser, people: People, works: Works) -> None:
    org = people.organisation()
    user = people.person(org)
    browser.use(people.token(user))
    for _ in range(2):
        assert browser.post("/account/notifications/try", {}, page="/account/notifications").status_code == 303
    outbox.relay(works, WIRING)
    assert delivery.flush(works) == 2
    page = browser.get("/account/notifications").text
    assert "这是一条试发的通知" in page
    assert "已发出" in page
    other = people.person(org)
    browser.use(people.token(other))
    assert "这是一条试发的通知" not in browser.get("/messages").text


def test_a_reader_settles_what_is_for_them_and_nothing_else(browser: Browser, people: People, works: Works) -> None:
    org = people.organisation()
    reader, other = people.person(org, MemberRole.READER), people.person(org)
    with works.system() as work:
        for aim in (Aim(reader.id), Aim(other.id), Aim()):
            messages.tell(work, org.id, "notice-tried", "/desk", aim=aim)
    browser.use(people.token(reader))
    answers = [browser.post(f"/messages/{number}/done", {}, page="/messages").status_code for number in (1, 2, 3)]
    assert answers == [303, 403, 403]
    with works.reading() as work:
        assert work.session.get_one(Message, 1).done_at is not None


def test_the_link_in_a_mail_stops_mail_without_signing_in(app: Flask, people: People, works: Works) -> None:
    user = people.person(people.organisation())
    path = stops.mail_path(user.id)
    stranger = Browser(app.test_client())
    assert "停发消息邮件" in stranger.get(path).text
    with works.reading() as work:
        assert "mail" in preferences.of_person(work.session, user.id).todo_channels
    assert "不再寄消息邮件了" in stranger.post(path, {}).text
    with works.reading() as work:
        row = preferences.of_person(work.session, user.id)
        assert (row.todo_channels, row.know_channels) == (["sms"], [])
    assert app.test_client().post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert stranger.get(path[:-1]).status_code == 404


def test_a_manager_sets_a_system_and_sees_how_calls_went(browser: Browser, people: People, works: Works) -> None:
    org = people.organisation()
    browser.use(people.token(people.person(org)))
    wrong = browser.post("/organisation/webhook", {"url": "https://192.168.1.1/x"})
    assert wrong.status_code == 422
    assert "内部网络" in wrong.text
    done = browser.post("/organisation/webhook", {"url": "https://hooks.example.cn/market"})
    assert done.status_code == 201
    secret = first(r'<span class="code">([^<]+)</span>', done.text)
    assert secret not in browser.get("/organisation/webhook").text
    assert browser.post("/organisation/webhook/drop", {}, page="/organisation/webhook").status_code == 303
    assert browser.post("/organisation/webhook/drop", {}, page="/organisation/webhook").status_code == 404
    browser.use(people.token(people.person(org, MemberRole.DELEGATE)))
    assert browser.get("/organisation/webhook").status_code == 403


def test_a_calendar_holds_what_is_due_until_its_address_is_stopped(
    browser: Browser, people: People, works: Works, app: Flask
) -> None:  # fmt: skip
    org = people.organisation()
    user = people.person(org)
    with works.system() as work:
        due = works.clock.now() + timedelta(days=2)
        messages.tell(work, org.id, "contract-to-sign", "/contracts/1", due_at=due, need="桥,梁")
        messages.tell(work, org.id, "result-delivered", "/contracts/2", need="没有期限的")
    browser.use(people.token(user))
    made = browser.post("/account/calendar", {}, page="/account/notifications")
    path = first(r"(/calendar/[\w-]+\.ics)", made.text)
    answer = app.test_client().get(path)
    text = answer.get_data(as_text=True).replace("\r\n ", "")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/calendar", "private, max-age=300")
    assert "DTSTART:20260320T020000Z" in text
    assert "桥\\,梁" in text
    assert "没有期限的" not in text
    again = first(r"(/calendar/[\w-]+\.ics)", browser.post("/account/calendar", {}, page="/account/notifications").text)
    assert app.test_client().get(path).status_code == 404
    assert app.test_client().get(again).status_code == 200
    assert browser.post("/account/calendar/revoke", {}, page="/account/notifications").status_code == 303
    assert app.test_client().get(again).status_code == 404


def test_programs_read_and_choose_the_same(app: Flask, people: People) -> None:
    user = people.person(people.organisation(OrgKind.AGENCY))
    asked = {"identifier": user.mobile, "password": "松湖的早晨有雾，十点散", "label": "t", "scopes": ["read", "write"]}
    client = app.test_client()
    token = body(client.post("/api/v1/tokens", json=asked))["token"]
    head = {"Authorization": f"Bearer {token}"}
    usual = body(client.get("/api/v1/me/notifications", headers=head))
    assert (usual["todo_channels"], usual["know_pace"]) == (["mail", "sms"], "daily")
    chosen = body(client.put("/api/v1/me/notifications", headers=head, json={**usual, "know_channels": []}))
    assert chosen["know_channels"] == []
    assert client.get("/api/v1/organisation/webhook", headers=head).status_code == 404
    inside = client.put("/api/v1/organisation/webhook", headers=head, json={"url": "https://10.0.0.1/"})
    assert inside.status_code == 422
    made = body(client.put("/api/v1/organisation/webhook", headers=head, json={"url": "https://hooks.example.cn/"}))
    assert len(made["secret"]) > 40
    assert "secret" not in body(client.get("/api/v1/organisation/webhook", headers=head))
    assert client.delete("/api/v1/organisation/webhook", headers=head).status_code == 204


def test_an_actor_without_an_organisation_cannot_try(works: Works, people: People) -> None:
    user = people.person(None)
    with works.writing(Actor(user.id)) as work, pytest.raises(Conflict, match="not-a-member"):
        preferences.try_out(work)
