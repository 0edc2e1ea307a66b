"""Walks over the search page and its API."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from core.clock import beijing_day
from search import rotation, service
from tests.search.world import Shop


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    """Fetch a page and check what every page owes: the status, one h1, ids used once, labelled boxes."""
    answer = client.get(url)
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, text[-3000:]
    assert text.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]
    for box in re.findall(r"<input[^>]*>", text):
        if 'type="hidden"' not in box:
            if f'<label class="option">{box}' in text:
                continue
            name = re.search(r'id="([^"]+)"', box)
            assert name is not None, box
            assert f'for="{name[1]}"' in text, box
    assert "style=" not in text
    return text


@pytest.fixture
def market(shop: Shop, index: Path) -> Shop:
    """Index two agencies and two notices."""
    shop.agency(
        "东莞粤诚环境科技有限公司", "DG-B-25", grade="A", on_time_milli=960, delivered_n=10, standing_low_milli=4200
    )
    shop.agency("东莞鼎正工程监理有限公司", "DG-C-53", grade="B")
    shop.notice("长安<b>厂房</b>扩建环评", "DG-B-25")
    shop.notice("万江道路监理", "DG-C-53")
    with shop.works.reading() as work:
        service.rebuild(work)
    return shop


def test_the_page_shows_hits_reasons_and_ways_to_narrow(client: FlaskClient, market: Shop) -> None:
    text = page(client, "/search?q=huanping")
    assert "环境影响报告表编制" in text
    assert "拼音是“huanping”" in text
    assert "信用等级" in text
    assert "服务事项 " in text
    assert "&lt;b&gt;" in text
    assert "<b>厂房" not in text
    assert 'name="q" value="huanping"' in text


def test_matched_words_are_marked(client: FlaskClient, market: Shop) -> None:
    assert "<mark>监理</mark>" in page(client, "/search?q=監理&kind=notice")
    assert "<mark>" in page(client, "/search?q=粤诚&kind=agency")


def test_kinds_filters_and_orders_narrow(client: FlaskClient, market: Shop) -> None:
    agencies = page(client, "/search?q=环评&kind=agency&grade=A&on_time=95&sort=on_time")
    assert "粤诚" in agencies
    assert "鼎正" not in agencies
    assert "找到 1 条" in agencies
    assert "准时率 95% 以上" in agencies
    nothing = page(client, "/search?q=环评&kind=agency&grade=B")
    assert "没有符合条件的结果" in nothing
    assert "去掉“信用等级”，有 1 条" in nothing


def test_what_was_recognised_is_a_chip_that_can_be_removed(client: FlaskClient, market: Shop) -> None:
    text = page(client, "/search?q=长安厂房 环评 3200万")
    assert "镇街：长安镇" in text
    assert "项目投资额：3,200 万元" in text
    assert "/search?q=%E5%8E%82%E6%88%BF+%E7%8E%AF%E8%AF%84+3200%E4%B8%87" in text


def test_an_empty_page_leads_on(client: FlaskClient, market: Shop) -> None:
    text = page(client, "/search?q=xyzzyq")
    assert "没有符合条件的结果" in text
    assert 'href="/services"' in text
    assert "没有找到原词，已按“环评”搜索" in page(client, "/search?q=环凭")
    page(client, "/search")
    page(client, "/search?q=环评&page=49")


def test_an_absurd_line_gets_a_sentence(client: FlaskClient, market: Shop) -> None:
    text = page(client, f"/search?q={'环' * 130}", 422)
    assert "最多 120 个字，现有 130 个" in text
    assert "错误：" in text
    assert "星号只能放在词尾" in page(client, "/search?q=*评", 422)


@pytest.mark.parametrize(
    "query", ["page=x&q=环评", "sort=nonsense&q=环评", "kind=&q=环评&town=", "price=abc&q=环评", "on_time=999"]
)
def test_an_odd_address_is_read_as_far_as_it_goes(client: FlaskClient, market: Shop, query: str) -> None:
    assert "找到" in page(client, f"/search?{query}")


def test_a_page_in_english_and_traditional(client: FlaskClient, market: Shop) -> None:
    for locale in ("en", "zh-Hant"):
        client.get(f"/preferences?lang={locale}&next=/")
        page(client, "/search?q=环评 5万以下&kind=notice&state=open")


def test_a_number_that_is_not_there_is_named_and_the_line_stands_in_one_box(client: FlaskClient, market: Shop) -> None:
    text = page(client, "/search?q=DG-2026-999999")
    assert "没有编号“DG-2026-999999”" in text
    assert text.count('role="search"') == 1
    assert 'data-suggest="/suggest"' in text
    assert page(client, "/search").count('role="search"') == 2


def test_who_asks_for_notices_by_a_word_may_follow_them_and_sees_what_was_recognised(
    client: FlaskClient, market: Shop
) -> None:
    for query in ("环评&kind=notice", "环评 公告"):
        assert "订阅这样的公告" in page(client, f"/search?q={query}"), query
    assert "订阅这样的公告" not in page(client, "/search?q=环评")
    assert "类别：公告" in page(client, "/search?q=环评 公告")


def test_what_is_meant_by_a_free_line_is_said(client: FlaskClient, market: Shop) -> None:
    text = page(client, "/search?q=打井取水要做的论证")
    assert "下面是您说的可能要办的服务" in text or "说的就是它" in text
    answer = client.get("/api/v1/search?q=打井取水要做的论证").get_json()
    assert answer["items"][0]["title"] == "水资源论证报告"
    assert answer["beside"] == []


def test_suggestions_are_json(client: FlaskClient, market: Shop) -> None:
    items = client.get("/suggest?q=yuech").get_json()["items"]
    assert items == [{"kind": "中介机构", "title": "东莞粤诚环境科技有限公司", "url": items[0]["url"]}]
    assert client.get("/suggest").get_json() == {"items": []}
    assert client.get("/suggest?q=%00%F0%9F%98%80*" + "环" * 500).status_code == 200


def test_the_api_answers_with_reasons_and_counts(client: FlaskClient, market: Shop) -> None:
    answer = client.get("/api/v1/search?q=環評&limit=2").get_json()
    assert answer["items"][0]["id"] in {"DG-B-24", "DG-B-25"}
    assert answer["items"][0]["why"][0]["text"]
    assert sum(one["count"] for one in answer["facets"]["kind"]) == answer["total"]
    assert answer["degraded"] is False
    following = client.get(answer["next"]).get_json()
    assert {one["id"] for one in following["items"]}.isdisjoint({one["id"] for one in answer["items"]})
    narrowed = client.get("/api/v1/search?q=监理&kind=agency&grade=B&grade=C").get_json()
    assert [one["title"] for one in narrowed["items"]] == ["东莞鼎正工程监理有限公司"]


def test_the_api_refuses_in_problem_details(client: FlaskClient, market: Shop) -> None:
    refused = client.get(f"/api/v1/search?q={'环' * 130}")
    assert refused.status_code == 422
    assert refused.get_json()["code"] == "query-too-long"
    assert client.get("/api/v1/search?q=环评&page=0").status_code == 422
    assert client.get("/api/v1/search?q=环评&kind=none").status_code == 422


def test_without_an_index_the_page_says_so(client: FlaskClient, shop: Shop, index: Path) -> None:
    shop.agency("东莞粤诚环境科技有限公司", "DG-B-25")
    text = page(client, "/search?q=粤诚")
    assert "搜索索引正在重建" in text
    assert "东莞<mark>粤诚</mark>环境科技有限公司" in text
    assert client.get("/api/v1/search?q=粤诚").get_json()["degraded"] is True


def test_the_order_is_explained_with_the_seed_of_the_day(client: FlaskClient, market: Shop) -> None:
    text = page(client, "/search/order")
    with market.works.reading() as work:
        seed = rotation.seed_of(beijing_day(work.clock.now()))
    assert seed in text.replace("<wbr>", "")
    assert "位次不出售" in text
    assert "环境影响评价" in text
    assert 'href="/search/order"' in page(client, "/search?q=环评")
