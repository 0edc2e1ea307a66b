"""Walks: an agency joins, its operator judges, everybody looks at the shelf; on pages and by API."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agencies.registration import queries, service
from agencies.registration.hooks import FeePanel, ShownPrice
from agencies.registration.lifecycle import RegistrationState as S
from agencies.registration.rules import Standing
from core.access import OrgKind
from core.money import Money
from tests.agencies.registration.world import ITEMS, World, identity, person
from tests.browser import page, post

PDF = b"%PDF-1.4 a paper"


def said(answer: Any) -> Any:
    """Return what an answer says in JSON."""
    return answer.get_json()


def state_of(world: World, agency_id: int) -> S:
    with world.works.reading() as work:
        return queries.agency_by_id(work.session, agency_id).state


def test_an_agency_joins_in_five_screens_and_is_listed(client: FlaskClient, world: World) -> None:
    actor = world.actor(OrgKind.AGENCY, "东莞衡准咨询有限公司")
    world.sign_in(client, actor)
    assert "东莞衡准咨询有限公司" in page(client, "/join")
    assert post(client, "/join").status_code == 303
    assert "填写联系人和手机" in page(client, "/join")
    details = {"contact_name": "陈静", "contact_mobile": "13800138000", "founded_on": "2012-05-18", "intro": ""}
    assert post(client, "/join/details", details).status_code == 303
    assert post(client, "/join/items", {"items": list(ITEMS)}).status_code == 303
    certificate = {
        "category": "engineering-consulting", "number": "甲2320", "issued_by": "国家平台", "valid_to": "2027-06-30",
    }  # fmt: skip
    assert post(client, "/join/qualifications", certificate).status_code == 303
    someone = {"name": "李文", "identity": identity(7), "kind": "cost-engineer", "certificate": "造00007"}
    assert post(client, "/join/practitioners", someone).status_code == 303
    people = page(client, "/join/practitioners")
    assert "李*" in people
    assert identity(7) not in people
    page(client, "/join/materials")
    refused = post(client, "/join/submit", at="/join")
    assert refused.status_code == 422
    assert "接受承诺书" in refused.get_data(as_text=True)
    assert post(client, "/join/submit", {"commitment": "1"}, at="/join").status_code == 303
    assert "最迟告知日" in page(client, "/join")
    with world.works.reading() as work:
        agency = queries.agency_of_org(work.session, actor.org_id)
    assert agency.state is S.SUBMITTED


@pytest.mark.parametrize(
    ("url", "data", "sentence"),
    [
        ("/join/details", {"contact_name": "", "contact_mobile": "1380013800"}, "手机号是 11 位数字，现在填了 10 位"),
        (
            "/join/details",
            {"contact_name": "陈静", "contact_mobile": "13800138000", "founded_on": "2030-01-01"},
            "成立日期",
        ),
        ("/join/items", {}, "至少勾选一项服务事项"),
        ("/join/qualifications", {"category": "engineering-design:特级", "number": "1", "issued_by": "厅"}, "等级"),
        ("/join/practitioners", {"name": "李", "identity": "441900198501010010"}, "对照证件再填一次"),
    ],
)
def test_a_wrong_entry_keeps_the_page_and_names_the_field(
    client: FlaskClient, world: World, url: str, data: dict[str, str], sentence: str
) -> None:
    actor, _agency_id = world.agency()
    world.sign_in(client, actor)
    answer = post(client, url, data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in text
    for typed in data.values():
        assert typed in text or "特级" in typed


def test_an_operator_judges_tells_once_and_accepts(client: FlaskClient, world: World) -> None:
    actor, agency_id = world.submitted()
    review, correction = f"/registrations/{agency_id}/review", f"/registrations/{agency_id}/correction"
    world.sign_in(client, world.town)
    assert review in page(client, "/desk/registrations")
    page(client, review)
    verdicts = {f"verdict-{key}": "passed" for key in world.asked(agency_id)}
    half = post(client, review, {"verdict-business-licence": "passed", "action": "accept"})
    assert half.status_code == 422
    assert "全部核对后一次告知" in half.get_data(as_text=True)
    wrong = {
        **verdicts, "verdict-business-licence": "to_correct", "reason-business-licence": ["incomplete-pages"],
        "note-business-licence": "缺副本背面",
    }  # fmt: skip
    assert post(client, review, {**wrong, "action": "correct"}).headers["Location"] == correction
    preview = page(client, correction)
    assert "缺副本背面" in preview
    assert "材料缺页" in preview
    assert post(client, correction).status_code == 303
    assert state_of(world, agency_id) is S.RETURNED

    world.sign_in(client, actor)
    assert "一次性补正告知：1 项" in page(client, "/join")
    page(client, "/join/materials")
    answer = post(
        client, "/join/materials/business-licence", {"file": (BytesIO(PDF), "营业执照.pdf")}, at="/join/materials"
    )
    assert answer.status_code == 303
    assert post(client, "/join/submit", {"commitment": "1"}, at="/join").status_code == 303

    world.sign_in(client, world.town)
    page(client, review)
    with client.get(f"/registrations/{agency_id}/materials/business-licence") as sent:
        assert sent.data == PDF
    assert post(client, review, {**verdicts, "action": "accept"}).status_code == 303
    assert state_of(world, agency_id) is S.LISTED
    page(client, review)


def test_an_upload_of_the_wrong_kind_is_refused_beside_its_paper(client: FlaskClient, world: World) -> None:
    actor, _agency_id = world.ready()
    world.sign_in(client, actor)
    answer = post(
        client, "/join/materials/business-licence", {"file": (BytesIO(b"MZ"), "执照.exe")}, at="/join/materials"
    )
    assert answer.status_code == 422
    assert "执照.exe" in answer.get_data(as_text=True)


def test_gaps_are_promised_on_the_page(client: FlaskClient, world: World) -> None:
    _actor, agency_id = world.submitted()
    world.sign_in(client, world.town)
    verdicts = {f"verdict-{key}": "passed" for key in world.asked(agency_id)}
    promise = {"verdict-delegate-social-insurance": "promised", "promised-delegate-social-insurance": "2026-04-08"}
    review = f"/registrations/{agency_id}/review"
    assert post(client, review, {**verdicts, **promise, "action": "accept_with_gaps"}).status_code == 303
    assert state_of(world, agency_id) is S.LISTED_WITH_GAPS
    assert "2026-04-08" in page(client, review)
    assert review in page(client, "/desk/registrations")


def test_the_city_suspends_with_a_reason_the_public_reads(client: FlaskClient, world: World) -> None:
    _actor, agency_id = world.listed()
    world.sign_in(client, world.city)
    url = f"/registrations/{agency_id}/suspend"
    assert post(client, url, {"reason": ""}).status_code == 422
    assert post(client, url, {"reason": "多次失联"}).status_code == 303
    assert "多次失联" in page(client, f"/agencies/{agency_id}")


@pytest.mark.parametrize("url", ["/join/details", "/desk/registrations", "/registrations/1/review"])
def test_strangers_are_sent_away(client: FlaskClient, world: World, url: str) -> None:
    world.submitted()
    assert client.get(url).status_code in {302, 303, 401}
    world.sign_in(client, world.reader)
    assert client.get(url).status_code in {403, 404}


def test_another_towns_operator_sees_neither_review_nor_papers(client: FlaskClient, world: World) -> None:
    _actor, agency_id = world.submitted()
    world.sign_in(client, world.other_town)
    for url in (f"/registrations/{agency_id}/review", f"/registrations/{agency_id}/materials/business-licence"):
        assert client.get(url).status_code == 403
    assert client.get(f"/agencies/{agency_id}").status_code == 404


def test_the_catalogue_is_shown_by_stage_and_by_department(client: FlaskClient, world: World) -> None:
    world.listed()
    by_stage = page(client, "/services")
    assert "/services/DG-A-02" in by_stage
    assert "1 家机构可承接" in by_stage
    assert "/services/DG-A-02" in page(client, "/services?by=department")


def test_a_service_says_what_it_is_and_how_sure_that_is(client: FlaskClient, world: World) -> None:
    text = page(client, "/services/DG-B-31")
    for words in ("征占地面积5公顷以上", "是否必需", "能否自行编制", "谁付费", "法定依据", "待核实"):
        assert words in text
    assert client.get("/services/DG-Z-99").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?sort=price", "?sort=on_time&grade=A", "?sort=rating&town=441900003", "?on_time=90"]
)
def test_the_shelf_is_narrowed_and_ordered(client: FlaskClient, world: World, query: str) -> None:
    _actor, agency_id = world.listed()
    with world.works.system() as work:
        service.set_standing(work, agency_id, Standing(4600, 4400, 4800, 9, "A", (0, 0, 1, 2, 6)))
        service.set_performance(work, agency_id, delivered_n=12, on_time_n=11, contracts_n=12)
    _other, other_id = world.listed(town=None)
    text = page(client, f"/services/DG-A-02{query}")
    assert f'href="/agencies/{agency_id}"' in text
    assert (f'href="/agencies/{other_id}"' in text) is (query in {"", "?sort=price"})
    page(client, f"/agencies{query}")


def test_an_empty_shelf_offers_the_next_step(client: FlaskClient, world: World) -> None:
    assert "还没有机构登记这项服务" in page(client, "/services/DG-A-02")
    world.listed()
    assert "去掉全部条件" in page(client, "/services/DG-A-02?grade=A")


class Book:
    """A price book that knows one amount for each agency."""

    def panel(self, _work: Any, _item: Any, args: Any) -> FeePanel:
        typed = args.get("amount", "")
        asked = {"name": "amount", "label": "项目总投资额", "type": "money", "value": typed}
        return FeePanel([asked], [], typed or None, {"amount": typed} if typed else {})

    def prices(self, _work: Any, _code: str, ids: Any, _at: Any, calculation: Any) -> dict[int, ShownPrice]:
        return {one: ShownPrice(Money(10_000 * one) if calculation else None, f"下浮 {one}%") for one in ids}

    def posted(self, _work: Any, _agency_id: int, _at: Any) -> dict[str, ShownPrice]:
        return {"DG-A-02": ShownPrice(None, "按国家标准下浮 12%", "含两次修改")}


@pytest.fixture
def book(app: Flask) -> Any:
    kept = app.extensions.get("price_book")
    app.extensions["price_book"] = Book()
    yield
    app.extensions["price_book"] = kept


def test_prices_follow_the_readers_amount_and_go_along_to_the_need(
    client: FlaskClient, world: World, book: None
) -> None:
    ids = [world.listed()[1] for _number in range(3)]
    text = page(client, "/services/DG-A-02?amount=3200&sort=price")
    assert "/needs/new?item=DG-A-02&amp;amount=3200" in text
    assert [int(one) for one in re.findall(r'<h3><a href="/agencies/(\d+)"', text)] == ids
    assert 'name="amount" value="3200"' in text
    assert "按国家标准下浮 12%" in page(client, f"/agencies/{ids[0]}")
    side = page(client, f"/compare?item=DG-A-02&amount=3200&agency={ids[0]}&agency={ids[1]}")
    assert side.count("最低") == 1


def test_two_to_four_agencies_are_compared(client: FlaskClient, world: World) -> None:
    ids = [world.listed()[1] for _number in range(5)]
    assert "能否承接" in page(client, f"/compare?ids={ids[0]},{ids[1]}&item=DG-A-02")
    assert "能否承接" not in page(client, f"/compare?ids={','.join(str(one) for one in ids[:4])}")
    for query in ("", f"?ids={ids[0]}", f"?ids={','.join(str(one) for one in ids)}", "?ids=x,y"):
        assert client.get(f"/compare{query}").status_code == 422


def test_the_public_page_shows_the_record_and_no_number(client: FlaskClient, world: World) -> None:
    actor, agency_id = world.listed()
    with world.works.writing(actor) as work:
        service.add_practitioner(work, agency_id, person())
    text = page(client, f"/agencies/{agency_id}")
    for words in ("可行性研究报告编制", "甲232023011111", "李*", "暂无等级", "运营机构已核对"):
        assert words in text
    assert identity(1) not in text
    assert "13800138000" not in text
    answer = client.get(f"/api/v1/agencies/{agency_id}").get_data(as_text=True)
    assert identity(1) not in answer
    assert "13800138000" not in answer


def test_the_api_lists_services_and_agencies_by_keyset(client: FlaskClient, world: World) -> None:
    ids = [world.listed()[1] for _number in range(3)]
    first = said(client.get("/api/v1/services?limit=70"))
    second = said(client.get(first["next"]))
    assert len(first["items"]) + len(second["items"]) == 72
    assert second["next"] is None
    assert said(client.get("/api/v1/services/DG-A-02"))["confidence"] == "M-high"
    found, url = [], "/api/v1/agencies?item=DG-A-02&limit=2"
    while url:
        answer = said(client.get(url))
        found += [one["id"] for one in answer["items"]]
        url = answer["next"]
    assert sorted(found) == ids


def test_a_registration_walks_through_the_api(client: FlaskClient, world: World) -> None:
    actor = world.actor(OrgKind.AGENCY, "东莞衡准咨询有限公司")
    agency, town = world.api_token(actor), world.api_token(world.town)
    opened = client.post("/api/v1/registrations", headers=agency)
    assert opened.status_code == 201
    root = f"/api/v1/registrations/{said(opened)['id']}"
    details = {"contact_name": "陈静", "contact_mobile": "13800138000"}
    assert client.put(f"{root}/details", json=details, headers=agency).status_code == 200
    certificate = {
        "category": "engineering-consulting",
        "number": "甲1",
        "issued_by": "国家平台",
        "valid_to": "2027-06-30",
    }
    assert client.post(f"{root}/qualifications", json=certificate, headers=agency).status_code == 201
    someone = {"name": "李文", "identity": identity(7), "kind": "cost-engineer", "certificate": "造1"}
    assert said(client.post(f"{root}/practitioners", json=someone, headers=agency))["name"] == "李*"
    assert said(client.put(f"{root}/items", json={"items": ["DG-A-02"]}, headers=agency))["items"] == ["DG-A-02"]
    refused = client.post(f"{root}/submission", headers=agency)
    assert (refused.status_code, said(refused)["missing"][-1]) == (409, "commitment-missing")
    assert said(client.post(f"{root}/commitment", headers=agency))["missing"] == []
    handed = said(client.post(f"{root}/submission", headers=agency))
    assert handed["state"] == "submitted"
    keys = [one["key"] for one in handed["materials"]]
    verdicts = [{"key": key, "verdict": "passed"} for key in keys]
    verdicts[0] = {"key": keys[0], "verdict": "to_correct", "note": "缺副本背面"}
    assert client.put(f"{root}/verdicts", json={"verdicts": verdicts}, headers=agency).status_code == 403
    assert client.put(f"{root}/verdicts", json={"verdicts": verdicts}, headers=town).status_code == 200
    assert said(client.post(f"{root}/correction", json={}, headers=town))["items"][0]["note"] == "缺副本背面"
    assert client.put(f"{root}/materials/{keys[0]}", json={"statement": "已补"}, headers=agency).status_code == 200
    assert client.post(f"{root}/submission", headers=agency).status_code == 200
    last = [{"key": keys[0], "verdict": "passed"}]
    assert client.put(f"{root}/verdicts", json={"verdicts": last}, headers=town).status_code == 200
    accepted = client.post(f"{root}/acceptance", json={}, headers=town)
    assert said(accepted)["state"] == "listed"
    assert said(client.get("/api/v1/agencies?item=DG-A-02"))["items"][0]["name"] == "东莞衡准咨询有限公司"
