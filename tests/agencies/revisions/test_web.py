"""Walks: a revision on pages and by API, nothing typed lost, the second person, what is newer, an upload."""

import io
import re
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from agencies.revisions import queries
from agencies.revisions.lifecycle import RevisionState
from tests.agencies.revisions.conftest import CHEAPER, SCHEDULE, TEXT, Office
from tests.agencies.revisions.test_recomputation import DEAR, case_of
from tests.browser import page, post

GIVEN = {"schedule_id": SCHEDULE, "effective_on": "2020-01-01", "reason": "收录演示标准", "citation": "演示价[2020]1号"}


def written(
    client: FlaskClient, text: str = TEXT, at: str = "/fee-revisions/new?schedule=demo-fee", **more: Any
) -> Any:
    found = re.search(r'name="base_sha256" value="([^"]*)"', client.get(at).get_data(as_text=True))
    data = {**GIVEN, "text": text, "base_sha256": found[1] if found else "", **more}
    return post(client, "/fee-revisions", data, at=at)


def test_a_schedule_is_changed_by_two_persons_on_pages(client: FlaskClient, office: Office) -> None:
    world = office.market.world
    world.sign_in(client, office.first)
    assert "起草修订" in page(client, "/fee-revisions")
    sent = written(client)
    assert sent.status_code == 303
    url = sent.headers["Location"]
    shown = page(client, url)
    assert "新增" in shown
    assert "等第二人审核" not in shown
    assert post(client, f"{url}/propose", {}, at=url).status_code == 303
    assert "起草人自己不能通过" in page(client, url)
    assert client.get("/fees/demo-fee").status_code == 404
    second = client.application.test_client()
    world.sign_in(second, office.second)
    assert url in page(second, "/desk")
    bare = post(second, f"{url}/approve", {"reason": ""}, at=url)
    assert bare.status_code == 422
    assert post(second, f"{url}/approve", {"reason": "逐行核对，与原文一致"}, at=url).status_code == 303
    office.settle()
    public = client.application.test_client()
    assert "演示收费标准" in page(public, "/fees/demo-fee")
    result = public.get("/fees/demo-fee/calculate?amount=100&on=2026-03-01").get_data(as_text=True)
    assert "10,000.00" in result
    assert "已生效" in page(second, url)
    assert second.get(f"{url}/text").get_data(as_text=True).strip() == TEXT.strip()
    world.sign_in(client, office.administration)
    record = page(client, "/audit?kind=fee_revision")
    assert "fee_revision.approve" in record


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: FlaskClient, office: Office) -> None:
    office.market.world.sign_in(client, office.first)
    sent = written(client, TEXT.replace("rates = [1, 0.5]", "rates = [1]"), reason="我的理由很长")
    text = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert "费率要比界限多一个" in text
    assert re.search(r"第 \d+ 行", text)
    assert "rates = [1]" in text
    assert "我的理由很长" in text
    early = written(client, reason="改", effective_on="明天").get_data(as_text=True)
    assert "填日期" in early
    assert "演示收费标准" in early


def test_a_file_may_be_uploaded_in_place_of_typing(client: FlaskClient, office: Office) -> None:
    office.market.world.sign_in(client, office.first)
    typed: dict[str, Any] = {"text": "x", "file": (io.BytesIO(TEXT.encode()), "demo.toml")}
    assert written(client, **typed).status_code == 303
    for name, raw in (("demo.pdf", b"%PDF"), ("demo.toml", b"\xff\xfe\x00"), ("demo.toml", b"#" * 400_001)):
        sent = written(client, text="typed before", file=(io.BytesIO(raw), name))
        assert sent.status_code == 422
        assert "UTF-8" in sent.get_data(as_text=True)
        assert "typed before" in sent.get_data(as_text=True)


def test_an_overtaken_draft_shows_what_is_newer(client: FlaskClient, office: Office) -> None:
    office.approved()
    slow = office.draft(TEXT.replace("演示收费标准", "演示收费试行标准"))
    office.approved(CHEAPER)
    office.market.world.sign_in(client, office.first)
    url = f"/fee-revisions/{slow.id}"
    assert "0.8" in page(client, url)
    refused = post(client, f"{url}/propose", {}, at=url)
    assert refused.status_code == 409
    assert "又有新文本通过" in refused.get_data(as_text=True)
    assert "rates = [0.8, 0.5]" in page(client, f"{url}/edit")
    merged = {**GIVEN, "text": CHEAPER.replace("演示收费标准", "演示收费试行标准")}
    base = re.search(r'name="base_sha256" value="([^"]*)"', client.get(f"{url}/edit").get_data(as_text=True))
    assert base is not None
    office.approved(CHEAPER.replace("0.8", "0.7"))
    again = post(client, f"{url}/edit", {**merged, "base_sha256": base[1]}, at=f"{url}/edit")
    assert again.status_code == 422
    assert "演示收费试行标准" in again.get_data(as_text=True)
    assert "rates = [0.7, 0.5]" in again.get_data(as_text=True)
    assert base[1] not in again.get_data(as_text=True)
    assert post(client, f"{url}/edit", merged, at=f"{url}/edit").status_code == 303
    assert post(client, f"{url}/propose", {}, at=url).status_code == 303


