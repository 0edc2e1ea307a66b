"""What every test may ask for: a database of its own, a clock that stands still, the application, a client."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event, text

from core import files, secrets
from core.clock import FixedClock
from core.db import Base, make_engine
from core.work import Works
from tests.worlds import Worlds, empty

# A busy machine is no fault of the code under test: how long drawing an example takes is not judged.
settings.register_profile("market", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("market")

MORNING = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Beijing
KEY = b"0123456789abcdef0123456789abcdef"


ON_POSTGRESQL = "TEST_DATABASE_URL" in os.environ


LONGEST = {
    "tests/walk/test_every_page.py": 7,
    "tests/access/": 6,
    "tests/web/test_serve.py": 3,
    "tests/walk/test_purchase.py": 3,
    "tests/life/": 2,
    "tests/marketplace/test_looks.py": 1,
    "tests/crash/": 2,
    "tests/walk/": 1,
}
"""What takes longest, and how long it takes beside the others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, a share for each process, so that none is left alone with it at the end.

    On PostgreSQL leave what asks for no database to the run on SQLite: it would come out the same.
    """
    if ON_POSTGRESQL:
        items[:] = [item for item in items if _asks_for_a_database(item)]
    items[:] = _dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _dealt(items: Sequence[pytest.Item], processes: int) -> list[pytest.Item]:
    """Order tests so that the runner, which cuts the list into equal parts, gives every process its share first."""
    long: dict[str, list[pytest.Item]] = {prefix: [] for prefix in LONGEST}
    short: list[pytest.Item] = []
    for item in items:
        long.get(next((one for one in LONGEST if item.nodeid.startswith(one)), ""), short).append(item)
    shares: list[list[pytest.Item]] = [[] for _process in range(processes)]
    weights = [0] * processes
    for prefix, those in long.items():
        lightest = weights.index(min(weights))
        shares[lightest] += those
        weights[lightest] += LONGEST[prefix] if those else 0
    left, filled = len(items), iter(short)
    for place, share in enumerate(shares):
        part = left // (processes - place)
        share.extend(islice(filled, max(0, part - len(share))))
        left -= part
    return [item for share in shares for item in share] + list(filled)


def pytest_collection_finish() -> None:
    """Keep what was read in out of every later search for garbage: it stays to the end."""
    gc.collect()
    gc.freeze()


def _asks_for_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("any_database") is not None:
        return False
    asks = {"_store", "engine"} & set(getattr(item, "fixturenames", ()))
    return bool(asks) or item.get_closest_marker("own_database") is not None


def careless(engine: Engine) -> Engine:
    """Let a test's SQLite not wait for the disk: it may be lost with the machine. The crash tests have their own."""

    @event.listens_for(engine, "connect")
    def unsynced(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    return engine


def load_models() -> None:
    """Import every room's tables, and take up the table of messages."""
    from accounts import telling
    from web import rooms

    for file in ("models",):
        list(rooms.parts(file))
    telling.configure(rooms.tellings(), rooms.messages())
    import core.audit
    import core.deadlines
    import core.files
    import core.outbox
    import core.papers  # noqa: F401
    import web.idempotency  # noqa: F401


@pytest.fixture(scope="session")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | Engine]:
    """Make the empty tables once: a SQLite file to copy, or a PostgreSQL database to empty."""
    secrets.configure(KEY)
    load_models()
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        path = tmp_path_factory.mktemp("db") / "empty.sqlite3"
        engine = make_engine(f"sqlite:///{path}")
        Base.metadata.create_all(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        yield path
        return
    name = f"market_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    admin = make_engine(url)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    engine = make_engine(url.rpartition("/")[0] + f"/{name}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(_store: Path | Engine, tmp_path: Path) -> Iterator[Engine]:
    """Give a database with all tables and no row."""
    if isinstance(_store, Path):
        copy = tmp_path / "market.sqlite3"
        shutil.copyfile(_store, copy)
        engine = careless(make_engine(f"sqlite:///{copy}"))
        yield engine
        engine.dispose()
        return
    empty(_store)
    yield _store


@pytest.fixture
def clock() -> FixedClock:
    """Give a clock that stands at 10:00 on a working Wednesday."""
    return FixedClock(MORNING)


@pytest.fixture
def works(engine: Engine, clock: FixedClock, tmp_path: Path) -> Works:
    """Give the opener of units of work on this test's database."""
    secrets.configure(KEY)
    files.configure(tmp_path / "uploads")
    return Works(engine, clock)


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """Give the worlds this process has laid out."""
    return Worlds(tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    from web.app import create_app
    from web.config import read_config

    folder = tmp_path_factory.mktemp("site")
    env = {"MARKET_DATA": str(folder), "SECRET_KEY": KEY.decode(), "MARKET_DEMO": "1", "BROKER_URL": "memory://"}
    return create_app(read_config(env))


@pytest.fixture
def app(_site: Flask, works: Works) -> Iterator[Flask]:
    """Give the application on this test's database and clock."""
    kept = _site.extensions["works"]
    _site.extensions["works"] = works
    _site.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=True)
    yield _site
    _site.extensions["works"] = kept


@pytest.fixture(autouse=True)
def _texts_of_the_files() -> Iterator[None]:
    """Forget the fee schedules and days a test approved: the next one's database holds none of them."""
    yield
    from agencies.fees import texts
    from core import workdays

    texts.forget()
    workdays.forget()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a browser without a session."""
    return app.test_client()
