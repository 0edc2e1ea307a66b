"""A regulator's walk through a batch audit, by page and by API."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from accounts import service as accounts
from accounts.models import ApiToken, SignIn
from admin.audits import queries, service
from agencies.catalogue.service import load_catalogue
from core import outbox
from core.access import Actor, OrgKind
from core.secrets import token_hash
from core.work import Works
from tests.agencies.registration.world import World

CSV = (
    "合同,收费标准,类别列,签订日期,中标金额（万元）,服务费\n"
    "甲,计价格[2002]1980号,工程,2012-05-01,6000,225500\n"
    "乙,计价格[2002]1980号,工程,2012-05-01,6000,300000\n"
    "丙,没有的文件,工程,2012-05-01,6000,1\n"
)
CHOSEN = {
    "col_schedule": "1", "col_on": "3", "col_base": "4", "unit_base": "万元", "col_charged": "5",
    "unit_charged": "元", "col_service": "", "fix_service": "", "inputs": [],
}  # fmt: skip


@pytest.fixture
def regulator(works: Works) -> Actor:
    with works.system() as work:
        accounts.load_reference(work)
        load_catalogue(work)
    nobody = Actor()
    actor = World(works, nobody, nobody, nobody, nobody).actor(OrgKind.PRICE_REGULATOR, "价格主管部门", None)
    with works.system() as work:
        now = work.clock.now()
        entry = SignIn(token_hash=token_hash("in"), user_id=actor.user_id, org_id=actor.org_id, second_factor=True)
        entry.created_at, entry.seen_at, entry.ends_at = now, now, now + timedelta(days=1)
        work.session.add(entry)
        token = ApiToken(token_hash=token_hash("key"), user_id=actor.user_id, org_id=actor.org_id, label="t")
        token.scopes, token.second_factor = ["read", "write"], True
        token.created_at, token.ends_at = now, now + timedelta(days=1)
        work.add(token, "test.token")
    return actor


@pytest.fixture
def post(app: Any, client: FlaskClient, regulator: Actor) -> Callable[..., Any]:
    with client.session_transaction() as session:
        session["_user_id"] = "in"

    def send(url: str, **data: Any) -> Any:
        page = client.get("/fee-audits").get_data(as_text=True)
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        return client.post(url, data={"csrf_token": token, **data}, content_type="multipart/form-data")

    return send


def run(works: Works) -> None:
    """Let the worker run until nothing waits."""
    while outbox.relay(works, {service.STEP: [service.step]}):
        pass


def test_a_table_is_handed_in_mapped_watched_and_read(works: Works, client: FlaskClient, post: Any) -> None:
    sent = post("/fee-audits", file=(io.BytesIO(CSV.encode("gb18030")), "合同.csv"))
    assert sent.status_code == 303
    url = sent.headers["Location"]
    page = client.get(url).get_data(as_text=True)
    assert "选定各列" in page
    assert '<option value="1" selected' in page
    refused = post(f"{url}/start", **{**CHOSEN, "col_on": ""})
    assert refused.status_code == 422
    assert "日期：选一列" in refused.get_data(as_text=True)
    assert post(f"{url}/start", **{**CHOSEN, "inputs": []}).status_code == 303
    watched = client.get(url)
    assert watched.headers["Refresh"] == "3"
    assert "取消核查" in watched.get_data(as_text=True)
    run(works)
    done = client.get(url)
    assert "Refresh" not in done.headers
    assert "没有收录“没有的文件”" in done.get_data(as_text=True)
    sheet = load_workbook(io.BytesIO(client.get(f"{url}/result.xlsx").data)).active
    assert sheet.max_row == 4
    assert client.get(f"{url}/result.csv").get_data(as_text=True).count("\r\n") == 4


def test_a_column_is_chosen_for_a_field_whatever_its_name(works: Works, client: FlaskClient, post: Any) -> None:
    url = post("/fee-audits", file=(io.BytesIO(CSV.encode()), "合同.csv")).headers["Location"]
    page = client.get(url).get_data(as_text=True)
    assert 'name="as_category"' in page
    refused = post(f"{url}/start", **{**CHOSEN, "col_on": "", "as_category": "2"}).get_data(as_text=True)
    assert '<option value="2" selected' in refused.partition('name="as_category"')[2].partition("</select>")[0]
    assert post(f"{url}/start", **{**CHOSEN, "as_category": "2", "as_no_such": "1"}).status_code == 303
    run(works)
    with works.reading() as work:
        audit = queries.audit_by_id(work.session, int(url.rpartition("/")[2]))
    assert audit.counts == {"in_range": 1, "above_cap": 1, "row_error": 1}


def test_a_wrong_file_is_refused_on_the_page(client: FlaskClient, post: Any) -> None:
    answer = post("/fee-audits", file=(io.BytesIO(b"%PDF-1.7"), "合同.pdf"))
    assert answer.status_code == 422
    assert "用 CSV 或 XLSX 表格" in answer.get_data(as_text=True)
    assert post("/fee-audits").status_code == 422


def test_no_contract_stored_is_said(client: FlaskClient, post: Any) -> None:
    assert post("/fee-audits/contracts").status_code == 303
    assert "还没有已签署的合同" in client.get("/fee-audits").get_data(as_text=True)


def api(client: FlaskClient, method: str, url: str, **more: Any) -> Any:
    """Call the API with the regulator's token."""
    return client.open(url, method=method, headers={"Authorization": "Bearer key"}, **more)