def test_a_correction_lists_the_findings_with_a_link_to_each(client: FlaskClient, office: Office) -> None:
    office.approved()
    office.settle()
    office.market.world.sign_in(client, office.first)
    assert client.get("/fees").status_code == 200
    case = case_of(office, 1)
    row = office.approved(DEAR)
    office.settle()
    found = page(client, f"/fee-revisions/{row.id}/findings")
    assert f'href="/cases/{case.id}"' in found
    assert "不再成立" in found
    assert "20,000.00" in found
    assert client.get(f"/cases/{case.id}").status_code == 200


def test_the_api_lists_reads_proposes_and_approves(client: FlaskClient, office: Office) -> None:
    first, second = (office.market.world.api_token(one) for one in (office.first, office.second))
    wrong = client.post("/api/v1/fee-revisions", json={**GIVEN, "text": "id = demo"}, headers=first)
    assert wrong.status_code == 422
    assert "第 1 行" in wrong.get_json()["title"]
    made = client.post("/api/v1/fee-revisions", json={**GIVEN, "text": TEXT}, headers=first)
    assert made.status_code == 201, made.get_json()
    url = f"/api/v1/fee-revisions/{made.get_json()['id']}"
    assert client.post(f"{url}/proposal", headers=first).get_json()["state"] == "proposed"
    reason = {"reason": "逐行核对，与原文一致"}
    assert client.post(f"{url}/approval", json=reason, headers=first).status_code == 403
    assert client.post(f"{url}/approval", json=reason, headers=second).get_json()["state"] == "approved"
    assert client.get(url, headers=second).get_json()["text"].strip() == TEXT.strip()
    assert [one["id"] for one in client.get("/api/v1/fee-revisions", headers=second).get_json()["items"]] == [
        made.get_json()["id"]
    ]
    worked = client.post(
        "/api/v1/fee-calculations", json={"schedule": SCHEDULE, "on": "2026-03-01", "inputs": {"amount": "100"}}
    )
    assert worked.get_json()["base_fen"] == 1_000_000
    assert client.get(f"{url}/findings", headers=second).get_json() == {"items": []}


def test_others_see_nothing_of_it(client: FlaskClient, office: Office) -> None:
    row = office.draft()
    for actor in (office.market.agency, office.market.enterprise, office.market.world.town):
        office.market.world.sign_in(client, actor)
        for url in ("/fee-revisions", f"/fee-revisions/{row.id}", f"/fee-revisions/{row.id}/impact"):
            assert client.get(url).status_code == 403, url
    office.market.world.sign_in(client, office.market.world.city)
    assert client.get(f"/fee-revisions/{row.id}").status_code == 200
    assert client.get(f"/fee-revisions/{row.id}/edit").status_code == 403


def test_a_page_asks_for_newer_texts_at_most_once_and_one_without_fees_never(
    client: FlaskClient, office: Office
) -> None:
    office.approved()
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "fee_register" in statement:
            asked.append(statement)

    client.get("/fees")
    event.listen(office.works.engine, "before_cursor_execute", note)
    counts = []
    for url in ("/fees/demo-fee", "/fees/demo-fee/calculate?amount=100", "/fees", "/needs", "/guide", "/privacy"):
        asked.clear()
        assert client.get(url).status_code == 200, url
        counts.append(len(asked))
    assert counts == [1, 1, 1, 0, 0, 0]


def test_a_withdrawn_text_may_be_drafted_again(client: FlaskClient, office: Office) -> None:
    row = office.draft()
    office.market.world.sign_in(client, office.first)
    url = f"/fee-revisions/{row.id}"
    assert post(client, f"{url}/withdraw", {}, at=url).status_code == 303
    with office.works.reading() as work:
        assert queries.revision_by_id(work.session, row.id).state is RevisionState.WITHDRAWN
    again = page(client, f"/fee-revisions/new?from={row.id}")
    assert "演示收费标准" in again
    assert date(2026, 3, 18).isoformat() in again
