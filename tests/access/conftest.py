"""The world of the matrix, laid out once, and the application on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from core import files, secrets
from core.clock import FixedClock
from core.db import make_engine
from core.work import Works
from tests.access.matrix import Door, HeldWorks
from tests.access.world import world as lay_out
from tests.conftest import KEY, MORNING, careless
from tests.worlds import empty


@pytest.fixture(scope="module")
def door(_store: Path | Engine, _site: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Lay the world out and hold one transaction open in front of it."""
    folder = tmp_path_factory.mktemp("matrix")
    if isinstance(_store, Path):
        shutil.copyfile(_store, folder / "market.sqlite3")
        engine = careless(make_engine(f"sqlite:///{folder / 'market.sqlite3'}"))
    else:
        engine = _store
        empty(engine)
    secrets.configure(KEY)
    files.configure(folder / "uploads")
    clock = FixedClock(MORNING)
    made = lay_out(Works(engine, clock), clock)
    kept = _site.extensions["works"]
    _site.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=True)
    with engine.connect().execution_options(writes=True) as connection:
        connection.begin()
        held = HeldWorks(connection, clock)
        _site.extensions["works"] = made.works = held
        yield Door(_site, made, connection)
        connection.rollback()
    _site.extensions["works"] = kept
    if isinstance(_store, Path):
        engine.dispose()
