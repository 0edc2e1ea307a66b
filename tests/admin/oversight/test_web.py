"""Pages of oversight for those who may."""

from __future__ import annotations

import re
from http import HTTPStatus

from flask.testing import FlaskClient

from core.access import OrgKind
from tests.marketplace.contracts.deal import signed
from tests.marketplace.selection.world import Market


def token(client: FlaskClient, url: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(url).get_data(as_text=True))
    return found[1] if found else ""


def test_the_record_is_listed_narrowed_and_verified(market: Market, client: FlaskClient) -> None:
    contract = signed(market)
    market.world.sign_in(client, market.world.actor(OrgKind.ADMINISTRATION, "系统管理", None))
    assert client.get("/audit").status_code == HTTPStatus.OK
    text = client.get(f"/audit?kind=contract&object_id={contract.id}").get_data(as_text=True)
    assert "contract.drafted" in text
    answer = client.post("/audit/verify", data={"csrf_token": token(client, "/audit")}, follow_redirects=True)
    assert "校验通过" in answer.get_data(as_text=True)


def test_an_organisation_is_suspended_on_the_page(market: Market, client: FlaskClient) -> None:
    market.world.sign_in(client, market.world.actor(OrgKind.ADMINISTRATION, "系统管理", None))
    assert client.get("/organisations?kind=enterprise&name=乙").status_code == HTTPStatus.OK
    url = f"/organisations/{market.owner.org_id}/suspend"
    kept = {"csrf_token": token(client, url)}
    assert client.post(url, data={**kept, "reason": ""}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert client.post(url, data={**kept, "reason": "查实冒用执照"}).status_code == HTTPStatus.SEE_OTHER
    assert "已停用" in client.get("/organisations?suspended=1").get_data(as_text=True)


def test_the_city_operator_sees_but_does_not_suspend(market: Market, client: FlaskClient) -> None:
    market.world.sign_in(client, market.world.city)
    for url in ("/audit", "/organisations", "/oversight/towns"):
        assert client.get(url).status_code == HTTPStatus.OK, url
    assert client.get(f"/organisations/{market.owner.org_id}/suspend").status_code == HTTPStatus.FORBIDDEN


def test_others_see_nothing_of_it(market: Market, client: FlaskClient) -> None:
    for actor in (market.owner, market.world.town):
        market.world.sign_in(client, actor)
        for url in ("/audit", "/organisations", "/oversight/towns"):
            assert client.get(url).status_code == HTTPStatus.FORBIDDEN, url


def test_the_record_comes_by_the_api(market: Market, client: FlaskClient) -> None:
    signed(market)
    headers = market.world.api_token(market.world.actor(OrgKind.ADMINISTRATION, "系统管理", None))
    found = client.get("/api/v1/audit/leaves?limit=5", headers=headers).get_json()
    assert len(found["items"]) == 5
    assert found["next"]
    assert client.get("/api/v1/audit/verification", headers=headers).get_json()["first_break"] is None
