"""Every engine there is on this machine, opened for a test or a measurement, each on ground of its own."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from search import engines, opensearch_backend
from search.backend import SearchBackend
from search.memory_backend import MemoryBackend
from search.postgres_backend import PostgresBackend
from tests import machine, servers

SERVER = "TEST_DATABASE_URL"
ON_POSTGRESQL = [pytest.mark.own_database, pytest.mark.postgres]
IN_A_FOLDER = ("whoosh", "tantivy")
KEPT = ("whoosh", "tantivy", pytest.param("postgresql", marks=ON_POSTGRESQL), "opensearch")
ALL = ("memory", *KEPT)
NAMES = ("whoosh", "tantivy", "postgresql", "opensearch")


def lacking(name: str) -> str:
    """Say in a sentence what this machine lacks for an engine; nothing when it can be opened."""
    if name == "tantivy" and find_spec("tantivy") is None:
        return "NO TANTIVY: install requirements-dev.txt."
    if name == "postgresql" and SERVER not in os.environ:
        return "Needs a PostgreSQL server: make test ARGS='--only postgresql'."
    if name == "opensearch" and machine.opensearch() is None:
        return "NO OSMEM-SERVER: install requirements-dev.txt."
    return ""


@contextmanager
def opened(name: str, folder: Path) -> Iterator[SearchBackend]:
    """Open an engine without an index; skip the test where the machine lacks it."""
    if sentence := lacking(name):
        pytest.skip(sentence)
    if name == "memory":
        yield MemoryBackend()
        return
    with address_of(name) as address:
        made = engines.make(name, folder, address)
        yield made
        if isinstance(made, PostgresBackend):
            made.close()


@contextmanager
def address_of(name: str) -> Iterator[str]:
    """Give an engine an empty database or alias; a script gets a server of its own. Raises SystemExit without one."""
    if name == "postgresql":
        with ExitStack() as stack:
            if SERVER not in os.environ:
                if machine.postgresql() is None:
                    raise SystemExit("NO POSTGRESQL: install postgresql.")
                os.environ[SERVER] = stack.enter_context(servers.postgresql())
                stack.callback(os.environ.pop, SERVER, None)
            yield stack.enter_context(database())
        return
    if sentence := lacking(name):
        raise SystemExit(sentence)
    yield f"{_opensearch()}/t{next(_numbers)}" if name == "opensearch" else ""


@contextmanager
def for_script(name: str, folder: Path) -> Iterator[SearchBackend]:
    """Open an engine for a measurement; the look-alike may take its time over many listings."""
    opensearch_backend.TIMEOUT = 600.0  # type: ignore[misc]  # a setting of the measurement
    with address_of(name) as address:
        made = engines.make(name, folder, address)
        yield made
        if isinstance(made, PostgresBackend):
            made.close()


@contextmanager
def database() -> Iterator[str]:
    """Make a database on the tests' server, give its address, and drop it."""
    address = os.environ[SERVER]
    name = f"search_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield f"{address.rpartition('/')[0]}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


_numbers = iter(range(1_000_000))


@cache
def _opensearch() -> str:
    """Start the stand-in once; it ends with this process."""
    return _running.enter_context(servers.opensearch())


_running = ExitStack()
atexit.register(_running.close)
