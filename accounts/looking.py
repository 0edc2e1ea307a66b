"""How every request of the site learns to look for newer data, whichever page it opens."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app

from accounts.gate import works
from core.newer import Newer
from core.work import Works


def look_each_request(pages: Blueprint, newer: Newer, look: Callable[[Works], None]) -> None:
    """Say to each request how to look; the look is one short query, made when the data is first asked for."""

    @pages.before_app_request
    def _watch() -> None:
        if "works" in current_app.extensions:
            opener = works()
            newer.watch(lambda: look(opener))

    @pages.teardown_app_request
    def _stop(_error: BaseException | None) -> None:
        newer.watch(None)