def test_the_api_takes_rows_tells_progress_and_gives_the_result(
    works: Works, app: Any, client: FlaskClient, regulator: Actor
) -> None:
    rows = [
        {"文号": "计价格[2002]1980号", "日期": "2012-05-01", "中标金额": "6000万", "收费": fee, "category": "工程"}
        for fee in (225500, 300000)
    ]
    mapping = {"schedule": "文号", "on": "日期", "base": "中标金额", "charged": "收费", "inputs": ["category"]}
    sent = api(client, "POST", "/api/v1/fee-audits", json={"rows": rows, "mapping": mapping})
    assert (sent.status_code, sent.json["state"]) == (202, "running")
    run(works)
    url = f"/api/v1/fee-audits/{sent.json['id']}"
    assert api(client, "GET", url).json["rows_done"] == 2
    items = api(client, "GET", f"{url}/result").json["items"]
    assert [one["outcome"] for one in items] == ["in_range", "above_cap"], items
    assert items[1]["deviation_fen"] == 2940000
    assert api(client, "DELETE", url).status_code == 409


def test_the_api_takes_a_file_and_cancels(app: Any, client: FlaskClient, regulator: Actor) -> None:
    mapping = json.dumps({"schedule": "收费标准", "on": "签订日期", "base": "中标金额（万元）", "charged": "服务费"})
    sent = api(client, "POST", "/api/v1/fee-audits",
               data={"file": (io.BytesIO(CSV.encode()), "a.csv"), "mapping": mapping})  # fmt: skip
    assert sent.status_code == 202
    assert api(client, "DELETE", f"/api/v1/fee-audits/{sent.json['id']}").json["state"] == "cancelled"


@pytest.mark.parametrize(
    "body", [{}, {"rows": []}, {"rows": [1]}, {"rows": "x"}, {"rows": [{"a": 1}], "mapping": {"schedule": "b"}},
             {"rows": [{"a": 1}], "mapping": []}, {"rows": [{"a": 1}], "mapping": 3}, {"rows": [{}]},
             {"rows": [{"a": 1}], "mapping": {"fixed": [1]}}, {"source": "contracts"}],
)  # fmt: skip
def test_a_bad_call_is_told_what_is_missing(app: Any, client: FlaskClient, regulator: Actor, body: Any) -> None:
    answer = api(client, "POST", "/api/v1/fee-audits", json=body)
    assert answer.status_code == 422, answer.json


def test_the_command_line_writes_the_result(app: Any, regulator: Actor, tmp_path: Any) -> None:
    table, out = tmp_path / "a.csv", tmp_path / "r.xlsx"
    table.write_text(CSV, encoding="utf-8")
    runner = app.test_cli_runner()
    words = ["fees", "audit", str(table), "--map", "schedule=收费标准", "--map", "on=签订日期", "--map",
             "base=中标金额（万元）", "--map", "charged=服务费", "--base-unit", "万元", "--out", str(out)]  # fmt: skip
    told = runner.invoke(args=words)
    assert told.exit_code == 0, told.output
    assert "row_error" in told.output
    assert load_workbook(out).active.max_row == 4
    unknown = runner.invoke(args=["fees", "audit", str(table), "--map", "schedule=无", "--out", str(out)])
    assert "no column" in unknown.output
