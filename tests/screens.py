"""Take the pictures of docs/screens from a running site with the demo world: `python -m tests.screens [ADDRESS]`.

Without an address a site of its own is started in a temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
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
PUBLIC = {
    "home": "/",
    "search": "/search?q=环评",
    "service": "/services/DG-B-25",
    "notice": "/needs/290",
    "result": "/needs/100/result",
    "agency": "/agencies/5",
    "calculator": "/fees/construction-supervision/calculate?base_amount=6500&complexity=II",
    "guide": "/guide",
}
OWN = {
    "desk-enterprise": (0, "/desk"),
    "need-form": (0, "/needs/new?item=DG-B-25"),
    "performance": (3, "/performance"),
    "cases": (4, "/cases"),
}


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


def take(address: str) -> None:
    """Take every picture at both widths."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(machine.chromium()), args=FLAGS)
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900}, locale="zh-CN")
            for name, path in PUBLIC.items():
                page.goto(address + path)
                page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=width == WIDTHS[0])
            for name, (place, path) in OWN.items():
                context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
                own = context.new_page()
                sign_in(own, address, place)
                own.goto(address + path)
                own.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=width == WIDTHS[0])
                context.close()
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take(sys.argv[1])
    else:
        with own_site() as started:
            take(started)
