"""The board, its lists, files and rows, for those who may; and the public's data."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from core.access import OrgKind
from ratings import service as ratings
from ratings.commands import GiveRating
from tests.marketplace.contracts.deal import accepted
from tests.marketplace.selection.world import Market

PAGES = ("/performance", "/performance/agencies", "/performance/items", "/performance/towns", "/performance/rows")
STEPS = ("signed", "accepted", "on_time", "late", "priced", "published", "quoted", "awarded", "rated", "nonsense")


@pytest.mark.parametrize("busy", [False, True])
def test_every_page_of_the_board_renders_empty_and_full(market: Market, client: FlaskClient, *, busy: bool) -> None:
    if busy:
        for _number in range(8):
            contract = accepted(market)
            for actor in (market.owner, market.agents[0][0]):
                with market.works.writing(actor) as work:
                    ratings.rate(work, contract.id, GiveRating(4, 4, 4, 4, 4))
    market.world.sign_in(client, market.world.city)
    for url in (*PAGES, *(f"/performance/rows?of={step}" for step in STEPS)):
        answer = client.get(url)
        assert answer.status_code == HTTPStatus.OK, url
        text = answer.get_data(as_text=True)
        assert text.count("<h1") == 1, url
        assert "style=" not in text, url


def test_the_numbers_on_the_board_lead_to_their_rows(market: Market, client: FlaskClient) -> None:
    contract = accepted(market)
    market.world.sign_in(client, market.world.city)
    text = client.get("/performance").get_data(as_text=True)
    assert "of=signed&amp;months=12" in text
    assert contract.number in client.get("/performance/rows?of=signed&months=12").get_data(as_text=True)


@pytest.mark.parametrize("url", ["/performance?figure=towns", "/performance/items", "/performance/rows?of=signed",
                                 "/performance/agencies", "/performance/towns", "/performance?figure=funnel",
                                 "/performance?figure=ratios", "/performance?figure=months"])  # fmt: skip
def test_every_list_is_also_a_file(market: Market, client: FlaskClient, url: str) -> None:
    accepted(market)
    market.world.sign_in(client, market.world.city)
    answer = client.get(f"{url}{'&' if '?' in url else '?'}format=csv")
    assert answer.status_code == HTTPStatus.OK
    assert answer.mimetype == "text/csv"
    assert answer.get_data().startswith(b"\xef\xbb\xbf")


def test_a_town_is_refused_another_towns_rows(market: Market, client: FlaskClient) -> None:
    accepted(market)
    market.world.sign_in(client, market.world.other_town)
    assert client.get("/performance/rows?town=441900003").status_code == HTTPStatus.FORBIDDEN
    assert client.get("/performance").status_code == HTTPStatus.OK


def test_a_party_does_not_see_the_board_and_a_stranger_signs_in_first(market: Market, client: FlaskClient) -> None:
    assert client.get("/api/v1/performance/summary").status_code == HTTPStatus.UNAUTHORIZED
    market.world.sign_in(client, market.owner)
    assert client.get("/performance").status_code == HTTPStatus.FORBIDDEN


def test_the_figures_come_by_the_api(market: Market, client: FlaskClient) -> None:
    contract = accepted(market)
    headers = market.world.api_token(market.world.city)
    found = client.get("/api/v1/performance/summary", headers=headers).get_json()
    assert (found["signed"], found["accepted"], found["ratio_median"]) == (1, 1, None)
    rows = client.get("/api/v1/performance/rows?of=signed", headers=headers).get_json()
    assert [row["id"] for row in rows["items"]] == [contract.id]
    for name in ("agencies", "items", "towns"):
        assert client.get(f"/api/v1/performance/{name}", headers=headers).get_json()["items"]


def test_the_public_downloads_notices_awards_and_contracts(market: Market, client: FlaskClient) -> None:
    contract = accepted(market)
    assert client.get("/open-data").status_code == HTTPStatus.OK
    for name in ("notices", "awards", "contracts"):
        found = client.get(f"/open-data/{name}.json").get_json()
        assert len(found["items"]) == 1
        assert client.get(f"/open-data/{name}.csv").get_data().startswith(b"\xef\xbb\xbfnumber")
    text = client.get("/open-data/contracts.json").get_data(as_text=True)
    assert contract.number in text
    assert client.get("/open-data/people.csv").status_code == HTTPStatus.NOT_FOUND


def test_a_draft_or_a_sealed_quote_is_in_no_public_file(market: Market, client: FlaskClient) -> None:
    need_id = market.publish()
    before = client.get("/open-data/notices.json").get_json()["items"]
    market.quote(need_id, 0, 123_456)
    assert client.get("/open-data/notices.json").get_json()["items"] == before
    assert client.get("/open-data/awards.json").get_json()["items"] == []


def test_the_price_regulators_desk_is_an_office_too(market: Market, client: FlaskClient) -> None:
    regulator = market.world.actor(OrgKind.PRICE_REGULATOR, "市发改局", None)
    market.world.sign_in(client, regulator)
    assert client.get("/performance").status_code == HTTPStatus.OK
