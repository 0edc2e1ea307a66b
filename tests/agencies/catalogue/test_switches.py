"""Methods of selection are opened and closed by the administration, with a document, from today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agencies.catalogue import queries
from agencies.catalogue.service import SwitchMethod, load_catalogue, switch_method
from core.access import Actor, OrgKind
from core.clock import FixedClock, beijing_day
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.work import Works
from tests.agencies.registration.world import World
from tests.marketplace.browser import page, post

BASIS = "东府办〔2026〕1号第三条"
ON = SwitchMethod("random", "social", is_on=True, basis=BASIS)


@pytest.fixture
def world(works: Works) -> World:
    """Lay out the catalogue and an office."""
    with works.system() as work:
        load_catalogue(work)
    nobody = Actor()
    made = World(works, nobody, nobody, nobody, nobody)
    made.city = made.actor(OrgKind.ADMINISTRATION, "中介服务管理办公室", None)
    return made


def is_on(works: Works, on: date, fund: str = "social") -> bool:
    with works.reading() as work:
        return queries.method_is_enabled(work.session, "random", fund=fund, on=on)


def test_a_method_is_opened_for_one_fund_from_today_and_closed_again(world: World, clock: FixedClock) -> None:
    today = beijing_day(clock.instant)
    with world.works.writing(world.city) as work:
        switch_method(work, ON)
    assert (is_on(world.works, today), is_on(world.works, today, "fiscal")) == (True, False)
    assert not is_on(world.works, today - timedelta(days=1))
    with world.works.writing(world.city) as work, pytest.raises(Conflict, match="switched-today"):
        switch_method(work, ON)
    clock.instant += timedelta(days=1)
    with world.works.writing(world.city) as work:
        switch_method(work, SwitchMethod("random", "social", is_on=False, basis=BASIS))
    assert (is_on(world.works, today), is_on(world.works, today + timedelta(days=1))) == (True, False)


@pytest.mark.parametrize("kind", [OrgKind.ENTERPRISE, OrgKind.CITY_OPERATOR, OrgKind.PRICE_REGULATOR])
def test_nobody_else_opens_a_method(world: World, kind: OrgKind) -> None:
    with world.works.writing(world.actor(kind, "另一单位", None)) as work, pytest.raises(Forbidden):
        switch_method(work, ON)


def test_a_method_is_not_opened_without_a_document_nor_one_nobody_knows(world: World) -> None:
    with world.works.writing(world.city) as work:
        with pytest.raises(Invalid, match="basis-required"):
            switch_method(work, SwitchMethod("random", "social", is_on=True, basis=" "))
        with pytest.raises(NotFound, match="rule-not-found"):
            switch_method(work, SwitchMethod("dice", "social", is_on=True, basis=BASIS))


@pytest.fixture
def browse(app: Flask, world: World) -> Callable[[Actor], FlaskClient]:
    """Return a browser signed in as an actor."""

    def as_actor(actor: Actor) -> FlaskClient:
        client = app.test_client()
        world.sign_in(client, actor)
        return client

    return as_actor


def test_the_list_shows_everybody_what_is_open_and_by_what(
    app: Flask, world: World, browse: Callable[[Actor], FlaskClient]
) -> None:
    client = browse(world.city)
    typed = {"code": "random", "fund": "social", "setting": "on", "basis": BASIS}
    assert post(client, "/methods/switch", {**typed, "basis": ""}).status_code == 422
    assert post(client, "/methods/switch", typed).status_code == 303
    assert post(client, "/methods/switch", typed).status_code == 422
    stranger = app.test_client()
    assert BASIS in page(stranger, "/methods")
    told = {(row["code"], row["fund"]): row for row in stranger.get("/api/v1/methods").json or []}
    assert (told["random", "social"]["is_on"], told["random", "fiscal"]["is_on"]) == (True, False)
    assert stranger.get("/methods/switch").status_code in {302, 303, 401}
