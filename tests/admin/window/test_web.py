"""Walks: a visitor is received, consents by code on a phone, goes home with a receipt; everybody reads the count."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from admin.window.lifecycle import ConsentState
from core.clock import FixedClock
from tests.admin.window.conftest import PDF, Window
from tests.browser import page, post

CONSENT = {"covers": "need", "item_code": "DG-A-01", "purpose": "代为发布采购需求", "until": "2026-12-31"}
FILED = {"title": "厂房扩建项目建议书", "scale": "建筑面积 3 万平方米", "fund": "social"}


def test_a_visitor_goes_home_with_a_receipt(client: FlaskClient, window: Window) -> None:
    town, phone = client.application.test_client(), client.application.test_client()
    window.market.world.sign_in(town, window.clerk)
    window.market.world.sign_in(phone, window.owner)
    assert "没有在办的来访" in page(town, "/desk")
    wrong = post(
        town, "/desk/window", {"enterprise": "没有这家", "visitor_name": "王小明", "matter": "咨询"}, at="/desk/window"
    )
    assert (wrong.status_code, "王小明" in wrong.text, "核对一遍" in wrong.text) == (422, True, True)
    data = {"enterprise": window.name_of(window.owner), "visitor_name": "王小明", "matter": "发布采购需求"}
    url = post(town, "/desk/window", data, at="/desk/window").location
    missing = post(town, f"{url}/consents", {**CONSENT, "kind": "paper"}, at=url)
    assert (missing.status_code, "上传签字授权书" in missing.text) == (422, True)
    assert post(town, f"{url}/consents", {**CONSENT, "kind": "code"}, at=url).status_code == 303
    shown = re.search(r"填：(\d{6})", page(town, url))
    assert shown is not None
    mine = page(phone, url)
    assert shown[1] not in mine
    action = re.search(r'action="(/window/consents/\d+/code)"', mine)
    assert action is not None
    assert town.get(f"{url}/filing").status_code == 403
    assert post(phone, action[1], {"code": "12"}, at=url).status_code == 422
    assert post(phone, action[1], {"code": shown[1]}, at=url).status_code == 303
    filing = f"{url}/filing"
    short = post(town, filing, {**FILED, "title": "短"}, at=filing)
    assert (short.status_code, "建筑面积 3 万平方米" in short.text) == (422, True)
    assert post(town, filing, FILED, at=filing).status_code == 303
    done = page(town, url)
    paper = re.search(r"/papers/([0-9A-Z-]+)\.pdf", done)
    assert paper is not None
    stranger = client.application.test_client()
    assert "窗口代办回执" in page(stranger, f"/papers/{paper[1]}")
    assert stranger.get(f"/papers/{paper[1]}.pdf").data.startswith(b"%PDF-1.7")
    assert "由窗口代办" in page(phone, "/desk")
    assert stranger.get(url).status_code == 303
    assert "不足 3 份" in page(stranger, "/visits")
    assert "DG-A-01" in stranger.get("/visits.csv?by=item").text
    assert stranger.get("/api/v1/visits?by=town").json == [
        {"code": window.clerk.town_code, "n": 1, "zero": None, "one": None, "more": None}
    ]


def test_a_scan_goes_back_to_the_two_who_may_read_it(client: FlaskClient, window: Window) -> None:
    window.market.world.sign_in(client, window.clerk)
    url = f"/window/visits/{window.received()}"
    data = {**CONSENT, "kind": "paper", "file": (BytesIO(PDF), "授权书.pdf")}
    assert post(client, f"{url}/consents", data, at=url).status_code == 303
    scan = re.search(r"/window/consents/\d+/scan", page(client, url))
    assert scan is not None
    assert client.get(scan[0], buffered=True).data == PDF
    other = client.application.test_client()
    window.market.world.sign_in(other, window.market.world.other_town)
    assert other.get(scan[0]).status_code == 403
    assert other.get(url).status_code == 403
    assert post(client, f"{url}/finish", {}, at=url).status_code == 303
    assert "已失效" in page(client, url)


def test_a_shipment_is_followed_beside_its_purchase(client: FlaskClient, window: Window, clock: FixedClock) -> None:
    _visit_id, need_id = window.filed()
    at = f"/needs/{need_id}/window"
    owner = client.application.test_client()
    window.market.world.sign_in(owner, window.owner)
    window.market.world.sign_in(client, window.clerk)
    assert "到窗口一次" in page(client, at)
    assert post(owner, f"/needs/{need_id}/shipments", {"receiver": "agency"}, at=at).status_code == 422
    data = {"receiver": "window", "carrier": "sf", "content": "证照复印件一套"}
    assert post(owner, f"/needs/{need_id}/shipments", data, at=at).status_code == 303
    url = "/shipments/1"
    wrong = post(owner, f"{url}/send", {"tracking": "已经送到"}, at=url)
    assert (wrong.status_code, "已经送到" in wrong.text, "格式对不上" in wrong.text) == (422, True, True)
    assert post(owner, f"{url}/send", {"tracking": "sf 1234567890123"}, at=url).status_code == 303
    assert "证照复印件一套" in page(client, "/desk")
    clock.instant += timedelta(minutes=5)
    signed = {"signed_at": clock.instant.isoformat(), "signed_by": "reception"}
    assert post(client, f"{url}/sign", signed, at=url).status_code == 303
    assert "前台或者收发室" in page(owner, url)


def answered(response: TestResponse, status: int) -> dict[str, Any]:
    """Return what a program was answered."""
    assert response.status_code == status, response.text
    found: dict[str, Any] = response.get_json()
    return found


def test_programs_do_what_pages_do(client: FlaskClient, window: Window) -> None:
    clerk, owner = (window.market.world.api_token(one) for one in (window.clerk, window.owner))
    data = {"enterprise": window.name_of(window.owner), "visitor_name": "王小明", "matter": "发布采购需求"}
    visit = answered(client.post("/api/v1/window/visits", json=data, headers=clerk), 201)
    assert [one["id"] for one in client.get("/api/v1/window/visits", headers=clerk).get_json()] == [visit["id"]]
    url, consents = f"/api/v1/window/visits/{visit['id']}", "/api/v1/window/consents"
    asked = answered(client.post(f"{url}/consents", data={**CONSENT, "kind": "code"}, headers=clerk), 201)
    code, at = {"code": asked["code"]}, f"{consents}/{asked['id']}"
    given = answered(client.post(f"{at}/code", json=code, headers=owner), 200)
    assert given["state"] == str(ConsentState.GIVEN)
    answers = {**FILED, "item_code": "DG-A-01", "no_ceiling_reason": "首次采购"}
    need = answered(client.post(f"{url}/filing", json=answers, headers=clerk), 201)
    assert answered(client.get(f"/api/v1/needs/{need['id']}/window", headers=owner), 200)["visits"] == 1
    answered(client.post(f"{at}/withdraw", headers=owner), 409)
    assert asked["code"] not in str(answered(client.get(url, headers=owner), 200))
