"""Axe and a ruler over the pages of rounds and of the list of methods."""

from __future__ import annotations

from typing import Any

from flask import Flask

from core.access import OrgKind
from marketplace.selection import queries
from tests.marketplace.selection.test_ends import TERMS
from tests.marketplace.selection.world import Market
from tests.marketplace.test_looks import browser, look, pytestmark, signed_in

__all__ = ["browser", "pytestmark"]


def test_axe_finds_nothing_on_the_pages_of_rounds_and_methods(browser: Any, app: Flask, market: Market) -> None:
    need_id, _ids = market.opened(100, 200, method="rounds", method_basis="", terms=TERMS["rounds"])
    office = market.world.actor(OrgKind.ADMINISTRATION, "中介服务管理办公室", None)
    with market.works.reading() as work:
        selection = queries.selection_of(work.session, need_id)
    assert selection is not None
    assert selection.round_starts_at is not None
    market.clock.instant = selection.round_starts_at
    urls = {
        "bidding": (market.agents[0][0], f"/needs/{need_id}/bidding"),
        "notice": (market.agents[0][0], f"/needs/{need_id}"),
        "rules": (office, "/rules"),
    }
    found = {name: signed_in(app, market, who).get(url).get_data(as_text=True) for name, (who, url) in urls.items()}
    assert 'action="/needs/' in found["bidding"]
    page, wrong = browser.new_page(reduced_motion="reduce"), {}
    for name, html in found.items():
        if faults := look(page, name, html):
            wrong[name] = faults
    page.close()
    assert wrong == {}
