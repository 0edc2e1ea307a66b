"""Walks: an agency posts a price; the regulator's room, with the agency's reply, on pages and by API."""

import pytest
from flask.testing import FlaskClient

from agencies.fees import queries
from agencies.fees.lifecycle import CaseState
from agencies.fees.register import SCHEDULES
from core.clock import FixedClock
from core.money import Money
from tests.agencies.fees.conftest import Market
from tests.browser import page, post
from web.language import languages

WORDS = "超出部分是业主追加的范围，附有补充协议"


def test_an_agency_posts_a_price_the_public_sees(client: FlaskClient, market: Market) -> None:
    market.world.sign_in(client, market.agency)
    assert "没有公示" in page(client, "/prices")
    wrong = post(
        client, "/prices/DG-A-01", {"basis": "fixed", "amount": "", "included": "报告三份"}, at="/prices/DG-A-01"
    )
    assert wrong.status_code == 422
    assert "填大于 0 的价格" in wrong.get_data(as_text=True)
    assert "报告三份" in wrong.get_data(as_text=True)
    data = {"basis": "fixed", "amount": "8,000", "included": "报告三份", "extra": ""}
    assert post(client, "/prices/DG-A-01", data, at="/prices/DG-A-01").status_code == 303
    assert "8,000" in page(client, "/prices/DG-A-01")
    fresh = client.application.test_client()
    public = page(fresh, f"/agencies/{market.agency_id}")
    assert "公示价 8,000.00 元" in public
    assert "8,000" in page(fresh, "/services/DG-A-01")


def test_a_case_is_two_clicks_from_the_regulators_desk(client: FlaskClient, market: Market) -> None:
    case = market.case()
    market.world.sign_in(client, market.regulator)
    assert f'href="/cases/{case.id}"' in page(client, "/desk")
    queue = page(client, "/cases")
    assert f'href="/cases/{case.id}"' in queue
    assert "高出 20.0%" in queue
    assert "说明期限还剩 5 个工作日" in queue
    evidence = page(client, f"/cases/{case.id}")
    for words in ("12,000.00", "10,000.00", "2,000.00", "HT-1", "增加了范围", "系统发现后立项", "记录认定"):
        assert words in evidence


def test_the_agency_answers_and_the_regulator_decides(client: FlaskClient, market: Market) -> None:
    case = market.case()
    url = f"/cases/{case.id}"
    market.world.sign_in(client, market.agency)
    short = post(client, f"{url}/reply", {"text": "没有"}, at=url)
    assert short.status_code == 422
    assert post(client, f"{url}/reply", {"text": WORDS}, at=url).status_code == 303
    assert "记录认定" not in page(client, url)
    office = client.application.test_client()
    market.world.sign_in(office, market.regulator)
    assert WORDS in page(office, url)
    decision = {"verdict": "dismiss", "reason": "补充协议属实，不作违规认定"}
    assert post(office, f"{url}/decision", decision, at=url).status_code == 303
    assert "补充协议属实" in page(client, url)
    assert "不成立，已撤销" in page(client, "/cases")


def test_upholding_too_early_is_explained_beside_the_form(client: FlaskClient, market: Market) -> None:
    url = f"/cases/{market.case().id}"
    market.world.sign_in(client, market.regulator)
    answer = post(client, f"{url}/decision", {"verdict": "uphold", "reason": WORDS}, at=url)
    assert answer.status_code == 422
    assert "机构的说明期限还没到" in answer.get_data(as_text=True)
    assert WORDS in answer.get_data(as_text=True)


def test_a_case_is_hidden_from_others(client: FlaskClient, market: Market) -> None:
    url = f"/cases/{market.case().id}"
    market.world.sign_in(client, market.enterprise)
    assert client.get(url).status_code == 403
    assert client.get("/cases").status_code == 403
    other = client.application.test_client()
    market.world.sign_in(other, market.world.other_town)
    assert other.get(url).status_code == 403


def test_the_evidence_works_the_schedule_again(client: FlaskClient, market: Market) -> None:
    inputs = {"award_amount": "500万", "category": "works"}
    case = market.case(evidence={"schedule": "tender-agency", "on": "2012-06-01", "inputs": inputs})
    market.world.sign_in(client, market.regulator)
    text = page(client, f"/cases/{case.id}")
    assert "收费标准怎么算" in text
    assert "政府指导价，必须执行" in text


