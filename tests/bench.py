"""Measure the CPU a page costs in the worker, beside a bare Flask route in the same run: `python -m tests.bench`.

The world is made once by the demo's use cases, in MARKET_DATA or a temporary folder; --needs and --agencies set
its size.
With DATABASE_URL the same runs on PostgreSQL; then the server's own CPU is not in these figures.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial

from flask import Flask

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
CALLS = 30


def main() -> None:
    """Make the world where it is missing, measure, print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--needs", type=int, default=2000)
    parser.add_argument("--agencies", type=int, default=1000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(read_config({"MARKET_DATA": folder, **os.environ}))
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
    print(f"{'page':20} {'ms CPU':>8} {'x bare':>8}")
    for name, path in PAGES.items():
        address = path.format(**known)
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        visit = partial(client.get, address)
        pairs = [(cost(partial(plain.get, "/")), cost(visit)) for _round in range(ROUNDS)]
        page = statistics.median(one for _floor, one in pairs)
        ratio = statistics.median(one / floor for floor, one in pairs)
        print(f"{name:20} {page * 1000:8.2f} {ratio:8.1f}")


def cost(call: Callable[[], object]) -> float:
    """Return the CPU seconds of one call, over CALLS of them."""
    before = time.process_time()
    for _call in range(CALLS):
        call()
    return (time.process_time() - before) / CALLS


if __name__ == "__main__":
    main()
