"""The page of a schedule: its force on a day, its curve, its items; two versions side by side; which one fits."""

import csv
import io
import re
from fractions import Fraction

import pytest
from flask.testing import FlaskClient

from agencies.catalogue import reference
from agencies.catalogue.reference_types import ItemData
from agencies.catalogue.service import load_catalogue
from agencies.fees import fitting, register
from agencies.fees.curves import curve
from agencies.fees.engine.calculation import calculate
from agencies.fees.engine.schedule import Schedule, Service, Version
from agencies.fees.register import SCHEDULES
from agencies.fees.versions import compared
from core.errors import NotFound
from core.work import Works
from tests.browser import page

LANGUAGES = ("zh_Hans_CN", "zh_Hant", "en")
SERVICES = [
    pytest.param(schedule, version, service, id=f"{schedule.id}-{version.key}-{service.key}")
    for schedule in SCHEDULES.values()
    for version in schedule.versions
    for service in version.services
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("schedule_id", list(SCHEDULES))
def test_every_schedule_has_its_page_in_three_languages(client: FlaskClient, schedule_id: str, language: str) -> None:
    client.set_cookie("lang", language)
    text = page(client, f"/fees/{schedule_id}")
    found = SCHEDULES[schedule_id]
    assert found.document in text
    assert f"/fees/{schedule_id}/calculate" in text


@pytest.mark.parametrize(("schedule", "version", "service"), SERVICES)
def test_a_curve_says_what_the_calculator_says(schedule: Schedule, version: Version, service: Service) -> None:
    found = curve(schedule, version, service)
    if found is None:
        return
    for line in found.lines:
        given: dict[str, object] = {one.name: choice.key for one, choice in found.assumed}
        if found.by is not None and line.choice is not None:
            given[found.by.name] = line.choice.key
        if len(version.services) > 1:
            given["service"] = service.key
        assert [one.base for one in line.points] == sorted({one.base for one in line.points})
        for point in line.points[::5]:
            written = f"{float(point.base):.8f}"
            if Fraction(written) == point.base:
                assert calculate(schedule, version.since, {**given, found.base.name: written}).base == point.fee


def test_a_curve_is_drawn_with_a_conclusion_and_its_numbers(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency")
    assert "收费随中标金额变化" in text
    assert "货物：中标金额从" in text
    assert text.count('class="path s1"') > 5
    assert "看数据表" in text
    found = re.search(r'href="(/fees/tender-agency/curve\.csv[^"]+)"', text)
    assert found is not None
    answer = client.get(found[1].replace("&amp;", "&"))
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0] == ["中标金额（元）", "货物（元）", "服务（元）", "工程（元）"]
    assert ["1000000.00", "15000.00", "15000.00", "10000.00"] in rows


def test_a_service_without_an_amount_has_no_curve_and_no_csv(client: FlaskClient) -> None:
    page(client, "/fees/cost-consulting-guangdong")
    page(client, "/fees/cost-consulting-guangdong/curve.csv?service=hours", 404)
    page(client, "/fees/cost-consulting-guangdong/curve.csv?service=no-such", 404)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2012-06-01", "适用 计价格[2002]1980号（发改价格[2011]534号修订） 的表格"),
        ("2005-06-01", "适用 计价格[2002]1980号 的表格"),
        ("1999-01-01", "还没有生效"),
        ("2026-01-01", "表格作参考，效力看下表"),
    ],
)
def test_the_page_says_what_holds_on_a_day(client: FlaskClient, day: str, said: str) -> None:
    assert said in page(client, f"/fees/tender-agency?on={day}")


def test_a_day_that_cannot_be_read_is_named(client: FlaskClient) -> None:
    assert "日期写成" in page(client, "/fees/tender-agency?on=昨天", 422)


def test_the_page_names_the_items_it_fits_and_when_it_was_freed(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency")
    assert 'href="/services/DG-C-54"' in text
    assert "国家发展改革委令2016年第31号" in text


@pytest.mark.parametrize("schedule_id", list(SCHEDULES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_versions_stand_side_by_side(client: FlaskClient, schedule_id: str, language: str) -> None:
    client.set_cookie("lang", language)
    page(client, f"/fees/{schedule_id}/versions")


def test_what_changed_between_two_versions_is_marked(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency/versions")
    assert "改动" in text
    assert "新增" in text
    found = SCHEDULES["tender-agency"]
    (diff,) = compared(found, found.versions[0], found.versions[1])
    fees = {row[0]: row[1:3] for row in diff.fees}
    assert fees["工程：10,000,000.00 元"] == ["65,500.00", "65,500.00"]
    assert fees["工程：5,000,000,000.00 元"][0] != fees["工程：5,000,000,000.00 元"][1]


def test_a_version_held_against_itself_shows_no_change(app: object) -> None:
    del app
    found = SCHEDULES["tender-agency"]
    (diff,) = compared(found, found.versions[1], found.versions[1])
    assert diff.changed == 0
    assert all(row[3] == "不变" for row in diff.fees if row[1] != "—")


def test_unknown_versions_show_the_two_newest(client: FlaskClient) -> None:
    text = page(client, "/fees/tender-agency/versions?one=1066&other=1066")
    assert text == page(client, "/fees/tender-agency/versions?one=1066&other=1066")
    assert "自 2003-01-01 起" in text
    assert "自 2011-05-01 起" in text


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("计价格〔2002〕1980号", "tender-agency"), ("534", "tender-agency"), ("招标", "tender-agency"),
        ("环评", "environmental-impact"), ("环境影响报告表", "environmental-impact"),
        ("结算审核", "cost-consulting-guangdong"), ("supervision", "construction-supervision"),
        ("可行性研究", "preliminary-consulting"), ("DG-C-49", "engineering-design"),
    ],
)  # fmt: skip
def test_a_schedule_is_found_by_number_subject_item_and_service(typed: str, first: str) -> None:
    assert first in [one.id for one in fitting.search(typed)][:2]


def test_a_search_that_finds_nothing_leads_on(client: FlaskClient) -> None:
    text = page(client, "/fees?q=没有这样的东西")
    assert "没有找到收费标准" in text
    assert "/services" in text


def test_an_item_leads_to_the_schedules_that_fit_it(client: FlaskClient) -> None:
    text = page(client, "/fees?item=DG-A-02")
    assert 'href="/fees/preliminary-consulting"' in text
    assert "tender-agency" not in text
    assert "没有收录收费标准" in page(client, "/fees?item=DG-C-59")


@pytest.mark.parametrize("item", reference.items(), ids=lambda item: item.code)
def test_every_pointer_of_an_item_means_a_schedule_and_a_service_of_it(item: ItemData) -> None:
    for document in item.schedules:
        register.find(document)
    for document, service in item.fee_services:
        newest = {one.key for one in register.find(document).versions[-1].services}
        assert service in newest, f"{item.code}: {document} has no service {service}"


def test_a_pointer_to_an_unknown_document_is_refused() -> None:
    with pytest.raises(NotFound):
        register.find("计价格[1999]9999号")


@pytest.mark.parametrize(("code", "service"), [("DG-A-01", "proposal"), ("DG-A-02", "feasibility")])
def test_the_service_an_item_means_is_chosen_already(
    client: FlaskClient, works: Works, code: str, service: str
) -> None:
    with works.system() as work:
        load_catalogue(work)
    text = page(client, f"/services/{code}?investment=1亿")
    assert f'value="{service}" selected' in text
    assert 'class="big"' in text
    assert f'href="/fees?item={code}"' in text
    other = page(client, f"/services/{code}?investment=1亿&service=review_proposal")
    assert 'value="review_proposal" selected' in other
