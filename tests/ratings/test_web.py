"""Rating on pages and by the API: the form, the receipt, the public pages, and no leak before the reveal."""

from __future__ import annotations

import re
from http import HTTPStatus

from flask.testing import FlaskClient

from core.access import OrgKind
from marketplace.contracts.models import Contract
from ratings import service
from ratings.commands import GiveRating
from tests.marketplace.contracts.deal import accepted
from tests.marketplace.selection.world import Market

SCORES = {f"d{number}": "4" for number in range(1, 6)}
SECRET = "只有拆封后才看得到的评语"


def post(client: FlaskClient, url: str, data: dict[str, str]) -> tuple[int, str]:
    """Post a form with the token its page carries."""
    page = client.get(url).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    answer = client.post(url, data={**data, "csrf_token": found[1] if found else ""})
    return answer.status_code, answer.get_data(as_text=True)


def rated(market: Market, client: FlaskClient) -> Contract:
    contract = accepted(market)
    for actor in (market.owner, market.agents[0][0]):
        market.world.sign_in(client, actor)
        status, _text = post(client, f"/contracts/{contract.id}/rate", {**SCORES, "text": SECRET})
        assert status == HTTPStatus.SEE_OTHER
    return contract


def test_a_party_rates_on_the_page_and_sees_a_receipt(market: Market, client: FlaskClient) -> None:
    contract = accepted(market)
    market.world.sign_in(client, market.owner)
    page = client.get(f"/contracts/{contract.id}/rate")
    assert page.status_code == HTTPStatus.OK
    text = page.get_data(as_text=True)
    assert "能直接用" in text
    assert text.count('type="radio"') == 25
    assert " checked" not in text
    status, _text = post(client, f"/contracts/{contract.id}/rate", {**SCORES, "text": SECRET})
    assert status == HTTPStatus.SEE_OTHER
    again = client.get(f"/contracts/{contract.id}/rate").get_data(as_text=True)
    assert "贵单位已评价" in again
    assert SECRET not in again


def test_a_five_without_a_reason_comes_back_with_what_was_typed(market: Market, client: FlaskClient) -> None:
    contract = accepted(market)
    market.world.sign_in(client, market.owner)
    status, text = post(client, f"/contracts/{contract.id}/rate", {**SCORES, "d1": "5", "text": "写好的话"})
    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "写明理由" in text
    assert "写好的话" in text


def test_nobody_reads_a_hidden_rating_on_any_page(market: Market, client: FlaskClient) -> None:
    contract = accepted(market)
    market.world.sign_in(client, market.owner)
    post(client, f"/contracts/{contract.id}/rate", {**dict.fromkeys(SCORES, "2"), "text": SECRET})
    agency_id = market.agents[0][1]
    city = market.world.actor(OrgKind.ADMINISTRATION, "系统管理", None)
    for actor in (market.agents[0][0], market.world.town, market.world.city, city):
        market.world.sign_in(client, actor)
        for url in (
            f"/contracts/{contract.id}/ratings",
            f"/agencies/{agency_id}/ratings",
            f"/agencies/{agency_id}/standing",
            f"/agencies/{agency_id}",
            f"/api/v1/agencies/{agency_id}/ratings",
            f"/api/v1/agencies/{agency_id}/standing",
            "/audit",
        ):
            answer = client.get(url)
            assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FORBIDDEN}, url
            assert SECRET not in answer.get_data(as_text=True)
            assert "2.0" not in answer.get_data(as_text=True)
    found = client.get(f"/api/v1/agencies/{agency_id}/ratings").get_json()
    assert found["items"] == []


def test_both_ratings_show_to_everybody_and_are_answered(market: Market, client: FlaskClient) -> None:
    contract = rated(market, client)
    agency_id = market.agents[0][1]
    market.world.sign_in(client, market.agents[0][0])
    found = client.get(f"/api/v1/agencies/{agency_id}/ratings").get_json()["items"][0]
    status, _text = post(client, f"/ratings/{found['id']}/reply", {"reply": "谢谢配合"})
    assert status == HTTPStatus.SEE_OTHER
    for url in (f"/contracts/{contract.id}/ratings", f"/agencies/{agency_id}/ratings", f"/agencies/{agency_id}"):
        text = client.application.test_client().get(url).get_data(as_text=True)
        assert SECRET in text, url
        assert "谢谢配合" in text, url


def test_a_removed_rating_leaves_a_stub_on_the_page(market: Market, client: FlaskClient) -> None:
    contract = rated(market, client)
    agency_id = market.agents[0][1]
    rating_id = client.get(f"/api/v1/agencies/{agency_id}/ratings").get_json()["items"][0]["id"]
    market.world.sign_in(client, market.world.city)
    form = {"removal_reason": "other_contract", "note": "写的是另一份合同"}
    status, _text = post(client, f"/ratings/{rating_id}/remove", form)
    assert status == HTTPStatus.SEE_OTHER
    text = client.get(f"/agencies/{agency_id}/ratings").get_data(as_text=True)
    assert "这条评价已移除" in text
    assert SECRET not in text
    assert client.get(f"/contracts/{contract.id}/ratings").status_code == HTTPStatus.OK


def test_the_why_page_shows_lines_that_add_up(market: Market, client: FlaskClient) -> None:
    for _round in range(3):
        contract = accepted(market)
        for actor in (market.owner, market.agents[0][0]):
            with market.works.writing(actor) as work:
                service.rate(work, contract.id, GiveRating(4, 4, 4, 3, 4))
    agency_id = market.agents[0][1]
    found = client.get(f"/api/v1/agencies/{agency_id}/standing").get_json()
    assert sum(event["adds"] for event in found["events"]) == found["total"]
    text = client.get(f"/agencies/{agency_id}/standing").get_data(as_text=True)
    for event in found["events"]:
        assert f"{event['adds'] / 10000:.4f}" in text
    assert f"{found['total'] / 10000:.4f}" in text
    assert f"等级：{found['grade']}" in text


def test_a_rating_is_given_by_the_api_and_its_receipt_says_nothing(market: Market, client: FlaskClient) -> None:
    contract = accepted(market)
    headers = market.world.api_token(market.owner)
    body = {f"d{number}": 4 for number in range(1, 6)} | {"text": SECRET}
    answer = client.post(f"/api/v1/contracts/{contract.id}/ratings", json=body, headers=headers)
    assert answer.status_code == HTTPStatus.CREATED
    assert set(answer.get_json()) == {"id", "contract_id", "side", "state", "submitted_at"}
    again = client.post(f"/api/v1/contracts/{contract.id}/ratings", json=body, headers=headers)
    assert (again.status_code, again.get_json()["code"]) == (HTTPStatus.CONFLICT, "rating-given-already")
