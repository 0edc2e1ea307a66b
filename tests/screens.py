"""Take the pictures of docs/screens from a site with the demo world: `python -m tests.screens [ADDRESS [NAME…]]`.

Without an address a site of its own is started in a temporary folder; names take these pictures alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import sync_playwright

from tests import machine, servers
from tests.web.screens import FLAGS
from web.demo import cast

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
WIDTHS = (1280, 360)
TALLEST = 1400
PUBLIC = {
    "home": "/",
    "search": "/search?q=环评",
    "service": "/services/DG-B-25",
    "notice": "/needs/290",
    "result": "/needs/100/result",
    "agency": "/agencies/5",
    "calculator": "/fees/construction-supervision/calculate?base_amount=6500&complexity=II",
    "fee-document": "/fees/construction-supervision",
    "bulletin": "/bulletins",
    "guide": "/guide",
    "framework": "/frameworks/1",
    "lots": "/needs/305",
}
OWN = {
    "desk-enterprise": (0, "/desk"),
    "need-form": (0, "/needs/new?item=DG-B-25"),
    "project": (0, "/projects/1"),
    "performance": (3, "/performance"),
    "cases": (4, "/cases"),
    "fee-case": (4, "/cases?kind=unusual_price&item=DG-C-55"),
}
FOLLOW = {"bulletin": "main ul.rows a", "fee-case": "main ul.rows a"}


@contextmanager
def own_site() -> Iterator[str]:
    """Start a site with a fresh demo world and stop it afterwards."""
    port = servers.free_port()
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "PORT": str(port), "MARKET_DATA": folder}
        site = subprocess.Popen([sys.executable, "-m", "web.serve"], env=env)
        try:
            yield _wait(f"http://127.0.0.1:{port}")
        finally:
            site.terminate()
            site.wait()


def _wait(address: str) -> str:
    for _try in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - a loopback address of our own
                return address
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise RuntimeError("the site did not start")


def sign_in(page: Any, address: str, place: int) -> None:
    """Sign in as a demo account, with the code the page shows where one is asked for."""
    page.goto(f"{address}/sign-in")
    page.fill("[name=identifier]", cast.ACCOUNTS[place][1])
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main form button[type=submit], main form button")
    if page.locator("[name=code]").count():
        page.fill("[name=code]", pyotp.TOTP(cast.TOTP_SECRET).now())
        page.click("main form button")


def take(address: str, names: Sequence[str] = ()) -> None:
    """Take pictures at both widths: all of them, or those named."""
    wanted: list[tuple[str, int | None, str]] = [(name, None, path) for name, path in PUBLIC.items()]
    wanted += [(name, place, path) for name, (place, path) in OWN.items()]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(machine.chromium()), args=FLAGS)
        known: dict[int | None, Any] = {None: None}
        for name, place, path in wanted:
            if names and name not in names:
                continue
            if place is not None and place not in known:
                known[place] = _signed_in(browser, address, place)
            for width in WIDTHS:
                _take(browser, width, known[place], address + path, name)
        browser.close()


def _signed_in(browser: Any, address: str, place: int) -> Any:
    """Return the cookies of a demo account; one sign-in serves both widths, for a code is good once."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    sign_in(page, address, place)
    page.wait_for_url(f"{address}/desk")
    state = context.storage_state()
    context.close()
    return state


def _take(browser: Any, width: int, state: Any, url: str, name: str) -> None:
    """Take one picture: the page on a desk, down to where it only goes on; the first screen on a phone."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", storage_state=state)
    page = context.new_page()
    page.goto(url)
    if name in FOLLOW:
        page.locator(FOLLOW[name]).first.click()
        page.wait_for_load_state()
    tall = page.evaluate("document.documentElement.scrollHeight") if width == WIDTHS[0] else 0
    clip = {"x": 0, "y": 0, "width": width, "height": min(max(tall, 900), TALLEST)}
    page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True, clip=clip)
    context.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take(sys.argv[1], sys.argv[2:])
    else:
        with own_site() as started:
            take(started)
