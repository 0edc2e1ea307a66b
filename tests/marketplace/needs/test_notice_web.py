"""Notices as everybody reads them: the list, the clock, questions, a deadline put off, the end of a need."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Message, Organisation
from core.money import Money
from marketplace.needs import service
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need, Question
from marketplace.quotes import service as quotes
from tests.browser import Browse, page, post
from tests.marketplace.selection.world import ITEM, Market


def test_everybody_reads_a_notice_and_nobody_a_draft(market: Market, browse: Browse, app: Flask) -> None:
    published = market.publish()
    with market.works.writing(market.owner) as work:
        draft = service.create(work, service.command_of(work, work.session.get_one(Need, published))).id
    stranger, anybody = browse(market.agency()[0]), app.test_client()
    for client in (stranger, anybody, browse(market.world.city)):
        page(client, f"/needs/{published}")
        assert client.get(f"/needs/{draft}").status_code == 404
        assert client.get(f"/api/v1/needs/{draft}").status_code == 404
        assert f"/needs/{draft}" not in page(client, "/needs")
    assert page(browse(market.owner), "/needs?mine=1").count(f"/needs/{draft}/check") == 1


def test_a_notice_is_found_by_its_number(market: Market, app: Flask) -> None:
    need = market.need(market.publish())
    client = app.test_client()
    answer = client.get(f"/needs/{str(need.number).lower()}")
    assert answer.status_code == 302
    assert answer.location.endswith(f"/needs/{need.id}")
    assert client.get("/needs/DG-2026-999999").status_code == 404


def test_a_notice_shows_all_its_public_fields_and_its_clock(market: Market, app: Flask) -> None:
    need_id = market.publish(ceiling=Money.from_wan(12), method="merit", project_code="2026-441900-47-01-000123")
    text = page(app.test_client(), f"/needs/{need_id}")
    for shown in (
        "东莞市乙实业有限公司", "建筑面积 3 万平方米", "社会资金", "12.00 万元", "方案择优", "价格", "30%",
        "2026-441900-47-01-000123", "签约后 20 天", "距报价截止", "2026年3月19日（周四）17:00", "data-closes",
        "业主咨询电话", "提问与报价", "进展记录", "发布公告，开始报价", "有效报价最少 1 份",
    ):  # fmt: skip
        assert shown in text, shown
    assert text.index("距报价截止") < text.index("要办什么")


def test_the_list_narrows_by_state_town_item_and_time(market: Market, app: Flask) -> None:
    first, second = market.publish(), market.publish(town_code="441900004", item_code="DG-A-02")
    client = app.test_client()

    def shown(query: str) -> set[int]:
        text = page(client, f"/needs?{query}")
        return {one for one in (first, second) if f'href="/needs/{one}"' in text}

    assert shown("") == {first, second}
    assert shown("state=open") == {first, second}
    assert shown("state=failed") == set()
    assert shown("town=441900004") == {second}
    assert shown(f"item={ITEM}") == {first}
    assert shown("soon=1") == {first, second}
    market.clock.advance(timedelta(days=30))
    assert shown("soon=1") == set()
    assert shown("state=nonsense") == {first, second}
    assert shown("town=%27") == set()


def test_the_list_goes_on_by_key_without_losing_or_repeating_a_notice(market: Market, app: Flask) -> None:
    ids = [market.publish() for _ in range(5)]
    client, url, seen = app.test_client(), "/api/v1/needs?limit=2&endpoint=x", []
    while url:
        body = client.get(url).get_json()
        seen += [one["id"] for one in body["items"]]
        url = body["next"]
    assert seen == ids[::-1]


def test_questions_are_public_and_nobody_learns_who_asked(market: Market, browse: Browse, app: Flask) -> None:
    need_id = market.publish()
    asker, _agency_id = market.agency()
    agency, owner = browse(asker), browse(market.owner)
    url = f"/needs/{need_id}/questions"
    assert post(agency, url, {"text": ""}, f"/needs/{need_id}").status_code == 422
    assert post(agency, url, {"text": "是否包含节能评估？"}, f"/needs/{need_id}").status_code == 303
    text = page(app.test_client(), f"/needs/{need_id}")
    assert "是否包含节能评估？" in text
    with market.works.reading() as work:
        question = work.session.scalars(select(Question)).one()
        name = work.session.get_one(Organisation, asker.org_id).name
    assert name not in text
    answer_url = f"/questions/{question.id}/answer"
    assert f'href="{answer_url}"' in page(owner, f"/needs/{need_id}")
    assert post(owner, answer_url, {"text": "包含，单独列一章。"}).status_code == 303
    assert "包含，单独列一章。" in page(app.test_client(), f"/needs/{need_id}")
    listed = app.test_client().get(f"/api/v1/needs/{need_id}/questions").get_json()
    assert listed[0]["answer"] == "包含，单独列一章。"
    assert "org_id" not in listed[0]


def test_a_deadline_is_put_off_with_a_reason_and_the_story_tells_it(market: Market, browse: Browse) -> None:
    need_id = market.publish()
    owner = browse(market.owner)
    url = f"/needs/{need_id}/deadline"
    early = post(owner, url, {"closes_at": "2026-03-19T16:00", "reason": "图纸补充"})
    assert early.status_code == 422
    assert "截止时间只能推迟，不能提前" in early.get_data(as_text=True)
    assert post(owner, url, {"closes_at": "2026-03-24T17:00", "reason": "图纸有补充，多留几天"}).status_code == 303
    text = page(owner, f"/needs/{need_id}")
    assert "从 3月19日 17:00 推迟到 3月24日 17:00。图纸有补充，多留几天" in text


def test_a_withdrawn_need_says_why_and_may_be_asked_again(market: Market, browse: Browse, app: Flask) -> None:
    need_id = market.publish()
    owner = browse(market.owner)
    assert post(owner, f"/needs/{need_id}/withdraw", {"reason": ""}).status_code == 422
    assert post(owner, f"/needs/{need_id}/withdraw", {"reason": "项目暂缓实施"}).status_code == 303
    assert "项目暂缓实施" in page(app.test_client(), f"/needs/{need_id}")
    again = post(owner, f"/needs/{need_id}/repeat", {}, f"/needs/{need_id}")
    assert again.status_code == 303
    copy = market.newest()
    assert (copy.repeats_id, copy.state, copy.closes_at) == (
        need_id,
        NeedState.DRAFT,
        market.need(need_id).closes_at,
    )
    assert "长安厂房扩建项目建议书" in page(owner, again.location)


@pytest.mark.parametrize(("fund", "sentence"), [("social", "改用直接选取"), ("fiscal", "调整后重新发布")])
def test_a_failed_need_offers_the_next_step_of_its_money(
    market: Market, browse: Browse, fund: str, sentence: str
) -> None:
    need_id = market.publish(fund=fund, ceiling=Money.from_wan(1))
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    text = page(browse(market.owner), f"/needs/{need_id}")
    assert market.need(need_id).state is NeedState.FAILED
    assert "截止时没有收到报价" in text
    assert sentence in text
    assert "复制重新采购" in text


def test_reading_a_notice_after_its_deadline_opens_it(market: Market, app: Flask) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    assert "全部报价已开启" in page(app.test_client(), f"/needs/{need_id}")
    assert market.need(need_id).state is NeedState.SELECTING


def test_a_calendar_file_carries_the_deadline_in_universal_time(market: Market, app: Flask) -> None:
    need_id = market.publish(title="长安厂房；扩建项目,建议书以及很长很长很长很长很长很长很长很长很长的名字")
    answer = app.test_client().get(f"/needs/{need_id}/calendar.ics")
    body = answer.get_data()
    assert answer.mimetype == "text/calendar"
    assert b"DTSTART:20260319T090000Z\r\n" in body
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    unfolded = body.decode().replace("\r\n ", "")
    assert "长安厂房；扩建项目\\,建议书" in unfolded


def test_no_page_counts_quotes_before_the_opening(market: Market, browse: Browse, app: Flask) -> None:
    need_id = market.publish()
    watcher = [app.test_client(), browse(market.owner), browse(market.world.city), browse(market.world.town)]
    urls = (f"/needs/{need_id}", "/needs", f"/needs/{need_id}/quotes", f"/api/v1/needs/{need_id}",
            f"/api/v1/needs/{need_id}/quotes", "/api/v1/needs")  # fmt: skip
    before = [[_plain(client.get(url).get_data(as_text=True)) for url in urls] for client in watcher]
    for place in range(3):
        market.quote(need_id, place, 100 + place)
    after = [[_plain(client.get(url).get_data(as_text=True)) for url in urls] for client in watcher]
    assert before == after


def _plain(text: str) -> str:
    """Leave out what differs from one request to the next by chance."""
    return re.sub(r'value="[^"]{40,}"|"request_id":"\w+"', "", text)


def test_agencies_on_the_shelf_hear_of_a_new_notice_and_those_declared_out_do_not(market: Market) -> None:
    hears, _one = market.agency()
    out, out_id = market.agency()
    need_id = market.publish(avoid=((out_id, "关联企业"),))
    for _ in range(2):
        with market.works.system() as work:
            service.tell_agencies(work, {"id": need_id})
    with market.works.reading() as work:
        told = work.session.scalars(select(Message.org_id).where(Message.code == "need-published")).all()
    gone = market.publish()
    with market.works.writing(market.owner) as work:
        service.withdraw(work, gone, "项目取消了")
    with market.works.system() as work:
        service.tell_agencies(work, {"id": gone})
    with market.works.reading() as work:
        again = work.session.scalars(select(Message.org_id).where(Message.code == "need-published")).all()
    assert told == again == [hears.org_id]
    assert out.org_id not in told


def test_the_owner_goes_from_the_notice_to_choosing(market: Market, browse: Browse) -> None:
    need_id = market.publish()
    market.quote(need_id, 0, 100)
    closes_at = market.closes_at(need_id)
    market.clock.instant = closes_at
    quotes.open_if_due(market.works, need_id)
    assert f'href="/needs/{need_id}/selection"' in page(browse(market.owner), f"/needs/{need_id}")


def test_questions_end_before_quotes_close_at_an_hour_people_work(market: Market) -> None:
    need = market.need(market.publish())
    assert need.questions_until is not None
    assert need.closes_at is not None
    assert need.closes_at - need.questions_until == timedelta(hours=4)
    long = market.need(market.publish(closes_at=need.closes_at + timedelta(days=5)))
    assert long.questions_until is not None
    assert long.closes_at is not None
    assert long.closes_at - long.questions_until >= timedelta(days=1)
