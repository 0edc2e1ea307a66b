"""Health: whether the site can serve, and what is late, told to machines and to people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.access import Actor, OrgKind
from core.clock import FixedClock
from core.db import make_engine
from core.outbox import relay
from core.work import Works
from tests.agencies.registration.world import World


@pytest.fixture
def sign_of_life(app: Flask) -> Iterator[Path]:
    path: Path = app.extensions["config"].data / "worker.alive"
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def signed_in(client: FlaskClient, works: Works) -> None:
    """Sign a person in while the database is there."""
    world = World(works, Actor(), Actor(), Actor(), Actor())
    world.sign_in(client, world.actor(OrgKind.ENTERPRISE, "东莞市甲公司"))


@pytest.fixture
def cut_off(app: Flask, clock: FixedClock, tmp_path: Path) -> Iterator[None]:
    """Take the database away: its folder is not there."""
    engine, kept = make_engine(f"sqlite:///{tmp_path}/gone/market.sqlite3"), app.extensions["works"]
    app.extensions["works"] = Works(engine, clock)
    yield
    app.extensions["works"] = kept
    engine.dispose()


def test_a_site_that_can_serve_answers_200(client: FlaskClient, sign_of_life: Path) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found = answer.get_json()
    assert (found["ok"], found["database"], found["worker"]) == (True, "ok", "not seen")
    assert found["outbox"] == {"waiting": 0, "oldest_seconds": 0.0, "given_up": 0}
    assert set(found) == {"ok", "database", "index", "worker", "outbox"}


def test_a_site_without_its_database_answers_503(client: FlaskClient, cut_off: None) -> None:
    answer = client.get("/healthz")
    found = answer.get_json()
    assert (answer.status_code, found["ok"], found["database"]) == (503, False, "down")
    assert found["outbox"] == {"waiting": -1, "oldest_seconds": -1.0, "given_up": -1}


def test_events_that_wait_are_counted_with_the_age_of_the_oldest(
    client: FlaskClient, works: Works, clock: FixedClock
) -> None:
    with works.system() as work:
        work.emit("told", id=1)
        work.emit("told", id=2)
    clock.advance(timedelta(seconds=75, milliseconds=250))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()["outbox"]) == (
        200,
        {"waiting": 2, "oldest_seconds": 75.2, "given_up": 0},
    )
    relay(works, {})
    assert client.get("/healthz").get_json()["outbox"] == {"waiting": 0, "oldest_seconds": 0.0, "given_up": 0}


@pytest.mark.parametrize(("seconds", "said"), [(0, "ok"), (29, "ok"), (31, "late"), (3600, "late")])
def test_a_worker_is_late_when_its_sign_of_life_is_old(
    client: FlaskClient, clock: FixedClock, sign_of_life: Path, seconds: int, said: str
) -> None:
    sign_of_life.touch()
    then = clock.now().timestamp() - seconds
    os.utime(sign_of_life, (then, then))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()["worker"]) == (200, said)


def test_no_answer_about_health_is_kept_by_a_cache(client: FlaskClient) -> None:
    assert "no-store" in client.get("/healthz").headers["Cache-Control"]


def test_people_see_the_same_on_a_page(client: FlaskClient) -> None:
    answer = client.get("/status")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.text.count("<h1") == 1


def test_a_stranger_still_gets_the_page_without_the_database(client: FlaskClient, cut_off: None) -> None:
    answer = client.get("/status")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(("address", "status"), [("/healthz", 503), ("/status", 200)])
def test_a_person_signed_in_is_told_of_a_missing_database_too(
    client: FlaskClient, signed_in: None, cut_off: None, address: str, status: int
) -> None:
    assert client.get(address).status_code == status


def test_a_person_signed_in_gets_a_whole_page_when_the_database_is_away(
    client: FlaskClient, signed_in: None, cut_off: None
) -> None:
    answer = client.get("/desk")
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert answer.text.count("<h1") == 1
    assert "系统正忙" in answer.text


def test_a_person_signed_in_is_known_on_the_health_page_while_the_database_is_there(
    client: FlaskClient, signed_in: None
) -> None:
    assert "东莞市甲公司" in client.get("/status").text
