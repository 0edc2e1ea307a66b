"""Measure the CPU a page costs in the worker, beside a bare Flask route in the same run: `python -m tests.bench`.

The world is made once by the demo's use cases, in MARKET_DATA or a temporary folder; --needs and --agencies set
its size.
--postgresql runs the same on a server of its own; the CPU of its processes then stands in a column beside.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from flask import Flask

from tests import servers
from web import cli
from web.app import create_app
from web.config import read_config

PAGES = {
    "notice page": "/needs/{need}",
    "notice as JSON": "/api/v1/needs/{need}",
    "20 notices, page": "/needs",
    "20 notices, JSON": "/api/v1/needs?limit=20",
    "agency page": "/agencies/{agency}",
    "search": "/search?q=环评",
}
ROUNDS = 5
CALLS = 40


def main() -> None:
    """Make the world where it is missing, measure, print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--needs", type=int, default=2000)
    parser.add_argument("--agencies", type=int, default=1000)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environment = {"MARKET_DATA": folder, **os.environ}
        if asked.postgresql:
            environment["DATABASE_URL"] = stack.enter_context(servers.postgresql())
        app = create_app(read_config(environment))
        cli.upgrade_database(app)
        cli.load_reference(app)
        if cli.is_empty(app):
            cli.load_demo(app, agencies=asked.agencies, needs=asked.needs)
            cli.rebuild_index(app)
        report(app)


def report(app: Flask) -> None:
    """Print each page's median CPU a call, and how many bare routes that is; both sides interleaved."""
    bare = Flask("bare")
    bare.add_url_rule("/", "bare", lambda: "ok")
    plain, client = bare.test_client(), app.test_client()
    known = {"need": 10, "agency": 5}
    print(f"{'page':20} {'ms CPU':>8} {'x bare':>8} {'ms database':>12}")
    for name, path in PAGES.items():
        address = path.format(**known)
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        visit = partial(client.get, address)
        pairs = [(cost(partial(plain.get, "/")), cost(visit)) for _round in range(ROUNDS)]
        page = statistics.median(one for _floor, one in pairs)
        ratio = statistics.median(one / floor for floor, one in pairs)
        print(f"{name:20} {page * 1000:8.2f} {ratio:8.1f} {served(visit) * 1000:12.2f}")


def served(call: Callable[[], object]) -> float:
    """Return the CPU seconds a database server spends on one call; none for SQLite, which works in our process."""
    before = database_seconds()
    for _call in range(CALLS):
        call()
    return (database_seconds() - before) / CALLS


def database_seconds() -> float:
    """Add up what the processes that serve sessions of the database ``market`` have used."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cmdline").read_bytes().startswith(b"postgres: market market 127."):
                ticks += sum(map(int, (folder / "stat").read_text().rpartition(")")[2].split()[11:13]))
        except OSError:  # it has ended
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def cost(call: Callable[[], object]) -> float:
    """Return the CPU seconds of one call, over CALLS of them."""
    before = time.process_time()
    for _call in range(CALLS):
        call()
    return (time.process_time() - before) / CALLS


if __name__ == "__main__":
    main()
