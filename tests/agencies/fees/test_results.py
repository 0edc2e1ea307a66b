"""A result in its other forms: the sheet with its code, the CSV, the way on when there is no amount."""

import csv
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from agencies.fees.register import SCHEDULES
from agencies.fees.sheet import SHEET
from core.audit import AuditLeaf
from core.money import Money
from core.money_words import read_capitals
from core.papers import IssuedPaper
from core.work import Works
from tests.agencies.fees.conftest import Market
from tests.browser import page

TENDER = "award_amount=6000万&category=works&on=2012-06-01"
FILLED = {"award_amount": "6000万", "category": "works", "on": "2012-06-01"}
LANGUAGES = ("zh_Hans_CN", "zh_Hant", "en")


def token(text: str) -> str:
    """Return the CSRF token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def table(client: FlaskClient, url: str) -> list[list[str]]:
    """Fetch a CSV and read it."""
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def issued(client: FlaskClient, form: dict[str, Any]) -> Any:
    """Issue a sheet as whoever is signed in."""
    sent = {**form, "csrf_token": token(page(client, f"/fees/tender-agency/calculate?{TENDER}"))}
    return client.post("/fees/tender-agency/sheet", data=sent)


def test_a_result_is_to_be_had_as_csv_with_its_working_and_its_words(client: FlaskClient) -> None:
    rows = table(client, f"/fees/tender-agency/calculate.csv?{TENDER}")
    amounts = {row[1]: row[3] for row in rows if row[0] == "结果"}
    assert amounts["基准"] == "225500.00"
    assert amounts["下限"] == "180400.00"
    assert read_capitals(amounts["大写金额"]) == Money.from_yuan(amounts["基准"])
    assert ["6000万", "6,000 万元"] in [row[2:4] for row in rows if row[1] == "中标金额"]
    assert any("计价格[2002]1980号" in row[4] for row in rows if row[0] == "步骤")


def test_a_csv_of_nothing_shows_the_form_with_what_is_missing(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency/calculate.csv?award_amount=很多", 422)
    assert "填写“招标类型”" in text
    assert 'value="很多"' in text


def test_a_result_is_to_be_had_as_json_as_the_api_gives_it(client: FlaskClient) -> None:
    found = client.get(f"/fees/tender-agency/calculate.json?{TENDER}").get_json()
    asked = {"schedule": "tender-agency", "on": "2012-06-01", "inputs": {"award_amount": "6000万", "category": "works"}}
    api = client.post("/api/v1/fee-calculations", json=asked).get_json()
    assert found["base_fen"] == 22_550_000
    assert {**found, "inputs": 0} == {**api, "inputs": 0}
    missing = client.get("/fees/tender-agency/calculate.json?award_amount=很多")
    assert missing.status_code == 422
    assert [one for one in missing.get_json()["errors"] if not one["sentence"]] == []
    assert any("招标类型" in one["sentence"] for one in missing.get_json()["errors"])


def test_no_cell_begins_a_formula(client: FlaskClient) -> None:
    query = "service=settlement_review_performance&reduced_amount=-500万"
    rows = table(client, f"/fees/cost-consulting-guangdong/calculate.csv?{query}")
    assert any("'-500万" in row for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_a_result_links_to_its_other_forms(client: FlaskClient) -> None:
    text = page(client, f"/fees/tender-agency/calculate?{TENDER}")
    found = re.search(r'href="(/fees/tender-agency/calculate\.csv\?[^"]+)"', text)
    assert found is not None
    assert table(client, found[1].replace("&amp;", "&"))
    assert "登录后签发" in text
    assert "贰拾贰万伍仟伍佰元整" in text


def test_a_stranger_is_sent_to_sign_in_for_a_sheet(client: FlaskClient, works: Works) -> None:
    client.get("/sign-in")
    sent = {**FILLED, "csrf_token": token(client.get("/sign-in").get_data(as_text=True))}
    answer = client.post("/fees/tender-agency/sheet", data=sent)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next")
    with works.system() as work:
        assert work.session.scalars(select(IssuedPaper).where(IssuedPaper.kind == SHEET)).all() == []


def test_a_sheet_is_issued_once_with_a_code_and_a_leaf(client: FlaskClient, market: Market) -> None:
    market.world.sign_in(client, market.enterprise)
    first, again = issued(client, FILLED), issued(client, FILLED)
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    with market.works.system() as work:
        (paper,) = work.session.scalars(select(IssuedPaper).where(IssuedPaper.kind == SHEET)).all()
        leaves = work.session.scalars(
            select(AuditLeaf).where(AuditLeaf.verb == "paper.issued", AuditLeaf.object_id == paper.id)
        ).all()
        lines = dict(paper.data["lines"])
        code = paper.code
    assert len(leaves) == 1
    assert lines["收费"] == "225,500.00 元（大写：贰拾贰万伍仟伍佰元整）"
    assert lines["按哪天的规定"] == "2012年6月1日"
    assert lines["法律效力"] == "政府指导价，必须执行"
    checked = client.get(f"/verify?code={code}").get_data(as_text=True)
    assert "收费计算书" in checked
    assert "贰拾贰万伍仟伍佰元整" in checked


def test_anybody_with_the_code_may_read_the_sheet_and_its_pdf(client: FlaskClient, market: Market) -> None:
    market.world.sign_in(client, market.agency)
    address = issued(client, FILLED).headers["Location"]
    stranger = client.application.test_client()
    text = page(stranger, address)
    assert "计算过程" in text
    assert "6,000" in text
    pdf = stranger.get(f"{address}.pdf")
    assert pdf.mimetype == "application/pdf"
    assert pdf.get_data().startswith(b"%PDF-")


def test_a_sheet_of_nothing_is_not_issued(client: FlaskClient, market: Market) -> None:
    market.world.sign_in(client, market.enterprise)
    answer = issued(client, {"award_amount": "很多", "category": "works", "on": "2012-06-01"})
    assert answer.status_code == 422
    assert 'value="很多"' in answer.get_data(as_text=True)
    with market.works.system() as work:
        assert work.session.scalars(select(IssuedPaper).where(IssuedPaper.kind == SHEET)).all() == []


def test_a_sheet_speaks_chinese_whatever_the_reader_speaks(client: FlaskClient, market: Market) -> None:
    market.world.sign_in(client, market.enterprise)
    address = issued(client, FILLED).headers["Location"]
    client.get("/?lang=en")
    assert issued(client, FILLED).headers["Location"] == address


def test_a_sheet_shows_the_other_readings(client: FlaskClient, market: Market) -> None:
    market.world.sign_in(client, market.enterprise)
    lots = {"lots": "300万;200万", "category": "works", "on": "2012-06-01"}
    text = page(client, issued(client, lots).headers["Location"])
    assert "文件还可以这样理解" in text
    assert "每个标段分别算" in text


def test_without_an_amount_the_page_says_where_to_go_on(client: FlaskClient) -> None:
    text = page(client, "/fees/construction-supervision/calculate?base_amount=300万&complexity=II&on=2012-06-01")
    assert "先选" in text
    ways = re.findall(r'href="(/fees/construction-supervision/calculate\?[^"]+)">按“', text)
    assert len(ways) >= 2
    for one in ways:
        assert 'class="big"' in page(client, one.replace("&amp;", "&"))
    assert "/needs/new?item=DG-C-5" in text


def test_a_day_before_the_schedule_leads_to_the_day_it_began(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency/calculate?award_amount=500万&category=works&on=1999-01-01")
    assert "还没有生效" in text
    found = re.search(r'href="([^"]+)">按 2003-01-01', text)
    assert found is not None
    assert 'class="big"' in page(client, found[1].replace("&amp;", "&"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("schedule_id", list(SCHEDULES))
def test_every_service_of_every_schedule_is_asked_for_in_three_languages(
    client: FlaskClient, schedule_id: str, language: str
) -> None:
    client.set_cookie("lang", language)
    for service in SCHEDULES[schedule_id].versions[-1].services:
        text = page(client, f"/fees/{schedule_id}/calculate?service={service.key}")
        for one in service.fields:
            label = one.label.en if language == "en" else one.label.zh
            assert label in text.replace("&amp;", "&").replace("&#39;", "'").replace("&#34;", '"'), one.name
            if one.help is not None and language != "en":
                assert one.help.zh in text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"), one.name


@pytest.mark.parametrize(
    ("typed", "echoed"),
    [("3200万", "3,200 万元"), ("0.32亿", "3,200 万元"), ("３２００", "3,200 万元"), ("32,000,000元", "3,200 万元")],
)
def test_amounts_as_people_type_them_are_echoed_and_kept(client: FlaskClient, typed: str, echoed: str) -> None:
    text = page(client, f"/fees/tender-agency/calculate?award_amount={typed}&category=works&on=2012-06-01")
    assert f'value="{typed}"' in text
    assert re.search(rf"<output[^>]*>\s*{echoed}", text), echoed


def test_a_share_is_written_with_its_percent_sign(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency/calculate")
    assert "全过程代理（100%）" in text
    assert "只编制招标文件（30%）" in text
