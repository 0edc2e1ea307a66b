"""The pages and the API of complaints, as people and programs use them."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.access import Actor
from marketplace.complaints import rules
from marketplace.complaints.lifecycle import ComplaintState, Remedy
from marketplace.selection.lifecycle import AwardState
from tests.browser import Browse, page, post
from tests.marketplace.complaints.court import PDF, PERSON, PHONE, WHY, Court
from tests.marketplace.selection.world import Market

MATTER = "中选机构的报价没有包含公告要求的二期内容，业主仍然选定，与公告不符。"


@pytest.fixture
def browse(app: Flask, market: Market) -> Browse:
    """Return a browser signed in as an actor, whatever time it is."""

    def as_actor(actor: Actor) -> FlaskClient:
        client = app.test_client()
        market.world.sign_in(client, actor)
        market.stay_signed_in()
        return client

    return as_actor


def test_a_complaint_is_walked_from_the_result_to_its_decision(hall: Court, app: Flask, browse: Browse) -> None:
    need_id, _award = hall.awarded()
    loser, owner, officer = browse(hall.market.agents[1][0]), browse(hall.market.owner), browse(hall.city)
    assert "已入驻的中介机构才能对采购提出投诉" in page(app.test_client(), f"/needs/{need_id}")
    result = page(loser, f"/needs/{need_id}/result")
    url = f"/complaints/new?subject=selection&need_id={need_id}"
    assert url.replace("&", "&amp;") in result
    assert "公示结束" in result
    wrong = post(loser, url, {"aspect": "result", "matter": "不公"})
    text = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    for told in ("至少写 20 个字", "写明违反了哪份文件", "填写联系人", "上传证据", "盖章提交"):
        assert told in text
    whole = {
        "aspect": "result", "matter": MATTER, "clause": "公告第三条", "contact_name": PERSON, "contact_phone": PHONE,
        "sealed": "1", "file": (BytesIO(PDF), "证据.pdf"),
    }  # fmt: skip
    filed = post(loser, url, whole)
    case = filed.headers["Location"]
    assert PHONE in page(loser, case)
    page(owner, case, 403)
    assert "待审查受理" in page(officer, case)
    verdicts = {f"verdict-{key}": "passed" for key in rules.ITEMS}
    lacking = {**verdicts, "verdict-evidence": "to_correct", "action": "send_back"}
    assert "写明哪里要改" in post(officer, f"{case}/verdicts", lacking, case).get_data(as_text=True)
    sent = post(officer, f"{case}/verdicts", {**lacking, "note-evidence": "证据看不清"}, case)
    assert sent.status_code == 303
    answered = {"answer-evidence": "补交清晰扫描件", "file-evidence": (BytesIO(PDF), "清晰.pdf")}
    assert post(loser, f"{case}/answers", answered, case).status_code == 303
    assert post(officer, f"{case}/verdicts", {**verdicts, "action": "accept"}, case).status_code == 303
    stub = page(app.test_client(), f"/needs/{need_id}/result")
    assert "因投诉暂停签约" in stub
    assert MATTER not in stub
    seen = page(owner, case)
    assert MATTER in seen
    assert PHONE not in seen
    file_url = re.search(rf'href="({case}/files/\d+)"', seen)
    assert file_url
    with owner.get(file_url[1]) as file:
        assert file.data == PDF
    page(browse(hall.market.agents[0][0]), case, 403)
    assert post(owner, f"{case}/reply", {"text": WHY}, case).status_code == 303
    decision = {"verdict": "uphold", "reason": WHY, "remedy": "rerun"}
    assert "写明违反了" in post(officer, f"{case}/decision", decision, case).get_data(as_text=True)
    assert post(officer, f"{case}/decision", {**decision, "clause": "公告第三条"}, case).status_code == 303
    winner = browse(hall.market.agents[0][0])
    told = page(winner, case)
    assert "撤销中选，重新采购" in told
    assert MATTER not in told
    assert post(winner, f"{case}/appeal", {"text": WHY}, case).status_code == 303
    above = browse(hall.above)
    assert post(above, f"{case}/review", {"verdict": "confirm", "reason": WHY}, case).status_code == 303
    assert "已按处理决定办理" in page(loser, case)
    assert "撤销中选，重新采购" in page(app.test_client(), f"/needs/{need_id}")
    assert "TS-2026-" in page(officer, "/complaints")
    assert "其中补正两次的 0 件" in page(officer, "/complaints")


def test_reading_a_late_case_moves_it_and_the_way_in_closes(hall: Court, app: Flask, browse: Browse) -> None:
    need_id, award = hall.awarded()
    row = hall.file(need_id)
    hall.market.clock.instant = row.judge_by
    loser = browse(hall.market.agents[1][0])
    assert "逾期没有告知，视为受理" in page(loser, f"/complaints/{row.id}")
    assert hall.now(row.id).state is ComplaintState.ACCEPTED
    assert hall.award(need_id).state is AwardState.SUSPENDED
    assert hall.market.clock.now() > award.publicity_until
    assert "投诉期限已过" in page(loser, f"/needs/{need_id}/result")
    joined = page(loser, "/join")
    assert "投诉和异议" in joined


def test_the_api_files_and_decides_as_the_pages_do(hall: Court, app: Flask) -> None:
    need_id, _award = hall.awarded()
    client, world = app.test_client(), hall.market.world
    loser, city = world.api_token(hall.market.agents[1][0]), world.api_token(hall.city)
    owner, winner = world.api_token(hall.market.owner), world.api_token(hall.market.agents[0][0])
    url = f"/api/v1/complaints?subject=selection&need_id={need_id}"
    lacking = client.post(url, data={"aspect": "result"}, headers=loser, content_type="multipart/form-data")
    assert (lacking.status_code, lacking.get_json()["code"]) == (422, "complaint-incomplete")
    assert len(lacking.get_json()["faults"]) == 6
    body = {
        "aspect": "result", "matter": MATTER, "clause": "公告第三条", "contact_name": PERSON, "contact_phone": PHONE,
        "sealed": "1", "file": (BytesIO(PDF), "证据.pdf"),
    }  # fmt: skip
    filed = client.post(url, data=body, headers=loser, content_type="multipart/form-data")
    assert filed.status_code == 201, filed.get_json()
    assert PHONE not in filed.get_data(as_text=True)
    case = f"/api/v1/complaints/{filed.get_json()['id']}"
    items = [{"key": key, "verdict": "passed"} for key in rules.ITEMS]
    judged = client.post(f"{case}/verdicts", json={"items": items, "action": "accept"}, headers=city)
    assert judged.get_json()["state"] == "accepted", judged.get_json()
    (stub,) = client.get(f"/api/v1/needs/{need_id}/complaints").get_json()
    assert set(stub) == {"number", "state", "accepted_at", "outcome", "remedy"}
    assert client.get(f"/api/v1/needs/{need_id}/result").get_json()["award"]["state"] == "suspended"
    reply = client.post(f"{case}/reply", data={"text": WHY}, headers=owner, content_type="multipart/form-data")
    assert reply.get_json()["state"] == "heard"
    decision = {"verdict": "uphold", "reason": WHY, "clause": "公告第三条", "remedy": str(Remedy.RERUN)}
    assert client.post(f"{case}/decision", json=decision, headers=city).get_json()["state"] == "upheld"
    told = client.get(case, headers=winner).get_json()
    assert (told["remedy"], "matter" in told) == ("rerun", False)
    assert client.post(f"{case}/appeal", json={"text": WHY}, headers=winner).get_json()["state"] == "appealed"
    review = {"verdict": "overturn", "reason": WHY}
    assert client.post(f"{case}/review", json=review, headers=city).status_code == 403
    office = world.api_token(hall.above)
    assert client.post(f"{case}/review", json=review, headers=office).get_json()["stands"] is False
    assert len(client.get("/api/v1/complaints", headers=loser).get_json()["items"]) == 1
