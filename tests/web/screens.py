"""The gallery in a browser, served from memory under the strict content policy.

Run as a script it saves screenshots: `python -m tests.web.screens FOLDER`.
"""

import sys
from pathlib import Path
from typing import Any

from tests import machine
from tests.web.gallery import WEB, gallery

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (360, 1280)
THEMES = ("light", "dark")


def open_gallery(page: Any, theme: str, **context: Any) -> list[str]:
    """Serve the gallery to a browser page from memory under the strict policy; return what the console said."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix("http://gallery.test")
        if path.startswith("/static/"):
            file = WEB / path.lstrip("/")
            route.fulfill(body=file.read_bytes(), content_type=kinds[file.suffix])
        else:
            html = gallery(theme, **context)
            route.fulfill(
                body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY}
            )

    page.route("**/*", answer)
    page.goto("http://gallery.test/")
    return said


def save_screens(folder: Path) -> None:
    """Save what the gallery looks like at each width and in each theme."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 absent where no browser is wanted

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=machine.chromium(), args=FLAGS)
        for width in WIDTHS:
            for theme in THEMES:
                page = chromium.new_page(viewport={"width": width, "height": 800})
                for line in open_gallery(page, theme):
                    sys.stdout.write(f"{width} {theme}: {line}\n")
                page.screenshot(path=str(folder / f"gallery-{width}-{theme}.png"), full_page=True)
                page.close()
        chromium.close()


if __name__ == "__main__":
    save_screens(Path(sys.argv[1]))