def test_a_calculation_by_api_gives_amounts_clauses_and_force(client: FlaskClient, market: Market) -> None:
    body = {
        "schedule": "计价格〔2002〕1980号", "on": "2012-06-01",
        "inputs": {"中标金额": "6000万", "category": "works", "funding": "government"},
    }  # fmt: skip
    answer = client.post("/api/v1/fee-calculations", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = answer.get_json()
    assert (found["low_fen"], found["base_fen"], found["high_fen"]) == (18_040_000, 22_550_000, 27_060_000)
    assert (found["base"], found["unit"]) == ("22.55", "万元")
    assert found["status"] == "binding-band"
    assert found["binding_cap_fen"] == 27_060_000
    assert all(step["clause"] for step in found["steps"][:-1])


def test_an_unreadable_calculation_is_refused_field_by_field(client: FlaskClient, market: Market) -> None:
    body = {"schedule": "tender-agency", "on": "2012-06-01", "inputs": {"award_amount": "很多"}}
    answer = client.post("/api/v1/fee-calculations", json=body)
    assert answer.status_code == 422
    found = answer.get_json()
    assert found["code"] == "fee-inputs-refused"
    assert {one["field"]: one["code"] for one in found["problems"]} == {
        "award_amount": "not-an-amount", "category": "missing",
    }  # fmt: skip
    assert "中标金额" in found["problems"][0]["sentence"]


def test_schedules_by_api(client: FlaskClient, market: Market) -> None:
    items = client.get("/api/v1/fee-schedules?limit=100").get_json()["items"]
    assert [item["id"] for item in items] == sorted(SCHEDULES)
    one = client.get("/api/v1/fee-schedules/tender-agency").get_json()
    assert [version["key"] for version in one["versions"]] == ["2003", "2011"]
    assert client.get("/api/v1/fee-schedules/none").status_code == 404


@pytest.mark.parametrize(("verdict", "state"), [("dismiss", CaseState.DISMISSED), ("uphold", CaseState.UPHELD)])
def test_a_case_walks_by_api(
    client: FlaskClient, market: Market, clock: FixedClock, verdict: str, state: CaseState
) -> None:
    case = market.case()
    agency, regulator = market.world.api_token(market.agency), market.world.api_token(market.regulator)
    listed = client.get("/api/v1/fee-cases?decided=false", headers=agency).get_json()
    assert [one["id"] for one in listed["items"]] == [case.id]
    assert listed["items"][0]["deviation_fen"] == 200_000
    answer = client.post(f"/api/v1/fee-cases/{case.id}/reply", json={"text": WORDS}, headers=agency)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    decided = {"verdict": verdict, "reason": "核对了补充协议和付款凭证"}
    refused = client.post(f"/api/v1/fee-cases/{case.id}/decision", json=decided, headers=agency)
    assert refused.status_code == 403
    assert client.post(f"/api/v1/fee-cases/{case.id}/decision", json=decided, headers=regulator).status_code == 200
    with market.works.reading() as work:
        assert queries.case_by_id(work.session, case.id).state is state


def test_a_price_is_posted_and_read_by_api(client: FlaskClient, market: Market) -> None:
    token = market.world.api_token(market.agency)
    url = f"/api/v1/agencies/{market.agency_id}/posted-prices"
    body = {"item_code": "DG-A-01", "basis": "unit", "amount": "120", "unit_name": "份"}
    assert client.post(url, json=body, headers=token).status_code == 201
    items = client.get(url).get_json()["items"]
    assert [(one["amount_fen"], one["unit_name"]) for one in items] == [(12_000, "份")]
    assert client.post(url, json=body).status_code == 401


def test_a_service_page_asks_for_the_schedules_data_and_works_the_fee(client: FlaskClient, market: Market) -> None:
    data = {"basis": "discount", "schedule_id": "preliminary-consulting", "discount_rate": "20"}
    market.world.sign_in(client, market.agency)
    assert post(client, "/prices/DG-A-01", data, at="/prices/DG-A-01").status_code == 303
    fresh = client.application.test_client()
    assert 'name="service"' in page(fresh, "/services/DG-A-01")
    text = page(fresh, "/services/DG-A-01?service=proposal&investment=5000万")
    assert "计价格[1999]1283号" in text
    assert "下浮 20%" in text
    assert "fee-investment=5000" in text
    english = page(fresh, "/fees/preliminary-consulting/calculate?service=proposal&investment=5000万&on=2012-06-01")
    assert "计算过程" in english


@pytest.mark.skipif("en" not in languages(), reason="English is offered once its catalogue is complete.")
def test_the_reader_of_english_gets_the_schedules_own_english(client: FlaskClient, market: Market) -> None:
    headers = {"Accept-Language": "en"}
    answer = client.get("/fees/tender-agency", headers=headers)
    assert answer.status_code == 200
    assert "Interim measures on fees for tendering agency services" in answer.get_data(as_text=True)


def test_the_agency_sees_what_is_missing_and_what_comes_next(client: FlaskClient, market: Market) -> None:
    market.world.sign_in(client, market.agency)
    assert "写明了 0%" in page(client, "/prices")
    whole = {"basis": "fixed", "amount": "8,000", "included": "报告三份", "extra": "没有"}
    post(client, "/prices/DG-A-01", {**whole, "extra": ""}, at="/prices/DG-A-01")
    partly = page(client, "/prices")
    assert "没写另行收费" in partly
    assert "没写价格包含" not in partly
    public = page(client, f"/agencies/{market.agency_id}")
    assert "2 项服务里公示了 1 项" in public
    assert 'id="posted-score" max="100" value="33"' in public
    later = {**whole, "amount": "9,000", "valid_from": "2099-01-01"}
    assert post(client, "/prices/DG-A-01", later, at="/prices/DG-A-01").status_code == 303
    listed = page(client, "/prices")
    assert "公示价 8,000.00 元" in listed
    assert "自 2099-01-01 起：公示价 9,000.00 元" in listed


def test_the_queue_is_narrowed_above_and_below(client: FlaskClient, market: Market) -> None:
    waiting, closed = market.case(1), market.case(2)
    market.world.sign_in(client, market.regulator)
    decision = {"verdict": "dismiss", "reason": WORDS}
    assert post(client, f"/cases/{closed.id}/decision", decision, at=f"/cases/{closed.id}").status_code == 303
    text = page(client, "/cases?kind=contract_above_quote&order=due")
    assert f'href="/cases/{waiting.id}"' in text
    assert f'href="/cases/{closed.id}"' in text
    other = page(client, "/cases?kind=zero_charge")
    assert "这些条件下没有待认定的核查" in other
    assert f'href="/cases/{closed.id}"' not in other
    for odd in ("skip=-5", "skip=x", "skip=99999999999999999999", "order=x&town=%00", "after=0"):
        page(client, f"/cases?{odd}")


def test_a_long_queue_is_turned_page_by_page(
    client: FlaskClient, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [market.case(number).id for number in (1, 2, 3)]
    monkeypatch.setattr(queries, "QUEUE_PAGE", 2)
    market.world.sign_in(client, market.regulator)
    first = page(client, "/cases?order=age")
    assert "第 1 到 2 件，共 3 件" in first
    assert "/cases?order=age&amp;skip=2" in first
    second = page(client, "/cases?order=age&skip=2")
    assert f'href="/cases/{ids[2]}"' in second
    assert f'href="/cases/{ids[0]}"' not in second


def test_a_case_tells_the_lines_nobody_wrote_down_and_why_a_price_is_low(client: FlaskClient, market: Market) -> None:
    known = {"lines": [{"name": "加急费", "amount_fen": 200_000}], "contracts": ["HT-1", "HT-2"], "quotes": 3,
             "test": "mean"}  # fmt: skip
    case = market.case(kind="abnormally_low", found=Money(400_000), evidence=known)
    market.world.sign_in(client, market.regulator)
    text = page(client, f"/cases/{case.id}")
    for words in ("加急费 2,000.00 元", "HT-1、HT-2", "全部有效报价平均数的 50%", "3 份"):
        assert words in text
