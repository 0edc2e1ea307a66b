"""A notice of two lots on pages and for programs: divided, checked, published, quoted for in part, decided in order."""

from __future__ import annotations

from flask import Flask

from marketplace.needs import family
from marketplace.needs.models import Lot, Need
from marketplace.selection import queries, service
from tests.browser import Browse, owed, page, post
from tests.marketplace.needs.test_lots import draft
from tests.marketplace.selection.world import ITEM, Market

SECOND = {"name": "南区", "scale": "南区，2 万平方米", "time_limit_days": "20", "no_ceiling_reason": "没有可比价格"}


def rows(market: Market, need_id: int) -> list[tuple[Lot, Need]]:
    with market.works.reading() as work:
        return family.lots_of(work.session, need_id)


def test_a_notice_of_two_lots_is_walked_through(market: Market, browse: Browse, app: Flask) -> None:
    agents = [market.agency(), market.agency()]
    need_id = draft(market, method="lowest", method_basis="镇街招标采购管理办法第五条")
    owner, one, two = browse(market.owner), browse(agents[0][0]), browse(agents[1][0])
    lots = f"/needs/{need_id}/lots"
    assert "现在不分标段" in page(owner, f"/needs/{need_id}/check")
    bare = post(owner, f"{lots}/new", {**SECOND, "name": "", "time_limit_days": "零"})
    assert bare.status_code == 422
    owed(bare.get_data(as_text=True))
    assert "填写标段名称" in bare.get_data(as_text=True)
    assert post(owner, f"{lots}/new", SECOND).status_code == 303
    assert post(owner, f"{lots}/1/edit", {**SECOND, "name": "北区", "scale": "北区，3 万平方米"}).status_code == 303
    assert post(owner, f"{lots}/limit", {"most_wins": "2"}, lots).status_code == 422
    assert post(owner, f"{lots}/limit", {"most_wins": "1"}, lots).status_code == 303
    text = page(owner, lots)
    assert "第 2 标段：南区" in text
    assert "每家最多中选 1 个标段" in text
    second_id = rows(market, need_id)[1][1].id
    assert owner.get(f"/needs/{second_id}/edit").location == f"{lots}/2/edit"
    assert owner.get(f"/needs/{second_id}/check").location == f"/needs/{need_id}/check"
    assert "第 1 标段：北区" in page(owner, f"/needs/{need_id}/check")
    assert post(owner, f"/needs/{need_id}/publish", {}, f"/needs/{need_id}/check").status_code == 303
    assert owner.get(lots).status_code == 302
    public = page(app.test_client(), f"/needs/{second_id}")
    assert "本公告分 2 个标段" in public
    assert f"DG-2026-{need_id:06d}-L2" in public
    for client, yuan in ((one, "900"), (two, "1000")):
        for lot_id in (need_id, second_id):
            quote = {"amount": yuan, "days": "15", "plan": "按期完成", "commitment_given": "1"}
            sent = post(client, f"/needs/{lot_id}/quote", quote)
            assert sent.status_code == 303, sent.get_data(as_text=True)[:4000]
    assert "已报价，看回执" in page(one, f"/needs/{need_id}/quote/receipt")
    with market.works.system() as work:
        for lot_id in (need_id, second_id):
            service.commit_draw(work, {"id": lot_id})
    for lot_id in (need_id, second_id):
        market.close(lot_id)
    market.stay_signed_in()
    assert "还没轮到本标段" in page(owner, f"/needs/{second_id}/selection")
    for lot_id, agent in ((need_id, agents[0]), (second_id, agents[1])):
        with market.works.reading() as work:
            chosen = next(row for row in queries.opened_quotes(work.session, lot_id) if row.agency_id == agent[1])
        confirm = f"/needs/{lot_id}/selection/confirm"
        given = post(owner, confirm, {"quote_id": str(chosen.id)}, f"{confirm}?quote_id={chosen.id}")
        assert given.status_code == 303, given.get_data(as_text=True)[:4000]
    result = page(app.test_client(), f"/needs/{second_id}/result")
    assert "公告限定每家最多中选 1 个标段" in result
    assert "已在前面的标段中选满公告限定的个数" in result
    assert "已中选第 1 标段" in result


def test_lots_are_written_and_read_by_programs(market: Market, app: Flask) -> None:
    client, headers = app.test_client(), market.world.api_token(market.owner)
    need_id = draft(market, ITEM)
    url = f"/api/v1/needs/{need_id}/lots"
    body = {"name": "南区", "scale": "2 万平方米", "ceiling_fen": 9_000_000}
    made = client.post(url, json=body, headers=headers)
    assert made.status_code == 201, made.text
    assert [one["number"] for one in made.get_json()["lots"]] == [1, 2]
    changed = client.put(f"{url}/2", json={**body, "name": "东区"}, headers=headers).get_json()
    assert (changed["lots"][1]["name"], changed["lots"][1]["ceiling_fen"]) == ("东区", 9_000_000)
    limited = client.put(f"/api/v1/needs/{need_id}/lot-limit", json={"most_wins": 1}, headers=headers)
    assert limited.get_json()["most_wins"] == 1
    lone = client.post(f"/api/v1/needs/{changed['lots'][1]['need_id']}/publish", headers=headers)
    assert (lone.status_code, lone.get_json()["code"]) == (409, "lot-goes-with-notice")
    gone = client.delete(f"{url}/2", headers=headers).get_json()
    assert (len(gone["lots"]), gone["most_wins"], gone["title"]) == (1, None, "松山湖厂房工程")
    client.post(url, json=body, headers=headers)
    assert client.post(f"/api/v1/needs/{need_id}/publish", headers=headers).status_code == 200
    public = client.get(url).get_json()
    assert {one["state"] for one in public["lots"]} == {"open"}
    assert public["number"] == f"DG-2026-{need_id:06d}"
