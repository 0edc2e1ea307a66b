"""Every page of the demo world, as every role: no dead link, nothing for axe to say, light enough, fits a phone."""

from __future__ import annotations

import gzip
import os
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Membership, SignIn, User
from core.clock import FixedClock
from core.secrets import keyed_hash, token_hash
from core.work import Works
from search import service as search
from tests import machine
from tests.axe import axe
from tests.walk.site import serving
from tests.web.screens import FLAGS
from web import cli
from web.demo import cast

ROLES = (("", ""), *cast.ACCOUNTS)
STATIC = Path(__file__).parents[2] / "web" / "static"
ALIKE = 2  # pages of one shape that are looked at
MOST_BYTES = 60 * 1024
MOST_REQUESTS = 4
PHONE, DESK = 360, 1280
UNLIKE = frozenset({"calculate", "tender-agency", "highway-testing-guangdong", "engineering-survey"})
"""What stands behind /fees/ that looks like no other: bands and lots, a long price list, a list with coefficients."""
LINK = re.compile(r'href="(/[^"#]*)')
LEFT_OUT = ("/static", "/preferences", "/api/")


@dataclass
class Heap:
    """What a browser page tells; a built-in method it would not accept as a listener."""

    things: list[Any] = field(default_factory=list)

    def take(self, thing: Any) -> None:
        self.things.append(thing)


@dataclass
class Crowd:
    """The demo world and a signed-in client for each role."""

    app: Flask
    works: Works

    def client(self, mobile: str) -> FlaskClient:
        client = self.app.test_client()
        if mobile:
            with client.session_transaction() as session:
                session["_user_id"] = self._enter(mobile)
        return client

    def _enter(self, mobile: str) -> str:
        token = f"crowd-{mobile}"
        with self.works.system() as work:
            user_id = work.session.scalars(
                select(User.id).where(User.mobile_hash == keyed_hash("mobile", mobile))
            ).one()
            org_id = work.session.scalars(select(Membership.org_id).where(Membership.user_id == user_id)).first()
            if not work.session.scalar(select(SignIn.id).where(SignIn.token_hash == token_hash(token))):
                now = work.clock.now()
                row = SignIn(token_hash=token_hash(token), user_id=user_id, org_id=org_id, second_factor=True)
                row.created_at, row.seen_at, row.ends_at = now, now, now + timedelta(hours=12)
                work.session.add(row)
        return token

    def walk(self, mobile: str) -> Iterator[tuple[str, str, int, str]]:
        """Follow the links from the first page and the desk; give address, where it was found, status and text."""
        client, shapes, done = self.client(mobile), Counter[str](), set()
        waiting = deque([("/", "the start"), ("/desk", "the start")])
        while waiting:
            address, found_on = waiting.popleft()
            shape = shape_of(address)
            if address in done or shapes[shape] >= ALIKE:
                continue
            done.add(address)
            shapes[shape] += 1
            answer = client.get(address)
            text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            answer.close()
            yield address, found_on, answer.status_code, text
            more = [one.replace("&amp;", "&") for one in LINK.findall(text)]
            more += [answer.headers["Location"]] if answer.status_code in {301, 302, 303} else []
            waiting.extend((one, address) for one in more if not one.startswith(LEFT_OUT))


def shape_of(address: str) -> str:
    """Return an address without its numbers and its query; most fee schedules look like one another."""
    path = re.sub(r"DG-[A-Z]-\d+", "ITEM", address.split("?", maxsplit=1)[0])
    parts = path.split("/")
    if len(parts) > 2 and parts[1] == "fees" and parts[2] not in UNLIKE:
        path = "/".join(["", "fees", "SCHEDULE", *parts[3:]])
    return re.sub(r"\d+", "N", path)


@pytest.fixture
def crowd(app: Flask, works: Works, clock: FixedClock, tmp_path: Path) -> Iterator[Crowd]:
    kept = dict(search._configured)
    search.configure(tmp_path / "index")
    cli.load_reference(app)
    cli.load_demo(app, agencies=12, needs=30)
    cli.rebuild_index(app)
    yield Crowd(app, works)
    search._configured.clear()
    search._configured.update(kept)


