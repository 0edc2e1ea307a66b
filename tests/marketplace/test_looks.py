"""Pages of needs and quotes in Chromium: axe finds nothing, nothing sticks out, by day and by night, on phones too.

`SHOTS=folder` saves what they look like.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import SignIn
from core.access import Actor
from core.money import Money
from marketplace.needs import service
from marketplace.needs.commands import WriteNeed
from marketplace.quotes import service as quotes
from tests import machine
from tests.axe import COLOURS, axe
from tests.browser import post
from tests.conftest import ON_POSTGRESQL
from tests.marketplace.selection.world import CRITERIA, ITEM, Market
from tests.web.gallery import WEB
from tests.web.screens import FLAGS, POLICY, THEMES, WIDTHS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(280),
    pytest.mark.skipif(ON_POSTGRESQL, reason="Pages look alike on every database: see SQLite's run."),
    pytest.mark.skipif(machine.chromium() is None, reason="LOUD: no Chromium, the pages were NOT checked by axe"),
]
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SITE = "http://market.test"
INPUTS = {"service": "proposal", "investment": "3200万", "industry": "building"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 absent where no browser is wanted

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=machine.chromium(), args=FLAGS)
        yield chromium
        chromium.close()


def look(page: Any, name: str, html: str) -> list[Any]:
    """Show a page's markup under the strict policy, in every width and theme; return what axe and the ruler find."""
    found: list[Any] = []

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(SITE).partition("?")[0]
        if path.startswith("/static/"):
            file = WEB / path.lstrip("/")
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        else:
            policy = {"Content-Security-Policy": POLICY}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=policy)

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(f"{SITE}/{name}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            if folder := os.environ.get("SHOTS"):
                page.screenshot(path=str(Path(folder) / f"{name}-{width}-{theme}.png"), full_page=True)
            found += [(width, theme, fault) for fault in axe(page, only=COLOURS if theme != THEMES[0] else ())]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((width, "sticks out"))
    return found


def pages_of(app: Flask, market: Market) -> dict[str, str]:
    """Return the markup of every page of needs and quotes, by a short name."""
    agent, _agency_id = market.agency()
    other, other_id = market.agency()
    owner, agency, anybody = signed_in(app, market, market.owner), signed_in(app, market, agent), app.test_client()
    need_id = market.publish(
        method="merit", method_basis="", criteria=CRITERIA, fee_inputs=INPUTS, ceiling=Money.from_wan(12),
        avoid=((other_id, "与业主同一控制人"),), requirements="成果须满足审批部门受理要求。",
    )  # fmt: skip
    with market.works.writing(agent) as work:
        question = service.ask(work, need_id, "是否包含节能评估一章？")
        asked = service.ask(work, need_id, "现场踏勘由谁安排？")
    with market.works.writing(market.owner) as work:
        service.answer(work, question.id, "包含，单独列一章，另附计算书。")
        draft = service.create(work, WriteNeed(ITEM, "厂房二期项目建议书", "建筑面积 2 万平方米", "fiscal")).id
    urls = {
        "list": (anybody, "/needs"), "mine": (owner, "/needs?mine=1"), "none": (anybody, "/needs?state=failed"),
        "new": (owner, f"/needs/new?item={ITEM}&fee-service=proposal&amount=3200&fee-industry=building"),
        "pick": (owner, "/needs/new"), "edit": (owner, f"/needs/{draft}/edit"),
        "check": (owner, f"/needs/{draft}/check"),
        "notice": (anybody, f"/needs/{need_id}"), "notice-owner": (owner, f"/needs/{need_id}"),
        "answer": (owner, f"/questions/{asked.id}/answer"), "withdraw": (owner, f"/needs/{need_id}/withdraw"),
        "deadline": (owner, f"/needs/{need_id}/deadline"), "quote": (agency, f"/needs/{need_id}/quote"),
        "barred": (signed_in(app, market, other), f"/needs/{need_id}/quote"),
        "sealed": (anybody, f"/needs/{need_id}/quotes"),
    }  # fmt: skip
    found = {name: client.get(url).get_data(as_text=True) for name, (client, url) in urls.items()}
    found["new-wrong"] = post(owner, "/needs/new", {"item_code": ITEM}, urls["new"][1]).get_data(as_text=True)
    found["quote-wrong"] = post(agency, f"/needs/{need_id}/quote", {"amount": "贵"}).get_data(as_text=True)
    post(agency, f"/needs/{need_id}/quote", {"amount": "93000", "days": "15", "commitment_given": "1"})
    for name, url in (("notice-bidder", ""), ("receipt", "/quote/receipt"), ("take-back", "/quote/withdraw")):
        found[name] = agency.get(f"/needs/{need_id}{url}").get_data(as_text=True)
    market.clock.advance(timedelta(days=1, hours=7, minutes=1))
    quotes.open_if_due(market.works, need_id)
    agency = signed_in(app, market, agent)
    found["opened"] = signed_in(app, market, market.owner).get(f"/needs/{need_id}/quotes").get_data(as_text=True)
    found["receipt-opened"] = agency.get(f"/needs/{need_id}/quote/receipt").get_data(as_text=True)
    found["mine-quotes"] = agency.get("/quotes").get_data(as_text=True)
    failed = market.publish(fund="fiscal", ceiling=Money.from_wan(3))
    market.clock.advance(timedelta(days=8))
    found["failed"] = signed_in(app, market, market.owner).get(f"/needs/{failed}").get_data(as_text=True)
    return found


def signed_in(app: Flask, market: Market, actor: Actor) -> FlaskClient:
    """Return a browser whose session is fresh."""
    client = app.test_client()
    market.world.sign_in(client, actor)
    with market.works.system() as work:
        for row in work.session.scalars(select(SignIn)):
            row.seen_at, row.ends_at = work.clock.now(), work.clock.now() + timedelta(days=1)
    return client


def test_axe_finds_nothing_on_any_page_of_needs_and_quotes(browser: Any, app: Flask, market: Market) -> None:
    page, said, wrong = browser.new_page(reduced_motion="reduce"), [], {}
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for name, html in pages_of(app, market).items():
        assert html.count("<h1") == 1, (name, html[:400])
        if found := look(page, name, html):
            wrong[name] = found
    page.close()
    assert wrong == {}
    assert said == []
