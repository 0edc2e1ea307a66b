"""Feeds of notices and results: what the list shows, with ids that stay and times that tell of changes."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient

from core.clock import FixedClock
from core.money import Money
from core.work import Works
from marketplace.needs.lifecycle import NeedState
from marketplace.needs.models import Need
from tests.agencies.registration.world import OTHER_TOWN, TOWN
from tests.search.world import Shop

ATOM = "{http://www.w3.org/2005/Atom}"
ITEM = "DG-A-01"


def entries(client: FlaskClient, url: str) -> list[dict[str, str]]:
    """Read a feed as a reader would."""
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    root = ET.fromstring(answer.get_data())
    for name in ("id", "title", "updated"):
        assert root.findtext(ATOM + name)
    found = []
    for node in root.iter(f"{ATOM}entry"):
        one = {name: node.findtext(ATOM + name) or "" for name in ("id", "title", "updated", "published", "summary")}
        one["link"] = node.find(f"{ATOM}link").attrib["href"]
        one["categories"] = " ".join(each.attrib["term"] for each in node.iter(f"{ATOM}category"))
        assert all(one.values())
        found.append(one)
    return found


def test_the_feed_of_notices_narrows_as_the_list_does(shop: Shop, client: FlaskClient) -> None:
    shop.notice("长安厂房造价咨询 & <改造>", ITEM)
    shop.notice("东城环评\x0b", ITEM, town_code=OTHER_TOWN, ceiling=Money(100))
    shop.notice("还没发布的", ITEM, state=NeedState.DRAFT)
    assert [one["title"] for one in entries(client, "/needs.atom")] == ["东城环评", "长安厂房造价咨询 & <改造>"]
    for url, titles in ((f"?town={TOWN}", 1), (f"?town={TOWN},{OTHER_TOWN}", 2), ("?words=造价", 1), ("?least=2", 1)):
        assert len(entries(client, f"/needs.atom{url}")) == titles
    (one,) = entries(client, "/needs.atom?words=造价")
    assert one["id"] == "tag:market.invalid,2026:need:DG-2026-000001"
    assert one["categories"].split()[:3] == [f"item:{ITEM}", f"town:{TOWN}", "method:merit"]
    page = client.get(f"/needs?town={TOWN}").get_data(as_text=True)
    assert f'<link rel="alternate" type="application/atom+xml" title="公告" href="/needs.atom?town={TOWN}">' in page


def test_a_changed_notice_says_so_and_keeps_its_id(
    shop: Shop, client: FlaskClient, works: Works, clock: FixedClock
) -> None:  # fmt: skip
    need_id = shop.notice("长安厂房造价咨询", ITEM)
    (before,) = entries(client, "/needs.atom")
    tag = client.get("/needs.atom").headers["ETag"]
    assert client.get("/needs.atom", headers={"If-None-Match": tag}).status_code == 304
    clock.advance(timedelta(hours=3))
    with works.system() as work:
        need = work.session.get_one(Need, need_id)
        need.closes_at = clock.now() + timedelta(days=9)
        work.record(need, "need.deadline-moved")
    (after,) = entries(client, "/needs.atom")
    assert (after["id"], after["published"]) == (before["id"], before["published"])
    assert (before["updated"], after["updated"]) == ("2026-03-18T02:00:00Z", "2026-03-18T05:00:00Z")
    assert client.get("/needs.atom", headers={"If-None-Match": tag}).status_code == 200


def test_the_feed_of_results_tells_what_ended(shop: Shop, client: FlaskClient) -> None:
    shop.notice("还在报价", ITEM)
    shop.notice("没有人来", ITEM, state=NeedState.FAILED)
    (one,) = entries(client, "/results.atom")
    assert one["title"] == "选取结果：没有人来"
    assert "未成交" in one["summary"]
    assert one["link"].endswith("/needs/2/result")


def test_an_empty_feed_is_still_a_feed(client: FlaskClient) -> None:
    assert entries(client, "/needs.atom?words=没有的") == []
    assert entries(client, "/results.atom") == []