NO_BROWSER = machine.chromium() is None or "TEST_DATABASE_URL" in os.environ
"""Whether the pages are read and not looked at: they look alike on every database."""


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not NO_BROWSER, reason="The look at every page follows the same links.")
def test_no_link_a_role_sees_leads_nowhere(crowd: Crowd) -> None:
    pages, dead = 0, list[str]()
    for role, mobile in ROLES:
        for address, found_on, status, _text in crowd.walk(mobile):
            pages += 1
            dead += _dead(role, address, found_on, status)
    print(f"\n{pages} pages as {len(ROLES)} roles")
    assert pages > 300
    assert not dead, "\n".join(dead)


def _dead(role: str, address: str, found_on: str, status: int) -> Iterator[str]:
    signs_in = not role and status == 302
    if status >= 400 and not signs_in:
        yield f"{role or 'a stranger'}: {address} on {found_on} answers {status}"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(machine.chromium() is None, reason="LOUD: no Chromium, the pages were NOT looked at in a browser")
@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="Pages look alike on every database: see SQLite's run.")
def test_every_page_is_there_fits_is_light_and_gives_axe_nothing_to_say(crowd: Crowd) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - absent where no browser is wanted

    wrong: list[str] = []
    seen: set[str] = set()
    with serving(crowd.app) as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=machine.chromium(), args=FLAGS)
        for role, mobile in ROLES:
            context = browser.new_context(
                viewport={"width": PHONE, "height": 800},
                locale="zh-CN",
                reduced_motion="reduce",  # colours that fade into each other would be waited for
            )
            context.add_cookies(_cookies(crowd.client(mobile), url))
            page = context.new_page()
            for address, found_on, status, text in crowd.walk(mobile):
                wrong += _dead(role, address, found_on, status)
                key = f"{role if shape_of(address) in {'/desk', '/'} else ''} {shape_of(address)}"
                if status == 200 and text and key not in seen:
                    seen.add(key)
                    wrong += [f"{role} {address}: {fault}" for fault in _faults(page, url + address)]
            context.close()
        browser.close()
    print(f"\n{len(seen)} shapes of pages at {PHONE} px and, dark, at {DESK} px")
    assert len(seen) > 100
    assert not wrong, "\n".join(wrong)


def _cookies(client: FlaskClient, url: str) -> list[Any]:
    name = client.application.config["SESSION_COOKIE_NAME"]
    session = client.get_cookie(name)
    return [{"name": name, "value": session.value, "url": url}] if session else []


def _faults(page: Any, address: str) -> Iterator[str]:
    sent, said = Heap(), Heap()
    heard = {"request": sent.take, "console": said.take}
    for event, take in heard.items():
        page.on(event, take)
    answer = page.goto(address)
    asked = [one.url for one in sent.things if one.method == "GET"]
    weight = len(gzip.compress(answer.body())) + sum(map(_static_weight, asked))
    if len(asked) > MOST_REQUESTS or weight > MOST_BYTES:
        yield f"{weight} bytes, {[one.partition('//')[2] for one in asked]}"
    if page.locator("h1").count() != 1:
        yield "not one heading"
    for width, scheme in ((PHONE, "light"), (DESK, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"sideways scrolling at {width} px"
        yield from (f"{width} px, {scheme}: {one}" for one in axe(page))
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto(f"{address}{'&' if '?' in address else '?'}lang=en")
    if page.evaluate("document.documentElement.scrollWidth") > PHONE:
        yield f"sideways scrolling at {PHONE} px in English"
    yield from (one.text for one in said.things if one.type == "error")
    for event, take in heard.items():
        page.remove_listener(event, take)


@cache
def _static_weight(url: str) -> int:
    file = STATIC / url.partition("/static/")[2].partition("?")[0]
    return len(gzip.compress(file.read_bytes())) if file.is_file() else 0
